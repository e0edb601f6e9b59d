//! The derivative of a function as a function: its recording swept by numbers that record.
//!
//! A function's steps are recorded once more, on a tape, and the sweep behind them; what is left is
//! lowered, optimised and assembled as any recording. So value and derivatives share what they have
//! in common, and all that can be done with a function can be done with its derivative, which
//! includes taking that of it.
//!
//! Griewank & Walther, "Evaluating Derivatives" (2nd ed. 2008), chapter 10.

pub(in crate::function) mod record;
pub(in crate::function) mod steps;

use super::capture::paths::Paths;
use super::compiled::{self, compiled};
use super::draft::Draft;
use super::draft::flat::flat;
use super::draft::optimise::Optimise;
use super::{Function, Policy};
use crate::error::Error;
use crate::operation::check_calls;
use crate::scalar::Real;
pub use record::VectorAs;
use record::{Derivation, derive};
use std::sync::Arc;

impl<F: Real> Function<F> {
    /// The gradient of a function of one output as a function: one output for each variable.
    ///
    /// It is a recording as any other, optimised, evaluated one by one and in batches, saved and
    /// drawn in the same ways, with the guards of this one; a function that records its paths has
    /// a gradient that does. Its derivative is the second: `gradient_function` of the sum of
    /// products with a vector, [`vjp_function`](Self::vjp_function), is the product of the Hessian
    /// with that vector.
    ///
    /// At kinks, infinities and NaN it has the conventions of the sweep; what a rule decides by the
    /// numbers is decided anew at every evaluation.
    ///
    /// # Errors
    /// If the function has not exactly one output, if the result is too large, or if it needs a
    /// derivative of an operation of an order above 4 that has no formula.
    ///
    /// # Cost
    /// About three operations for one of the function (2.8 to 3.3 on three problems), and some seven
    /// for the gradient of a product of it with a vector, which is a product with the Hessian.
    /// Recording takes a tape of all of them.
    ///
    /// # Example
    /// ```
    /// use wengert::Function;
    /// let f = Function::record(&[2.0, 1.0], |x| x[0].powi(3) * x[1]);
    /// let gradient = f.gradient_function()?;
    /// let mut values = [0.0; 2];
    /// gradient.values(&mut gradient.workspace(), &[2.0, 1.0], &mut values)?;
    /// assert_eq!(values, [12.0, 8.0]);
    ///
    /// // Of the second derivatives, those of the first output of the gradient.
    /// let mut jacobian = [0.0; 4];
    /// gradient.jacobian(&mut gradient.workspace(), &[2.0, 1.0], &mut jacobian)?;
    /// assert_eq!(jacobian, [12.0, 12.0, 12.0, 0.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn gradient_function(&self) -> Result<Self, Error> {
        self.check_single_output()?;
        self.derive(Derivation::Gradient)
    }

    /// The value and, behind it, the gradient, as a function. What they share is computed once.
    ///
    /// # Errors
    /// As [`gradient_function`](Self::gradient_function).
    ///
    /// # Cost
    /// That of [`gradient_function`](Self::gradient_function): the value is on the way.
    ///
    /// # Example
    /// ```
    /// use wengert::Function;
    /// let f = Function::record(&[2.0], |x| x[0].exp());
    /// let both = f.value_and_gradient_function()?;
    /// assert_eq!(both.len(), 4, "the exponential, once, the seed, y's sign squared, their product");
    /// let mut values = [0.0; 2];
    /// both.values(&mut both.workspace(), &[0.0], &mut values)?;
    /// assert_eq!(values, [1.0, 1.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn value_and_gradient_function(&self) -> Result<Self, Error> {
        self.check_single_output()?;
        self.derive(Derivation::ValueAndGradient)
    }

    /// The Jacobian as a function: row by row, a derivative for each output and variable.
    ///
    /// # Errors
    /// As [`gradient_function`](Self::gradient_function), for any number of outputs.
    ///
    /// # Cost
    /// A sweep is recorded for each output: the values once, and for each output up to three
    /// operations for each one that it depends on, so that an output of few variables costs
    /// little. Of many outputs of many variables the result is as many times as long as the function as
    /// there are outputs; where numbers are wanted, and no recording,
    /// [`jacobian_in_lanes`](Self::jacobian_in_lanes) and [`hessian`](Self::hessian) record nothing
    /// and go eight directions a pass.
    ///
    /// # Example
    /// ```
    /// use wengert::Function;
    /// let f = Function::record_many(&[2.0, 3.0], |x| vec![x[0] * x[1], x[0] * x[0]]);
    /// let jacobian = f.jacobian_function()?;
    /// let mut rows = [0.0; 4];
    /// jacobian.values(&mut jacobian.workspace(), &[2.0, 3.0], &mut rows)?;
    /// assert_eq!(rows, [3.0, 2.0, 4.0, 0.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn jacobian_function(&self) -> Result<Self, Error> {
        self.derive(Derivation::Jacobian)
    }

    /// The product of a vector, an entry for each output, with the Jacobian, as a function of the
    /// variables and the vector: one output for each variable.
    ///
    /// # Errors
    /// As [`jacobian_function`](Self::jacobian_function).
    ///
    /// # Cost
    /// One sweep, whatever the number of outputs: as [`gradient_function`](Self::gradient_function).
    ///
    /// # Example: a Hessian times a vector
    /// ```
    /// use wengert::{Function, VectorAs};
    /// let f = Function::record(&[2.0, 1.0], |x| x[0].powi(3) * x[1]);
    /// let product = f.gradient_function()?.vjp_function(VectorAs::Data)?;
    /// let mut values = [0.0; 2];
    /// product.values(&mut product.workspace(), (&[2.0, 1.0], &[0.0, 1.0]), &mut values)?;
    /// assert_eq!(values, [12.0, 0.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn vjp_function(&self, vector: VectorAs) -> Result<Self, Error> {
        self.derive(Derivation::Vjp(vector))
    }

    /// The product of the Jacobian with a vector, an entry for each variable, as a function of the
    /// variables and the vector: one output for each output. It is recorded forward, over dual
    /// numbers that record.
    ///
    /// # Errors
    /// As [`jacobian_function`](Self::jacobian_function).
    ///
    /// # Cost
    /// Three to four operations for one of the function, whatever the number of variables. The values
    /// are computed on the way, and are no outputs.
    ///
    /// # Example
    /// ```
    /// use wengert::{Function, VectorAs};
    /// let f = Function::record_many(&[2.0, 3.0], |x| vec![x[0] * x[1], x[0] * x[0]]);
    /// let product = f.jvp_function(VectorAs::Data)?;
    /// let mut values = [0.0; 2];
    /// product.values(&mut product.workspace(), (&[2.0, 3.0], &[1.0, 10.0]), &mut values)?;
    /// assert_eq!(values, [23.0, 4.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn jvp_function(&self, vector: VectorAs) -> Result<Self, Error> {
        self.derive(Derivation::Jvp(vector))
    }

    /// The steps of the values and, behind these, of the tangents along further variables.
    #[track_caller]
    pub(in crate::function) fn moving(&self) -> Result<Draft<F>, Error> {
        derive_apart(compiled::decode(&self.program), Derivation::Moving)
    }

    #[track_caller]
    fn derive(&self, derivation: Derivation) -> Result<Self, Error> {
        let draft =
            Draft { notes: self.report.notes().to_vec(), ..compiled::decode(&self.program) };
        let draft = derive_apart(draft, derivation)?;
        let outputs = draft.outputs.len();
        let (draft, report) = compiled::optimise(draft, Optimise::all());
        let function = Self::assemble(&draft, report, self.policy)?;
        let Some(paths) = &self.paths else { return Ok(function) };
        debug_assert_eq!(self.policy, Policy::Rerecord);
        // Another path is that of this function, differentiated in the same way.
        let (given, original) = ((self.num_variables(), self.num_data()), paths.recorder());
        let record = move |x: &[F], data: &[F]| {
            let (x, data) = (&x[..given.0], &data[..given.1]);
            derive_apart(original(x, data)?, derivation)
        };
        let paths = Paths::new(Arc::new(record), Optimise::all(), paths.limit(), outputs);
        Ok(Self { paths: Some(Arc::new(paths)), ..function })
    }
}

compiled! {
    /// The draft of a derivative, of a draft whose calls give what it needs.
    #[track_caller]
    fn derived<'a>(draft: &'a Draft<F>, derivation: Derivation) -> Result<Draft<F>, Error>
        = derive;
}

/// The draft of a derivative. What calls of functions do not give, their operations may.
#[track_caller]
fn derive_apart<F: Real>(draft: Draft<F>, derivation: Derivation) -> Result<Draft<F>, Error> {
    match check_calls(&draft.calls, derivation.order()) {
        Ok(()) => derived(&draft, derivation),
        Err(_) => derived(&flat(draft)?.draft, derivation),
    }
}
