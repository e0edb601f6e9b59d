//! The loop of tangents: the derivative of a loop along a direction, as a loop.

use super::Scan;
use crate::error::Error;
use crate::function::replay::steps::Shape;
use crate::function::{Function, Optimise, compiled};
use crate::scalar::Real;

impl<F: Real> Scan<F> {
    /// The derivative along a direction, as a loop: forward mode, of which everything can be asked
    /// that can be asked of a loop. Its gradient is second derivatives: the Hessian times the
    /// direction.
    ///
    /// Wherever this loop has variables, the other has them and, behind them, their tangents: those
    /// shared, the initial state, and in each row those of the step. So it is with its state. Its
    /// outputs are tangents alone: those of each step's outputs, or of their sums; of a loop made by
    /// [`ScanBuilder::record`](super::ScanBuilder::record) the final state and its tangents come
    /// first, as for every loop.
    ///
    /// # Errors
    /// If the step has an operation of which no further derivative is known, or too many operations
    /// for a function.
    ///
    /// # Panics
    /// If there is no memory.
    ///
    /// # Example: a Hessian times a vector
    /// ```
    /// // r³ x, summed up step by step
    /// let powers = wengert::Scan::builder().shared(&[2.0]).state(&[1.0]).record_sum(|step| {
    ///     let next = step.shared[0] * step.state[0];
    ///     (vec![next], vec![next - step.state[0]])
    /// });
    /// let along = powers.tangent_scan()?;
    /// // The shared variable with its tangent, then the state with its tangent.
    /// let at = [2.0, 1.0, 1.0, 0.0];
    /// let mut gradient = [0.0; 4];
    /// let slope = along.value_and_gradient(&mut along.workspace(3), 3, &at, &mut gradient)?;
    /// assert_eq!(slope, 12.0);
    /// // ∂²/∂r² = 6 r x and ∂²/∂r∂x = 3 r², each less what the sum takes off again.
    /// assert_eq!((gradient[0], gradient[2]), (12.0, 12.0));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn tangent_scan(&self) -> Result<Self, Error> {
        let Shape { shared, state, variables, is_summed, .. } = self.shape;
        let step = tangents(&self.step, &[shared, state, variables], state)?;
        let scan = Self::of(step, 2 * shared, 2 * state, is_summed)?;
        match &self.end {
            None => Ok(scan),
            Some(end) => scan.with_end(tangents(end, &[shared, state], 0)?),
        }
    }
}

/// The tangents of a function, behind the first `values` of its values. Its variables come in parts
/// of these widths, each with its tangents behind it.
#[track_caller]
fn tangents<F: Real>(
    function: &Function<F>,
    widths: &[usize],
    values: usize,
) -> Result<Function<F>, Error> {
    let mut draft = function.moving()?;
    let all = function.num_variables();
    // Values and tangents lie apart there, and part by part side by side here.
    let mut order = Vec::with_capacity(2 * all);
    let mut start = 0;
    for &width in widths {
        order.extend((start..start + width).chain(all + start..all + start + width));
        start += width;
    }
    draft.reorder_variables(&order);
    let (kept, tangents) = draft.outputs.split_at(function.num_outputs());
    draft.outputs = [&kept[..values], tangents].concat();
    let (draft, report) = compiled::optimise(draft, Optimise::all());
    Function::assemble(&draft, report, function.policy)
}
