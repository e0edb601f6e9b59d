//! Many loops at once: samples side by side, summed in the tree of a batch.

use super::Scan;
use super::drive::{Drive, Ports};
use super::memory::Memory;
use crate::error::{Error, check_length};
use crate::function::batch::tree::{Leaves, Part};
use crate::function::batch::{Batch, Rows, sum_of_lanes};
use crate::function::element::Element;
use crate::function::element::lanes::{Lanes, WIDTH};
use crate::function::interrupt::Interrupt;
use crate::function::pool::Pool;
use crate::function::replay::steps::Kept;
use crate::scalar::Real;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Working memory for batches of loops of one [`Scan`], of so many steps or fewer. Made by
/// [`Scan::batch_workspace`] and [`Scan::batch_workspace_within`].
///
/// # Example
/// ```
/// use wengert::{Batch, Scan};
/// let halving = Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 0.5], vec![]));
/// let mut workspace = halving.batch_workspace(3);
/// let mut values = [0.0; 2];
/// let batch = Batch::new(2).variables(&[8.0, 16.0]);
/// halving.batch_values(&mut workspace, 3, &batch, &mut values)?;
/// assert_eq!(values, [1.0, 2.0]);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Debug)]
pub struct ScanBatchWorkspace<F: Real = f64> {
    steps: usize,
    budget: Option<usize>,
    is_parallel: bool,
    memories: Pool<LaneMemory<F>>,
    buffers: Pool<Vec<F>>,
    interrupt: Interrupt,
}

/// Memory for samples side by side.
#[derive(Debug)]
struct LaneMemory<F: Real> {
    memory: Memory<Lanes<F>>,
    /// The adjoints of what samples share, summed over those of a chunk.
    shared: Vec<Lanes<F>>,
}

impl<F: Real> ScanBatchWorkspace<F> {
    /// Lets the threads of rayon's current pool share the work of each batch. Results keep their
    /// bits. Each thread takes memory of its own when it first joins in.
    ///
    /// # Example
    /// ```
    /// use wengert::{Batch, Scan};
    /// let halving = Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 0.5], vec![]));
    /// let mut workspace = halving.batch_workspace(3).parallel();
    /// let states = [8.0; 1000];
    /// let batch = Batch::new(1000).variables(&states);
    /// let mut gradient = [0.0; 1000];
    /// halving.batch_gradient(&mut workspace, 3, &batch, &mut [], &mut gradient)?;
    /// assert_eq!(gradient, [0.125; 1000]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[cfg(feature = "rayon")]
    #[must_use]
    pub fn parallel(self) -> Self {
        Self { is_parallel: true, ..self }
    }

    /// Lets another thread end evaluations that take long, as
    /// [`ScanWorkspace::interrupt_by`](super::ScanWorkspace::interrupt_by) does.
    ///
    /// # Example
    /// ```
    /// use std::sync::{Arc, atomic::AtomicBool};
    /// use wengert::{Batch, Scan};
    /// let halving = Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 0.5], vec![]));
    /// let mut workspace = halving.batch_workspace(3);
    /// workspace.interrupt_by(Some(Arc::new(AtomicBool::new(true))));
    /// let batch = Batch::new(2).variables(&[8.0, 16.0]);
    /// let error = halving.batch_values(&mut workspace, 3, &batch, &mut [0.0; 2]).unwrap_err();
    /// assert!(error.is_interrupted());
    /// ```
    pub fn interrupt_by(&mut self, flag: Option<Arc<AtomicBool>>) {
        self.interrupt = Interrupt::new(flag);
    }
}

/// Evaluations of many loops of `steps` steps at once. The variables and data of a loop are those
/// that [`Scan`] tells, in that order; of them the first are shared by all samples, as a [`Batch`]
/// has it: those that all steps share, or these and the initial state.
///
/// # Errors
/// If a slice has the wrong length, the workspace is another loop's or was made for fewer steps or
/// its flag goes up ([`ScanBatchWorkspace::interrupt_by`]), or
/// for one of the samples a comparison comes out differently or an operation of a user's own fails;
/// the error then names the sample and the step. After an error the results are unspecified and the
/// workspace is as good as before.
impl<F: Real> Scan<F> {
    /// Working memory for batches of loops of up to so many steps, used by one thread: sixteen times
    /// that of [`Scan::workspace`], but for the 48 MiB, which are the same.
    ///
    /// # Example
    /// ```
    /// let halving = wengert::Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 0.5], vec![]));
    /// let workspace = halving.batch_workspace(3);
    /// ```
    #[must_use]
    pub fn batch_workspace(&self, steps: usize) -> ScanBatchWorkspace<F> {
        crate::error::expect(self.lane_workspace(steps, None))
    }

