//! Values and first derivatives, one point at a time.

use super::guards::{failed_before, failure, first_failed_call, first_failure};
use crate::error::{Error, Kind, check_length};
use crate::function::capture::paths::{Fork, Path, Paths};
use crate::function::compiled::{self, compiled};
use crate::function::element::seed;
use crate::function::program::Program;
use crate::function::replay::space::Space;
use crate::function::{Function, Inputs, Policy, Workspace};
use crate::instructions::Arch;
use crate::scalar::Real;

/// Memory for evaluations.
impl<F: Real> Function<F> {
    /// Working memory for values and first derivatives.
    ///
    /// # Example: a thread has its own
    /// ```
    /// let f = wengert::Function::record(&[2.0], |x| x[0] * x[0]);
    /// std::thread::scope(|scope| {
    ///     for x in [1.0, 2.0, 3.0] {
    ///         let f = &f;
    ///         scope.spawn(move || {
    ///             assert_eq!(f.value(&mut f.workspace(), &[x]), Ok(x * x));
    ///         });
    ///     }
    /// });
    /// ```
    #[must_use]
    pub fn workspace(&self) -> Workspace<F> {
        let (function, space) = (self.identity, compiled::space(&self.program));
        Workspace { function, space, paths: Vec::new(), last: 0 }
    }

    /// The bytes that [`Function::workspace`] will take from the heap. Of a function that records
    /// its paths, each other path takes about as much on top when an evaluation first meets it.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[2.0], |x| x[0] * x[0]);
    /// assert_eq!(f.workspace_bytes(), 144);
    /// ```
    #[must_use]
    pub fn workspace_bytes(&self) -> usize {
        Space::<F>::bytes(&self.program)
    }
}

