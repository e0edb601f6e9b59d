//! Gradients of parameters.

use super::{Error, Gradients, Scalar};
use crate::record::{ParameterId, ParameterVars};

impl<F: Scalar> ParameterVars<'_, '_, F> {
    /// The derivatives with respect to all parameters, in order of position.
    ///
    /// # Errors
    /// If the gradients are of another tape, of before a reset, or of a sweep that ended before
    /// the parameters; also if they are those of a constant, which are zero but no slice.
    ///
    /// # Example
    /// ```
    /// let mut parameters = wengert::Parameters::new();
    /// let a = parameters.insert("a", 3.0);
    /// let tape = wengert::Tape::new();
    /// let recorded = parameters.record(&tape);
    /// let gradients = (recorded.var(a) * 5.0).gradients();
    /// assert_eq!(recorded.gradient(&gradients)?, [5.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn gradient<'g>(&self, gradients: &'g Gradients<F>) -> Result<&'g [F], Error> {
        let (tape, first, parameters) = self.place();
        gradients.range(tape, first, parameters.len())
    }

    /// The derivative with respect to one parameter.
    ///
    /// # Errors
    /// As [`Gradients::get`], and if the key is foreign or stale.
    ///
    /// # Example
    /// ```
    /// let mut parameters = wengert::Parameters::new();
    /// let a = parameters.insert("a", 3.0);
    /// let tape = wengert::Tape::new();
    /// let recorded = parameters.record(&tape);
    /// let gradients = (recorded.var(a) * 5.0).gradients();
    /// assert_eq!(recorded.gradient_of(a, &gradients), Ok(5.0));
    /// ```
    pub fn gradient_of(&self, id: ParameterId, gradients: &Gradients<F>) -> Result<F, Error> {
        gradients.get(self.get(id)?)
    }
}
