//! Random expressions over all operations, how to record them, and an oracle that differentiates
//! them without a tape.

mod oracle;
mod random;

pub(crate) use oracle::differentiate;
pub(crate) use random::{expression, expression_of, operations, point, smooth_expression};

use num_traits::NumCast;
use wengert::{Dual, OpKind, Scalar, Var, select};

/// The number of inputs of every expression.
pub(crate) const INPUTS: usize = 3;

/// A tree of operations. Arguments stand in the order in which a listing has them.
#[derive(Clone, Debug)]
pub(crate) enum Expression {
    Input(usize),
    Constant(f64),
    Apply(OpKind, Vec<Expression>),
}

impl Expression {
    /// The expression as a variable of the inputs' tape.
    pub(crate) fn record<'t, F: Scalar>(&self, inputs: &[Var<'t, F>]) -> Var<'t, F> {
        match self {
            Self::Input(i) => inputs[*i],
            Self::Constant(c) => Var::constant(scalar(*c)),
            Self::Apply(kind, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(|a| a.record(inputs)).collect();
                apply(*kind, &arguments)
            }
        }
    }

    /// The expression over dual numbers, without a tape: an operation on constants is its rule's
    /// value, and over dual numbers that is differentiated as it is computed.
    pub(crate) fn evaluate(&self, inputs: &[Dual]) -> Dual {
        self.record(&inputs.iter().copied().map(Var::constant).collect::<Vec<_>>()).value()
    }
}

fn scalar<F: Scalar>(c: f64) -> F {
    <F as NumCast>::from(c).expect("any f64 can be cast")
}

/// The values of constants.
fn values<F: Scalar>(constants: &[Var<'_, F>]) -> Vec<F> {
    constants.iter().map(Var::value).collect()
}

/// Records an operation by the method that users call.
pub(crate) fn apply<'t, F: Scalar>(kind: OpKind, xs: &[Var<'t, F>]) -> Var<'t, F> {
    match (kind, xs) {
        (OpKind::Powi, &[x, n]) => x.powi(n.value().to_i32().expect("the exponent fits")),
        (OpKind::MulAdd, &[x, y, z]) => x.mul_add(y, z),
        (OpKind::Clamp, &[x, low, high]) => x.clamp(low, high),
        (OpKind::BetaInc, &[x, a, b]) => x.beta_inc(a, b),
        (OpKind::SelectLess, &[x, y, a, b]) => select(x.less(y), a, b),
        (OpKind::SelectLessOrEqual, &[x, y, a, b]) => select(x.less_or_equal(y), a, b),
        (OpKind::SelectEqual, &[x, y, a, b]) => select(x.equal(y), a, b),
        (OpKind::Horner, [x, coefficients @ ..]) => x.horner(coefficients),
        (OpKind::Polynomial, [x, coefficients @ ..]) => x.polynomial(&values(coefficients)),
        (OpKind::Dot, xs) => Var::dot(&xs[..xs.len() / 2], &xs[xs.len() / 2..]),
        (OpKind::LinearCombination, xs) => {
            let (coefficients, xs) = xs.split_at(xs.len() / 2);
            Var::linear_combination(&values(coefficients), xs)
        }
        (OpKind::Sum, xs) => Var::sum(xs),
        (OpKind::Product, xs) => Var::product(xs),
        (OpKind::Mean, xs) => Var::mean(xs),
        (OpKind::SquaredNorm, xs) => Var::squared_norm(xs),
        (OpKind::Norm, xs) => Var::norm(xs),
        (OpKind::LogSumExp, xs) => Var::log_sum_exp(xs),
        (kind, &[x]) => unary(kind, x),
        (kind, &[x, y]) => binary(kind, x, y),
        (kind, xs) => panic!("`{kind}` of {} arguments is not known here", xs.len()),
    }
}

fn binary<'t, F: Scalar>(kind: OpKind, x: Var<'t, F>, y: Var<'t, F>) -> Var<'t, F> {
    match kind {
        OpKind::Add => x + y,
        OpKind::Sub => x - y,
        OpKind::Mul => x * y,
        OpKind::Div => x / y,
        OpKind::Rem => x % y,
        OpKind::Pow => x.powf(y),
        OpKind::Hypot => x.hypot(y),
        OpKind::Log => x.log(y),
        OpKind::Atan2 => x.atan2(y),
        OpKind::Max => x.max(y),
        OpKind::Min => x.min(y),
        OpKind::Copysign => x.copysign(y),
        OpKind::LeakyRelu => x.leaky_relu(y),
        OpKind::Xlogy => x.xlogy(y),
        OpKind::Xlog1py => x.xlog1py(y),
        OpKind::LogAddExp => x.log_add_exp(y),
        OpKind::LogDiffExp => x.log_diff_exp(y),
        OpKind::LogBeta => x.log_beta(y),
        OpKind::GammaP => x.gamma_p(y),
        OpKind::GammaQ => x.gamma_q(y),
        _ => panic!("`{kind}` of 2 arguments is not known here"),
    }
}

/// Makes a function that calls the method of an operation's name.
macro_rules! by_name {
    ($($kind:ident $method:ident,)*) => {
        fn unary<F: Scalar>(kind: OpKind, x: Var<'_, F>) -> Var<'_, F> {
            match kind {
                OpKind::Neg => -x,
                $(OpKind::$kind => x.$method(),)*
                _ => panic!("`{kind}` of 1 argument is not known here"),
            }
        }
    };
}

by_name! {
    Recip recip, Sqrt sqrt, Cbrt cbrt, Exp exp, Exp2 exp2, ExpM1 exp_m1, Ln ln, Ln1p ln_1p,
    Log2 log2, Log10 log10, Sin sin, Cos cos, Tan tan, Asin asin, Acos acos, Atan atan,
    Sinh sinh, Cosh cosh, Tanh tanh, Asinh asinh, Acosh acosh, Atanh atanh, Abs abs,
    Signum signum, Floor floor, Ceil ceil, Round round, Trunc trunc, Fract fract, Relu relu,
    Sigmoid sigmoid, Softplus softplus, Silu silu, Gelu gelu, Erf erf, Erfc erfc, Lgamma lgamma,
    Digamma digamma, NormalPdf normal_pdf, NormalCdf normal_cdf, Log1mExp log1mexp,
    LogSigmoid log_sigmoid, LogCosh log_cosh, Sinc sinc, Erfcx erfcx, ErfInv erf_inv,
    LogNormalCdf log_normal_cdf, NormalQuantile normal_quantile,
}