/// Values and first derivatives. Each takes the inputs as a slice of variables, or as a pair of
/// variables and data; see [`Inputs`].
///
/// # Errors
/// If a slice has the wrong length, the workspace is another function's, or a comparison comes
/// out differently than when the function was recorded.
impl<F: Real> Function<F> {
    /// The value at a point, of a function with one output.
    ///
    /// # Errors
    /// As all doors; also if there is not exactly one output.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0, 2.0], |x| x[0] / x[1]);
    /// let mut workspace = f.workspace();
    /// assert_eq!(f.value(&mut workspace, &[3.0, 4.0])?, 0.75);
    /// let error = f.value(&mut workspace, &[3.0]).unwrap_err();
    /// assert_eq!(error.to_string(), "the slice of variables has length 1, wanted is 2");
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn value<'x>(
        &self,
        workspace: &mut Workspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
    ) -> Result<F, Error> {
        value(self, workspace, inputs.into())
    }

    /// All values at a point, into `values`, one for each output.
    ///
    /// # Errors
    /// As all doors.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[1.0, 2.0], |x| vec![x[0] + x[1], x[0] * x[1]]);
    /// let mut values = [0.0; 2];
    /// f.values(&mut f.workspace(), &[3.0, 4.0], &mut values)?;
    /// assert_eq!(values, [7.0, 12.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn values<'x>(
        &self,
        workspace: &mut Workspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        values: &mut [F],
    ) -> Result<(), Error> {
        check_length("the slice of values", values.len(), self.num_outputs())?;
        let (program, space) = self.evaluate(workspace, inputs.into())?;
        for (value, &slot) in values.iter_mut().zip(&program.outputs) {
            *value = space.slots[slot as usize];
        }
        Ok(())
    }

    /// The gradient at a point, into `gradient`, of a function with one output.
    ///
    /// # Errors
    /// As all doors; also if there is not exactly one output.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0, 2.0], |x| x[0] * x[1]);
    /// let mut gradient = [0.0; 2];
    /// f.gradient(&mut f.workspace(), &[3.0, 4.0], &mut gradient)?;
    /// assert_eq!(gradient, [4.0, 3.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn gradient<'x>(
        &self,
        workspace: &mut Workspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        gradient: &mut [F],
    ) -> Result<(), Error> {
        self.value_and_gradient(workspace, inputs, gradient).map(|_| ())
    }

    /// The value at a point, and the gradient into `gradient`, of a function with one output.
    ///
    /// # Errors
    /// As all doors; also if there is not exactly one output.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0, 2.0], |x| x[0] * x[1]);
    /// let mut gradient = [0.0; 2];
    /// let value = f.value_and_gradient(&mut f.workspace(), &[3.0, 4.0], &mut gradient)?;
    /// assert_eq!((value, gradient), (12.0, [4.0, 3.0]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn value_and_gradient<'x>(
        &self,
        workspace: &mut Workspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        gradient: &mut [F],
    ) -> Result<F, Error> {
        value_and_gradient(self, workspace, inputs.into(), gradient)
    }

    /// The vector-Jacobian product vᵀJ at a point, into `product`: the gradient of the outputs'
    /// sum weighted with `v`.
    ///
    /// # Errors
    /// As all doors.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[1.0, 2.0], |x| vec![x[0] + x[1], x[0] * x[1]]);
    /// let mut product = [0.0; 2];
    /// f.vjp(&mut f.workspace(), &[2.0, 3.0], &[10.0, 1.0], &mut product)?;
    /// assert_eq!(product, [13.0, 12.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn vjp<'x>(
        &self,
        workspace: &mut Workspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        v: &[F],
        product: &mut [F],
    ) -> Result<(), Error> {
        check_length("the vector", v.len(), self.num_outputs())?;
        check_length("the slice for the product", product.len(), self.num_variables())?;
        let (program, space) = self.evaluate(workspace, inputs.into())?;
        program.check_sweep()?;
        space.pull_back(program, self.arch, product, &|space| {
            for (&output, &weight) in program.outputs.iter().zip(v) {
                space.seed(output, weight);
            }
        });
        Ok(())
    }

    /// The Jacobian at a point, into `jacobian`: a row of partial derivatives for each output,
    /// row behind row.
    ///
    /// # Errors
    /// As all doors.
    ///
    /// # Complexity
    /// One evaluation and a reverse sweep for each output. With fewer variables than outputs, a
    /// [`jvp`](Function::jvp) for each variable is cheaper.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[1.0, 2.0], |x| vec![x[0] + x[1], x[0] * x[1]]);
    /// let mut jacobian = [0.0; 4];
    /// f.jacobian(&mut f.workspace(), &[2.0, 3.0], &mut jacobian)?;
    /// assert_eq!(jacobian, [1.0, 1.0, 3.0, 2.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn jacobian<'x>(
        &self,
        workspace: &mut Workspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
        jacobian: &mut [F],
    ) -> Result<(), Error> {
        self.values_and_jacobian(workspace, inputs.into(), &mut [], jacobian)
    }

    /// The Jacobian, and as many of the values as are asked for, by one evaluation.
    pub(in crate::function) fn values_and_jacobian(
        &self,
        workspace: &mut Workspace<F>,
        inputs: Inputs<'_, F>,
        values: &mut [F],
        jacobian: &mut [F],
    ) -> Result<(), Error> {
        let n = self.num_variables();
        let wanted = self.num_outputs().saturating_mul(n);
        check_length("the slice for the Jacobian", jacobian.len(), wanted)?;
        let (program, space) = self.evaluate(workspace, inputs)?;
        program.check_sweep()?;
        for (value, &output) in values.iter_mut().zip(&program.outputs) {
            *value = space.slots[output as usize];
        }
        for (i, &output) in program.outputs.iter().enumerate() {
            let row = &mut jacobian[i * n..(i + 1) * n];
            space.pull_back(program, self.arch, row, &|space| space.seed(output, F::one()));
        }
        Ok(())
    }

    pub(in crate::function) fn check_single_output(&self) -> Result<(), Error> {
        match self.num_outputs() {
            1 => Ok(()),
            given => Err(Kind::Outputs { given }.into()),
        }
    }

    pub(in crate::function) fn check_inputs(&self, inputs: Inputs<'_, F>) -> Result<(), Error> {
        self.check_counts(inputs.variables.len(), inputs.data.len())
    }

    /// The same of inputs of any kind, by how many they are.
    pub(in crate::function) fn check_counts(
        &self,
        variables: usize,
        data: usize,
    ) -> Result<(), Error> {
        check_length("the slice of variables", variables, self.num_variables())?;
        check_length("the slice of data", data, self.num_data())
    }
}

