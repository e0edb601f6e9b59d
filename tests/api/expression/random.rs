//! Random expressions whose values stay finite: an argument is first brought into the domain of
//! its function, and where a function grows fast into a small interval.

use super::Expression::{self, Apply, Constant, Input};
use super::INPUTS;
use proptest::prelude::*;
use proptest::sample::select;
use wengert::OpKind;

/// Values of the inputs.
pub(crate) fn point() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-2.0..2.0_f64, INPUTS)
}

/// All that are no leaves of an expression.
pub(crate) fn operations() -> impl Iterator<Item = OpKind> + Clone {
    OpKind::ALL.iter().copied().filter(|kind| !matches!(kind, OpKind::Input | OpKind::Constant))
}

/// An expression over all operations.
pub(crate) fn expression() -> impl Strategy<Value = Expression> {
    over(operations().collect(), 5, 40)
}

/// A small expression with one operation at its root.
pub(crate) fn expression_of(kind: OpKind) -> impl Strategy<Value = Expression> {
    operation(vec![kind], over(operations().collect(), 1, 4))
}

/// A small expression over the operations that have two derivatives everywhere.
pub(crate) fn smooth_expression() -> impl Strategy<Value = Expression> {
    over(operations().filter(|kind| !has_kinks(*kind)).collect(), 3, 16)
}

fn has_kinks(kind: OpKind) -> bool {
    use OpKind::*;
    matches!(kind, Abs | Signum | Floor | Ceil | Round | Trunc | Fract | Relu | Rem)
        || matches!(kind, Max | Min | Clamp | Copysign | LeakyRelu | Norm | Hypot | Atan2)
        || is_selection(kind)
}

fn is_selection(kind: OpKind) -> bool {
    matches!(kind, OpKind::SelectLess | OpKind::SelectLessOrEqual | OpKind::SelectEqual)
}

fn over(kinds: Vec<OpKind>, depth: u32, size: u32) -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        4 => (0..INPUTS).prop_map(Input),
        1 => constant(),
    ];
    leaf.prop_recursive(depth, size, 4, move |inner| operation(kinds.clone(), inner))
}

/// One of the operations on some of the arguments.
fn operation(
    kinds: Vec<OpKind>,
    arguments: impl Strategy<Value = Expression>,
) -> impl Strategy<Value = Expression> {
    let arguments = prop::collection::vec(arguments, 4);
    let constants = prop::collection::vec(-2.0..2.0_f64, 4);
    (select(kinds), arguments, constants, 1..=4_usize, -4..=6_i32).prop_map(
        |(kind, arguments, constants, n, power)| build(kind, arguments, &constants, n, power),
    )
}

fn constant() -> impl Strategy<Value = Expression> {
    (-2.0..2.0_f64).prop_map(Constant)
}

/// The operation of `kind` on as many of the arguments as it takes, or on `n` if it takes any
/// number.
fn build(
    kind: OpKind,
    arguments: Vec<Expression>,
    constants: &[f64],
    n: usize,
    power: i32,
) -> Expression {
    let numbers = |n: usize| constants[..n].iter().copied().map(Constant).collect::<Vec<_>>();
    let some = |n: usize| arguments[..n].to_vec();
    let [x, y, z, w] = [0, 1, 2, 3].map(|i| arguments[i].clone());
    let arguments = match kind {
        OpKind::Powi if power < 0 => vec![positive(x, 0.25), Constant(f64::from(power))],
        OpKind::Powi => vec![small(x), Constant(f64::from(power))],
        OpKind::MulAdd => vec![x, y, z],
        OpKind::BetaInc => {
            let x = Apply(OpKind::Sigmoid, vec![small(x)]);
            vec![x, positive(small(y), 0.25), positive(small(z), 0.25)]
        }
        OpKind::Clamp => {
            let (low, width) = (constants[0], constants[1].abs() + 0.1);
            vec![x, Constant(low), Constant(low + width)]
        }
        // Numbers that happen to be equal are rare.
        kind if is_selection(kind) && n.is_multiple_of(2) => vec![x.clone(), x, y, z],
        kind if is_selection(kind) => vec![x, y, z, w],
        OpKind::Polynomial => [vec![small(x)], numbers(n)].concat(),
        OpKind::Horner => [vec![small(x)], some(n)].concat(),
        OpKind::Dot => some(2 * n.div_ceil(2)),
        OpKind::LinearCombination => [numbers(n), some(n)].concat(),
        OpKind::Sum | OpKind::Product | OpKind::Mean | OpKind::SquaredNorm => some(n),
        OpKind::Norm | OpKind::LogSumExp => some(n),
        kind if is_binary(kind) => {
            let (x, y) = domain_of_two(kind, x, y);
            vec![x, y]
        }
        kind => vec![domain(kind, x)],
    };
    Apply(kind, arguments)
}

