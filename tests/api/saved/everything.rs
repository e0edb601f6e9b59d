//! A function that has every operation, and every comparison as a guard.

use crate::expression::Expression::{self, Apply, Constant, Input};
use crate::expression::operations;
use num_traits::{Float, ToPrimitive, Zero};
use wengert::{Function, OpKind, Real, Var, select};

pub(super) const POINT: [f64; 3] = [0.3, 0.7, 1.3];
pub(super) const DATA: [f64; 2] = [0.6, -1.5];

/// Operations that there were not yet when the golden files were written.
const LATER: [OpKind; 16] = {
    use OpKind::*;
    [
        Log1mExp,
        LogSigmoid,
        LogCosh,
        Xlogy,
        Xlog1py,
        LogAddExp,
        LogDiffExp,
        Sinc,
        Erfcx,
        ErfInv,
        LogNormalCdf,
        NormalQuantile,
        LogBeta,
        GammaP,
        GammaQ,
        BetaInc,
    ]
};

/// The function that has every operation there is.
pub(super) fn everything<F: Real>() -> Function<F> {
    over(operations())
}

/// The function that the golden files hold: do not change it, but add another.
pub(super) fn everything_in_files<F: Real>() -> Function<F> {
    over(operations().filter(|kind| !LATER.contains(kind)))
}

fn over<F: Real>(operations: impl Iterator<Item = OpKind> + Clone) -> Function<F> {
    let list = |numbers: &[f64]| numbers.iter().map(|&x| number(x)).collect::<Vec<F>>();
    Function::builder().data(&list(&DATA)).record_many_with_data(&list(&POINT), |x, data| {
        let mut outputs: Vec<_> = operations
            .clone()
            .filter(|kind| !kind.name().starts_with("select"))
            .map(|kind| expression(kind).record(x))
            .collect();
        outputs.push(select(x[0].less(x[1]), x[0], data[0]));
        outputs.push(select(x[0].less_or_equal(x[1]), data[1], x[2]));
        outputs.push(select(x[0].equal(x[1]), x[1], x[2]));
        // Sums with signs, long ones of neighbours, and several short ones side by side.
        outputs.push(x[0] * data[0] - x[1] * data[1] - x[2]);
        outputs.push((0..40).map(|i| x[i % 3] * data[i % 2]).sum());
        outputs.extend((0..6).map(|i| x[i % 3] * x[(i + 1) % 3] - x[i % 2] * data[0]));
        outputs.extend([-F::zero(), F::infinity()].map(Var::constant));
        guards(x);
        outputs
    })
}

fn number<F: Real>(x: f64) -> F {
    F::from_f64(x).expect("any f64 can be rounded")
}

/// Asks every question of the inputs.
fn guards<F: Real>(x: &[Var<'_, F>]) {
    assert!(x[0] < x[1] && x[0] <= x[1] && x[0] != x[1]);
    assert!(x[0].partial_cmp(&x[1]).is_some_and(std::cmp::Ordering::is_lt));
    assert!(!x[0].is_zero() && !x[0].is_sign_negative());
    assert!(x[0].is_normal() && x[2].to_i64() == Some(1));
    // Whatever the number is, it cannot be another later: so it is that of a constant expression.
    assert_eq!((x[0] * number::<F>(0.0)).to_f64(), Some(0.0));
}

/// One operation, with arguments in its domain.
fn expression(kind: OpKind) -> Expression {
    let [x, y, z] = [Input(0), Input(1), Input(2)];
    let arguments = match kind {
        OpKind::Powi => vec![y, Constant(7.0)],
        OpKind::MulAdd => vec![x, y, z],
        OpKind::Clamp => vec![y, Constant(-0.5), Constant(0.5)],
        OpKind::BetaInc => vec![x, y, z],
        OpKind::GammaP | OpKind::GammaQ => vec![z, y],
        OpKind::Acosh => vec![z],
        OpKind::Log1mExp => vec![Apply(OpKind::Neg, vec![x])],
        OpKind::LogDiffExp => vec![z, y],
        OpKind::Polynomial | OpKind::Horner => {
            vec![x, Constant(0.5), Constant(-1.0), Constant(2.5)]
        }
        OpKind::LinearCombination => vec![Constant(0.5), Constant(-2.0), x, z],
        OpKind::Dot => vec![x.clone(), y.clone(), z, x, y, Input(0)],
        OpKind::Sum | OpKind::Product | OpKind::Mean => vec![x, y, z],
        OpKind::SquaredNorm | OpKind::Norm | OpKind::LogSumExp => vec![x, y, z],
        kind if is_unary(kind) => vec![x],
        _ => vec![y, z],
    };
    Apply(kind, arguments)
}

fn is_unary(kind: OpKind) -> bool {
    use OpKind::*;
    !matches!(kind, Add | Sub | Mul | Div | Rem | Pow | Hypot | Log | Atan2)
        && !matches!(kind, Max | Min | Copysign | LeakyRelu)
        && !matches!(kind, Xlogy | Xlog1py | LogAddExp | LogDiffExp | LogBeta | GammaP | GammaQ)
}
