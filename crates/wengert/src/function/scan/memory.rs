//! The memory of a loop's evaluations.

use super::plan::{Plan, Sizes};
use crate::error::{Error, Kind};
use crate::function::Function;
use crate::function::element::{Element, Entry};
use crate::function::program::Program;
use crate::function::replay::space::Space;
use crate::function::replay::steps::{Kept, Shape, Steps};
use crate::scalar::Real;

/// Memory for one evaluation at a time of a loop, of so many steps or fewer.
#[derive(Clone, Debug)]
pub(super) struct Memory<E: Entry> {
    /// The step function.
    pub(super) function: u64,
    pub(super) most: usize,
    pub(super) plan: Plan,
    /// For whole pieces.
    pub(super) steps: Steps<E>,
    /// For the steps that are left behind them, if pieces are longer than a step.
    pub(super) rest: Option<Steps<E>>,
    /// For what is computed behind the last step, and which function that is.
    pub(super) end: Option<(u64, Space<E>)>,
    /// The positions of checkpoints, where they are fewer than blocks.
    pub(super) positions: Vec<usize>,
}

impl<E: Entry> Memory<E> {
    /// The memory of what comes behind the last step, and the step's, of a loop that has an end.
    pub(super) fn end(&mut self) -> (&mut Space<E>, &mut Steps<E>) {
        let Self { end, steps, .. } = self;
        let (_, space) = end.as_mut().expect("the loop has an end, and its memory is checked");
        (space, steps)
    }

    /// All memory of evaluations.
    pub(super) fn spaces(&mut self) -> impl Iterator<Item = &mut Space<E>> {
        let Self { steps, rest, end, .. } = self;
        let rest = rest.iter_mut().map(|rest| &mut rest.space);
        let end = end.iter_mut().map(|(_, end)| end);
        std::iter::once(&mut steps.space).chain(rest).chain(end)
    }
}

/// What memory is wanted for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a, F: Real> {
    pub(super) function: u64,
    /// The programs of a piece and of a step.
    pub(super) parts: [(&'a Program<F>, Shape); 2],
    pub(super) end: Option<&'a Function<F>>,
    /// What is kept of pieces.
    pub(super) kept: Kept,
    pub(super) steps: usize,
    pub(super) budget: Option<usize>,
}

impl<F: Real> Wanted<'_, F> {
    fn sizes<E: Element<F>>(self) -> Sizes {
        let [(program, shape), _] = self.parts;
        let record = self.kept.record::<F, E>(program, shape);
        Sizes { state: shape.state, record, element: size_of::<E>() }
    }

    /// The pieces there can be.
    const fn pieces(self) -> usize {
        self.steps / self.parts[0].1.steps
    }

    /// The records of steps behind the last piece, but for one.
    const fn left(self) -> Option<usize> {
        self.parts[0].1.steps.checked_sub(2)
    }

    /// What is kept, if the budget allows a checkpoint.
    fn plan<E: Element<F>>(self) -> Result<Plan, Error> {
        let sizes = self.sizes::<E>();
        let enough = sizes.enough_for(self.pieces());
        let capacity = self.budget.map_or(enough, |bytes| enough.min(bytes / sizes.element));
        if capacity < sizes.checkpoint() {
            let wanted = sizes.checkpoint() * sizes.element;
            return Err(Kind::Budget { given: self.budget.unwrap_or(0), wanted }.into());
        }
        Ok(sizes.plan(self.pieces(), capacity))
    }

    /// The bytes of the memory, those within the budget and the others.
    pub(super) fn bytes<E: Element<F>>(self) -> Result<usize, Error> {
        let plan = self.plan::<E>()?;
        let positions = plan.positions(self.pieces()) * size_of::<usize>();
        let [(program, shape), (step, of_step)] = self.parts;
        let capacity = plan.elements(self.sizes::<E>());
        let pieces = Steps::<E>::bytes(program, shape, self.kept, capacity);
        let left = self.left().map(|left| left * Kept::Values.record::<F, E>(step, of_step));
        let of_step = |capacity| Steps::<E>::bytes(step, of_step, Kept::Values, capacity);
        let rest = left.map_or(0, of_step);
        let end = self.end.map_or(0, |end| Space::<E>::bytes(&end.program));
        Ok(pieces + rest + end + positions)
    }

    pub(super) fn memory<E: Element<F>>(self) -> Result<Memory<E>, Error> {
        let plan = self.plan::<E>()?;
        let [(program, shape), (step, of_step)] = self.parts;
        let sizes = self.sizes::<E>();
        let store = zeros(sizes.record + plan.elements(sizes))?;
        let rest = self.left().map(|left| {
            let kept = Kept::Values;
            let store = zeros((left + 1) * kept.record::<F, E>(step, of_step))?;
            Ok::<_, Error>(Steps::new(step, of_step, kept, store, left + 1))
        });
        Ok(Memory {
            function: self.function,
            most: self.steps,
            plan,
            steps: Steps::new(program, shape, self.kept, store, plan.block),
            rest: rest.transpose()?,
            end: self.end.map(|end| (end.identity, Space::of(&end.program))),
            positions: Vec::with_capacity(plan.positions(self.pieces())),
        })
    }
}

/// So many zeros, if there is memory: what a caller's budget asks for may be more than there is.
fn zeros<F, E: Element<F>>(count: usize) -> Result<Vec<E>, Error> {
    let mut zeros = Vec::new();
    let bytes = count.saturating_mul(size_of::<E>());
    zeros.try_reserve_exact(count).map_err(|_| Kind::NoMemoryForStates { bytes })?;
    zeros.resize(count, E::zero());
    Ok(zeros)
}
