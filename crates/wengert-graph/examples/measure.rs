//! How long pictures of large tapes take, and how much memory.
//!
//! ```text
//! cargo run --release -p wengert-graph --example measure
//! ```

use std::time::Instant;
use wengert::{Tape, Var};
use wengert_graph::{Picture, Selection, Snapshot, Theme};

fn main() {
    let tape = Tape::new();
    let out = record(&tape, 5_000);
    println!("a tape of {} nodes, each drawn", tape.len());
    let snapshot = Snapshot::of(&tape.view()).with_gradients(&out.gradients());
    let picture = Picture::everything(&snapshot);
    timed("svg", || picture.svg(Theme::Auto).len());
    timed("dot", || picture.dot().len());
    let crossings = picture.crossings();
    println!("  {} links cross; {} in recording order", crossings.drawn, crossings.naive);

    let tape = Tape::new();
    let out = record(&tape, 1_000_000);
    let gradients = out.gradients();
    println!("a tape of {} nodes, summarised; peak {} MB so far", tape.len(), peak());
    let start = Instant::now();
    let snapshot = timed("snapshot", || Snapshot::of(&tape.view()).with_gradients(&gradients));
    let picture = timed("collapse", || Picture::of(&snapshot));
    timed("svg", || picture.svg(Theme::Auto).len());
    println!("  all of it: {:.0} ms; peak {} MB", milliseconds(start), peak());
    timed("the 50 largest contributions", || {
        Picture::slice(&snapshot, &Selection::largest(&snapshot, 50)).svg(Theme::Auto).len()
    });
    println!("  shown as {} elements", picture.elements().len());
}

/// A network over samples until there are so many nodes, with no scopes: the hardest to collapse.
fn record(tape: &Tape, nodes: usize) -> Var<'_> {
    let weights = tape.vars(&(0..30).map(|i| (f64::from(i) * 0.7).sin()).collect::<Vec<_>>());
    let mut total = tape.var(0.0);
    let mut sample = 0.0;
    while tape.len() + 40 < nodes {
        sample += 0.001;
        let x = tape.var(sample);
        let hidden = weights.chunks(3).map(|w| (w[0] * x + w[1]).tanh() * w[2]);
        total += hidden.reduce(|sum, part| sum + part).unwrap_or(x).powi(2);
    }
    total
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    println!("  {what}: {:.0} ms", milliseconds(start));
    result
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

/// The most memory that the process has had, in megabytes, where the system tells.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.map_or_else(|| "?".to_owned(), |kb| (kb / 1000).to_string())
}
