//! A function with one output, to be minimised.

use crate::Point;
use argmin::core::{CostFunction, Error, Gradient, Hessian};
use std::marker::PhantomData;
use std::sync::{Mutex, MutexGuard, TryLockError};
use wengert::evaluation::Evaluator;
use wengert::{Function, Var};

/// A function with one output as argmin's `CostFunction`, `Gradient` and `Hessian`.
///
/// Solvers ask for a value and for a gradient apart, mostly at one point. The last of both is
/// kept, and where the last gradient was asked for after the value, the next value brings its
/// gradient along: it costs a reverse sweep then, and no second evaluation.
///
/// Threads may share an objective: while one asks, the others compute without looking at what is
/// kept.
///
/// # Errors
/// Evaluations return wengert's error: where the number of parameters is not that of the function,
/// where that has several outputs, or where its recorded path is left.
///
/// # Example
/// ```
/// use argmin::core::{CostFunction, Gradient, Hessian};
/// use wengert_argmin::Objective;
/// let f = Objective::record(&[1.0, 1.0], |x| x[0] * x[0] * x[1]);
/// let point = vec![2.0, 3.0];
/// assert_eq!(f.cost(&point)?, 12.0);
/// assert_eq!(f.gradient(&point)?, [12.0, 4.0]);
/// assert_eq!(f.hessian(&point)?, [[6.0, 4.0], [4.0, 0.0]]);
/// # Ok::<(), argmin::core::Error>(())
/// ```
#[derive(Debug)]
pub struct Objective<P = Vec<f64>> {
    evaluator: Evaluator,
    last: Mutex<Last>,
    point: PhantomData<fn(P) -> P>,
}

/// What was found last.
#[derive(Debug)]
struct Last {
    at: Vec<f64>,
    value: Option<f64>,
    /// The gradient at that point, if `has_gradient`.
    gradient: Vec<f64>,
    has_gradient: bool,
    /// Whether the gradient has been asked for at that point.
    was_asked: bool,
    /// Whether a value is likely to be followed by its gradient.
    brings_gradient: bool,
}

impl<P: Point> Objective<P> {
    /// The objective that a function computes.
    ///
    /// # Example
    /// ```
    /// use argmin::core::CostFunction;
    /// use wengert::Function;
    /// use wengert_argmin::Objective;
    /// let f: Objective = Objective::new(Function::record(&[1.0], |x| x[0].exp()));
    /// assert_eq!(f.cost(&vec![0.0])?, 1.0);
    /// # Ok::<(), argmin::core::Error>(())
    /// ```
    #[must_use]
    pub fn new(function: Function) -> Self {
        let last = Mutex::new(Last::none(function.num_variables()));
        Self { evaluator: function.into(), last, point: PhantomData }
    }

    /// The function.
    ///
    /// # Example
    /// ```
    /// use wengert_argmin::Objective;
    /// let f: Objective = Objective::record(&[1.0, 2.0], |x| x[0] * x[1]);
    /// assert_eq!(f.function().num_variables(), 2);
    /// ```
    #[must_use]
    pub fn function(&self) -> &Function {
        self.evaluator.function()
    }

    /// What was found last, unless another thread looks at it now.
    fn last(&self) -> Option<MutexGuard<'_, Last>> {
        match self.last.try_lock() {
            Ok(last) => Some(last),
            // A panic left nothing half done that the next evaluation would read.
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

impl Objective {
    /// Records a closure at a point, with parameters in a `Vec`. For others, and for closures that
    /// branch, take [`Objective::new`] of what [`Function::builder`] records.
    ///
    /// # Example
    /// ```
    /// use argmin::core::Gradient;
    /// use wengert_argmin::Objective;
    /// let f = Objective::record(&[1.0], |x| x[0].powi(3));
    /// assert_eq!(f.gradient(&vec![2.0])?, [12.0]);
    /// # Ok::<(), argmin::core::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn record<G>(start: &[f64], f: G) -> Self
    where
        G: for<'t> FnOnce(&[Var<'t>]) -> Var<'t>,
    {
        Self::new(Function::record(start, f))
    }
}

impl Last {
    fn none(variables: usize) -> Self {
        Self {
            at: Vec::new(),
            value: None,
            gradient: vec![0.0; variables],
            has_gradient: false,
            was_asked: false,
            brings_gradient: true,
        }
    }

    /// Whether what is kept is of a point: by its bits, since zeros of two signs may differ.
    fn is_at(&self, point: &[f64]) -> bool {
        let same = |(x, y): (&f64, &f64)| x.to_bits() == y.to_bits();
        self.at.len() == point.len() && self.at.iter().zip(point).all(same)
    }

    /// Goes to a point, of which nothing is known yet unless it is the last one.
    fn go(&mut self, point: &[f64]) {
        if self.is_at(point) {
            return;
        }
        if self.has_gradient {
            self.brings_gradient = self.was_asked;
        }
        self.at.clear();
        self.at.extend_from_slice(point);
        (self.value, self.has_gradient, self.was_asked) = (None, false, false);
    }

    fn value(&mut self, f: &Evaluator, point: &[f64]) -> Result<f64, wengert::Error> {
        self.go(point);
        if let Some(value) = self.value {
            return Ok(value);
        }
        if self.brings_gradient {
            return self.both(f);
        }
        let value = f.value(&self.at)?;
        self.value = Some(value);
        Ok(value)
    }

    fn gradient(&mut self, f: &Evaluator, point: &[f64]) -> Result<&[f64], wengert::Error> {
        self.go(point);
        self.was_asked = true;
        if !self.has_gradient {
            // Its value was computed alone, or not at all: the next one brings its gradient.
            self.brings_gradient = true;
            self.both(f)?;
        }
        Ok(&self.gradient)
    }

    fn both(&mut self, f: &Evaluator) -> Result<f64, wengert::Error> {
        let value = f.value_and_gradient(&self.at, &mut self.gradient)?;
        (self.value, self.has_gradient) = (Some(value), true);
        Ok(value)
    }
}

impl<P: Point> CostFunction for Objective<P> {
    type Param = P;
    type Output = f64;
    fn cost(&self, point: &P) -> Result<f64, Error> {
        let (f, point) = (&self.evaluator, &*point.numbers());
        Ok(match self.last() {
            Some(mut last) => last.value(f, point)?,
            None => f.value(point)?,
        })
    }
}

impl<P: Point> Gradient for Objective<P> {
    type Param = P;
    type Gradient = P;
    fn gradient(&self, point: &P) -> Result<P, Error> {
        let (f, point) = (&self.evaluator, &*point.numbers());
        if let Some(mut last) = self.last() {
            return Ok(P::point(last.gradient(f, point)?));
        }
        let mut gradient = vec![0.0; point.len()];
        f.value_and_gradient(point, &mut gradient)?;
        Ok(P::point(&gradient))
    }
}

impl<P: Point> Hessian for Objective<P> {
    type Param = P;
    type Hessian = P::Matrix;
    /// Exact, by forward over reverse.
    fn hessian(&self, point: &P) -> Result<P::Matrix, Error> {
        let point = &*point.numbers();
        let mut hessian = vec![0.0; point.len() * point.len()];
        self.evaluator.hessian(point, &mut hessian)?;
        Ok(P::matrix(point.len(), &hessian))
    }
}
