//! How many numbers a mixture has, and of what kind.

/// How large a [`Mixture`](crate::Mixture) is.
#[derive(Clone, Copy, Debug)]
pub struct MixtureSize {
    /// d, of the space that samples live in.
    pub dimensions: usize,
    /// k, the number of Gaussians.
    pub components: usize,
    /// n, the number of samples.
    pub samples: usize,
}

impl MixtureSize {
    /// d = 10, k = 25, n = 1000: the middle one of the sizes that ADBench is run at.
    pub const USUAL: Self = Self { dimensions: 10, components: 25, samples: 1000 };

    /// The strict lower part of a factor: d (d − 1) / 2.
    pub const fn below_diagonal(self) -> usize {
        self.dimensions * (self.dimensions - 1) / 2
    }

    /// The numbers of one component: two, a mean and a factor.
    pub const fn numbers(self) -> usize {
        2 + 2 * self.dimensions + self.below_diagonal()
    }

    /// All of α, μ, q and l.
    pub const fn variables(self) -> usize {
        self.components * (1 + 2 * self.dimensions + self.below_diagonal())
    }
}
