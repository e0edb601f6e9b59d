//! A naive oracle: one derivative of an expression by recursion, with formulas from the book.
//!
//! It shares no code with the engine. To tell a wrong derivative from one that rounding has
//! spoiled, the recursion can disturb every value and every partial derivative a little: what
//! that changes is what rounding may change.

use super::Expression;
use libm::{erf, erfc};
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, LN_2, LN_10, PI};
use wengert::OpKind;

/// What the oracle finds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Derivative {
    pub(crate) value: f64,
    pub(crate) derivative: f64,
    /// The sum of the absolute values of what adds up to the derivative.
    pub(crate) influence: f64,
}

/// Pseudorandom relative disturbances of a size (Knuth's MMIX generator).
#[derive(Debug)]
struct Noise {
    size: f64,
    state: u64,
}

impl Noise {
    fn disturb(&mut self, number: f64) -> f64 {
        let next = self.state.wrapping_mul(6_364_136_223_846_793_005);
        self.state = next.wrapping_add(1_442_695_040_888_963_407);
        let between_minus_one_and_one = (self.state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
        number * (1.0 + self.size * between_minus_one_and_one)
    }
}

/// The derivative with respect to input `i`, and by how much disturbances of a relative size of
/// 1e-13 change it.
pub(crate) fn differentiate(expression: &Expression, x: &[f64], i: usize) -> (Derivative, f64) {
    let with_noise = |size, state| recurse(expression, x, i, &mut Noise { size, state });
    let found = with_noise(0.0, 0);
    let changes = (1..=8).map(|seed| (with_noise(1e-13, seed).derivative - found.derivative).abs());
    (found, changes.fold(0.0, f64::max))
}

fn recurse(expression: &Expression, x: &[f64], i: usize, noise: &mut Noise) -> Derivative {
    let leaf = |value, derivative: f64| Derivative { value, derivative, influence: derivative };
    match expression {
        Expression::Input(j) => leaf(x[*j], if *j == i { 1.0 } else { 0.0 }),
        Expression::Constant(c) => leaf(*c, 0.0),
        Expression::Apply(kind, arguments) => {
            let arguments: Vec<_> = arguments.iter().map(|a| recurse(a, x, i, noise)).collect();
            chain(*kind, &arguments, noise)
        }
    }
}

/// The chain rule for one operation.
fn chain(kind: OpKind, arguments: &[Derivative], noise: &mut Noise) -> Derivative {
    let values: Vec<f64> = arguments.iter().map(|argument| argument.value).collect();
    let (value, partials) = partials(kind, &values);
    let mut found = Derivative { value: noise.disturb(value), derivative: 0.0, influence: 0.0 };
    for (argument, partial) in arguments.iter().zip(partials) {
        if argument.influence != 0.0 {
            found.derivative += argument.derivative * noise.disturb(partial);
            found.influence += argument.influence * partial.abs();
        }
    }
    found
}

/// The value of an operation and its partial derivatives.
fn partials(kind: OpKind, xs: &[f64]) -> (f64, Vec<f64>) {
    match (kind, xs) {
        (OpKind::Powi, &[x, n]) => (x.powi(n as i32), vec![n * x.powi(n as i32 - 1), 0.0]),
        (OpKind::MulAdd, &[x, y, z]) => (x * y + z, vec![y, x, 1.0]),
        (OpKind::Clamp, &[x, low, high]) => clamp(x, low, high),
        (OpKind::BetaInc, &[x, a, b]) => beta_inc(x, a, b),
        (OpKind::SelectLess, &[x, y, a, b]) => one_of(x < y, a, b),
        (OpKind::SelectLessOrEqual, &[x, y, a, b]) => one_of(x <= y, a, b),
        (OpKind::SelectEqual, &[x, y, a, b]) => one_of(x == y, a, b),
        (OpKind::Polynomial | OpKind::Horner, [x, coefficients @ ..]) => horner(*x, coefficients),
        (OpKind::Dot | OpKind::LinearCombination, xs) => dot(xs.split_at(xs.len() / 2)),
        (OpKind::Sum, xs) => (xs.iter().sum(), vec![1.0; xs.len()]),
        (OpKind::Mean, xs) => {
            let n = xs.len() as f64;
            (xs.iter().sum::<f64>() / n, vec![1.0 / n; xs.len()])
        }
        (OpKind::Product, xs) => product(xs),
        (OpKind::SquaredNorm, xs) => {
            (xs.iter().map(|x| x * x).sum(), xs.iter().map(|x| 2.0 * x).collect())
        }
        (OpKind::Norm, xs) => {
            let norm = xs.iter().map(|x| x * x).sum::<f64>().sqrt();
            (norm, xs.iter().map(|x| x / norm).collect())
        }
        (OpKind::LogSumExp, xs) => log_sum_exp(xs),
        (kind, &[x]) => {
            let (value, slope) = unary(kind, x);
            (value, vec![slope])
        }
        (kind, &[x, y]) => {
            let (value, left, right) = binary(kind, x, y);
            (value, vec![left, right])
        }
        (kind, _) => panic!("`{kind}` is not known to the oracle"),
    }
}

fn clamp(x: f64, low: f64, high: f64) -> (f64, Vec<f64>) {
    let share = |is_it: bool| if is_it { 1.0 } else { 0.0 };
    let partials = [share(low < x && x < high), share(x < low), share(x > high)];
    (x.clamp(low, high), partials.to_vec())
}

fn one_of(holds: bool, a: f64, b: f64) -> (f64, Vec<f64>) {
    if holds { (a, vec![0.0, 0.0, 1.0, 0.0]) } else { (b, vec![0.0, 0.0, 0.0, 1.0]) }
}

fn horner(x: f64, coefficients: &[f64]) -> (f64, Vec<f64>) {
    let powers: Vec<f64> = (0..coefficients.len() as i32).map(|k| x.powi(k)).collect();
    let slope = |(k, c): (usize, &f64)| k as f64 * c * x.powi(k as i32 - 1);
    let value = coefficients.iter().zip(&powers).map(|(c, power)| c * power).sum();
    let slope = coefficients.iter().enumerate().skip(1).map(slope).sum();
    (value, [vec![slope], powers].concat())
}

fn dot((xs, ys): (&[f64], &[f64])) -> (f64, Vec<f64>) {
    (xs.iter().zip(ys).map(|(x, y)| x * y).sum(), [ys, xs].concat())
}

fn product(xs: &[f64]) -> (f64, Vec<f64>) {
    let others = |i: usize| xs.iter().enumerate().filter(move |(j, _)| *j != i).map(|(_, x)| x);
    (xs.iter().product(), (0..xs.len()).map(|i| others(i).product()).collect())
}

fn log_sum_exp(xs: &[f64]) -> (f64, Vec<f64>) {
    let largest = xs.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b));
    let weights: Vec<f64> = xs.iter().map(|x| (x - largest).exp()).collect();
    let total: f64 = weights.iter().sum();
    (largest + total.ln(), weights.iter().map(|weight| weight / total).collect())
}

