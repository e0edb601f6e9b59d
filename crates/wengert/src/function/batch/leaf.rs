//! A chunk of samples: through the program side by side, summed in their order.

use super::pool::{LaneSpace, Single};
use super::task::Task;
use super::{Derivatives, sum_of_lanes};
use crate::error::Error;
use crate::function::compiled;
use crate::function::element::Element;
use crate::function::element::arrays::array;
use crate::function::element::lanes::{Lanes, WIDTH};
use crate::function::element::sample::Sample;
use crate::function::evaluate::guards::{failed_before, failure, first_failed_call, first_failure};
use crate::function::replay::space::Space;
use crate::function::{Inputs, Policy};
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
    /// The numbers of lanes that count, and zeros.
    #[inline]
    fn counting<F: Real>(self, mut lanes: Lanes<F>) -> Lanes<F> {
        // PERF: known lengths, for all packs but the last.
        if self.count < WIDTH {
            lanes.0[self.count..].fill(F::zero());
        }
        lanes
    }

    /// The sample of a lane.
    const fn sample(self, lane: usize) -> usize {
        self.first + if lane < self.count { lane } else { self.count - 1 }
    }
}

/// The k-th numbers of rows, one for each sample that counts; other lanes repeat the last.
#[inline]
fn column<F: Real>(rows: &[F], len: usize, k: usize) -> [F; WIDTH] {
    // PERF: known lengths, for all packs but the last.
    if len == 1
        && let Some(column) = rows.first_chunk()
    {
        return *column;
    }
    let last = rows.len() - len + k;
    array(
        #[inline(always)]
        |lane| rows[(lane * len + k).min(last)],
    )
}

/// Lanes of which the path is another than the program's.
type Strays = [bool; WIDTH];

const NO_STRAYS: Strays = [false; WIDTH];

