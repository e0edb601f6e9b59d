//! Snapshots of functions: their numbers are those of the function, and what is said of tapes is
//! said of them.

use wengert::{Function, OpKind, Optimise, Tape, Var};
use wengert_graph::{Argument, Element, Picture, Role, Snapshot, Theme};

/// A function of six variables with operations of every shape.
fn mixed<'t>(x: &[Var<'t>]) -> Var<'t> {
    let sums = x[0] * x[1] - x[2] * x[3] + 2.0 * x[4] - 1.5;
    let linear = Var::sum(&[x[0], -x[1], x[2]]) - x[5];
    let many = Var::log_sum_exp(x) + Var::norm(x) + Var::dot(&x[..3], &x[3..]);
    let powers = x[0] * x[0] + x[1].powi(5) + x[2].abs().powf(x[3].abs()) + x[4].clamp(0.0, 2.0);
    let choice = wengert::select(x[0].less(x[1]), x[2].sin(), x[3].tanh());
    let held = x[5].polynomial(&[1.0, -2.0, 0.5]).max(x[0]).atan2(x[4]);
    (sums.exp() + linear.sigmoid()) * choice + many * powers / held
}

const POINT: [f64; 6] = [0.3, -0.6, 0.8, 0.4, 1.2, -0.7];

#[track_caller]
fn assert_close(found: f64, expected: f64) {
    let is_close = (found - expected).abs() <= 1e-12 * expected.abs().max(1.0);
    assert!(is_close, "{found} is not {expected}");
}

/// Holds values, gradient and edges against the function.
fn assert_agrees(f: &Function, x: &[f64]) {
    let snapshot = Snapshot::of_function(f, x).unwrap();
    let mut gradient = vec![0.0; x.len()];
    let value = f.value_and_gradient(&mut f.workspace(), x, &mut gradient).unwrap();
    let [output] = snapshot.outputs()[..] else { panic!("there is one output") };
    assert_eq!(snapshot.node(output).value(), value);
    assert_eq!(snapshot.node(output).adjoint(), Some(1.0));
    for (node, &derivative) in snapshot.nodes().zip(&gradient) {
        assert_close(node.adjoint().unwrap(), derivative);
    }
    assert_eq!(snapshot.len(), x.len() + f.len());
    assert_contributions_add_up(&snapshot);
}

/// The adjoint of each node is the sum of what its users add to it.
fn assert_contributions_add_up(snapshot: &Snapshot) {
    let mut sums = vec![0.0; snapshot.len()];
    for edge in snapshot.nodes().flat_map(|node| node.edges()) {
        sums[edge.from.position()] += edge.contribution.unwrap();
    }
    for (node, sum) in snapshot.nodes().zip(sums) {
        let seed = if node.role() == Role::Output { 1.0 } else { 0.0 };
        assert_close(node.adjoint().unwrap(), seed + sum);
    }
}

#[test]
fn numbers_are_those_of_the_function_optimised_or_not() {
    for optimise in [Optimise::all(), Optimise::none()] {
        let f = Function::<f64>::builder().optimise(optimise).record(&POINT, mixed);
        assert_agrees(&f, &POINT);
        assert_agrees(&f, &POINT.map(|x| 1.3 * x + 0.01));
    }
}

#[test]
fn a_chain_longer_than_the_stack_is_deep_is_drawn_and_diagnosed() {
    let f = Function::record(&[0.5], |x| {
        (0..20_000).fold(x[0], |y, _| (y * 1.0001 - 0.001).sin() * x[0])
    });
    assert_agrees(&f, &[0.9]);
    let snapshot = Snapshot::of_function(&f, &[0.9]).unwrap();
    assert!(Picture::of(&snapshot).elements().len() <= 150);
    assert!(snapshot.diagnose().to_string().contains("are finite"));
}

#[test]
fn runs_of_one_kind_keep_their_operands() {
    let x: Vec<f64> = (0..300).map(|i| f64::from(i % 17) / 17.0 - 0.4).collect();
    let f = Function::record(&x, |x| {
        let stencil = x.windows(3).map(|w| w[0] * w[1] - w[1] * w[2] + w[2]);
        let waves: Vec<Var<'_>> = stencil.map(|y| y.sin()).collect();
        let strided: Vec<Var<'_>> = waves.iter().step_by(2).map(|y| y.exp()).collect();
        Var::sum(&strided) + Var::dot(&waves, &waves)
    });
    assert_agrees(&f, &x);
}

