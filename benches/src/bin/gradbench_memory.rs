//! Counts how many heap bytes each tool needs on each of GradBench's problems, for `bench-table`.
//!
//! `gradbench-memory [WORD]`: of all cases, or of those whose group or size contains the word.
//! Bytes asked of the allocator are counted, from the tool's start to the end of its first
//! derivatives; the problem's own data are not.

use std::{env, error::Error};

use benches::{
    gradbench::{Case, Entry, SUITE, Tool},
    table::{self, Peaks},
};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

fn main() -> Result<(), Box<dyn Error>> {
    let word = env::args().nth(1).unwrap_or_default();
    let directory = table::criterion_directory();
    let mut peaks = Peaks::read(&directory);
    for entry in SUITE.iter().filter(|e| e.group().contains(&word) || e.size.contains(&word)) {
        count(entry, &mut peaks);
    }
    Ok(peaks.write(&directory)?)
}

fn count(entry: &Entry, peaks: &mut Peaks) {
    let case = entry.case();
    for tool in Tool::all() {
        let bytes = peak(case.as_ref(), tool);
        println!("{}/{}/{}: {bytes} bytes", entry.group(), tool.name(), entry.size);
        peaks.set(&entry.group(), tool.name(), entry.size, bytes);
    }
}

/// The most bytes that a tool held at one time.
fn peak(case: &dyn Case, tool: Tool) -> usize {
    let mut derivatives = vec![0.0; case.derivatives()];
    let profiler = dhat::Profiler::builder().testing().build();
    case.start(tool)(&mut derivatives);
    let bytes = dhat::HeapStats::get().max_bytes;
    drop(profiler);
    bytes
}
