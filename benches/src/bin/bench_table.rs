//! Writes criterion's latest times into a page, between its markers.
//!
//! `bench-table [CRITERION_DIRECTORY] [PAGE]`, to be run at the workspace's root.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use benches::table::{self, Estimates, Peaks};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let measured = arguments.next().unwrap_or_else(table::criterion_directory);
    let page = arguments.next().unwrap_or_else(|| PathBuf::from("docs/BENCHMARKS.md"));
    let peaks = Peaks::read(&measured);
    let estimates = Estimates::new(measured);
    update(&page, "table", &table::render(&estimates))?;
    update(&page, "gradbench", &table::render_gradbench(&estimates, &peaks))
}

fn update(page: &Path, region: &str, text: &str) -> Result<(), Box<dyn Error>> {
    let name = page.display();
    let old = fs::read_to_string(page).map_err(|error| format!("{name}: {error}"))?;
    let new = table::splice(&old, region, text)
        .ok_or_else(|| format!("{name}: no place for {region}; see its markers"))?;
    Ok(fs::write(page, new)?)
}