fn is_binary(kind: OpKind) -> bool {
    use OpKind::*;
    matches!(kind, Add | Sub | Mul | Div | Rem | Pow | Hypot | Log | Atan2)
        || matches!(kind, Max | Min | Copysign | LeakyRelu)
        || matches!(kind, Xlogy | Xlog1py | LogAddExp | LogDiffExp | LogBeta)
        || matches!(kind, GammaP | GammaQ)
}

/// The argument of a function of one variable, brought into its domain.
fn domain(kind: OpKind, x: Expression) -> Expression {
    use OpKind::*;
    match kind {
        Recip | Sqrt | Cbrt | Ln | Ln1p | Log2 | Log10 | Lgamma | Digamma => positive(x, 0.25),
        Acosh => positive(x, 1.25),
        Asin | Acos | Atanh => scaled(0.9, x),
        Tan => scaled(1.0, x),
        Exp | Exp2 | ExpM1 | Sinh | Cosh | Sigmoid | Softplus | Silu => small(x),
        Gelu | Erf | Erfc | NormalPdf | NormalCdf | LogSigmoid | LogCosh => small(x),
        Erfcx | LogNormalCdf => small(x),
        Sinc => positive(x, 0.25),
        ErfInv => scaled(0.9, x),
        NormalQuantile => Apply(Sigmoid, vec![small(x)]),
        Log1mExp => Apply(Neg, vec![positive(x, 0.25)]),
        _ => x,
    }
}

/// The same for a function of two.
fn domain_of_two(kind: OpKind, x: Expression, y: Expression) -> (Expression, Expression) {
    match kind {
        OpKind::Div | OpKind::Rem => (x, positive(y, 0.25)),
        OpKind::Pow => (positive(x, 0.25), small(y)),
        OpKind::Log => (positive(x, 0.25), positive(y, 1.25)),
        OpKind::Xlogy | OpKind::Xlog1py => (x, positive(y, 0.25)),
        OpKind::LogAddExp => (small(x), small(y)),
        OpKind::LogBeta => (positive(x, 0.25), positive(y, 0.25)),
        // Of ordinary size, so that the oracle's series end.
        OpKind::GammaP | OpKind::GammaQ => (positive(small(x), 0.25), positive(small(y), 0.25)),
        OpKind::LogDiffExp => {
            let y = small(y);
            (Apply(OpKind::Add, vec![y.clone(), positive(x, 0.25)]), y)
        }
        _ => (x, y),
    }
}

/// ln(1 + eˣ) + least
fn positive(x: Expression, least: f64) -> Expression {
    Apply(OpKind::Add, vec![Apply(OpKind::Softplus, vec![x]), Constant(least)])
}

/// 3·tanh x
fn small(x: Expression) -> Expression {
    scaled(3.0, x)
}

/// most·tanh x
fn scaled(most: f64, x: Expression) -> Expression {
    Apply(OpKind::Mul, vec![Constant(most), Apply(OpKind::Tanh, vec![x])])
}
