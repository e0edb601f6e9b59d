//! How many numbers a network has, and of what kind.

/// How large an [`Lstm`](super::Lstm) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LstmSize {
    /// l.
    pub layers: usize,
    /// b, the number of elements of a state and of an item of the sequence.
    pub width: usize,
    /// c, the number of items of the sequence.
    pub items: usize,
}

impl LstmSize {
    /// How many numbers the states of all layers are: h and c of each.
    pub const fn state(self) -> usize {
        2 * self.layers * self.width
    }

    /// How many weights and biases the layers have.
    pub const fn main(self) -> usize {
        8 * self.layers * self.width
    }

    /// The layers' parameters, then e₀, e₁ and e₂.
    pub const fn variables(self) -> usize {
        self.main() + 3 * self.width
    }
}