    /// Working memory for batches of loops that keeps states and values of steps, those of sixteen
    /// samples side by side, in no more than `budget` bytes for each thread.
    ///
    /// # Errors
    /// If the budget is too small for sixteen states and their position.
    ///
    /// # Example
    /// ```
    /// let halving = wengert::Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 0.5], vec![]));
    /// assert!(halving.batch_workspace_within(1000, 2000).is_ok());
    /// assert!(halving.batch_workspace_within(1000, 20).is_err());
    /// ```
    pub fn batch_workspace_within(
        &self,
        steps: usize,
        budget: usize,
    ) -> Result<ScanBatchWorkspace<F>, Error> {
        self.lane_workspace(steps, Some(budget))
    }

    /// The values of all outputs of each sample, into `values`: a row for each sample.
    ///
    /// # Errors
    /// As every evaluation of a batch.
    ///
    /// # Example
    /// ```
    /// use wengert::{Batch, Scan};
    /// let powers = Scan::builder().shared(&[2.0]).state(&[1.0]).record(|step| {
    ///     (vec![step.shared[0] * step.state[0]], vec![])
    /// });
    /// let batch = Batch::new(3).shared_variables(&[2.0]).variables(&[1.0, 3.0, 5.0]);
    /// let mut values = [0.0; 3];
    /// powers.batch_values(&mut powers.batch_workspace(4), 4, &batch, &mut values)?;
    /// assert_eq!(values, [16.0, 48.0, 80.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn batch_values(
        &self,
        workspace: &mut ScanBatchWorkspace<F>,
        steps: usize,
        batch: &Batch<'_, F>,
        values: &mut [F],
    ) -> Result<(), Error> {
        let wanted = batch.samples().saturating_mul(self.num_outputs(steps));
        check_length("the slice of values", values.len(), wanted)?;
        let work = self.lane_work(workspace, steps, batch, Wanted::Values)?;
        work.run(values, &mut [], &mut []).map(|_| ())
    }

    /// The sum of the values of all samples, of a loop with one output, with its gradient: with
    /// respect to what the samples share, summed over them, into `shared`; with respect to each
    /// sample's own variables into `each`, a row for each sample.
    ///
    /// # Errors
    /// As every evaluation of a batch; also if there is not exactly one output.
    ///
    /// # Example
    /// ```
    /// use wengert::{Batch, Scan};
    /// let powers = Scan::builder().shared(&[2.0]).state(&[1.0]).record(|step| {
    ///     (vec![step.shared[0] * step.state[0]], vec![])
    /// });
    /// let batch = Batch::new(2).shared_variables(&[2.0]).variables(&[1.0, 3.0]);
    /// let (mut shared, mut each) = ([0.0], [0.0; 2]);
    /// let mut workspace = powers.batch_workspace(3);
    /// let sum = powers.batch_gradient(&mut workspace, 3, &batch, &mut shared, &mut each)?;
    /// assert_eq!((sum, shared, each), (32.0, [48.0], [8.0, 8.0]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn batch_gradient(
        &self,
        workspace: &mut ScanBatchWorkspace<F>,
        steps: usize,
        batch: &Batch<'_, F>,
        shared: &mut [F],
        each: &mut [F],
    ) -> Result<F, Error> {
        self.check_single_output(steps)?;
        let work = self.lane_work(workspace, steps, batch, Wanted::Summed)?;
        let what = "the slice for the gradient of the shared variables";
        check_length(what, shared.len(), batch.shared.variables.len())?;
        let what = "the slice for the gradients of each sample's variables";
        check_length(what, each.len(), batch.each.variables.len())?;
        work.run(&mut [], shared, each)
    }

    /// The value of each sample into `values`, and its gradient with respect to all variables,
    /// shared or not, into `gradients`: a row for each sample. For loops with one output.
    ///
    /// # Errors
    /// As every evaluation of a batch; also if there is not exactly one output.
    ///
    /// # Example
    /// ```
    /// use wengert::{Batch, Scan};
    /// let powers = Scan::builder().shared(&[2.0]).state(&[1.0]).record(|step| {
    ///     (vec![step.shared[0] * step.state[0]], vec![])
    /// });
    /// let batch = Batch::new(2).shared_variables(&[2.0]).variables(&[1.0, 3.0]);
    /// let (mut values, mut gradients) = ([0.0; 2], [0.0; 4]);
    /// let mut workspace = powers.batch_workspace(3);
    /// powers.batch_gradients(&mut workspace, 3, &batch, &mut values, &mut gradients)?;
    /// assert_eq!((values, gradients), ([8.0, 24.0], [12.0, 8.0, 36.0, 8.0]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn batch_gradients(
        &self,
        workspace: &mut ScanBatchWorkspace<F>,
        steps: usize,
        batch: &Batch<'_, F>,
        values: &mut [F],
        gradients: &mut [F],
    ) -> Result<(), Error> {
        self.check_single_output(steps)?;
        check_length("the slice of values", values.len(), batch.samples())?;
        let wanted = batch.samples().saturating_mul(self.num_variables(steps));
        check_length("the slice for the gradients", gradients.len(), wanted)?;
        let work = self.lane_work(workspace, steps, batch, Wanted::Apart)?;
        work.run(values, &mut [], gradients).map(|_| ())
    }

    fn lane_workspace(
        &self,
        steps: usize,
        budget: Option<usize>,
    ) -> Result<ScanBatchWorkspace<F>, Error> {
        let memories = Pool::of_one(self.lane_memory(steps, budget)?);
        let buffers = Pool::default();
        let interrupt = Interrupt::default();
        Ok(ScanBatchWorkspace { steps, budget, is_parallel: false, memories, buffers, interrupt })
    }

    fn lane_memory(&self, steps: usize, budget: Option<usize>) -> Result<LaneMemory<F>, Error> {
        let memory = self.wanted(steps, Kept::Values, budget).memory()?;
        Ok(LaneMemory { memory, shared: Vec::new() })
    }

    fn lane_work<'a>(
        &'a self,
        workspace: &'a ScanBatchWorkspace<F>,
        steps: usize,
        batch: &'a Batch<'a, F>,
        wanted: Wanted,
    ) -> Result<Work<'a, F>, Error> {
        let rows = batch.check(self.num_variables(steps), self.num_data(steps))?;
        let new = || crate::error::expect(self.lane_memory(workspace.steps, workspace.budget));
        workspace.memories.with(new, |lanes| self.check_memory(&lanes.memory, steps))?;
        Ok(Work { scan: self, workspace, steps, batch, rows, wanted })
    }
}

