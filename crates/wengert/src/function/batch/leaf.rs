//! A chunk of samples: through the program side by side, summed in their order.

use super::pool::{LaneSpace, Single};
use super::task::Task;
use super::{Derivatives, sum_of_lanes};
use crate::error::Error;
use crate::function::element::Element;
use crate::function::element::lanes::{Lanes, WIDTH};
use crate::function::element::sample::Sample;
use crate::function::evaluate::guards::{failed_before, failure, first_failed_call, first_failure};
use crate::function::replay::space::Space;
use crate::function::{Inputs, Policy};
use crate::instructions::Vectorized;
use crate::scalar::Real;

/// A chunk of a task.
pub(super) struct Leaf<'a, F: Real> {
    pub(super) task: Task<'a, F>,
    pub(super) first: usize,
    pub(super) samples: usize,
}

/// Samples side by side. Lanes beyond `count` repeat the last sample, and count for nothing.
#[derive(Clone, Copy)]
struct Pack {
    /// The first sample, counted within the batch and within the chunk.
    first: usize,
    local: usize,
    count: usize,
}

impl Pack {
    /// The sample of a lane.
    const fn sample(self, lane: usize) -> usize {
        self.first + if lane < self.count { lane } else { self.count - 1 }
    }
}

/// The k-th numbers of rows, one for each sample that counts; other lanes repeat the last.
#[inline(always)]
fn gather<F: Real>(rows: &[F], len: usize, k: usize, to: &mut [F; WIDTH]) {
    // PERF: rows of one number are copied, for all packs but the last.
    if len == 1
        && let Some(column) = rows.first_chunk()
    {
        *to = *column;
        return;
    }
    let mut last = F::zero();
    let mut rows = rows.chunks_exact(len);
    for lane in to {
        last = rows.next().map_or(last, |row| row[k]);
        *lane = last;
    }
}

/// Puts the lanes of samples that count to the k-th numbers of rows.
#[inline(always)]
fn scatter<F: Real>(lanes: &[F; WIDTH], len: usize, k: usize, rows: &mut [F]) {
    // PERF: as above.
    if len == 1
        && let Some(column) = rows.first_chunk_mut()
    {
        *column = *lanes;
        return;
    }
    for (row, &number) in rows.chunks_exact_mut(len).zip(lanes) {
        row[k] = number;
    }
}

/// Some of the lanes, a bit for each.
#[derive(Clone, Copy)]
struct SomeLanes(u32);

impl SomeLanes {
    const NONE: Self = Self(0);

    const fn first(count: usize) -> Self {
        Self((1 << count) - 1)
    }

    const fn are_none(self) -> bool {
        self.0 == 0
    }

    #[inline(always)]
    const fn has(self, lane: usize) -> bool {
        self.0 >> lane & 1 != 0
    }

    const fn add(&mut self, lane: usize) {
        self.0 |= 1 << lane;
    }

    const fn but(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    fn lanes(self) -> impl Iterator<Item = usize> {
        (0..WIDTH).filter(move |&lane| self.has(lane))
    }

    /// Adds numbers to those of these lanes.
    #[inline(always)]
    fn add_to<F: Real>(self, sums: &mut Lanes<F>, numbers: Lanes<F>) {
        // PERF: nearly always of all.
        if self.0 == Self::first(WIDTH).0 {
            *sums += numbers;
            return;
        }
        for lane in self.lanes() {
            sums.0[lane] += numbers.0[lane];
        }
    }
}

impl<F: Real> Leaf<'_, F> {
    /// Evaluates the samples, and returns the sum of their first outputs.
    pub(super) fn run(
        &self,
        memory: &mut LaneSpace<F>,
        values: &mut [F],
        shared: &mut [F],
        rows: &mut [F],
    ) -> Result<F, Error> {
        self.task.function.arch.dispatch_narrow(Run { leaf: self, memory, values, shared, rows })
    }

    #[inline(always)]
    fn run_here(
        &self,
        memory: &mut LaneSpace<F>,
        values: &mut [F],
        shared: &mut [F],
        rows: &mut [F],
    ) -> Result<F, Error> {
        self.share(&mut memory.space);
        memory.space.begin_sweep::<F>();
        let mut sum = self.packs::<false>(memory, values, rows)?;
        // PERF: to the end, whatever is found: so it is vector code.
        let mut are_finite = true;
        for row in &*rows {
            are_finite &= num_traits::Float::is_finite(*row);
        }
        if !(self.take_shared(&mut memory.space, shared) && are_finite) {
            // Somewhere 0 met ∞, or a derivative is none: once more, looking.
            sum = self.packs::<true>(memory, values, rows)?;
            self.take_shared(&mut memory.space, shared);
        }
        memory.space.end_sweep();
        Ok(sum)
    }

