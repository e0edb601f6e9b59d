//! When a recording pays for itself, and how many bytes it takes.

use std::{
    fmt,
    hint::black_box,
    time::{Duration, Instant},
};

use wengert::optimiser::Pass;
use wengert::{Function, Tape};
use wengert_problems::Problem;

use crate::{
    engines::{self, Replayer},
    table::{duration, rounded},
};

/// What a recording of one problem costs and saves.
#[derive(Clone, Copy, Debug)]
pub struct BreakEven {
    name: &'static str,
    times: Times,
    bytes: Bytes,
}

/// Least times in nanoseconds.
#[derive(Clone, Copy, Debug)]
struct Times {
    /// Recording and optimising a function.
    record: f64,
    /// Value and gradient on a tape that is used again.
    sweep: f64,
    /// Value and gradient by the function.
    replay: f64,
}

/// The sizes of two forms of the same recording.
#[derive(Clone, Copy, Debug)]
struct Bytes {
    /// Elementary operations of the formula.
    operations: usize,
    /// Nodes of the arena, operations of the program, and its instructions.
    nodes: usize,
    steps: usize,
    instructions: usize,
    arena: usize,
    program: usize,
    workspace: usize,
}

impl BreakEven {
    /// Measures for so long, three rounds at least.
    pub fn measure<P: Problem + 'static>(problem: &P, time: Duration) -> Self {
        let record = || Function::record(problem.point(), |x| problem.objective(x));
        let bytes = Bytes::count(problem, &record());
        let mut gradient = vec![0.0; problem.point().len()];
        let mut engine = engines::subject();
        let mut sweep = || {
            let x = black_box(problem.point());
            engines::gradient(engine.as_mut(), problem, x, black_box(&mut gradient));
            None
        };
        let mut replayed = vec![0.0; problem.point().len()];
        let mut replayer = Replayer::Optimised.record(problem);
        let mut replay = || {
            replayer.value_and_gradient(black_box(problem.point()), black_box(&mut replayed));
            None
        };
        let [record, sweep, replay] =
            least(time, [&mut || Some(record()), &mut sweep, &mut replay]);
        let times = Times { record, sweep, replay };
        Self { name: problem.name(), times, bytes }
    }

    /// The heading of the table of which `Display` writes a row.
    pub const HEADING: &'static str = "\
        | problem | record and optimise | record + sweep | replay | gradients | pays after | nodes \
        | operations | instructions | arena B/op | program B/op | workspace B/op |\n\
        |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|";
}

impl Times {
    /// How many gradients by a recording and a sweep take as long.
    fn gradients(self) -> f64 {
        self.record / self.sweep
    }

    /// How many evaluations it takes until what was paid for a function is saved.
    fn evaluations(self) -> f64 {
        self.record / (self.sweep - self.replay)
    }
}

impl Bytes {
    fn count<P: Problem>(problem: &P, function: &Function) -> Self {
        let tape = Tape::new();
        problem.objective(&tape.vars(problem.point()));
        let stats = tape.stats();
        let packed = function.report().passes().iter().find(|pass| pass.pass == Pass::Packed);
        Self {
            operations: problem.operations(),
            nodes: stats.nodes,
            steps: function.len(),
            instructions: packed.map_or(0, |pass| pass.operations),
            arena: stats.bytes_used,
            program: function.bytes(),
            workspace: function.workspace_bytes(),
        }
    }
}

impl fmt::Display for BreakEven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, times, bytes } = *self;
        let Times { record, sweep, replay } = times;
        let [record, sweep, replay] = [record, sweep, replay].map(duration);
        let gradients = rounded(times.gradients());
        write!(f, "| {name} | {record} | {sweep} | {replay} | {gradients} ")?;
        let evaluations = times.evaluations();
        if evaluations >= 0.0 {
            write!(f, "| {} ", rounded(evaluations))?;
        } else {
            write!(f, "| never ")?;
        }
        bytes.fmt(f)
    }
}

/// The cells that are the same on every machine.
impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operations, nodes, steps, instructions, arena, program, workspace } = *self;
        let [arena, program, workspace] =
            [arena, program, workspace].map(|bytes| bytes as f64 / operations as f64);
        write!(f, "| {nodes} | {steps} | {instructions} ")?;
        write!(f, "| {arena:.1} | {program:.1} | {workspace:.1} |")
    }
}

/// The least time of each call, by turns, so that other work meets all of them. What a call returns
/// is dropped when the clock stands.
fn least<const N: usize>(
    time: Duration,
    mut calls: [&mut dyn FnMut() -> Option<Function>; N],
) -> [f64; N] {
    let mut least = [f64::INFINITY; N];
    let start = Instant::now();
    let mut rounds = 0;
    while rounds < 3 || start.elapsed() < time {
        for (call, least) in calls.iter_mut().zip(&mut least) {
            let before = Instant::now();
            let result = black_box(call());
            *least = least.min(before.elapsed().as_nanos() as f64);
            drop(result);
        }
        rounds += 1;
    }
    least
}

#[cfg(test)]
mod tests {
    use wengert_problems::{Rosenbrock, Visitor, visit_all};

    use super::*;

    /// Checks that the row of a problem on the page has what is counted of it.
    struct Rows;

    impl Visitor for Rows {
        fn visit<P: Problem + 'static>(&mut self, problem: P) {
            let function = Function::record(problem.point(), |x| problem.objective(x));
            let counted = Bytes::count(&problem, &function).to_string();
            let page = include_str!("../../docs/BENCHMARKS.md");
            let begin = format!("| {} | ", problem.name());
            let is_row = |line: &str| line.starts_with(&begin) && line.ends_with(&counted);
            assert!(page.lines().any(is_row), "no row of {begin} in BENCHMARKS ends in {counted}");
        }
    }

    #[test]
    fn the_page_has_what_is_counted() {
        visit_all(&mut Rows);
    }

    #[test]
    fn bytes_are_counted_and_a_row_has_as_many_cells_as_the_heading() {
        let even = BreakEven::measure(&Rosenbrock::new(10), Duration::ZERO);
        assert_eq!(even.bytes.operations, Rosenbrock::new(10).operations());
        assert!(even.bytes.nodes >= even.bytes.steps && even.bytes.instructions > 0);
        let columns = |line: &str| line.matches('|').count();
        let heading = BreakEven::HEADING.lines().map(columns);
        heading.for_each(|cells| assert_eq!(cells, columns(&even.to_string())));
    }

    #[test]
    fn a_recording_pays_when_what_it_costs_is_saved() {
        let times = Times { record: 90.0, sweep: 40.0, replay: 10.0 };
        assert_eq!((times.evaluations(), times.gradients()), (3.0, 2.25));
    }
}
