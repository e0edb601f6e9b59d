//! Writes criterion's latest times into a page, between its markers.
//!
//! `bench-table [CRITERION_DIRECTORY] [PAGE]`, to be run at the workspace's root.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use benches::table::{self, Estimates};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let measured = arguments.next().unwrap_or_else(criterion_directory);
    let page = arguments.next().unwrap_or_else(|| PathBuf::from("docs/BENCHMARKS.md"));
    update(&page, &table::render(&Estimates::new(measured)))
}

/// Where criterion writes unless it is told otherwise.
fn criterion_directory() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    Path::new(&target).join("criterion")
}

fn update(page: &Path, tables: &str) -> Result<(), Box<dyn Error>> {
    let name = page.display();
    let old = fs::read_to_string(page).map_err(|error| format!("{name}: {error}"))?;
    let new = table::splice(&old, tables)
        .ok_or_else(|| format!("{name}: no place for the table; see its markers"))?;
    Ok(fs::write(page, new)?)
}
