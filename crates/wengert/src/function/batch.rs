//! Many evaluations at once.
//!
//! Samples go through the program side by side, [`WIDTH`] at a time, and what is summed over
//! them is summed in a tree whose shape depends on their number alone: at each leaf [`CHUNK`]
//! samples, every [`WIDTH`]-th to one sum and those pairwise, then the leaves pairwise. So the
//! result has the same bits whatever the processor and however many threads share the work.
//!
//! Where a shared variable flows into a sample's output several times, each of these derivatives
//! is a term of the sum of its own: they are not summed over the sample first.

mod leaf;
mod pool;
mod task;
pub(in crate::function) mod tree;
mod work;

pub use pool::BatchWorkspace;

use crate::error::{Error, Kind, check_length};
use crate::function::element::lanes::WIDTH;
use crate::function::{Function, Inputs};
use crate::scalar::Real;
use task::Task;

/// Samples that are summed in their order: a multiple of [`WIDTH`].
const CHUNK: usize = 256;

/// The inputs of many evaluations: what they share, and what each has of its own.
///
/// Variables come first those shared, then those of each sample; data too. So a loss over data
/// points has shared variables (the weights) and data of each sample (its point); a function at
/// many points has variables of each sample.
///
/// # Example: the two
/// ```
/// use wengert::Batch;
/// let (weights, points) = ([0.5, 2.0], [1.0, 1.1, 1.2]);
/// let loss = Batch::new(3).shared_variables(&weights).data(&points);
/// let curve = Batch::new(3).variables(&points);
/// assert_eq!((loss.samples(), curve.samples()), (3, 3));
/// ```
///
/// # Tangents and second derivatives
/// The derivative of a function along further variables is a function
/// ([`Function::jvp_function`]), and has batches as any other. Its value at a sample is the
/// sample's tangent; its gradient by the first half of the variables is the product of the Hessian
/// with the direction, summed over the samples, and by the other half the gradient of the sum. In
/// the same way [`Function::gradient_function`] and [`Function::vjp_function`] give a row for each
/// sample.
///
/// # Example: a loss over data points, its gradient, and its Hessian times a vector
/// ```
/// use wengert::{Batch, Function, VectorAs};
/// let loss = Function::builder().data(&[1.0, 2.0]).record_with_data(&[0.5, 0.1], |w, point| {
///     (w[0] * point[0] + w[1] - point[1]).powi(2)
/// });
/// let along = loss.jvp_function(VectorAs::Variables)?;
/// let (weights, v, points) = ([1.0, 0.0], [1.0, 2.0], [1.0, 2.0, 2.0, 4.0, 3.0, 5.0]);
/// let both = [weights, v].concat();
/// let batch = Batch::new(3).shared_variables(&both).data(&points);
/// let (mut workspace, mut tangents, mut found) = (along.batch_workspace(), [0.0; 3], [0.0; 4]);
/// along.batch_values(&mut workspace, &batch, &mut tangents)?;
/// assert_eq!(tangents, [-6.0, -16.0, -20.0]);
/// let sum = along.batch_gradient(&mut workspace, &batch, &mut found, &mut [])?;
/// // Σ 2(x, 1)(x, 1)ᵀ times v, and Σ 2(x − y)(x, 1).
/// assert_eq!((sum, found), (-42.0, [52.0, 24.0, -22.0, -10.0]));
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a, F = f64> {
    samples: usize,
    pub(in crate::function) shared: Inputs<'a, F>,
    pub(in crate::function) each: Inputs<'a, F>,
}

impl<'a, F: Real> Batch<'a, F> {
    /// So many samples, with no inputs yet.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::Batch::<f64>::new(3).samples(), 3);
    /// ```
    #[must_use]
    pub const fn new(samples: usize) -> Self {
        let none = Inputs { variables: &[], data: &[] };
        Self { samples, shared: none, each: none }
    }

    /// The number of samples.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::Batch::<f64>::new(3).samples(), 3);
    /// ```
    #[must_use]
    pub const fn samples(&self) -> usize {
        self.samples
    }

