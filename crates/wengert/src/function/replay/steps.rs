//! A program evaluated step after step, where each step's state is what the step before computed.
//!
//! A run of steps is one evaluation: its inputs lie ready in the order of the steps, and between
//! two steps nothing happens but that numbers are copied. Where the values of steps are kept for a
//! sweep, each step is evaluated in slots of its own, and swept there. What that costs is in
//! docs/BENCHMARKS.md.

use super::space::{Space, padding};
use super::{forward, reverse};
use crate::error::Error;
use crate::function::element::lanes::Lanes;
use crate::function::element::sample::Sample;
use crate::function::element::{Element, Entry};
use crate::function::evaluate::guards::{failed_before, first_failed_call, first_failure};
use crate::function::program::Program;
use crate::instructions::Arch;
use crate::scalar::Real;
use crate::store::{AHEAD, prefetch};
use std::ops::Range;

/// What the inputs and outputs of a step's program are. Variables are those that all steps share,
/// then the state, then those that each step has of its own. Outputs are the next state, then what
/// the step hands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::function) struct Shape {
    pub(in crate::function) shared: usize,
    pub(in crate::function) state: usize,
    pub(in crate::function) variables: usize,
    pub(in crate::function) data: usize,
    pub(in crate::function) outputs: usize,
    /// Whether outputs are summed over the steps.
    pub(in crate::function) is_summed: bool,
    /// The steps that the program makes, one after the other: then there are rows of variables,
    /// of data and of outputs, all of which are counted above.
    pub(in crate::function) steps: usize,
}

impl Shape {
    /// The shape of a program that makes so many steps of this one.
    pub(in crate::function) const fn of_steps(self, steps: usize) -> Self {
        Self {
            variables: steps * self.variables,
            data: steps * self.data,
            outputs: steps * self.outputs,
            steps,
            ..self
        }
    }

    /// How many sums there are of outputs.
    const fn sums(self) -> usize {
        self.outputs / self.steps
    }

    /// The slots of the state.
    #[inline(always)]
    pub(in crate::function) const fn state(self) -> Range<usize> {
        self.shared..self.shared + self.state
    }

    /// The slots of a step's own variables.
    #[inline(always)]
    pub(in crate::function) const fn variables(self) -> Range<usize> {
        let start = self.shared + self.state;
        start..start + self.variables
    }

    /// The slots of a step's data.
    #[inline(always)]
    pub(in crate::function) const fn data(self) -> Range<usize> {
        let start = self.shared + self.state + self.variables;
        start..start + self.data
    }

    /// The most steps of one run: what lies ready for it stays in the first cache.
    pub(in crate::function) const fn longest_run(self) -> usize {
        let outputs = if self.is_summed { 0 } else { self.outputs };
        match self.variables + self.data + outputs {
            0 => 256,
            row if row > 256 => 1,
            row if row < 2 => 256,
            row => 512 / row,
        }
    }

    /// The elements of [`Steps`] beside its space and its store.
    const fn buffers(self) -> usize {
        let outputs = if self.is_summed { 0 } else { self.outputs };
        let row = self.variables + self.data + outputs;
        2 * self.state + self.sums() + self.longest_run() * row
    }
}

/// What is kept of a step until it is swept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::function) enum Kept {
    /// All values that its sweep wants.
    Values,
    /// The state before it, from which it is evaluated again.
    State,
}

impl Kept {
    /// The elements of a record.
    pub(in crate::function) fn record<F: Real, E: Element<F>>(
        self,
        program: &Program<F>,
        shape: Shape,
    ) -> usize {
        match self {
            Self::Values => slots::<F, E>(program, shape) + program.saved,
            Self::State => shape.state,
        }
    }
}

/// Whether an evaluation works in the record of its values. Where much of that would be what all
/// steps share, which would lie in each of them, the rest is copied into the record instead, and
/// out again for the sweep. PERF: what is kept of a long loop lies in memory.
const fn works_in_records<F>(program: &Program<F>, shape: Shape) -> bool {
    4 * shape.shared < program.slots
}

