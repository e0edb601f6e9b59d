//! Draws the times of GradBench's problems that were last measured: an SVG for each problem that
//! was measured at two sizes or more.
//!
//! `gradbench-plots [CRITERION_DIRECTORY] [DIRECTORY]`, to be run at the workspace's root.

use std::{env, error::Error, fs, path::PathBuf};

use benches::{
    plot,
    table::{self, Estimates},
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let measured = arguments.next().unwrap_or_else(table::criterion_directory);
    let directory = arguments.next().unwrap_or_else(|| PathBuf::from("docs/gradbench"));
    fs::create_dir_all(&directory)?;
    plot::draw_all(&Estimates::new(measured), &directory)
}