compiled! {
    fn value<'a>(
        function: &'a Function<F>,
        workspace: &'a mut Workspace<F>,
        inputs: Inputs<'a, F>,
    ) -> Result<F, Error> = Function::<F>::value_here;

    fn value_and_gradient<'a>(
        function: &'a Function<F>,
        workspace: &'a mut Workspace<F>,
        inputs: Inputs<'a, F>,
        gradient: &'a mut [F],
    ) -> Result<F, Error> = Function::<F>::value_and_gradient_here;

    fn evaluate<'a>(
        function: &'a Function<F>,
        workspace: &'a mut Workspace<F>,
        inputs: Inputs<'a, F>,
    ) -> Result<Evaluated<'a, F>, Error> = Function::<F>::evaluate_here;

    fn pull_back<'a>(
        space: &'a mut Space<F>,
        program: &'a Program<F>,
        arch: Arch,
        gradient: &'a mut [F],
        seed: &'a dyn Fn(&mut Space<F>),
    ) = Space::<F>::pull_back_from;
}

/// The program of an evaluation's path, and its memory.
type Evaluated<'a, F> = (&'a Program<F>, &'a mut Space<F>);

/// Evaluations on the path of the point.
impl<F: Real> Function<F> {
    /// Computes all values, and returns the program of the path with its memory.
    #[inline]
    pub(in crate::function) fn evaluate<'w>(
        &'w self,
        workspace: &'w mut Workspace<F>,
        inputs: Inputs<'w, F>,
    ) -> Result<Evaluated<'w, F>, Error> {
        evaluate(self, workspace, inputs)
    }

    fn value_here(&self, workspace: &mut Workspace<F>, inputs: Inputs<'_, F>) -> Result<F, Error> {
        self.check_single_output()?;
        let (program, space) = self.evaluate_here(workspace, inputs)?;
        Ok(space.slots[program.outputs[0] as usize])
    }

    fn value_and_gradient_here(
        &self,
        workspace: &mut Workspace<F>,
        inputs: Inputs<'_, F>,
        gradient: &mut [F],
    ) -> Result<F, Error> {
        self.check_single_output()?;
        check_length("the slice for the gradient", gradient.len(), self.num_variables())?;
        let (program, space) = self.evaluate_here(workspace, inputs)?;
        program.check_sweep()?;
        let output = program.outputs[0];
        space.pull_back_here(program, self.arch, gradient, |space| space.seed(output, F::one()));
        Ok(space.slots[output as usize])
    }

    #[inline]
    fn evaluate_here<'w>(
        &'w self,
        workspace: &'w mut Workspace<F>,
        inputs: Inputs<'_, F>,
    ) -> Result<Evaluated<'w, F>, Error> {
        self.check_inputs(inputs)?;
        if workspace.function != self.identity {
            return Err(Kind::ForeignWorkspace.into());
        }
        if let Some(paths) = &self.paths {
            return self.evaluate_on_its_path(paths, workspace, inputs);
        }
        self.evaluate_on_the_only_path(workspace, |slots| take_in(slots, inputs))
    }

    /// As [`Function::evaluate`], of a function that knows one path, with inputs as many as it has
    /// that `take_in` puts into their slots, and memory that is its own.
    #[inline]
    pub(in crate::function) fn evaluate_on_the_only_path<'w>(
        &'w self,
        workspace: &'w mut Workspace<F>,
        take_in: impl FnOnce(&mut [F]),
    ) -> Result<Evaluated<'w, F>, Error> {
        let space = &mut workspace.space;
        take_in(&mut space.slots[..self.program.inputs()]);
        space.run(&self.program, self.arch);
        if self.policy == Policy::Error && !self.program.guards.is_empty() {
            check_guards(&self.program, space)?;
        }
        first_failed_call(&self.program, |slot| space.slots[slot as usize], None)?;
        Ok((&self.program, space))
    }

    /// As [`Function::evaluate`], of a function that records its paths: first on the path of the
    /// last evaluation, then from the first path down the tree.
    pub(in crate::function) fn evaluate_on_its_path<'w>(
        &'w self,
        paths: &'w Paths<F>,
        workspace: &'w mut Workspace<F>,
        inputs: Inputs<'_, F>,
    ) -> Result<Evaluated<'w, F>, Error> {
        let index = match self.try_last_path(workspace, inputs) {
            Some(index) => index,
            None => self.descend(paths, workspace, inputs)?,
        };
        workspace.last = index;
        let (_, program, space) = self.on_path(workspace, index);
        first_failed_call(program, |slot| space.slots[slot as usize], None)?;
        Ok((program, space))
    }

    /// Evaluates on the path of the last evaluation, and returns it if that is the right one.
    fn try_last_path(&self, workspace: &mut Workspace<F>, inputs: Inputs<'_, F>) -> Option<usize> {
        let last = workspace.last;
        self.fork_at(workspace, last, inputs).is_none().then_some(last)
    }

    /// Goes down the tree of paths, recording where there is none yet.
    fn descend(
        &self,
        paths: &Paths<F>,
        workspace: &mut Workspace<F>,
        inputs: Inputs<'_, F>,
    ) -> Result<usize, Error> {
        let mut index = 0;
        while let Some(fork) = self.fork_at(workspace, index, inputs) {
            let Some(path) = paths.find(fork) else {
                let (_, program, space) = self.on_path(workspace, index);
                let guard = &program.guards[fork.guard];
                failed_before(program, guard, &|slot| space.slots[slot as usize])?;
                let path = paths.record(fork, inputs.variables, inputs.data)?;
                index = workspace.index_of(path, paths.limit());
                // This is the path of the point, also where a comparison is so close that the
                // replay's last bit decides it otherwise.
                self.fork_at(workspace, index, inputs);
                return Ok(index);
            };
            index = workspace.index_of(path, paths.limit());
        }
        Ok(index)
    }

    /// Evaluates on a path, and returns the first guard that fails there.
    fn fork_at(
        &self,
        workspace: &mut Workspace<F>,
        index: usize,
        inputs: Inputs<'_, F>,
    ) -> Option<Fork> {
        let (id, program, space) = self.on_path(workspace, index);
        space.evaluate(program, self.arch, inputs);
        let (guard, (x, y)) = first_failure(&program.guards, |slot| space.slots[slot as usize])?;
        let outcome = program.guards[guard].comparison.outcome(x, y);
        Some(Fork { path: id, guard, outcome })
    }

    /// The identity of a path, its program and its memory.
    fn on_path<'w>(
        &'w self,
        workspace: &'w mut Workspace<F>,
        index: usize,
    ) -> (u64, &'w Program<F>, &'w mut Space<F>) {
        match index.checked_sub(1) {
            None => (self.identity, &self.program, &mut workspace.space),
            Some(index) => {
                let (path, space) = &mut workspace.paths[index];
                (path.id, &path.program, space)
            }
        }
    }
}

