//! Sparse Jacobians.

use crate::choices::choices;
use crate::color::{Bicoloring, Coloring, Columns, NONE, both, columns};
use crate::error::{Error, Kind, check_length};
use crate::probe;
use crate::structure::{Layout, Structure};
use crate::{Order, Workspace};
use wengert::{Function, Inputs, Mode, Pattern, Real};

/// By which products a Jacobian is found.
///
/// # Example: a dense row is one product from the left
/// ```
/// use wengert::Function;
/// use wengert_sparse::{Side, SparseJacobian};
/// let f = Function::record_many(&[1.0; 9], |x| {
///     let mut rows: Vec<_> = x.iter().map(|&x| x * x).collect();
///     rows.push(x.iter().copied().sum());
///     rows
/// });
/// let builder = || SparseJacobian::builder(f.jacobian_pattern());
/// assert_eq!(builder().side(Side::Columns).plan()?.colors(), 9);
/// assert_eq!(builder().side(Side::Both).plan()?.colors(), 2);
/// # Ok::<(), wengert_sparse::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Side {
    /// Whichever needs the fewest colours.
    #[default]
    Fewest,
    /// Sums of columns, forward.
    Columns,
    /// Sums of rows, in reverse.
    Rows,
    /// Columns for some entries and rows for others: by a star bicolouring, or by rows of some length
    /// and columns for the rest, whichever has fewer colours.
    Both,
}

/// How a sparse Jacobian is found: its pattern, and groups of columns or rows that share no entry,
/// each of which is found by one direction. Made once, and used at any point, by any thread.
///
/// # Example
/// ```
/// use wengert::Function;
/// use wengert_sparse::SparseJacobian;
/// let f = Function::record_many(&[1.0; 4], |x| x.windows(2).map(|x| x[0] * x[1]).collect());
/// let plan = SparseJacobian::of(&f)?;
/// assert_eq!((plan.structure().len(), plan.colors()), (6, 2));
/// let (mut workspace, mut values) = (plan.workspace(&f), [0.0; 6]);
/// plan.evaluate(&f, &mut workspace, &[1.0, 2.0, 3.0, 4.0], &mut values)?;
/// assert_eq!(values, [2.0, 1.0, 3.0, 2.0, 4.0, 3.0]);
/// # Ok::<(), wengert_sparse::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SparseJacobian {
    structure: Structure,
    pub(crate) coloring: Bicoloring,
    /// Where each value lies among the products, those with columns before those with rows.
    sources: Vec<usize>,
}

/// What a plan for a Jacobian is made from.
///
/// # Example
/// ```
/// use wengert::Pattern;
/// use wengert_sparse::{Order, SparseJacobian};
/// let pattern = Pattern::from_entries(2, 2, [(0, 0), (1, 1)])?;
/// assert_eq!(SparseJacobian::builder(pattern).order(Order::LargestFirst).plan()?.colors(), 1);
/// # Ok::<(), wengert_sparse::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct JacobianBuilder {
    pattern: Pattern,
    order: Order,
    side: Side,
    layout: Layout,
    given: Option<Bicoloring>,
}

