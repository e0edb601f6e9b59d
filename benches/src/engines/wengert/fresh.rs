//! wengert as a first gradient sees it: the tape and the adjoints grow from nothing.

use wengert::{Tape, Var};
use wengert_problems::Problem;

use crate::engines::{Engine, Recording};

/// The engine without anything to keep.
#[derive(Debug, Default)]
pub(in crate::engines) struct Fresh;

impl<P: Problem> Engine<P> for Fresh {
    fn name(&self) -> &'static str {
        "wengert-fresh"
    }

    fn record(&mut self, problem: &P, x: &[f64], then: &mut dyn FnMut(&mut dyn Recording)) {
        let tape = Tape::new();
        let x = tape.vars(x);
        let y = problem.objective(&x);
        then(&mut Recorded { x, y });
    }
}

struct Recorded<'t> {
    x: Vec<Var<'t>>,
    y: Var<'t>,
}

impl Recording for Recorded<'_> {
    fn value(&self) -> f64 {
        self.y.value()
    }

    fn sweep(&mut self, gradient: &mut [f64]) {
        self.y.gradients().wrt_into(&self.x, gradient);
    }
}
