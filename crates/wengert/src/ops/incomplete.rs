//! The regularised incomplete gamma and beta functions, in their argument and their parameters.

use self::factored::{factor, is_small, log_beta_derivative, weight};
use self::memory::{Kind, expect_both, expects_both, remember, remembered};
use super::{Binary, Ternary, only};
use crate::scalar::{Concrete, Evaluate, Real, Scalar};

mod beta;
mod factored;
mod gamma;
mod memory;
mod parts;
mod quadrature;

/// P(a, x) = 1/Γ(a) ∫₀ˣ tᵃ⁻¹e⁻ᵗ dt, of x first
pub(crate) struct GammaP;
impl Binary for GammaP {
    #[inline]
    fn value<F: Real>(x: F, a: F) -> F {
        let (x, a) = (x.as_f64(), a.as_f64());
        F::lit(remembered(Kind::GammaP, [x, a, 0.0], || gamma::tails(x, a).0))
    }
    #[inline]
    fn left<F: Scalar>(x: F, a: F, _: F) -> F {
        F::binary::<GammaDensity>(x, a)
    }
    #[inline]
    fn right<F: Scalar>(x: F, a: F, _: F) -> F {
        F::binary::<InParameterOnce>(x, a)
    }
}

/// Q(a, x) = 1 − P(a, x), of x first, with its own digits
pub(crate) struct GammaQ;
impl Binary for GammaQ {
    #[inline]
    fn value<F: Real>(x: F, a: F) -> F {
        let (x, a) = (x.as_f64(), a.as_f64());
        F::lit(remembered(Kind::GammaQ, [x, a, 0.0], || gamma::tails(x, a).1))
    }
    #[inline]
    fn left<F: Scalar>(x: F, a: F, _: F) -> F {
        -F::binary::<GammaDensity>(x, a)
    }
    #[inline]
    fn right<F: Scalar>(x: F, a: F, _: F) -> F {
        -F::binary::<InParameterOnce>(x, a)
    }
}

/// xᵃ⁻¹e⁻ˣ/Γ(a)
struct GammaDensity;
impl Binary for GammaDensity {
    #[inline]
    fn value<F: Real>(x: F, a: F) -> F {
        let (x, a) = (x.as_f64(), a.as_f64());
        F::lit(remembered(Kind::GammaDensity, [x, a, 0.0], || gamma::density(x, a)))
    }
    #[inline]
    fn left<F: Scalar>(x: F, a: F, _: F) -> F {
        if x.primal_is_zero() { slope_at_zero(x, a) } else { F::binary::<GammaSlope>(x, a) }
    }
    #[inline]
    fn right<F: Scalar>(x: F, a: F, _: F) -> F {
        F::binary::<GammaDensityInParameter>(x, a)
    }
}

/// The derivative of the density in x, for x > 0. It and its own derivatives are the products of
/// one number each: the density may be beyond the range of floats where they are not.
struct GammaSlope;
impl Binary for GammaSlope {
    #[inline]
    fn value<F: Real>(x: F, a: F) -> F {
        F::lit(gamma::slope(x.as_f64(), a.as_f64()))
    }
    #[inline]
    fn left<F: Scalar>(x: F, a: F, _: F) -> F {
        F::binary::<GammaCurve>(x, a)
    }
    #[inline]
    fn right<F: Scalar>(x: F, a: F, _: F) -> F {
        F::binary::<GammaSlopeInParameter>(x, a)
    }
}

/// The second derivative of the density in x, for x > 0.
struct GammaCurve;
impl Binary for GammaCurve {
    #[inline]
    fn value<F: Real>(x: F, a: F) -> F {
        F::lit(gamma::curve(x.as_f64(), a.as_f64()))
    }
    #[inline]
    fn left<F: Scalar>(x: F, a: F, _: F) -> F {
        let below = |n: f64| a - F::lit(n);
        let three = F::lit(3.0);
        let cubic = below(1.0) * below(2.0) * (below(3.0) - three * x);
        let cubic = cubic + x * x * (three * below(1.0) - x);
        times(F::binary::<GammaDensity>(x, a), cubic / x / x / x)
    }
    #[inline]
    fn right<F: Scalar>(x: F, a: F, _: F) -> F {
        gamma_curve_in_parameter(x, a)
    }
}

