//! What an operation makes of series, told by its name.

use super::series::{self as s, Series};
use crate::error::{Error, Kind};
use crate::ops::rules::{self, Erfcx, LogNormalCdf, Sinc};
use crate::ops::{Binary, OpKind, Ternary, Unary, Which, polygamma};
use crate::scalar::{Concrete, Evaluate, Real};

/// The series of an operation, or `None` where its operands are not as many as it takes, and where
/// there is no recurrence: of a derivative of an operation of two variables, and of an incomplete
/// function whose parameter varies.
pub(crate) fn apply<F: Real>(kind: OpKind, xs: &[&[F]]) -> Option<Series<F>> {
    match *xs {
        [x] => unary(kind, x).or_else(|| nary(kind, xs)),
        [x, y] => binary(kind, x, y).or_else(|| nary(kind, xs)),
        _ => nary(kind, xs),
    }
}

/// As [`apply`] to as many operands as the operation takes, with the reason where there is no
/// series.
pub(crate) fn try_apply<F: Real>(kind: OpKind, xs: &[&[F]]) -> Result<Series<F>, Error> {
    let reason = || match kind {
        OpKind::GammaP | OpKind::GammaQ | OpKind::BetaInc => Kind::ParameterOnPath { kind },
        _ => Kind::NoSeries,
    };
    apply(kind, xs).ok_or_else(|| reason().into())
}

/// The value of a rule, and its slope.
fn at<R: Unary, F: Real>(x: F) -> (F, F) {
    let y = F::unary::<R>(x);
    (y, R::partial(x, y))
}

fn value<R: Unary, F: Real>(x: &[F]) -> F {
    F::unary::<R>(x[0])
}

/// A function with a kink, which is linear beside it.
fn linear<R: Unary, F: Real>(x: &[F]) -> Series<F> {
    let (y, slope) = at::<R, F>(x[0]);
    s::from(y, s::scaled(slope, x))
}

fn linear_in_two<R: Binary, F: Real>(x: &[F], y: &[F]) -> Series<F> {
    let z = F::binary::<R>(x[0], y[0]);
    let left = s::scaled(R::left(x[0], y[0], z), x);
    s::from(z, s::add(&left, &s::scaled(R::right(x[0], y[0], z), y)))
}

/// 1 + c·x² as a product of factors, or where there are none as it is.
fn one_plus_square<F: Real>(x: &[F], c: F) -> Series<F> {
    let one = s::constant(F::one(), x.len());
    if c > F::zero() {
        s::add(&one, &s::mul(x, x))
    } else {
        s::mul(&s::sub(&one, x), &s::add(&one, x))
    }
}

fn exp<F: Real>(x: &[F]) -> Series<F> {
    s::exp(x[0].exp(), x)
}

fn ln<F: Real>(x: &[F]) -> Series<F> {
    s::ln(x[0].ln(), x)
}

fn sigmoid<F: Real>(x: &[F]) -> Series<F> {
    s::sigmoid(value::<rules::Sigmoid, F>(x), F::unary::<rules::Sigmoid>(-x[0]), x)
}

fn softplus<F: Real>(x: &[F]) -> Series<F> {
    s::integral(value::<rules::Softplus, F>(x), &sigmoid(x), x)
}

fn pdf<F: Real>(x: &[F]) -> Series<F> {
    s::bell(value::<rules::NormalPdf, F>(x), -F::one(), x)
}

fn cdf<F: Real>(x: &[F]) -> Series<F> {
    s::integral(value::<rules::NormalCdf, F>(x), &pdf(x), x)
}

fn tanh<F: Real>(x: &[F]) -> Series<F> {
    // 2σ(2x) − 1, of which nothing cancels but the constant term.
    let two = F::lit(2.0);
    s::from(value::<rules::Tanh, F>(x), s::scaled(two, &sigmoid(&s::scaled(two, x))))
}