impl SparseJacobian {
    /// A plan for a function's Jacobian, by as few directions as any side needs.
    ///
    /// # Errors
    /// As [`JacobianBuilder::plan`].
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[1.0; 2], |x| vec![x[0].exp(), x[1].sin()]);
    /// assert_eq!(wengert_sparse::SparseJacobian::of(&f)?.colors(), 1);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    pub fn of<F: Real>(f: &Function<F>) -> Result<Self, Error> {
        Self::builder(f.jacobian_pattern()).plan()
    }

    /// A plan for a pattern, with choices.
    ///
    /// # Example
    /// ```
    /// let pattern = wengert::Pattern::from_entries(2, 2, [(0, 0), (0, 1), (1, 1)])?;
    /// assert_eq!(wengert_sparse::SparseJacobian::builder(pattern).plan()?.colors(), 2);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn builder(pattern: Pattern) -> JacobianBuilder {
        let (order, side, layout) = (Order::Natural, Side::Fewest, Layout::Rows);
        JacobianBuilder { pattern, order, side, layout, given: None }
    }

    /// Where the values lie.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[1.0; 2], |x| vec![x[1].exp()]);
    /// let plan = wengert_sparse::SparseJacobian::of(&f)?;
    /// assert!(plan.structure().triplets().eq([(0, 1)]));
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn structure(&self) -> &Structure {
        &self.structure
    }

    /// The number of directions of an evaluation.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[1.0; 2], |x| vec![x[0] * x[1]]);
    /// assert_eq!(wengert_sparse::SparseJacobian::of(&f)?.colors(), 1);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn colors(&self) -> usize {
        self.coloring.count()
    }

    /// The colours of the columns, and those of the rows.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[1.0; 2], |x| vec![x[0] * x[1]]);
    /// let plan = wengert_sparse::SparseJacobian::of(&f)?;
    /// assert_eq!((plan.colorings().0.count(), plan.colorings().1.count()), (0, 1));
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn colorings(&self) -> (&Coloring, &Coloring) {
        (&self.coloring.columns, &self.coloring.rows)
    }

    /// Working memory for evaluations of `f`, which has all that they need.
    ///
    /// # Panics
    /// If there is no memory.
    ///
    /// # Example: each thread has its own
    /// ```
    /// let f = wengert::Function::record_many(&[1.0; 2], |x| vec![x[0] * x[1]]);
    /// let plan = wengert_sparse::SparseJacobian::of(&f)?;
    /// let workspace = plan.workspace(&f);
    /// let other = workspace.clone();
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub fn workspace<F: Real>(&self, f: &Function<F>) -> Workspace<F> {
        Workspace::new(f, self.compressed())
    }

    /// The numbers of all products.
    fn compressed(&self) -> usize {
        let Bicoloring { columns, rows } = &self.coloring;
        self.structure.rows() * columns.count() + self.structure.columns() * rows.count()
    }

    /// The Jacobian of `f` at a point: into `values` its entries, in the order of
    /// [`SparseJacobian::structure`].
    ///
    /// # Errors
    /// If the function has another number of variables or outputs, a slice has the wrong length,
    /// the workspace is another function's, or a comparison comes out differently.
    ///
    /// # Complexity
    /// One evaluation, and a pass for every eight colours of a side. Nothing is allocated.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[1.0; 2], |x| vec![x[0].powi(2), x[1].powi(3)]);
    /// let plan = wengert_sparse::SparseJacobian::of(&f)?;
    /// let mut values = [0.0; 2];
    /// plan.evaluate(&f, &mut plan.workspace(&f), &[5.0, 2.0], &mut values)?;
    /// assert_eq!(values, [10.0, 12.0]);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    pub fn evaluate<'x, F: Real>(
        &self,
        f: &Function<F>,
        workspace: &mut Workspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        values: &mut [F],
    ) -> Result<(), Error> {
        let wanted = (f.num_outputs(), f.num_variables());
        let given = (self.structure.rows(), self.structure.columns());
        if given != wanted {
            return Err(Kind::Shape { given, wanted }.into());
        }
        check_length("the slice of values", values.len(), self.structure.len())?;
        let Workspace { dual, compressed } = workspace;
        check_length("the workspace's memory", compressed.len(), self.compressed())?;
        let (inputs, Bicoloring { columns, rows }) = (inputs.into(), &self.coloring);
        let (forward, reverse) = compressed.split_at_mut(given.0 * columns.count());
        // Without colours too, so that a point off the path is told.
        if columns.count() > 0 || rows.count() == 0 {
            let (colors, count) = (columns.colors(), columns.count());
            f.compressed_jacobian(dual, inputs, Mode::Forward, colors, count, forward)?;
        }
        if rows.count() > 0 {
            let (colors, count) = (rows.colors(), rows.count());
            f.compressed_jacobian(dual, inputs, Mode::Reverse, colors, count, reverse)?;
        }
        for (value, &source) in values.iter_mut().zip(&self.sources) {
            *value = compressed[source];
        }
        Ok(())
    }

    /// Compares the Jacobian at a point, times a vector, with the function's own product, which
    /// finds out whether a pattern lacks an entry that is not zero there.
    ///
    /// # Errors
    /// As [`SparseJacobian::evaluate`]; also if a row differs ([`Error::is_mismatch`]).
    ///
    /// # Complexity
    /// An evaluation of the plan, with a pass for every eight colours as always, and beside it one
    /// product of the Jacobian with a vector, which is the evaluation once more and one pass: of a
    /// plan of up to eight colours about twice an evaluation, of many colours little more than one.
    /// Allocates memory for the entries, the vector and the product, and for two sums a row.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[1.0; 2], |x| vec![x[0] * x[1]]);
    /// let plan = wengert_sparse::SparseJacobian::of(&f)?;
    /// plan.check(&f, &mut plan.workspace(&f), &[3.0, 4.0])?;
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    pub fn check<'x, F: Real>(
        &self,
        f: &Function<F>,
        workspace: &mut Workspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
    ) -> Result<(), Error> {
        let inputs = inputs.into();
        let mut values = vec![F::zero(); self.structure.len()];
        self.evaluate(f, workspace, inputs, &mut values)?;
        let v = probe::vector(f.num_variables());
        let mut product = vec![F::zero(); f.num_outputs()];
        f.jvp(&mut workspace.dual, inputs, &v, &mut product)?;
        let entries = self.structure.triplets().zip(values.iter().copied());
        probe::compare(entries, &v, &product)
    }
}

