//! What is to be done with a batch.

use super::{Batch, Derivatives, Rows};
use crate::function::Function;
use crate::scalar::Real;

/// The function, the samples, and the derivatives that are wanted.
#[derive(Clone, Copy)]
pub(super) struct Task<'a, F: Real> {
    pub(super) function: &'a Function<F>,
    pub(super) batch: &'a Batch<'a, F>,
    pub(super) rows: Rows,
    pub(super) derivatives: Derivatives,
}

impl<F: Real> Task<'_, F> {
    /// The length of a sample's row of derivatives.
    pub(super) fn row(&self) -> usize {
        self.swept_outputs() * self.own_variables()
    }

    /// How many outputs have a reverse sweep.
    pub(super) fn swept_outputs(&self) -> usize {
        match self.derivatives {
            Derivatives::None => 0,
            Derivatives::Summed => 1,
            Derivatives::Apart => self.function.num_outputs(),
        }
    }

    /// The number of variables, the last ones, of which a sample has derivatives of its own.
    pub(super) fn own_variables(&self) -> usize {
        match self.derivatives {
            Derivatives::None => 0,
            Derivatives::Summed => self.rows.variables,
            Derivatives::Apart => self.function.num_variables(),
        }
    }
}
