//! A number that counts what is done to it.
//!
//! Counting by running the objective cannot disagree with the objective, which
//! a formula written beside it could.

use std::{
    cell::Cell,
    ops::{Add, Div, Mul, Neg, Sub},
};

use crate::{Problem, Real};

/// The number of elementary operations in one evaluation at the problem's point.
pub(crate) fn operations<P: Problem + ?Sized>(problem: &P) -> usize {
    run(problem.point(), |x| {
        problem.objective(x);
    })
}

/// The number of elementary operations that `work` makes with these numbers.
pub(crate) fn run(x: &[f64], work: impl FnOnce(&[Counted<'_>])) -> usize {
    let tally = Cell::new(0);
    work(&counted(x, &tally));
    tally.get()
}

/// Numbers whose operations go to `tally`.
pub(crate) fn counted<'c>(x: &[f64], tally: &'c Cell<usize>) -> Vec<Counted<'c>> {
    x.iter().map(|&value| Counted { value, tally }).collect()
}

/// A float with a tally shared by all numbers of one evaluation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted<'c> {
    value: f64,
    tally: &'c Cell<usize>,
}

impl Counted<'_> {
    /// The result of one more operation.
    fn then(self, value: f64) -> Self {
        self.tally.set(self.tally.get() + 1);
        Self { value, ..self }
    }
}

/// Each row is an operator's trait and its method, for a counted and for a plain right side.
macro_rules! counted_operators {
    ($($operator:ident $method:ident;)*) => {$(
        impl $operator for Counted<'_> {
            type Output = Self;
            fn $method(self, right: Self) -> Self {
                self.then(self.value.$method(right.value))
            }
        }

        impl $operator<f64> for Counted<'_> {
            type Output = Self;
            fn $method(self, right: f64) -> Self {
                self.then(self.value.$method(right))
            }
        }
    )*};
}

counted_operators! {
    Add add;
    Sub sub;
    Mul mul;
    Div div;
}

impl Neg for Counted<'_> {
    type Output = Self;
    fn neg(self) -> Self {
        self.then(-self.value)
    }
}

impl Real for Counted<'_> {
    fn value(self) -> f64 {
        self.value
    }

    fn constant(self, value: f64) -> Self {
        Self { value, ..self }
    }

    fn recip(self) -> Self {
        self.then(self.value.recip())
    }

    fn sqrt(self) -> Self {
        self.then(self.value.sqrt())
    }

    fn sin(self) -> Self {
        self.then(self.value.sin())
    }

    fn cos(self) -> Self {
        self.then(self.value.cos())
    }

    fn exp(self) -> Self {
        self.then(self.value.exp())
    }

    fn ln(self) -> Self {
        self.then(self.value.ln())
    }

    fn tanh(self) -> Self {
        self.then(self.value.tanh())
    }
}

#[cfg(test)]
mod tests {
    use crate::{LogSumExp, Ode, Perceptron, Problem, Rosenbrock};

    #[test]
    fn counts_agree_with_formulas_made_by_hand() {
        // Seven operations a term, and an addition between two terms.
        assert_eq!(Rosenbrock::new(10).operations(), 9 * 7 + 8);
        // Shift, exponential and addition for each element but no first
        // addition; then the logarithm and the shift back.
        assert_eq!(LogSumExp::new(10).operations(), 3 * 10 - 1 + 2);
        // The step size times the rate once, then five operations a step.
        assert_eq!(Ode::new(10).operations(), 1 + 5 * 10);
        // First layer 5 operations a unit, second 2·3 + 1, output 2·3,
        // residual and square; then one division.
        assert_eq!(Perceptron::new(3, 1).operations(), 3 * 5 + 3 * 7 + 6 + 2 + 1);
    }
}
