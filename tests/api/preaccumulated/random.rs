//! Random expressions, parts of which are recorded apart, against the same without parts.

use crate::expression::{Expression, INPUTS, apply, expression, point, smooth_expression};
use crate::support::cases;
use proptest::prelude::*;
use wengert::{Dual, Function, Scalar, Tape, Var};

/// How an operation is recorded, which is drawn anew at each: as it is, as a part of its arguments,
/// or together with all below it as a part, or a statement, of the inputs.
#[derive(Clone, Copy, Debug)]
enum How {
    Plain,
    Operation,
    Part,
    Statement,
}

/// Numbers that say how each operation is recorded, one after the other.
struct Draws<'d>(std::slice::Iter<'d, u8>);

impl Draws<'_> {
    fn next(&mut self) -> How {
        match self.0.next().copied().unwrap_or(0) % 6 {
            1 | 2 => How::Operation,
            3 | 4 => How::Part,
            5 => How::Statement,
            _ => How::Plain,
        }
    }
}

fn record<'t, F: Scalar>(
    e: &Expression,
    x: [Var<'t, F>; INPUTS],
    draws: &mut Draws<'_>,
) -> Var<'t, F> {
    let Expression::Apply(kind, arguments) = e else { return e.record(&x) };
    match draws.next() {
        How::Plain => {
            let arguments: Vec<_> = arguments.iter().map(|a| record(a, x, draws)).collect();
            apply(*kind, &arguments)
        }
        How::Operation => {
            let arguments: Vec<_> = arguments.iter().map(|a| record(a, x, draws)).collect();
            Var::preaccumulate(&arguments, |xs| vec![apply(*kind, xs)])[0]
        }
        How::Part => {
            let [y] = Var::preaccumulate_array(x, |x| [inside(e, x, draws)]);
            y
        }
        How::Statement => {
            let [y] = Var::statement(
                x,
                |x| [e.record(&x.map(Var::constant)).value()],
                |x| [e.record(&x)],
            );
            y
        }
    }
}

/// What is inside a part may have parts in turn; the part's own operation is plain.
fn inside<'t, F: Scalar>(
    e: &Expression,
    x: [Var<'t, F>; INPUTS],
    draws: &mut Draws<'_>,
) -> Var<'t, F> {
    let Expression::Apply(kind, arguments) = e else { return e.record(&x) };
    let arguments: Vec<_> = arguments.iter().map(|a| record(a, x, draws)).collect();
    apply(*kind, &arguments)
}

fn draws() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 40)
}

fn inputs<F: Scalar>(tape: &Tape<F>, x: impl Fn(usize) -> F) -> [Var<'_, F>; INPUTS] {
    tape.var_array(std::array::from_fn(x))
}

/// How large the terms are that a derivative is the sum of: the gradient of the flat recording with
/// every partial derivative made positive.
fn influence(tape: &Tape, output: Var<'_>) -> Vec<f64> {
    let view = tape.view();
    let mut paths = vec![0.0; view.len()];
    if let Some(id) = output.id() {
        paths[id.index()] = 1.0;
    }
    for node in view.ids().rev().filter_map(|id| view.node(id)) {
        for (operand, partial) in node.operands().into_iter().zip(node.partials()) {
            let path: f64 = paths[node.id().index()];
            paths[operand.index()] += path * partial.abs();
        }
    }
    paths.truncate(INPUTS);
    paths
}

