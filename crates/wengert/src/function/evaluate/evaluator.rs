//! Evaluations by shared reference, for callers that have nowhere to keep a workspace.

use crate::error::Error;
use crate::function::pool::Pool;
use crate::function::{DualWorkspace, Function, Inputs, Workspace};
use crate::scalar::Real;

/// A function together with the memory of its evaluations, so that a shared reference is enough:
/// what a solver asks for whose traits take `&self`, on as many threads as it likes.
///
/// An evaluation takes a workspace from a pool and puts it back. There are as many workspaces as
/// there were evaluations at once; when those are made, nothing is allocated any more.
///
/// The doors are those of [`Function`] without the workspace. For those that are not here, and for
/// many evaluations in a row, [`with`](Self::with) and [`with_dual`](Self::with_dual) lend one.
///
/// # Errors
/// Evaluations return the errors of the function's own doors.
///
/// # Complexity
/// Beyond the evaluation, a lock taken twice for a moment: some hundred instructions. Where a thread can
/// keep a [`Workspace`] of its own, that is cheaper for functions of a few operations.
///
/// # Example: many threads, one function
/// ```
/// use wengert::evaluation::Evaluator;
/// use wengert::Function;
/// let square: Evaluator = Function::record(&[2.0], |x| x[0] * x[0]).into();
/// std::thread::scope(|scope| {
///     for x in [1.0, 2.0, 3.0] {
///         let square = &square;
///         scope.spawn(move || assert_eq!(square.value(&[x]), Ok(x * x)));
///     }
/// });
/// ```
#[derive(Debug)]
pub struct Evaluator<F: Real = f64> {
    function: Function<F>,
    singles: Pool<Workspace<F>>,
    duals: Pool<DualWorkspace<F>>,
}

impl<F: Real> From<Function<F>> for Evaluator<F> {
    fn from(function: Function<F>) -> Self {
        Self::new(function)
    }
}

impl<F: Real> Clone for Evaluator<F> {
    /// The same function, with memory of its own.
    fn clone(&self) -> Self {
        Self::new(self.function.clone())
    }
}

/// The function and its memory.
impl<F: Real> Evaluator<F> {
    /// A function, with no memory yet.
    ///
    /// # Example
    /// ```
    /// use wengert::evaluation::Evaluator;
    /// use wengert::Function;
    /// let f = Evaluator::new(Function::record(&[1.0], |x| x[0].exp()));
    /// assert_eq!(f.value(&[0.0]), Ok(1.0));
    /// ```
    #[must_use]
    pub fn new(function: Function<F>) -> Self {
        Self { function, singles: Pool::default(), duals: Pool::default() }
    }

    /// The function.
    ///
    /// # Example
    /// ```
    /// use wengert::evaluation::Evaluator;
    /// use wengert::Function;
    /// let f = Evaluator::new(Function::record(&[1.0, 2.0], |x| x[0] * x[1]));
    /// assert_eq!(f.function().num_variables(), 2);
    /// ```
    #[must_use]
    pub const fn function(&self) -> &Function<F> {
        &self.function
    }

    /// Works with a workspace for values and first derivatives that nobody else uses meanwhile.
    ///
    /// # Example: ten evaluations, and one workspace taken
    /// ```
    /// use wengert::evaluation::Evaluator;
    /// use wengert::Function;
    /// let f = Evaluator::new(Function::record(&[1.0], |x| x[0] * x[0]));
    /// let sum = f.with(|f, workspace| {
    ///     (0..10).map(|i| f.value(workspace, &[f64::from(i)])).sum::<Result<f64, _>>()
    /// });
    /// assert_eq!(sum, Ok(285.0));
    /// ```
    pub fn with<R>(&self, work: impl FnOnce(&Function<F>, &mut Workspace<F>) -> R) -> R {
        let new = || self.function.workspace();
        self.singles.with(new, |workspace| work(&self.function, workspace))
    }

    /// Works with a workspace for tangents and second derivatives that nobody else uses meanwhile.
    ///
    /// # Example
    /// ```
    /// use wengert::evaluation::Evaluator;
    /// use wengert::Function;
    /// let f = Evaluator::new(Function::record_many(&[1.0], |x| vec![x[0].powi(3), x[0]]));
    /// let mut hessian = [0.0];
    /// f.with_dual(|f, workspace| f.weighted_hessian(workspace, &[2.0], &[1.0, 5.0], &mut hessian))?;
    /// assert_eq!(hessian, [12.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn with_dual<R>(&self, work: impl FnOnce(&Function<F>, &mut DualWorkspace<F>) -> R) -> R {
        let new = || self.function.dual_workspace();
        self.duals.with(new, |workspace| work(&self.function, workspace))
    }
}