    /// Puts what all samples share into all lanes.
    #[inline(always)]
    fn share(&self, space: &mut Space<Lanes<F>>) {
        let (inputs, data) = (self.task.batch.shared, self.task.function.num_variables());
        for (slot, &x) in space.slots.iter_mut().zip(inputs.variables) {
            *slot = Lanes::splat(x);
        }
        for (slot, &x) in space.slots[data..].iter_mut().zip(inputs.data) {
            *slot = Lanes::splat(x);
        }
    }

    /// Hands out the sums over the lanes of the shared variables' adjoints, leaves zeros, and
    /// tells whether all were finite.
    #[inline(always)]
    fn take_shared(&self, space: &mut Space<Lanes<F>>, shared: &mut [F]) -> bool {
        let mut are_finite = true;
        for (sum, adjoint) in shared.iter_mut().zip(&mut space.adjoints) {
            *sum = sum_of_lanes(std::mem::replace(adjoint, Lanes::zero()).0);
            are_finite &= num_traits::Float::is_finite(*sum);
        }
        are_finite
    }

    #[inline(always)]
    fn packs<const CAREFUL: bool>(
        &self,
        memory: &mut LaneSpace<F>,
        values: &mut [F],
        rows: &mut [F],
    ) -> Result<F, Error> {
        memory.sums = Lanes::zero();
        let mut local = 0;
        while local < self.samples {
            let count = WIDTH.min(self.samples - local);
            let pack = Pack { first: self.first + local, local, count };
            self.pack::<CAREFUL>(memory, pack, values, rows)?;
            local += WIDTH;
        }
        Ok(sum_of_lanes(memory.sums.0))
    }

    /// Evaluates a pack, and adds to each sum the first output of its lane, if that counts.
    #[inline(always)]
    fn pack<const CAREFUL: bool>(
        &self,
        memory: &mut LaneSpace<F>,
        pack: Pack,
        values: &mut [F],
        rows: &mut [F],
    ) -> Result<(), Error> {
        self.load(&mut memory.space, pack);
        let function = self.task.function;
        memory.space.run(&function.program, function.arch);
        let is_guarded = function.policy != Policy::Ignore && !function.program.guards.is_empty();
        let strays = if is_guarded { self.strays(&memory.space, pack)? } else { SomeLanes::NONE };
        self.check_calls(&memory.space, pack, strays)?;
        self.take_values(&memory.space, pack, values);
        let counting = SomeLanes::first(pack.count).but(strays);
        if let Some(&first) = function.program.outputs.first() {
            counting.add_to(&mut memory.sums, memory.space.slots[first as usize]);
        }
        for output in 0..self.task.swept_outputs() {
            self.sweep::<CAREFUL>(&mut memory.space, counting, output);
            self.take_rows(&mut memory.space, pack, output, rows);
        }
        if !strays.are_none() {
            for lane in strays.lanes() {
                let first = self.stray(memory, pack, lane, values, rows)?;
                memory.sums.0[lane] += first;
            }
        }
        Ok(())
    }

    /// Puts the samples' own inputs into their lanes.
    #[inline(always)]
    fn load(&self, space: &mut Space<Lanes<F>>, pack: Pack) {
        let Task { batch, rows, function, .. } = self.task;
        let variables = (batch.shared.variables.len(), batch.each.variables, rows.variables);
        let first_datum = function.num_variables() + batch.shared.data.len();
        let data = (first_datum, batch.each.data, rows.data);
        // PERF: no closure, which would be compiled without vectors.
        for (start, own, len) in [variables, data] {
            let rows = &own[pack.first * len..][..pack.count * len];
            for (k, slot) in space.slots[start..start + len].iter_mut().enumerate() {
                gather(rows, len, k, &mut slot.0);
            }
        }
    }

    /// The lanes that leave the path: an error, unless paths are recorded.
    fn strays(&self, space: &Space<Lanes<F>>, pack: Pack) -> Result<SomeLanes, Error> {
        let function = self.task.function;
        let mut strays = SomeLanes::NONE;
        for lane in 0..pack.count {
            let value = |slot: u32| space.slots[slot as usize].0[lane];
            if let Some((guard, now)) = first_failure(&function.program.guards, value) {
                if function.policy == Policy::Error {
                    let guard = &function.program.guards[guard];
                    let sample = Some(pack.sample(lane));
                    failed_before(&function.program, guard, &value)
                        .map_err(|error| error.in_sample(sample))?;
                    return Err(failure(guard, now, sample, None));
                }
                strays.add(lane);
            }
        }
        Ok(strays)
    }

    /// Whether all calls of users' operations succeeded, in lanes that count.
    fn check_calls(
        &self,
        space: &Space<Lanes<F>>,
        pack: Pack,
        strays: SomeLanes,
    ) -> Result<(), Error> {
        if self.task.function.program.calls.is_empty() {
            return Ok(());
        }
        (0..pack.count).filter(|&lane| !strays.has(lane)).try_for_each(|lane| {
            let value = |slot: u32| space.slots[slot as usize].0[lane];
            first_failed_call(&self.task.function.program, value, Some(pack.sample(lane)))
        })
    }