fn log1mexp<F: Real>(x: &[F]) -> Series<F> {
    let rest = s::map(&s::from(x[0].exp_m1(), exp(x)), |x| -x);
    let slope = s::map(&s::div(&exp(x), &rest), |x| -x);
    s::integral(value::<rules::Log1mExp, F>(x), &slope, x)
}

/// ψ⁽ᵐ⁻¹⁾(x(t)), where ψ⁽⁻¹⁾ is ln Γ.
fn log_gamma<F: Real>(m: u32, x: &[F]) -> Series<F> {
    s::composed(x, |n| match (m + n).checked_sub(1) {
        None => value::<rules::Lgamma, F>(x),
        Some(order) => F::lit(polygamma(order, x[0].as_f64())),
    })
}

#[allow(clippy::too_many_lines, reason = "a line for each operation")]
fn unary<F: Real>(kind: OpKind, x: &[F]) -> Option<Series<F>> {
    use OpKind as K;
    let one = F::one();
    let plus_one = |x: &[F]| s::from(x[0] + one, x.into());
    Some(match kind {
        K::Neg => s::map(x, |x| -x),
        K::Recip => s::recip(x),
        K::Sqrt => s::sqrt(x),
        K::Cbrt => s::power(x[0].cbrt(), F::lit(1.0 / 3.0), x),
        K::Exp => exp(x),
        K::Exp2 => s::exp(x[0].exp2(), &s::scaled(F::LN_2(), x)),
        K::ExpM1 => s::from(x[0].exp_m1(), exp(x)),
        K::Ln => ln(x),
        K::Ln1p => s::from(x[0].ln_1p(), ln(&plus_one(x))),
        K::Log2 => s::from(x[0].log2(), s::scaled(F::LOG2_E(), &ln(x))),
        K::Log10 => s::from(x[0].log10(), s::scaled(F::LOG10_E(), &ln(x))),
        K::Sin => s::pair(x[0].sin(), x[0].cos(), -one, x).0,
        K::Cos => s::pair(x[0].sin(), x[0].cos(), -one, x).1,
        K::Tan => {
            let (y, slope) = at::<rules::Tan, F>(x[0]);
            s::tangent(y, slope, x)
        }
        K::Asin => s::integral(x[0].asin(), &s::recip(&s::sqrt(&one_plus_square(x, -one))), x),
        K::Acos => {
            let slope = s::recip(&s::sqrt(&one_plus_square(x, -one)));
            s::integral(x[0].acos(), &s::map(&slope, |x| -x), x)
        }
        K::Atan => s::integral(x[0].atan(), &s::recip(&one_plus_square(x, one)), x),
        K::Sinh => s::pair(x[0].sinh(), x[0].cosh(), one, x).0,
        K::Cosh => s::pair(x[0].sinh(), x[0].cosh(), one, x).1,
        K::Tanh => tanh(x),
        K::Asinh => s::integral(x[0].asinh(), &s::recip(&s::sqrt(&one_plus_square(x, one))), x),
        K::Acosh => {
            let minus_one = s::from(x[0] - one, x.into());
            let root = s::mul(&s::sqrt(&minus_one), &s::sqrt(&plus_one(x)));
            s::integral(x[0].acosh(), &s::recip(&root), x)
        }
        K::Atanh => s::integral(x[0].atanh(), &s::recip(&one_plus_square(x, -one)), x),
        K::Abs => linear::<rules::Abs, F>(x),
        K::Signum => linear::<rules::Signum, F>(x),
        K::Floor => linear::<rules::Floor, F>(x),
        K::Ceil => linear::<rules::Ceil, F>(x),
        K::Round => linear::<rules::Round, F>(x),
        K::Trunc => linear::<rules::Trunc, F>(x),
        K::Fract => linear::<rules::Fract, F>(x),
        K::Relu => linear::<rules::Relu, F>(x),
        K::Sigmoid => sigmoid(x),
        K::Softplus => softplus(x),
        K::Silu => s::from(value::<rules::Silu, F>(x), s::mul(x, &sigmoid(x))),
        K::Gelu => s::from(value::<rules::Gelu, F>(x), s::mul(x, &cdf(x))),
        K::Erf | K::Erfc => {
            let (y, slope) = at::<rules::Erf, F>(x[0]);
            let bell = s::bell(slope, F::lit(-2.0), x);
            let erf = s::integral(y, &bell, x);
            match kind {
                K::Erf => erf,
                _ => s::from(x[0].erfc(), s::map(&erf, |x| -x)),
            }
        }
        K::Lgamma => log_gamma(0, x),
        K::Digamma => log_gamma(1, x),
        K::NormalPdf => pdf(x),
        K::NormalCdf => cdf(x),
        K::Log1mExp => log1mexp(x),
        K::LogSigmoid => {
            let minus = s::map(x, |x| -x);
            s::map(&softplus(&minus), |x| -x)
        }
        K::LogCosh => s::integral(value::<rules::LogCosh, F>(x), &tanh(x), x),
        K::Sinc => s::of_derivatives::<Sinc, F>(x),
        K::Erfcx => s::of_derivatives::<Erfcx, F>(x),
        K::LogNormalCdf => s::of_derivatives::<LogNormalCdf, F>(x),
        K::ErfInv => {
            let (y, slope) = at::<rules::ErfInv, F>(x[0]);
            s::inverse_bell(y, slope, F::lit(2.0), x)
        }
        K::NormalQuantile => {
            let (y, slope) = at::<rules::NormalQuantile, F>(x[0]);
            s::inverse_bell(y, slope, one, x)
        }
        _ => return None,
    })
}

