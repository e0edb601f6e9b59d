//! What holds for every expression over all operations.

use crate::expression::{
    Expression, INPUTS, differentiate, expression, expression_of, operations, point,
    smooth_expression,
};
use crate::support::{cases, same};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use wengert::view::{Argument, NodeView, TapeView};
use wengert::{Dual, Gradients, OpKind, Tape, Var};

/// One evaluation of an expression, with what bounds its rounding errors.
struct Evaluation {
    value: f64,
    gradient: Vec<f64>,
    /// For each input the sum of |∂| over all paths from it to the output.
    influence: Vec<f64>,
    /// A bound of the rounding error of the value: each node's own rounding, carried on.
    rounding: f64,
    nodes: usize,
}

impl Evaluation {
    fn of(expression: &Expression, x: &[f64]) -> Self {
        let tape = Tape::new();
        let inputs = tape.vars(x);
        let output = expression.record(&inputs);
        let paths = paths(&tape, output);
        let view = tape.view();
        let size = |(id, path): (_, &f64)| view.node(id).map_or(0.0, |n| n.value().abs() * path);
        Self {
            value: output.value(),
            gradient: output.gradients().wrt(&inputs),
            influence: paths[..INPUTS].to_vec(),
            rounding: f64::EPSILON * view.ids().zip(&paths).map(size).sum::<f64>(),
            nodes: tape.len(),
        }
    }

    fn is_finite(&self) -> bool {
        let numbers = self.gradient.iter().chain(&self.influence);
        self.rounding.is_finite() && numbers.chain([&self.value]).all(|x| x.is_finite())
    }

    /// Half a unit in the last place, of all that is added up, for each operation of a sweep.
    fn tolerance(&self, direction: &[f64]) -> f64 {
        let influence = self.influence.iter().zip(direction).map(|(i, d)| i * d.abs());
        4.0 * f64::EPSILON * self.nodes as f64 * influence.sum::<f64>()
    }

    fn along(&self, direction: &[f64]) -> f64 {
        self.gradient.iter().zip(direction).map(|(g, d)| g * d).sum()
    }
}

/// The sum over all paths from each node to the output of the absolute value of the product of
/// partial derivatives, from the public view of the tape.
fn paths(tape: &Tape, output: Var<'_>) -> Vec<f64> {
    let view = tape.view();
    let mut paths = vec![0.0; view.len()];
    if let Some(id) = output.id() {
        paths[id.index()] = 1.0;
    }
    for node in view.ids().rev().filter_map(|id| view.node(id)) {
        for (operand, size) in node.operands().into_iter().zip(sizes(&view, &node)) {
            let path: f64 = paths[node.id().index()];
            paths[operand.index()] += path * size;
        }
    }
    paths
}

/// The sizes of a node's partial derivatives, or of what they are computed from where that is
/// larger by more than a few: terms of a polynomial's slope may cancel, and the exponential of a
/// large argument magnifies the argument's rounding.
fn sizes(view: &TapeView<'_>, node: &NodeView<'_>) -> Vec<f64> {
    let value = |argument: &Argument<f64>| match argument {
        Argument::Node(id) => view.node(*id).map_or(f64::NAN, |node| node.value()),
        Argument::Constant(c) => *c,
    };
    let xs: Vec<f64> = node.arguments().iter().map(value).collect();
    let mut sizes: Vec<f64> = node.partials().iter().map(|partial| partial.abs()).collect();
    match node.kind() {
        OpKind::Polynomial | OpKind::Horner => {
            let terms = xs.iter().zip(-1_i32..).skip(2);
            sizes[0] = terms.map(|(c, k)| (f64::from(k) * c * xs[0].powi(k - 1)).abs()).sum();
        }
        OpKind::LogSumExp => {
            let magnified = |(size, x): (&mut f64, &f64)| *size *= 1.0 + (x - node.value()).abs();
            sizes.iter_mut().zip(&xs).for_each(magnified);
        }
        _ => {}
    }
    sizes
}

/// Asserts that two numbers are at most `tolerance` apart, which absorbs denormal numbers.
fn close(given: f64, expected: f64, tolerance: f64) -> Result<(), TestCaseError> {
    let gap = (given - expected).abs();
    prop_assert!(gap <= tolerance + 1e-290, "{given:e} is not {expected:e}: {gap:e} apart");
    Ok(())
}

fn direction() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-1.0..1.0_f64, INPUTS)
}

/// The derivative of `f` at 0 by central differences: that of the step at which neighbouring
/// steps agree best, and an estimate of its error. `rounding` is the error of f.
fn difference(f: impl Fn(f64) -> f64, rounding: f64) -> (f64, f64) {
    let steps: Vec<f64> = (3..24).map(|k| 0.5_f64.powi(k)).collect();
    let slopes: Vec<f64> = steps.iter().map(|h| (f(*h) - f(-h)) / (2.0 * h)).collect();
    let error = |k: usize| (slopes[k] - slopes[k - 1]).abs() + rounding / steps[k];
    let best = (1..steps.len()).min_by(|&a, &b| error(a).total_cmp(&error(b))).unwrap_or(1);
    (slopes[best], error(best))
}