fn binary(kind: OpKind, x: f64, y: f64) -> (f64, f64, f64) {
    let share = |wins: bool| if wins { 1.0 } else { 0.0 };
    let squared = x * x + y * y;
    match kind {
        OpKind::Add => (x + y, 1.0, 1.0),
        OpKind::Sub => (x - y, 1.0, -1.0),
        OpKind::Mul => (x * y, y, x),
        OpKind::Div => (x / y, 1.0 / y, -x / (y * y)),
        OpKind::Rem => (x - (x / y).trunc() * y, 1.0, -(x / y).trunc()),
        OpKind::Pow => (x.powf(y), y * x.powf(y) / x, x.powf(y) * x.ln()),
        OpKind::Hypot => (squared.sqrt(), x / squared.sqrt(), y / squared.sqrt()),
        OpKind::Log => {
            let base = y.ln();
            (x.ln() / base, 1.0 / (x * base), -x.ln() / (y * base * base))
        }
        OpKind::Atan2 => (x.atan2(y), y / squared, -x / squared),
        OpKind::Max => (x.max(y), share(x > y), share(x <= y)),
        OpKind::Min => (x.min(y), share(x < y), share(x >= y)),
        OpKind::Copysign => (x.copysign(y), x.signum() * y.signum(), 0.0),
        OpKind::LeakyRelu if x > 0.0 => (x, 1.0, 0.0),
        OpKind::LeakyRelu => (y * x, y, x),
        OpKind::Xlogy => (x * y.ln(), y.ln(), x / y),
        OpKind::Xlog1py => (x * y.ln_1p(), y.ln_1p(), x / (1.0 + y)),
        OpKind::LogAddExp => {
            let total = x.exp() + y.exp();
            (total.ln(), x.exp() / total, y.exp() / total)
        }
        OpKind::LogBeta => {
            let both = x + y;
            let value = ln_gamma(x) + ln_gamma(y) - ln_gamma(both);
            (value, digamma(x) - digamma(both), digamma(y) - digamma(both))
        }
        OpKind::GammaP => gamma_p(x, y),
        OpKind::GammaQ => {
            let (value, in_x, in_a) = gamma_p(x, y);
            (1.0 - value, -in_x, -in_a)
        }
        OpKind::LogDiffExp => {
            let rest = x.exp() - y.exp();
            (rest.ln(), x.exp() / rest, -y.exp() / rest)
        }
        _ => panic!("`{kind}` is not known to the oracle"),
    }
}

