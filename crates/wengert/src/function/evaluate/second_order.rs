//! Second derivatives: forward over reverse, along several directions at once.

use super::directions::in_blocks;
use super::point::{Emit, Point, Seeds, Weight};
use crate::error::{Error, check_length};
use crate::function::compiled::{self, compiled};
use crate::function::linear::{Linear, NARROW, WIDTH};
use crate::function::replay::space::Space;
use crate::function::{DualWorkspace, Function, Inputs};
use crate::operation::Order;
use crate::scalar::Real;

/// Second derivatives, with errors as for values. They follow the paths of a function that
/// records them, as values do.
impl<F: Real> Function<F> {
    /// Working memory for tangents and second derivatives. Most of it is for eight directions at
    /// once; what is not used of it is not touched, and costs nothing but addresses.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[2.0], |x| x[0] * x[0]);
    /// let mut hessian = [0.0];
    /// f.hessian(&mut f.dual_workspace(), &[3.0], &mut hessian)?;
    /// assert_eq!(hessian, [2.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn dual_workspace(&self) -> DualWorkspace<F> {
        let (values, linear) = (self.workspace(), compiled::linear(&self.program));
        DualWorkspace { values, linear, paths: Vec::new() }
    }

    /// The bytes that [`Function::dual_workspace`] will take from the heap.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[2.0], |x| x[0] * x[0]);
    /// assert_eq!(f.dual_workspace_bytes(), 192);
    /// ```
    #[must_use]
    pub fn dual_workspace_bytes(&self) -> usize {
        Space::<F>::bytes(&self.program) + Linear::bytes(&self.program)
    }

    /// The Hessian times `v` at a point, into `product`, of a function with one output.
    ///
    /// Forward over reverse: the adjoints' tangents along `v` (Pearlmutter, "Fast exact
    /// multiplication by the Hessian", 1994).
    ///
    /// # Errors
    /// As [`Function::jvp`]; also if there is not exactly one output.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0, 2.0], |x| x[0] * x[0] * x[1]);
    /// let mut product = [0.0; 2];
    /// f.hessian_vector_product(&mut f.dual_workspace(), &[2.0, 3.0], &[1.0, 10.0], &mut product)?;
    /// assert_eq!(product, [46.0, 4.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn hessian_vector_product<'x>(
        &self,
        workspace: &mut DualWorkspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        v: &[F],
        product: &mut [F],
    ) -> Result<(), Error> {
        self.check_single_output()?;
        check_length("the vector", v.len(), self.num_variables())?;
        check_length("the slice for the product", product.len(), self.num_variables())?;
        let mut point = self.point(workspace, inputs.into(), Order::Second)?;
        point.product(&|_| F::one(), v, product);
        Ok(())
    }

    /// As [`Function::hessian_vector_product`], with the gradient into `gradient`; returns the
    /// value. Both are by-products, and cost nothing further.
    ///
    /// # Errors
    /// As [`Function::hessian_vector_product`].
    ///
    /// # Example: a step of Newton's method along the gradient
    /// ```
    /// let f = wengert::Function::record(&[1.0, 2.0], |x| x[0] * x[0] * x[1]);
    /// let (mut gradient, mut product) = ([0.0; 2], [0.0; 2]);
    /// let (mut workspace, x, v) = (f.dual_workspace(), [2.0, 3.0], [1.0, 10.0]);
    /// let value = f.value_gradient_and_hessian_vector_product(
    ///     &mut workspace, &x, &v, &mut gradient, &mut product,
    /// )?;
    /// assert_eq!((value, gradient, product), (12.0, [12.0, 4.0], [46.0, 4.0]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn value_gradient_and_hessian_vector_product<'x>(
        &self,
        workspace: &mut DualWorkspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        v: &[F],
        gradient: &mut [F],
        product: &mut [F],
    ) -> Result<F, Error> {
        self.check_single_output()?;
        check_length("the vector", v.len(), self.num_variables())?;
        check_length("the slice for the gradient", gradient.len(), self.num_variables())?;
        check_length("the slice for the product", product.len(), self.num_variables())?;
        let mut point = self.point(workspace, inputs.into(), Order::Second)?;
        point.product(&|_| F::one(), v, product);
        gradient.copy_from_slice(point.gradient());
        Ok(point.value(0))
    }

    /// The Hessian times `count` vectors, which lie behind each other in `vectors`, at a point,
    /// into `products`, of a function with one output.
    ///
    /// # Errors
    /// As [`Function::hessian_vector_product`].
    ///
    /// # Complexity
    /// One evaluation and one sweep, and a pass up and down for every eight vectors.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0, 2.0], |x| x[0] * x[0] * x[1]);
    /// let (vectors, mut products) = ([1.0, 10.0, 1.0, 0.0], [0.0; 4]);
    /// let mut workspace = f.dual_workspace();
    /// f.hessian_vector_product_many(&mut workspace, &[2.0, 3.0], 2, &vectors, &mut products)?;
    /// assert_eq!(products, [46.0, 4.0, 6.0, 4.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn hessian_vector_product_many<'x>(
        &self,
        workspace: &mut DualWorkspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        count: usize,
        vectors: &[F],
        products: &mut [F],
    ) -> Result<(), Error> {
        self.check_single_output()?;
        let (n, wanted) = (self.num_variables(), count.saturating_mul(self.num_variables()));
        check_length("the slice of vectors", vectors.len(), wanted)?;
        check_length("the slice for the products", products.len(), wanted)?;
        let mut point = self.curved_point(workspace, inputs.into(), &|_| F::one())?;
        point.second_many(
            count,
            &|_| F::one(),
            |i, j| vectors[i * n + j],
            |i, j, entry| products[i * n + j] = entry,
        );
        Ok(())
    }

    /// The Hessian at a point, into `hessian`: n rows of n, row behind row, symmetric to the
    /// last bit, of a function with one output.
    ///
    /// # Errors
    /// As [`Function::hessian_vector_product`].
    ///
    /// # Complexity
    /// One evaluation and one sweep, and a pass up and down for every eight of the
    /// [`Function::hessian_directions`]. Those are sought at the first call.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0, 2.0], |x| x[0] * x[0] * x[1]);
    /// let mut hessian = [0.0; 4];
    /// f.hessian(&mut f.dual_workspace(), &[2.0, 3.0], &mut hessian)?;
    /// assert_eq!(hessian, [6.0, 4.0, 4.0, 0.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn hessian<'x>(
        &self,
        workspace: &mut DualWorkspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        hessian: &mut [F],
    ) -> Result<(), Error> {
        self.check_single_output()?;
        self.weighted_hessian(workspace, inputs, &[F::one()], hessian)
    }

    /// The Hessian of the outputs' sum weighted with `weights`, as [`Function::hessian`]: with an
    /// objective and constraints as outputs, and multipliers as weights, that of a Lagrangian.
    ///
    /// # Errors
    /// As [`Function::jvp`].
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[1.0, 2.0], |x| vec![x[0] * x[1], x[1] * x[1]]);
    /// let mut hessian = [0.0; 4];
    /// f.weighted_hessian(&mut f.dual_workspace(), &[1.0, 2.0], &[1.0, 5.0], &mut hessian)?;
    /// assert_eq!(hessian, [0.0, 1.0, 1.0, 10.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn weighted_hessian<'x>(
        &self,
        workspace: &mut DualWorkspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        weights: &[F],
        hessian: &mut [F],
    ) -> Result<(), Error> {
        let n = self.num_variables();
        check_length("the slice of weights", weights.len(), self.num_outputs())?;
        check_length("the slice for the Hessian", hessian.len(), n.saturating_mul(n))?;
        let mut point = self.curved_point(workspace, inputs.into(), &|k| weights[k])?;
        let (one, zero) = (F::one(), F::zero());
        if let Some(some) = point.directions() {
            hessian.fill(zero);
            let unit = |i: usize, j| if some[i] as usize == j { one } else { zero };
            let emit = |i: usize, j, entry| hessian[some[i] as usize * n + j] = entry;
            point.second_many(some.len(), &|k| weights[k], unit, emit);
            mirror_some(hessian, n, some);
        } else {
            let unit = |i, j| if i == j { one } else { zero };
            let emit = |i, j, entry| hessian[i * n + j] = entry;
            point.second_many(n, &|k| weights[k], unit, emit);
            mirror_upper(hessian, n);
        }
        Ok(())
    }

    /// The variables along whose directions [`Function::hessian`] takes its passes. Of the others no
    /// two meet: an entry of theirs is zero, or by symmetry one of these'. So a bilinear function of
    /// n and m variables takes the fewer of the two, and variables that are in linear terms alone
    /// cost nothing. At points where a derivative is not finite all variables' directions are taken.
    ///
    /// They are sought when they are first asked for, here or by a Hessian, which takes memory and
    /// the time of some evaluations.
    ///
    /// Of a function that records its paths, they are those of the path first recorded.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0; 4], |x| x[0] * (x[1] + x[2]) + x[3]);
    /// assert_eq!(f.hessian_directions(), [0]);
    /// let mut hessian = [0.0; 16];
    /// f.hessian(&mut f.dual_workspace(), &[1.0; 4], &mut hessian)?;
    /// assert_eq!(hessian[..8], [0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn hessian_directions(&self) -> &[u32] {
        self.program.directions()
    }

    /// As [`Function::hessian_vector_product`], of the outputs' sum weighted with `weights`.
    ///
    /// # Errors
    /// As [`Function::jvp`].
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[1.0, 2.0], |x| vec![x[0] * x[1], x[1] * x[1]]);
    /// let (mut workspace, mut product) = (f.dual_workspace(), [0.0; 2]);
    /// let (x, weights, v) = ([1.0, 2.0], [1.0, 5.0], [0.0, 1.0]);
    /// f.weighted_hessian_vector_product(&mut workspace, &x, &weights, &v, &mut product)?;
    /// assert_eq!(product, [1.0, 10.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn weighted_hessian_vector_product<'x>(
        &self,
        workspace: &mut DualWorkspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        weights: &[F],
        v: &[F],
        product: &mut [F],
    ) -> Result<(), Error> {
        check_length("the slice of weights", weights.len(), self.num_outputs())?;
        check_length("the vector", v.len(), self.num_variables())?;
        check_length("the slice for the product", product.len(), self.num_variables())?;
        let mut point = self.point(workspace, inputs.into(), Order::Second)?;
        point.product(&|k| weights[k], v, product);
        Ok(())
    }

    /// A point with its adjoints, and all that second derivatives need.
    pub(in crate::function) fn curved_point<'w>(
        &'w self,
        workspace: &'w mut DualWorkspace<F>,
        inputs: Inputs<'w, F>,
        weight: &Weight<'_, F>,
    ) -> Result<Point<'w, F>, Error> {
        let mut point = self.point(workspace, inputs, Order::Second)?;
        point.pull(weight);
        Ok(point)
    }
}

