//! Every formula against the engine: its number at a point is the recorded value, and that of
//! its derivative the recorded partial derivative.

use super::{partial, value};
use crate::explain::expression::{Condition, Degree, Expr, Fence, Letter, Relation, own};
use crate::{Argument, Snapshot};
use wengert::{OpKind, Tape, Var};

/// The number that a formula has; `None` where something was left out of it.
fn evaluate(expr: &Expr, snapshot: &Snapshot) -> Option<f64> {
    let at = |expr: &Expr| evaluate(expr, snapshot);
    Some(match expr {
        Expr::Number(x) | Expr::Value(x) => *x,
        Expr::Node(node) => snapshot.node(*node).value(),
        Expr::Derivative(..) => panic!("a rule has no derivative in it"),
        Expr::Letter(Letter::E) => std::f64::consts::E,
        Expr::Letter(Letter::Pi) => std::f64::consts::PI,
        Expr::Letter(Letter::Ellipsis) => return None,
        Expr::Negative(inner) => -at(inner)?,
        Expr::Sum(terms) => terms.iter().map(at).sum::<Option<f64>>()?,
        Expr::Product(factors) => factors.iter().map(at).product::<Option<f64>>()?,
        Expr::Quotient(up, down) => at(up)? / at(down)?,
        Expr::Power(base, exponent) => at(base)?.powf(at(exponent)?),
        Expr::Root(Degree::Square, inner) => at(inner)?.sqrt(),
        Expr::Root(Degree::Cube, inner) => at(inner)?.cbrt(),
        Expr::Apply(function, arguments) => {
            call(function.text(), &arguments.iter().map(at).collect::<Option<Vec<f64>>>()?)
        }
        Expr::Fenced(Fence::Magnitude, inner) => at(inner)?.abs(),
        Expr::Fenced(Fence::Floor, inner) => at(inner)?.floor(),
        Expr::Fenced(Fence::Ceiling, inner) => at(inner)?.ceil(),
        Expr::Cases(cases, last) => {
            let mut holding = cases.iter().filter(|(_, condition)| holds(condition, snapshot));
            at(holding.next().map_or(last, |(value, _)| value))?
        }
    })
}

fn holds(condition: &Condition, snapshot: &Snapshot) -> bool {
    let [left, right] = [&condition.left, &condition.right].map(|side| evaluate(side, snapshot));
    match condition.relation {
        Relation::Equal => left == right,
        Relation::LessOrEqual => left <= right,
        Relation::Less => left < right,
        Relation::Greater => left > right,
    }
}

/// A function by the name that it has in plain text.
fn call(name: &str, arguments: &[f64]) -> f64 {
    let x = arguments[0];
    let known = Var::<f64>::constant(x);
    match name {
        "ln" => x.ln(),
        "log₂" => x.log2(),
        "log₁₀" => x.log10(),
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "arcsin" => x.asin(),
        "arccos" => x.acos(),
        "arctan" => x.atan(),
        "sinh" => x.sinh(),
        "cosh" => x.cosh(),
        "tanh" => x.tanh(),
        "arsinh" => x.asinh(),
        "arcosh" => x.acosh(),
        "artanh" => x.atanh(),
        "sgn" if x == 0.0 => 0.0,
        "sgn" => x.signum(),
        "round" => x.round(),
        "trunc" => x.trunc(),
        "σ" => 1.0 / (1.0 + (-x).exp()),
        "erf" => known.erf().value(),
        "erfc" => known.erfc().value(),
        "ln|Γ|" => known.lgamma().value(),
        "Γ" if x >= 0.0 => known.lgamma().exp().value(),
        "Γ" => f64::NAN,
        "ψ" => known.digamma().value(),
        "ψ₁" => trigamma(x),
        "φ" => (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt(),
        "Φ" => known.normal_cdf().value(),
        "Φ⁻¹" => known.normal_quantile().value(),
        "erf⁻¹" => known.erf_inv().value(),
        "ln B" => known.log_beta(arguments[1]).value(),
        "P" => Var::constant(arguments[1]).gamma_p(x).value(),
        "Q" => Var::constant(arguments[1]).gamma_q(x).value(),
        "∂P/∂a" => slope(x, |a| Var::constant(arguments[1]).gamma_p(a)),
        "∂Q/∂a" => slope(x, |a| Var::constant(arguments[1]).gamma_q(a)),
        "I" => known.beta_inc(arguments[1], arguments[2]).value(),
        "∂I/∂a" => slope(arguments[1], |a| known.beta_inc(a, arguments[2])),
        "∂I/∂b" => slope(arguments[2], |b| known.beta_inc(arguments[1], b)),
        "mod" => x % arguments[1],
        "atan2" => x.atan2(arguments[1]),
        "copysign" => x.copysign(arguments[1]),
        "max" => x.max(arguments[1]),
        "min" => x.min(arguments[1]),
        "clamp" => x.clamp(arguments[1], arguments[2]),
        other => panic!("{other} is a function without a number"),
    }
}

/// The derivative of the digamma function, by sweeping it.
fn trigamma(x: f64) -> f64 {
    slope(x, |x| x.digamma())
}

/// The derivative of a function that has no name, by sweeping it.
fn slope(x: f64, f: impl for<'t> FnOnce(Var<'t>) -> Var<'t>) -> f64 {
    let tape = Tape::new();
    let x = tape.var(x);
    f(x).gradients()[x]
}

