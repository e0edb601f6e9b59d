//! The solution of a sparse linear system, whose pattern is analysed once.

use crate::Error;
use crate::matrix::view_mut;
use crate::solve::Solve as Solution;
use crate::system::System;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::solvers::LltError;
use faer::linalg::solvers::Solve;
use faer::sparse::linalg::LuError;
use faer::sparse::linalg::cholesky::{LltRef, SymbolicCholesky, factorize_symbolic_cholesky};
use faer::sparse::linalg::solvers::{Lu, SymbolicLu};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMatRef};
use faer::{Conj, Par, Side};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use wengert::Number;
use wengert::custom::Operation;

/// Systems of equations whose matrices have their entries in the same places.
///
/// The order of elimination and the pattern of the factors are found once; a solution is one
/// operation of a recording, whose operands are the entries and the right sides. Derivatives by
/// entries are found in these places alone, and no matrix is ever filled.
///
/// # Example: the temperature of a rod, and its derivative by the conductivity of each piece
/// ```
/// use wengert::gradient;
/// use wengert_linalg::SparseSystem;
///
/// // Three points, heated in the middle: the lower triangle, column by column.
/// let system = SparseSystem::cholesky(3, &[0, 2, 4, 5], &[0, 1, 1, 2, 2])?;
/// // Two pieces of conductivity 1 on either side are two resistances of 2 side by side.
/// let slope = gradient(
///     |k| {
///         let entries = [k[0] + k[1], -k[1], k[1] + k[2], -k[2], k[2] + k[3]];
///         system.solve(&entries, &[0.0.into(), 1.0.into(), 0.0.into()]).unwrap()[1]
///     },
///     &[1.0; 4],
/// );
/// assert!(slope.iter().all(|slope| (slope + 0.25).abs() < 1e-15));
/// # Ok::<(), wengert_linalg::Error>(())
/// ```
///
/// # What is solved by LU
/// A symmetric matrix that is not definite, from both its triangles: the sparse LBLᵀ that faer has
/// exchanges rows within its blocks alone, and does not solve all of them. And least squares, as the
/// system of the residual r and the solution x with the matrix of I, A, Aᵀ and 0:
/// ```
/// use wengert_linalg::SparseSystem;
/// // A line through three points: r + Ax = b in three rows, Aᵀr = 0 in two.
/// let rows = [0, 3, 4, 1, 3, 4, 2, 3, 4, 0, 1, 2, 0, 1, 2];
/// let system = SparseSystem::lu(5, &[0, 3, 6, 9, 12, 15], &rows)?;
/// let residuals = [1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0];
/// let coefficients = [1.0, 1.0, 1.0, 0.0, 1.0, 2.0];
/// let entries = [&residuals[..], &coefficients].concat();
/// let line = system.solve(&entries, &[1.0, 3.0, 5.0, 0.0, 0.0])?;
/// assert!((line[3] - 1.0).abs() < 1e-14 && (line[4] - 2.0).abs() < 1e-14);
/// # Ok::<(), wengert_linalg::Error>(())
/// ```
#[derive(Clone)]
pub struct SparseSystem {
    sparse: Arc<Sparse>,
    /// By the number of right sides. A recording knows two calls as the same where they call one
    /// object.
    operations: Arc<Mutex<BTreeMap<usize, Arc<dyn Operation>>>>,
}

