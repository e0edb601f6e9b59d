//! Long short-term memory with diagonal weights, predicting the next element of a sequence.
//!
//! A layer has four gates; each looks at one number and not at all of them, so that everything
//! is element-wise. On an input u, with the layer's hidden state h and cell state c,
//!
//! ```text
//! f = σ(u w_f + b_f)    i = σ(h w_i + b_i)    o = σ(u w_o + b_o)    g = tanh(h w_g + b_g)
//! c ← c f + i g         h ← o tanh(c)
//! ```
//!
//! and h is the next layer's input. The first layer sees the sequence times e₀; the last one's h
//! gives the prediction y = h e₁ + e₂. The loss is the mean of −sₜ₊₁ (y − ln(2 + Σ exp y)).

mod backward;
mod network;
mod size;

use self::network::{Gates, Network, States};
pub use self::size::LstmSize;
use super::Split;
use crate::{Datum, Problem, Real, inputs};

/// The loss over a sequence as a function of the weights, biases and e₀, e₁, e₂, in this order.
///
/// Layer by layer, the four gates' weights come first and then their biases.
#[derive(Clone, Debug)]
pub struct Lstm {
    size: LstmSize,
    state: Vec<f64>,
    sequence: Vec<f64>,
    point: Vec<f64>,
}

impl Lstm {
    /// The loss over a sequence at a point of one's own, from a state of one's own: h and then c
    /// of the first layer, and so on.
    ///
    /// # Panics
    ///
    /// If there is no layer, no width or only one item, or if a list's length does not fit.
    pub fn at(size: LstmSize, state: Vec<f64>, sequence: Vec<f64>, point: Vec<f64>) -> Self {
        let LstmSize { layers, width, items } = size;
        assert!(layers > 0 && width > 0 && items > 1, "nothing to predict: {size:?}");
        assert_eq!(state.len(), size.state(), "numbers of the states");
        assert_eq!(sequence.len(), items * width, "numbers of the sequence");
        assert_eq!(point.len(), size.variables(), "variables");
        Self { size, state, sequence, point }
    }

    /// The loss over a fixed-seed sequence of 0s and 1s; parameters and state are in [0, 1).
    pub fn new(size: LstmSize) -> Self {
        let coins = inputs::uniform(18, 0.0..2.0, size.items * size.width);
        Self::at(
            size,
            inputs::uniform(17, 0.0..1.0, size.state()),
            coins.into_iter().map(f64::floor).collect(),
            inputs::uniform(19, 0.0..1.0, size.variables()),
        )
    }

    /// How large it is.
    pub fn size(&self) -> LstmSize {
        self.size
    }

    /// The states of the beginning, and the sequence row by row.
    pub fn state_and_sequence(&self) -> (&[f64], &[f64]) {
        (&self.state, &self.sequence)
    }

    /// The loss with other states of the beginning and another sequence, of the same lengths.
    pub fn loss<T: Real, D: Datum<T>>(&self, x: &[T], state: &[D], sequence: &[D]) -> T {
        let network = Network::split(x, self.size);
        let mut states = States::new(state, self.size.width, x[0]);
        let mut gates = Gates::of_width(self.size.width);
        let mut scores = Vec::with_capacity(self.size.width);
        let terms: Vec<T> = pairs(sequence, self.size.width)
            .map(|(item, next)| {
                network.predict(item, &mut states, &mut gates, &mut scores);
                network::log_likelihood(&mut scores, next)
            })
            .collect();
        T::sum(&terms) * self.scale()
    }

    /// One prediction: the states behind it, and the log-likelihood of the item that followed,
    /// which [`Lstm::scale`] makes a part of the loss.
    pub fn prediction<T: Real, D: Datum<T>>(
        &self,
        x: &[T],
        states: &[D],
        item: &[D],
        next: &[D],
    ) -> (Vec<T>, T) {
        let (network, width) = (Network::split(x, self.size), self.size.width);
        let mut states = States::new(states, width, x[0]);
        let mut scores = Vec::with_capacity(width);
        network.predict(item, &mut states, &mut Gates::of_width(width), &mut scores);
        let term = network::log_likelihood(&mut scores, next);
        (states.rows, term)
    }

    /// Each item with the one that follows it.
    fn pairs(&self) -> impl DoubleEndedIterator<Item = (&[f64], &[f64])> + ExactSizeIterator {
        pairs(&self.sequence, self.size.width)
    }

    /// What the sum over predictions is multiplied by for the mean's negative.
    pub fn scale(&self) -> f64 {
        -1.0 / ((self.size.items - 1) * self.size.width) as f64
    }
}

/// Each item of a sequence of such a width with the one that follows it.
fn pairs<D>(
    sequence: &[D],
    width: usize,
) -> impl DoubleEndedIterator<Item = (&[D], &[D])> + ExactSizeIterator {
    sequence.chunks_exact(width).zip(sequence[width..].chunks_exact(width))
}

impl Split for Lstm {}

impl Problem for Lstm {
    fn name(&self) -> &'static str {
        "lstm"
    }

    fn point(&self) -> &[f64] {
        &self.point
    }

    fn objective<T: Real>(&self, x: &[T]) -> T {
        self.loss(x, &self.state, &self.sequence)
    }

    fn gradient(&self, x: &[f64], gradient: &mut [f64]) {
        backward::gradient(self, x, gradient);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle;

    #[test]
    fn gradient_agrees_with_every_oracle() {
        for (layers, width, items) in [(1, 1, 4), (2, 3, 5), (3, 2, 9)] {
            oracle::assert_gradient(&Lstm::new(LstmSize { layers, width, items }));
        }
    }

    /// One layer of width 1 and one prediction, step by step.
    #[test]
    fn one_prediction_by_hand() {
        let size = LstmSize { layers: 1, width: 1, items: 2 };
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let point = vec![0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.1, 1.2];
        let lstm = Lstm::at(size, vec![0.25, 0.75], vec![1.0, 1.0], point);
        let u: f64 = 0.9;
        let (f, i) = (sigmoid(u * 0.1 + 0.5), sigmoid(0.25 * 0.2 + 0.6));
        let (o, g) = (sigmoid(u * 0.3 + 0.7), (0.25_f64 * 0.4 + 0.8).tanh());
        let h = o * (0.75 * f + i * g).tanh();
        let y = h * 1.1 + 1.2;
        let loss = -(y - (2.0 + y.exp()).ln());
        assert!((lstm.objective(lstm.point()) - loss).abs() < 1e-15);
    }
}
