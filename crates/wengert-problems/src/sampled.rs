//! Sums over samples, of which one term is recorded and the whole is a batch.

use crate::{Heston, Mixture, MixtureSize, Perceptron, Real, count};

/// A term that depends on parameters, which all samples share, and on a sample's data; and the
/// sum of it over fixed samples.
///
/// What depends on the parameters alone is computed [apart](Self::share), so that whoever adds
/// up many terms by hand need not do it for each of them.
pub trait Sampled {
    /// What the terms of all samples have in common.
    type Shared<'x, T: Real + 'x>;

    /// Memory for a term, to be used again for the next.
    type Scratch<T>;

    /// The name in benchmark ids and tables: lower case, words joined by `_`.
    fn name(&self) -> &'static str;

    /// The fixed parameters at which everybody evaluates it.
    fn parameters(&self) -> &[f64];

    /// The data of all samples, row behind row.
    fn data(&self) -> &[f64];

    /// How many of these numbers belong to one sample.
    fn width(&self) -> usize;

    /// What the terms have in common at parameters `x`.
    fn share<'x, T: Real>(&self, x: &'x [T]) -> Self::Shared<'x, T>;

    /// Memory for terms.
    fn scratch<T>(&self) -> Self::Scratch<T>;

    /// The term of the sample with these data, of which there are [`width`](Self::width).
    fn term<T: Real>(
        &self,
        shared: &Self::Shared<'_, T>,
        data: &[T],
        scratch: &mut Self::Scratch<T>,
    ) -> T;

    /// Overwrites `gradient` with the hand-written gradient at `x` of the sum over all samples.
    fn gradient(&self, x: &[f64], gradient: &mut [f64]);

    /// The samples, each as a slice of its data.
    fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.data().chunks_exact(self.width())
    }

    /// The term of one sample from its parameters on: what is recorded.
    fn whole_term<T: Real>(&self, x: &[T], data: &[T]) -> T {
        self.term(&self.share(x), data, &mut self.scratch())
    }

    /// The sum over all samples, as one adds it up by hand.
    fn sum(&self, x: &[f64]) -> f64 {
        let (shared, mut scratch) = (self.share(x), self.scratch());
        self.rows().map(|data| self.term(&shared, data, &mut scratch)).sum()
    }

    /// The same, with what the terms have in common computed for each of them, as a recording
    /// of one term does it.
    fn sum_of_whole_terms(&self, x: &[f64]) -> f64 {
        let mut scratch = self.scratch();
        self.rows().map(|data| self.term(&self.share(x), data, &mut scratch)).sum()
    }

    /// How many elementary operations [`whole_term`](Self::whole_term) takes.
    fn operations(&self) -> usize {
        let first = &self.data()[..self.width()];
        count::run(&[self.parameters(), first].concat(), |all| {
            let (x, data) = all.split_at(self.parameters().len());
            self.whole_term(x, data);
        })
    }
}

/// Something to be done with each of them.
pub trait SampledVisitor {
    /// Called once for each, with its own type.
    fn visit<P: Sampled + 'static>(&mut self, problem: P);
}

/// Shows each to `visitor`, with as many samples as benchmarks use: not a round number of
/// anybody's lanes and chunks.
pub fn visit_sampled(visitor: &mut impl SampledVisitor) {
    const SAMPLES: usize = 4000;
    visitor.visit(Perceptron::new(16, SAMPLES));
    visitor.visit(Mixture::new(MixtureSize { samples: SAMPLES, ..MixtureSize::USUAL }));
    visitor.visit(Heston::new(50, SAMPLES));
}

/// Asserts that the hand-written gradient is that of dual numbers.
#[cfg(test)]
#[track_caller]
pub(crate) fn assert_gradient<P: Sampled>(problem: &P) {
    use crate::oracle::relative_difference;

    let x = problem.parameters();
    let mut written = vec![f64::NAN; x.len()];
    problem.gradient(x, &mut written);
    let difference = relative_difference(&written, &by_dual_numbers(problem, x));
    assert!(difference < 1e-12, "{}: dual numbers differ by {difference:e}", problem.name());
    let sums = [problem.sum(x), problem.sum_of_whole_terms(x)];
    assert_eq!(sums[0].to_bits(), sums[1].to_bits());
}

#[cfg(test)]
fn by_dual_numbers<P: Sampled>(problem: &P, x: &[f64]) -> Vec<f64> {
    use wengert::Dual;

    let constants = |list: &[f64]| list.iter().map(|&x| Dual::constant(x)).collect::<Vec<_>>();
    let mut x = constants(x);
    let slope = |x: &[Dual]| -> f64 {
        problem.rows().map(|data| problem.whole_term(x, &constants(data)).tangent).sum()
    };
    (0..x.len())
        .map(|i| {
            x[i].tangent = 1.0;
            let slope = slope(&x);
            x[i].tangent = 0.0;
            slope
        })
        .collect()
}