/// The derivative of the density by both, for x > 0.
struct GammaSlopeInParameter;
impl Binary for GammaSlopeInParameter {
    #[inline]
    fn value<F: Real>(x: F, a: F) -> F {
        F::lit(gamma::slope_in_parameter(x.as_f64(), a.as_f64()))
    }
    #[inline]
    fn left<F: Scalar>(x: F, a: F, _: F) -> F {
        gamma_curve_in_parameter(x, a)
    }
    #[inline]
    fn right<F: Scalar>(x: F, a: F, _: F) -> F {
        let (once, twice) = (density_in_parameter(1, x, a), density_in_parameter(2, x, a));
        (F::lit(2.0) * once + twice * (a - F::one() - x)) / x
    }
}

/// The derivative of the density in the parameter.
struct GammaDensityInParameter;
impl Binary for GammaDensityInParameter {
    #[inline]
    fn value<F: Real>(x: F, a: F) -> F {
        density_in_parameter(1, x, a)
    }
    #[inline]
    fn left<F: Scalar>(x: F, a: F, _: F) -> F {
        if !x.primal_is_zero() {
            return F::binary::<GammaSlopeInParameter>(x, a);
        }
        let in_x = slope_at_zero(x, a) * F::binary::<GammaLogRatio>(x, a);
        in_x + times(F::binary::<GammaDensity>(x, a), x.recip())
    }
    #[inline]
    fn right<F: Scalar>(x: F, a: F, _: F) -> F {
        density_in_parameter(2, x, a)
    }
}

/// The derivative of the density twice by x and once by a.
fn gamma_curve_in_parameter<F: Scalar>(x: F, a: F) -> F {
    let (below, two) = (a - F::one(), F::lit(2.0));
    let bend = below * (a - two) - x * (two * below - x);
    let in_parameter = two * (below - x) - F::one();
    let density = F::binary::<GammaDensity>(x, a);
    (times(density, in_parameter) + density_in_parameter(1, x, a) * bend) / x / x
}

/// xᵃ⁻¹e⁻ˣ/Γ(a + 1), which is the density without the factor a that it has where a is small.
struct GammaDensityOverA;
impl Binary for GammaDensityOverA {
    #[inline]
    fn value<F: Real>(x: F, a: F) -> F {
        F::lit(gamma::density_over_a(x.as_f64(), a.as_f64()))
    }
    #[inline]
    fn left<F: Scalar>(x: F, a: F, density: F) -> F {
        times(density, (a - F::one() - x) / x)
    }
    #[inline]
    fn right<F: Scalar>(x: F, a: F, density: F) -> F {
        times(density, F::binary::<GammaLogRatio>(x, a + F::one()))
    }
}

/// ∂ⁿ/∂aⁿ of the density, for n = 1, 2, 3.
fn density_in_parameter<F: Scalar>(n: u32, x: F, a: F) -> F {
    let own = if is_small(a) { a + F::one() } else { a };
    let logarithm = |n, _| match n {
        1 => F::binary::<GammaLogRatio>(x, own),
        _ => -F::polygamma(n - 1, own),
    };
    let density = if is_small(a) {
        F::binary::<GammaDensityOverA>(x, a)
    } else {
        F::binary::<GammaDensity>(x, a)
    };
    times(density, weight(n, 0, &|i, j| factor(i, j, a, F::one()), &logarithm))
}

/// The derivative of xᵃ⁻¹e⁻ˣ/Γ(a), where the density as a factor of it would be 0 or infinite: as
/// powers, which know what they are at 0.
fn slope_at_zero<F: Scalar>(x: F, a: F) -> F {
    let below = a - F::one();
    let scale = (-x - F::unary::<super::rules::Lgamma>(a)).exp();
    let falling = if below.is_all_zero() { F::zero() } else { below * x.powf(below - F::one()) };
    (falling - x.powf(below)) * scale
}

/// A density times what its logarithm's derivative is; 0 where the density is.
#[inline]
fn times<F: Scalar>(density: F, logarithmic: F) -> F {
    if density.primal_is_zero() { F::zero() } else { density * logarithmic }
}

