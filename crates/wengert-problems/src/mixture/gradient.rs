//! The mixture's gradient by hand.
//!
//! A sample adds to each component its responsibility w for that sample, times
//! the derivatives of β. With δ = μ − x and u = Q δ these are
//!
//! ```text
//! ∂β/∂α = ∂β/∂(Σ q) = 1,   ∂β/∂μ = −Qᵀ u,   ∂β/∂Q = −u δᵀ,
//! ```
//!
//! and since Q is the same for all samples, Qᵀ can wait until all the w u are
//! added up. So a sample costs a component one product with Q and one update
//! of an outer product, about twice the function.

use super::{
    component::{Component, Whitening, in_columns, rows},
    parameters::{Parameters, part_mut},
    prior::Wishart,
    size::MixtureSize,
};
use crate::log_sum_exp::softmax;

/// The sums over the samples seen so far.
pub(super) struct Accumulator<'x> {
    components: Vec<Component<'x, f64>>,
    sums: Vec<Sums>,
    /// δ and u of each component for the sample at hand: the responsibilities
    /// are known only when all densities are.
    scratches: Vec<Whitening<f64>>,
    densities: Vec<f64>,
    responsibilities: Vec<f64>,
}

/// One component's sums over samples.
struct Sums {
    /// Σ w.
    weight: f64,
    /// Σ w u.
    pull: Vec<f64>,
    /// Σ w u δᵀ, the lower triangle row by row.
    outer: Vec<f64>,
}

impl<'x> Accumulator<'x> {
    pub(super) fn new(parameters: &Parameters<&'x [f64]>, size: MixtureSize) -> Self {
        let d = size.dimensions;
        let sums = || Sums { weight: 0.0, pull: vec![0.0; d], outer: vec![0.0; d * (d + 1) / 2] };
        Self {
            components: parameters.components(size).collect(),
            sums: repeat(size, sums),
            scratches: repeat(size, || Whitening::with_dimensions(d)),
            densities: Vec::with_capacity(size.components),
            responsibilities: vec![0.0; size.components],
        }
    }

    /// Adds the share of one sample.
    pub(super) fn add(&mut self, sample: &[f64]) {
        let pairs = self.components.iter().zip(&mut self.scratches);
        self.densities.clear();
        self.densities
            .extend(pairs.map(|(component, scratch)| component.log_density(sample, scratch)));
        softmax(&self.densities, &mut self.responsibilities);
        let pairs = self.sums.iter_mut().zip(&self.scratches);
        for ((sums, scratch), &responsibility) in pairs.zip(&self.responsibilities) {
            sums.add(responsibility, scratch);
        }
    }

    /// Overwrites `gradient`, now that all samples are in.
    pub(super) fn finish(
        mut self,
        parameters: &Parameters<&[f64]>,
        gradient: &mut [f64],
        size: MixtureSize,
        prior: Option<Wishart>,
    ) {
        gradient.fill(0.0);
        let slopes = &mut Parameters::split_mut(gradient, size);
        let shares = &mut self.responsibilities;
        softmax(parameters.alpha, shares);
        for (k, (component, sums)) in self.components.iter().zip(&self.sums).enumerate() {
            slopes.alpha[k] = sums.weight - shares[k] * size.samples as f64;
            sums.finish_mean(component, part_mut(slopes.means, k, size.dimensions));
            sums.finish_factor(
                component,
                prior.map_or((0.0, 0.0), Wishart::slopes),
                part_mut(slopes.log_diagonals, k, size.dimensions),
                part_mut(slopes.lower, k, size.below_diagonal()),
            );
        }
    }
}

impl Sums {
    fn add(&mut self, responsibility: f64, scratch: &Whitening<f64>) {
        self.weight += responsibility;
        let mut start = 0;
        for (row, &whitened) in scratch.whitened.iter().enumerate() {
            let share = responsibility * whitened;
            self.pull[row] += share;
            let entries = &mut self.outer[start..=start + row];
            for (entry, offset) in entries.iter_mut().zip(&scratch.offset) {
                *entry += share * offset;
            }
            start += row + 1;
        }
    }

    /// −Qᵀ Σ w u.
    fn finish_mean(&self, component: &Component<'_, f64>, mean: &mut [f64]) {
        for (row, pull) in rows(&component.factor, mean.len()).zip(&self.pull) {
            for (slope, entry) in mean.iter_mut().zip(row) {
                *slope -= entry * pull;
            }
        }
    }

    /// The slopes by Q brought to q and l, with the prior's share: a multiple of Q, and an
    /// addition to each q.
    fn finish_factor(
        &self,
        component: &Component<'_, f64>,
        (by_factor, by_log_diagonal): (f64, f64),
        log_diagonal: &mut [f64],
        lower: &mut [f64],
    ) {
        let d = log_diagonal.len();
        let pairs = rows(&component.factor, d).zip(rows(&self.outer, d));
        for (row, (factor, outer)) in pairs.enumerate() {
            for column in 0..row {
                lower[in_columns(row, column, d)] = by_factor * factor[column] - outer[column];
            }
            let by_diagonal = by_factor * factor[row] - outer[row];
            log_diagonal[row] = self.weight + by_log_diagonal + by_diagonal * factor[row];
        }
    }
}

/// One item for each component.
fn repeat<T>(size: MixtureSize, item: impl FnMut() -> T) -> Vec<T> {
    std::iter::repeat_with(item).take(size.components).collect()
}