proptest! {
    #![proptest_config(cases())]

    /// The value has the same bits, and the derivatives are the same but for the order of products.
    #[test]
    fn parts_are_their_operations(e in expression(), x in point(), how in draws()) {
        let flat = Tape::new();
        let vars = inputs(&flat, |i| x[i]);
        let expected = e.record(&vars);
        let derivatives = expected.gradients().wrt(&vars);
        let influence = influence(&flat, expected);
        prop_assume!(influence.iter().chain(&derivatives).all(|x| x.is_finite()));

        let tape = Tape::new();
        let vars = inputs(&tape, |i| x[i]);
        let found = record(&e, vars, &mut Draws(how.iter()));
        prop_assert_eq!(found.value().to_bits(), expected.value().to_bits());
        let (gradients, tangents) = (found.gradients(), tape.pushforward(&[(vars[0], 1.0)]).unwrap());
        for i in 0..INPUTS {
            let tolerance = 4.0 * f64::EPSILON * (flat.len() as f64) * influence[i] + 1e-290;
            let gap = (gradients[vars[i]] - derivatives[i]).abs();
            prop_assert!(gap <= tolerance, "{} is not {}", gradients[vars[i]], derivatives[i]);
        }
        let forward = if found.is_constant() { 0.0 } else { tangents[found] };
        let tolerance = 8.0 * f64::EPSILON * (flat.len() as f64) * influence[0] + 1e-290;
        prop_assert!((forward - gradients[vars[0]]).abs() <= tolerance);
    }

    /// On a tape of dual numbers the partial derivatives move too.
    #[test]
    fn parts_over_dual_numbers_have_their_second_derivatives(
        e in smooth_expression(), x in point(), v in point(), how in draws(),
    ) {
        let gradient = |parts: bool| {
            let tape = Tape::<Dual>::default();
            let vars = inputs(&tape, |i| Dual::new(x[i], v[i]));
            let y = if parts { record(&e, vars, &mut Draws(how.iter())) } else { e.record(&vars) };
            y.gradients().wrt(&vars)
        };
        let (flat, parts) = (gradient(false), gradient(true));
        let scale = flat.iter().fold(1.0, |a: f64, b| a.max(b.value.abs()).max(b.tangent.abs()));
        prop_assume!(scale < 1e6);
        for (part, flat) in parts.iter().zip(&flat) {
            prop_assert!((part.value - flat.value).abs() < 1e-9 * scale);
            prop_assert!((part.tangent - flat.tangent).abs() < 1e-7 * scale, "{part} is not {flat}");
        }
    }

    /// In a function nothing is frozen: its bits are those of the flat one.
    #[test]
    fn parts_in_a_function_are_its_operations(
        e in expression(), x in point(), at in point(), how in draws(),
    ) {
        let flat = Function::record(&x, |x| e.record(x));
        let parts = Function::record(&x, |x| record(&e, [x[0], x[1], x[2]], &mut Draws(how.iter())));
        prop_assert_eq!(parts.bytes(), flat.bytes());
        let value = |f: &Function| f.value(&mut f.workspace(), &at).unwrap().to_bits();
        prop_assert_eq!(value(&parts), value(&flat));
    }

    /// A function called on a tape is its operations, whether they become nodes or not.
    #[test]
    fn calls_are_their_operations(
        e in smooth_expression(), f in smooth_expression(), x in point(),
    ) {
        let function = Function::record(&x, |x| e.record(x));
        let outer = |called: bool| {
            let tape = Tape::new();
            let vars = inputs(&tape, |i| x[i]);
            let inner = match called {
                true => function.call(&vars, &[]),
                false => function.inline(&vars, &[]),
            };
            let y = f.record(&[inner.unwrap()[0], vars[1], vars[2]]);
            let largest = influence(&tape, y).into_iter().fold(y.value().abs().max(1.0), f64::max);
            (y.value(), y.gradients().wrt(&vars), largest)
        };
        let ((value, called, _), (exact, inlined, scale)) = (outer(true), outer(false));
        // Elementary functions are others in a replay, within two units in the last place.
        prop_assume!(scale < 1e6);
        prop_assert!((value - exact).abs() <= 1e-9 * scale, "{value} is not {exact}");
        for (called, exact) in called.iter().zip(&inlined) {
            prop_assert!((called - exact).abs() <= 1e-7 * scale, "{called} is not {exact}");
        }
    }
}