/// ln x − ψ(a)
struct GammaLogRatio;
impl Binary for GammaLogRatio {
    #[inline]
    fn value<F: Real>(x: F, a: F) -> F {
        F::lit(gamma::log_ratio(x.as_f64(), a.as_f64()))
    }
    #[inline]
    fn left<F: Scalar>(x: F, _: F, _: F) -> F {
        x.recip()
    }
    #[inline]
    fn right<F: Scalar>(_: F, a: F, _: F) -> F {
        -F::polygamma(1, a)
    }
}

/// Makes the rule of ∂ⁿP/∂aⁿ, given its derivatives in x and in a.
macro_rules! in_parameter {
    ($rule:ident $order:literal $left:expr, $right:expr) => {
        struct $rule;
        impl Binary for $rule {
            #[inline]
            fn value<F: Real>(x: F, a: F) -> F {
                let (x, a) = (x.as_f64(), a.as_f64());
                let compute = || gamma::in_parameter($order, x, a);
                F::lit(remembered(Kind::GammaInParameter($order), [x, a, 0.0], compute))
            }
            #[inline]
            fn left<F: Scalar>(x: F, a: F, _: F) -> F {
                $left(x, a)
            }
            #[inline]
            fn right<F: Scalar>(x: F, a: F, _: F) -> F {
                $right(x, a)
            }
        }
    };
}
in_parameter! {
    InParameterOnce 1 F::binary::<GammaDensityInParameter>, F::binary::<InParameterTwice>
}
in_parameter! {
    InParameterTwice 2 |x, a| density_in_parameter(2, x, a), F::binary::<InParameterThrice>
}
in_parameter! { InParameterThrice 3 |x, a| density_in_parameter(3, x, a), |_, _| F::nan() }

/// I_x(a, b) = 1/B(a, b) ∫₀ˣ tᵃ⁻¹(1 − t)ᵇ⁻¹ dt
pub(crate) struct BetaInc;
impl Ternary for BetaInc {
    fn value<F: Real>(x: F, a: F, b: F) -> F {
        let (x, a, b) = (x.as_f64(), a.as_f64(), b.as_f64());
        F::lit(remembered(Kind::Beta, [x, a, b], || beta::value(x, a, b)))
    }
    fn partials<F: Scalar>(wanted: [bool; 3], x: F, a: F, b: F) -> [F; 3] {
        expect_both(wanted[1] && wanted[2]);
        only(
            wanted,
            || F::ternary::<BetaDensity>(x, a, b),
            || F::ternary::<InParameters<1, 0>>(x, a, b),
            || F::ternary::<InParameters<0, 1>>(x, a, b),
        )
    }
}

/// xᵃ⁻¹(1 − x)ᵇ⁻¹/B(a, b)
struct BetaDensity;
impl Ternary for BetaDensity {
    fn value<F: Real>(x: F, a: F, b: F) -> F {
        let (x, a, b) = (x.as_f64(), a.as_f64(), b.as_f64());
        F::lit(remembered(Kind::BetaDensity, [x, a, b], || beta::density(x, a, b)))
    }
    fn partials<F: Scalar>(wanted: [bool; 3], x: F, a: F, b: F) -> [F; 3] {
        let slope = || {
            if is_at_end(x) { slope_at_end(x, a, b) } else { F::ternary::<BetaSlope>(x, a, b) }
        };
        only(
            wanted,
            slope,
            || F::ternary::<BetaDensityInA>(x, a, b),
            || F::ternary::<BetaDensityInB>(x, a, b),
        )
    }
}

fn is_at_end<F: Scalar>(x: F) -> bool {
    x.primal_is_zero() || (F::one() - x).primal_is_zero()
}

