//! Operations of many operands, written one elementary operation at a time.
//!
//! These are the defaults of [`Real`]'s provided methods, and what a problem
//! calls when single operations are what it is there to measure.

use super::Real;

/// Adds up an iterator, beginning with its first item.
///
/// # Panics
///
/// If there is no first item: a tape-bound number has no zero to return.
pub(crate) fn total<T: Real>(terms: impl Iterator<Item = T>) -> T {
    terms.reduce(|total, term| total + term).expect("a sum needs at least one term")
}

/// Σ xᵢ.
pub(crate) fn sum<T: Real>(terms: &[T]) -> T {
    total(terms.iter().copied())
}

/// Σ aᵢ bᵢ.
pub(crate) fn dot<T: Real>(a: &[T], b: &[T]) -> T {
    assert_eq!(a.len(), b.len(), "a dot product needs equal lengths");
    total(a.iter().zip(b).map(|(&a, &b)| a * b))
}

/// Σ aᵢ².
pub(crate) fn squared_norm<T: Real>(a: &[T]) -> T {
    total(a.iter().map(|a| a.square()))
}

/// Σ cᵢ xᵢ.
pub(crate) fn linear_combination<T: Real>(coefficients: &[f64], terms: &[T]) -> T {
    assert_eq!(
        coefficients.len(),
        terms.len(),
        "a linear combination needs a coefficient for each term"
    );
    total(coefficients.iter().zip(terms).map(|(&c, &x)| x * c))
}

/// ln Σ exp(xᵢ), about three operations an element.
///
/// The largest term is subtracted first, so that no exponential overflows. The
/// result does not depend on that shift, nor does its derivative: the shift
/// enters as a constant and costs no operation on a tape.
pub(crate) fn log_sum_exp<T: Real>(terms: &[T]) -> T {
    let shift = terms.iter().map(|term| term.value()).fold(f64::NEG_INFINITY, f64::max);
    total(terms.iter().map(|&term| (term - shift).exp())).ln() + shift
}