impl SparseSystem {
    /// Systems that are solved by LU with partial pivoting. The rows of the entries of column j are
    /// `rows[starts[j]..starts[j + 1]]`.
    ///
    /// # Errors
    /// If these are no pattern of n columns; if any matrix of it is singular.
    ///
    /// # Example
    /// ```
    /// use wengert_linalg::{Error, SparseSystem};
    /// let system = SparseSystem::lu(2, &[0, 1, 3], &[0, 0, 1])?;
    /// assert_eq!(system.solve(&[2.0, 1.0, 4.0], &[3.0, 8.0])?, [0.5, 2.0]);
    /// assert_eq!(system.solve(&[2.0, 1.0, 0.0], &[3.0, 8.0]), Err(Error::Singular));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn lu(n: usize, starts: &[usize], rows: &[usize]) -> Result<Self, Error> {
        let pattern = Pattern::of(n, starts, rows, |_| 0)?;
        let symbolic = SymbolicLu::try_new(pattern.view()).map_err(|_| Error::Singular)?;
        Ok(Self::of(pattern, Symbolic::Lu(symbolic)))
    }

    /// Systems of symmetric matrices that are positive definite, solved by Cholesky's decomposition
    /// with a fill-reducing order. The pattern is that of the lower triangle, as for
    /// [`SparseSystem::lu`].
    ///
    /// # Errors
    /// If these are no pattern of n columns and of a lower triangle.
    ///
    /// # Example
    /// ```
    /// use wengert_linalg::{Error, SparseSystem};
    /// let system = SparseSystem::cholesky(2, &[0, 2, 3], &[0, 1, 1])?;
    /// assert_eq!(system.solve(&[4.0, 2.0, 2.0], &[8.0, 6.0])?, [1.0, 2.0]);
    /// assert_eq!(system.solve(&[1.0, 2.0, 2.0], &[8.0, 6.0]), Err(Error::Indefinite));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn cholesky(n: usize, starts: &[usize], rows: &[usize]) -> Result<Self, Error> {
        let pattern = Pattern::of(n, starts, rows, |column| column)?;
        let (order, parameters) = (Default::default(), Default::default());
        let symbolic = factorize_symbolic_cholesky(pattern.view(), Side::Lower, order, parameters);
        let symbolic = symbolic.map_err(|_| Error::Indefinite)?;
        Ok(Self::of(pattern, Symbolic::Cholesky(Box::new(symbolic))))
    }

    fn of(pattern: Pattern, symbolic: Symbolic) -> Self {
        let sparse = Arc::new(Sparse { pattern, symbolic });
        Self { sparse, operations: Arc::default() }
    }

    /// The solution X of AX = B, for as many right sides as `b` has columns.
    ///
    /// # Errors
    /// If a pivot is 0 or, by Cholesky, not positive; if a list has the wrong length; if the operation
    /// cannot be recorded.
    ///
    /// # Complexity
    /// One decomposition. That of Cholesky is kept for the sweeps, that of LU made again in each.
    ///
    /// # Example
    /// See [`SparseSystem`].
    /// ```
    /// # let system = wengert_linalg::SparseSystem::lu(1, &[0, 1], &[0])?;
    /// assert_eq!(system.solve(&[2.0], &[2.0, 4.0])?, [1.0, 2.0]);
    /// # Ok::<(), wengert_linalg::Error>(())
    /// ```
    #[track_caller]
    pub fn solve<N: Number>(&self, entries: &[N], b: &[N]) -> Result<Vec<N>, Error> {
        let n = self.sparse.pattern.n;
        if entries.len() != self.sparse.entries() {
            return Err(Error::Length { given: entries.len(), of: self.sparse.entries() });
        }
        if n == 0 || !b.len().is_multiple_of(n) {
            return Err(Error::Length { given: b.len(), of: n });
        }
        Ok(N::try_call(&self.operation(b.len() / n), &[entries, b].concat())?)
    }

    /// The operation by itself, for so many right sides, for [`wengert::custom::register`]. Its name
    /// tells the size, the number of entries and a hash of their places.
    ///
    /// # Example
    /// ```
    /// let system = wengert_linalg::SparseSystem::lu(2, &[0, 1, 3], &[0, 0, 1])?;
    /// let name = system.operation(1).name().to_owned();
    /// assert!(name.starts_with("sparse_lu_solve(2, 3, ") && name.ends_with(", 1)"));
    /// # Ok::<(), wengert_linalg::Error>(())
    /// ```
    #[must_use]
    pub fn operation(&self, columns: usize) -> Arc<dyn Operation> {
        // A panic of another thread leaves the map whole.
        let mut all = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || -> Arc<dyn Operation> {
            let Sparse { pattern, symbolic } = &*self.sparse;
            let (n, entries, hash) = (pattern.n, pattern.rows.len(), pattern.hash());
            let name = symbolic.name();
            let name = format!("sparse_{name}_solve({n}, {entries}, {hash:016x}, {columns})");
            Arc::new(Solution::new(name, Arc::clone(&self.sparse), columns))
        };
        Arc::clone(all.entry(columns).or_insert_with(make))
    }
}

