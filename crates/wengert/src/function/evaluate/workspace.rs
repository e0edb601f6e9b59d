//! The memory of evaluations, apart from the function, so that many threads share one function.

use crate::function::capture::paths::Path;
use crate::function::linear::Linear;
use crate::function::replay::space::Space;
use crate::scalar::Real;

/// Working memory for the values and first derivatives of one [`Function`](crate::Function), one
/// evaluation at a time. Made by [`Function::workspace`](crate::Function::workspace), which says
/// its size beforehand in [`Function::workspace_bytes`](crate::Function::workspace_bytes).
///
/// # Example: nothing is allocated after this
/// ```
/// let f = wengert::Function::record(&[1.0, 2.0], |x| x[0] * x[1]);
/// let mut workspace = f.workspace();
/// let mut gradient = [0.0; 2];
/// for i in 0..3 {
///     f.value_and_gradient(&mut workspace, &[f64::from(i), 5.0], &mut gradient)?;
///     assert_eq!(gradient, [5.0, f64::from(i)]);
/// }
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Workspace<F: Real = f64> {
    pub(in crate::function) function: u64,
    pub(in crate::function) space: Space<F>,
    /// The spaces of other paths than the one first recorded, with the path.
    pub(in crate::function) paths: Vec<(Path<F>, Space<F>)>,
    /// The path of the last evaluation, by its position; 0 for the first recorded.
    pub(in crate::function) last: usize,
}

/// Working memory for tangents and second derivatives: that of a [`Workspace`], what is known of
/// each operation at the point, and tangents with their adjoints for one direction, for four and for eight.
/// Made by [`Function::dual_workspace`](crate::Function::dual_workspace).
///
/// # Example
/// ```
/// let f = wengert::Function::record(&[1.0, 2.0], |x| x[0] * x[0] * x[1]);
/// let mut workspace = f.dual_workspace();
/// let mut product = [0.0; 2];
/// f.hessian_vector_product(&mut workspace, &[1.0, 2.0], &[1.0, 0.0], &mut product)?;
/// assert_eq!(product, [4.0, 2.0]);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct DualWorkspace<F: Real = f64> {
    pub(in crate::function) values: Workspace<F>,
    pub(in crate::function) linear: Linear<F>,
    /// The memory of other paths than the first, by the identity of the path.
    pub(in crate::function) paths: Vec<(u64, Linear<F>)>,
}