choices!(JacobianBuilder of SparseJacobian colors "columns or rows");

impl JacobianBuilder {
    /// By which products; [`Side::Fewest`] if not told.
    ///
    /// # Example
    /// ```
    /// use wengert_sparse::{Side, SparseJacobian};
    /// let pattern = wengert::Pattern::from_entries(1, 2, [(0, 0), (0, 1)])?;
    /// assert_eq!(SparseJacobian::builder(pattern).side(Side::Rows).plan()?.colors(), 1);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn side(mut self, side: Side) -> Self {
        self.side = side;
        self
    }

    /// Colours of the caller's own, in place of those that would be found: of the columns, and of
    /// the rows. What has none there is found by the other.
    ///
    /// # Example
    /// ```
    /// use wengert_sparse::{Coloring, SparseJacobian};
    /// let pattern = wengert::Pattern::from_entries(2, 2, [(0, 0), (1, 1)])?;
    /// let (columns, rows) = (Coloring::new(vec![Some(0); 2]), Coloring::new(vec![None; 2]));
    /// assert_eq!(SparseJacobian::builder(pattern).coloring(columns, rows).plan()?.colors(), 1);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub fn coloring(mut self, columns: Coloring, rows: Coloring) -> Self {
        self.given = Some(Bicoloring { columns, rows });
        self
    }

    /// Makes the plan.
    ///
    /// # Errors
    /// If colours of the caller's own have the wrong number, or do not tell all entries apart.
    ///
    /// # Complexity
    /// For columns, in proportion to the sum of the squares of the rows' lengths, and with an
    /// order but the natural twice that.
    ///
    /// # Example
    /// ```
    /// use wengert_sparse::SparseJacobian;
    /// let pattern = wengert::Pattern::from_entries(1, 2, [(0, 1)])?;
    /// assert_eq!(SparseJacobian::builder(pattern).plan()?.structure().len(), 1);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    pub fn plan(self) -> Result<SparseJacobian, Error> {
        let Self { pattern, order, side, layout, given } = self;
        let transposed = pattern.transposed();
        let coloring = match given {
            Some(given) => {
                check_length("the colouring of columns", given.columns.len(), pattern.columns())?;
                check_length("the colouring of rows", given.rows.len(), pattern.rows())?;
                given
            }
            None => color(&pattern, &transposed, order, side),
        };
        let structure = match layout {
            Layout::Rows => Structure::of(layout, pattern.clone()),
            Layout::Columns => Structure::of(layout, transposed.clone()),
        };
        let sources = sources(&pattern, &transposed, &structure, &coloring)?;
        Ok(SparseJacobian { structure, coloring, sources })
    }
}