impl<F: Real> Leaf<'_, F> {
    /// Evaluates the samples, and returns the sum of their first outputs.
    pub(super) fn run(
        &self,
        memory: &mut LaneSpace<F>,
        values: &mut [F],
        shared: &mut [F],
        rows: &mut [F],
    ) -> Result<F, Error> {
        self.share(&mut memory.space);
        memory.space.begin_sweep::<F>();
        let mut sum = self.packs::<false>(memory, values, rows)?;
        let are_finite = rows.iter().all(|row| num_traits::Float::is_finite(*row));
        if !(self.take_shared(&mut memory.space, shared) && are_finite) {
            // Somewhere 0 met ∞, or a derivative is none: once more, looking.
            sum = self.packs::<true>(memory, values, rows)?;
            self.take_shared(&mut memory.space, shared);
        }
        memory.space.end_sweep();
        Ok(sum)
    }

    /// Puts what all samples share into all lanes.
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
    fn take_shared(&self, space: &mut Space<Lanes<F>>, shared: &mut [F]) -> bool {
        let mut are_finite = true;
        for (sum, adjoint) in shared.iter_mut().zip(&mut space.adjoints) {
            *sum = sum_of_lanes(std::mem::replace(adjoint, Lanes::zero()).0);
            are_finite &= num_traits::Float::is_finite(*sum);
        }
        are_finite
    }

    fn packs<const CAREFUL: bool>(
        &self,
        memory: &mut LaneSpace<F>,
        values: &mut [F],
        rows: &mut [F],
    ) -> Result<F, Error> {
        let mut sum = Lanes::zero();
        for local in (0..self.samples).step_by(WIDTH) {
            let count = WIDTH.min(self.samples - local);
            let pack = Pack { first: self.first + local, local, count };
            sum += self.pack::<CAREFUL>(memory, pack, values, rows)?;
        }
        Ok(sum_of_lanes(sum.0))
    }

    /// Evaluates a pack, and returns the first outputs, zero in lanes that do not count.
    fn pack<const CAREFUL: bool>(
        &self,
        memory: &mut LaneSpace<F>,
        pack: Pack,
        values: &mut [F],
        rows: &mut [F],
    ) -> Result<Lanes<F>, Error> {
        self.load(&mut memory.space, pack);
        let function = self.task.function;
        compiled::run_lanes(&mut memory.space, &function.program, function.arch);
        let strays = self.strays(&memory.space, pack)?;
        self.check_calls(&memory.space, pack, strays)?;
        let mut firsts = self.values(&memory.space, pack, values);
        for output in 0..self.task.swept_outputs() {
            self.sweep::<CAREFUL>(&mut memory.space, pack, strays, output);
            self.take_rows(&mut memory.space, pack, output, rows);
        }
        if strays != NO_STRAYS {
            for lane in (0..pack.count).filter(|&lane| strays[lane]) {
                firsts.0[lane] = self.stray(memory, pack, lane, values, rows)?;
            }
        }
        Ok(firsts)
    }

    /// Puts the samples' own inputs into their lanes.
    fn load(&self, space: &mut Space<Lanes<F>>, pack: Pack) {
        let Task { batch, rows, function, .. } = self.task;
        let mut put = |start: usize, own: &[F], len: usize| {
            let rows = &own[pack.first * len..][..pack.count * len];
            for (k, slot) in space.slots[start..start + len].iter_mut().enumerate() {
                *slot = Lanes(column(rows, len, k));
            }
        };
        put(batch.shared.variables.len(), batch.each.variables, rows.variables);
        put(function.num_variables() + batch.shared.data.len(), batch.each.data, rows.data);
    }

    /// The lanes that leave the path: an error, unless paths are recorded or ignored.
    fn strays(&self, space: &Space<Lanes<F>>, pack: Pack) -> Result<Strays, Error> {
        let function = self.task.function;
        let mut strays = NO_STRAYS;
        if function.policy == Policy::Ignore || function.program.guards.is_empty() {
            return Ok(strays);
        }
        for (lane, stray) in strays.iter_mut().enumerate().take(pack.count) {
            let value = |slot: u32| space.slots[slot as usize].0[lane];
            if let Some((guard, now)) = first_failure(&function.program.guards, value) {
                if function.policy == Policy::Error {
                    let guard = &function.program.guards[guard];
                    let sample = Some(pack.sample(lane));
                    failed_before(&function.program, guard, &value)
                        .map_err(|error| error.in_sample(sample))?;
                    return Err(failure(guard, now, sample, None));
                }
                *stray = true;
            }
        }
        Ok(strays)
    }

    /// Whether all calls of users' operations succeeded, in lanes that count.
    fn check_calls(
        &self,
        space: &Space<Lanes<F>>,
        pack: Pack,
        strays: Strays,
    ) -> Result<(), Error> {
        if self.task.function.program.calls.is_empty() {
            return Ok(());
        }
        (0..pack.count).filter(|&lane| !strays[lane]).try_for_each(|lane| {
            let value = |slot: u32| space.slots[slot as usize].0[lane];
            first_failed_call(&self.task.function.program, value, Some(pack.sample(lane)))
        })
    }

    /// Hands out the outputs, and returns the first.
    fn values(&self, space: &Space<Lanes<F>>, pack: Pack, values: &mut [F]) -> Lanes<F> {
        let outputs = &self.task.function.program.outputs;
        if !values.is_empty() {
            let rows = values[pack.local * outputs.len()..].chunks_mut(outputs.len());
            for (lane, row) in rows.take(pack.count).enumerate() {
                for (value, &slot) in row.iter_mut().zip(outputs) {
                    *value = space.slots[slot as usize].0[lane];
                }
            }
        }
        let first = outputs.first().map_or(Lanes::zero(), |&slot| space.slots[slot as usize]);
        pack.counting(first)
    }

    /// A reverse sweep from one of the outputs.
    fn sweep<const CAREFUL: bool>(
        &self,
        space: &mut Space<Lanes<F>>,
        pack: Pack,
        strays: Strays,
        output: usize,
    ) {
        let (program, arch) = (&self.task.function.program, self.task.function.arch);
        let output = program.outputs[output] as usize;
        let value = space.slots[output];
        let mut seeds = pack.counting(Lanes::splat(F::one()).seeded(value));
        if strays != NO_STRAYS {
            let of_strays = seeds.0.iter_mut().zip(strays).filter(|(_, is_stray)| *is_stray);
            of_strays.for_each(|(seed, _)| *seed = F::zero());
        }
        space.adjoints[output] += seeds;
        if CAREFUL {
            compiled::sweep_lanes_carefully(space, program, arch);
        } else {
            compiled::sweep_lanes(space, program, arch);
        }
    }

    /// Hands out the adjoints of what each sample has of its own, and leaves zeros.
    fn take_rows(&self, space: &mut Space<Lanes<F>>, pack: Pack, output: usize, rows: &mut [F]) {
        let (row, own) = (self.task.row(), self.task.own_variables());
        let variables = self.task.function.num_variables();
        for (k, adjoint) in space.adjoints[variables - own..variables].iter_mut().enumerate() {
            let lanes = std::mem::replace(adjoint, Lanes::zero()).0;
            let entries = rows[pack.local * row + output * own + k..].iter_mut().step_by(row);
            for (entry, &adjoint) in entries.zip(&lanes[..pack.count]) {
                *entry = adjoint;
            }
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
