//! The chain rule, worked by hand.

use crate::model::Neuron;
use crate::page::{factor, number};
use wengert::{Gradients, Tape};

/// Sets every derivative of o by the rule of the operation that uses it.
pub(crate) fn gradient(tape: &Tape, neuron: &Neuron<'_>) -> Gradients {
    let &Neuron { x1, x2, w1, w2, b, x1w1, x2w2, x1w1_x2w2, n, o } = neuron;
    let mut d = Gradients::zeros(tape);
    d[o] = 1.0;
    d[n] = d[o] * (1.0 - o.value() * o.value());
    (d[x1w1_x2w2], d[b]) = (d[n], d[n]);
    (d[x1w1], d[x2w2]) = (d[x1w1_x2w2], d[x1w1_x2w2]);
    (d[x1], d[w1]) = (d[x1w1] * w1.value(), d[x1w1] * x1.value());
    (d[x2], d[w2]) = (d[x2w2] * w2.value(), d[x2w2] * x2.value());
    d
}

/// Says the rules in words and in numbers.
pub(crate) fn explain(neuron: &Neuron<'_>, d: &Gradients) {
    let &Neuron { x1, x2, w1, w2, b, x1w1, x2w2, x1w1_x2w2, n, o } = neuron;
    let product = |derivative, other| format!("{} · {}", number(derivative), factor(other));

    rule("∂o/∂o: the output's derivative with respect to itself is 1.");
    step("o", "1", d[o]);
    rule("o = tanh(n): the derivative of tanh(n) is 1 - tanh²(n).");
    step("n", &format!("{} · (1 - {}²)", number(d[o]), factor(o.value())), d[n]);
    rule("n = x1w1_x2w2 + b: a sum hands its derivative on to each term.");
    step("x1w1_x2w2", &number(d[n]), d[x1w1_x2w2]);
    step("b", &number(d[n]), d[b]);
    rule("x1w1_x2w2 = x1w1 + x2w2: the same once more.");
    step("x1w1", &number(d[x1w1_x2w2]), d[x1w1]);
    step("x2w2", &number(d[x1w1_x2w2]), d[x2w2]);
    rule("x1w1 = x1 · w1: a product hands each factor its derivative times the other factor.");
    step("x1", &product(d[x1w1], w1.value()), d[x1]);
    step("w1", &product(d[x1w1], x1.value()), d[w1]);
    rule("x2w2 = x2 · w2: the same once more.");
    step("x2", &product(d[x2w2], w2.value()), d[x2]);
    step("w2", &product(d[x2w2], x2.value()), d[w2]);
}

fn rule(words: &str) {
    println!("   {words}");
}

fn step(name: &str, numbers: &str, derivative: f64) {
    println!("      ∂o/∂{name:<9} = {numbers:<26} = {:>9}", number(derivative));
}
