//! Sparse Hessians.

use crate::choices::choices;
use crate::color::{Coloring, Symmetric, acyclic, star};
use crate::error::{Error, Kind, check_length};
use crate::recover::{Recovery, recover};
use crate::structure::{Layout, Structure};
use crate::{Order, Workspace, probe};
use wengert::{Function, Inputs, Pattern, Real};

/// Which entries of a symmetric matrix are wanted.
///
/// # Example
/// ```
/// use wengert::Function;
/// use wengert_sparse::{SparseHessian, Triangle};
/// let f = Function::record(&[1.0; 2], |x| x[0] * x[1]);
/// let builder = SparseHessian::builder(f.hessian_pattern());
/// let plan = builder.triangle(Triangle::Lower).plan()?;
/// assert!(plan.structure().triplets().eq([(1, 0)]));
/// # Ok::<(), wengert_sparse::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Triangle {
    /// All of them.
    #[default]
    Both,
    /// Those on the diagonal and below.
    Lower,
    /// Those on the diagonal and above.
    Upper,
}

/// How the entries of a Hessian are found from its products with sums of columns.
///
/// # Example: an arrow
/// ```
/// use wengert::Function;
/// use wengert_sparse::{Method, SparseHessian};
/// let f = Function::record(&[1.0; 9], |x| x.iter().map(|&y| y * y * x[0]).sum());
/// let builder = || SparseHessian::builder(f.hessian_pattern());
/// assert_eq!(builder().method(Method::Star).plan()?.colors(), 2);
/// assert_eq!(builder().method(Method::Acyclic).plan()?.colors(), 2);
/// # Ok::<(), wengert_sparse::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Method {
    /// By a star colouring: each entry stands by itself in a product.
    #[default]
    Star,
    /// By an acyclic colouring, which may need fewer directions: entries are found one from
    /// another, by substitution. Rounding adds up along the way.
    Acyclic,
}

/// How a sparse Hessian is found: its pattern, and groups of variables, each of which is one
/// direction. Made once, and used at any point, by any thread. Of several outputs it is the
/// Hessian of their weighted sum: with an objective, constraints and their multipliers, that of a
/// Lagrangian.
///
/// # Example
/// ```
/// use wengert::Function;
/// use wengert_sparse::SparseHessian;
/// let f = Function::record(&[1.0; 100], |x| {
///     x.windows(2).map(|x| (x[1] - x[0] * x[0]).powi(2) * 100.0 + (1.0 - x[0]).powi(2)).sum()
/// });
/// let plan = SparseHessian::of(&f)?;
/// assert_eq!((plan.structure().len(), plan.colors()), (298, 3));
/// let (mut workspace, mut values) = (plan.workspace(&f), vec![0.0; 298]);
/// plan.evaluate(&f, &mut workspace, &[1.0; 100], &[1.0], &mut values)?;
/// assert_eq!(values[..3], [802.0, -400.0, -400.0]);
/// # Ok::<(), wengert_sparse::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SparseHessian {
    structure: Structure,
    pub(crate) triangle: Triangle,
    /// Both triangles.
    pub(crate) pattern: Pattern,
    pub(crate) coloring: Coloring,
    recovery: Recovery,
}

/// What a plan for a Hessian is made from.
///
/// # Example
/// ```
/// use wengert::Pattern;
/// use wengert_sparse::{Order, SparseHessian};
/// let pattern = Pattern::from_entries(2, 2, [(0, 0), (1, 1)])?;
/// assert_eq!(SparseHessian::builder(pattern).order(Order::LargestFirst).plan()?.colors(), 1);
/// # Ok::<(), wengert_sparse::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct HessianBuilder {
    pattern: Pattern,
    order: Order,
    method: Method,
    layout: Layout,
    triangle: Triangle,
    given: Option<Coloring>,
}