/// The slots of a record of all values.
fn slots<F: Real, E: Element<F>>(program: &Program<F>, shape: Shape) -> usize {
    if works_in_records(program, shape) {
        program.slots + padding::<F, E>(program)
    } else {
        program.slots - shape.shared
    }
}

/// What the next run does.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::function) struct Run {
    pub(in crate::function) steps: usize,
    /// The number of the record of its first step, where records are kept.
    pub(in crate::function) record: Option<usize>,
    /// Whether its outputs are wanted.
    pub(in crate::function) hands_out: bool,
    /// How many lanes have guards to be looked at.
    pub(in crate::function) guarded: usize,
}

/// Where a run of steps ended early, and why.
#[derive(Clone, Debug)]
pub(in crate::function) struct Failure<F> {
    /// Counted within the run, one by one.
    pub(in crate::function) step: usize,
    pub(in crate::function) lane: usize,
    pub(in crate::function) reason: Reason<F>,
}

/// Why a step has no values.
#[derive(Clone, Debug)]
pub(in crate::function) enum Reason<F> {
    /// A guard came out differently: its number among those of a step, and its operands now.
    Guard(usize, (F, F)),
    /// A user's operation failed.
    Call(Error),
}

/// Memory for a loop over a program.
#[derive(Clone, Debug)]
pub(in crate::function) struct Steps<E: Entry> {
    pub(in crate::function) shape: Shape,
    pub(in crate::function) run: Run,
    pub(in crate::function) space: Space<E>,
    /// The next state, before it takes the place of the present one.
    next: Vec<E>,
    /// The adjoint of the state behind a step, then of that before it.
    pub(in crate::function) adjoint: Vec<E>,
    /// The steps' own variables, and after a sweep their adjoints.
    pub(in crate::function) variables: Vec<E>,
    pub(in crate::function) data: Vec<E>,
    /// What the steps hand out, and for a sweep the weights of that.
    pub(in crate::function) outputs: Vec<E>,
    /// The sums of what the steps hand out, and for a sweep the weights of those.
    pub(in crate::function) sums: Vec<E>,
    /// The records of a block of steps, then the states at checkpoints.
    pub(in crate::function) store: Vec<E>,
    pub(in crate::function) kept: Kept,
    /// The elements of a record.
    pub(in crate::function) record: usize,
    /// Those of all values that are slots, before what operations save.
    slots: usize,
    /// Whether an evaluation works in the record of its values, or is copied into it.
    works_in_records: bool,
    /// How many records before it gets there an evaluation or a sweep asks for one.
    ahead: usize,
}

impl<E: Entry> Steps<E> {
    /// Memory with a store of zeros, of which the first are so many records, one at least.
    pub(in crate::function) fn new<F: Real>(
        program: &Program<F>,
        shape: Shape,
        kept: Kept,
        mut store: Vec<E>,
        records: usize,
    ) -> Self
    where
        E: Element<F>,
    {
        let zeros = |len| vec![E::zero(); len];
        let (run, record) = (shape.longest_run(), kept.record::<F, E>(program, shape));
        let space = Space::of(program);
        let constants = program.inputs()..program.first_result();
        let works_in_records = works_in_records(program, shape);
        if kept == Kept::Values && works_in_records {
            for record in store.chunks_exact_mut(record.max(1)).take(records) {
                record[constants.clone()].copy_from_slice(&space.slots[constants.clone()]);
            }
        }
        Self {
            shape,
            run: Run::default(),
            space,
            next: zeros(shape.state),
            adjoint: zeros(shape.state),
            variables: zeros(run * shape.variables),
            data: zeros(run * shape.data),
            outputs: zeros(if shape.is_summed { 0 } else { run * shape.outputs }),
            sums: zeros(shape.sums()),
            store,
            kept,
            record,
            slots: slots::<F, E>(program, shape),
            works_in_records,
            ahead: (AHEAD / record.max(1)).max(1),
        }
    }