/// Colours by the side that is asked for.
fn color(pattern: &Pattern, transposed: &Pattern, order: Order, side: Side) -> Bicoloring {
    let none = |count| Coloring::of(vec![NONE; count]);
    let by_columns = || Bicoloring {
        columns: columns(&Columns { pattern, transposed, counts: &[] }, order),
        rows: none(pattern.rows()),
    };
    let by_rows = || Bicoloring {
        columns: none(pattern.columns()),
        rows: columns(&Columns { pattern: transposed, transposed: pattern, counts: &[] }, order),
    };
    match side {
        Side::Columns => by_columns(),
        Side::Rows => by_rows(),
        Side::Both => both(pattern, transposed, order),
        Side::Fewest => {
            // A side needs as many colours as the longest of its lines across has entries, and
            // is not tried where another needs no more.
            let longest = |p: &Pattern| (0..p.rows()).map(|row| p.row(row).len()).max();
            let (row, column) = (longest(pattern).unwrap_or(0), longest(transposed).unwrap_or(0));
            let mut best = if row.min(column) > WORTH_BOTH {
                both(pattern, transposed, order)
            } else if row <= column {
                by_columns()
            } else {
                by_rows()
            };
            for (least, other) in [(row, &by_columns as &dyn Fn() -> _), (column, &by_rows)] {
                if least < best.count() {
                    let other: Bicoloring = other();
                    if other.count() < best.count() {
                        best = other;
                    }
                }
            }
            best
        }
    }
}

/// The colours from which on columns and rows together are tried: with fewer, one pass or two
/// have them all.
const WORTH_BOTH: usize = 16;

/// Where each value is found among the products.
fn sources(
    pattern: &Pattern,
    transposed: &Pattern,
    structure: &Structure,
    Bicoloring { columns, rows }: &Bicoloring,
) -> Result<Vec<usize>, Error> {
    let by_columns = Lines::of(pattern, columns);
    let by_rows = Lines::of(transposed, rows);
    let behind = pattern.rows() * columns.count();
    let source = |(row, column): (usize, usize)| {
        if let Some(color) = by_columns.alone(row, column, columns) {
            Ok(row * columns.count() + color)
        } else if let Some(color) = by_rows.alone(column, row, rows) {
            Ok(behind + column * rows.count() + color)
        } else {
            Err(Kind::Unrecoverable { row, column }.into())
        }
    };
    structure.triplets().map(source).collect()
}

/// For each line of a pattern the colours that stand in it more than once, sorted.
struct Lines(Vec<Vec<u32>>);

impl Lines {
    fn of(pattern: &Pattern, coloring: &Coloring) -> Self {
        let mut seen = vec![usize::MAX; coloring.count()];
        let twice = |row| {
            let mut twice = Vec::new();
            for &other in pattern.row(row) {
                let color = coloring.colors()[other as usize];
                if color != NONE && std::mem::replace(&mut seen[color as usize], row) == row {
                    twice.push(color);
                }
            }
            twice.sort_unstable();
            twice
        };
        Self((0..pattern.rows()).map(twice).collect())
    }

    /// The colour of an entry that has it alone in its line.
    fn alone(&self, line: usize, across: usize, coloring: &Coloring) -> Option<usize> {
        let color = coloring.color(across)?;
        self.0[line].binary_search(&color).is_err().then_some(color as usize)
    }
}