/// What is asked of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Values,
    /// Derivatives summed with respect to shared variables, a row for each sample of the others.
    Summed,
    /// For each sample, a row of all variables.
    Apart,
}

/// What is to be done with a batch, and the memory for it.
#[derive(Clone, Copy)]
struct Work<'a, F: Real> {
    scan: &'a Scan<F>,
    workspace: &'a ScanBatchWorkspace<F>,
    steps: usize,
    batch: &'a Batch<'a, F>,
    rows: Rows,
    wanted: Wanted,
}

impl<F: Real> Work<'_, F> {
    fn run(&self, values: &mut [F], shared: &mut [F], rows: &mut [F]) -> Result<F, Error> {
        let samples = self.batch.samples();
        if samples == 0 {
            shared.fill(F::zero());
            return Ok(F::zero());
        }
        self.part(Part { first: 0, samples, values, shared, rows })
    }

    /// The variables of which derivatives are summed over the samples.
    fn summed(&self) -> usize {
        if self.wanted == Wanted::Summed { self.batch.shared.variables.len() } else { 0 }
    }

    /// Evaluates the samples of a chunk, [`WIDTH`] at a time; returns the sum of their first
    /// outputs, and whether all derivatives are finite.
    fn packs(
        &self,
        lanes: &mut LaneMemory<F>,
        part: &mut Part<'_, F>,
        is_careful: bool,
    ) -> Result<(F, bool), Error> {
        let LaneMemory { memory, shared } = lanes;
        shared.clear();
        shared.resize(self.summed(), Lanes::zero());
        let (mut sum, mut are_finite) = (Lanes::zero(), true);
        for local in (0..part.samples).step_by(WIDTH) {
            let count = WIDTH.min(part.samples - local);
            let ports = Samples {
                work: *self,
                first: part.first + local,
                local,
                count,
                values: &mut *part.values,
                rows: &mut *part.rows,
                shared: &mut *shared,
                sum: &mut sum,
            };
            let (programs, arch) = (self.scan.programs(), self.scan.step.arch);
            let end = self.scan.end_program();
            let (memory, interrupt) = (&mut *memory, &self.workspace.interrupt);
            let (steps, jacobians) = (self.steps, None);
            let mut drive =
                Drive { programs, end, arch, memory, jacobians, interrupt, steps, ports };
            if self.wanted == Wanted::Values {
                drive.run()?;
            } else {
                are_finite &= drive.run_and_sweep(is_careful)?;
            }
        }
        for (sum, &lanes) in part.shared.iter_mut().zip(&*shared) {
            *sum = sum_of_lanes(lanes.0);
            are_finite &= num_traits::Float::is_finite(*sum);
        }
        Ok((sum_of_lanes(sum.0), are_finite))
    }
}

