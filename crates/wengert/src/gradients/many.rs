//! Derivatives along several directions at once.

use super::{Error, Kind, Scalar, Tape, Var};
use crate::error::check_length;
use crate::index::NodeIndex;
use crate::scalar::Evaluate;
use crate::store::Way;
use crate::sweep::{LANES, forward_lanes, reverse_lanes};
use std::panic::Location;

impl<F: Scalar> Tape<F> {
    /// Products of vectors with the Jacobian of some outputs by some inputs: `vectors` holds any
    /// number of rows, an entry for each output, and `products` takes for each of them the
    /// derivatives of the outputs' sum weighted with it, an entry for each input. An output that
    /// stands twice counts twice; constants count nothing, and have derivative zero.
    ///
    /// # Errors
    /// If a variable is one of another tape, or a slice has another length than so many rows.
    ///
    /// # Complexity
    /// For every eight vectors one pass over the nodes up to the last output, in which each partial
    /// derivative is computed once. Allocates eight adjoints for each node; what is found is, bit
    /// for bit, what [`Tape::pullback`] finds vector by vector.
    ///
    /// # Example: a Jacobian, row by row
    /// ```
    /// let tape = wengert::Tape::new();
    /// let [x, y] = tape.var_array([2.0, 3.0]);
    /// let (rows, mut jacobian) = ([1.0, 0.0, 0.0, 1.0], [0.0; 4]);
    /// tape.pullback_many(&[x * y, x + y], &[x, y], &rows, &mut jacobian)?;
    /// assert_eq!(jacobian, [3.0, 2.0, 1.0, 1.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn pullback_many(
        &self,
        outputs: &[Var<'_, F>],
        inputs: &[Var<'_, F>],
        vectors: &[F],
        products: &mut [F],
    ) -> Result<(), Error> {
        self.guards.departs(Way::Sweep, None, Some(Location::caller()));
        let (count, [m, n]) = self.rows([outputs, inputs], vectors, products)?;
        let entry = |i, k| vectors[i * m + k];
        self.pull_lanes(outputs, inputs, count, entry, |i, j, found| products[i * n + j] = found);
        Ok(())
    }

    /// Products of the Jacobian of some outputs by some inputs with vectors: `vectors` holds any
    /// number of rows, an entry for each input, and `products` takes for each of them the
    /// derivatives along it, an entry for each output. An input that stands twice moves by the sum
    /// of its entries; the derivative of a constant is zero.
    ///
    /// # Errors
    /// If a variable is one of another tape, an input is a constant, or a slice has another length
    /// than so many rows.
    ///
    /// # Complexity
    /// For every eight vectors one pass over all nodes, in which each partial derivative is
    /// computed once. Allocates eight tangents for each node; what is found is, bit for bit, what
    /// [`Tape::pushforward`] finds vector by vector.
    ///
    /// # Example: a Jacobian, column by column
    /// ```
    /// let tape = wengert::Tape::new();
    /// let [x, y] = tape.var_array([2.0, 3.0]);
    /// let (columns, mut transposed) = ([1.0, 0.0, 0.0, 1.0], [0.0; 4]);
    /// tape.pushforward_many(&[x, y], &[x * y, x + y], &columns, &mut transposed)?;
    /// assert_eq!(transposed, [3.0, 1.0, 2.0, 1.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn pushforward_many(
        &self,
        inputs: &[Var<'_, F>],
        outputs: &[Var<'_, F>],
        vectors: &[F],
        products: &mut [F],
    ) -> Result<(), Error> {
        self.guards.departs(Way::Sweep, None, Some(Location::caller()));
        let (count, [n, m]) = self.rows([inputs, outputs], vectors, products)?;
        if inputs.iter().any(Var::is_constant) {
            return Err(Kind::Constant.into());
        }
        let entry = |i, j| vectors[i * n + j];
        self.push_lanes(inputs, outputs, count, entry, |i, k, found| products[i * m + k] = found);
        Ok(())
    }

    /// The number of rows, and how long those of the vectors and of the products are.
    #[track_caller]
    fn rows(
        &self,
        ends: [&[Var<'_, F>]; 2],
        vectors: &[F],
        products: &[F],
    ) -> Result<(usize, [usize; 2]), Error> {
        Var::check_tape(ends.into_iter().flatten().copied(), self)?;
        let [given, found] = ends.map(<[_]>::len);
        // With nothing to weight, the products tell how many there are.
        let count = vectors.len().checked_div(given).or(products.len().checked_div(found));
        let count = count.unwrap_or(0);
        check_length("the slice of vectors", vectors.len(), count * given)?;
        check_length("the slice for the products", products.len(), count.saturating_mul(found))?;
        Ok((count, [given, found]))
    }

    /// Sweeps back from outputs that have in the i-th of `count` directions the weight
    /// `weight(i, k)`, which is of this tape as the inputs are: `emit(i, j, …)` takes the derivative
    /// by input j.
    pub(crate) fn pull_lanes(
        &self,
        outputs: &[Var<'_, F>],
        inputs: &[Var<'_, F>],
        count: usize,
        weight: impl Fn(usize, usize) -> F,
        mut emit: impl FnMut(usize, usize, F),
    ) {
        let (view, mut scratch) = (self.hold(), Vec::new());
        let mut adjoints = Vec::new();
        for (start, width) in blocks(count) {
            adjoints.clear();
            adjoints.resize(end(outputs), [F::zero(); LANES]);
            for (k, output) in outputs.iter().enumerate() {
                let Some(at) = output.index().map(NodeIndex::index) else { continue };
                for (d, adjoint) in adjoints[at][..width].iter_mut().enumerate() {
                    *adjoint += output.value.seeded(weight(start + d, k));
                }
            }
            reverse_lanes(view.recording(), &mut adjoints, &mut scratch);
            read(&adjoints, inputs, start, width, &mut emit);
        }
    }

    /// Sweeps up from inputs that move in the i-th of `count` directions by `weight(i, j)`:
    /// `emit(i, k, …)` takes the tangent of output k.
    pub(crate) fn push_lanes(
        &self,
        inputs: &[Var<'_, F>],
        outputs: &[Var<'_, F>],
        count: usize,
        weight: impl Fn(usize, usize) -> F,
        mut emit: impl FnMut(usize, usize, F),
    ) {
        let (view, mut scratch) = (self.hold(), Vec::new());
        let mut tangents = Vec::new();
        for (start, width) in blocks(count) {
            tangents.clear();
            tangents.resize(end(outputs).max(end(inputs)), [F::zero(); LANES]);
            for (j, input) in inputs.iter().enumerate() {
                let Some(at) = input.index().map(NodeIndex::index) else { continue };
                for (d, tangent) in tangents[at][..width].iter_mut().enumerate() {
                    *tangent += weight(start + d, j);
                }
            }
            forward_lanes(view.recording(), &mut tangents, &mut scratch);
            read(&tangents, outputs, start, width, &mut emit);
        }
    }
}

/// Directions by passes: the first, and how many.
fn blocks(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).step_by(LANES).map(move |start| (start, LANES.min(count - start)))
}

/// The number of nodes up to the last of some variables, and with it.
fn end<F: Scalar>(vars: &[Var<'_, F>]) -> usize {
    vars.iter().filter_map(|var| var.index()).map(|id| id.index() + 1).max().unwrap_or(0)
}

/// Hands out what was found for some variables; of constants, and of what was not reached, zeros.
fn read<F: Scalar>(
    found: &[[F; LANES]],
    vars: &[Var<'_, F>],
    start: usize,
    width: usize,
    emit: &mut impl FnMut(usize, usize, F),
) {
    for (j, var) in vars.iter().enumerate() {
        let lanes = var.index().and_then(|id| found.get(id.index()));
        for d in 0..width {
            emit(start + d, j, lanes.map_or_else(F::zero, |lanes| lanes[d]));
        }
    }
}
