//! wengert with single operations only, as the rivals have them: like compared with like.

use wengert::{Gradients, Tape, Var};
use wengert_problems::{Problem, Real};

use super::Recorded;
use crate::engines::{Engine, Recording, SINGLE};

/// The engine with its tape and the memory of its adjoints.
#[derive(Default)]
pub(in crate::engines) struct Single {
    tape: Tape,
    adjoints: Gradients,
}

impl<P: Problem> Engine<P> for Single {
    fn name(&self) -> &'static str {
        SINGLE
    }

    fn record(&mut self, problem: &P, x: &[f64], then: &mut dyn FnMut(&mut dyn Recording)) {
        self.tape.reset();
        let x = self.tape.vars(x);
        let numbers: Vec<Number<'_>> = x.iter().map(|&x| Number(x)).collect();
        let Number(y) = problem.objective(&numbers);
        let adjoints = &mut self.adjoints;
        then(&mut Recorded { x, y, adjoints });
    }
}

/// A variable whose sums and dot products are `Real`'s defaults.
#[derive(Clone, Copy)]
struct Number<'t>(Var<'t>);

forward_operators!(Number<'_>);

impl Real for Number<'_> {
    #[inline(always)]
    fn value(self) -> f64 {
        self.0.value()
    }

    #[inline(always)]
    fn constant(self, value: f64) -> Self {
        Self(Var::constant(value))
    }

    forward_functions!(recip sqrt sin cos exp ln tanh);
}