impl<F: Real> Workspace<F> {
    /// The position of a path, 0 for the first; memory for it is made where there is none yet.
    fn index_of(&mut self, path: Path<F>, limit: usize) -> usize {
        if let Some(index) = self.paths.iter().position(|(known, _)| known.id == path.id) {
            return index + 1;
        }
        // Paths that the function has forgotten are forgotten here too. The last path may be
        // among them, and the evaluation may end in an error before it has another.
        if self.paths.len() >= limit {
            self.paths.clear();
            self.last = 0;
        }
        let space = Space::of(&path.program);
        self.paths.push((path, space));
        self.paths.len()
    }
}

#[inline]
fn check_guards<F: Real>(program: &Program<F>, space: &Space<F>) -> Result<(), Error> {
    let slot = |slot: u32| space.slots[slot as usize];
    let Some((guard, now)) = first_failure(&program.guards, slot) else { return Ok(()) };
    let guard = &program.guards[guard];
    failed_before(program, guard, &slot)?;
    Err(failure(guard, now, None, None))
}

impl<F: Real> Space<F> {
    /// Computes all values at a point.
    #[inline]
    fn evaluate(&mut self, program: &Program<F>, arch: Arch, inputs: Inputs<'_, F>) {
        take_in(&mut self.slots[..program.inputs()], inputs);
        self.run(program, arch);
    }