/// The density's derivative at 0 and 1, as [`slope_at_zero`].
fn slope_at_end<F: Scalar>(x: F, a: F, b: F) -> F {
    let (rest, one) = (F::one() - x, F::one());
    let falling = |x: F, a: F, rest: F, b: F| {
        let factor = a - one;
        let power = || factor * x.powf(factor - one) * rest.powf(b - one);
        if factor.is_all_zero() { F::zero() } else { power() }
    };
    // Of two infinite terms, the one with less of what is zero there is infinitely greater.
    let is_beyond = |rest: F, b: F| rest.primal_is_zero() && b < one;
    let of_x = if is_beyond(rest, b) { F::zero() } else { falling(x, a, rest, b) };
    let of_rest = if is_beyond(x, a) { F::zero() } else { falling(rest, b, x, a) };
    let slope = of_x - of_rest;
    if slope.is_all_zero() {
        return slope;
    }
    slope * (-F::binary::<super::rules::LogBeta>(a, b)).exp()
}

/// The derivative of the density in x, for 0 < x < 1. It and its own derivatives are the products of
/// one number each, as [`GammaSlope`].
struct BetaSlope;
impl Ternary for BetaSlope {
    fn value<F: Real>(x: F, a: F, b: F) -> F {
        F::lit(beta::slope(x.as_f64(), a.as_f64(), b.as_f64()))
    }
    fn partials<F: Scalar>(wanted: [bool; 3], x: F, a: F, b: F) -> [F; 3] {
        only(
            wanted,
            || F::ternary::<BetaCurve>(x, a, b),
            || F::ternary::<BetaSlopeInA>(x, a, b),
            || F::ternary::<BetaSlopeInB>(x, a, b),
        )
    }
}

/// The second derivative of the density in x, for 0 < x < 1.
struct BetaCurve;
impl Ternary for BetaCurve {
    fn value<F: Real>(x: F, a: F, b: F) -> F {
        F::lit(beta::curve(x.as_f64(), a.as_f64(), b.as_f64()))
    }
    fn partials<F: Scalar>(wanted: [bool; 3], x: F, a: F, b: F) -> [F; 3] {
        let (bend, slopes) = (F::ternary::<BetaBend>(x, a, b), BetaBend::partials(wanted, x, a, b));
        let in_x = || bend * F::ternary::<BetaLogSlope>(x, a, b) + slopes[0];
        let density = || F::ternary::<BetaDensityOverFactor>(x, a, b);
        let weight = |i, j| density_weight(i, j, x, a, b);
        only(
            wanted,
            || times(F::ternary::<BetaDensity>(x, a, b), in_x()),
            || times(density(), bend * weight(1, 0) + slopes[1] * weight(0, 0)),
            || times(density(), bend * weight(0, 1) + slopes[2] * weight(0, 0)),
        )
    }
}

/// The density without the factor that vanishes with small parameters.
struct BetaDensityOverFactor;
impl Ternary for BetaDensityOverFactor {
    fn value<F: Real>(x: F, a: F, b: F) -> F {
        F::lit(beta::density_over_factor(x.as_f64(), a.as_f64(), b.as_f64()))
    }
    fn partials<F: Scalar>(wanted: [bool; 3], x: F, a: F, b: F) -> [F; 3] {
        let density = F::ternary::<Self>(x, a, b);
        only(
            wanted,
            || times(density, F::ternary::<BetaLogSlope>(x, a, b)),
            || times(density, F::ternary::<BetaLogRatio>(x, a, b)),
            || times(density, F::ternary::<BetaLogRest>(x, a, b)),
        )
    }
}

/// The derivatives of the density in the first parameter; in x too, for 0 < x < 1.
struct BetaDensityInA;
impl Ternary for BetaDensityInA {
    fn value<F: Real>(x: F, a: F, b: F) -> F {
        F::lit(beta::density_in_a(x.as_f64(), a.as_f64(), b.as_f64()))
    }
    fn partials<F: Scalar>(wanted: [bool; 3], x: F, a: F, b: F) -> [F; 3] {
        let in_x = || {
            if !is_at_end(x) {
                return F::ternary::<BetaSlopeInA>(x, a, b);
            }
            let ratio = density_weight(1, 0, x, a, b) / density_weight(0, 0, x, a, b);
            slope_at_end(x, a, b) * ratio + times(F::ternary::<BetaDensity>(x, a, b), x.recip())
        };
        only(
            wanted,
            in_x,
            || density_in_parameters(2, 0, x, a, b),
            || density_in_parameters(1, 1, x, a, b),
        )
    }
}
struct BetaSlopeInA;
impl Ternary for BetaSlopeInA {
    fn value<F: Real>(x: F, a: F, b: F) -> F {
        F::lit(beta::slope_in_a(x.as_f64(), a.as_f64(), b.as_f64()))
    }
    fn partials<F: Scalar>(wanted: [bool; 3], x: F, a: F, b: F) -> [F; 3] {
        only(
            wanted,
            || BetaCurve::partials([false, true, false], x, a, b)[1],
            || slope_in_parameters(2, 0, x, a, b),
            || slope_in_parameters(1, 1, x, a, b),
        )
    }
}

