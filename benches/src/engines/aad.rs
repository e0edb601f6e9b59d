//! The crate `aad`: partials stored in one vector behind a `RefCell`.
//!
//! Its tape can neither be cleared nor cut back, so the best door is a new one
//! for each evaluation, with room for all operations from the start. The sweep
//! is `compute_gradients`, which allocates the adjoints; there are no n-ary
//! operations that store fewer nodes than single ones.

use aad::{Tape, Variable};
use wengert_problems::{Problem, Real};

use super::{Engine, Recording};

/// The engine, which keeps nothing but a number.
#[derive(Debug)]
pub(super) struct Aad {
    operations: usize,
}

impl Aad {
    pub(super) fn new(operations: usize) -> Self {
        Self { operations }
    }
}

impl<P: Problem> Engine<P> for Aad {
    fn name(&self) -> &'static str {
        "aad"
    }

    fn record(&mut self, problem: &P, x: &[f64], then: &mut dyn FnMut(&mut dyn Recording)) {
        let tape = Tape::with_capacity(x.len() + self.operations);
        let x: Vec<Number<'_>> = x.iter().map(|&x| Number(tape.create_variable(x))).collect();
        let y = problem.objective(&x);
        then(&mut Recorded { x, y });
    }
}

struct Recorded<'t> {
    x: Vec<Number<'t>>,
    y: Number<'t>,
}

impl Recording for Recorded<'_> {
    fn value(&self) -> f64 {
        self.y.value()
    }

    fn sweep(&mut self, gradient: &mut [f64]) {
        let adjoints = self.y.0.compute_gradients();
        let adjoints = adjoints.expect("the objective depends on its variables");
        for (slope, x) in gradient.iter_mut().zip(&self.x) {
            let adjoint = adjoints.get_gradient(&x.0);
            *slope = adjoint.expect("the variable is on the tape");
        }
    }
}

#[derive(Clone, Copy)]
struct Number<'t>(Variable<'t, f64>);

forward_operators!(Number<'_>);

impl Real for Number<'_> {
    #[inline(always)]
    fn value(self) -> f64 {
        self.0.value()
    }

    #[inline(always)]
    fn constant(self, value: f64) -> Self {
        Self(Variable::constant(value))
    }

    forward_functions!(recip sqrt sin cos exp ln tanh);
}
