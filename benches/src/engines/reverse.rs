//! The crate `reverse`: partials stored in one vector behind a `RefCell`.
//!
//! Its best door is a tape that is cleared and recorded again, `Var::grad` for
//! the sweep (it allocates the adjoints; there is no other sweep), and scalar
//! operations: it has no n-ary ones.
//!
//! Version 0.2.2 gives a constant divided by a variable, c / x, the derivative
//! −1/x whatever c is. Only `Var::recip` is right. No objective divides a
//! constant, because `Real` has no constant on the left of an operator.

use reverse::{Gradient, Tape, Var};
use wengert_problems::{Problem, Real, gradbench::BundleAdjustment};

use super::{Engine, Observer, Recording, Rows};

/// The engine with its tape.
#[derive(Debug, Default)]
pub(super) struct Reverse {
    tape: Tape,
}

impl<P: Problem> Engine<P> for Reverse {
    fn name(&self) -> &'static str {
        "reverse"
    }

    fn record(&mut self, problem: &P, x: &[f64], then: &mut dyn FnMut(&mut dyn Recording)) {
        self.tape.clear();
        let x: Vec<Number<'_>> = x.iter().map(|&x| Number(self.tape.add_var(x))).collect();
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
    let adjoints = y.0.grad();
    for (slope, x) in gradient.iter_mut().zip(x) {
        *slope = adjoints.wrt(&x.0);
    }
}

impl Observer for Reverse {
    fn observe(&mut self, problem: &BundleAdjustment, i: usize, rows: &mut Rows) {
        self.tape.clear();
        let x = problem.variables(i).map(|x| Number(self.tape.add_var(x)));
        let residuals = problem.residuals(i, &x);
        residuals.into_iter().zip(rows).for_each(|(y, row)| sweep(y, &x, row));
    }
}

#[derive(Clone, Copy)]
struct Number<'t>(Var<'t>);

forward_operators!(Number<'_>);

impl Real for Number<'_> {
    #[inline(always)]
    fn value(self) -> f64 {
        self.0.val()
    }

    /// It has no constants: every number is a variable of its tape.
    #[inline(always)]
    fn constant(self, value: f64) -> Self {
        Self(self.0.tape.add_var(value))
    }

    forward_functions!(recip sqrt sin cos exp ln tanh);
}
