//! The inputs of an evaluation.

/// The numbers at which a [`Function`](crate::Function) is evaluated: variables and, where the
/// recording has it, fixed data. A slice or an array converts to variables with no data, a pair
/// of them to variables and data.
///
/// # Example
/// ```
/// use wengert::Inputs;
/// let weights = vec![1.0, 2.0];
/// let inputs: Inputs<'_, f64> = (&weights, &[3.0]).into();
/// assert_eq!((inputs.variables, inputs.data), (&[1.0, 2.0][..], &[3.0][..]));
/// assert_eq!(Inputs::from(&weights).data.len(), 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs<'a, F = f64> {
    /// The numbers with respect to which derivatives are taken.
    pub variables: &'a [F],
    /// The numbers that are given.
    pub data: &'a [F],
}

impl<'a, F, X: AsRef<[F]> + ?Sized> From<&'a X> for Inputs<'a, F> {
    fn from(variables: &'a X) -> Self {
        Self { variables: variables.as_ref(), data: &[] }
    }
}

impl<'a, F, X: AsRef<[F]> + ?Sized, D: AsRef<[F]> + ?Sized> From<(&'a X, &'a D)> for Inputs<'a, F> {
    fn from((variables, data): (&'a X, &'a D)) -> Self {
        Self { variables: variables.as_ref(), data: data.as_ref() }
    }
}