#[test]
fn data_are_constants_and_outputs_have_names() {
    let f = Function::<f64>::builder().data(&[3.0]).record_many_with_data(&[2.0], |x, d| {
        vec![x[0] * d[0], x[0], Var::constant(7.0), x[0] * d[0]]
    });
    let snapshot = Snapshot::of_function(&f, (&[5.0], &[4.0])).unwrap();
    let said: Vec<_> =
        snapshot.nodes().map(|node| (node.name(), node.role(), node.value())).collect();
    let expected = [
        ("x0 = y1", Role::Output, 5.0),
        ("d0", Role::Constant, 4.0),
        ("y0 = y3", Role::Output, 20.0),
        ("y2", Role::Output, 7.0),
    ];
    assert_eq!(said, expected.map(|(name, role, value)| (name.to_owned(), role, value)));
    assert!(!snapshot.has_gradients(), "nobody said of which output");
}

#[test]
fn a_difference_of_products_is_worked_out() {
    let f = Function::record(&[1.0; 4], |x| (x[0] * x[3] - x[1] * x[2]).sin());
    let snapshot = Snapshot::of_function(&f, &[2.0, -1.0, 1.0, 0.5]).unwrap();
    let explanation = snapshot.explain(snapshot.outputs()[0]).to_string();
    for line in [
        "n4 = x0 · x3 − x1 · x2 = 2.0000",
        "∂y/∂x1 = −∂y/∂n4 · x2 = (−0.4161) · (−1.0000) = 0.4161",
        "∂y/∂x3 = ∂y/∂n4 · x0 = (−0.4161) · 2.0000 = −0.8323",
    ] {
        assert!(explanation.contains(line), "{line} is missing in:\n{explanation}");
    }
    assert!(Picture::of(&snapshot).svg(Theme::Light).contains(">a·b − c·d<"));
}

#[test]
fn squares_and_sums_are_those_of_a_tape() {
    let kind_of = |f: &Function| {
        let snapshot = Snapshot::of_function(f, &[2.0, 3.0]).unwrap();
        snapshot.node(snapshot.outputs()[0]).operation().kind()
    };
    let square = Function::record(&[1.0, 1.0], |x| x[0] * x[0]);
    assert_eq!(kind_of(&square), Some(OpKind::Powi));
    let products = Function::record(&[1.0, 1.0], |x| x[0] * x[1] - 2.0 * x[0]);
    assert_eq!(kind_of(&products), Some(OpKind::Dot));
}

#[test]
fn an_overflow_in_a_difference_of_products_is_told_as_such() {
    let f = Function::record(&[1.0; 3], |x| (x[0] * x[1] - x[1] * x[2]).tanh());
    let snapshot = Snapshot::of_function(&f, &[1e200, 1e200, 1.0]).unwrap();
    let diagnosis = snapshot.diagnose().to_string();
    assert!(diagnosis.contains("overflow"), "{diagnosis}");
}

#[test]
fn a_comparison_that_flips_is_an_error() {
    let f = Function::record(&[1.0], |x| if x[0] < 2.0 { x[0].exp() } else { x[0] });
    assert!(Snapshot::of_function(&f, &[1.5]).is_ok());
    assert!(Snapshot::of_function(&f, &[2.5]).is_err());
    assert!(Snapshot::of_function(&f, &[1.5, 1.0]).is_err());
}

#[test]
fn an_unoptimised_function_is_the_tape_it_was_recorded_on() {
    let f = Function::<f64>::builder()
        .optimise(Optimise::none())
        .record(&[2.0, 3.0], |x| (x[0] * x[1]).tanh() / x[1]);
    let tape = Tape::new();
    let [x, y] = tape.var_array([2.0, 3.0]);
    let out = (x * y).tanh() / y;
    let [of_function, of_tape] = [
        Snapshot::of_function(&f, &[2.0, 3.0]).unwrap(),
        Snapshot::of(&tape.view()).with_gradients(&out.gradients()),
    ];
    let nodes = |snapshot: &Snapshot| -> Vec<(String, Vec<usize>)> {
        let from = |argument: &Argument| match argument {
            Argument::Node { node, .. } => node.position(),
            Argument::Constant(_) => usize::MAX,
        };
        let node = |node: wengert_graph::Node<'_>| {
            (node.operation().name().to_owned(), node.arguments().iter().map(from).collect())
        };
        snapshot.nodes().map(node).collect()
    };
    assert_eq!(nodes(&of_function), nodes(&of_tape));
}

