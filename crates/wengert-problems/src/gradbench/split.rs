//! Sums that can be cut into parts.

use crate::Problem;

/// A problem that is a sum, of which parts can be computed apart.
pub trait Split: Problem + Clone {
    /// Problems of the same variables whose sum this one is, `count` of them at most.
    ///
    /// One, if what is computed is a single chain.
    fn parts(&self, count: usize) -> Vec<Self> {
        let _ = count;
        vec![self.clone()]
    }
}