/// Whether a series is a number and nothing else.
fn is_constant<F: Real>(x: &[F]) -> bool {
    x[1..].iter().all(F::is_zero)
}

/// xʸ: by a recurrence where the exponent is a number, else that of its constant term times
/// e^((y − y₀)·ln x).
fn pow<F: Real>(x: &[F], y: &[F]) -> Series<F> {
    let first = x[0].powf(y[0]);
    if !is_constant(y) {
        let rest = s::from(F::zero(), y.into());
        let power = pow(x, &s::constant(y[0], y.len()));
        return s::mul(&power, &exp(&s::mul(&rest, &ln(x))));
    }
    let whole = y[0].to_u32().filter(|&n| F::lit(f64::from(n)) == y[0] && n < 64);
    match whole {
        Some(n) if x[0].is_zero() || n < 4 => s::from(first, s::whole_power(x, n)),
        _ => s::power(first, y[0], x),
    }
}

/// x·l for a logarithm l that counts only beside an x that is not 0.
fn times_logarithm<F: Real>(first: F, x: &[F], logarithm: &[F]) -> Series<F> {
    let is_lost = x[0].is_zero() && !logarithm[0].is_finite();
    if is_lost { s::constant(first, x.len()) } else { s::from(first, s::mul(x, logarithm)) }
}

fn log_add_exp<F: Real>(x: &[F], y: &[F]) -> Series<F> {
    let (larger, smaller) = if x[0] > y[0] { (x, y) } else { (y, x) };
    let rest = softplus(&s::sub(smaller, larger));
    s::from(F::binary::<rules::LogAddExp>(x[0], y[0]), s::add(larger, &rest))
}