impl SparseHessian {
    /// A plan for the Hessian of a function, or of its outputs' weighted sum.
    ///
    /// # Errors
    /// As [`HessianBuilder::plan`].
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0; 2], |x| x[0].exp() + x[1].sin());
    /// assert_eq!(wengert_sparse::SparseHessian::of(&f)?.colors(), 1);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    pub fn of<F: Real>(f: &Function<F>) -> Result<Self, Error> {
        Self::builder(f.hessian_pattern()).plan()
    }

    /// A plan for a pattern, which has both triangles, with choices.
    ///
    /// # Example
    /// ```
    /// let pattern = wengert::Pattern::from_entries(2, 2, [(0, 1), (1, 0)])?;
    /// assert_eq!(wengert_sparse::SparseHessian::builder(pattern).plan()?.colors(), 2);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn builder(pattern: Pattern) -> HessianBuilder {
        let (order, method, layout) = (Order::Natural, Method::Star, Layout::Rows);
        HessianBuilder { pattern, order, method, layout, triangle: Triangle::Both, given: None }
    }

    /// Where the values lie.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0; 2], |x| x[1].exp());
    /// let plan = wengert_sparse::SparseHessian::of(&f)?;
    /// assert!(plan.structure().triplets().eq([(1, 1)]));
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
    /// let f = wengert::Function::record(&[1.0; 2], |x| x[0] * x[1]);
    /// assert_eq!(wengert_sparse::SparseHessian::of(&f)?.colors(), 2);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn colors(&self) -> usize {
        self.coloring.count()
    }

    /// The colours of the variables.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0; 2], |x| x[0] * x[1]);
    /// let plan = wengert_sparse::SparseHessian::of(&f)?;
    /// assert_ne!(plan.coloring().color(0), plan.coloring().color(1));
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn coloring(&self) -> &Coloring {
        &self.coloring
    }

    /// Working memory for evaluations of `f`, which has all that they need.
    ///
    /// # Panics
    /// If there is no memory.
    ///
    /// # Example: each thread has its own
    /// ```
    /// let f = wengert::Function::record(&[1.0; 2], |x| x[0] * x[1]);
    /// let plan = wengert_sparse::SparseHessian::of(&f)?;
    /// let workspace = plan.workspace(&f);
    /// let other = workspace.clone();
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub fn workspace<F: Real>(&self, f: &Function<F>) -> Workspace<F> {
        Workspace::new(f, self.compressed())
    }

    fn compressed(&self) -> usize {
        self.pattern.rows() * self.colors()
    }

    /// The Hessian of the outputs' sum, weighted with `weights`, at a point: into `values` its
    /// entries, in the order of [`SparseHessian::structure`]. Of one output, the weight is 1.
    ///
    /// # Errors
    /// If the function has another number of variables, a slice has the wrong length, the
    /// workspace is another function's, or a comparison comes out differently.
    ///
    /// # Complexity
    /// One evaluation and one sweep, and a pass up and down for every eight colours. Nothing is
    /// allocated.
    ///
    /// # Example: of a Lagrangian
    /// ```
    /// use wengert::Function;
    /// use wengert_sparse::SparseHessian;
    /// // Minimise x² + y² where xy = 1.
    /// let f = Function::record_many(&[1.0; 2], |x| vec![x[0] * x[0] + x[1] * x[1], x[0] * x[1]]);
    /// let plan = SparseHessian::of(&f)?;
    /// let mut values = [0.0; 4];
    /// plan.evaluate(&f, &mut plan.workspace(&f), &[1.0, 1.0], &[1.0, -2.0], &mut values)?;
    /// assert_eq!(values, [2.0, -2.0, -2.0, 2.0]);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    pub fn evaluate<'x, F: Real>(
        &self,
        f: &Function<F>,
        workspace: &mut Workspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        weights: &[F],
        values: &mut [F],
    ) -> Result<(), Error> {
        let shape = |n| (n, n);
        let (given, wanted) = (shape(self.pattern.rows()), shape(f.num_variables()));
        if given != wanted {
            return Err(Kind::Shape { given, wanted }.into());
        }
        check_length("the slice of values", values.len(), self.structure.len())?;
        let Workspace { dual, compressed } = workspace;
        check_length("the workspace's memory", compressed.len(), self.compressed())?;
        let (colors, count) = (self.coloring.colors(), self.colors());
        f.compressed_hessian(dual, inputs, weights, colors, count, compressed)?;
        self.recovery.read(compressed, values);
        Ok(())
    }

    /// Compares the Hessian at a point, times a vector, with the function's own product, which
    /// finds out whether a pattern lacks an entry that is not zero there.
    ///
    /// # Errors
    /// As [`SparseHessian::evaluate`]; also if a row differs ([`Error::is_mismatch`]).
    ///
    /// # Complexity
    /// An evaluation of the plan, with a pass for every eight colours as always, and beside it one
    /// product of the Hessian with a vector, which is the evaluation once more and one pass: of a
    /// plan of up to eight colours about twice an evaluation, of many colours little more than one.
    /// Allocates memory for the entries, the vector and the product, and for two sums a row.
    ///
    /// # Example
    /// ```
    /// use wengert::{Function, Pattern};
    /// use wengert_sparse::SparseHessian;
    /// let f = Function::record(&[1.0; 2], |x| (x[0] * x[1]).exp());
    /// let diagonal = Pattern::from_entries(2, 2, [(0, 0), (1, 1)])?;
    /// let plan = SparseHessian::builder(diagonal).plan()?;
    /// let error = plan.check(&f, &mut plan.workspace(&f), &[3.0, 4.0], &[1.0]).unwrap_err();
    /// assert!(error.is_mismatch());
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    pub fn check<'x, F: Real>(
        &self,
        f: &Function<F>,
        workspace: &mut Workspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        weights: &[F],
    ) -> Result<(), Error> {
        let inputs = inputs.into();
        let mut values = vec![F::zero(); self.structure.len()];
        self.evaluate(f, workspace, inputs, weights, &mut values)?;
        let v = probe::vector(f.num_variables());
        let mut product = vec![F::zero(); f.num_variables()];
        let dual = &mut workspace.dual;
        f.weighted_hessian_vector_product(dual, inputs, weights, &v, &mut product)?;
        let is_half = self.triangle != Triangle::Both;
        let entries = self.structure.triplets().zip(values.iter().copied());
        let mirrored = |((row, column), value): ((usize, usize), F)| {
            let mirror = (is_half && row != column).then_some(((column, row), value));
            std::iter::once(((row, column), value)).chain(mirror)
        };
        probe::compare(entries.flat_map(mirrored), &v, &product)
    }
}

