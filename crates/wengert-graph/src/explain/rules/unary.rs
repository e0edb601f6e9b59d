//! Functions of one variable.

use crate::explain::expression::{
    Expr, Fence, Letter, arccos, arcosh, arcsin, arctan, arsinh, artanh, cos, cosh, cube_root,
    digamma, equal, erf, erf_inv, erfc, exp, greater, lgamma, ln, log2, log10, magnitude,
    normal_density, normal_distribution, normal_quantile, root, round, sgn, sigmoid, sin, sinh,
    tan, tanh, trigamma, trunc, when,
};
use wengert::OpKind;

/// The formula and its derivative.
pub(super) fn rule(kind: OpKind, argument: &Expr) -> Option<(Expr, Expr)> {
    let x = || argument.clone();
    let two_over_root_pi = || 2.0 / root(Expr::Letter(Letter::Pi));
    Some(match kind {
        OpKind::Neg => (-x(), Expr::Number(-1.0)),
        OpKind::Recip => (1.0 / x(), -1.0 / x().squared()),
        OpKind::Sqrt => (root(x()), 1.0 / (2.0 * root(x()))),
        OpKind::Cbrt => (cube_root(x()), 1.0 / (3.0 * cube_root(x().squared()))),
        OpKind::Exp => (exp(x()), exp(x())),
        OpKind::Exp2 => (two_to(x()), two_to(x()) * ln(Expr::Number(2.0))),
        OpKind::ExpM1 => (exp(x()) - 1.0, exp(x())),
        OpKind::Ln => (ln(x()), 1.0 / x()),
        OpKind::Ln1p => (ln(1.0 + x()), 1.0 / (1.0 + x())),
        OpKind::Log2 => (log2(x()), 1.0 / (x() * ln(Expr::Number(2.0)))),
        OpKind::Log10 => (log10(x()), 1.0 / (x() * ln(Expr::Number(10.0)))),
        OpKind::Sin => (sin(x()), cos(x())),
        OpKind::Cos => (cos(x()), -sin(x())),
        OpKind::Tan => (tan(x()), 1.0 + tan(x()).squared()),
        OpKind::Asin => (arcsin(x()), 1.0 / root(1.0 - x().squared())),
        OpKind::Acos => (arccos(x()), -1.0 / root(1.0 - x().squared())),
        OpKind::Atan => (arctan(x()), 1.0 / (1.0 + x().squared())),
        OpKind::Sinh => (sinh(x()), cosh(x())),
        OpKind::Cosh => (cosh(x()), sinh(x())),
        OpKind::Tanh => (tanh(x()), 1.0 - tanh(x()).squared()),
        OpKind::Asinh => (arsinh(x()), 1.0 / root(1.0 + x().squared())),
        OpKind::Acosh => (arcosh(x()), 1.0 / root(x().squared() - 1.0)),
        OpKind::Atanh => (artanh(x()), 1.0 / (1.0 - x().squared())),
        OpKind::Abs => (magnitude(x()), sgn(x())),
        OpKind::Signum => (sgn(x()), Expr::Number(0.0)),
        OpKind::Floor => (Expr::Fenced(Fence::Floor, x().into()), Expr::Number(0.0)),
        OpKind::Ceil => (Expr::Fenced(Fence::Ceiling, x().into()), Expr::Number(0.0)),
        OpKind::Round => (round(x()), Expr::Number(0.0)),
        OpKind::Trunc => (trunc(x()), Expr::Number(0.0)),
        OpKind::Fract => (x() - trunc(x()), Expr::Number(1.0)),
        OpKind::Relu => (when(greater(x(), 0.0), x(), 0.0), when(greater(x(), 0.0), 1.0, 0.0)),
        OpKind::Sigmoid => (sigmoid(x()), sigmoid(x()) * (1.0 - sigmoid(x()))),
        OpKind::Softplus => (ln(1.0 + exp(x())), sigmoid(x())),
        OpKind::Silu => (x() * sigmoid(x()), sigmoid(x()) * (1.0 + x() * (1.0 - sigmoid(x())))),
        OpKind::Gelu => {
            (x() * normal_distribution(x()), normal_distribution(x()) + x() * normal_density(x()))
        }
        OpKind::Erf => (erf(x()), two_over_root_pi() * exp(-x().squared())),
        OpKind::Erfc => (erfc(x()), -(two_over_root_pi() * exp(-x().squared()))),
        OpKind::Lgamma => (lgamma(x()), digamma(x())),
        OpKind::Digamma => (digamma(x()), trigamma(x())),
        OpKind::NormalPdf => (normal_density(x()), -(x() * normal_density(x()))),
        OpKind::NormalCdf => (normal_distribution(x()), normal_density(x())),
        OpKind::Sinc => {
            let angle = || Expr::Letter(Letter::Pi) * x();
            let value = || sin(angle()) / angle();
            let at_zero = |number: f64, other: Expr| when(equal(x(), 0.0), number, other);
            (at_zero(1.0, value()), at_zero(0.0, (cos(angle()) - value()) / x()))
        }
        OpKind::Erfcx => {
            let value = || exp(x().squared()) * erfc(x());
            (value(), 2.0 * x() * value() - two_over_root_pi())
        }
        OpKind::ErfInv => {
            (erf_inv(x()), root(Expr::Letter(Letter::Pi)) / 2.0 * exp(erf_inv(x()).squared()))
        }
        OpKind::LogNormalCdf => {
            (ln(normal_distribution(x())), normal_density(x()) / normal_distribution(x()))
        }
        OpKind::NormalQuantile => {
            (normal_quantile(x()), 1.0 / normal_density(normal_quantile(x())))
        }
        OpKind::Log1mExp => (ln(1.0 - exp(x())), -(exp(x()) / (1.0 - exp(x())))),
        OpKind::LogSigmoid => (ln(sigmoid(x())), sigmoid(-x())),
        OpKind::LogCosh => (ln(cosh(x())), tanh(x())),
        _ => return None,
    })
}

fn two_to(x: Expr) -> Expr {
    Expr::Number(2.0).raised_to(x)
}