fn unary(kind: OpKind, x: f64) -> (f64, f64) {
    match kind {
        OpKind::Neg => (-x, -1.0),
        OpKind::Recip => (1.0 / x, -1.0 / (x * x)),
        OpKind::Sqrt => (x.sqrt(), 0.5 / x.sqrt()),
        OpKind::Cbrt => (x.cbrt(), 1.0 / (3.0 * x.cbrt().powi(2))),
        OpKind::Exp => (x.exp(), x.exp()),
        OpKind::Exp2 => (x.exp2(), x.exp2() * LN_2),
        OpKind::ExpM1 => (x.exp_m1(), x.exp()),
        OpKind::Ln => (x.ln(), 1.0 / x),
        OpKind::Ln1p => (x.ln_1p(), 1.0 / (1.0 + x)),
        OpKind::Log2 => (x.log2(), 1.0 / (x * LN_2)),
        OpKind::Log10 => (x.log10(), 1.0 / (x * LN_10)),
        OpKind::Sin => (x.sin(), x.cos()),
        OpKind::Cos => (x.cos(), -x.sin()),
        OpKind::Tan => (x.tan(), x.cos().powi(-2)),
        OpKind::Asin => (x.asin(), 1.0 / (1.0 - x * x).sqrt()),
        OpKind::Acos => (x.acos(), -1.0 / (1.0 - x * x).sqrt()),
        OpKind::Atan => (x.atan(), 1.0 / (1.0 + x * x)),
        OpKind::Sinh => (x.sinh(), x.cosh()),
        OpKind::Cosh => (x.cosh(), x.sinh()),
        OpKind::Tanh => (x.tanh(), x.cosh().powi(-2)),
        OpKind::Asinh => (x.asinh(), 1.0 / (x * x + 1.0).sqrt()),
        OpKind::Acosh => (x.acosh(), 1.0 / (x * x - 1.0).sqrt()),
        OpKind::Atanh => (x.atanh(), 1.0 / (1.0 - x * x)),
        OpKind::Abs => (x.abs(), x.signum()),
        OpKind::Signum => (x.signum(), 0.0),
        OpKind::Floor => (x.floor(), 0.0),
        OpKind::Ceil => (x.ceil(), 0.0),
        OpKind::Round => (x.round(), 0.0),
        OpKind::Trunc => (x.trunc(), 0.0),
        OpKind::Fract => (x.fract(), 1.0),
        OpKind::Relu => (x.max(0.0), if x > 0.0 { 1.0 } else { 0.0 }),
        _ => special(kind, x),
    }
}

fn special(kind: OpKind, x: f64) -> (f64, f64) {
    let sigmoid = 1.0 / (1.0 + (-x).exp());
    let bell = (-x * x).exp() * FRAC_2_SQRT_PI;
    let pdf = (-0.5 * x * x).exp() / (2.0 * PI).sqrt();
    let cdf = 0.5 * erfc(-x * FRAC_1_SQRT_2);
    match kind {
        OpKind::Sigmoid => (sigmoid, sigmoid / (1.0 + x.exp())),
        OpKind::Softplus => ((-x.abs()).exp().ln_1p() + x.max(0.0), sigmoid),
        OpKind::Silu => (x * sigmoid, sigmoid + x * sigmoid / (1.0 + x.exp())),
        OpKind::Gelu => (x * cdf, cdf + x * pdf),
        OpKind::Erf => (erf(x), bell),
        OpKind::Erfc => (erfc(x), -bell),
        OpKind::Lgamma => (ln_gamma(x), digamma(x)),
        OpKind::Digamma => (digamma(x), trigamma(x)),
        OpKind::NormalPdf => (pdf, -x * pdf),
        OpKind::NormalCdf => (cdf, pdf),
        OpKind::LogNormalCdf => (cdf.ln(), pdf / cdf),
        OpKind::Erfcx => {
            let value = (x * x).exp() * erfc(x);
            (value, 2.0 * x * value - FRAC_2_SQRT_PI)
        }
        OpKind::ErfInv => {
            // Bisection would end a little beside the zero, which is exact.
            let y = if x == 0.0 { x } else { root_of(|y| erf(y) - x) };
            (y, (y * y).exp() / FRAC_2_SQRT_PI)
        }
        OpKind::NormalQuantile => {
            // Near its zero by erf, which keeps the digits of a small number.
            let y = if x == 0.5 {
                0.0
            } else if (0.25..0.75).contains(&x) {
                root_of(|y| erf(y * FRAC_1_SQRT_2) - (2.0 * x - 1.0))
            } else {
                root_of(|y| 0.5 * erfc(-y * FRAC_1_SQRT_2) - x)
            };
            (y, (0.5 * y * y).exp() * (2.0 * PI).sqrt())
        }
        OpKind::Sinc => {
            let value = (PI * x).sin() / (PI * x);
            (value, ((PI * x).cos() - value) / x)
        }
        OpKind::Log1mExp => ((-x.exp_m1()).ln(), -x.exp() / -x.exp_m1()),
        OpKind::LogSigmoid => (-(-x).exp().ln_1p(), 1.0 - sigmoid),
        OpKind::LogCosh => (x.cosh().ln(), x.tanh()),
        _ => panic!("`{kind}` is not known to the oracle"),
    }
}

