//! How the weights of a 2-w-w-1 network lie in one slice, and the pass forward.

use crate::Real;

/// The number of weights and biases of a network of this width.
pub(super) const fn weights(width: usize) -> usize {
    (2 * width + width) + (width * width + width) + (width + 1)
}

/// The three layers' parts of a slice of weights, or of a slice of slopes like it.
///
/// Matrices lie row by row, so that a unit's weights are contiguous.
#[derive(Clone, Debug)]
pub struct Layers<S, O> {
    pub(super) first: S,
    pub(super) first_bias: S,
    pub(super) second: S,
    pub(super) second_bias: S,
    pub(super) third: S,
    pub(super) third_bias: O,
}

impl<'x, T: Real> Layers<&'x [T], T> {
    /// The parts of `x`, which has [`weights`]`(width)` elements.
    pub(super) fn split(x: &'x [T], width: usize) -> Self {
        let (first, x) = x.split_at(2 * width);
        let (first_bias, x) = x.split_at(width);
        let (second, x) = x.split_at(width * width);
        let (second_bias, x) = x.split_at(width);
        let (third, x) = x.split_at(width);
        Self { first, first_bias, second, second_bias, third, third_bias: x[0] }
    }

    /// What the network says about a point; the hidden units' outputs stay in `activations`.
    pub(super) fn output(&self, point: &[f64; 2], activations: &mut Activations<T>) -> T {
        self.output_by(|row| T::linear_combination(point, row), activations)
    }

    /// The same where a point's coordinates are of the kind of the weights.
    pub(super) fn output_at(&self, point: &[T], activations: &mut Activations<T>) -> T {
        self.output_by(|row| T::dot(point, row), activations)
    }

    #[inline(always)]
    fn output_by(&self, product: impl Fn(&[T]) -> T, activations: &mut Activations<T>) -> T {
        let Activations { first, second } = activations;
        let rows = self.first.chunks_exact(2).zip(self.first_bias);
        refill(first, rows.map(|(row, &bias)| (product(row) + bias).tanh()));
        let rows = self.second.chunks_exact(first.len()).zip(self.second_bias);
        refill(second, rows.map(|(row, &bias)| (T::dot(row, first) + bias).tanh()));
        T::dot(self.third, second) + self.third_bias
    }
}

impl<'x> Layers<&'x mut [f64], &'x mut f64> {
    /// The parts of `x`, to be written to.
    pub(super) fn split_mut(x: &'x mut [f64], width: usize) -> Self {
        let (first, x) = x.split_at_mut(2 * width);
        let (first_bias, x) = x.split_at_mut(width);
        let (second, x) = x.split_at_mut(width * width);
        let (second_bias, x) = x.split_at_mut(width);
        let (third, x) = x.split_at_mut(width);
        Self { first, first_bias, second, second_bias, third, third_bias: &mut x[0] }
    }
}

/// The hidden units' outputs for one sample, kept from sample to sample for their memory.
#[derive(Clone, Debug)]
pub struct Activations<T> {
    pub(super) first: Vec<T>,
    pub(super) second: Vec<T>,
}

impl<T> Activations<T> {
    pub(super) fn with_width(width: usize) -> Self {
        Self { first: Vec::with_capacity(width), second: Vec::with_capacity(width) }
    }
}

fn refill<T>(list: &mut Vec<T>, items: impl Iterator<Item = T>) {
    list.clear();
    list.extend(items);
}
