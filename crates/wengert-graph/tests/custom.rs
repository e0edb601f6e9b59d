//! Pictures and explanations of operations of a user's own.

use std::sync::Arc;
use wengert::custom::{Failure, Operation};
use wengert::{Function, Number, Tape, Var};
use wengert_graph::{Picture, Snapshot, Theme};

/// (x·y, x/y), by the name of an operation of the engine's, which it is not.
struct Pair;

impl Operation for Pair {
    fn name(&self) -> &str {
        "tanh <pair>"
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        (inputs == 2).then_some(2)
    }
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        y.copy_from_slice(&[x[0] * x[1], x[0] / x[1]]);
        Ok(())
    }
    fn vjp(&self, x: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
        product[0] = weights[0] * x[1] + weights[1] / x[1];
        product[1] = weights[0] * x[0] - weights[1] * y[1] / x[1];
    }
}

fn pair() -> Arc<dyn Operation> {
    Arc::new(Pair)
}

fn called<'t>(x: &[Var<'t>]) -> Var<'t> {
    let y = Var::call(&pair(), x);
    y[0].sin() + y[1] * 3.0
}

/// The adjoint of each node is the sum of what its users add to it, by the rows of the Jacobian.
#[track_caller]
fn assert_adds_up(snapshot: &Snapshot) {
    let mut sums = vec![0.0; snapshot.len()];
    for edge in snapshot.nodes().flat_map(|node| node.edges()) {
        sums[edge.from.position()] += edge.contribution.unwrap();
    }
    for (node, sum) in snapshot.nodes().zip(&sums).take(snapshot.len() - 1) {
        assert!((node.adjoint().unwrap() - sum).abs() < 1e-14, "{} {sum}", node.name());
    }
}

#[test]
fn each_output_is_a_node_with_its_row() {
    let tape = Tape::new();
    let x = tape.vars(&[3.0, 2.0]);
    let y = called(&x);
    let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    let names: Vec<&str> = snapshot.nodes().map(|node| node.operation().name()).collect();
    assert_eq!(names[2..4], ["tanh <pair>[0]", "tanh <pair>[1]"]);
    assert_adds_up(&snapshot);
    let picture = Picture::of(&snapshot);
    assert!(picture.svg(Theme::Light).contains("tanh &lt;pair&gt;[1]"));
    for text in [picture.dot(), picture.mermaid(), picture.table()] {
        assert!(text.contains("pair"), "{text}");
    }
    let markdown = snapshot.explain(y.id().unwrap()).to_markdown();
    let name = r"\text{tanh }\lt\text{pair}\gt\text{}\lbrack\text{0}\rbrack\text{}";
    let formula = format!(r"n_{{2}} = {name}\left(n_{{0}}, n_{{1}}\right)");
    assert!(markdown.contains(&formula), "{markdown}");
    let explanation = snapshot.explain(y.id().unwrap()).to_string();
    assert!(explanation.contains("n3 = tanh <pair>[1](n0, n1) = "), "{explanation}");
    assert!(
        explanation
            .contains("∂n6/∂n3 · ∂n3/∂n0 + ∂n6/∂n2 · ∂n2/∂n0 = 3.0000 · 0.5000 + 0.9602 · 2.0000"),
        "{explanation}"
    );
}

#[test]
fn functions_have_the_same_picture() {
    let f = Function::record(&[3.0, 2.0], called);
    let snapshot = Snapshot::of_function(&f, &[1.5, 0.5]).unwrap();
    let names: Vec<&str> = snapshot.nodes().map(|node| node.operation().name()).collect();
    assert_eq!(names[2..4], ["tanh <pair>[0]", "tanh <pair>[1]"]);
    assert_adds_up(&snapshot);
}
