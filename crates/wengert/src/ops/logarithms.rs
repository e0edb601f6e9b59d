//! Logarithms of exponentials, and products with logarithms, which by the obvious formula
//! overflow, cancel, or are 0 · ∞.

use super::activations::{Sigmoid, Softplus};
use super::hyperbolic::Tanh;
use super::{Binary, Form, Unary, lost_at_infinity, vectorised};
use crate::scalar::{Evaluate, Real, Scalar, from_f64, into_f64};
use crate::vector;

/// x·ln y, and 0 where x is 0
pub(crate) struct Xlogy;
impl Binary for Xlogy {
    const FORM: Form = Form::Vector;
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        times_logarithm(x, y, y.ln())
    }
    #[inline(always)]
    fn values<F: Real, const W: usize>(x: [F; W], y: [F; W]) -> [F; W] {
        let mut logarithms: [F; W] = from_f64(vector::ln(into_f64(y)));
        for (i, logarithm) in logarithms.iter_mut().enumerate() {
            *logarithm = times_logarithm(x[i], y[i], *logarithm);
        }
        logarithms
    }
    /// ln y; 0 beside a logarithm that does not exist and does not count.
    #[inline]
    fn left<F: Scalar>(x: F, y: F, _: F) -> F {
        if x.primal_is_zero() && y < F::zero() { F::zero() } else { y.ln() }
    }
    #[inline]
    fn right<F: Scalar>(x: F, y: F, _: F) -> F {
        quotient(x, y) + lost_beside(x, y)
    }
}

/// x·ln(1 + y), and 0 where x is 0
pub(crate) struct Xlog1py;
impl Binary for Xlog1py {
    const FORM: Form = Form::Vector;
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        times_logarithm(x, y, y.ln_1p())
    }
    #[inline(always)]
    fn values<F: Real, const W: usize>(x: [F; W], y: [F; W]) -> [F; W] {
        let mut logarithms: [F; W] = from_f64(vector::ln_1p(into_f64(y)));
        for (i, logarithm) in logarithms.iter_mut().enumerate() {
            *logarithm = times_logarithm(x[i], y[i], *logarithm);
        }
        logarithms
    }
    #[inline]
    fn left<F: Scalar>(x: F, y: F, _: F) -> F {
        if x.primal_is_zero() && y < -F::one() { F::zero() } else { y.ln_1p() }
    }
    #[inline]
    fn right<F: Scalar>(x: F, y: F, _: F) -> F {
        quotient(x, F::one() + y) + lost_beside(x, y)
    }
}

/// x times the logarithm of something with y, and 0 where x is 0 and y a number.
#[inline(always)]
fn times_logarithm<F: Real>(x: F, y: F, logarithm: F) -> F {
    if x == F::zero() && !y.is_nan() { F::zero() } else { x * logarithm }
}

/// x/y, where 0/0 is 0: along x = 0 the quotient is 0 up to there. Beside a logarithm that does not
/// exist and does not count it is 0 in every order.
#[inline]
fn quotient<F: Scalar>(x: F, y: F) -> F {
    if x.primal_is_zero() && y.primal_is_zero() {
        x.chain(y.recip())
    } else if x.primal_is_zero() && y < F::zero() {
        F::zero()
    } else {
        x / y
    }
}

/// The loss of a logarithm's slope at infinity, unless a factor of 0 stops it.
#[inline(always)]
fn lost_beside<F: Scalar>(x: F, y: F) -> F {
    if x.primal_is_zero() { F::zero() } else { lost_at_infinity(y) }
}

/// ln(1 − eˣ), for x ≤ 0
///
/// Either 1 − eˣ or eˣ has all its digits; the change is at −ln 2 (Mächler, "Accurately computing
/// log(1 − exp(−|a|))", 2012).
pub(crate) struct Log1mExp;
impl Unary for Log1mExp {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        if x > -F::LN_2() { (-x.exp_m1()).ln() } else { (-x.exp()).ln_1p() }
    }
    /// −eˣ/(1 − eˣ). The derivative of this quotient s is s(1 − s), where no terms cancel,
    /// because s is negative.
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        let rest = -x.exp_m1();
        // The limit at 0 is that from the left, whatever the sign of the zero.
        let rest = if rest.primal_is_zero() { rest.abs() } else { rest };
        -(x.exp() / rest)
    }
}

/// ln σ(x) = −ln(1 + e⁻ˣ)
pub(crate) struct LogSigmoid;
impl Unary for LogSigmoid {
    const IS_PLAIN: bool = true;
    const FORM: Form = Form::Vector;
    #[inline]
    fn value<F: Real>(x: F) -> F {
        -Softplus::value(-x)
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        F::unary::<Sigmoid>(-x)
    }
    #[inline(always)]
    fn values<F: Real, const W: usize>(x: [F; W]) -> [F; W] {
        negated(from_f64(vector::softplus(into_f64(negated(x)))))
    }
    #[inline(always)]
    fn slopes<F: Real, const W: usize>(x: [F; W], _: [F; W]) -> [F; W] {
        from_f64(vector::sigmoid(into_f64(negated(x))))
    }
}