/// The same in the second.
struct BetaDensityInB;
impl Ternary for BetaDensityInB {
    fn value<F: Real>(x: F, a: F, b: F) -> F {
        F::lit(beta::density_in_b(x.as_f64(), a.as_f64(), b.as_f64()))
    }
    fn partials<F: Scalar>(wanted: [bool; 3], x: F, a: F, b: F) -> [F; 3] {
        let in_x = || {
            if !is_at_end(x) {
                return F::ternary::<BetaSlopeInB>(x, a, b);
            }
            let rest = density_weight(0, 1, x, a, b) / density_weight(0, 0, x, a, b);
            let of_rest = (x - F::one()).recip();
            slope_at_end(x, a, b) * rest + times(F::ternary::<BetaDensity>(x, a, b), of_rest)
        };
        only(
            wanted,
            in_x,
            || density_in_parameters(1, 1, x, a, b),
            || density_in_parameters(0, 2, x, a, b),
        )
    }
}
struct BetaSlopeInB;
impl Ternary for BetaSlopeInB {
    fn value<F: Real>(x: F, a: F, b: F) -> F {
        F::lit(beta::slope_in_b(x.as_f64(), a.as_f64(), b.as_f64()))
    }
    fn partials<F: Scalar>(wanted: [bool; 3], x: F, a: F, b: F) -> [F; 3] {
        only(
            wanted,
            || BetaCurve::partials([false, false, true], x, a, b)[2],
            || slope_in_parameters(1, 1, x, a, b),
            || slope_in_parameters(0, 2, x, a, b),
        )
    }
}

/// s = (a − 1)/x − (b − 1)/(1 − x)
struct BetaLogSlope;
impl Ternary for BetaLogSlope {
    fn value<F: Real>(x: F, a: F, b: F) -> F {
        F::lit(beta::log_slope(x.as_f64(), a.as_f64(), b.as_f64()))
    }
    fn partials<F: Scalar>(_: [bool; 3], x: F, a: F, b: F) -> [F; 3] {
        let one = F::one();
        let (inverse, of_rest) = (x.recip(), (one - x).recip());
        let in_x = (one - a) * inverse * inverse + (one - b) * of_rest * of_rest;
        [in_x, inverse, -of_rest]
    }
}

/// s² + s′, the second derivative of the density divided by it. Where a parameter is 2, its largest
/// terms cancel.
struct BetaBend;
impl Ternary for BetaBend {
    fn value<F: Real>(x: F, a: F, b: F) -> F {
        F::lit(beta::bend(x.as_f64(), a.as_f64(), b.as_f64()))
    }
    fn partials<F: Scalar>(_: [bool; 3], x: F, a: F, b: F) -> [F; 3] {
        let (one, two) = (F::one(), F::lit(2.0));
        let slope = F::ternary::<BetaLogSlope>(x, a, b);
        let (inverse, of_rest) = (x.recip(), (one - x).recip());
        let (of_x, of_y) = ((a - one) * inverse * inverse, (b - one) * of_rest * of_rest);
        [
            two * (of_x * (inverse - slope) - of_y * (of_rest + slope)),
            inverse * (two * slope - inverse),
            -of_rest * (two * slope + of_rest),
        ]
    }
}

