//! Where the entries of a compressed matrix lie.

use wengert::Pattern;

/// How the entries of a matrix lie behind each other.
///
/// # Example
/// ```
/// use wengert::Pattern;
/// use wengert_sparse::{Layout, SparseJacobian};
/// let pattern = Pattern::from_entries(2, 2, [(0, 0), (0, 1), (1, 0)])?;
/// let plan = SparseJacobian::builder(pattern).layout(Layout::Columns).plan()?;
/// assert!(plan.structure().triplets().eq([(0, 0), (1, 0), (0, 1)]));
/// # Ok::<(), wengert_sparse::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Layout {
    /// Row behind row (CSR).
    #[default]
    Rows,
    /// Column behind column (CSC).
    Columns,
}

/// Where the entries of a compressed matrix lie: of compressed rows or columns the offsets and
/// indices, or all positions one by one.
///
/// # Example
/// ```
/// use wengert::Function;
/// use wengert_sparse::SparseJacobian;
/// let f = Function::record_many(&[1.0; 3], |x| vec![x[0] * x[2], x[1]]);
/// let plan = SparseJacobian::of(&f)?;
/// let structure = plan.structure();
/// assert_eq!((structure.offsets(), structure.indices()), (&[0, 2, 3][..], &[0, 2, 1][..]));
/// # Ok::<(), wengert_sparse::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Structure {
    shape: (usize, usize),
    layout: Layout,
    /// The entries with rows and columns exchanged where columns lie behind each other.
    major: Pattern,
}

impl Structure {
    /// Of a pattern of rows, or of one whose rows are columns.
    pub(crate) fn of(layout: Layout, major: Pattern) -> Self {
        let shape = match layout {
            Layout::Rows => (major.rows(), major.columns()),
            Layout::Columns => (major.columns(), major.rows()),
        };
        Self { shape, layout, major }
    }

    /// The number of rows.
    ///
    /// # Example
    /// ```
    /// # use wengert_sparse::SparseHessian;
    /// let f = wengert::Function::record(&[1.0; 3], |x| x[0].exp());
    /// assert_eq!(SparseHessian::of(&f)?.structure().rows(), 3);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.shape.0
    }

    /// The number of columns.
    ///
    /// # Example
    /// ```
    /// # use wengert_sparse::SparseHessian;
    /// let f = wengert::Function::record(&[1.0; 3], |x| x[0].exp());
    /// assert_eq!(SparseHessian::of(&f)?.structure().columns(), 3);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.shape.1
    }

    /// The number of entries.
    ///
    /// # Example
    /// ```
    /// # use wengert_sparse::SparseHessian;
    /// let f = wengert::Function::record(&[1.0; 3], |x| x[0].exp());
    /// assert_eq!(SparseHessian::of(&f)?.structure().len(), 1);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn len(&self) -> usize {
        self.major.len()
    }

    /// Whether there is no entry.
    ///
    /// # Example
    /// ```
    /// # use wengert_sparse::SparseHessian;
    /// let f = wengert::Function::record(&[1.0; 3], |x| x[0]);
    /// assert!(SparseHessian::of(&f)?.structure().is_empty());
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.major.is_empty()
    }

    /// How the entries lie behind each other.
    ///
    /// # Example
    /// ```
    /// # use wengert_sparse::{Layout, SparseHessian};
    /// let f = wengert::Function::record(&[1.0; 3], |x| x[0]);
    /// assert_eq!(SparseHessian::of(&f)?.structure().layout(), Layout::Rows);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn layout(&self) -> Layout {
        self.layout
    }

    /// Where the entries of each row, or column, begin, and behind them the number of all.
    ///
    /// # Example
    /// ```
    /// # use wengert_sparse::SparseHessian;
    /// let f = wengert::Function::record(&[1.0; 3], |x| x[0].exp());
    /// assert_eq!(SparseHessian::of(&f)?.structure().offsets(), [0, 1, 1, 1]);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub fn offsets(&self) -> &[usize] {
        self.major.offsets()
    }

    /// The column of each entry, or its row where columns lie behind each other.
    ///
    /// # Example
    /// ```
    /// # use wengert_sparse::SparseHessian;
    /// let f = wengert::Function::record(&[1.0; 3], |x| x[2].exp());
    /// assert_eq!(SparseHessian::of(&f)?.structure().indices(), [2]);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub fn indices(&self) -> &[u32] {
        self.major.indices()
    }

    /// Row and column of each entry, in the order of the values.
    ///
    /// # Example
    /// ```
    /// # use wengert_sparse::SparseHessian;
    /// let f = wengert::Function::record(&[1.0; 3], |x| x[2].exp());
    /// assert!(SparseHessian::of(&f)?.structure().triplets().eq([(2, 2)]));
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    pub fn triplets(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let is_by_columns = self.layout == Layout::Columns;
        let exchange = move |(a, b)| if is_by_columns { (b, a) } else { (a, b) };
        self.major.entries().map(exchange)
    }
}