impl std::fmt::Debug for SparseSystem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Pattern { n, rows, .. } = &self.sparse.pattern;
        f.debug_struct("SparseSystem").field("n", n).field("entries", &rows.len()).finish()
    }
}

/// Where the entries are, column behind column.
struct Pattern {
    n: usize,
    starts: Vec<usize>,
    rows: Vec<usize>,
}

impl Pattern {
    /// A pattern whose columns begin at least in the row `first`.
    fn of(
        n: usize,
        starts: &[usize],
        rows: &[usize],
        first: impl Fn(usize) -> usize,
    ) -> Result<Self, Error> {
        if starts.len() != n + 1 {
            return Err(Error::Length { given: starts.len(), of: n + 1 });
        }
        if starts[0] != 0 || starts[n] != rows.len() {
            return Err(Error::Length { given: rows.len(), of: starts[n] });
        }
        for column in 0..n {
            let own = rows.get(starts[column]..starts[column + 1]);
            let is_one = own.is_some_and(|own| {
                let (low, high) = (own.first(), own.last());
                own.is_sorted_by(|a, b| a < b)
                    && low.is_none_or(|&row| row >= first(column))
                    && high.is_none_or(|&row| row < n)
            });
            if !is_one {
                return Err(Error::Pattern { column });
            }
        }
        Ok(Self { n, starts: starts.to_vec(), rows: rows.to_vec() })
    }

    fn view(&self) -> SymbolicSparseColMatRef<'_, usize> {
        SymbolicSparseColMatRef::new_checked(self.n, self.n, &self.starts, None, &self.rows)
    }

    /// By Fowler, Noll and Vo (FNV-1a), which is the same on every machine.
    fn hash(&self) -> u64 {
        let numbers = self.starts.iter().chain(&self.rows);
        let bytes = numbers.flat_map(|&number| (number as u64).to_le_bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }

    /// Each entry's position in the list, its row and its column.
    fn each(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let columns = self.starts.windows(2).enumerate();
        columns
            .flat_map(|(column, ends)| (ends[0]..ends[1]).map(move |at| (at, column)))
            .map(|(at, column)| (at, self.rows[at], column))
    }
}

/// What the pattern tells of the factors.
enum Symbolic {
    Lu(SymbolicLu<usize>),
    Cholesky(Box<SymbolicCholesky<usize>>),
}

impl Symbolic {
    const fn name(&self) -> &'static str {
        match self {
            Self::Lu(_) => "lu",
            Self::Cholesky(_) => "cholesky",
        }
    }
}

struct Sparse {
    pattern: Pattern,
    symbolic: Symbolic,
}

/// The numbers of the factors.
pub(crate) enum SparseFactors<'k> {
    Lu(Box<Lu<usize, f64>>),
    Cholesky(LltRef<'k, usize, f64>),
}

impl Sparse {
    /// Calls `add` for each place at which an entry stands in the matrix, with its row and column.
    fn each_place(&self, mut add: impl FnMut(usize, usize, usize)) {
        let is_symmetric = matches!(self.symbolic, Symbolic::Cholesky(_));
        for (at, row, column) in self.pattern.each() {
            add(at, row, column);
            if is_symmetric && row != column {
                add(at, column, row);
            }
        }
    }

    /// Whether a pivot is 0, of which faer says nothing: then a substitution divides by it, and what
    /// it divides is a number or 0.
    fn has_zero_pivot(&self, lu: &Lu<usize, f64>, entries: &[f64]) -> bool {
        let n = self.pattern.n;
        let mut probe = vec![1.0; n];
        lu.solve_in_place(view_mut(&mut probe, n, 1));
        let is_finite = |numbers: &[f64]| numbers.iter().all(|number| number.is_finite());
        is_finite(entries) && !is_finite(&probe)
    }

    /// Subtracts the product with a matrix whose rows and columns may be exchanged.
    fn subtract(&self, entries: &[f64], v: &[f64], from: &mut [f64], is_transposed: bool) {
        let n = self.pattern.n;
        for (v, from) in v.chunks_exact(n).zip(from.chunks_exact_mut(n)) {
            self.each_place(|at, row, column| {
                let (row, column) = if is_transposed { (column, row) } else { (row, column) };
                from[row] -= entries[at] * v[column];
            });
        }
    }
}

