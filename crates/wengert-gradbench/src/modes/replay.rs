//! The function recorded once, and replayed on every call.
//!
//! A recording is made at a point that has nothing to do with those of the calls, and has a place
//! for the data too; so it would serve other values of the same shape just as well. Where a
//! problem is a sum and there are several threads, each has a part of the sum and its recording.

mod observations;

use wengert::{Function, Workspace};

pub(super) use self::observations::observers;
use super::{
    Gradient,
    problem::Recordable,
    team::{Team, add_up},
};

/// Where variables are when a function is recorded.
pub(super) const ANYWHERE: f64 = 0.5;

/// What replays answer: problems decide nothing by comparing variables.
pub(super) const ON_ITS_PATH: &str = "every slice has its length, and no comparison was recorded";

/// The parts of a problem, each recorded.
pub(super) struct Replay {
    parts: Vec<Part>,
    team: Team,
}

/// A recorded part of a problem.
struct Part {
    function: Function,
    workspace: Workspace,
    data: Vec<f64>,
    /// The part's own gradient, which is added to those of the others.
    gradient: Vec<f64>,
}

impl Replay {
    pub(super) fn new<P: Recordable>(problem: &P, threads: usize) -> Self {
        let parts = problem.parts(threads).iter().map(Part::new).collect();
        Self { parts, team: Team::new(threads) }
    }
}

impl Part {
    fn new<P: Recordable>(problem: &P) -> Self {
        let (point, data) = (vec![ANYWHERE; problem.point().len()], problem.data());
        let function = Function::builder()
            .data(&vec![ANYWHERE; data.len()])
            .record_with_data(&point, |x, data| problem.record(x, data));
        let workspace = function.workspace();
        Self { function, workspace, data, gradient: point }
    }

    fn differentiate(&mut self, x: &[f64]) {
        let Self { function, workspace, data, gradient } = self;
        let value = function.value_and_gradient(workspace, (x, &*data), gradient);
        value.expect(ON_ITS_PATH);
    }
}

impl Gradient for Replay {
    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]) {
        self.team.each(&mut self.parts, |part| part.differentiate(x));
        add_up(self.parts.iter().map(|part| part.gradient.as_slice()), gradient);
    }
}
