//! Prints how many heap bytes each engine's gradient of the mixture needs at its peak.
//!
//! Bytes asked of the allocator are counted, not pages touched: a tape that
//! doubles its vectors is charged for the room it has not filled.

use benches::engines::{self, Engine};
use wengert_problems::{Mixture, MixtureSize, Problem};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

fn main() {
    let problem = Mixture::new(MixtureSize { dimensions: 10, components: 25, samples: 1000 });
    println!("| engine | peak, MB | bytes/op | × wengert |\n|---|--:|--:|--:|");
    for row in rows(&problem) {
        println!("{row}");
    }
}

/// The table's rows, in the engines' order.
fn rows<P: Problem + 'static>(problem: &P) -> Vec<String> {
    let operations = problem.operations();
    let peaks: Vec<(&str, usize)> = engines::all(operations)
        .into_iter()
        .map(|mut engine| (engine.name(), peak(engine.as_mut(), problem)))
        .collect();
    let subject = peaks.iter().find(|(name, _)| *name == "wengert");
    let row = |&(name, bytes): &(&str, usize)| {
        let ratio = subject.map_or(f64::NAN, |&(_, subject)| bytes as f64 / subject as f64);
        let (megabytes, each) = (bytes as f64 / 1e6, bytes as f64 / operations as f64);
        format!("| {name} | {megabytes:.1} | {each:.1} | {ratio:.2} |")
    };
    peaks.iter().map(row).collect()
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
