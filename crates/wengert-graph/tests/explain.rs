//! The chain rule worked out: its words, and the numbers that are printed.

use wengert::{Gradients, Tape, Var};
use wengert_graph::{Argument, Snapshot};

/// The neuron of the README.
fn neuron(tape: &Tape) -> Var<'_> {
    let input = |name: &str, value| tape.var(value).label(name);
    let (x1, w1, x2, w2) =
        (input("x1", 2.0), input("w1", -3.0), input("x2", 0.0), input("w2", 1.0));
    let b = input("b", 6.8814);
    let sum = ((x1 * w1).label("x1w1") + (x2 * w2).label("x2w2")).label("x1w1 + x2w2");
    (sum + b).label("n").tanh().label("o")
}

#[test]
fn a_neuron_is_derived_as_in_class() {
    let tape = Tape::new();
    let o = neuron(&tape);
    let snapshot = Snapshot::of(&tape.view());
    let expected = "\
Forward: the values

  x1 = 2.0000
  w1 = −3.0000
  x2 = 0
  w2 = 1.0000
  b = 6.8814
  x1w1 = x1 · w1 = −6.0000
  x2w2 = x2 · w2 = 0
  (x1w1 + x2w2) = x1w1 + x2w2 = −6.0000
  n = (x1w1 + x2w2) + b = 0.8814
  o = tanh(n) = 0.7071

Backward: the chain rule, from the output

  ∂o/∂o = 1
  ∂o/∂n = 1 − tanh²(n) = 0.5000
  ∂o/∂(x1w1 + x2w2) = ∂o/∂n = 0.5000
  ∂o/∂x2w2 = ∂o/∂(x1w1 + x2w2) = 0.5000
  ∂o/∂x1w1 = ∂o/∂(x1w1 + x2w2) = 0.5000
  ∂o/∂b = ∂o/∂n = 0.5000
  ∂o/∂w2 = ∂o/∂x2w2 · x2 = 0.5000 · 0 = 0
  ∂o/∂x2 = ∂o/∂x2w2 · w2 = 0.5000 · 1.0000 = 0.5000
  ∂o/∂w1 = ∂o/∂x1w1 · x1 = 0.5000 · 2.0000 = 1.0000
  ∂o/∂x1 = ∂o/∂x1w1 · w1 = 0.5000 · (−3.0000) = −1.4999
";
    assert_eq!(snapshot.explain(o.id().unwrap()).to_string(), expected);
}

/// A printed number, as a reader takes it.
fn number(text: &str) -> f64 {
    let plain = text.trim_matches(['(', ')']).replace('−', "-").replace('∞', "inf");
    plain.parse().unwrap_or_else(|_| panic!("`{text}` is no number"))
}

/// Whether a part of an equation has no names left in it.
fn is_numbers(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || " ().·+−e∞".contains(c))
}

/// The number of a printed sum of products: `0.5000 · (−3.0000) + 2.0000 − 1.0000 · 4.0000`.
fn sum_of_products(text: &str) -> f64 {
    let product = |text: &str| match text.strip_prefix('−') {
        Some(rest) => -rest.split(" · ").map(number).product::<f64>(),
        None => text.split(" · ").map(number).product(),
    };
    let mut parts = text.split(" − ");
    let sum = |text: &str| text.split(" + ").map(product).sum::<f64>();
    let first = parts.next().map_or(0.0, sum);
    // Behind a minus, only the first product of each part is taken away.
    parts.fold(first, |total, part| {
        let (taken, added) = part.split_once(" + ").unwrap_or((part, ""));
        total - product(taken) + if added.is_empty() { 0.0 } else { sum(added) }
    })
}

/// Holds every printed number of every step against the engine's gradient.
#[track_caller]
fn assert_printed(tape: &Tape, output: Var<'_>, gradients: &Gradients) {
    let snapshot = Snapshot::of(&tape.view());
    let explanation = snapshot.explain(output.id().unwrap());
    for step in explanation.steps() {
        let adjoint = gradients.as_slice()[step.node().position()];
        assert!((step.adjoint() - adjoint).abs() <= 1e-12 * adjoint.abs().max(1.0), "{step}");
        let parts: f64 = step.terms().map(|term| term.contribution).sum();
        assert!(step.terms().count() == 0 || parts == step.adjoint(), "{step}");
        let line = step.to_string();
        let printed: Vec<&str> = line.split(" = ").filter(|part| is_numbers(part)).collect();
        assert!(!printed.is_empty(), "{line}");
        // Four digits are printed of each number, so a product is off by 1e-4 of its factors.
        let tolerance = 5e-4 * (1.0 + adjoint.abs()) * 10.0;
        for part in printed {
            assert!((sum_of_products(part) - adjoint).abs() <= tolerance, "{line}, not {adjoint}");
        }
    }
}

