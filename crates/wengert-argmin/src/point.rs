//! The vectors and matrices of solvers.

use std::borrow::Cow;

/// A vector of parameters, with the matrices that go with it. The trait is sealed: `Vec<f64>`, and
/// with the features of their names nalgebra's `DVector<f64>` and ndarray's `Array1<f64>`.
///
/// # Example
/// ```
/// use wengert_argmin::Point;
/// let matrix = <Vec<f64> as Point>::matrix(2, &[1.0, 2.0, 3.0, 4.0]);
/// assert_eq!(matrix, [[1.0, 2.0], [3.0, 4.0]]);
/// ```
pub trait Point: Clone + sealed::Sealed {
    /// A Hessian or a Jacobian.
    type Matrix;
    /// The numbers side by side.
    fn numbers(&self) -> Cow<'_, [f64]>;
    /// The vector of some numbers.
    fn point(numbers: &[f64]) -> Self;
    /// The matrix of numbers that stand row by row, with so many columns.
    fn matrix(columns: usize, numbers: &[f64]) -> Self::Matrix;
}

mod sealed {
    pub trait Sealed {}
}

impl sealed::Sealed for Vec<f64> {}
impl Point for Vec<f64> {
    type Matrix = Vec<Vec<f64>>;
    fn numbers(&self) -> Cow<'_, [f64]> {
        self.into()
    }
    fn point(numbers: &[f64]) -> Self {
        numbers.to_vec()
    }
    fn matrix(columns: usize, numbers: &[f64]) -> Vec<Vec<f64>> {
        numbers.chunks(columns.max(1)).map(<[f64]>::to_vec).collect()
    }
}

#[cfg(feature = "nalgebra")]
mod of_nalgebra {
    use super::{Cow, Point, sealed};
    use nalgebra::{DMatrix, DVector};

    impl sealed::Sealed for DVector<f64> {}
    impl Point for DVector<f64> {
        type Matrix = DMatrix<f64>;
        fn numbers(&self) -> Cow<'_, [f64]> {
            self.as_slice().into()
        }
        fn point(numbers: &[f64]) -> Self {
            Self::from_column_slice(numbers)
        }
        fn matrix(columns: usize, numbers: &[f64]) -> DMatrix<f64> {
            DMatrix::from_row_slice(numbers.len() / columns.max(1), columns, numbers)
        }
    }
}

#[cfg(feature = "ndarray")]
mod of_ndarray {
    use super::{Cow, Point, sealed};
    use ndarray::{Array1, Array2};

    impl sealed::Sealed for Array1<f64> {}
    impl Point for Array1<f64> {
        type Matrix = Array2<f64>;
        fn numbers(&self) -> Cow<'_, [f64]> {
            // An array may stand in memory in another order than its own.
            self.as_slice().map_or_else(|| self.to_vec().into(), Cow::from)
        }
        fn point(numbers: &[f64]) -> Self {
            numbers.to_vec().into()
        }
        fn matrix(columns: usize, numbers: &[f64]) -> Array2<f64> {
            Array2::from_shape_fn((numbers.len() / columns.max(1), columns), |(i, j)| {
                numbers[i * columns + j]
            })
        }
    }
}