    /// The bytes that [`Steps::new`] takes from the heap, with a store of one record and so many
    /// elements beside.
    pub(in crate::function) fn bytes<F: Real>(
        program: &Program<F>,
        shape: Shape,
        kept: Kept,
        capacity: usize,
    ) -> usize
    where
        E: Element<F>,
    {
        let elements = shape.buffers() + kept.record::<F, E>(program, shape) + capacity;
        Space::<E>::bytes(program) + elements * size_of::<E>()
    }
}

/// How steps of one program go on from those of another.
impl<E: Entry> Steps<E> {
    /// Takes what all steps share, the state and the sums from the steps before.
    pub(in crate::function) fn go_on_from(&mut self, before: &Self) {
        let inputs = ..self.shape.shared + self.shape.state;
        self.space.slots[inputs].copy_from_slice(&before.space.slots[inputs]);
        self.sums.copy_from_slice(&before.sums);
    }

    /// Takes the adjoints from the steps behind, in which zeros are left, and the weights of sums.
    pub(in crate::function) fn sweep_on_from<F>(&mut self, behind: &mut Self)
    where
        E: Element<F>,
    {
        let shared = ..self.shape.shared;
        self.space.adjoints[shared].copy_from_slice(&behind.space.adjoints[shared]);
        behind.space.adjoints[shared].fill(E::zero());
        self.adjoint.copy_from_slice(&behind.adjoint);
        self.sums.copy_from_slice(&behind.sums);
    }

    /// Puts what all steps share into the first records, where those are of all values.
    pub(in crate::function) fn share(&mut self, records: usize) {
        if self.kept == Kept::State || !self.works_in_records {
            return;
        }
        let shared = &self.space.slots[..self.shape.shared];
        for number in 0..records {
            copy(&mut self.store[number * self.record..][..shared.len()], shared);
        }
    }
}

/// Asks for the memory of a record, which is written or read as a whole, line by line of the cache.
#[inline(always)]
fn fetch<E>(store: &[E], record: usize, number: usize) {
    let in_a_line = const { 64 / size_of::<E>() };
    if in_a_line == 0 {
        return;
    }
    let first = number.wrapping_mul(record);
    for item in (0..record).step_by(in_a_line) {
        prefetch(store, first.wrapping_add(item));
    }
}

/// Copies numbers between places that lie apart. PERF: a call for a few numbers costs as much as
/// an operation or two; so those are two halves that overlap.
#[inline(always)]
fn copy<E: Copy>(to: &mut [E], from: &[E]) {
    match to.len() {
        0 => {}
        1 => to[0] = from[0],
        2..4 => copy_ends::<E, 2>(to, from),
        4..8 => copy_ends::<E, 4>(to, from),
        8..=16 => copy_ends::<E, 8>(to, from),
        _ => to.copy_from_slice(from),
    }
}

/// Copies the first and the last `N` of `N` to 2 `N` numbers.
#[inline(always)]
fn copy_ends<E: Copy, const N: usize>(to: &mut [E], from: &[E]) {
    if let (Some(first), Some(last)) = (from.first_chunk::<N>(), from.last_chunk::<N>()) {
        if let Some(to) = to.first_chunk_mut() {
            *to = *first;
        }
        if let Some(to) = to.last_chunk_mut() {
            *to = *last;
        }
    }
}