fn binary<F: Real>(kind: OpKind, x: &[F], y: &[F]) -> Option<Series<F>> {
    use OpKind as K;
    Some(match kind {
        K::Add => s::add(x, y),
        K::Sub => s::sub(x, y),
        K::Mul | K::Chain => s::mul(x, y),
        K::Div => s::div(x, y),
        K::Rem => linear_in_two::<rules::Rem, F>(x, y),
        K::Pow | K::Powi => pow(x, y),
        K::Hypot => s::length(x[0].hypot(y[0]), &[x, y]),
        K::Log => s::from(x[0].log(y[0]), s::div(&ln(x), &ln(y))),
        K::Atan2 => {
            // θ′ = (x·y′ − y·x′)/(x² + y²) for the angle of (y, x), written atan2(x, y) here.
            let squared = s::add(&s::mul(x, x), &s::mul(y, y));
            let (of_x, of_y) = (s::div(y, &squared), s::div(x, &squared));
            let zero = F::zero();
            let terms = s::sub(&s::integral(zero, &of_x, x), &s::integral(zero, &of_y, y));
            s::from(x[0].atan2(y[0]), terms)
        }
        K::Max => linear_in_two::<rules::Max, F>(x, y),
        K::Min => linear_in_two::<rules::Min, F>(x, y),
        K::Copysign => linear_in_two::<rules::Copysign, F>(x, y),
        K::LeakyRelu if x[0] > F::zero() => x.into(),
        K::LeakyRelu => s::mul(x, y),
        K::Xlogy => times_logarithm(F::binary::<rules::Xlogy>(x[0], y[0]), x, &ln(y)),
        K::Xlog1py => {
            let logarithm = s::from(y[0].ln_1p(), ln(&s::from(F::one() + y[0], y.into())));
            times_logarithm(F::binary::<rules::Xlog1py>(x[0], y[0]), x, &logarithm)
        }
        K::LogAddExp => log_add_exp(x, y),
        K::LogDiffExp => {
            let rest = log1mexp(&s::sub(y, x));
            s::from(F::binary::<rules::LogDiffExp>(x[0], y[0]), s::add(x, &rest))
        }
        K::LogBeta => {
            let apart = s::add(&log_gamma(0, x), &log_gamma(0, y));
            let together = log_gamma(0, &s::add(x, y));
            s::from(F::binary::<rules::LogBeta>(x[0], y[0]), s::sub(&apart, &together))
        }
        K::GammaP => incomplete_gamma::<rules::GammaP, F>(x, y)?,
        K::GammaQ => incomplete_gamma::<rules::GammaQ, F>(x, y)?,
        K::Derivative => derivative(x[0], y)?,
        _ => return None,
    })
}

/// An incomplete gamma function, whose slope is a multiple of x^(a − 1)·e⁻ˣ; of a parameter that
/// varies there is no recurrence.
fn incomplete_gamma<R: Binary, F: Real>(x: &[F], a: &[F]) -> Option<Series<F>> {
    if !is_constant(a) {
        return None;
    }
    let value = F::binary::<R>(x[0], a[0]);
    let logarithm = s::sub(&s::scaled(a[0] - F::one(), &ln(x)), x);
    Some(s::integral(value, &s::exp(R::left(x[0], a[0], value), &logarithm), x))
}

/// The incomplete beta function likewise, whose slope is a multiple of x^(a − 1)·(1 − x)^(b − 1).
fn beta_inc<F: Real>(x: &[F], a: &[F], b: &[F]) -> Option<Series<F>> {
    if !(is_constant(a) && is_constant(b)) {
        return None;
    }
    let [slope, _, _] = rules::BetaInc::partials([true, false, false], x[0], a[0], b[0]);
    let rest = s::sub(&s::constant(F::one(), x.len()), x);
    let [left, right] = [(a, x), (b, &rest)].map(|(c, x)| s::scaled(c[0] - F::one(), &ln(x)));
    let density = s::exp(slope, &s::add(&left, &right));
    Some(s::integral(F::ternary::<rules::BetaInc>(x[0], a[0], b[0]), &density, x))
}

/// A derivative of a function of one variable: its series along x itself, differentiated, and then
/// along x(t).
fn derivative<F: Real>(code: F, x: &[F]) -> Option<Series<F>> {
    let which = Which::from_code(code.as_f64())?;
    if which == Which::SEED {
        return Some(s::constant(F::derived(which, &[x[0]]), x.len()));
    }
    let (kind, order) = which.of_one_variable()?;
    let mut along = s::constant(x[0], x.len() + order);
    if let Some(slope) = along.get_mut(1) {
        *slope = F::one();
    }
    let all = unary(kind, &along)?;
    let factorial = |n: usize| (1..=n).fold(F::one(), |product, k| product * F::lit(k as f64));
    Some(s::composed(x, |n| all[n as usize + order] * factorial(n as usize + order)))
}