/// Points at which the functions are looked at; each function has a value at one of them.
const POINTS: [[f64; 3]; 5] =
    [[0.6, 0.8, 0.3], [1.7, 2.5, 3.0], [-0.4, 1.3, 2.0], [2.0, 2.0, 2.0], [0.9, -0.7, 1.1]];

/// Lists of arguments of all shapes that operations take.
fn argument_lists<'t>(tape: &'t Tape, point: [f64; 3]) -> Vec<Vec<Var<'t>>> {
    let [x, y, z] = tape.var_array(point);
    let [a, b, c] = point.map(Var::constant);
    let many = tape.vars(&[0.5, 1.5, -0.5, 2.5, 0.25, 0.75, 1.25, 3.5, 0.1, 0.2]);
    let two = Var::constant(2.0);
    vec![
        vec![x],
        vec![x, y],
        vec![x, x],
        vec![x, b],
        vec![a, y],
        vec![x, two],
        vec![x, Var::constant(3.0)],
        vec![x, Var::constant(0.0)],
        vec![x, y, z],
        vec![x, b, z],
        vec![x, b, c],
        vec![x, Var::constant(0.7), Var::constant(1.8)],
        vec![x, y, z, x],
        vec![a, b, x, y],
        vec![x, a, b, c, a],
        many,
    ]
}

#[track_caller]
fn assert_close(kind: OpKind, formula: &Expr, computed: f64, recorded: f64) {
    let is_close = (computed - recorded).abs() <= 1e-9 * recorded.abs().max(1.0);
    let is_same = computed == recorded || (computed.is_nan() && recorded.is_nan());
    assert!(is_close || is_same, "{kind}: {formula:?} is {computed}, recorded is {recorded}");
}

/// Holds the formulas of the last node against what the engine recorded; returns how many had a
/// finite number.
fn check(kind: OpKind, snapshot: &Snapshot) -> usize {
    let node = snapshot.nodes().next_back().expect("something is recorded");
    assert_eq!(node.operation().kind(), Some(kind));
    let formula = value(node).unwrap_or_else(|| panic!("{kind} has no formula"));
    let mut finite = 0;
    if let Some(computed) = evaluate(&formula, snapshot) {
        assert_close(kind, &formula, computed, node.value());
        finite += usize::from(computed.is_finite());
    }
    for (position, argument) in node.arguments().iter().enumerate() {
        let Argument::Node { partial: recorded, .. } = *argument else { continue };
        let formula = partial(node, position);
        let formula = formula.unwrap_or_else(|| panic!("{kind} lacks derivative {position}"));
        if let Some(computed) = evaluate(&formula, snapshot) {
            assert_close(kind, &formula, computed, recorded);
            finite += usize::from(computed.is_finite());
        }
    }
    finite
}

/// How many numbers were compared for an operation, over all points and shapes.
fn comparisons(kind: OpKind) -> usize {
    let mut finite = 0;
    for point in POINTS {
        let shapes = argument_lists(&Tape::new(), point).len();
        for shape in 0..shapes {
            let tape = Tape::new();
            let arguments = argument_lists(&tape, point).swap_remove(shape);
            // Shapes that the operation does not take are refused, and a clamp between variables
            // is recorded as other operations.
            let recorded = Var::try_apply(kind, &arguments);
            let snapshot = Snapshot::of(&tape.view());
            let is_one =
                snapshot.nodes().next_back().and_then(|node| node.operation().kind()) == Some(kind);
            if recorded.is_ok_and(|var| !var.is_constant()) && is_one {
                finite += check(kind, &snapshot);
            }
        }
    }
    finite
}

#[test]
fn every_operation_has_a_formula_with_the_engines_numbers() {
    for &kind in OpKind::ALL {
        if !matches!(kind, OpKind::Input | OpKind::Constant) {
            assert!(comparisons(kind) >= 2, "{kind} was never compared");
        }
    }
}

#[test]
fn an_operation_that_nobody_knows_has_its_name_alone() {
    let mut snapshot = Snapshot::new();
    let x = snapshot.push(OpKind::Input, 3.0, &[]);
    let y = snapshot.push("attention", 6.0, &[Argument::Node { node: x, partial: 2.0 }]);
    assert_eq!(value(snapshot.node(y)), Some(own("attention", vec![Expr::Node(x)])));
    assert_eq!(partial(snapshot.node(y), 0), None);
    let z = snapshot.push("oracle", 6.0, &[]);
    assert_eq!(value(snapshot.node(z)), None);
}

#[test]
fn a_part_has_its_operands_and_numbers_for_partial_derivatives() {
    let tape = Tape::new();
    let [x, y] = tape.var_array([3.0, 5.0]);
    let z = wengert::statement!(|x, y| x * y + x);
    let snapshot = Snapshot::of(&tape.view());
    let node = snapshot.node(z.id().unwrap());
    assert_eq!(partial(node, 2), Some(Expr::Number(6.0)));
    assert_eq!(partial(node, 3), Some(Expr::Number(3.0)));
    let derivation = snapshot.explain(z.id().unwrap()).to_string();
    assert!(derivation.contains("part(n0, n1)"), "{derivation}");
}
