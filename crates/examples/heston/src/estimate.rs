//! A mean with its standard error.

/// A running mean, and the sum of the squared distances from it (Welford 1962,
/// <https://doi.org/10.1080/00401706.1962.10490022>).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Estimate {
    count: f64,
    pub(crate) mean: f64,
    squares: f64,
}

impl Estimate {
    pub(crate) fn add(&mut self, number: f64) {
        self.count += 1.0;
        let distance = number - self.mean;
        self.mean += distance / self.count;
        self.squares += distance * (number - self.mean);
    }

    /// The standard deviation of one number.
    pub(crate) fn deviation(&self) -> f64 {
        (self.squares / (self.count - 1.0)).sqrt()
    }

    /// The standard error of the mean.
    pub(crate) fn error(&self) -> f64 {
        self.deviation() / self.count.sqrt()
    }
}
