//! The memory of a loop's evaluations.

use super::plan::{Plan, Sizes};
use crate::error::{Error, Kind};
use crate::function::element::Element;
use crate::function::program::Program;
use crate::function::replay::steps::{Shape, Steps};
use crate::scalar::Real;

/// Memory for one evaluation at a time of a loop, of so many steps or fewer.
#[derive(Clone, Debug)]
pub(super) struct Memory<E> {
    /// The step function.
    pub(super) function: u64,
    pub(super) most: usize,
    pub(super) plan: Plan,
    pub(super) steps: Steps<E>,
    /// The positions of checkpoints, where they are fewer than blocks.
    pub(super) positions: Vec<usize>,
}

/// What memory is wanted for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a, F> {
    pub(super) function: u64,
    pub(super) program: &'a Program<F>,
    pub(super) shape: Shape,
    pub(super) steps: usize,
    pub(super) budget: Option<usize>,
}

impl<F: Real> Wanted<'_, F> {
    fn sizes<E>(self) -> Sizes {
        let record = self.shape.record(self.program);
        Sizes { state: self.shape.state, record, element: size_of::<E>() }
    }

    /// What is kept, if the budget allows a checkpoint.
    fn plan<E>(self) -> Result<Plan, Error> {
        let sizes = self.sizes::<E>();
        let enough = sizes.enough_for(self.steps);
        let capacity = self.budget.map_or(enough, |bytes| enough.min(bytes / sizes.element));
        if capacity < sizes.checkpoint() {
            let wanted = sizes.checkpoint() * sizes.element;
            return Err(Kind::Budget { given: self.budget.unwrap_or(0), wanted }.into());
        }
        Ok(sizes.plan(self.steps, capacity))
    }

    /// The bytes of the memory, those within the budget and the others.
    pub(super) fn bytes<E>(self) -> Result<usize, Error> {
        let plan = self.plan::<E>()?;
        let positions = plan.positions(self.steps) * size_of::<usize>();
        let elements = plan.elements(self.sizes::<E>());
        Ok(Steps::<E>::bytes(self.program, self.shape, elements) + positions)
    }

    pub(super) fn memory<E: Element<F>>(self) -> Result<Memory<E>, Error> {
        let Self { function, program, shape, steps, .. } = self;
        let plan = self.plan::<E>()?;
        Ok(Memory {
            function,
            most: steps,
            plan,
            steps: Steps::new(program, shape, plan.elements(self.sizes::<E>())),
            positions: Vec::with_capacity(plan.positions(steps)),
        })
    }
}