impl<E: Entry> Steps<E> {
    /// Evaluates the steps of a run, until a guard or a call fails.
    #[inline(always)]
    fn forward<F: Real>(
        &mut self,
        program: &Program<F>,
        arch: Arch,
        evaluate: impl Fn(forward::Memory<'_, E>),
    ) -> Option<Failure<F>>
    where
        E: Sample<F>,
    {
        let (shape, run) = (self.shape, self.run);
        let guarded = if program.guards.is_empty() { 0 } else { run.guarded };
        // What is evaluated again did not fail before.
        let has_calls = run.hands_out && !program.calls.is_empty();
        let of_kind = |kind| run.record.filter(|_| self.kept == kind);
        let (values, states) = (of_kind(Kept::Values), of_kind(Kept::State));
        let (place, copied) = if self.works_in_records { (values, None) } else { (None, values) };
        for step in 0..run.steps {
            let Self { space, store, variables, data, next, .. } = self;
            if let Some(first) = states {
                let record = &mut store[(first + step) * self.record..][..self.record];
                copy(record, &space.slots[shape.state()]);
            }
            let memory = match place {
                None => space.forward_memory(arch),
                Some(first) => {
                    fetch(store, self.record, first + step + self.ahead);
                    let record = &mut store[(first + step) * self.record..][..self.record];
                    let (slots, saved) = record.split_at_mut(self.slots);
                    copy(&mut slots[shape.state()], &space.slots[shape.state()]);
                    forward::Memory { slots, saved, ..space.forward_memory(arch) }
                }
            };
            let row = |len: usize| step * len..(step + 1) * len;
            copy(&mut memory.slots[shape.variables()], &variables[row(shape.variables)]);
            copy(&mut memory.slots[shape.data()], &data[row(shape.data)]);
            evaluate(memory);
            if let Some(first) = copied {
                fetch(store, self.record, first + step + self.ahead);
                let record = &mut store[(first + step) * self.record..][..self.record];
                let (slots, saved) = record.split_at_mut(self.slots);
                slots.copy_from_slice(&space.slots[shape.shared..][..slots.len()]);
                saved.copy_from_slice(&space.saved);
            }
            let slots = match place {
                None => &space.slots[..],
                Some(first) => &store[(first + step) * self.record..][..self.slots],
            };
            if guarded > 0
                && let Some(failure) = failure(shape.steps, step, program, guarded, slots)
            {
                return Some(failure);
            }
            if has_calls && let Some(failure) = failed_call(step, program, slots) {
                return Some(failure);
            }
            for (next, &slot) in next.iter_mut().zip(&program.outputs) {
                *next = slots[slot as usize];
            }
            if run.hands_out {
                hand_out(shape, step, program, slots, &mut self.sums, &mut self.outputs);
            }
            copy(&mut space.slots[shape.state()], next);
        }
        None
    }

    /// Sweeps the steps of a run, from its last to its first, over the values that were kept.
    #[inline(always)]
    fn reverse<F: Real>(
        &mut self,
        program: &Program<F>,
        arch: Arch,
        sweep: impl Fn(reverse::Memory<'_, E>),
    ) where
        E: Sample<F>,
    {
        let (shape, run) = (self.shape, self.run);
        for step in (0..run.steps).rev() {
            let number = run.record.unwrap_or(0) + step;
            fetch(&self.store, self.record, number.wrapping_sub(self.ahead));
            let record = &self.store[number * self.record..][..self.record];
            let (slots, saved) = record.split_at(self.slots);
            if !self.works_in_records {
                self.space.slots[shape.shared..][..slots.len()].copy_from_slice(slots);
                self.space.saved.copy_from_slice(saved);
            }
            let mut memory = self.space.reverse_memory(arch);
            if self.works_in_records {
                memory = reverse::Memory { slots, saved, ..memory };
            }
            let weights = match shape.is_summed {
                true => &self.sums[..],
                false => &self.outputs[step * shape.outputs..][..shape.outputs],
            };
            seed(shape, program, memory.slots, [&self.adjoint, weights], memory.adjoints);
            sweep(memory);
            let adjoints = &mut self.space.adjoints;
            take(&mut self.adjoint, &mut adjoints[shape.state()]);
            let own = step * shape.variables..(step + 1) * shape.variables;
            take(&mut self.variables[own], &mut adjoints[shape.variables()]);
        }
    }
}

/// The first guard that fails in one of the first lanes, of the first step in which one does. The
/// program makes so many steps at once.
#[inline(always)]
fn failure<F: Real, E: Sample<F>>(
    steps: usize,
    at: usize,
    program: &Program<F>,
    lanes: usize,
    slots: &[E],
) -> Option<Failure<F>> {
    let count = program.guards.len() / steps;
    (0..steps).find_map(|number| {
        let guards = &program.guards[number * count..(number + 1) * count];
        (0..lanes).find_map(|lane| {
            let slot = |slot: u32| slots[slot as usize].number(lane);
            let (guard, now) = first_failure(guards, slot)?;
            let reason = match failed_before(program, &guards[guard], &slot) {
                Ok(()) => Reason::Guard(guard, now),
                Err(error) => Reason::Call(error),
            };
            Some(Failure { step: at * steps + number, lane, reason })
        })
    })
}

/// The first lane in which a user's operation failed. Programs of several steps have none.
#[inline(never)]
fn failed_call<F: Real, E: Sample<F>>(
    step: usize,
    program: &Program<F>,
    slots: &[E],
) -> Option<Failure<F>> {
    (0..E::LANES).find_map(|lane| {
        let slot = |slot: u32| slots[slot as usize].number(lane);
        let error = first_failed_call(program, slot, None).err()?;
        Some(Failure { step, lane, reason: Reason::Call(error) })
    })
}

/// Hands out what a step gives beside the next state.
#[inline(always)]
fn hand_out<F: Real, E: Element<F>>(
    shape: Shape,
    step: usize,
    program: &Program<F>,
    slots: &[E],
    sums: &mut [E],
    outputs: &mut [E],
) {
    let given = &program.outputs[shape.state..];
    if shape.is_summed {
        for of_step in given.chunks_exact(sums.len().max(1)) {
            for (sum, &slot) in sums.iter_mut().zip(of_step) {
                *sum += slots[slot as usize];
            }
        }
    } else {
        for (output, &slot) in outputs[step * shape.outputs..].iter_mut().zip(given) {
            *output = slots[slot as usize];
        }
    }
}

/// Puts the adjoints of a step's outputs in place: those of the next state, and the weights of what
/// it handed out.
#[inline(always)]
fn seed<F: Real, E: Sample<F>>(
    shape: Shape,
    program: &Program<F>,
    slots: &[E],
    [state, weights]: [&[E]; 2],
    adjoints: &mut [E],
) {
    for (&adjoint, &slot) in state.iter().zip(&program.outputs) {
        adjoints[slot as usize] += adjoint;
    }
    for of_step in program.outputs[shape.state..].chunks_exact(weights.len().max(1)) {
        for (&weight, &slot) in weights.iter().zip(of_step) {
            adjoints[slot as usize] += weight.seeded(slots[slot as usize]);
        }
    }
}

/// Takes adjoints away, and leaves zeros.
#[inline(always)]
fn take<F: Real, E: Element<F>>(to: &mut [E], from: &mut [E]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = std::mem::replace(from, E::zero());
    }
}

/// The runs, of numbers and of samples side by side. What they do beside evaluations is compiled
/// once, for no instruction set in particular.
macro_rules! runs {
    ($($element:ty,)*) => {$(
        impl<F: Real> Steps<$element> {
            pub(in crate::function) fn run(
                &mut self,
                program: &Program<F>,
                arch: Arch,
            ) -> Option<Failure<F>> {
                self.forward(program, arch, |memory| Space::<$element>::run_in(memory, program))
            }

            pub(in crate::function) fn sweep(&mut self, program: &Program<F>, arch: Arch) {
                self.reverse(program, arch, |memory| Space::<$element>::sweep_in(memory, program));
            }

            pub(in crate::function) fn sweep_carefully(&mut self, program: &Program<F>, arch: Arch) {
                let sweep = |memory: reverse::Memory<'_, _>| Space::<$element>::sweep_carefully_in(memory, program);
                self.reverse(program, arch, sweep);
            }
        }
    )*};
}
runs!(F, Lanes<F>,);
