//! Products with the Jacobian, along one vector or many, and the Jacobian by whichever is fewer.

use super::point::{Emit, Point, Seeds};
use crate::error::{Error, check_length};
use crate::function::compiled::compiled;
use crate::function::element::arrays::array;
use crate::function::linear::{NARROW, WIDTH};
use crate::function::{DualWorkspace, Function, Inputs};
use crate::operation::Order;
use crate::scalar::Real;

/// How derivatives were found: see [`Function::jacobian_in_lanes`].
///
/// # Example
/// ```
/// use wengert::{Function, Mode};
/// let f = Function::record_many(&[1.0], |x| vec![x[0], x[0] * x[0]]);
/// let mut jacobian = [0.0; 2];
/// let mode = f.jacobian_in_lanes(&mut f.dual_workspace(), &[3.0], &mut jacobian)?;
/// assert_eq!((mode, jacobian), (Mode::Forward, [1.0, 6.0]));
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// By tangents, from the inputs on.
    Forward,
    /// By adjoints, from the outputs back.
    Reverse,
}

impl Mode {
    /// What it asks of users' operations.
    pub(in crate::function) const fn order(self) -> Order {
        match self {
            Self::Forward => Order::Forward,
            Self::Reverse => Order::Reverse,
        }
    }
}

/// First derivatives along several directions at once. The values are computed once, and each
/// pass takes eight directions; errors are those of values.
impl<F: Real> Function<F> {
    /// The Jacobian-vector product Jv at a point, into `product`: the derivative of each output
    /// along `v`.
    ///
    /// # Errors
    /// If a slice has the wrong length, the workspace is another function's, or a comparison
    /// comes out differently.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[1.0, 2.0], |x| vec![x[0] + x[1], x[0] * x[1]]);
    /// let mut product = [0.0; 2];
    /// f.jvp(&mut f.dual_workspace(), &[2.0, 3.0], &[1.0, 10.0], &mut product)?;
    /// assert_eq!(product, [11.0, 23.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn jvp<'x>(
        &self,
        workspace: &mut DualWorkspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        v: &[F],
        product: &mut [F],
    ) -> Result<(), Error> {
        check_length("the vector", v.len(), self.num_variables())?;
        check_length("the slice for the product", product.len(), self.num_outputs())?;
        let mut point = self.point(workspace, inputs.into(), Order::Forward)?;
        let direction = |j, seeds: &mut [F]| seeds.fill(v[j]);
        let emit = &mut |_, k, tangents: &[F]| product[k] = tangents[0];
        point.first(Mode::Forward, 1, &direction, emit);
        Ok(())
    }

    /// The products of the Jacobian at a point with `count` vectors, which lie behind each other
    /// in `vectors`, into `products`: a row of derivatives of all outputs for each vector.
    ///
    /// # Errors
    /// As [`Function::jvp`].
    ///
    /// # Complexity
    /// One evaluation, and a pass for every eight vectors.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[1.0, 2.0], |x| vec![x[0] + x[1], x[0] * x[1]]);
    /// let (vectors, mut products) = ([1.0, 10.0, 0.0, 1.0], [0.0; 4]);
    /// f.jvp_many(&mut f.dual_workspace(), &[2.0, 3.0], 2, &vectors, &mut products)?;
    /// assert_eq!(products, [11.0, 23.0, 1.0, 2.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn jvp_many<'x>(
        &self,
        workspace: &mut DualWorkspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        count: usize,
        vectors: &[F],
        products: &mut [F],
    ) -> Result<(), Error> {
        self.products(Mode::Forward, workspace, inputs.into(), count, vectors, products)
    }

    /// The products of `count` vectors, which lie behind each other in `vectors`, with the
    /// Jacobian at a point, into `products`: for each vector the gradient of the outputs' sum
    /// weighted with it. Of one vector, [`Function::vjp`] is that.
    ///
    /// # Errors
    /// As [`Function::jvp`].
    ///
    /// # Complexity
    /// One evaluation, and a pass for every eight vectors.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[1.0, 2.0], |x| vec![x[0] + x[1], x[0] * x[1]]);
    /// let (vectors, mut products) = ([10.0, 1.0, 0.0, 1.0], [0.0; 4]);
    /// f.vjp_many(&mut f.dual_workspace(), &[2.0, 3.0], 2, &vectors, &mut products)?;
    /// assert_eq!(products, [13.0, 12.0, 3.0, 2.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn vjp_many<'x>(
        &self,
        workspace: &mut DualWorkspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        count: usize,
        vectors: &[F],
        products: &mut [F],
    ) -> Result<(), Error> {
        self.products(Mode::Reverse, workspace, inputs.into(), count, vectors, products)
    }

    /// A row of products for each row of vectors.
    fn products(
        &self,
        mode: Mode,
        workspace: &mut DualWorkspace<F>,
        inputs: Inputs<'_, F>,
        count: usize,
        vectors: &[F],
        products: &mut [F],
    ) -> Result<(), Error> {
        let (n, m) = (self.num_variables(), self.num_outputs());
        let (given, found) = if mode == Mode::Forward { (n, m) } else { (m, n) };
        check_length("the slice of vectors", vectors.len(), count.saturating_mul(given))?;
        check_length("the slice for the products", products.len(), count.saturating_mul(found))?;
        self.point(workspace, inputs, mode.order())?.first_many(
            mode,
            count,
            |i, j| vectors[i * given + j],
            |i, k, product| products[i * found + k] = product,
        );
        Ok(())
    }

    /// The Jacobian at a point, into `jacobian`, row behind row: by tangents where there are
    /// fewer variables than outputs, else by adjoints, and says which.
    ///
    /// # Errors
    /// As [`Function::jvp`].
    ///
    /// # Complexity
    /// One evaluation, and a pass for every eight variables or every eight outputs, whichever
    /// are fewer.
    ///
    /// # Example
    /// ```
    /// use wengert::{Function, Mode};
    /// let f = Function::record_many(&[1.0, 2.0], |x| vec![x[0] + x[1], x[0] * x[1]]);
    /// let mut jacobian = [0.0; 4];
    /// let mode = f.jacobian_in_lanes(&mut f.dual_workspace(), &[2.0, 3.0], &mut jacobian)?;
    /// assert_eq!((mode, jacobian), (Mode::Reverse, [1.0, 1.0, 3.0, 2.0]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn jacobian_in_lanes<'x>(
        &self,
        workspace: &mut DualWorkspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        jacobian: &mut [F],
    ) -> Result<Mode, Error> {
        let (n, m) = (self.num_variables(), self.num_outputs());
        check_length("the slice for the Jacobian", jacobian.len(), m.saturating_mul(n))?;
        let mode = if n < m { Mode::Forward } else { Mode::Reverse };
        let mut point = self.point(workspace, inputs.into(), mode.order())?;
        let unit = |i, j| if i == j { F::one() } else { F::zero() };
        let emit = |i: usize, k: usize, derivative| {
            let (row, column) = if mode == Mode::Forward { (k, i) } else { (i, k) };
            jacobian[row * n + column] = derivative;
        };
        point.first_many(mode, n.min(m), unit, emit);
        Ok(mode)
    }
}

