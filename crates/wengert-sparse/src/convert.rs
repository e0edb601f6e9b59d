//! Matrices of other libraries.

use crate::structure::{Layout, Structure};
use wengert::Real;

/// Conversions, each behind the feature of the library's name. They copy the structure and take
/// the values.
///
/// # Panics
/// If there are not as many values as entries.
impl Structure {
    #[track_caller]
    fn check<F>(&self, values: &[F]) {
        let (given, wanted) = (values.len(), self.len());
        assert!(given == wanted, "there are {given} values, wanted are {wanted}: one an entry");
    }

    #[cfg(any(feature = "sprs", feature = "nalgebra-sparse"))]
    fn wide_indices(&self) -> Vec<usize> {
        self.indices().iter().map(|&index| index as usize).collect()
    }

    /// A matrix of `sprs`, of compressed rows or columns as the structure is.
    ///
    /// # Panics
    /// If there are not as many values as entries.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0; 2], |x| x[1].exp());
    /// let plan = wengert_sparse::SparseHessian::of(&f)?;
    /// let matrix = plan.structure().to_sprs(vec![2.0]);
    /// assert_eq!(matrix.get(1, 1), Some(&2.0));
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[cfg(feature = "sprs")]
    #[must_use]
    #[track_caller]
    pub fn to_sprs<F: Real>(&self, values: Vec<F>) -> sprs::CsMat<F> {
        self.check(&values);
        let shape = (self.rows(), self.columns());
        let (offsets, indices) = (self.offsets().to_vec(), self.wide_indices());
        match self.layout() {
            Layout::Rows => sprs::CsMat::new(shape, offsets, indices, values),
            Layout::Columns => sprs::CsMat::new_csc(shape, offsets, indices, values),
        }
    }

    /// A matrix of `nalgebra-sparse`, of compressed rows; one of columns is converted.
    ///
    /// # Panics
    /// If there are not as many values as entries.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0; 2], |x| x[1].exp());
    /// let plan = wengert_sparse::SparseHessian::of(&f)?;
    /// let matrix = plan.structure().to_nalgebra_csr(vec![2.0]);
    /// assert_eq!(matrix.get_entry(1, 1).unwrap().into_value(), 2.0);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[cfg(feature = "nalgebra-sparse")]
    #[must_use]
    #[track_caller]
    pub fn to_nalgebra_csr<F>(&self, values: Vec<F>) -> nalgebra_sparse::CsrMatrix<F>
    where
        F: Real + nalgebra_sparse::na::Scalar,
    {
        if self.layout() == Layout::Columns {
            return (&self.to_nalgebra_csc(values)).into();
        }
        self.check(&values);
        let (offsets, indices) = (self.offsets().to_vec(), self.wide_indices());
        let (rows, columns) = (self.rows(), self.columns());
        nalgebra_sparse::CsrMatrix::try_from_csr_data(rows, columns, offsets, indices, values)
            .expect("rows of a pattern are sorted")
    }

    /// A matrix of `nalgebra-sparse`, of compressed columns; one of rows is converted.
    ///
    /// # Panics
    /// If there are not as many values as entries.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0; 2], |x| x[1].exp());
    /// let plan = wengert_sparse::SparseHessian::of(&f)?;
    /// let matrix = plan.structure().to_nalgebra_csc(vec![2.0]);
    /// assert_eq!(matrix.get_entry(1, 1).unwrap().into_value(), 2.0);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[cfg(feature = "nalgebra-sparse")]
    #[must_use]
    #[track_caller]
    pub fn to_nalgebra_csc<F>(&self, values: Vec<F>) -> nalgebra_sparse::CscMatrix<F>
    where
        F: Real + nalgebra_sparse::na::Scalar,
    {
        if self.layout() == Layout::Rows {
            return (&self.to_nalgebra_csr(values)).into();
        }
        self.check(&values);
        let (offsets, indices) = (self.offsets().to_vec(), self.wide_indices());
        let (rows, columns) = (self.rows(), self.columns());
        nalgebra_sparse::CscMatrix::try_from_csc_data(rows, columns, offsets, indices, values)
            .expect("columns of a pattern are sorted")
    }

    /// A matrix of `faer`, of compressed columns; one of rows is converted.
    ///
    /// # Panics
    /// If there are not as many values as entries.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0; 2], |x| x[1].exp());
    /// let plan = wengert_sparse::SparseHessian::of(&f)?;
    /// let matrix = plan.structure().to_faer(vec![2.0]);
    /// assert_eq!(matrix.get(1, 1), Some(&2.0));
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[cfg(feature = "faer")]
    #[must_use]
    #[track_caller]
    pub fn to_faer<F>(&self, values: Vec<F>) -> faer::sparse::SparseColMat<u32, F>
    where
        F: Real + faer::traits::ComplexField,
    {
        use faer::sparse::{
            SparseColMat, SparseRowMat, SymbolicSparseColMat, SymbolicSparseRowMat,
        };
        self.check(&values);
        let offsets = self.offsets().iter().map(|&offset| offset as u32).collect();
        let (rows, columns, indices) = (self.rows(), self.columns(), self.indices().to_vec());
        match self.layout() {
            Layout::Columns => {
                let symbolic =
                    SymbolicSparseColMat::new_checked(rows, columns, offsets, None, indices);
                SparseColMat::new(symbolic, values)
            }
            Layout::Rows => {
                let symbolic =
                    SymbolicSparseRowMat::new_checked(rows, columns, offsets, None, indices);
                let by_rows = SparseRowMat::new(symbolic, values);
                by_rows.to_col_major().expect("there is memory")
            }
        }
    }
}