    /// Sets the variables that all samples share: the function's first.
    ///
    /// # Example
    /// ```
    /// use wengert::{Batch, Function};
    /// let f = Function::builder().data(&[0.0]).record_with_data(&[0.0], |x, t| x[0] * t[0]);
    /// let batch = Batch::new(3).shared_variables(&[2.0]).data(&[1.0, 2.0, 3.0]);
    /// let mut values = [0.0; 3];
    /// f.batch_values(&mut f.batch_workspace(), &batch, &mut values)?;
    /// assert_eq!(values, [2.0, 4.0, 6.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub const fn shared_variables(mut self, variables: &'a [F]) -> Self {
        self.shared.variables = variables;
        self
    }

    /// Sets the variables that each sample has of its own: a row for each sample, row behind
    /// row. They are the function's variables behind the shared ones.
    ///
    /// # Example
    /// ```
    /// use wengert::{Batch, Function};
    /// let f = Function::record(&[0.0, 0.0], |x| x[0] * x[1]);
    /// let batch = Batch::new(3).shared_variables(&[2.0]).variables(&[1.0, 2.0, 3.0]);
    /// let mut values = [0.0; 3];
    /// f.batch_values(&mut f.batch_workspace(), &batch, &mut values)?;
    /// assert_eq!(values, [2.0, 4.0, 6.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub const fn variables(mut self, rows: &'a [F]) -> Self {
        self.each.variables = rows;
        self
    }

    /// Sets the data that all samples share: the function's first.
    ///
    /// # Example
    /// ```
    /// use wengert::{Batch, Function};
    /// let f = Function::builder().data(&[0.0]).record_with_data(&[0.0], |x, t| x[0] * t[0]);
    /// let batch = Batch::new(3).shared_data(&[2.0]).variables(&[1.0, 2.0, 3.0]);
    /// let mut values = [0.0; 3];
    /// f.batch_values(&mut f.batch_workspace(), &batch, &mut values)?;
    /// assert_eq!(values, [2.0, 4.0, 6.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub const fn shared_data(mut self, data: &'a [F]) -> Self {
        self.shared.data = data;
        self
    }

    /// Sets the data that each sample has of its own, row behind row: the function's data behind
    /// the shared ones.
    ///
    /// # Example
    /// ```
    /// use wengert::{Batch, Function};
    /// let f = Function::builder().data(&[0.0]).record_with_data(&[0.0], |x, t| x[0] * t[0]);
    /// let batch = Batch::new(3).shared_variables(&[2.0]).data(&[1.0, 2.0, 3.0]);
    /// let mut values = [0.0; 3];
    /// f.batch_values(&mut f.batch_workspace(), &batch, &mut values)?;
    /// assert_eq!(values, [2.0, 4.0, 6.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub const fn data(mut self, rows: &'a [F]) -> Self {
        self.each.data = rows;
        self
    }

    /// The lengths of a sample's own rows, if everything fits a function of so many variables and
    /// data.
    pub(in crate::function) fn check(&self, variables: usize, data: usize) -> Result<Rows, Error> {
        let variables = self.row("variables", self.shared.variables, variables)?;
        let data = self.row("data", self.shared.data, data)?;
        let what = "the slice of each sample's variables";
        check_length(what, self.each.variables.len(), variables.saturating_mul(self.samples))?;
        let what = "the slice of each sample's data";
        check_length(what, self.each.data.len(), data.saturating_mul(self.samples))?;
        Ok(Rows { variables, data })
    }

    fn row(&self, what: &'static str, shared: &[F], all: usize) -> Result<usize, Error> {
        let given = shared.len();
        let error = || Kind::TooManyShared { what, given, limit: all }.into();
        all.checked_sub(given).ok_or_else(error)
    }
}

/// The lengths of the rows that each sample has of its own.
#[derive(Clone, Copy, Debug)]
pub(in crate::function) struct Rows {
    pub(in crate::function) variables: usize,
    pub(in crate::function) data: usize,
}

