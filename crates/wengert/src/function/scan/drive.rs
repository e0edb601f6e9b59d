//! One evaluation of a loop, forward and in reverse, by runs of steps.

use super::jacobians::Jacobians;
use super::memory::Memory;
use super::plan::Plan;
use crate::checkpoint::{Action, Schedule};
use crate::error::Error;
use crate::function::compiled;
use crate::function::element::Entry;
use crate::function::element::lanes::Lanes;
use crate::function::element::sample::Sample;
use crate::function::evaluate::guards::{failure, first_failed_call, first_failure};
use crate::function::interrupt::Interrupt;
use crate::function::program::Program;
use crate::function::replay::space::Space;
use crate::function::replay::steps::{Failure, Kept, Reason, Run, Steps};
use crate::instructions::Arch;
use crate::scalar::Real;

/// Elements whose runs of steps are compiled in this crate.
pub(super) trait Stepping<F: Real>: Sample<F> {
    fn run(steps: &mut Steps<Self>, program: &Program<F>, arch: Arch) -> Option<Failure<F>>;
    fn sweep(steps: &mut Steps<Self>, program: &Program<F>, arch: Arch, is_careful: bool);
    /// What comes behind the last step.
    fn run_end(space: &mut Space<Self>, program: &Program<F>, arch: Arch);
    fn sweep_end(space: &mut Space<Self>, program: &Program<F>, arch: Arch, is_careful: bool);
}

impl<F: Real> Stepping<F> for F {
    fn run(steps: &mut Steps<F>, program: &Program<F>, arch: Arch) -> Option<Failure<F>> {
        compiled::run_steps(steps, program, arch)
    }
    fn sweep(steps: &mut Steps<F>, program: &Program<F>, arch: Arch, is_careful: bool) {
        if is_careful {
            compiled::sweep_steps_carefully(steps, program, arch);
        } else {
            compiled::sweep_steps(steps, program, arch);
        }
    }
    fn run_end(space: &mut Space<F>, program: &Program<F>, arch: Arch) {
        compiled::run(space, program, arch);
    }
    fn sweep_end(space: &mut Space<F>, program: &Program<F>, arch: Arch, is_careful: bool) {
        if is_careful {
            compiled::sweep_carefully(space, program, arch);
        } else {
            compiled::sweep(space, program, arch);
        }
    }
}

impl<F: Real> Stepping<F> for Lanes<F> {
    fn run(steps: &mut Steps<Self>, program: &Program<F>, arch: Arch) -> Option<Failure<F>> {
        compiled::run_steps_lanes(steps, program, arch)
    }
    fn sweep(steps: &mut Steps<Self>, program: &Program<F>, arch: Arch, is_careful: bool) {
        if is_careful {
            compiled::sweep_steps_lanes_carefully(steps, program, arch);
        } else {
            compiled::sweep_steps_lanes(steps, program, arch);
        }
    }
    fn run_end(space: &mut Space<Self>, program: &Program<F>, arch: Arch) {
        compiled::run_lanes(space, program, arch);
    }
    fn sweep_end(space: &mut Space<Self>, program: &Program<F>, arch: Arch, careful: bool) {
        if careful {
            compiled::sweep_lanes_carefully(space, program, arch);
        } else {
            compiled::sweep_lanes(space, program, arch);
        }
    }
}

/// Where the elements of an evaluation come from, and where they go. Each is known by its position
/// among the variables, the data or the outputs of the whole loop.
pub(super) trait Ports<E> {
    fn variables(&self, first: usize, to: &mut [E]);
    fn data(&self, first: usize, to: &mut [E]);
    fn weights(&self, first: usize, to: &mut [E]);
    /// One of the weights.
    fn weight(&self, i: usize) -> E;
    fn take_outputs(&mut self, first: usize, from: &[E]);
    /// Takes derivatives with respect to variables, and tells whether all were finite.
    fn take_adjoints(&mut self, first: usize, from: &[E]) -> bool;
    /// How many lanes have guards to be looked at.
    fn guarded(&self) -> usize;
    /// The sample of a lane, in a batch.
    fn sample(&self, _lane: usize) -> Option<usize> {
        None
    }
}