impl<F: Real> Leaves<F> for Work<'_, F> {
    fn leaf(&self, mut part: Part<'_, F>) -> Result<F, Error> {
        let ScanBatchWorkspace { steps, budget, memories, .. } = self.workspace;
        let new = || crate::error::expect(self.scan.lane_memory(*steps, *budget));
        memories.with(new, |lanes| {
            let (sum, are_finite) = self.packs(lanes, &mut part, false)?;
            if are_finite {
                return Ok(sum);
            }
            // Somewhere 0 met ∞, or a derivative is none: once more, looking.
            self.packs(lanes, &mut part, true).map(|(sum, _)| sum)
        })
    }
    fn outputs(&self) -> usize {
        self.scan.num_outputs(self.steps)
    }
    fn row(&self) -> usize {
        match self.wanted {
            Wanted::Values => 0,
            Wanted::Summed => self.rows.variables,
            Wanted::Apart => self.scan.num_variables(self.steps),
        }
    }
    fn is_parallel(&self) -> bool {
        self.workspace.is_parallel
    }
    fn buffers(&self) -> &Pool<Vec<F>> {
        &self.workspace.buffers
    }
    fn interrupt(&self) -> &Interrupt {
        &self.workspace.interrupt
    }
}

/// Samples side by side. Lanes beyond `count` repeat the last sample, and count for nothing.
struct Samples<'a, F: Real> {
    work: Work<'a, F>,
    /// The first sample, counted within the batch and within the chunk.
    first: usize,
    local: usize,
    count: usize,
    values: &'a mut [F],
    rows: &'a mut [F],
    shared: &'a mut [Lanes<F>],
    /// The sum of the first outputs.
    sum: &'a mut Lanes<F>,
}

impl<F: Real> Samples<'_, F> {
    /// Fills lanes from what is shared, and from each sample's row.
    fn load(&self, shared: &[F], own: &[F], row: usize, first: usize, to: &mut [Lanes<F>]) {
        let (of_all, to) = to.split_at_mut(shared.len().saturating_sub(first).min(to.len()));
        for (to, &number) in of_all.iter_mut().zip(shared.iter().skip(first)) {
            *to = Lanes::splat(number);
        }
        let first = (first + of_all.len()).saturating_sub(shared.len());
        for lane in 0..WIDTH {
            let sample = self.first + lane.min(self.count - 1);
            let numbers = &own[sample * row + first..][..to.len()];
            to.iter_mut().zip(numbers).for_each(|(to, &number)| to.0[lane] = number);
        }
    }
}

impl<F: Real> Ports<Lanes<F>> for Samples<'_, F> {
    fn variables(&self, first: usize, to: &mut [Lanes<F>]) {
        let Work { batch, rows, .. } = self.work;
        self.load(batch.shared.variables, batch.each.variables, rows.variables, first, to);
    }
    fn data(&self, first: usize, to: &mut [Lanes<F>]) {
        let Work { batch, rows, .. } = self.work;
        self.load(batch.shared.data, batch.each.data, rows.data, first, to);
    }
    fn weights(&self, first: usize, to: &mut [Lanes<F>]) {
        (first..).zip(to).for_each(|(i, to)| *to = self.weight(i));
    }
    fn weight(&self, i: usize) -> Lanes<F> {
        let counts = |lane| i == 0 && lane < self.count;
        Lanes(std::array::from_fn(|lane| if counts(lane) { F::one() } else { F::zero() }))
    }
    fn take_outputs(&mut self, first: usize, from: &[Lanes<F>]) {
        let outputs = self.work.outputs();
        for lane in 0..self.count {
            if let (0, Some(output)) = (first, from.first()) {
                self.sum.0[lane] += output.0[lane];
            }
            if !self.values.is_empty() {
                let row = &mut self.values[(self.local + lane) * outputs + first..];
                row.iter_mut().zip(from).for_each(|(value, from)| *value = from.0[lane]);
            }
        }
    }
    fn take_adjoints(&mut self, first: usize, from: &[Lanes<F>]) -> bool {
        let (summed, row) = (self.work.summed(), self.work.row());
        let mut are_finite = true;
        for (i, &from) in (first..).zip(from) {
            match i.checked_sub(summed) {
                None => self.shared[i] += from,
                Some(i) => {
                    for (lane, &adjoint) in from.0.iter().enumerate().take(self.count) {
                        self.rows[(self.local + lane) * row + i] = adjoint;
                        are_finite &= num_traits::Float::is_finite(adjoint);
                    }
                }
            }
        }
        are_finite
    }
    fn guarded(&self) -> usize {
        self.count * self.work.scan.guarded()
    }
    fn sample(&self, lane: usize) -> Option<usize> {
        Some(self.first + lane)
    }
}