compiled! {
    /// A block of second derivatives, likewise.
    fn second<'a>(
        point: Point<'a, F>,
        count: usize,
        weight: &'a Weight<'a, F>,
        direction: &'a Seeds<'a, F>,
        emit: &'a mut Emit<'a, F>,
    ) = Point::<F>::second_here;
}

impl<F: Real> Point<'_, F> {
    /// The derivatives of the gradient along some directions, after [`Point::pull`] with the same
    /// weights, by variable.
    pub(in crate::function) fn second(
        &mut self,
        count: usize,
        weight: &Weight<'_, F>,
        direction: &Seeds<'_, F>,
        emit: &mut Emit<'_, F>,
    ) {
        second(self.again(), count, weight, direction, emit);
    }

    fn second_here(
        mut self,
        count: usize,
        weight: &Weight<'_, F>,
        direction: &Seeds<'_, F>,
        emit: &mut Emit<'_, F>,
    ) {
        match count {
            1 => self.second_of::<1>(weight, direction, emit),
            ..=NARROW => self.second_of::<NARROW>(weight, direction, emit),
            _ => self.second_of::<WIDTH>(weight, direction, emit),
        }
    }

    /// As [`Point::second`], along any number of directions, the `i`-th of which has the entry
    /// `direction(i, j)`: `emit(i, j, …)` takes the derivative by variable `j`.
    pub(in crate::function) fn second_many(
        &mut self,
        count: usize,
        weight: &Weight<'_, F>,
        direction: impl Fn(usize, usize) -> F,
        emit: impl FnMut(usize, usize, F),
    ) {
        in_blocks(count, direction, emit, |count, direction, emit| {
            self.second(count, weight, direction, emit);
        });
    }
}

impl<'w, F: Real> Point<'w, F> {
    /// The variables along whose directions a whole Hessian is found, if not all.
    fn directions(&self) -> Option<&'w [u32]> {
        let some = self.program.directions();
        (some.len() < self.program.variables.len() && self.is_finite()).then_some(some)
    }
}

/// Copies the upper triangle to the lower: the two agree but for rounding.
fn mirror_upper<F: Copy>(matrix: &mut [F], n: usize) {
    for i in 1..n {
        for j in 0..i {
            matrix[i * n + j] = matrix[j * n + i];
        }
    }
}

/// Copies some rows, which ascend, to columns. Of two of them the upper triangle counts.
fn mirror_some<F: Copy>(matrix: &mut [F], n: usize, rows: &[u32]) {
    for row in rows.iter().map(|&row| row as usize) {
        let mut next = rows.iter().map(|&row| row as usize).peekable();
        for column in 0..n {
            let is_row = next.next_if_eq(&column).is_some();
            if column > row || !is_row {
                matrix[column * n + row] = matrix[row * n + column];
            }
        }
    }
}
