//! The Adam optimiser (Kingma and Ba 2015, <https://arxiv.org/abs/1412.6980>, algorithm 1).

/// Running means of each derivative and of its square.
#[derive(Debug)]
pub(crate) struct Adam {
    rate: f64,
    steps: i32,
    means: Vec<f64>,
    squares: Vec<f64>,
}

impl Adam {
    // The paper's defaults.
    const DECAY: [f64; 2] = [0.9, 0.999];
    const EPSILON: f64 = 1e-8;

    pub(crate) fn new(rate: f64, parameters: usize) -> Self {
        Self { rate, steps: 0, means: vec![0.0; parameters], squares: vec![0.0; parameters] }
    }

    /// Moves the values one step against their gradient.
    pub(crate) fn step(&mut self, values: &mut [f64], gradient: &[f64]) {
        self.steps += 1;
        let [one, two] = Self::DECAY;
        // Both means begin at zero, and are divided by the weight they have gathered so far.
        let (gathered, gathered_squares) = (1.0 - one.powi(self.steps), 1.0 - two.powi(self.steps));
        let means = self.means.iter_mut().zip(&mut self.squares);
        for ((value, g), (mean, square)) in values.iter_mut().zip(gradient).zip(means) {
            *mean += (1.0 - one) * (g - *mean);
            *square += (1.0 - two) * (g * g - *square);
            let size = (*square / gathered_squares).sqrt() + Self::EPSILON;
            *value -= self.rate * (*mean / gathered) / size;
        }
    }
}