    /// Seeds an output with a weight, from which a sweep begins.
    #[inline]
    fn seed(&mut self, output: u32, weight: F) {
        let slot = output as usize;
        self.adjoints[slot] += seed(weight, self.slots[slot]);
    }

    /// Sweeps from the outputs that `seed` seeds, and hands out the adjoints of the variables.
    #[inline]
    pub(in crate::function) fn pull_back(
        &mut self,
        program: &Program<F>,
        arch: Arch,
        gradient: &mut [F],
        seed: &dyn Fn(&mut Self),
    ) {
        pull_back(self, program, arch, gradient, seed);
    }

    fn pull_back_from(
        &mut self,
        program: &Program<F>,
        arch: Arch,
        gradient: &mut [F],
        seed: &dyn Fn(&mut Self),
    ) {
        self.pull_back_here(program, arch, gradient, seed);
    }

    #[inline]
    fn pull_back_here(
        &mut self,
        program: &Program<F>,
        arch: Arch,
        gradient: &mut [F],
        seed: impl Fn(&mut Self),
    ) {
        self.sweep_from(program, arch, gradient.len(), seed, |row| gradient.copy_from_slice(row));
    }

    /// Sweeps from the outputs that `seed` seeds, hands out the adjoints of so many variables, and
    /// leaves zeros.
    #[inline]
    pub(in crate::function) fn sweep_from<R>(
        &mut self,
        program: &Program<F>,
        arch: Arch,
        variables: usize,
        seed: impl Fn(&mut Self),
        take: impl FnOnce(&[F]) -> R,
    ) -> R {
        self.begin_sweep::<F>();
        seed(self);
        self.sweep(program, arch);
        let adjoints = &mut self.adjoints[..variables];
        // Finite numbers times zero are zero, others NaN. PERF: a conjunction of comparisons is
        // made of several at once, as a sum of rounded numbers is not.
        let is_finite = |all, &x: &F| all & num_traits::Zero::is_zero(&(x * F::zero()));
        if !adjoints.iter().fold(true, is_finite) {
            self.sweep_again(program, arch, variables, &seed);
        }
        let adjoints = &mut self.adjoints[..variables];
        let taken = take(adjoints);
        adjoints.fill(F::zero());
        self.end_sweep();
        taken
    }

    /// Somewhere 0 met ∞, or a derivative is none: once more, looking.
    #[cold]
    #[inline(never)]
    fn sweep_again(
        &mut self,
        program: &Program<F>,
        arch: Arch,
        variables: usize,
        seed: &dyn Fn(&mut Self),
    ) {
        self.adjoints[..variables].fill(F::zero());
        seed(self);
        self.sweep_carefully(program, arch);
    }
}

/// Puts the inputs of an evaluation into their slots, which are as many.
#[inline]
fn take_in<F: Real>(slots: &mut [F], Inputs { variables, data }: Inputs<'_, F>) {
    let (variable_slots, data_slots) = slots.split_at_mut(variables.len());
    variable_slots.copy_from_slice(variables);
    if !data.is_empty() {
        data_slots.copy_from_slice(data);
    }
}