/// Evaluations of many samples at once.
///
/// # Errors
/// If a slice has the wrong length, the workspace is another function's or its flag goes up
/// ([`BatchWorkspace::interrupt_by`]), or a comparison comes
/// out differently for one of the samples, which the error then names. A function that records
/// its paths ([`FunctionBuilder::record_paths`](crate::FunctionBuilder::record_paths)) evaluates
/// such samples one by one, each on its own path. After an error the results are unspecified and
/// the workspace is as good as before.
///
/// # Accuracy
/// Values are those of the samples one by one, to the last bit, and so are gradients, unless many
/// operations of one kind depend on one variable: the evaluation of one sample takes eight of
/// them at once, and adds what flows into the variable in another order.
impl<F: Real> Function<F> {
    /// Working memory for batches, used by one thread.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[2.0], |x| x[0] * x[0]);
    /// let mut workspace = f.batch_workspace();
    /// ```
    #[must_use]
    pub fn batch_workspace(&self) -> BatchWorkspace<F> {
        BatchWorkspace::new(self.identity, &self.program)
    }

    /// The bytes that [`Function::batch_workspace`] will take from the heap. Batches of more
    /// than 256 samples take a few buffers as long as the shared variables on top, once.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[2.0], |x| x[0] * x[0]);
    /// assert!(f.batch_workspace_bytes() > 8 * f.workspace_bytes());
    /// ```
    #[must_use]
    pub fn batch_workspace_bytes(&self) -> usize {
        BatchWorkspace::bytes(&self.program)
    }

