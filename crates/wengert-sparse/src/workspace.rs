//! The memory of evaluations.

use std::fmt;
use wengert::{DualWorkspace, Function, Real};

/// Working memory for a plan and a function: what they need, so that an evaluation allocates
/// nothing. Made by [`SparseJacobian::workspace`](crate::SparseJacobian::workspace) and
/// [`SparseHessian::workspace`](crate::SparseHessian::workspace).
///
/// # Example
/// ```
/// let f = wengert::Function::record(&[1.0; 2], |x| x[0].exp() + x[1].sin());
/// let plan = wengert_sparse::SparseHessian::of(&f)?;
/// let mut workspace: wengert_sparse::Workspace = plan.workspace(&f);
/// # Ok::<(), wengert_sparse::Error>(())
/// ```
#[derive(Clone)]
pub struct Workspace<F: Real = f64> {
    pub(crate) dual: DualWorkspace<F>,
    /// The products, row by row.
    pub(crate) compressed: Vec<F>,
}

impl<F: Real> fmt::Debug for Workspace<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workspace")
            .field("products", &self.compressed.len())
            .finish_non_exhaustive()
    }
}

impl<F: Real> Workspace<F> {
    pub(crate) fn new(f: &Function<F>, compressed: usize) -> Self {
        Self { dual: f.dual_workspace(), compressed: vec![F::zero(); compressed] }
    }

    /// The function's own memory, for its other doors.
    ///
    /// # Example: a product beside the matrix
    /// ```
    /// let f = wengert::Function::record(&[1.0; 2], |x| x[0] * x[1]);
    /// let plan = wengert_sparse::SparseHessian::of(&f)?;
    /// let (mut workspace, mut product) = (plan.workspace(&f), [0.0; 2]);
    /// f.hessian_vector_product(workspace.dual(), &[1.0, 2.0], &[1.0, 0.0], &mut product)?;
    /// assert_eq!(product, [0.0, 1.0]);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    pub const fn dual(&mut self) -> &mut DualWorkspace<F> {
        &mut self.dual
    }
}