/// The sweep's value and gradient are those of the oracle, but for what rounding explains.
fn agrees_with_the_oracle(e: &Expression, x: &[f64]) -> Result<(), TestCaseError> {
    let evaluation = Evaluation::of(e, x);
    prop_assume!(evaluation.is_finite());
    for (i, &given) in evaluation.gradient.iter().enumerate() {
        let (found, change) = differentiate(e, x, i);
        prop_assume!(found.influence.is_finite());
        let rounding = 1e-9 * found.value.abs() + 1e4 * evaluation.rounding;
        close(evaluation.value, found.value, rounding)?;
        close(given, found.derivative, 8.0 * change + 1e-11 * found.influence)?;
    }
    Ok(())
}

/// Random expressions of a few hundred cases do not meet every operation in every way.
#[test]
fn each_operation_is_what_the_oracle_says() {
    let config = ProptestConfig { cases: cases().cases / 4, ..cases() };
    for kind in operations() {
        let strategy = (expression_of(kind), point());
        let outcome =
            TestRunner::new(config.clone()).run(&strategy, |(e, x)| agrees_with_the_oracle(&e, &x));
        outcome.unwrap_or_else(|error| panic!("{kind}: {error}"));
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_sweep_is_what_the_oracle_says(e in expression(), x in point()) {
        agrees_with_the_oracle(&e, &x)?;
    }

    #[test]
    fn reverse_forward_and_dual_numbers_agree(e in expression(), x in point(), v in direction()) {
        let evaluation = Evaluation::of(&e, &x);
        prop_assume!(evaluation.is_finite());
        let (reverse, tolerance) = (evaluation.along(&v), evaluation.tolerance(&v));
        let (values, tangents) = wengert::jvp(|inputs| vec![e.record(inputs)], &x, &v).unwrap();
        let duals: Vec<Dual> = x.iter().zip(&v).map(|(&x, &v)| Dual::new(x, v)).collect();
        let dual = e.evaluate(&duals);
        same(values[0], evaluation.value);
        same(dual.value, evaluation.value);
        close(tangents[0], reverse, tolerance)?;
        close(dual.tangent, reverse, tolerance)?;
    }

    #[test]
    fn central_differences_agree(e in smooth_expression(), x in point(), v in direction()) {
        let evaluation = Evaluation::of(&e, &x);
        prop_assume!(evaluation.is_finite());
        let at = |h: f64| {
            let shifted = x.iter().zip(&v).map(|(x, v)| Var::constant(x + h * v));
            e.record(&shifted.collect::<Vec<_>>()).value()
        };
        let (slope, error) = difference(at, evaluation.rounding);
        prop_assume!(slope.is_finite());
        let influence: f64 = evaluation.influence.iter().sum();
        close(evaluation.along(&v), slope, 20.0 * error + 1e-9 * influence)?;
    }

    #[test]
    fn the_sweep_is_linear_in_its_seeds(
        (e, f) in (expression(), expression()),
        x in point(),
        (a, b) in (-3.0..3.0_f64, -3.0..3.0_f64),
    ) {
        let tape = Tape::new();
        let inputs = tape.vars(&x);
        let (u, v) = (e.record(&inputs), f.record(&inputs));
        let both = tape.pullback(&[(u, a), (v, b)]).unwrap().wrt(&inputs);
        let (of_u, of_v) = (u.gradients().wrt(&inputs), v.gradients().wrt(&inputs));
        let (paths_u, paths_v) = (paths(&tape, u), paths(&tape, v));
        for i in 0..INPUTS {
            let influence = a.abs() * paths_u[i] + b.abs() * paths_v[i];
            prop_assume!(influence.is_finite() && both[i].is_finite());
            let tolerance = 4.0 * f64::EPSILON * tape.len() as f64 * influence;
            close(both[i], a * of_u[i] + b * of_v[i], tolerance)?;
        }
    }

    #[test]
    fn the_order_of_independent_parts_changes_nothing(
        (e, f) in (expression(), expression()),
        (x, y) in (point(), point()),
    ) {
        let evaluate = |e_first: bool| {
            let tape = Tape::new();
            let (x, y) = (tape.vars(&x), tape.vars(&y));
            let (u, v) = if e_first {
                let u = e.record(&x);
                (u, f.record(&y))
            } else {
                let v = f.record(&y);
                (e.record(&x), v)
            };
            let z = u * v + u.sin();
            let gradients = z.gradients();
            [vec![z.value()], gradients.wrt(&x), gradients.wrt(&y)].concat()
        };
        evaluate(true).into_iter().zip(evaluate(false)).for_each(|(a, b)| same(a, b));
    }

    #[test]
    fn a_used_tape_gives_what_a_new_one_gives(
        (e, f) in (expression(), expression()),
        (x, y) in (point(), point()),
    ) {
        let (mut tape, mut gradients) = (Tape::new(), Gradients::new());
        let mut evaluate = |e: &Expression, x: &[f64]| {
            tape.reset();
            let inputs = tape.vars(x);
            e.record(&inputs).gradients_into(&mut gradients);
            gradients.wrt(&inputs)
        };
        let _ = evaluate(&f, &y);
        let again = evaluate(&e, &x);
        let fresh = wengert::gradient(|inputs| e.record(inputs), &x);
        again.into_iter().zip(fresh).for_each(|(a, b)| same(a, b));
    }

    #[test]
    fn operations_on_constants_are_those_on_variables(e in expression(), x in point()) {
        let tape = Tape::new();
        let recorded = e.record(&tape.vars(&x));
        let constants: Vec<_> = x.iter().map(|&x| Var::constant(x)).collect();
        let constant = e.record(&constants);
        prop_assert!(constant.is_constant());
        same(constant.value(), recorded.value());
    }
}