/// P(a, x) = Σ xᵃ⁺ⁿe⁻ˣ/Γ(a + n + 1) (Abramowitz & Stegun 6.5.29), and its derivatives.
fn gamma_p(x: f64, a: f64) -> (f64, f64, f64) {
    let density = ((a - 1.0) * x.ln() - x - ln_gamma(a)).exp();
    let (mut term, mut digamma) = (density * x / a, digamma(a + 1.0));
    let (mut value, mut in_a) = (0.0, 0.0);
    for n in 1..2000 {
        value += term;
        in_a += term * (x.ln() - digamma);
        let next = a + f64::from(n);
        term *= x / next;
        digamma += next.recip();
    }
    (value, density, in_a)
}

/// I_x(a, b) = Σ Γ(a + b + n)/(Γ(b)Γ(a + n + 1))·xᵃ⁺ⁿ(1 − x)ᵇ (DLMF 8.17.8), and its derivatives.
fn beta_inc(x: f64, a: f64, b: f64) -> (f64, Vec<f64>) {
    let beta = ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    let density = ((a - 1.0) * x.ln() + (b - 1.0) * (-x).ln_1p() - beta).exp();
    let mut term = density * x * (1.0 - x) / a;
    let (mut above, mut below) = (digamma(a + b), digamma(a + 1.0));
    let (mut value, mut in_a, mut in_b) = (0.0, 0.0, 0.0);
    let of_b = digamma(b);
    for n in 0..3000 {
        value += term;
        in_a += term * (x.ln() + above - below);
        in_b += term * ((-x).ln_1p() + above - of_b);
        let (both, next) = (a + b + f64::from(n), a + f64::from(n) + 1.0);
        term *= x * both / next;
        above += both.recip();
        below += next.recip();
    }
    (value, vec![density, in_a, in_b])
}

/// The zero of an increasing function between −9 and 9, by bisection.
fn root_of(f: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (-9.0, 9.0);
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if f(middle) < 0.0 { low = middle } else { high = middle }
    }
    low
}

/// The series below are Abramowitz & Stegun 6.1.40, 6.3.18 and 6.4.11 beyond this argument,
/// where the first term left out is below 1e-16.
const FAR: f64 = 25.0;

/// The arguments from x up to where the series hold, and the first there.
fn steps(x: f64) -> (Vec<f64>, f64) {
    let below: Vec<f64> =
        std::iter::successors(Some(x), |x| Some(x + 1.0)).take_while(|x| *x < FAR).collect();
    let far = below.last().map_or(x, |last| last + 1.0);
    (below, far)
}

fn ln_gamma(x: f64) -> f64 {
    let (below, x) = steps(x);
    let r = 1.0 / (x * x);
    let series = (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r / 1680.0))) / x;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln() + series
        - below.iter().map(|x| x.ln()).sum::<f64>()
}

fn digamma(x: f64) -> f64 {
    let (below, x) = steps(x);
    let r = 1.0 / (x * x);
    let series = r * (1.0 / 12.0 - r * (1.0 / 120.0 - r * (1.0 / 252.0 - r / 240.0)));
    x.ln() - 0.5 / x - series - below.iter().map(|x| 1.0 / x).sum::<f64>()
}

fn trigamma(x: f64) -> f64 {
    let (below, x) = steps(x);
    let r = 1.0 / (x * x);
    let series = r * (1.0 / 6.0 - r * (1.0 / 30.0 - r * (1.0 / 42.0 - r / 30.0))) / x;
    1.0 / x + 0.5 * r + series + below.iter().map(|x| 1.0 / (x * x)).sum::<f64>()
}
