//! What a problem is, and the list of them all.

use crate::{LogSumExp, Mixture, MixtureSize, Ode, Perceptron, Real, Rosenbrock, count};

/// A scalar function of many variables whose gradient is known.
pub trait Problem {
    /// The name in benchmark ids and tables: lower case, words joined by `_`.
    fn name(&self) -> &'static str;

    /// The fixed point at which everybody evaluates it.
    fn point(&self) -> &[f64];

    /// The function, in the operations of `T`.
    fn objective<T: Real>(&self, x: &[T]) -> T;

    /// Overwrites `gradient` with the hand-written gradient at `x`.
    ///
    /// Both are as long as [`point`](Self::point).
    fn gradient(&self, x: &[f64], gradient: &mut [f64]);

    /// How many elementary operations one evaluation takes.
    ///
    /// A dot product of n terms counts as its 2n − 1 multiplications and
    /// additions, whether or not an engine has a single node for it: dividing
    /// every engine's time by the same number keeps the quotients comparable.
    fn operations(&self) -> usize {
        count::operations(self)
    }
}

/// Something to be done with each problem.
///
/// [`Problem::objective`] is generic, so problems do not fit behind a `dyn`:
/// a loop over them hands each to a generic method instead.
pub trait Visitor {
    /// Called once for each problem, with its own type.
    fn visit<P: Problem + 'static>(&mut self, problem: P);
}

/// Shows every problem to `visitor`, at the size that benchmarks use.
pub fn visit_all(visitor: &mut impl Visitor) {
    visitor.visit(Rosenbrock::new(1000));
    visitor.visit(LogSumExp::new(1000));
    visitor.visit(Perceptron::new(16, 100));
    visitor.visit(Mixture::new(MixtureSize::USUAL));
    visitor.visit(Ode::new(1_000_000));
}