    /// Hands out the outputs.
    #[inline(always)]
    fn take_values(&self, space: &Space<Lanes<F>>, pack: Pack, values: &mut [F]) {
        let outputs = &self.task.function.program.outputs;
        if !values.is_empty() {
            let len = outputs.len();
            let rows = &mut values[pack.local * len..][..pack.count * len];
            for (k, &slot) in outputs.iter().enumerate() {
                scatter(&space.slots[slot as usize].0, len, k, rows);
            }
        }
    }

    /// A reverse sweep from one of the outputs, in the lanes that count.
    #[inline(always)]
    fn sweep<const CAREFUL: bool>(
        &self,
        space: &mut Space<Lanes<F>>,
        counting: SomeLanes,
        output: usize,
    ) {
        let (program, arch) = (&self.task.function.program, self.task.function.arch);
        let output = program.outputs[output] as usize;
        let value = space.slots[output];
        counting.add_to(&mut space.adjoints[output], Lanes::splat(F::one()).seeded(value));
        if CAREFUL {
            space.sweep_carefully(program, arch);
        } else {
            space.sweep(program, arch);
        }
    }

    /// Hands out the adjoints of what each sample has of its own, and leaves zeros.
    #[inline(always)]
    fn take_rows(&self, space: &mut Space<Lanes<F>>, pack: Pack, output: usize, rows: &mut [F]) {
        let (row, own) = (self.task.row(), self.task.own_variables());
        let variables = self.task.function.num_variables();
        let rows = &mut rows[pack.local * row..][..pack.count * row];
        for (k, adjoint) in space.adjoints[variables - own..variables].iter_mut().enumerate() {
            scatter(&adjoint.0, row, output * own + k, rows);
            *adjoint = Lanes::zero();
        }
    }

    /// Evaluates a sample by itself, on its own path.
    fn stray(
        &self,
        memory: &mut LaneSpace<F>,
        pack: Pack,
        lane: usize,
        values: &mut [F],
        rows: &mut [F],
    ) -> Result<F, Error> {
        let function = self.task.function;
        let single = memory.single.get_or_insert_with(|| Single::of(function));
        self.read_sample(pack.sample(lane), single);
        let Single { workspace, variables, data, outputs, derivatives } = single;
        let inputs = Inputs { variables, data };
        let (local, row) = (pack.local + lane, self.task.row());
        match self.task.derivatives {
            Derivatives::None => function.values(workspace, inputs, outputs)?,
            Derivatives::Apart => {
                let rows = &mut rows[local * row..][..row];
                function.values_and_jacobian(workspace, inputs, outputs, rows)?;
            }
            Derivatives::Summed => {
                outputs[0] = function.value_and_gradient(workspace, inputs, derivatives)?;
                let (sums, own) = derivatives.split_at(function.num_variables() - row);
                rows[local * row..][..row].copy_from_slice(own);
                for (adjoint, &flow) in memory.space.adjoints.iter_mut().zip(sums) {
                    adjoint.0[lane] += flow;
                }
            }
        }
        if !values.is_empty() {
            values[local * outputs.len()..][..outputs.len()].copy_from_slice(outputs);
        }
        Ok(outputs.first().copied().unwrap_or_else(F::zero))
    }

    /// Copies the inputs of a sample, shared and own.
    fn read_sample(&self, sample: usize, single: &mut Single<F>) {
        let Task { batch, rows, .. } = self.task;
        let copy = |to: &mut [F], shared: &[F], own: &[F], len: usize| {
            to[..shared.len()].copy_from_slice(shared);
            to[shared.len()..].copy_from_slice(&own[sample * len..][..len]);
        };
        let (shared, each) = (batch.shared, batch.each);
        copy(&mut single.variables, shared.variables, each.variables, rows.variables);
        copy(&mut single.data, shared.data, each.data, rows.data);
    }
}

/// A leaf's evaluation, as it is compiled for each set of instructions.
struct Run<'a, 'l, F: Real> {
    leaf: &'a Leaf<'l, F>,
    memory: &'a mut LaneSpace<F>,
    values: &'a mut [F],
    shared: &'a mut [F],
    rows: &'a mut [F],
}

impl<F: Real> Vectorized for Run<'_, '_, F> {
    type Output = Result<F, Error>;
    #[inline(always)]
    fn run(self) -> Self::Output {
        self.leaf.run_here(self.memory, self.values, self.shared, self.rows)
    }
}

impl<F: Real> Single<F> {
    fn of(function: &crate::function::Function<F>) -> Self {
        let zeros = |len| vec![F::zero(); len];
        Self {
            workspace: function.workspace(),
            variables: zeros(function.num_variables()),
            data: zeros(function.num_data()),
            outputs: zeros(function.num_outputs()),
            derivatives: zeros(function.num_variables()),
        }
    }
}
