//! Writes criterion's latest times into a page, between its markers. Of what was not measured, the
//! page keeps what it says.
//!
//! `bench-table [--native | --embedded] [CRITERION_DIRECTORY] [PAGE]`, to be run at the workspace's
//! root. With `--native`, the times are those of a build for this machine's own processor, and go
//! into the regions for these; with `--embedded`, the directory has a folder `lto` and a folder
//! `embedded`, with the rounds of two builds, and the times are put beside each other.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use benches::{
    driver::GRADIENT,
    table::{self, Estimates, Peaks},
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1).peekable();
    let mut has = |option: &str| arguments.next_if(|argument| argument == option).is_some();
    let (is_native, is_embedded) = (has("--native"), has("--embedded"));
    let mut paths = arguments.map(PathBuf::from);
    let measured = paths.next().unwrap_or_else(table::criterion_directory);
    let page = paths.next().unwrap_or_else(|| PathBuf::from("docs/BENCHMARKS.md"));
    let peaks = Peaks::read(&measured);
    let estimates = Estimates::new(&measured);
    let regions = match (is_native, is_embedded) {
        (true, _) => native(&estimates),
        (_, true) => embedded(&measured),
        _ => plain(&estimates, &peaks),
    };
    for (region, text) in regions {
        update(&page, region, &text)?;
    }
    Ok(())
}

/// A region of the page, and what belongs there.
type Region = (&'static str, String);

fn plain(estimates: &Estimates, peaks: &Peaks) -> Vec<Region> {
    let engines = estimates.has(GRADIENT).then(|| table::render(estimates));
    let gradbench = Some(table::render_gradbench(estimates, peaks)).filter(|text| !text.is_empty());
    measured([
        ("table", engines),
        ("gradbench", gradbench),
        ("replay", table::render_replay(estimates)),
        ("batch", table::render_batch(estimates)),
    ])
}

fn native(estimates: &Estimates) -> Vec<Region> {
    measured([
        ("replay-native", table::render_replay(estimates).map(headed)),
        ("batch-native", table::render_batch(estimates).map(headed)),
    ])
}

fn embedded(directory: &Path) -> Vec<Region> {
    let [lto, embedded] = ["lto", "embedded"].map(|build| Estimates::new(directory.join(build)));
    let table = table::render_profiles(&lto, &embedded);
    measured([("embedded", table.map(|table| format!("{EMBEDDED}\n\n{table}")))])
}

/// As of [`headed`] tables, the heading stands in the region.
const EMBEDDED: &str = "## As cargo builds by itself\n\nThe tables above are of a build with link-time \
    optimisation in one unit, which a library's users have to ask for. What they have by cargo's \
    default, by `just bench-embedded`, the least medians of five rounds that the two builds take by turns:";

/// The heading stands in the region, so that there is none where nothing was measured.
fn headed(table: String) -> String {
    format!("With `-C target-cpu=native`:\n\n{table}")
}

fn measured<const N: usize>(regions: [(&'static str, Option<String>); N]) -> Vec<Region> {
    regions.into_iter().filter_map(|(region, text)| Some((region, text?))).collect()
}

fn update(page: &Path, region: &str, text: &str) -> Result<(), Box<dyn Error>> {
    let name = page.display();
    let old = fs::read_to_string(page).map_err(|error| format!("{name}: {error}"))?;
    let new = table::splice(&old, region, text)
        .ok_or_else(|| format!("{name}: no place for {region}; see its markers"))?;
    Ok(fs::write(page, new)?)
}