/// ln x − ψ(a) + ψ(a + b), without what the factor has of it.
struct BetaLogRatio;
impl Ternary for BetaLogRatio {
    fn value<F: Real>(x: F, a: F, b: F) -> F {
        F::lit(beta::log_ratio(x.as_f64(), a.as_f64(), b.as_f64()))
    }
    fn partials<F: Scalar>(wanted: [bool; 3], x: F, a: F, b: F) -> [F; 3] {
        only(
            wanted,
            || x.recip(),
            || log_beta_derivative(2, 0, a, b),
            || log_beta_derivative(1, 1, a, b),
        )
    }
}

/// ln(1 − x) − ψ(b) + ψ(a + b), alike.
struct BetaLogRest;
impl Ternary for BetaLogRest {
    fn value<F: Real>(x: F, a: F, b: F) -> F {
        F::lit(beta::log_rest(x.as_f64(), a.as_f64(), b.as_f64()))
    }
    fn partials<F: Scalar>(wanted: [bool; 3], x: F, a: F, b: F) -> [F; 3] {
        only(
            wanted,
            || -(F::one() - x).recip(),
            || log_beta_derivative(1, 1, a, b),
            || log_beta_derivative(0, 2, a, b),
        )
    }
}

/// ∂ⁱ⁺ʲI/∂aⁱ∂bʲ
struct InParameters<const I: u32, const J: u32>;

/// Makes the rules of the derivatives in the parameters, given those of the next order.
macro_rules! in_parameters {
    ($($i:literal $j:literal: $in_a:expr, $in_b:expr;)*) => {$(
        impl Ternary for InParameters<$i, $j> {
            fn value<F: Real>(x: F, a: F, b: F) -> F {
                let (x, a, b) = (x.as_f64(), a.as_f64(), b.as_f64());
                let compute = || beta_in_parameters([$i, $j], x, a, b);
                F::lit(remembered(Kind::BetaInParameters([$i, $j]), [x, a, b], compute))
            }
            fn partials<F: Scalar>(wanted: [bool; 3], x: F, a: F, b: F) -> [F; 3] {
                let in_x = || density_in_parameters($i, $j, x, a, b);
                only(wanted, in_x, || $in_a(x, a, b), || $in_b(x, a, b))
            }
        }
    )*};
}
in_parameters! {
    1 0: F::ternary::<InParameters<2, 0>>, F::ternary::<InParameters<1, 1>>;
    0 1: F::ternary::<InParameters<1, 1>>, F::ternary::<InParameters<0, 2>>;
    2 0: F::ternary::<InParameters<3, 0>>, F::ternary::<InParameters<2, 1>>;
    1 1: F::ternary::<InParameters<2, 1>>, F::ternary::<InParameters<1, 2>>;
    0 2: F::ternary::<InParameters<1, 2>>, F::ternary::<InParameters<0, 3>>;
    3 0: unknown, unknown;
    2 1: unknown, unknown;
    1 2: unknown, unknown;
    0 3: unknown, unknown;
}

/// The derivative; of first ones both where they are asked for together.
fn beta_in_parameters(order: [u32; 2], x: f64, a: f64, b: f64) -> f64 {
    let is_by_a = order == [1, 0];
    if (is_by_a || order == [0, 1])
        && expects_both()
        && let Some([in_a, in_b]) = beta::in_both_parameters(x, a, b)
    {
        let (result, other, its_order) =
            if is_by_a { (in_a, in_b, [0, 1]) } else { (in_b, in_a, [1, 0]) };
        remember(Kind::BetaInParameters(its_order), [x, a, b], other);
        return result;
    }
    beta::in_parameters(order, x, a, b)
}

/// A derivative of the fourth order in the parameters, which nobody can compute.
fn unknown<F: Scalar>(_: F, _: F, _: F) -> F {
    F::nan()
}

/// The density, differentiated i times in a and j times in b.
fn density_in_parameters<F: Scalar>(i: u32, j: u32, x: F, a: F, b: F) -> F {
    match (i, j) {
        (1, 0) => F::ternary::<BetaDensityInA>(x, a, b),
        (0, 1) => F::ternary::<BetaDensityInB>(x, a, b),
        _ if is_at_end(x) => at_end_in_parameters(i, j, x, a, b),
        _ => {
            let density = F::ternary::<BetaDensityOverFactor>(x, a, b);
            times(density, density_weight(i, j, x, a, b))
        }
    }
}