impl System for Arc<Sparse> {
    type Factors<'k> = SparseFactors<'k>;

    fn side(&self) -> usize {
        self.pattern.n
    }
    fn entries(&self) -> usize {
        self.pattern.rows.len()
    }
    fn kept(&self) -> usize {
        match &self.symbolic {
            Symbolic::Lu(_) => 0,
            Symbolic::Cholesky(symbolic) => symbolic.len_val(),
        }
    }

    fn find<'k>(
        &'k self,
        entries: &[f64],
        kept: &'k mut [f64],
    ) -> Result<SparseFactors<'k>, Error> {
        let matrix = SparseColMatRef::new(self.pattern.view(), entries);
        match &self.symbolic {
            Symbolic::Lu(symbolic) => {
                let found = Lu::try_new_with_symbolic(symbolic.clone(), matrix);
                let lu = found.map_err(|_: LuError| Error::Singular)?;
                if self.has_zero_pivot(&lu, entries) {
                    return Err(Error::Singular);
                }
                Ok(SparseFactors::Lu(Box::new(lu)))
            }
            Symbolic::Cholesky(symbolic) => {
                let parameters = Default::default();
                let needs = symbolic.factorize_numeric_llt_scratch::<f64>(Par::Seq, parameters);
                let found = symbolic.factorize_numeric_llt(
                    kept,
                    matrix,
                    Side::Lower,
                    Default::default(),
                    Par::Seq,
                    MemStack::new(&mut MemBuffer::new(needs)),
                    Default::default(),
                );
                found.map(SparseFactors::Cholesky).map_err(|_: LltError| Error::Indefinite)
            }
        }
    }

    fn again<'k>(
        &'k self,
        entries: &[f64],
        kept: &'k [f64],
        memory: &'k mut Vec<f64>,
    ) -> Option<SparseFactors<'k>> {
        match &self.symbolic {
            Symbolic::Cholesky(symbolic) if !kept.is_empty() => {
                Some(SparseFactors::Cholesky(LltRef::new(symbolic, kept)))
            }
            _ => {
                memory.resize(self.kept(), 0.0);
                self.find(entries, memory).ok()
            }
        }
    }

    fn solve(&self, factors: &SparseFactors<'_>, x: &mut [f64]) {
        let (n, columns) = (self.pattern.n, x.len() / self.pattern.n);
        match (factors, &self.symbolic) {
            (SparseFactors::Lu(lu), _) => lu.solve_in_place(view_mut(x, n, columns)),
            (SparseFactors::Cholesky(llt), Symbolic::Cholesky(symbolic)) => {
                let needs = symbolic.solve_in_place_scratch::<f64>(columns, Par::Seq);
                let stack = &mut MemBuffer::new(needs);
                let x = view_mut(x, n, columns);
                llt.solve_in_place_with_conj(Conj::No, x, Par::Seq, MemStack::new(stack));
            }
            (SparseFactors::Cholesky(_), Symbolic::Lu(_)) => unreachable!("factors are of a kind"),
        }
    }

    fn solve_transposed(&self, factors: &SparseFactors<'_>, x: &mut [f64]) {
        match factors {
            SparseFactors::Lu(lu) => {
                let columns = x.len() / self.pattern.n;
                lu.solve_transpose_in_place(view_mut(x, self.pattern.n, columns));
            }
            SparseFactors::Cholesky(_) => self.solve(factors, x),
        }
    }

    fn subtract_product(&self, entries: &[f64], v: &[f64], from: &mut [f64]) {
        self.subtract(entries, v, from, false);
    }

    fn subtract_transposed(&self, entries: &[f64], v: &[f64], from: &mut [f64]) {
        self.subtract(entries, v, from, true);
    }

    fn subtract_outer(&self, u: &[f64], v: &[f64], derivatives: &mut [f64]) {
        let n = self.pattern.n;
        for (u, v) in u.chunks_exact(n).zip(v.chunks_exact(n)) {
            self.each_place(|at, row, column| derivatives[at] -= u[row] * v[column]);
        }
    }
}
