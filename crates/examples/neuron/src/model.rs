//! The neuron and its inputs.

use clap::Parser;
use wengert::{Gradients, Tape, Var};

/// One neuron, o = tanh(x1·w1 + x2·w2 + b), and its gradient: by hand, by a reverse sweep, and
/// beside PyTorch's.
#[derive(Clone, Debug, Parser, PartialEq)]
pub(crate) struct Inputs {
    /// The first input
    #[arg(long, value_name = "NUMBER", default_value_t = 2.0, allow_hyphen_values = true)]
    pub(crate) x1: f64,
    /// The second input
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0, allow_hyphen_values = true)]
    pub(crate) x2: f64,
    /// The weight of the first input
    #[arg(long, value_name = "NUMBER", default_value_t = -3.0, allow_hyphen_values = true)]
    pub(crate) w1: f64,
    /// The weight of the second input
    #[arg(long, value_name = "NUMBER", default_value_t = 1.0, allow_hyphen_values = true)]
    pub(crate) w2: f64,
    /// The bias
    #[arg(long, value_name = "NUMBER", default_value_t = 6.8814, allow_hyphen_values = true)]
    pub(crate) b: f64,
}

/// What the neuron does, with a name for every step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Neuron<'t> {
    pub(crate) x1: Var<'t>,
    pub(crate) x2: Var<'t>,
    pub(crate) w1: Var<'t>,
    pub(crate) w2: Var<'t>,
    pub(crate) b: Var<'t>,
    pub(crate) x1w1: Var<'t>,
    pub(crate) x2w2: Var<'t>,
    pub(crate) x1w1_x2w2: Var<'t>,
    pub(crate) n: Var<'t>,
    pub(crate) o: Var<'t>,
}

impl<'t> Neuron<'t> {
    /// How many of the nodes are inputs: the first ones.
    pub(crate) const INPUTS: usize = 5;

    /// Records the neuron. Nothing is done but arithmetic; a label only names a node for readers.
    pub(crate) fn record(tape: &'t Tape, inputs: &Inputs, tanh: fn(Var<'t>) -> Var<'t>) -> Self {
        let (x1, w1) = (tape.var(inputs.x1).label("x1"), tape.var(inputs.w1).label("w1"));
        let (x2, w2) = (tape.var(inputs.x2).label("x2"), tape.var(inputs.w2).label("w2"));
        let b = tape.var(inputs.b).label("b");
        let x1w1 = (x1 * w1).label("x1w1");
        let x2w2 = (x2 * w2).label("x2w2");
        let x1w1_x2w2 = (x1w1 + x2w2).label("x1w1_x2w2");
        let n = (x1w1_x2w2 + b).label("n");
        let o = tanh(n).label("o");
        Self { x1, x2, w1, w2, b, x1w1, x2w2, x1w1_x2w2, n, o }
    }

    /// Every step: its name, what it is, and its variable.
    pub(crate) fn nodes(&self) -> [(&'static str, &'static str, Var<'t>); 10] {
        let &Self { x1, x2, w1, w2, b, x1w1, x2w2, x1w1_x2w2, n, o } = self;
        [
            ("x1", "input", x1),
            ("w1", "weight", w1),
            ("x2", "input", x2),
            ("w2", "weight", w2),
            ("b", "bias", b),
            ("x1w1", "x1 · w1", x1w1),
            ("x2w2", "x2 · w2", x2w2),
            ("x1w1_x2w2", "x1w1 + x2w2", x1w1_x2w2),
            ("n", "x1w1_x2w2 + b", n),
            ("o", "tanh(n)", o),
        ]
    }

    /// The output, and its derivatives with respect to x1, w1, x2, w2 and b.
    pub(crate) fn results(&self, gradients: &Gradients) -> [f64; 6] {
        let [x1, w1, x2, w2, b] =
            [self.x1, self.w1, self.x2, self.w2, self.b].map(|var| gradients[var]);
        [self.o.value(), x1, w1, x2, w2, b]
    }
}

/// The hyperbolic tangent from its definition: six operations, of which none is a tanh.
pub(crate) fn rebuilt_tanh(n: Var<'_>) -> Var<'_> {
    let (up, down) = (n.exp(), (-n).exp());
    (up - down) / (up + down)
}
