//! A program evaluated step after step, where each step's state is what the step before computed.
//!
//! A run of steps is one evaluation: its inputs lie ready in the order of the steps, and between
//! two steps nothing happens but that numbers are copied. What that costs is in docs/BENCHMARKS.md.

use super::space::Space;
use crate::error::Error;
use crate::function::element::Element;
use crate::function::element::lanes::Lanes;
use crate::function::element::sample::Sample;
use crate::function::evaluate::guards::{failed_before, first_failed_call, first_failure};
use crate::function::program::Program;
use crate::scalar::Real;
use pulp::Arch;
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
    const fn variables(self) -> Range<usize> {
        let start = self.shared + self.state;
        start..start + self.variables
    }

    /// The slots of a step's data.
    #[inline(always)]
    const fn data(self) -> Range<usize> {
        let start = self.shared + self.state + self.variables;
        start..start + self.data
    }

    /// The elements that a step's sweep wants of its evaluation: all but what no step changes.
    pub(in crate::function) fn record<F>(self, program: &Program<F>) -> usize {
        program.inputs() - self.shared + program.operations() + program.saved
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
pub(in crate::function) struct Steps<E> {
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
    /// The elements of a record.
    pub(in crate::function) record: usize,
}

impl<E> Steps<E> {
    /// Memory with a store of zeros, for a record at least.
    pub(in crate::function) fn new<F: Real>(
        program: &Program<F>,
        shape: Shape,
        store: Vec<E>,
    ) -> Self
    where
        E: Element<F>,
    {
        let zeros = |len| vec![E::zero(); len];
        let (run, record) = (shape.longest_run(), shape.record(program));
        Self {
            shape,
            run: Run::default(),
            space: Space::of(program),
            next: zeros(shape.state),
            adjoint: zeros(shape.state),
            variables: zeros(run * shape.variables),
            data: zeros(run * shape.data),
            outputs: zeros(if shape.is_summed { 0 } else { run * shape.outputs }),
            sums: zeros(shape.sums()),
            store,
            record,
        }
    }

    /// The bytes that [`Steps::new`] takes from the heap, with a store of one record and so many
    /// elements beside.
    pub(in crate::function) fn bytes<F>(
        program: &Program<F>,
        shape: Shape,
        capacity: usize,
    ) -> usize {
        let elements = shape.buffers() + shape.record(program) + capacity;
        Space::<E>::bytes(program) + elements * size_of::<E>()
    }
}

/// How steps of one program go on from those of another.
impl<E: Copy> Steps<E> {
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

impl<E: Copy> Steps<E> {
    /// Evaluates the steps of a run, until a guard or a call fails.
    #[inline(always)]
    fn forward<F: Real>(
        &mut self,
        program: &Program<F>,
        evaluate: impl Fn(&mut Space<E>),
    ) -> Option<Failure<F>>
    where
        E: Sample<F>,
    {
        let (shape, run) = (self.shape, self.run);
        let guarded = if program.guards.is_empty() { 0 } else { run.guarded };
        // What is evaluated again did not fail before.
        let has_calls = run.hands_out && !program.calls.is_empty();
        for step in 0..run.steps {
            self.load(step);
            evaluate(&mut self.space);
            if guarded > 0
                && let Some(failure) = self.failure(step, program, guarded)
            {
                return Some(failure);
            }
            if has_calls && let Some(failure) = self.failed_call(step, program) {
                return Some(failure);
            }
            if let Some(first) = run.record {
                self.keep(first + step, program);
            }
            if run.hands_out {
                self.hand_out(step, program);
            }
            for (next, &slot) in self.next.iter_mut().zip(&program.outputs) {
                *next = self.space.slots[slot as usize];
            }
            copy(&mut self.space.slots[shape.state()], &self.next);
        }
        None
    }

    /// Puts what a step has of its own into its slots.
    #[inline(always)]
    fn load(&mut self, step: usize) {
        let (shape, slots) = (self.shape, &mut self.space.slots);
        let row = |len: usize| step * len..(step + 1) * len;
        copy(&mut slots[shape.variables()], &self.variables[row(shape.variables)]);
        copy(&mut slots[shape.data()], &self.data[row(shape.data)]);
    }

    /// The first guard that fails in one of the first lanes, of the first step in which one does.
    #[inline(always)]
    fn failure<F: Real>(&self, at: usize, program: &Program<F>, lanes: usize) -> Option<Failure<F>>
    where
        E: Sample<F>,
    {
        let steps = self.shape.steps;
        let count = program.guards.len() / steps;
        (0..steps).find_map(|number| {
            let guards = &program.guards[number * count..(number + 1) * count];
            (0..lanes).find_map(|lane| {
                let slot = |slot: u32| self.space.slots[slot as usize].number(lane);
                let (guard, now) = first_failure(guards, slot)?;
                let reason = match failed_before(program, &guards[guard], slot) {
                    Ok(()) => Reason::Guard(guard, now),
                    Err(error) => Reason::Call(error),
                };
                Some(Failure { step: at * steps + number, lane, reason })
            })
        })
    }

    /// The first lane in which a user's operation failed. Programs of several steps have none.
    #[inline(never)]
    fn failed_call<F: Real>(&self, step: usize, program: &Program<F>) -> Option<Failure<F>>
    where
        E: Sample<F>,
    {
        (0..E::LANES).find_map(|lane| {
            let slot = |slot: u32| self.space.slots[slot as usize].number(lane);
            let error = first_failed_call(program, slot, None).err()?;
            Some(Failure { step, lane, reason: Reason::Call(error) })
        })
    }

    /// Keeps the values of the step that was evaluated.
    #[inline(always)]
    fn keep<F>(&mut self, number: usize, program: &Program<F>) {
        let Self { shape, space, store, record, .. } = self;
        let record = &mut store[number * *record..(number + 1) * *record];
        let (inputs, rest) = record.split_at_mut(program.inputs() - shape.shared);
        let (results, saved) = rest.split_at_mut(program.operations());
        copy(inputs, &space.slots[shape.shared..program.inputs()]);
        copy(results, &space.slots[program.first_result()..program.slots]);
        copy(saved, &space.saved);
    }

    /// The values of a step that was evaluated before.
    #[inline(always)]
    fn recall<F>(&mut self, number: usize, program: &Program<F>) {
        let Self { shape, space, store, record, .. } = self;
        let record = &store[number * *record..(number + 1) * *record];
        let (inputs, rest) = record.split_at(program.inputs() - shape.shared);
        let (results, saved) = rest.split_at(program.operations());
        copy(&mut space.slots[shape.shared..program.inputs()], inputs);
        copy(&mut space.slots[program.first_result()..program.slots], results);
        copy(&mut space.saved, saved);
    }

    #[inline(always)]
    fn hand_out<F: Real>(&mut self, step: usize, program: &Program<F>)
    where
        E: Element<F>,
    {
        let Shape { state, outputs, is_summed, .. } = self.shape;
        let slots = &program.outputs[state..];
        let value = |&slot: &u32| self.space.slots[slot as usize];
        if is_summed {
            for slots in slots.chunks_exact(self.sums.len().max(1)) {
                for (sum, slot) in self.sums.iter_mut().zip(slots) {
                    *sum += value(slot);
                }
            }
        } else {
            for (output, slot) in self.outputs[step * outputs..].iter_mut().zip(slots) {
                *output = value(slot);
            }
        }
    }

    /// Sweeps the steps of a run, from its last to its first, over the values that were kept.
    #[inline(always)]
    fn reverse<F: Real>(&mut self, program: &Program<F>, sweep: impl Fn(&mut Space<E>))
    where
        E: Sample<F>,
    {
        let (shape, run) = (self.shape, self.run);
        for step in (0..run.steps).rev() {
            self.recall(run.record.unwrap_or(0) + step, program);
            self.seed(step, program);
            sweep(&mut self.space);
            let adjoints = &mut self.space.adjoints;
            take(&mut self.adjoint, &mut adjoints[shape.state()]);
            let own = step * shape.variables..(step + 1) * shape.variables;
            take(&mut self.variables[own], &mut adjoints[shape.variables()]);
        }
    }

    /// Puts the adjoints of a step's outputs in place.
    #[inline(always)]
    fn seed<F: Real>(&mut self, step: usize, program: &Program<F>)
    where
        E: Sample<F>,
    {
        let Shape { state, outputs, is_summed, .. } = self.shape;
        let Space { slots, adjoints, .. } = &mut self.space;
        for (&adjoint, &slot) in self.adjoint.iter().zip(&program.outputs) {
            adjoints[slot as usize] += adjoint;
        }
        let weights = if is_summed { &self.sums[..] } else { &self.outputs[step * outputs..] };
        let len = if is_summed { weights.len() } else { outputs };
        for of_step in program.outputs[state..].chunks_exact(len.max(1)) {
            for (&weight, &slot) in weights.iter().zip(of_step) {
                adjoints[slot as usize] += weight.seeded(slots[slot as usize]);
            }
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
                self.forward(program, |space| space.run(program, arch))
            }

            pub(in crate::function) fn sweep(&mut self, program: &Program<F>, arch: Arch) {
                self.reverse(program, |space| space.sweep(program, arch));
            }

            pub(in crate::function) fn sweep_carefully(&mut self, program: &Program<F>, arch: Arch) {
                self.reverse(program, |space| space.sweep_carefully(program, arch));
            }
        }
    )*};
}
runs!(F, Lanes<F>,);