/// Values and derivatives.
impl<F: Real> Evaluator<F> {
    /// The value at a point, of a function with one output.
    ///
    /// # Errors
    /// As [`Function::value`].
    ///
    /// # Example
    /// ```
    /// use wengert::evaluation::Evaluator;
    /// use wengert::Function;
    /// let f = Evaluator::new(Function::record(&[1.0, 2.0], |x| x[0] / x[1]));
    /// assert_eq!(f.value(&[3.0, 4.0]), Ok(0.75));
    /// ```
    pub fn value<'x>(&self, inputs: impl Into<Inputs<'x, F>>) -> Result<F, Error> {
        self.with(|f, workspace| f.value(workspace, inputs))
    }

    /// All values at a point, into `values`, one for each output.
    ///
    /// # Errors
    /// As [`Function::values`].
    ///
    /// # Example
    /// ```
    /// use wengert::evaluation::Evaluator;
    /// use wengert::Function;
    /// let f = Evaluator::new(Function::record_many(&[1.0, 2.0], |x| vec![x[0] + x[1], x[0] * x[1]]));
    /// let mut values = [0.0; 2];
    /// f.values(&[3.0, 4.0], &mut values)?;
    /// assert_eq!(values, [7.0, 12.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn values<'x>(
        &self,
        inputs: impl Into<Inputs<'x, F>>,
        values: &mut [F],
    ) -> Result<(), Error> {
        self.with(|f, workspace| f.values(workspace, inputs, values))
    }

    /// The value at a point, and the gradient into `gradient`, of a function with one output.
    ///
    /// # Errors
    /// As [`Function::value_and_gradient`].
    ///
    /// # Example
    /// ```
    /// use wengert::evaluation::Evaluator;
    /// use wengert::Function;
    /// let f = Evaluator::new(Function::record(&[1.0, 2.0], |x| x[0] * x[1]));
    /// let mut gradient = [0.0; 2];
    /// assert_eq!(f.value_and_gradient(&[3.0, 4.0], &mut gradient), Ok(12.0));
    /// assert_eq!(gradient, [4.0, 3.0]);
    /// ```
    pub fn value_and_gradient<'x>(
        &self,
        inputs: impl Into<Inputs<'x, F>>,
        gradient: &mut [F],
    ) -> Result<F, Error> {
        self.with(|f, workspace| f.value_and_gradient(workspace, inputs, gradient))
    }

    /// The vector-Jacobian product vᵀJ at a point, into `product`.
    ///
    /// # Errors
    /// As [`Function::vjp`].
    ///
    /// # Example
    /// ```
    /// use wengert::evaluation::Evaluator;
    /// use wengert::Function;
    /// let f = Evaluator::new(Function::record_many(&[1.0, 2.0], |x| vec![x[0] + x[1], x[0] * x[1]]));
    /// let mut product = [0.0; 2];
    /// f.vjp(&[2.0, 3.0], &[10.0, 1.0], &mut product)?;
    /// assert_eq!(product, [13.0, 12.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn vjp<'x>(
        &self,
        inputs: impl Into<Inputs<'x, F>>,
        v: &[F],
        product: &mut [F],
    ) -> Result<(), Error> {
        self.with(|f, workspace| f.vjp(workspace, inputs, v, product))
    }

    /// The Jacobian-vector product Jv at a point, into `product`.
    ///
    /// # Errors
    /// As [`Function::jvp`].
    ///
    /// # Example
    /// ```
    /// use wengert::evaluation::Evaluator;
    /// use wengert::Function;
    /// let f = Evaluator::new(Function::record_many(&[1.0, 2.0], |x| vec![x[0] + x[1], x[0] * x[1]]));
    /// let mut product = [0.0; 2];
    /// f.jvp(&[2.0, 3.0], &[1.0, 0.0], &mut product)?;
    /// assert_eq!(product, [1.0, 3.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn jvp<'x>(
        &self,
        inputs: impl Into<Inputs<'x, F>>,
        v: &[F],
        product: &mut [F],
    ) -> Result<(), Error> {
        self.with_dual(|f, workspace| f.jvp(workspace, inputs, v, product))
    }

    /// The Jacobian at a point, into `jacobian`, row behind row.
    ///
    /// # Errors
    /// As [`Function::jacobian`].
    ///
    /// # Example
    /// ```
    /// use wengert::evaluation::Evaluator;
    /// use wengert::Function;
    /// let f = Evaluator::new(Function::record_many(&[1.0, 2.0], |x| vec![x[0] + x[1], x[0] * x[1]]));
    /// let mut jacobian = [0.0; 4];
    /// f.jacobian(&[2.0, 3.0], &mut jacobian)?;
    /// assert_eq!(jacobian, [1.0, 1.0, 3.0, 2.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn jacobian<'x>(
        &self,
        inputs: impl Into<Inputs<'x, F>>,
        jacobian: &mut [F],
    ) -> Result<(), Error> {
        self.with(|f, workspace| f.jacobian(workspace, inputs, jacobian))
    }

    /// The Hessian at a point times a vector, into `product`, of a function with one output.
    ///
    /// # Errors
    /// As [`Function::hessian_vector_product`].
    ///
    /// # Example
    /// ```
    /// use wengert::evaluation::Evaluator;
    /// use wengert::Function;
    /// let f = Evaluator::new(Function::record(&[1.0, 2.0], |x| x[0] * x[0] * x[1]));
    /// let mut product = [0.0; 2];
    /// f.hessian_vector_product(&[1.0, 2.0], &[1.0, 0.0], &mut product)?;
    /// assert_eq!(product, [4.0, 2.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn hessian_vector_product<'x>(
        &self,
        inputs: impl Into<Inputs<'x, F>>,
        v: &[F],
        product: &mut [F],
    ) -> Result<(), Error> {
        self.with_dual(|f, workspace| f.hessian_vector_product(workspace, inputs, v, product))
    }

    /// The Hessian at a point, into `hessian`, row behind row, of a function with one output.
    ///
    /// # Errors
    /// As [`Function::hessian`].
    ///
    /// # Example
    /// ```
    /// use wengert::evaluation::Evaluator;
    /// use wengert::Function;
    /// let f = Evaluator::new(Function::record(&[1.0, 2.0], |x| x[0] * x[0] * x[1]));
    /// let mut hessian = [0.0; 4];
    /// f.hessian(&[1.0, 2.0], &mut hessian)?;
    /// assert_eq!(hessian, [4.0, 2.0, 2.0, 0.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn hessian<'x>(
        &self,
        inputs: impl Into<Inputs<'x, F>>,
        hessian: &mut [F],
    ) -> Result<(), Error> {
        self.with_dual(|f, workspace| f.hessian(workspace, inputs, hessian))
    }
}
