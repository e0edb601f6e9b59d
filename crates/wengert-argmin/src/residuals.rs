//! A function with several outputs, whose squares are to be small.

use crate::Point;
use argmin::core::{Error, Jacobian, Operator};
use std::marker::PhantomData;
use wengert::evaluation::Evaluator;
use wengert::{Function, Var};

/// A function with several outputs as argmin's `Operator` and `Jacobian`, for Gauss–Newton.
///
/// # Errors
/// As [`Objective`](crate::Objective).
///
/// # Example
/// ```
/// use argmin::core::{Jacobian, Operator};
/// use wengert_argmin::Residuals;
/// let f = Residuals::record(&[1.0, 1.0], |x| vec![x[0] * x[1], x[0] - x[1]]);
/// let point = vec![2.0, 3.0];
/// assert_eq!(f.apply(&point)?, [6.0, -1.0]);
/// assert_eq!(f.jacobian(&point)?, [[3.0, 2.0], [1.0, -1.0]]);
/// # Ok::<(), argmin::core::Error>(())
/// ```
#[derive(Debug)]
pub struct Residuals<P = Vec<f64>> {
    evaluator: Evaluator,
    point: PhantomData<fn(P) -> P>,
}

impl<P: Point> Residuals<P> {
    /// The residuals that a function computes.
    ///
    /// # Example
    /// ```
    /// use argmin::core::Operator;
    /// use wengert::Function;
    /// use wengert_argmin::Residuals;
    /// let f: Residuals = Residuals::new(Function::record_many(&[1.0], |x| vec![x[0], -x[0]]));
    /// assert_eq!(f.apply(&vec![2.0])?, [2.0, -2.0]);
    /// # Ok::<(), argmin::core::Error>(())
    /// ```
    #[must_use]
    pub fn new(function: Function) -> Self {
        Self { evaluator: function.into(), point: PhantomData }
    }
}

impl Residuals {
    /// Records a closure at a point, with parameters in a `Vec`.
    ///
    /// # Example
    /// ```
    /// use argmin::core::Operator;
    /// use wengert_argmin::Residuals;
    /// let f = Residuals::record(&[1.0], |x| vec![x[0].exp() - 1.0]);
    /// assert_eq!(f.apply(&vec![0.0])?, [0.0]);
    /// # Ok::<(), argmin::core::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn record<G>(start: &[f64], f: G) -> Self
    where
        G: for<'t> FnOnce(&[Var<'t>]) -> Vec<Var<'t>>,
    {
        Self::new(Function::record_many(start, f))
    }
}

impl<P: Point> Operator for Residuals<P> {
    type Param = P;
    type Output = P;
    fn apply(&self, point: &P) -> Result<P, Error> {
        let mut values = vec![0.0; self.evaluator.function().num_outputs()];
        self.evaluator.values(&point.numbers(), &mut values)?;
        Ok(P::point(&values))
    }
}

impl<P: Point> Jacobian for Residuals<P> {
    type Param = P;
    type Jacobian = P::Matrix;
    fn jacobian(&self, point: &P) -> Result<P::Matrix, Error> {
        let function = self.evaluator.function();
        let (rows, columns) = (function.num_outputs(), function.num_variables());
        let mut jacobian = vec![0.0; rows * columns];
        self.evaluator.jacobian(&point.numbers(), &mut jacobian)?;
        Ok(P::matrix(columns, &jacobian))
    }
}
