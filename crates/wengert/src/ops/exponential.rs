//! Exponentials and logarithms.

use super::{Binary, Ternary, Unary, lost_at_infinity, vectorised};
use crate::scalar::{Evaluate, Real, Scalar};
use crate::vector;

/// eˣ
pub(crate) struct Exp;
impl Unary for Exp {
    const IS_PLAIN: bool = true;
    const HAS_SHORT_SLOPE: bool = true;
    #[inline(always)]
    fn value<F: Real>(x: F) -> F {
        x.exp()
    }
    #[inline(always)]
    fn partial<F: Scalar>(_: F, y: F) -> F {
        y
    }
    vectorised! { values vector::exp }
}

/// 2ˣ
pub(crate) struct Exp2;
impl Unary for Exp2 {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.exp2()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, y: F) -> F {
        // 2ˣ overflows a little before its derivative, which is smaller.
        if y.is_infinite() {
            (x - F::one()).exp2() * (F::lit(2.0) * F::LN_2())
        } else {
            y * F::LN_2()
        }
    }
    vectorised! { values vector::exp2 }
}

/// eˣ − 1, exact for small x
pub(crate) struct ExpM1;
impl Unary for ExpM1 {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.exp_m1()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, y: F) -> F {
        // y + 1 cancels where y is near −1.
        if y > F::lit(-0.5) { y + F::one() } else { x.exp() }
    }
    vectorised! { values vector::exp_m1 }
}

/// ln x
pub(crate) struct Ln;
impl Unary for Ln {
    const HAS_SHORT_SLOPE: bool = true;
    #[inline(always)]
    fn value<F: Real>(x: F) -> F {
        x.ln()
    }
    #[inline(always)]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        x.recip() + lost_at_infinity(x)
    }
    vectorised! { values vector::ln }
}

/// ln(1 + x), exact for small x
pub(crate) struct Ln1p;
impl Unary for Ln1p {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.ln_1p()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        (F::one() + x).recip() + lost_at_infinity(x)
    }
    vectorised! { values vector::ln_1p }
}

/// log₂ x
pub(crate) struct Log2;
impl Unary for Log2 {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.log2()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        F::LOG2_E() / x + lost_at_infinity(x)
    }
    vectorised! { values vector::log2 }
}

/// log₁₀ x
pub(crate) struct Log10;
impl Unary for Log10 {
    #[inline]
    fn value<F: Real>(x: F) -> F {
        x.log10()
    }
    #[inline]
    fn partial<F: Scalar>(x: F, _: F) -> F {
        F::LOG10_E() / x + lost_at_infinity(x)
    }
    vectorised! { values vector::log10 }
}

/// The logarithm of x to the base b, ln x / ln b
pub(crate) struct Log;
impl Binary for Log {
    #[inline]
    fn value<F: Real>(x: F, base: F) -> F {
        x.log(base)
    }
    #[inline]
    fn left<F: Scalar>(x: F, base: F, _: F) -> F {
        F::binary::<LogInX>(x, base)
    }
    #[inline]
    fn right<F: Scalar>(x: F, base: F, z: F) -> F {
        F::ternary::<LogInBase>(x, base, z)
    }
}

/// 1/(x·ln b)
struct LogInX;
impl Binary for LogInX {
    #[inline]
    fn value<F: Real>(x: F, base: F) -> F {
        x.recip() / base.ln() + lost_at_infinity(x)
    }
    #[inline]
    fn left<F: Scalar>(x: F, _: F, slope: F) -> F {
        -(slope / x)
    }
    #[inline]
    fn right<F: Scalar>(x: F, base: F, _: F) -> F {
        F::binary::<LogMixed>(x, base)
    }
}

/// −1/(x·b·ln² b), the derivative of log_b x in both.
struct LogMixed;
impl Binary for LogMixed {
    #[inline]
    fn value<F: Real>(x: F, base: F) -> F {
        let ln = base.ln();
        // Each of 1/x and 1/b may overflow where 1/(x·b) does not.
        -((x * base).recip() / ln) / ln
    }
    #[inline]
    fn left<F: Scalar>(x: F, _: F, mixed: F) -> F {
        -(mixed / x)
    }
    #[inline]
    fn right<F: Scalar>(_: F, base: F, mixed: F) -> F {
        mixed_in_base(base, mixed)
    }
}

/// (2 + ln b)/(x·b²·ln³ b)
fn mixed_in_base<F: Scalar>(base: F, mixed: F) -> F {
    let ln = base.ln();
    -(mixed / ln) * two_plus_ln(base, ln) / base
}

/// −z/(b·ln b) with z = ln x/ln b, the derivative of the logarithm in its base. A rule of its own
/// because that of the quotient has the terms 2/ln b and 1, which cancel near b = e⁻². That z
/// depends on x and b is counted in x and b.
struct LogInBase;
impl Ternary for LogInBase {
    #[inline]
    fn value<F: Real>(_: F, base: F, z: F) -> F {
        -(z / base) / base.ln()
    }
    fn partials<F: Scalar>(_: [bool; 3], x: F, base: F, z: F) -> [F; 3] {
        [F::binary::<LogMixed>(x, base), F::ternary::<LogInBaseTwice>(x, base, z), F::zero()]
    }
}

/// z·(2 + ln b)/(b·ln b)², the second derivative in the base. A rule of its own too: how z depends
/// on x may be beyond the range of floats where what becomes of it is not.
struct LogInBaseTwice;
impl Ternary for LogInBaseTwice {
    #[inline]
    fn value<F: Real>(_: F, base: F, z: F) -> F {
        let ln = base.ln();
        (z / base / ln) * two_plus_ln(base, ln) / base / ln
    }
    /// −2z·(ln² b + 3 ln b + 3)/(b·ln b)³ in b, a sum of squares.
    fn partials<F: Scalar>(_: [bool; 3], x: F, base: F, z: F) -> [F; 3] {
        let ln = base.ln();
        let middle = ln + F::lit(1.5);
        let squares = F::lit(2.0) * middle * middle + F::lit(1.5);
        let in_base = -(z / base / ln) * squares / base / ln / base / ln;
        [mixed_in_base(base, F::binary::<LogMixed>(x, base)), in_base, F::zero()]
    }
}

/// 2 + ln b, as ln(b·e²) where that is small.
fn two_plus_ln<F: Scalar>(b: F, ln: F) -> F {
    let sum = F::lit(2.0) + ln;
    if sum.abs() > F::lit(0.25) {
        return sum;
    }
    // mpmath, 40 digits: e⁻² as a double and what that leaves out; and e².
    const MINUS: f64 = 0.135_335_283_236_612_7;
    const MINUS_REST: f64 = -1.042_381_423_288_669e-17;
    let near = F::lit(MINUS);
    let rest = MINUS - near.to_f64().unwrap_or(MINUS) + MINUS_REST;
    ((b - near - F::lit(rest)) * F::lit(7.389_056_098_930_65)).ln_1p()
}
