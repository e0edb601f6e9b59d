//! The recurrences of truncated power series: what an operation makes of the coefficients of its
//! operands.
//!
//! Each finds coefficient k of the result from those before it, by a sum of k products, so that n
//! coefficients take O(n²) operations. They are those of Griewank & Walther, "Evaluating
//! Derivatives" (2nd ed. 2008), section 13.2: a function f of x(t) has y′ = f′(x)·x′, and where f′
//! is made of y itself, coefficient k − 1 of it is known when coefficient k of y is asked for.

use crate::ops::Derivatives;
use crate::scalar::{Concrete, Evaluate, Real};
use smallvec::SmallVec;

/// The coefficients of a series, the constant term first.
pub(crate) type Series<F> = SmallVec<[F; 16]>;

/// The number k as a scalar.
fn int<F: Real>(k: usize) -> F {
    F::lit(k as f64)
}

/// c, and nothing else.
pub(super) fn constant<F: Real>(c: F, len: usize) -> Series<F> {
    let mut y = Series::from_elem(F::zero(), len);
    y[0] = c;
    y
}

pub(super) fn map<F: Real>(x: &[F], f: impl Fn(F) -> F) -> Series<F> {
    x.iter().map(|&x| f(x)).collect()
}

pub(super) fn add<F: Real>(x: &[F], y: &[F]) -> Series<F> {
    x.iter().zip(y).map(|(&x, &y)| x + y).collect()
}

pub(super) fn sub<F: Real>(x: &[F], y: &[F]) -> Series<F> {
    x.iter().zip(y).map(|(&x, &y)| x - y).collect()
}

/// c·x, of which a zero is exact.
pub(super) fn scaled<F: Real>(c: F, x: &[F]) -> Series<F> {
    map(x, |x| x.push(c))
}

/// The series with another constant term, which is known to more digits.
pub(super) fn from<F: Real>(first: F, mut x: Series<F>) -> Series<F> {
    x[0] = first;
    x
}

/// A sum of products of coefficients, begun with `start`: what every recurrence is made of, so that
/// tests count what an operation costs.
#[inline(always)]
fn folded<F: Real>(
    js: impl Iterator<Item = usize> + Clone,
    start: F,
    add: impl Fn(F, usize) -> F,
) -> F {
    #[cfg(test)]
    TERMS.with(|terms| terms.set(terms.get() + js.clone().count()));
    js.fold(start, add)
}

