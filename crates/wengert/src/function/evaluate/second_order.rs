//! Tangents and second derivatives: the program over dual numbers.

use super::guards::{failure, first_failure};
use crate::error::{Error, Kind, check_length};
use crate::function::capture::paths::{Fork, Path, Paths};
use crate::function::compiled;
use crate::function::program::Program;
use crate::function::replay::space::Space;
use crate::function::{DualWorkspace, Function, Inputs, Policy};
use crate::scalar::{Dual, Real};

/// Tangents and second derivatives, with errors as for values. They follow the paths of a function
/// that records them, as values do.
impl<F: Real> Function<F> {
    /// Working memory for tangents and second derivatives.
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
        DualWorkspace {
            function: self.identity,
            space: Space::of(&self.program),
            paths: Vec::new(),
            last: 0,
            direction: vec![F::zero(); self.variables()],
        }
    }

    /// The bytes that [`Function::dual_workspace`] will take from the heap.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[2.0], |x| x[0] * x[0]);
    /// assert_eq!(f.dual_workspace_bytes(), 72);
    /// ```
    #[must_use]
    pub fn dual_workspace_bytes(&self) -> usize {
        Space::<Dual<F>>::bytes(&self.program) + self.variables() * size_of::<F>()
    }

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
        check_length("the vector", v.len(), self.variables())?;
        check_length("the slice for the product", product.len(), self.outputs())?;
        self.evaluate_along(workspace, inputs.into(), v)?;
        let (_, program, space) = self.last_path(workspace);
        for (tangent, &slot) in product.iter_mut().zip(&program.outputs) {
            *tangent = space.slots[slot as usize].tangent;
        }
        Ok(())
    }

    /// The Hessian times `v` at a point, into `product`, of a function with one output.
    ///
    /// Forward over reverse: a reverse sweep over dual numbers whose tangents are seeded with
    /// `v` (Pearlmutter, "Fast exact multiplication by the Hessian", 1994).
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
        check_length("the vector", v.len(), self.variables())?;
        check_length("the slice for the product", product.len(), self.variables())?;
        self.evaluate_along(workspace, inputs.into(), v)?;
        self.sweep_along(workspace, product);
        Ok(())
    }

    /// The Hessian at a point, into `hessian`: n rows of n, row behind row, symmetric to the
    /// last bit, of a function with one output.
    ///
    /// # Errors
    /// As [`Function::hessian_vector_product`].
    ///
    /// # Complexity
    /// A [`hessian_vector_product`](Function::hessian_vector_product) for each variable.
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
        let n = self.variables();
        check_length("the slice for the Hessian", hessian.len(), n.saturating_mul(n))?;
        let inputs = inputs.into();
        self.check(workspace, inputs)?;
        let mut direction = std::mem::take(&mut workspace.direction);
        let mut result = Ok(());
        for i in 0..n {
            direction[i] = F::one();
            result = self.evaluate_along(workspace, inputs, &direction);
            direction[i] = F::zero();
            if result.is_err() {
                break;
            }
            self.sweep_along(workspace, &mut hessian[i * n..(i + 1) * n]);
        }
        workspace.direction = direction;
        mirror_upper(hessian, n);
        result
    }

    fn check(&self, workspace: &DualWorkspace<F>, inputs: Inputs<'_, F>) -> Result<(), Error> {
        self.check_inputs(inputs)?;
        if workspace.function == self.identity {
            Ok(())
        } else {
            Err(Kind::ForeignWorkspace.into())
        }
    }

    /// Computes all values and their tangents along `v`.
    fn evaluate_along(
        &self,
        workspace: &mut DualWorkspace<F>,
        inputs: Inputs<'_, F>,
        v: &[F],
    ) -> Result<(), Error> {
        self.check(workspace, inputs)?;
        let failed = self.failure_along(workspace, inputs, v);
        let Some(paths) = &self.paths else {
            return match failed {
                Some((guard, now)) if self.policy != Policy::Ignore => {
                    Err(failure(&self.program.guards[guard], now, None))
                }
                _ => Ok(()),
            };
        };
        if failed.is_some() {
            workspace.last = 0;
            self.descend_along(paths, workspace, inputs, v)?;
        }
        Ok(())
    }

    /// Goes down the tree of paths, recording where there is none yet.
    fn descend_along(
        &self,
        paths: &Paths<F>,
        workspace: &mut DualWorkspace<F>,
        inputs: Inputs<'_, F>,
        v: &[F],
    ) -> Result<(), Error> {
        while let Some((guard, (x, y))) = self.failure_along(workspace, inputs, v) {
            let (path, program, _) = self.last_path(workspace);
            let outcome = program.guards[guard].comparison.outcome(x, y);
            let fork = Fork { path, guard, outcome };
            let known = paths.find(fork);
            let is_new = known.is_none();
            let path = match known {
                Some(path) => path,
                None => paths.record(fork, inputs.variables, inputs.data)?,
            };
            workspace.enter(path, paths.limit());
            if is_new {
                // The path of this very point, whatever its guards say of rounded numbers.
                self.failure_along(workspace, inputs, v);
                break;
            }
        }
        Ok(())
    }

    /// The path of the last evaluation: its identity, its program and its memory.
    fn last_path<'w>(
        &'w self,
        workspace: &'w mut DualWorkspace<F>,
    ) -> (u64, &'w Program<F>, &'w mut Space<Dual<F>>) {
        match workspace.last.checked_sub(1) {
            None => (self.identity, &self.program, &mut workspace.space),
            Some(index) => {
                let (path, space) = &mut workspace.paths[index];
                (path.id, &path.program, space)
            }
        }
    }

    /// Computes all values and tangents on the path of the last evaluation, and returns the first
    /// guard that fails.
    fn failure_along(
        &self,
        workspace: &mut DualWorkspace<F>,
        inputs: Inputs<'_, F>,
        v: &[F],
    ) -> Option<(usize, (F, F))> {
        let (_, program, space) = self.last_path(workspace);
        let (variables, rest) = space.slots.split_at_mut(inputs.variables.len());
        for ((slot, &value), &tangent) in variables.iter_mut().zip(inputs.variables).zip(v) {
            *slot = Dual::new(value, tangent);
        }
        for (slot, &value) in rest.iter_mut().zip(inputs.data) {
            *slot = Dual::constant(value);
        }
        compiled::run_dual(space, program, self.arch);
        first_failure(program, |slot| space.slots[slot as usize].value)
    }

    /// Sweeps back from the one output, and hands out the tangents of the variables' adjoints.
    fn sweep_along(&self, workspace: &mut DualWorkspace<F>, product: &mut [F]) {
        let (_, program, space) = self.last_path(workspace);
        let output = program.outputs[0] as usize;
        let value = space.slots[output].value;
        // As of first derivatives, those of NaN are NaN.
        let (one, zero) = (F::one(), F::zero());
        let seed = if value.is_nan() { Dual::new(value, value) } else { Dual::new(one, zero) };
        space.adjoints[output] += seed;
        compiled::sweep_dual(space, program, self.arch);
        for (tangent, adjoint) in product.iter_mut().zip(&mut space.adjoints) {
            *tangent = std::mem::take(adjoint).tangent;
        }
    }
}

impl<F: Real> DualWorkspace<F> {
    /// Makes a path that of the last evaluation, with memory where there is none yet.
    fn enter(&mut self, path: Path<F>, limit: usize) {
        if let Some(index) = self.paths.iter().position(|(known, _)| known.id == path.id) {
            self.last = index + 1;
            return;
        }
        // Paths that the function has forgotten are forgotten here too.
        if self.paths.len() >= limit {
            self.paths.clear();
            self.last = 0;
        }
        let space = Space::of(&path.program);
        self.paths.push((path, space));
        self.last = self.paths.len();
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