    /// The values of all outputs at each sample, into `values`: a row for each sample.
    ///
    /// # Errors
    /// As every evaluation of a batch.
    ///
    /// # Example
    /// ```
    /// use wengert::{Batch, Function};
    /// let square = Function::record(&[2.0], |x| x[0] * x[0]);
    /// let mut values = [0.0; 3];
    /// let batch = Batch::new(3).variables(&[1.0, 2.0, 3.0]);
    /// square.batch_values(&mut square.batch_workspace(), &batch, &mut values)?;
    /// assert_eq!(values, [1.0, 4.0, 9.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn batch_values(
        &self,
        workspace: &mut BatchWorkspace<F>,
        batch: &Batch<'_, F>,
        values: &mut [F],
    ) -> Result<(), Error> {
        let rows = batch.check(self.num_variables(), self.num_data())?;
        let wanted = batch.samples.saturating_mul(self.num_outputs());
        check_length("the slice of values", values.len(), wanted)?;
        let task = Task { function: self, batch, rows, derivatives: Derivatives::None };
        task.run(workspace, values, &mut [], &mut []).map(|_| ())
    }

    /// The sum of the values of all samples, of a function with one output, with its gradient:
    /// with respect to the shared variables, summed over all samples, into `shared`; with
    /// respect to each sample's own variables into `each`, a row for each sample.
    ///
    /// # Errors
    /// As every evaluation of a batch; also if there is not exactly one output.
    ///
    /// # Example: the gradient of a loss over data points
    /// ```
    /// use wengert::{Batch, Function};
    /// let loss = Function::builder().data(&[1.0, 2.0]).record_with_data(&[0.5], |w, point| {
    ///     let residual = w[0] * point[0] - point[1];
    ///     residual * residual
    /// });
    /// let points = [1.0, 2.0, 2.0, 4.0, 3.0, 5.0];
    /// let batch = Batch::new(3).shared_variables(&[1.0]).data(&points);
    /// let mut gradient = [0.0];
    /// let mut workspace = loss.batch_workspace();
    /// let sum = loss.batch_gradient(&mut workspace, &batch, &mut gradient, &mut [])?;
    /// assert_eq!((sum, gradient), (9.0, [-22.0]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn batch_gradient(
        &self,
        workspace: &mut BatchWorkspace<F>,
        batch: &Batch<'_, F>,
        shared: &mut [F],
        each: &mut [F],
    ) -> Result<F, Error> {
        self.check_single_output()?;
        let rows = batch.check(self.num_variables(), self.num_data())?;
        let what = "the slice for the gradient of the shared variables";
        check_length(what, shared.len(), batch.shared.variables.len())?;
        let what = "the slice for the gradients of each sample's variables";
        check_length(what, each.len(), batch.each.variables.len())?;
        self.program.check_sweep()?;
        let task = Task { function: self, batch, rows, derivatives: Derivatives::Summed };
        task.run(workspace, &mut [], shared, each)
    }

    /// The value of each sample into `values`, and its gradient with respect to all variables,
    /// shared or not, into `gradients`: a row for each sample. For functions with one output.
    ///
    /// # Errors
    /// As every evaluation of a batch; also if there is not exactly one output.
    ///
    /// # Example
    /// ```
    /// use wengert::{Batch, Function};
    /// let product = Function::record(&[1.0, 1.0], |x| x[0] * x[1]);
    /// let batch = Batch::new(2).shared_variables(&[10.0]).variables(&[2.0, 3.0]);
    /// let (mut values, mut gradients) = ([0.0; 2], [0.0; 4]);
    /// let mut workspace = product.batch_workspace();
    /// product.batch_gradients(&mut workspace, &batch, &mut values, &mut gradients)?;
    /// assert_eq!(values, [20.0, 30.0]);
    /// assert_eq!(gradients, [2.0, 10.0, 3.0, 10.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn batch_gradients(
        &self,
        workspace: &mut BatchWorkspace<F>,
        batch: &Batch<'_, F>,
        values: &mut [F],
        gradients: &mut [F],
    ) -> Result<(), Error> {
        self.check_single_output()?;
        self.rows_of_derivatives("the slice for the gradients", workspace, batch, values, gradients)
    }

    /// The values of all outputs at each sample into `values`, a row for each sample, and its
    /// Jacobian with respect to all variables, shared or not, into `jacobians`: for each sample
    /// a row of partial derivatives for each output, row behind row.
    ///
    /// # Errors
    /// As every evaluation of a batch.
    ///
    /// # Complexity
    /// One evaluation of each sample and a reverse sweep for each output.
    ///
    /// # Example
    /// ```
    /// use wengert::{Batch, Function};
    /// let f = Function::record_many(&[1.0, 1.0], |x| vec![x[0] + x[1], x[0] * x[1]]);
    /// let batch = Batch::new(2).shared_variables(&[10.0]).variables(&[2.0, 3.0]);
    /// let (mut values, mut jacobians) = ([0.0; 4], [0.0; 8]);
    /// f.batch_jacobians(&mut f.batch_workspace(), &batch, &mut values, &mut jacobians)?;
    /// assert_eq!(values, [12.0, 20.0, 13.0, 30.0]);
    /// assert_eq!(jacobians, [1.0, 1.0, 2.0, 10.0, 1.0, 1.0, 3.0, 10.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn batch_jacobians(
        &self,
        workspace: &mut BatchWorkspace<F>,
        batch: &Batch<'_, F>,
        values: &mut [F],
        jacobians: &mut [F],
    ) -> Result<(), Error> {
        self.rows_of_derivatives("the slice for the Jacobians", workspace, batch, values, jacobians)
    }

    fn rows_of_derivatives(
        &self,
        what: &'static str,
        workspace: &BatchWorkspace<F>,
        batch: &Batch<'_, F>,
        values: &mut [F],
        derivatives: &mut [F],
    ) -> Result<(), Error> {
        let rows = batch.check(self.num_variables(), self.num_data())?;
        self.program.check_sweep()?;
        let task = Task { function: self, batch, rows, derivatives: Derivatives::Apart };
        let wanted = batch.samples.saturating_mul(self.num_outputs());
        check_length("the slice of values", values.len(), wanted)?;
        let wanted = batch.samples.saturating_mul(task.row());
        check_length(what, derivatives.len(), wanted)?;
        task.run(workspace, values, &mut [], derivatives).map(|_| ())
    }
}

/// What derivatives of a batch are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Derivatives {
    None,
    /// Summed with respect to shared variables, a row for each sample of the others.
    Summed,
    /// For each sample, a row of all variables for each output.
    Apart,
}

/// The sum of the lanes, pairwise.
#[inline]
pub(in crate::function) fn sum_of_lanes<F: Real>(mut lanes: [F; WIDTH]) -> F {
    let mut count = WIDTH;
    while count > 1 {
        count /= 2;
        for i in 0..count {
            lanes[i] = lanes[2 * i] + lanes[2 * i + 1];
        }
    }
    lanes[0]
}
