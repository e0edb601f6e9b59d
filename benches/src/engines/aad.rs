//! The crate `aad`: partials stored in one vector behind a `RefCell`.
//!
//! Its tape can neither be cleared nor cut back, so the best door is a new one
//! for each evaluation, with room for all operations from the start. The sweep
//! is `compute_gradients`, which allocates the adjoints; there are no n-ary
//! operations that store fewer nodes than single ones.

use aad::{Tape, Variable};
use wengert_problems::{Problem, Real, gradbench::BundleAdjustment};

use super::{Engine, Observer, Recording, Rows};

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
        sweep(self.y, &self.x, gradient);
    }
}

fn sweep(y: Number<'_>, x: &[Number<'_>], gradient: &mut [f64]) {
    let adjoints = y.0.compute_gradients();
    let adjoints = adjoints.expect("the objective depends on its variables");
    for (slope, x) in gradient.iter_mut().zip(x) {
        let adjoint = adjoints.get_gradient(&x.0);
        *slope = adjoint.expect("the variable is on the tape");
    }
}

impl Observer for Aad {
    fn observe(&mut self, problem: &BundleAdjustment, i: usize, rows: &mut Rows) {
        let tape = Tape::with_capacity(rows[0].len() + self.operations);
        let x = problem.variables(i).map(|x| Number(tape.create_variable(x)));
        let residuals = problem.residuals(i, &x);
        residuals.into_iter().zip(rows).for_each(|(y, row)| sweep(y, &x, row));
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