#[inline(always)]
fn negated<F: Real, const W: usize>(mut x: [F; W]) -> [F; W] {
    for x in &mut x {
        *x = -*x;
    }
    x
}

/// ln cosh x
pub(crate) struct LogCosh;
impl Unary for LogCosh {
    const IS_PLAIN: bool = true;
    /// ½ ln(1 + sinh² x), and far out |x| + ln(1 + e^(−2|x|)) − ln 2, which does not overflow.
    #[inline]
    fn value<F: Real>(x: F) -> F {
        let size = x.abs();
        if size < F::lit(2.0) {
            let sinh = size.sinh();
            F::lit(0.5) * (sinh * sinh).ln_1p()
        } else {
            size + ((F::lit(-2.0) * size).exp().ln_1p() - F::LN_2())
        }
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        F::unary::<Tanh>(x)
    }
    vectorised! { values vector::log_cosh }
    vectorised! { slopes vector::tanh }
}

/// ln(eˣ + eʸ)
pub(crate) struct LogAddExp;
impl Binary for LogAddExp {
    const FORM: Form = Form::Vector;
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        if x == y {
            return x + F::LN_2();
        }
        let (larger, Difference { high, low }) =
            if x > y { (x, Difference::of(y, x)) } else { (y, Difference::of(x, y)) };
        let e = high.exp();
        larger + (e + e * low).ln_1p()
    }
    #[inline(always)]
    fn values<F: Real, const W: usize>(x: [F; W], y: [F; W]) -> [F; W] {
        let (x, y) = (into_f64(x), into_f64(y));
        let (mut high, mut low) = (x, y);
        for i in 0..W {
            let (larger, smaller) = if x[i] > y[i] { (x[i], y[i]) } else { (y[i], x[i]) };
            // Equal operands may be infinite, and have no difference then.
            let Difference { high: h, low: l } = Difference::of(smaller, larger);
            (high[i], low[i]) = if x[i] == y[i] { (0.0, 0.0) } else { (h, l) };
        }
        let mut terms = vector::exp(high);
        for (term, low) in terms.iter_mut().zip(low) {
            *term += *term * low;
        }
        let mut sums = vector::ln_1p(terms);
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum += if x[i] > y[i] { x[i] } else { y[i] };
        }
        from_f64(sums)
    }
    /// σ(x − y)
    #[inline]
    fn left<F: Scalar>(x: F, y: F, _: F) -> F {
        share(x, y)
    }
    #[inline]
    fn right<F: Scalar>(x: F, y: F, _: F) -> F {
        share(y, x)
    }
}

/// σ(x − y), with the digits that the difference lacks.
#[inline]
fn share<F: Scalar>(x: F, y: F) -> F {
    if x.is_infinite() && x == y {
        // Of two infinite powers each counts as half; two that are 0 do not grow with a step.
        return if x > F::zero() { F::lit(0.5) } else { F::zero() };
    }
    let Difference { high, low } = Difference::of(x, y);
    let share = F::unary::<Sigmoid>(high);
    share + share * (low * F::unary::<Sigmoid>(-high))
}

/// ln(eˣ − eʸ), for x ≥ y
pub(crate) struct LogDiffExp;
impl Binary for LogDiffExp {
    /// x + ln(1 − e^(y − x))
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        if x == F::neg_infinity() && y == x {
            return x;
        }
        let Difference { high, low } = Difference::of(y, x);
        let mut rest = Log1mExp::value(high);
        if low != F::zero() {
            rest += low * Log1mExp::partial(high, rest);
        }
        // Added to 0, a rest of −0 would lose its sign.
        if x == F::zero() { rest } else { x + rest }
    }
    /// 1/(1 − e^(y − x))
    #[inline]
    fn left<F: Scalar>(x: F, y: F, z: F) -> F {
        if z == F::neg_infinity() && x == z { F::zero() } else { F::one() - deduction(x, y) }
    }
    #[inline]
    fn right<F: Scalar>(x: F, y: F, z: F) -> F {
        if z == F::neg_infinity() && x == z { F::zero() } else { deduction(x, y) }
    }
}

/// −1/(e^(x − y) − 1), the derivative of ln(eˣ − eʸ) by y, with the digits that the difference
/// lacks.
#[inline]
fn deduction<F: Scalar>(x: F, y: F) -> F {
    let Difference { high, low } = Difference::of(y, x);
    let slope = Log1mExp::partial(high, high);
    // Where the difference is exact, the slope may be infinite.
    if low.primal_is_zero() { slope } else { slope + slope * (low * (F::one() - slope)) }
}

/// x − y as the rounded difference and what its rounding left out (Knuth's TwoSum; Muller et al.,
/// "Handbook of Floating-Point Arithmetic", 2nd ed., section 4.3.2).
///
/// An exponential makes of the rounding of a difference d the relative error d·ε.
struct Difference<F> {
    high: F,
    low: F,
}

impl<F: Scalar> Difference<F> {
    #[inline]
    fn of(x: F, y: F) -> Self {
        let high = x - y;
        if !high.is_finite() {
            return Self { high, low: F::zero() };
        }
        let part = high - x;
        Self { high, low: (x - (high - part)) - (y + part) }
    }
}
