//! wengert by the door it recommends: one tape and one set of adjoints, used again and again.
//!
//! The other two ways through the same engine are here to tell what each half
//! of that is worth: [`Fresh`] uses nothing again, and [`Single`] has no
//! n-ary nodes. [`Replayed`] records once.

mod fresh;
mod replay;
mod single;

use wengert::{Gradients, Tape, Var};
use wengert_problems::Problem;

pub(super) use self::{fresh::Fresh, replay::Replayed, single::Single};
use super::{Engine, Recording, SUBJECT};

/// The engine with its tape and the memory of its adjoints.
#[derive(Default)]
pub(super) struct Wengert {
    tape: Tape,
    adjoints: Gradients,
}

impl<P: Problem> Engine<P> for Wengert {
    fn name(&self) -> &'static str {
        SUBJECT
    }

    fn record(&mut self, problem: &P, x: &[f64], then: &mut dyn FnMut(&mut dyn Recording)) {
        self.tape.reset();
        let x = self.tape.vars(x);
        let y = problem.objective(&x);
        let adjoints = &mut self.adjoints;
        then(&mut Recorded { x, y, adjoints });
    }
}

struct Recorded<'t> {
    x: Vec<Var<'t>>,
    y: Var<'t>,
    adjoints: &'t mut Gradients,
}

impl Recording for Recorded<'_> {
    fn value(&self) -> f64 {
        self.y.value()
    }

    fn sweep(&mut self, gradient: &mut [f64]) {
        self.y.gradients_into(self.adjoints);
        self.adjoints.wrt_into(&self.x, gradient);
    }
}