/// An evaluation.
pub(super) struct Drive<'a, F: Real, E: Entry, P> {
    /// Of a piece and of a step: the first is evaluated.
    pub(super) programs: [&'a Program<F>; 2],
    /// What comes behind the last step.
    pub(super) end: Option<&'a Program<F>>,
    pub(super) arch: Arch,
    pub(super) memory: &'a mut Memory<E>,
    /// By what pieces are swept of which states are kept.
    pub(super) jacobians: Option<&'a mut Jacobians<F>>,
    pub(super) interrupt: &'a Interrupt,
    pub(super) steps: usize,
    pub(super) ports: P,
}

impl<F: Real, E: Stepping<F>, P: Ports<E>> Drive<'_, F, E, P> {
    /// All steps, with their outputs.
    pub(super) fn run(&mut self) -> Result<(), Error> {
        self.begin();
        self.advance(0, self.pieces(), true)?;
        match self.left() {
            None => self.take_ends()?,
            Some(first) => self.with_the_rest(|drive, steps| {
                drive.advance(first, steps, true)?;
                drive.take_ends()
            })?,
        }
        Ok(())
    }

    /// All steps with their outputs, and the adjoints of all variables; tells whether those are
    /// finite.
    pub(super) fn run_and_sweep(&mut self, is_careful: bool) -> Result<bool, Error> {
        self.begin();
        self.memory.spaces().for_each(Space::begin_sweep::<F>);
        if let Some(jacobians) = &mut self.jacobians {
            jacobians.space.begin_sweep::<F>();
        }
        let pieces = self.pieces();
        let plan = self.memory.plan.shortened(pieces);
        self.memory.steps.share(plan.block.min(pieces));
        let positions = std::mem::take(&mut self.memory.positions);
        let mut schedule = Schedule::new(plan.blocks(pieces), plan.checkpoints, positions);
        let are_finite = match pieces {
            0 => self.turn(is_careful),
            _ => self.follow(&mut schedule, plan, is_careful),
        };
        self.memory.positions = schedule.into_memory();
        let are_finite = are_finite? & self.take_first_adjoints();
        self.memory.spaces().for_each(Space::end_sweep);
        if let Some(jacobians) = &mut self.jacobians {
            jacobians.space.end_sweep();
        }
        Ok(are_finite)
    }

    /// Does what the schedule of the blocks says.
    fn follow(
        &mut self,
        schedule: &mut Schedule,
        plan: Plan,
        is_careful: bool,
    ) -> Result<bool, Error> {
        let (pieces, mut known, mut are_finite) = (self.pieces(), 0, true);
        let position = |block: usize| (block * plan.block).min(pieces);
        for action in schedule {
            match action {
                Action::Keep(checkpoint) => self.keep(plan, checkpoint),
                Action::Restore(checkpoint) => self.restore(plan, checkpoint),
                Action::Advance { from, to } => {
                    let (from, to) = (position(from), position(to));
                    self.advance(from, to, to > known)?;
                    known = known.max(to);
                }
                Action::Sweep(block) => {
                    let (from, to) = (position(block), position(block + 1));
                    self.record(from, to, to > known)?;
                    if to > known {
                        are_finite &= self.turn(is_careful)?;
                    }
                    known = pieces;
                    are_finite &= self.sweep(from, to, is_careful);
                }
            }
        }
        Ok(are_finite)
    }

    /// How many steps are whole pieces, counted in those.
    const fn pieces(&self) -> usize {
        self.steps / self.memory.steps.shape.steps
    }

    /// The first of the steps that are left behind the pieces, if there are any.
    fn left(&self) -> Option<usize> {
        let first = self.pieces() * self.memory.steps.shape.steps;
        (first < self.steps).then_some(first)
    }

    /// Does something with the steps that are left behind the pieces, of which it is told how many
    /// there are with those before.
    fn with_the_rest<T>(
        &mut self,
        work: impl FnOnce(&mut Self, usize) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.exchange(|rest, pieces| rest.go_on_from(pieces));
        let result = work(self, self.steps);
        self.exchange(|pieces, rest| pieces.sweep_on_from(rest));
        result
    }

    /// Lets the steps of a piece and the single ones change their places.
    fn exchange(&mut self, hand_over: impl FnOnce(&mut Steps<E>, &mut Steps<E>)) {
        let Memory { steps, rest, .. } = &mut *self.memory;
        let rest = rest.as_mut().expect("only pieces of several steps leave any");
        std::mem::swap(steps, rest);
        self.programs.swap(0, 1);
        hand_over(steps, rest);
    }

    /// At the end of the pieces: the steps behind them, forward and back, and between the two the
    /// outputs and seeds. Tells whether all adjoints are finite.
    fn turn(&mut self, is_careful: bool) -> Result<bool, Error> {
        let Some(first) = self.left() else {
            self.turn_round(is_careful)?;
            return Ok(true);
        };
        self.with_the_rest(|drive, steps| {
            drive.memory.steps.share(steps - first);
            drive.record(first, steps, true)?;
            drive.turn_round(is_careful)?;
            Ok(drive.sweep(first, steps, is_careful))
        })
    }

    /// Puts what all steps share, and the initial state, in place.
    fn begin(&mut self) {
        let Steps { shape, space, sums, .. } = &mut self.memory.steps;
        self.ports.variables(0, &mut space.slots[..shape.shared + shape.state]);
        sums.fill(E::zero());
    }

    /// Hands out what is known behind the last step.
    fn take_ends(&mut self) -> Result<(), Error> {
        if let Some(end) = self.end {
            return self.run_end(end);
        }
        let Steps { shape, space, sums, .. } = &self.memory.steps;
        if shape.is_summed {
            self.ports.take_outputs(0, sums);
        } else {
            self.ports.take_outputs(0, &space.slots[shape.state()]);
        }
        Ok(())
    }

    /// Computes the outputs from the final state.
    fn run_end(&mut self, program: &Program<F>) -> Result<(), Error> {
        let (space, steps) = self.memory.end();
        let inputs = ..steps.shape.shared + steps.shape.state;
        space.slots[inputs].copy_from_slice(&steps.space.slots[inputs]);
        E::run_end(space, program, self.arch);
        // Lanes that count for nothing repeat the last one that does, and fail where that has failed.
        for lane in 0..E::LANES {
            let number = |slot: u32| space.slots[slot as usize].number(lane);
            let sample = self.ports.sample(lane);
            let in_step = |error: Error| error.in_step(self.steps);
            first_failed_call(program, number, sample).map_err(in_step)?;
            if lane < self.ports.guarded()
                && let Some((guard, now)) = first_failure(&program.guards, number)
            {
                return Err(failure(&program.guards[guard], now, sample, Some(self.steps)));
            }
        }
        for (i, &slot) in program.outputs.iter().enumerate() {
            self.ports.take_outputs(i, &[space.slots[slot as usize]]);
        }
        Ok(())
    }

    /// Hands the weights of the outputs to the final state and to what steps share.
    fn sweep_end(&mut self, program: &Program<F>, is_careful: bool) {
        let (space, steps) = self.memory.end();
        for (i, &slot) in program.outputs.iter().enumerate() {
            let slot = slot as usize;
            space.adjoints[slot] += self.ports.weight(i).seeded(space.slots[slot]);
        }
        E::sweep_end(space, program, self.arch, is_careful);
        let (shared, state) = (steps.shape.shared, steps.shape.state);
        for (sum, flow) in steps.space.adjoints.iter_mut().zip(&space.adjoints[..shared]) {
            *sum += *flow;
        }
        steps.adjoint.copy_from_slice(&space.adjoints[shared..shared + state]);
        space.adjoints[..shared + state].fill(E::zero());
    }

    /// Between the way forward and the way back: outputs are handed out, and seeds are put in
    /// their places.
    fn turn_round(&mut self, is_careful: bool) -> Result<(), Error> {
        self.take_ends()?;
        if let Some(end) = self.end {
            self.sweep_end(end, is_careful);
            return Ok(());
        }
        let Steps { shape, space, sums, adjoint, .. } = &mut self.memory.steps;
        if shape.is_summed {
            adjoint.fill(E::zero());
            for (i, sum) in sums.iter_mut().enumerate() {
                *sum = self.ports.weight(i).seeded(*sum);
            }
        } else {
            let state = &space.slots[shape.state()];
            for (i, (adjoint, &value)) in adjoint.iter_mut().zip(state).enumerate() {
                *adjoint = self.ports.weight(i).seeded(value);
            }
        }
        Ok(())
    }

    /// Goes on with nothing kept.
    fn advance(&mut self, from: usize, to: usize, is_first: bool) -> Result<(), Error> {
        self.runs(from, to, None, is_first)
    }

    /// Evaluates a block, and keeps all its values.
    fn record(&mut self, from: usize, to: usize, is_first: bool) -> Result<(), Error> {
        self.runs(from, to, Some(from), is_first)
    }

    /// Evaluates steps. Records are counted from the step at `block`.
    fn runs(
        &mut self,
        from: usize,
        to: usize,
        block: Option<usize>,
        is_first: bool,
    ) -> Result<(), Error> {
        let longest = self.memory.steps.shape.longest_run();
        let mut at = from;
        while at < to {
            self.interrupt.check()?;
            let steps = longest.min(to - at);
            self.load(at, steps);
            let guarded = if is_first { self.ports.guarded() } else { 0 };
            let record = block.map(|block| at - block);
            self.memory.steps.run = Run { steps, record, hands_out: is_first, guarded };
            if let Some(failed) = E::run(&mut self.memory.steps, self.programs[0], self.arch) {
                return Err(self.error(at, failed));
            }
            if is_first {
                self.take_outputs(at, steps);
            }
            at += steps;
        }
        Ok(())
    }

    #[cold]
    fn error(&self, first: usize, failed: Failure<F>) -> Error {
        let Failure { step, lane, reason } = failed;
        let step = first * self.memory.steps.shape.steps + step;
        let sample = self.ports.sample(lane);
        match reason {
            Reason::Guard(guard, now) => {
                failure(&self.programs[0].guards[guard], now, sample, Some(step))
            }
            Reason::Call(error) => error.in_sample(sample).in_step(step),
        }
    }

    /// Lays the inputs of steps ready.
    pub(super) fn load(&mut self, first: usize, steps: usize) {
        let Steps { shape, variables, data, .. } = &mut self.memory.steps;
        let (row, len) = (shape.shared + shape.state, shape.variables);
        self.ports.variables(row + first * len, &mut variables[..steps * len]);
        self.ports.data(first * shape.data, &mut data[..steps * shape.data]);
    }

    fn take_outputs(&mut self, first: usize, steps: usize) {
        let Steps { shape, outputs, .. } = &self.memory.steps;
        if !shape.is_summed && shape.outputs > 0 {
            let first = shape.state + first * shape.outputs;
            self.ports.take_outputs(first, &outputs[..steps * shape.outputs]);
        }
    }

    /// Sweeps a block that was recorded, and tells whether all its adjoints are finite.
    fn sweep(&mut self, from: usize, to: usize, is_careful: bool) -> bool {
        if self.memory.steps.kept == Kept::State
            && let Some(jacobians) = self.jacobians.take()
        {
            let are_finite = self.sweep_by_jacobians(jacobians, from, to, is_careful);
            self.jacobians = Some(jacobians);
            return are_finite;
        }
        let (shape, mut end, mut are_finite) = (self.memory.steps.shape, to, true);
        while end > from {
            let steps = shape.longest_run().min(end - from);
            let first = end - steps;
            let run = Run { steps, record: Some(first - from), ..Run::default() };
            self.memory.steps.run = run;
            if !shape.is_summed && shape.outputs > 0 {
                let weights = &mut self.memory.steps.outputs[..steps * shape.outputs];
                self.ports.weights(shape.state + first * shape.outputs, weights);
            }
            E::sweep(&mut self.memory.steps, self.programs[0], self.arch, is_careful);
            let row = shape.shared + shape.state + first * shape.variables;
            let adjoints = &self.memory.steps.variables[..steps * shape.variables];
            are_finite &= self.ports.take_adjoints(row, adjoints);
            end = first;
        }
        are_finite
    }

    /// Hands out the adjoints of what all steps share and of the initial state, and leaves zeros.
    fn take_first_adjoints(&mut self) -> bool {
        let Steps { shape, space, adjoint, .. } = &mut self.memory.steps;
        let shared = &mut space.adjoints[..shape.shared];
        let are_finite = self.ports.take_adjoints(0, shared);
        shared.fill(E::zero());
        self.ports.take_adjoints(shape.shared, adjoint) && are_finite
    }

    /// The place of a checkpoint in the store, behind the records of a block.
    fn checkpoint(&self, plan: Plan, checkpoint: usize) -> std::ops::Range<usize> {
        let Steps { shape, record, .. } = &self.memory.steps;
        let start = plan.block * record + checkpoint * shape.state;
        start..start + shape.state
    }

    fn keep(&mut self, plan: Plan, checkpoint: usize) {
        let place = self.checkpoint(plan, checkpoint);
        let Steps { shape, space, store, .. } = &mut self.memory.steps;
        store[place].copy_from_slice(&space.slots[shape.state()]);
    }

    fn restore(&mut self, plan: Plan, checkpoint: usize) {
        let place = self.checkpoint(plan, checkpoint);
        let Steps { shape, space, store, .. } = &mut self.memory.steps;
        space.slots[shape.state()].copy_from_slice(&store[place]);
    }
}
