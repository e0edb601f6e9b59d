//! How long pictures of large tapes take, and how much memory on top of the tape.
//!
//! ```text
//! cargo run --release -p wengert-graph --example measure
//! ```
//!
//! Each tape is recorded and looked at in a process of its own, so that no memory is counted that
//! was left over from another; of each number the least of some runs is told, which other work on
//! the machine disturbs least.

use std::error::Error;
use std::process::Command;
use std::time::Instant;
use wengert::{Tape, Var};
use wengert_graph::{Picture, Selection, Snapshot, Theme};

/// How often each tape is looked at.
const RUNS: usize = 5;

/// What is recorded.
struct Case {
    name: &'static str,
    nodes: usize,
    record: for<'t> fn(&'t Tape, &Case) -> Var<'t>,
    /// Each operation in a scope with a name of its own.
    has_scopes: bool,
    /// A label of its own for each operation.
    has_labels: bool,
    /// The line of each operation.
    has_sources: bool,
}

/// The tapes, from small and bare to large and wordy.
const CASES: [Case; 8] = [
    Case { nodes: 5_000, ..Case::network("a network of 5,000 nodes, each drawn") },
    Case::network("a network of a million nodes"),
    Case::chain("a chain of a million nodes"),
    Case { has_sources: true, ..Case::chain("a chain of a million nodes, each with its line") },
    Case { has_labels: true, ..Case::chain("a chain of a million nodes, each with its label") },
    Case { has_scopes: true, ..Case::chain("a chain of a million nodes, each in its scope") },
    Case {
        has_scopes: true,
        has_labels: true,
        has_sources: true,
        ..Case::chain("a chain of a million nodes, each with all three")
    },
    Case {
        record: irregular,
        has_scopes: true,
        has_labels: true,
        ..Case::chain("a million operations at random, each with its label and scope")
    },
];

impl Case {
    const fn network(name: &'static str) -> Self {
        let [has_scopes, has_labels, has_sources] = [false; 3];
        let nodes = 1_000_000;
        Self { name, nodes, record: network, has_scopes, has_labels, has_sources }
    }

    const fn chain(name: &'static str) -> Self {
        Self { record: chain, ..Self::network(name) }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(case) = std::env::args().nth(1) {
        measure(&CASES[case.parse::<usize>()?]);
        return Ok(());
    }
    for (at, case) in CASES.iter().enumerate() {
        println!("{}", case.name);
        let mut least: Vec<(String, f64)> = Vec::new();
        for _ in 0..RUNS {
            for (what, number) in run(at)? {
                match least.iter_mut().find(|(known, _)| *known == what) {
                    Some((_, least)) => *least = number.min(*least),
                    None => least.push((what, number)),
                }
            }
        }
        least.iter().for_each(|(what, number)| println!("  {what:<40} {number:>8.1}"));
    }
    Ok(())
}

/// The numbers of one case, from a process of its own.
fn run(case: usize) -> Result<Vec<(String, f64)>, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?).arg(case.to_string()).output()?;
    let text = String::from_utf8(output.stdout)?;
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    lines.map(|(what, number)| Ok((what.to_owned(), number.parse()?))).collect()
}

fn measure(case: &Case) {
    let mut tape = Tape::new();
    tape.record_sources(case.has_sources);
    let out = timed("record, ms", || (case.record)(&tape, case));
    let gradients = out.gradients();
    let before = Memory::of_tape();
    let start = Instant::now();
    let snapshot = timed("snapshot, ms", || Snapshot::of(&tape.view()).with_gradients(&gradients));
    let picture = timed("elements and links, ms", || match case.nodes {
        ..10_000 => Picture::everything(&snapshot),
        _ => Picture::of(&snapshot),
    });
    timed("svg, ms", || picture.svg(Theme::Auto).len());
    println!("the three together, ms\t{}", milliseconds(start));
    before.tell("memory for the three, MB");
    timed("dot, ms", || picture.dot().len());
    timed("50 largest contributions, svg, ms", || {
        Picture::slice(&snapshot, &Selection::largest(&snapshot, 50)).svg(Theme::Auto).len()
    });
    timed("diagnose, ms", || snapshot.diagnose().to_string().len());
    before.tell("memory with diagnose, MB");
    timed("html, ms", || picture.html(Theme::Auto).len());
    before.tell("memory with html, MB");
    let explain = || out.id().map(|out| snapshot.explain(out).to_string().len());
    timed("explain, all in words, ms", explain);
    println!("elements\t{}", picture.elements().len());
}

/// A network over samples until there are so many nodes: without scopes and lines the hardest to
/// collapse.
fn network<'t>(tape: &'t Tape, case: &Case) -> Var<'t> {
    let weights = tape.vars(&(0..30).map(|i| (f64::from(i) * 0.7).sin()).collect::<Vec<_>>());
    let mut total = tape.var(0.0);
    let mut sample = 0.0;
    while tape.len() + 40 < case.nodes {
        sample += 0.001;
        let x = tape.var(sample);
        let hidden = weights.chunks(3).map(|w| (w[0] * x + w[1]).tanh() * w[2]);
        total += hidden.reduce(|sum, part| sum + part).unwrap_or(x).powi(2);
    }
    total
}

/// One operation after the other.
fn chain<'t>(tape: &'t Tape, case: &Case) -> Var<'t> {
    let (rate, first) = (tape.var(0.75), tape.var(0.5));
    (2..case.nodes).fold(first, |x, step| {
        said(tape, case, step, || match step % 3 {
            0 => x * rate,
            1 => x.sin(),
            _ => x + rate,
        })
    })
}

/// Operations of operands from anywhere: nothing repeats.
fn irregular<'t>(tape: &'t Tape, case: &Case) -> Var<'t> {
    let (mut vars, mut seed) = (vec![tape.var(0.5)], 1_u64);
    for step in 1..case.nodes {
        // A linear congruential generator with Knuth's multiplier.
        let mut below = |limit: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize % limit
        };
        let [x, y] = [(); 2].map(|()| vars[below(step)]);
        let kind = below(6);
        vars.push(said(tape, case, step, || match kind {
            0 => x + y,
            1 => x * y,
            2 => x - y,
            3 => x.max(y),
            4 => x.sin(),
            _ => x.tanh(),
        }));
    }
    Var::sum(&vars)
}

/// Records an operation with all that is to be said of it.
fn said<'t>(tape: &'t Tape, case: &Case, step: usize, record: impl FnOnce() -> Var<'t>) -> Var<'t> {
    let _scope = case.has_scopes.then(|| tape.scope(format!("step {step}")));
    let result = record();
    if case.has_labels { result.label(format!("x {step}")) } else { result }
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    println!("{what}\t{}", milliseconds(start));
    result
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

/// The memory of the process before anything is looked at.
struct Memory(f64);

impl Memory {
    /// What there is now; from here on the system counts the peak anew.
    fn of_tape() -> Self {
        // Only Linux has this; elsewhere nothing is told.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        Self(status("VmRSS:").unwrap_or(f64::NAN))
    }

    /// Tells the peak since then, on top of what there was.
    fn tell(&self, what: &str) {
        if let Some(peak) = status("VmHWM:") {
            println!("{what}\t{}", peak - self.0);
        }
    }
}

/// A number of the process's status, in megabytes, where the system tells.
fn status(name: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}