#[cfg(test)]
thread_local! {
    /// The terms that this thread has summed.
    pub(super) static TERMS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Coefficient k of x·y.
fn convolved<F: Real>(x: &[F], y: &[F], k: usize) -> F {
    folded(0..=k, F::zero(), |sum, j| sum + x[j] * y[k - j])
}

/// Coefficient k of the integral of p·x′: (1/k) Σ j·xⱼ·pₖ₋ⱼ.
fn integrated<F: Real>(p: &[F], x: &[F], k: usize) -> F {
    folded(1..=k, F::zero(), |sum, j| sum + (int::<F>(j) * x[j]).push(p[k - j])) / int(k)
}

pub(super) fn mul<F: Real>(x: &[F], y: &[F]) -> Series<F> {
    (0..x.len()).map(|k| convolved(x, y, k)).collect()
}

pub(super) fn div<F: Real>(x: &[F], y: &[F]) -> Series<F> {
    let mut z: Series<F> = SmallVec::with_capacity(x.len());
    for k in 0..x.len() {
        let rest = folded(1..=k, x[k], |rest, j| rest - y[j] * z[k - j]);
        z.push(rest / y[0]);
    }
    z
}

pub(super) fn recip<F: Real>(x: &[F]) -> Series<F> {
    div(&constant(F::one(), x.len()), x)
}

pub(super) fn sqrt<F: Real>(x: &[F]) -> Series<F> {
    let mut y: Series<F> = SmallVec::with_capacity(x.len());
    y.push(x[0].sqrt());
    let twice = y[0] + y[0];
    for k in 1..x.len() {
        let rest = folded(1..k, x[k], |rest, j| rest - y[j] * y[k - j]);
        // A path that stands still at 0 has no infinite slope to follow.
        y.push(if rest.is_zero() { rest } else { rest / twice });
    }
    y
}

/// y with y′ = p·x′, for the slope p of a function of x.
pub(super) fn integral<F: Real>(first: F, p: &[F], x: &[F]) -> Series<F> {
    let rest = (1..x.len()).map(|k| integrated(p, x, k));
    std::iter::once(first).chain(rest).collect()
}

/// y with y′ = y·x′.
pub(super) fn exp<F: Real>(first: F, x: &[F]) -> Series<F> {
    let mut y: Series<F> = SmallVec::with_capacity(x.len());
    y.push(first);
    for k in 1..x.len() {
        let next = integrated(&y, x, k);
        y.push(next);
    }
    y
}

/// ln x, from the quotient of x′ by x.
pub(super) fn ln<F: Real>(first: F, x: &[F]) -> Series<F> {
    let mut y: Series<F> = SmallVec::with_capacity(x.len());
    y.push(first);
    for k in 1..x.len() {
        let term = |j: usize| int::<F>(j) * y[j] * x[k - j];
        let known = folded(1..k, F::zero(), |sum, j| sum + term(j)) / int(k);
        y.push((x[k] - known) / x[0]);
    }
    y
}

/// (s, c) with s′ = c·x′ and c′ = ±s·x′: sine and cosine, or the hyperbolic ones.
pub(super) fn pair<F: Real>(s: F, c: F, sign: F, x: &[F]) -> (Series<F>, Series<F>) {
    let mut sine: Series<F> = SmallVec::with_capacity(x.len());
    let mut cosine: Series<F> = SmallVec::with_capacity(x.len());
    sine.push(s);
    cosine.push(c);
    for k in 1..x.len() {
        let (next, other) = (integrated(&cosine, x, k), integrated(&sine, x, k));
        sine.push(next);
        cosine.push(sign * other);
    }
    (sine, cosine)
}

/// y with y′ = v·x′ and v′ = 2y·y′: the tangent, from its value and slope.
pub(super) fn tangent<F: Real>(first: F, slope: F, x: &[F]) -> Series<F> {
    let (mut y, mut v, mut w) = (constant(first, 1), constant(slope, 1), Series::new());
    for k in 1..x.len() {
        w.push(F::lit(2.0) * convolved(&y, &v, k - 1));
        y.push(integrated(&v, x, k));
        v.push(integrated(&w, x, k));
    }
    y
}

/// y with y′ = y·u·x′ and u′ = −y′: the logistic function and its complement.
pub(super) fn sigmoid<F: Real>(first: F, complement: F, x: &[F]) -> Series<F> {
    let (mut y, mut u, mut v) = (constant(first, 1), constant(complement, 1), Series::new());
    for k in 1..x.len() {
        v.push(convolved(&y, &u, k - 1));
        let next = integrated(&v, x, k);
        y.push(next);
        u.push(-next);
    }
    y
}

/// y with y′ = c·(x·y)·x′: e^(c·x²/2) times a constant.
pub(super) fn bell<F: Real>(first: F, c: F, x: &[F]) -> Series<F> {
    let (mut y, mut w) = (constant(first, 1), Series::new());
    for k in 1..x.len() {
        w.push(c * convolved(x, &y, k - 1));
        y.push(integrated(&w, x, k));
    }
    y
}

/// y with y′ = s·x′ and s′ = c·(y·s)·y′: the inverse of an integral of [`bell`].
pub(super) fn inverse_bell<F: Real>(first: F, slope: F, c: F, x: &[F]) -> Series<F> {
    let (mut y, mut s, mut w) = (constant(first, 1), constant(slope, 1), Series::new());
    for k in 1..x.len() {
        w.push(c * convolved(&y, &s, k - 1));
        y.push(integrated(&s, x, k));
        let next = integrated(&w, &y, k);
        s.push(next);
    }
    y
}

/// xʳ for a constant r, from x·y′ = r·y·x′; `first` is its constant term.
pub(super) fn power<F: Real>(first: F, r: F, x: &[F]) -> Series<F> {
    let mut y: Series<F> = SmallVec::with_capacity(x.len());
    y.push(first);
    for k in 1..x.len() {
        let term = |j: usize| (r * int(j) - int(k - j)) * x[j] * y[k - j];
        y.push(folded(1..=k, F::zero(), |sum, j| sum + term(j)) / (int::<F>(k) * x[0]));
    }
    y
}

/// xⁿ for n ≥ 0 by multiplications, which is right where x begins with 0.
pub(super) fn whole_power<F: Real>(x: &[F], n: u32) -> Series<F> {
    let (mut power, mut square) = (constant(F::one(), x.len()), SmallVec::from_slice(x));
    let mut rest = n;
    while rest > 0 {
        if rest % 2 == 1 {
            power = mul(&power, &square);
        }
        square = mul(&square, &square);
        rest /= 2;
    }
    power
}

/// z with z·z′ = Σ xᵢ·xᵢ′, for a length z of which the constant term is known.
pub(super) fn length<F: Real>(first: F, xs: &[&[F]]) -> Series<F> {
    let len = xs.first().map_or(1, |x| x.len());
    let mut z = constant(first, len);
    if first.is_zero() {
        return z;
    }
    for k in 1..len {
        // Coefficient k of Σ xᵢ² − z², of which the last term of z is missing.
        let squares = xs
            .iter()
            .fold(F::zero(), |sum, x| folded(0..=k, sum, |sum, j| sum + (x[j] / first) * x[k - j]));
        let known = folded(1..k, F::zero(), |sum, j| sum + (z[j] / first) * z[k - j]);
        z[k] = (squares - known) * F::lit(0.5);
    }
    z
}

/// f(x(t)) from the derivatives of f at x₀, by Horner's rule in x(t) − x₀: O(n³), for functions whose
/// derivatives have formulas and no recurrence that keeps its digits.
pub(super) fn composed<F: Real>(x: &[F], derivative: impl Fn(u32) -> F) -> Series<F> {
    let step = from(F::zero(), SmallVec::from_slice(x));
    let mut factorial = F::one();
    let mut terms: Series<F> = SmallVec::new();
    for k in 0..x.len() {
        terms.push(derivative(k as u32) / factorial);
        factorial *= int(k + 1);
    }
    let mut sum = constant(F::zero(), x.len());
    for &term in terms.iter().rev() {
        sum = mul(&sum, &step);
        sum[0] = term;
    }
    sum
}

/// f(x(t)) for a function with derivatives of every order.
pub(super) fn of_derivatives<R: Derivatives, F: Real>(x: &[F]) -> Series<F> {
    composed(x, |n| F::lit(R::derivative(n, x[0].as_f64())))
}
