//! One Gaussian of the mixture.

use std::ops::Sub;

use super::size::MixtureSize;
use crate::Real;

/// A component's variables, with everything computed that does not depend on a sample.
#[derive(Clone, Debug)]
pub struct Component<'x, T> {
    mean: &'x [T],
    /// α + Σ q: the logarithm of the density at the mean.
    peak: T,
    /// Σ q: the logarithm of Q's determinant.
    pub(super) log_determinant: T,
    /// Q's lower triangle row by row, diagonal included.
    pub(super) factor: Vec<T>,
}

impl<'x, T: Real> Component<'x, T> {
    pub(super) fn new(alpha: T, mean: &'x [T], log_diagonal: &[T], lower: &[T]) -> Self {
        let log_determinant = T::sum(log_diagonal);
        let peak = alpha + log_determinant;
        Self { mean, peak, log_determinant, factor: factor(log_diagonal, lower) }
    }

    /// The component's numbers, of which it can be [made again](Self::of_numbers).
    pub fn numbers(&self) -> impl Iterator<Item = T> {
        let Self { mean, peak, log_determinant, factor } = self;
        [*peak, *log_determinant].into_iter().chain(mean.iter().chain(factor).copied())
    }

    /// The component of these numbers, in a space of such dimensions.
    ///
    /// # Panics
    ///
    /// If they are not as many as [`MixtureSize::numbers`].
    pub fn of_numbers(numbers: &'x [T], dimensions: usize) -> Self {
        let wanted = MixtureSize { dimensions, components: 1, samples: 1 }.numbers();
        assert_eq!(numbers.len(), wanted, "numbers of a component");
        let (mean, factor) = numbers[2..].split_at(dimensions);
        Self { mean, peak: numbers[0], log_determinant: numbers[1], factor: factor.to_vec() }
    }

    /// β, the logarithm of the component's weighted density at `sample` but for a constant.
    ///
    /// A sample's coordinates are data, or variables of the same kind as the parameters.
    pub(super) fn log_density<D: Copy>(&self, sample: &[D], scratch: &mut Whitening<T>) -> T
    where
        T: Sub<D, Output = T>,
    {
        let Whitening { offset, whitened } = scratch;
        offset.clear();
        offset.extend(self.mean.iter().zip(sample).map(|(&m, &x)| m - x));
        whitened.clear();
        whitened.extend(rows(&self.factor, offset.len()).map(|row| {
            // A row ends at the diagonal.
            T::dot(row, &offset[..row.len()])
        }));
        self.peak - T::squared_norm(whitened) * 0.5
    }
}

/// The term of one sample, LSEₖ(βₖ): the logarithm of its density but for a constant.
pub fn log_density<T, D>(
    components: &[Component<'_, T>],
    sample: &[D],
    scratch: &mut Scratch<T>,
) -> T
where
    T: Real + Sub<D, Output = T>,
    D: Copy,
{
    let Scratch { densities, whitening } = scratch;
    densities.clear();
    densities.extend(components.iter().map(|c| c.log_density(sample, whitening)));
    T::log_sum_exp(densities)
}

/// Memory for the term of a sample, to be used again for the next.
#[derive(Clone, Debug)]
pub struct Scratch<T> {
    densities: Vec<T>,
    whitening: Whitening<T>,
}

impl<T> Scratch<T> {
    /// Memory for terms of a mixture of this size.
    pub fn for_size(size: MixtureSize) -> Self {
        Self {
            densities: Vec::with_capacity(size.components),
            whitening: Whitening::with_dimensions(size.dimensions),
        }
    }
}

/// What one component's density leaves behind.
#[derive(Clone, Debug)]
pub(super) struct Whitening<T> {
    /// μ − x.
    pub(super) offset: Vec<T>,
    /// Q (μ − x).
    pub(super) whitened: Vec<T>,
}

impl<T> Whitening<T> {
    pub(super) fn with_dimensions(dimensions: usize) -> Self {
        Self { offset: Vec::with_capacity(dimensions), whitened: Vec::with_capacity(dimensions) }
    }
}

/// The lower triangle row by row, from its diagonal's logarithms and its columns below.
fn factor<T: Real>(log_diagonal: &[T], lower: &[T]) -> Vec<T> {
    let d = log_diagonal.len();
    let mut factor = Vec::with_capacity(d * (d + 1) / 2);
    for row in 0..d {
        factor.extend((0..row).map(|column| lower[in_columns(row, column, d)]));
        factor.push(log_diagonal[row].exp());
    }
    factor
}

/// Where an entry below the diagonal stands if columns follow one another:
/// column c of a d × d triangle has d − 1 − c entries.
pub(super) const fn in_columns(row: usize, column: usize, d: usize) -> usize {
    // The first term adds up the columns before; an entry of row r is number
    // r − c − 1 of its own.
    column * (2 * d - column - 1) / 2 + row - column - 1
}

/// The rows of a triangle stored row by row, diagonal included.
pub(super) fn rows<T>(triangle: &[T], dimensions: usize) -> impl Iterator<Item = &[T]> {
    (0..dimensions).map(|row| &triangle[row * (row + 1) / 2..][..=row])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_is_its_numbers() {
        let component = Component::new(0.5, &[1.0, 2.0], &[0.25, -0.5], &[3.0]);
        let numbers: Vec<f64> = component.numbers().collect();
        let again = Component::of_numbers(&numbers, 2);
        let density = |component: &Component<'_, f64>| {
            component.log_density(&[0.1, 0.2], &mut Whitening::with_dimensions(2))
        };
        assert_eq!(numbers.len(), 2 + 2 + 3);
        assert_eq!(density(&again), density(&component));
        assert_eq!(again.log_determinant, -0.25);
    }

    #[test]
    fn columns_are_numbered_one_after_the_other() {
        let mut expected = 0;
        for column in 0..5 {
            for row in column + 1..5 {
                assert_eq!(in_columns(row, column, 5), expected);
                expected += 1;
            }
        }
        assert_eq!(expected, 10);
    }

    #[test]
    fn a_factor_holds_its_columns_row_by_row() {
        let factor = factor(&[0.0; 3], &[2.0, 3.0, 4.0]);
        assert_eq!(factor, [1.0, 2.0, 1.0, 3.0, 4.0, 1.0]);
        let lengths: Vec<usize> = rows(&factor, 3).map(<[f64]>::len).collect();
        assert_eq!(lengths, [1, 2, 3]);
    }
}
