//! Derivatives in two parameters of a density R·eᴸ, of which R is the factor that vanishes with
//! small parameters.
//!
//! 1/Γ(a) is a/Γ(a + 1), and ψ(a) is ψ(a + 1) − 1/a: with a as a factor of its own, a derivative of
//! the rest has nothing of the size 1/a, of which squares and cubes would cancel.

use crate::ops::beta::{Tetragammas, Trigammas};
use crate::scalar::{Evaluate, Scalar};

/// Below, a parameter is a factor of its own.
pub(super) fn is_small<F: Scalar>(parameter: F) -> bool {
    parameter < F::one()
}

/// ∂ⁱ⁺ʲR/∂aⁱ∂bʲ of R = ab/(a + b), where both parameters are small, and of the small one or 1 else.
pub(super) fn factor<F: Scalar>(i: u32, j: u32, a: F, b: F) -> F {
    match (is_small(a), is_small(b)) {
        (true, true) => quotient(i, j, a, b),
        (true, false) if j == 0 && i < 2 => [a, F::one()][i as usize],
        (false, true) if i == 0 && j < 2 => [b, F::one()][j as usize],
        (false, false) if i + j == 0 => F::one(),
        _ => F::zero(),
    }
}

/// Of ab/(a + b), by the shares of the parameters in their sum.
fn quotient<F: Scalar>(i: u32, j: u32, a: F, b: F) -> F {
    let total = a + b;
    let (p, q) = (a / total, b / total);
    let (two, six) = (F::lit(2.0), F::lit(6.0));
    match (i, j) {
        (0, 0) => a * q,
        (1, 0) => q * q,
        (0, 1) => p * p,
        (2, 0) => -two * q * (q / total),
        (1, 1) => two * p * (q / total),
        (0, 2) => -two * p * (p / total),
        (3, 0) => six * (q / total) * (q / total),
        (2, 1) => two * (q / total) * ((q - two * p) / total),
        (1, 2) => two * (p / total) * ((p - two * q) / total),
        (0, 3) => six * (p / total) * (p / total),
        _ => F::nan(),
    }
}

/// ∂ⁱ⁺ʲ/∂aⁱ∂bʲ of −ln B(a, b) − ln R for i + j = 2, 3: of −ln Γ(a) − ln Γ(b) + ln Γ(a + b), each of
/// which has 1 more where it is small.
pub(super) fn log_beta_derivative<F: Scalar>(i: u32, j: u32, a: F, b: F) -> F {
    let one = F::one();
    if i > 0 && j > 0 {
        let total = a + b;
        let is_next = is_small(a) && is_small(b);
        return F::polygamma(i + j - 1, if is_next { total + one } else { total });
    }
    let (a, b) = if j == 0 { (a, b) } else { (b, a) };
    let (own, to_total) = match (is_small(a), is_small(b)) {
        (true, true) => (a + one, b),
        (true, false) => (a + one, b - one),
        (false, _) => (a, b),
    };
    match i + j {
        2 => -F::binary::<Trigammas>(own, to_total),
        3 => -F::binary::<Tetragammas>(own, to_total),
        _ => F::nan(),
    }
}

/// ∂ⁱ⁺ʲ(R·eᴸ)/∂aⁱ∂bʲ over eᴸ by Leibniz's rule, given the derivatives of R and of L.
pub(super) fn weight<F: Scalar>(
    i: u32,
    j: u32,
    factor: &impl Fn(u32, u32) -> F,
    logarithm: &impl Fn(u32, u32) -> F,
) -> F {
    if i + j == 0 {
        return factor(0, 0);
    }
    let mut sum = F::zero();
    for (k, of_a) in binomials(i) {
        for (l, of_b) in binomials(j) {
            let factor = factor(k, l);
            // A large parameter has no factor, and a logarithm of 0 beside it counts nothing.
            if !factor.is_all_zero() {
                sum += F::lit(of_a * of_b) * factor * bell(i - k, j - l, logarithm);
            }
        }
    }
    sum
}

/// ∂ⁱ⁺ʲeᴸ/∂aⁱ∂bʲ over eᴸ: the polynomials of Bell, by Leibniz's rule for the derivative of eᴸ·L′.
fn bell<F: Scalar>(i: u32, j: u32, logarithm: &impl Fn(u32, u32) -> F) -> F {
    if i + j == 0 {
        return F::one();
    }
    // The first of the derivatives is one by a, unless there is none.
    let first = if i > 0 { (1, 0) } else { (0, 1) };
    let (i, j) = (i - first.0, j - first.1);
    let mut sum = F::zero();
    for (k, of_a) in binomials(i) {
        for (l, of_b) in binomials(j) {
            let term = logarithm(k + first.0, l + first.1) * bell(i - k, j - l, logarithm);
            sum += F::lit(of_a * of_b) * term;
        }
    }
    sum
}

/// k and the number of ways to choose k of n, for n up to 3.
fn binomials(n: u32) -> impl Iterator<Item = (u32, f64)> {
    const ROWS: [[f64; 4]; 4] =
        [[1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0], [1.0, 2.0, 1.0, 0.0], [1.0, 3.0, 3.0, 1.0]];
    (0..=n).zip(ROWS[n as usize])
}