/// A call of a function is one box, which opens to its operations and the calls within it.
#[test]
fn a_call_is_a_box_that_opens() {
    let inner = Function::builder().name("inner").record(&[0.5], |x| (x[0].sin() + 1.0).exp());
    let outer = Function::builder().name("outer").record(&[0.5, 0.3], |x| {
        inner.call_as_one(&x[..1], &[]).unwrap()[0] * x[1].tanh() + x[1].sqrt()
    });
    let f = Function::record(&[0.5, 0.3], |x| {
        let a = outer.call_as_one(x, &[]).unwrap()[0];
        outer.call_as_one(&[a.ln(), x[1]], &[]).unwrap()[0]
            + inner.call_as_one(&[a], &[]).unwrap()[0]
    });
    let snapshot = Snapshot::of_function(&f, &[0.7, 0.2]).unwrap();
    let names = |picture: &Picture<'_>| -> Vec<String> {
        let name = |element: &Element| match element {
            Element::Group(group) => format!("[{}]", group.name),
            Element::Node { node, .. } => snapshot.node(*node).name(),
        };
        picture.elements().iter().map(name).collect()
    };
    let picture = Picture::of(&snapshot);
    assert_eq!(names(&picture), ["x0", "x1", "[outer 1]", "n8", "[inner 2]", "[outer 2]", "y"]);
    let opened = picture.open("outer 1").unwrap();
    assert_eq!(opened.elements().len(), picture.elements().len() + 3);
    assert!(names(&opened).contains(&"[outer 1/inner 1]".to_owned()), "{:?}", names(&opened));
    let whole = opened.open("outer 1/inner 1").unwrap();
    assert_eq!(whole.elements().len(), opened.elements().len() + 2);
    assert_eq!(Picture::everything(&snapshot).elements().len(), snapshot.len());

    // The numbers are those of the function all the same.
    let mut gradient = [0.0; 2];
    f.gradient(&mut f.workspace(), &[0.7, 0.2], &mut gradient).unwrap();
    for (node, derivative) in snapshot.nodes().zip(gradient) {
        assert_close(node.adjoint().unwrap(), derivative);
    }
    assert_contributions_add_up(&snapshot);
}

/// A derivative is a function as any other: its outputs, the operations that recorded sweeps are
/// made of, and its own adjoints are drawn.
#[test]
fn a_derived_function_is_drawn_as_any_other() {
    let f = Function::record(&[0.5, 1.5], |x| x[0].tanh() * x[1].powi(3));
    let derived = f.value_and_gradient_function().unwrap();
    let snapshot = Snapshot::of_function(&derived, &[0.25, 2.0]).unwrap();
    let t = 0.25_f64.tanh();
    let known = [t * 8.0, (1.0 - t * t) * 8.0, t * 12.0];
    assert_eq!(snapshot.outputs().len(), 3);
    for (name, known) in ["y0", "y1", "y2"].into_iter().zip(known) {
        let node = snapshot.nodes().find(|node| node.name() == name).unwrap();
        assert_close(node.value(), known);
    }
    let kinds: Vec<_> = snapshot.nodes().map(|node| node.operation().kind()).collect();
    assert!(kinds.contains(&Some(OpKind::Derivative)), "{kinds:?}");
    let svg = Picture::of(&snapshot).svg(Theme::Light);
    for text in [">y0<", ">y1<", ">y2<", ">tanh<"] {
        assert!(svg.contains(text), "{text} is missing");
    }
    // Of one output: the picture of the gradient, with the second derivatives as adjoints.
    let line = Function::record(&[0.5], |x| x[0].tanh());
    assert_agrees(&line.gradient_function().unwrap(), &[0.25]);
}