#[test]
fn the_printed_numbers_are_those_of_the_gradients() {
    let tape = Tape::new();
    let o = neuron(&tape);
    assert_printed(&tape, o, &o.gradients());
    let tape = Tape::new();
    let [x, y, z] = tape.var_array([0.7, 1.3, -0.4]);
    let a = x * y - z / y + x.powi(3);
    let b = (a.sin() + y.exp()).ln() * x.hypot(z) - Var::dot(&[x, y], &[z, a]);
    let c = b.max(x).mul_add(2.0, y) + Var::log_sum_exp(&[x, y, a]) - x;
    assert_printed(&tape, c, &c.gradients());
}

#[test]
fn contributions_of_all_uses_are_added() {
    let tape = Tape::new();
    let x = tape.var(3.0).label("x");
    let y = (x * x + x.sin() - x).label("y");
    let snapshot = Snapshot::of(&tape.view());
    let explanation = snapshot.explain(y.id().unwrap());
    assert_eq!(
        explanation.step(x.id().unwrap()).unwrap().to_string(),
        "∂y/∂x = −1 + ∂y/∂n2 · cos(x) + ∂y/∂n1 · x + ∂y/∂n1 · x = \
         −1 + 1.0000 · (−0.9900) + 1.0000 · 3.0000 + 1.0000 · 3.0000 = 4.0100"
    );
}

#[test]
fn of_many_uses_a_few_are_written_and_all_are_counted() {
    let tape = Tape::new();
    let w = tape.var(2.0).label("w");
    let x = tape.vars(&[1.0; 100]);
    let products: Vec<Var<'_>> = x.iter().map(|&x| w * x).collect();
    let y = Var::sum(&products).label("y");
    let snapshot = Snapshot::of(&tape.view());
    let explanation = snapshot.explain(y.id().unwrap());
    let step = explanation.step(w.id().unwrap()).unwrap();
    assert!(step.to_string().contains(" + … + "), "{step}");
    assert!(step.to_string().ends_with("= 100.0000"), "{step}");
    assert_eq!(step.terms().count(), 100);
}

#[test]
fn operations_without_notation_are_named() {
    let mut snapshot = Snapshot::new();
    let x = snapshot.push("input", 3.0, &[]);
    let y = snapshot.push("attention", 6.0, &[Argument::Node { node: x, partial: 2.0 }]);
    let z = snapshot.push("attention", 9.0, &[Argument::Node { node: y, partial: 1.5 }]);
    snapshot.set_label(z, "z");
    let explanation = snapshot.explain(z);
    let lines: Vec<String> = explanation.steps().map(|step| step.to_string()).collect();
    assert_eq!(
        lines[1..],
        ["∂z/∂n1 = 1.5000", "∂z/∂n0 = ∂z/∂n1 · ∂n1/∂n0 = 1.5000 · 2.0000 = 3.0000"]
    );
}

#[test]
fn what_is_lost_is_shown_as_lost() {
    let tape = Tape::new();
    let x = tape.var(-1.0).label("x");
    let y = x.ln().label("y");
    let snapshot = Snapshot::of(&tape.view());
    let explanation = snapshot.explain(y.id().unwrap());
    assert!(explanation.step(x.id().unwrap()).unwrap().adjoint().is_nan());
    assert!(explanation.to_string().contains("y = ln(x) = NaN"));
}

/// Labels are names, and nothing else: neither lines, nor markup, nor another node.
#[test]
fn labels_cannot_mislead() {
    let tape = Tape::new();
    let [a, b] = [tape.var(1.0).label("x"), tape.var(2.0).label("x")];
    let c = (a * b).label("n0");
    let d = (c + a).label("line\nbreak $$ </script> `");
    let snapshot = Snapshot::of(&tape.view());
    let explanation = snapshot.explain(d.id().unwrap());
    let text = explanation.to_string();
    assert_eq!(text.lines().count(), 13, "{text}");
    assert!(text.contains("n0:n2 = x:n0 · x:n1 = 2.0000"), "{text}");
    let markdown = explanation.to_markdown();
    assert!(!markdown.contains("</script>") && !markdown.contains('`'), "{markdown}");
    let fences = markdown.matches("$$").count();
    assert_eq!(fences, 2 * 8, "{markdown}");
}

#[test]
fn a_long_chain_is_explained_without_recursion() {
    let tape = Tape::new();
    let x = tape.var(0.5);
    let y = (0..200_000).fold(x, |y, _| y * 1.000_001);
    let snapshot = Snapshot::of(&tape.view());
    let explanation = snapshot.explain(y.id().unwrap());
    let step = explanation.step(x.id().unwrap()).unwrap();
    assert_eq!(step.adjoint(), y.gradients()[x]);
    assert!(step.to_string().starts_with("∂n200000/∂n0 = ∂n200000/∂n1 · "), "{step}");
}

#[test]
#[should_panic(expected = "constant 2.0 has no node")]
fn a_constant_has_no_node_to_be_explained() {
    let tape = wengert::Tape::new();
    let _ = tape.var(1.0);
    let snapshot = wengert_graph::Snapshot::of(&tape.view());
    let _ = snapshot.explain(wengert::Var::<f64>::constant(2.0));
}
