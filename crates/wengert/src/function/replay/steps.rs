//! A program evaluated step after step, where each step's state is what the step before computed.
//!
//! A run of steps is one evaluation: its inputs lie ready in the order of the steps, and between
//! two steps nothing happens but that numbers are copied. What that costs is in docs/BENCHMARKS.md.

use super::space::Space;
use crate::function::element::Element;
use crate::function::element::lanes::Lanes;
use crate::function::element::sample::Sample;
use crate::function::evaluate::guards::first_failure;
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
}

impl Shape {
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

    /// The elements that a step's sweep wants of its evaluation.
    pub(in crate::function) const fn record<F>(self, program: &Program<F>) -> usize {
        program.slots - self.shared + program.saved
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
        2 * self.state + self.outputs + self.longest_run() * row
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

/// Where a guard failed.
#[derive(Clone, Copy, Debug)]
pub(in crate::function) struct Failure<F> {
    /// Counted within the run.
    pub(in crate::function) step: usize,
    pub(in crate::function) lane: usize,
    pub(in crate::function) guard: usize,
    pub(in crate::function) now: (F, F),
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
    /// Memory whose store holds so many elements beside one record.
    pub(in crate::function) fn new<F: Real>(
        program: &Program<F>,
        shape: Shape,
        capacity: usize,
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
            sums: zeros(shape.outputs),
            store: zeros(record + capacity),
            record,
        }
    }

    /// The bytes that [`Steps::new`] takes from the heap.
    pub(in crate::function) const fn bytes<F>(
        program: &Program<F>,
        shape: Shape,
        capacity: usize,
    ) -> usize {
        let elements = shape.buffers() + shape.record(program) + capacity;
        Space::<E>::bytes(program) + elements * size_of::<E>()
    }
}

/// Copies numbers between places that lie apart.
#[inline(always)]
fn copy<E: Copy>(to: &mut [E], from: &[E]) {
    // PERF: a call for no number, or for one, costs as much as an operation.
    match (to, from) {
        ([], []) => {}
        ([to], [from]) => *to = *from,
        (to, from) => to.copy_from_slice(from),
    }
}

impl<E: Copy> Steps<E> {
    /// Evaluates the steps of a run, until a guard fails.
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
        for step in 0..run.steps {
            self.load(step);
            evaluate(&mut self.space);
            if let Some((lane, guard, now)) = self.failure(program, run.guarded) {
                return Some(Failure { step, lane, guard, now });
            }
            if let Some(first) = run.record {
                self.keep(first + step);
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

    /// The first guard that fails in one of the first lanes.
    #[inline(always)]
    fn failure<F: Real>(&self, program: &Program<F>, lanes: usize) -> Option<(usize, usize, (F, F))>
    where
        E: Sample<F>,
    {
        if lanes == 0 || program.guards.is_empty() {
            return None;
        }
        (0..lanes).find_map(|lane| {
            let slot = |slot: u32| self.space.slots[slot as usize].number(lane);
            first_failure(program, slot).map(|(guard, now)| (lane, guard, now))
        })
    }

    /// Keeps all values of the step that was evaluated.
    #[inline(always)]
    fn keep(&mut self, number: usize) {
        let record = &mut self.store[number * self.record..(number + 1) * self.record];
        let (slots, saved) = record.split_at_mut(self.space.slots.len() - self.shape.shared);
        copy(slots, &self.space.slots[self.shape.shared..]);
        copy(saved, &self.space.saved);
    }

    /// The values of a step that was evaluated before.
    #[inline(always)]
    fn recall(&mut self, number: usize) {
        let record = &self.store[number * self.record..(number + 1) * self.record];
        let (slots, saved) = record.split_at(self.space.slots.len() - self.shape.shared);
        copy(&mut self.space.slots[self.shape.shared..], slots);
        copy(&mut self.space.saved, saved);
    }

    #[inline(always)]
    fn hand_out<F: Real>(&mut self, step: usize, program: &Program<F>)
    where
        E: Element<F>,
    {
        let Shape { state, outputs, is_summed, .. } = self.shape;
        let slots = program.outputs[state..].iter();
        let values = slots.map(|&slot| self.space.slots[slot as usize]);
        if is_summed {
            for (sum, value) in self.sums.iter_mut().zip(values) {
                *sum += value;
            }
        } else {
            for (output, value) in self.outputs[step * outputs..].iter_mut().zip(values) {
                *output = value;
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
            self.recall(run.record.unwrap_or(0) + step);
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
        let weights = if is_summed { &self.sums } else { &self.outputs[step * outputs..] };
        for (&weight, &slot) in weights.iter().zip(&program.outputs[state..]) {
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