compiled! {
    /// A block of first derivatives, along as many directions side by side as there are or more.
    fn first<'a>(
        point: Point<'a, F>,
        mode: Mode,
        count: usize,
        seeds: &'a Seeds<'a, F>,
        emit: &'a mut Emit<'a, F>,
    ) = Point::<F>::first_here;
}

impl<F: Real> Point<'_, F> {
    /// The products with the Jacobian along some directions, or weighted in some ways.
    pub(in crate::function) fn first(
        &mut self,
        mode: Mode,
        count: usize,
        seeds: &Seeds<'_, F>,
        emit: &mut Emit<'_, F>,
    ) {
        first(self.again(), mode, count, seeds, emit);
    }

    fn first_here(
        mut self,
        mode: Mode,
        count: usize,
        seeds: &Seeds<'_, F>,
        emit: &mut Emit<'_, F>,
    ) {
        match (mode, count) {
            (Mode::Forward, 1) => self.jvp::<1>(seeds, emit),
            (Mode::Forward, ..=NARROW) => self.jvp::<NARROW>(seeds, emit),
            (Mode::Forward, _) => self.jvp::<WIDTH>(seeds, emit),
            (Mode::Reverse, 1) => self.vjp::<1>(seeds, emit),
            (Mode::Reverse, ..=NARROW) => self.vjp::<NARROW>(seeds, emit),
            (Mode::Reverse, _) => self.vjp::<WIDTH>(seeds, emit),
        }
    }

    /// The products with the Jacobian along `count` directions, the `i`-th of which has the entry
    /// `direction(i, j)`: `emit(i, k, …)` takes that of output `k`, or in reverse of variable `k`.
    pub(in crate::function) fn first_many(
        &mut self,
        mode: Mode,
        count: usize,
        direction: impl Fn(usize, usize) -> F,
        emit: impl FnMut(usize, usize, F),
    ) {
        in_blocks(count, direction, emit, |count, seeds, emit| {
            self.first(mode, count, seeds, emit);
        });
    }
}

/// Cuts `count` directions into blocks of a pass, and does with each what is told: with how many
/// there are, their entries, and what takes their results.
pub(in crate::function) fn in_blocks<F: Real>(
    count: usize,
    direction: impl Fn(usize, usize) -> F,
    mut emit: impl FnMut(usize, usize, F),
    mut block: impl FnMut(usize, &Seeds<'_, F>, &mut Emit<'_, F>),
) {
    for start in (0..count).step_by(WIDTH) {
        let count = WIDTH.min(count - start);
        // A pass that is wider than what is left goes along zeros too.
        let entry = |d, j| if d < count { direction(start + d, j) } else { F::zero() };
        // PERF: the loops of a whole block have a length that the compiler knows.
        let seeds = |j, seeds: &mut [F]| match seeds.first_chunk_mut::<WIDTH>() {
            Some(seeds) if count == WIDTH => *seeds = array(|d| direction(start + d, j)),
            _ => seeds.iter_mut().enumerate().for_each(|(d, seed)| *seed = entry(d, j)),
        };
        let mut take = |first: usize, j, found: &[F]| match found.first_chunk::<WIDTH>() {
            Some(found) if count == WIDTH => {
                (0..WIDTH).for_each(|d| emit(start + d, j, found[d]));
            }
            _ => (first..count).zip(found).for_each(|(d, &found)| emit(start + d, j, found)),
        };
        block(count, &seeds, &mut take);
    }
}
