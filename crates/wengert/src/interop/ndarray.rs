//! ndarray: arrays times numbers. Its products (`dot`) need no more than `num_traits`.

use crate::record::Active;
use crate::scalar::{Dual, Real};
use ndarray::ScalarOperand;

impl<F: Real> ScalarOperand for Active<F> {}
impl<F: Real> ScalarOperand for Dual<F> {}
