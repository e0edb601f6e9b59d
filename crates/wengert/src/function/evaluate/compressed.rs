//! Sums of rows or columns of a Jacobian or a Hessian: of those that share no entry, all entries
//! stand apart (Curtis, Powell & Reid, "On the estimation of sparse Jacobian matrices", 1974).

use super::directions::Mode;
use crate::error::{Error, check_length};
use crate::function::{DualWorkspace, Function, Inputs};
use crate::scalar::Real;

/// Products with directions that have a one for each variable of a colour. The crate
/// `wengert-sparse` finds colours, and reads matrices out of the products.
impl<F: Real> Function<F> {
    /// The products of the Jacobian with `count` directions, each with ones at what has its
    /// colour. Forward, `colors` are those of the variables, and `compressed` takes for each
    /// output the sum of its derivatives by the variables of each colour; in reverse, they are
    /// those of the outputs, and `compressed` takes for each variable the sum of the derivatives
    /// of the outputs of each colour. What has a colour beyond `count` is in none.
    ///
    /// # Errors
    /// If a slice has the wrong length, the workspace is another function's, or a comparison
    /// comes out differently.
    ///
    /// # Complexity
    /// One evaluation, and a pass for every eight colours.
    ///
    /// # Example: a diagonal by one direction
    /// ```
    /// use wengert::{Function, Mode};
    /// let f = Function::record_many(&[1.0; 3], |x| x.iter().map(|x| x.powi(2)).collect());
    /// let (mut workspace, mut diagonal) = (f.dual_workspace(), [0.0; 3]);
    /// let (x, colors) = ([1.0, 2.0, 3.0], [0; 3]);
    /// f.compressed_jacobian(&mut workspace, &x, Mode::Forward, &colors, 1, &mut diagonal)?;
    /// assert_eq!(diagonal, [2.0, 4.0, 6.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn compressed_jacobian<'x>(
        &self,
        workspace: &mut DualWorkspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        mode: Mode,
        colors: &[u32],
        count: usize,
        compressed: &mut [F],
    ) -> Result<(), Error> {
        let (n, m) = (self.num_variables(), self.num_outputs());
        let (colored, rows) = if mode == Mode::Forward { (n, m) } else { (m, n) };
        check_length("the slice of colours", colors.len(), colored)?;
        let wanted = rows.saturating_mul(count);
        check_length("the slice for the products", compressed.len(), wanted)?;
        let mut point = self.point(workspace, inputs.into(), mode.order())?;
        let entry = |i, j: usize| one_of(colors[j], i);
        let emit = |i, k, derivative| compressed[k * count + i] = derivative;
        point.first_many(mode, count, entry, emit);
        Ok(())
    }

    /// The products of the Hessian of the outputs' sum, weighted with `weights`, with `count`
    /// directions, each with ones at the variables of its colour. `compressed` takes for each
    /// variable the sum of its row's entries over the variables of each colour. What has a colour
    /// beyond `count` is in none.
    ///
    /// # Errors
    /// As [`Function::compressed_jacobian`].
    ///
    /// # Complexity
    /// One evaluation and one sweep, and a pass up and down for every eight colours.
    ///
    /// # Example: a diagonal by one direction
    /// ```
    /// let f = wengert::Function::record(&[1.0; 3], |x| x[0].powi(2) + x[1].powi(3) + x[2]);
    /// let (mut workspace, mut diagonal) = (f.dual_workspace(), [0.0; 3]);
    /// f.compressed_hessian(&mut workspace, &[1.0; 3], &[1.0], &[0; 3], 1, &mut diagonal)?;
    /// assert_eq!(diagonal, [2.0, 6.0, 0.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn compressed_hessian<'x>(
        &self,
        workspace: &mut DualWorkspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        weights: &[F],
        colors: &[u32],
        count: usize,
        compressed: &mut [F],
    ) -> Result<(), Error> {
        let n = self.num_variables();
        check_length("the slice of weights", weights.len(), self.num_outputs())?;
        check_length("the slice of colours", colors.len(), n)?;
        let wanted = n.saturating_mul(count);
        check_length("the slice for the products", compressed.len(), wanted)?;
        let mut point = self.curved_point(workspace, inputs.into(), &|k| weights[k])?;
        let entry = |i, j: usize| one_of(colors[j], i);
        let emit = |i, j, derivative| compressed[j * count + i] = derivative;
        point.second_many(count, &|k| weights[k], entry, emit);
        Ok(())
    }
}

fn one_of<F: Real>(color: u32, wanted: usize) -> F {
    if color as usize == wanted { F::one() } else { F::zero() }
}
