//! The plain way: record the function and sweep, on every call.
//!
//! The tape and the adjoints keep their memory from call to call, and nothing else. Where a
//! problem is a sum and there are several threads, each has a part of the sum and its own tape.

mod observations;

use wengert::{Gradients, Tape};
use wengert_problems::gradbench::Split;

pub(super) use self::observations::observers;
use super::{
    Gradient,
    team::{Team, add_up},
};

/// What a tape may hold before it refuses to take more: an answer that says so is better than a
/// process that the system ends.
const TAPE_LIMIT: usize = 16 << 30;

/// The parts of a problem, each with its tape.
pub(super) struct Record<P> {
    parts: Vec<Part<P>>,
    team: Team,
}

/// A part of a problem.
struct Part<P> {
    problem: P,
    tape: Tape,
    adjoints: Gradients,
    /// The part's own gradient, which is added to those of the others.
    gradient: Vec<f64>,
}

impl<P: Split> Record<P> {
    pub(super) fn new(problem: &P, threads: usize) -> Self {
        let parts = problem.parts(threads).into_iter().map(Part::new).collect();
        Self { parts, team: Team::new(threads) }
    }
}

impl<P: Split> Part<P> {
    fn new(problem: P) -> Self {
        let gradient = vec![0.0; problem.point().len()];
        Self { problem, tape: tape(), adjoints: Gradients::new(), gradient }
    }

    fn differentiate(&mut self, x: &[f64]) {
        self.tape.reset();
        let x = self.tape.vars(x);
        self.problem.objective(&x).gradients_into(&mut self.adjoints);
        self.adjoints.wrt_into(&x, &mut self.gradient);
    }
}

impl<P: Split + Send> Gradient for Record<P> {
    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]) {
        self.team.each(&mut self.parts, |part| part.differentiate(x));
        add_up(self.parts.iter().map(|part| part.gradient.as_slice()), gradient);
    }
}

/// A tape that refuses before the system does.
fn tape() -> Tape {
    Tape::with_limit(TAPE_LIMIT)
}