choices!(HessianBuilder of SparseHessian colors "variables");

impl HessianBuilder {
    /// By which kind of colouring; [`Method::Star`] if not told.
    ///
    /// # Example
    /// ```
    /// use wengert_sparse::{Method, SparseHessian};
    /// let pattern = wengert::Pattern::from_entries(1, 1, [(0, 0)])?;
    /// SparseHessian::builder(pattern).method(Method::Acyclic).plan()?;
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Which entries are wanted; [`Triangle::Both`] if not told.
    ///
    /// # Example
    /// ```
    /// use wengert_sparse::{SparseHessian, Triangle};
    /// let pattern = wengert::Pattern::from_entries(2, 2, [(0, 1), (1, 0)])?;
    /// let plan = SparseHessian::builder(pattern).triangle(Triangle::Upper).plan()?;
    /// assert_eq!(plan.structure().len(), 1);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn triangle(mut self, triangle: Triangle) -> Self {
        self.triangle = triangle;
        self
    }

    /// Colours of the caller's own, in place of those that would be found. Any do by which all
    /// entries can be told apart, directly or by substitution.
    ///
    /// # Example
    /// ```
    /// use wengert_sparse::{Coloring, SparseHessian};
    /// let pattern = wengert::Pattern::from_entries(2, 2, [(0, 0), (0, 1), (1, 0)])?;
    /// let same = Coloring::new(vec![Some(0); 2]);
    /// let plan = SparseHessian::builder(pattern).coloring(same).plan()?;
    /// assert_eq!(plan.colors(), 1);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub fn coloring(mut self, coloring: Coloring) -> Self {
        self.given = Some(coloring);
        self
    }

    /// Makes the plan.
    ///
    /// # Errors
    /// If the pattern is not symmetric, or has 2³² entries, or colours of the caller's own have
    /// the wrong number or do not tell all entries apart.
    ///
    /// # Complexity
    /// In proportion to the entries, times the colours around a variable.
    ///
    /// # Example
    /// ```
    /// use wengert_sparse::SparseHessian;
    /// let pattern = wengert::Pattern::from_entries(2, 2, [(1, 1)])?;
    /// assert_eq!(SparseHessian::builder(pattern).plan()?.structure().len(), 1);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    pub fn plan(self) -> Result<SparseHessian, Error> {
        let Self { pattern, order, method, layout, triangle, given } = self;
        check_symmetry(&pattern)?;
        let coloring = match (given, method) {
            (Some(given), _) => {
                check_length("the colouring", given.len(), pattern.rows())?;
                given
            }
            (None, Method::Star) => star(Symmetric(&pattern), order),
            (None, Method::Acyclic) => acyclic(Symmetric(&pattern), order),
        };
        let structure = Structure::of(layout, part(&pattern, triangle, layout));
        let recovery = recover(&pattern, &coloring, &structure)?;
        Ok(SparseHessian { structure, triangle, pattern, coloring, recovery })
    }
}

/// The rows of a triangle, or its columns, which are the rows of the other.
fn part(pattern: &Pattern, triangle: Triangle, layout: Layout) -> Pattern {
    let is_lower = match triangle {
        Triangle::Both => return pattern.clone(),
        Triangle::Lower => layout == Layout::Rows,
        Triangle::Upper => layout == Layout::Columns,
    };
    let n = pattern.rows();
    let entries = pattern.entries().filter(|(a, b)| if is_lower { b <= a } else { a <= b });
    Pattern::from_entries(n, n, entries).expect("entries of a pattern")
}

fn check_symmetry(pattern: &Pattern) -> Result<(), Error> {
    let (given, wanted) = ((pattern.rows(), pattern.columns()), (pattern.rows(), pattern.rows()));
    if given != wanted {
        return Err(Kind::Shape { given, wanted }.into());
    }
    let limit = u32::MAX as usize - 1;
    if pattern.len() > limit {
        return Err(Kind::TooLarge { given: pattern.len(), limit }.into());
    }
    if pattern.transposed() != *pattern {
        let (row, column) = pattern
            .entries()
            .find(|&(row, column)| !pattern.contains(column, row))
            .expect("a pattern that is not its transposed has an entry that is not there");
        return Err(Kind::NotSymmetric { row, column }.into());
    }
    Ok(())
}
