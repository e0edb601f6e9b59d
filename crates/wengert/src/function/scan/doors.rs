//! Values and first derivatives of a loop.

use super::drive::Drive;
use super::numbers::{Numbers, Weights};
use super::{Scan, ScanWorkspace};
use crate::error::{Error, Kind, check_length};
use crate::function::{Inputs, Policy};
use crate::scalar::Real;

/// Values and first derivatives of a loop of `steps` steps. Each takes the inputs as a slice of
/// variables, or as a pair of variables and data, in the order that [`Scan`] tells.
///
/// # Errors
/// If a slice has the wrong length, the workspace is another loop's or was made for fewer steps or
/// its flag goes up ([`ScanWorkspace::interrupt_by`]), a comparison comes out differently than when
/// the step was recorded, or an operation of a user's own fails; of the last two, the error names the
/// step.
impl<F: Real> Scan<F> {
    /// The value of a loop with one output.
    ///
    /// # Errors
    /// As all doors; also if there is not exactly one output.
    ///
    /// # Example
    /// ```
    /// let halving = wengert::Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 0.5], vec![]));
    /// assert_eq!(halving.value(&mut halving.workspace(3), 3, &[8.0])?, 1.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn value<'x>(
        &self,
        workspace: &mut ScanWorkspace<F>,
        steps: usize,
        inputs: impl Into<Inputs<'x, F>>,
    ) -> Result<F, Error> {
        self.check_single_output(steps)?;
        let mut value = [F::zero()];
        self.values(workspace, steps, inputs, &mut value)?;
        Ok(value[0])
    }

    /// All values, into `values`, one for each output.
    ///
    /// # Errors
    /// As all doors.
    ///
    /// # Example
    /// ```
    /// let halving = wengert::Scan::builder().state(&[1.0]).record(|step| {
    ///     (vec![step.state[0] * 0.5], vec![step.state[0]])
    /// });
    /// let mut values = [0.0; 4];
    /// halving.values(&mut halving.workspace(3), 3, &[8.0], &mut values)?;
    /// assert_eq!(values, [1.0, 8.0, 4.0, 2.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn values<'x>(
        &self,
        workspace: &mut ScanWorkspace<F>,
        steps: usize,
        inputs: impl Into<Inputs<'x, F>>,
        values: &mut [F],
    ) -> Result<(), Error> {
        let inputs = inputs.into();
        check_length("the slice of values", values.len(), self.num_outputs(steps))?;
        self.check(workspace, steps, inputs)?;
        self.drive(workspace, steps, inputs, Weights::Unit(0), values, &mut []).run()
    }

    /// The gradient, into `gradient`, of a loop with one output.
    ///
    /// # Errors
    /// As all doors; also if there is not exactly one output.
    ///
    /// # Example
    /// ```
    /// let powers = wengert::Scan::builder().shared(&[2.0]).state(&[1.0]).record(|step| {
    ///     (vec![step.shared[0] * step.state[0]], vec![])
    /// });
    /// let mut gradient = [0.0; 2];
    /// powers.gradient(&mut powers.workspace(3), 3, &[2.0, 1.0], &mut gradient)?;
    /// assert_eq!(gradient, [12.0, 8.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn gradient<'x>(
        &self,
        workspace: &mut ScanWorkspace<F>,
        steps: usize,
        inputs: impl Into<Inputs<'x, F>>,
        gradient: &mut [F],
    ) -> Result<(), Error> {
        self.value_and_gradient(workspace, steps, inputs, gradient).map(|_| ())
    }

    /// The value, and the gradient into `gradient`, of a loop with one output.
    ///
    /// # Errors
    /// As all doors; also if there is not exactly one output.
    ///
    /// # Example
    /// ```
    /// let powers = wengert::Scan::builder().shared(&[2.0]).state(&[1.0]).record(|step| {
    ///     (vec![step.shared[0] * step.state[0]], vec![])
    /// });
    /// let mut gradient = [0.0; 2];
    /// let mut workspace = powers.workspace(3);
    /// let value = powers.value_and_gradient(&mut workspace, 3, &[2.0, 1.0], &mut gradient)?;
    /// assert_eq!((value, gradient), (8.0, [12.0, 8.0]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn value_and_gradient<'x>(
        &self,
        workspace: &mut ScanWorkspace<F>,
        steps: usize,
        inputs: impl Into<Inputs<'x, F>>,
        gradient: &mut [F],
    ) -> Result<F, Error> {
        self.check_single_output(steps)?;
        let inputs = inputs.into();
        check_length("the slice for the gradient", gradient.len(), self.num_variables(steps))?;
        self.check(workspace, steps, inputs)?;
        let mut value = [F::zero()];
        self.pull_back(workspace, steps, inputs, Weights::Unit(0), &mut value, gradient)?;
        Ok(value[0])
    }

    /// The vector-Jacobian product vᵀJ, into `product`: the gradient of the outputs' sum weighted
    /// with `v`.
    ///
    /// # Errors
    /// As all doors.
    ///
    /// # Example
    /// ```
    /// let halving = wengert::Scan::builder().state(&[1.0]).record(|step| {
    ///     (vec![step.state[0] * 0.5], vec![step.state[0]])
    /// });
    /// let mut product = [0.0];
    /// halving.vjp(&mut halving.workspace(2), 2, &[8.0], &[8.0, 1.0, 10.0], &mut product)?;
    /// assert_eq!(product, [8.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn vjp<'x>(
        &self,
        workspace: &mut ScanWorkspace<F>,
        steps: usize,
        inputs: impl Into<Inputs<'x, F>>,
        v: &[F],
        product: &mut [F],
    ) -> Result<(), Error> {
        let inputs = inputs.into();
        check_length("the vector", v.len(), self.num_outputs(steps))?;
        check_length("the slice for the product", product.len(), self.num_variables(steps))?;
        self.check(workspace, steps, inputs)?;
        self.pull_back(workspace, steps, inputs, Weights::Given(v), &mut [], product)
    }

    /// The Jacobian, into `jacobian`: a row of partial derivatives for each output, row behind row.
    ///
    /// # Errors
    /// As all doors.
    ///
    /// # Complexity
    /// An evaluation and a sweep of the whole loop for each output.
    ///
    /// # Example
    /// ```
    /// let halving = wengert::Scan::builder().state(&[1.0]).record(|step| {
    ///     (vec![step.state[0] * 0.5], vec![step.state[0]])
    /// });
    /// let mut jacobian = [0.0; 3];
    /// halving.jacobian(&mut halving.workspace(2), 2, &[8.0], &mut jacobian)?;
    /// assert_eq!(jacobian, [0.25, 1.0, 0.5]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn jacobian<'x>(
        &self,
        workspace: &mut ScanWorkspace<F>,
        steps: usize,
        inputs: impl Into<Inputs<'x, F>>,
        jacobian: &mut [F],
    ) -> Result<(), Error> {
        let (inputs, n) = (inputs.into(), self.num_variables(steps));
        let wanted = self.num_outputs(steps).saturating_mul(n);
        check_length("the slice for the Jacobian", jacobian.len(), wanted)?;
        self.check(workspace, steps, inputs)?;
        for output in 0..self.num_outputs(steps) {
            let row = &mut jacobian[output * n..(output + 1) * n];
            self.pull_back(workspace, steps, inputs, Weights::Unit(output), &mut [], row)?;
        }
        Ok(())
    }

    fn check(
        &self,
        workspace: &ScanWorkspace<F>,
        steps: usize,
        inputs: Inputs<'_, F>,
    ) -> Result<(), Error> {
        self.check_inputs(steps, inputs)?;
        if workspace.jacobians.is_some() != self.is_preaccumulated {
            return Err(Kind::ForeignWorkspace.into());
        }
        self.check_memory(&workspace.memory, steps)
    }

    pub(super) fn check_inputs(&self, steps: usize, inputs: Inputs<'_, F>) -> Result<(), Error> {
        self.check_counts(steps, inputs.variables.len(), inputs.data.len())
    }

    /// Whether so many variables and data are those of a loop of so many steps.
    pub(in crate::function) fn check_counts(
        &self,
        steps: usize,
        variables: usize,
        data: usize,
    ) -> Result<(), Error> {
        check_length("the slice of variables", variables, self.num_variables(steps))?;
        check_length("the slice of data", data, self.num_data(steps))
    }

    pub(super) fn check_single_output(&self, steps: usize) -> Result<(), Error> {
        match self.num_outputs(steps) {
            1 => Ok(()),
            given => Err(Kind::Outputs { given }.into()),
        }
    }

    /// Whether guards are looked at.
    pub(super) fn guarded(&self) -> usize {
        usize::from(self.step.policy != Policy::Ignore)
    }

    fn drive<'a>(
        &'a self,
        workspace: &'a mut ScanWorkspace<F>,
        steps: usize,
        inputs: Inputs<'a, F>,
        weights: Weights<'a, F>,
        outputs: &'a mut [F],
        adjoints: &'a mut [F],
    ) -> Drive<'a, F, F, Numbers<'a, F>> {
        let ports = Numbers { inputs, weights, outputs, adjoints, guarded: self.guarded() };
        let (arch, ScanWorkspace { memory, jacobians, interrupt }) = (self.step.arch, workspace);
        let jacobians = jacobians.as_mut();
        let (programs, end) = (self.programs(), self.end_program());
        Drive { programs, end, arch, memory, jacobians, interrupt, steps, ports }
    }

    /// Evaluates and sweeps; where something is not finite once more, looking for 0 · ∞.
    fn pull_back(
        &self,
        workspace: &mut ScanWorkspace<F>,
        steps: usize,
        inputs: Inputs<'_, F>,
        weights: Weights<'_, F>,
        outputs: &mut [F],
        adjoints: &mut [F],
    ) -> Result<(), Error> {
        self.step.program.check_sweep()?;
        if let Some(end) = self.end_program() {
            end.check_sweep()?;
        }
        let mut drive = self.drive(workspace, steps, inputs, weights, outputs, adjoints);
        if !drive.run_and_sweep(false)? {
            drive.run_and_sweep(true)?;
        }
        Ok(())
    }
}
