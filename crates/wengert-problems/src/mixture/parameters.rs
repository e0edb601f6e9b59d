//! How a mixture's variables lie in one slice.

use super::{component::Component, size::MixtureSize};
use crate::Real;

/// The four parts of a slice of variables, or of a slice of slopes like it.
pub(super) struct Parameters<S> {
    /// The logarithmic weights, not normalised.
    pub(super) alpha: S,
    /// μ, component by component.
    pub(super) means: S,
    /// q, the logarithms of the factors' diagonals.
    pub(super) log_diagonals: S,
    /// l, the factors' strict lower parts, column by column.
    pub(super) lower: S,
}

impl<'x, T: Real> Parameters<&'x [T]> {
    pub(super) fn split(x: &'x [T], size: MixtureSize) -> Self {
        let (alpha, x) = x.split_at(size.components);
        let (means, x) = x.split_at(size.components * size.dimensions);
        let (log_diagonals, lower) = x.split_at(size.components * size.dimensions);
        Self { alpha, means, log_diagonals, lower }
    }

    /// The components, each with its factor laid out for use.
    pub(super) fn components(&self, size: MixtureSize) -> impl Iterator<Item = Component<'x, T>> {
        let Self { alpha, means, log_diagonals, lower } = *self;
        (0..size.components).map(move |k| {
            Component::new(
                alpha[k],
                part(means, k, size.dimensions),
                part(log_diagonals, k, size.dimensions),
                part(lower, k, size.below_diagonal()),
            )
        })
    }
}

impl<'x> Parameters<&'x mut [f64]> {
    pub(super) fn split_mut(x: &'x mut [f64], size: MixtureSize) -> Self {
        let (alpha, x) = x.split_at_mut(size.components);
        let (means, x) = x.split_at_mut(size.components * size.dimensions);
        let (log_diagonals, lower) = x.split_at_mut(size.components * size.dimensions);
        Self { alpha, means, log_diagonals, lower }
    }
}

/// The `k`th of equal parts. `chunks_exact` cannot be used: in one dimension
/// the factors' strict lower parts are empty, and there are k of them all the same.
pub(super) fn part<T>(all: &[T], k: usize, length: usize) -> &[T] {
    &all[k * length..(k + 1) * length]
}

/// The `k`th of equal parts, to be written to.
pub(super) fn part_mut<T>(all: &mut [T], k: usize, length: usize) -> &mut [T] {
    &mut all[k * length..(k + 1) * length]
}