/// The same at 0 and 1, where of the logarithm that is infinite the highest power counts.
fn at_end_in_parameters<F: Scalar>(i: u32, j: u32, x: F, a: F, b: F) -> F {
    let weight = |i, j| density_weight(i, j, x, a, b);
    let (infinite, n, other) = if x.primal_is_zero() {
        (F::ternary::<BetaLogRatio>(x, a, b), i, weight(0, j))
    } else {
        (F::ternary::<BetaLogRest>(x, a, b), j, weight(i, 0))
    };
    let logarithmic = (0..n).fold(other / weight(0, 0), |power, _| power * infinite);
    times(F::ternary::<BetaDensity>(x, a, b), logarithmic)
}

/// The derivative of that in x, for 0 < x < 1: each logarithm that is multiplied has its slope.
fn slope_in_parameters<F: Scalar>(i: u32, j: u32, x: F, a: F, b: F) -> F {
    let weight = |i, j| density_weight(i, j, x, a, b);
    let mut slope = F::ternary::<BetaLogSlope>(x, a, b) * weight(i, j);
    if i > 0 {
        slope += F::lit(f64::from(i)) / x * weight(i - 1, j);
    }
    if j > 0 {
        slope -= F::lit(f64::from(j)) / (F::one() - x) * weight(i, j - 1);
    }
    times(F::ternary::<BetaDensityOverFactor>(x, a, b), slope)
}

/// What the density without the factor is multiplied by in derivatives by the parameters.
fn density_weight<F: Scalar>(i: u32, j: u32, x: F, a: F, b: F) -> F {
    let logarithm = |i, j| match (i, j) {
        (1, 0) => F::ternary::<BetaLogRatio>(x, a, b),
        (0, 1) => F::ternary::<BetaLogRest>(x, a, b),
        _ => log_beta_derivative(i, j, a, b),
    };
    weight(i, j, &|i, j| factor(i, j, a, b), &logarithm)
}

#[cfg(test)]
mod tests {
    use super::{BetaDensity, BetaInc, Ternary, beta};
    use crate::scalar::Dual;

    /// What nobody asks for is not computed: an integral by a parameter costs as much as the value.
    #[test]
    fn derivatives_that_are_not_wanted_are_left_out() {
        let all = BetaInc::partials([true; 3], 0.3, 2.0, 3.5);
        assert!(all.iter().all(|&partial| partial != 0.0), "{all:?}");
        for position in 0..3 {
            let wanted = [0, 1, 2].map(|i| i == position);
            let some = BetaInc::partials(wanted, 0.3, 2.0, 3.5);
            let expected = [0, 1, 2].map(|i| if i == position { all[i] } else { 0.0 });
            assert_eq!(some, expected);
        }
    }

    /// Derivatives in both parameters have the bits of each by itself: on either side of the mean, with
    /// small parameters and large ones.
    #[test]
    fn derivatives_in_both_parameters_are_those_in_each() {
        let parameters = [0.03, 0.7, 1.0, 2.5, 30.0, 400.0];
        let mut together = 0;
        for x in [1e-9, 0.02, 0.3, 0.5, 0.8, 0.999] {
            for (a, b) in parameters.iter().flat_map(|a| parameters.map(|b| (*a, b))) {
                let each = [[1, 0], [0, 1]].map(|order| beta::in_parameters(order, x, a, b));
                if let Some(both) = beta::in_both_parameters(x, a, b) {
                    assert_eq!(both, each, "{x} {a} {b}");
                    together += 1;
                }
            }
        }
        assert!(together > 100, "{together}");
    }

    /// A tangent along one argument has that argument's derivatives, and to the last bit.
    #[test]
    fn tangents_along_one_argument_are_its_derivatives() {
        let at = [0.3, 2.0, 3.5];
        let all = BetaDensity::partials([true; 3], at[0], at[1], at[2]);
        for position in 0..3 {
            let mut x = at.map(Dual::constant);
            x[position] = Dual::variable(at[position]);
            let [density, ..] = BetaInc::partials([true, false, false], x[0], x[1], x[2]);
            assert_eq!(density.tangent, all[position]);
        }
    }
}