/// What a recorded sweep has for weights and their shares of a sum.
fn derivative_of_two<F: Real>(code: F, x: &[F], y: &[F]) -> Option<Series<F>> {
    let which = Which::from_code(code.as_f64())?;
    let first = F::derived(which, &[x[0], y[0]]);
    match which {
        Which::SHARE if y[0].is_zero() => Some(s::constant(first, x.len())),
        Which::SHARE => Some(s::from(first, s::div(x, y))),
        Which::PART if x[0] + y[0] == F::zero() => Some(s::constant(first, x.len())),
        Which::PART => Some(s::from(first, s::div(x, &s::add(x, y)))),
        Which::WEIGHT => Some(s::exp(first, x)),
        _ => None,
    }
}

fn nary<F: Real>(kind: OpKind, xs: &[&[F]]) -> Option<Series<F>> {
    use OpKind as K;
    let len = xs.first()?.len();
    let zero = || s::constant(F::zero(), len);
    let sum = |terms: &mut dyn Iterator<Item = Series<F>>| {
        terms.reduce(|a, b| s::add(&a, &b)).unwrap_or_else(zero)
    };
    let horner = |x: &[F], coefficients: &[&[F]]| {
        let terms = coefficients.iter().rev().map(|c| Series::from_slice(c));
        terms.reduce(|y, c| s::add(&s::mul(&y, x), &c)).unwrap_or_else(zero)
    };
    Some(match (kind, xs) {
        (K::BetaInc, [x, a, b]) => beta_inc(x, a, b)?,
        (K::MulAdd, [x, y, z]) => s::add(&s::mul(x, y), z),
        (K::Clamp, [x, low, _]) if x[0] <= low[0] => Series::from_slice(low),
        (K::Clamp, [x, _, high]) if x[0] >= high[0] => Series::from_slice(high),
        (K::Clamp, [x, _, _]) => Series::from_slice(x),
        (K::Sum, _) => sum(&mut xs.iter().map(|x| Series::from_slice(x))),
        (K::Mean, _) => {
            let count = F::lit(xs.len() as f64);
            s::map(&sum(&mut xs.iter().map(|x| Series::from_slice(x))), |x| x / count)
        }
        (K::Product, _) => {
            let one = s::constant(F::one(), len);
            xs.iter().fold(one, |product, x| s::mul(&product, x))
        }
        (K::Dot | K::LinearCombination, _) => {
            let (a, b) = xs.split_at(xs.len() / 2);
            sum(&mut a.iter().zip(b).map(|(a, b)| s::mul(a, b)))
        }
        (K::SquaredNorm, _) => sum(&mut xs.iter().map(|x| s::mul(x, x))),
        (K::Norm, _) => {
            let firsts: Series<F> = xs.iter().map(|x| x[0]).collect();
            s::length(F::reduced::<rules::Norm>(kind, &firsts), xs)
        }
        (K::Horner | K::Polynomial, [x, coefficients @ ..]) => horner(x, coefficients),
        (K::LogSumExp, _) => {
            let firsts: Series<F> = xs.iter().map(|x| x[0]).collect();
            let y = F::reduced::<rules::LogSumExp>(kind, &firsts);
            // The value as a shift keeps all weights below 1.
            let weights = xs.iter().map(|x| s::exp((x[0] - y).exp(), x));
            let total = sum(&mut weights.collect::<Vec<_>>().into_iter());
            s::from(y, ln(&total))
        }
        (K::Derivative, &[code, x, y]) => derivative_of_two(code[0], x, y)?,
        (K::SelectLess, &[x, y, a, b]) => Series::from_slice(if x[0] < y[0] { a } else { b }),
        (K::SelectLessOrEqual, &[x, y, a, b]) => {
            Series::from_slice(if x[0] <= y[0] { a } else { b })
        }
        (K::SelectEqual, &[x, y, a, b]) => Series::from_slice(if x[0] == y[0] { a } else { b }),
        _ => return None,
    })
}
