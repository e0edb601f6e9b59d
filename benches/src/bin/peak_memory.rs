//! Prints how many heap bytes each engine's gradient of the mixture needs at its peak.
//!
//! Bytes asked of the allocator are counted, not pages touched: a tape that
//! doubles its vectors is charged for the room it has not filled.

use benches::engines::{self, Engine, SUBJECT};
use wengert_problems::{Mixture, MixtureSize, Problem};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

fn main() {
    let problem = Mixture::new(MixtureSize::USUAL);
    let operations = problem.operations();
    let peaks: Vec<(&str, usize)> = engines::all(operations)
        .into_iter()
        .map(|mut engine| (engine.name(), peak(engine.as_mut(), &problem)))
        .collect();
    print(&peaks, operations);
}

/// The table, with the engines in their order.
fn print(peaks: &[(&str, usize)], operations: usize) {
    let subject = peaks.iter().find(|(name, _)| *name == SUBJECT);
    let &(_, subject) = subject.expect("it is one of the engines");
    println!("| engine | peak, MB | bytes/op | × {SUBJECT} |\n|---|--:|--:|--:|");
    for &(name, bytes) in peaks {
        let megabytes = bytes as f64 / 1e6;
        let each = bytes as f64 / operations as f64;
        let ratio = bytes as f64 / subject as f64;
        println!("| {name} | {megabytes:.1} | {each:.1} | {ratio:.2} |");
    }
}

/// The most bytes that were allocated at one time during the engine's first gradient.
fn peak<P: Problem>(engine: &mut dyn Engine<P>, problem: &P) -> usize {
    let mut gradient = vec![0.0; problem.point().len()];
    let profiler = dhat::Profiler::builder().testing().build();
    engines::gradient(engine, problem, problem.point(), &mut gradient);
    let bytes = dhat::HeapStats::get().max_bytes;
    drop(profiler);
    bytes
}
