//! A function of the engine, with the memory of its evaluations, shared by threads.

use wengert::evaluation::Pool;
use wengert::{BatchWorkspace, DualWorkspace, Function, Real, Workspace};

use super::plans::Plans;

/// One recorded path, and workspaces for as many threads as were in it at once.
#[derive(Debug)]
pub(crate) struct Recording<F: Real> {
    pub(crate) function: Function<F>,
    singles: Pool<Workspace<F>>,
    duals: Pool<DualWorkspace<F>>,
    /// Of one thread, and of many.
    batches: [Pool<BatchWorkspace<F>>; 2],
    pub(super) plans: Plans<F>,
}

impl<F: Real> Recording<F> {
    pub(crate) fn new(function: Function<F>) -> Self {
        let (singles, duals, batches) = Default::default();
        Self { function, singles, duals, batches, plans: Plans::default() }
    }

    /// Works with memory for values and first derivatives.
    pub(crate) fn single<R>(&self, work: impl FnOnce(&Function<F>, &mut Workspace<F>) -> R) -> R {
        self.singles.with(|| self.function.workspace(), |space| work(&self.function, space))
    }

    /// Works with memory for tangents and second derivatives.
    pub(crate) fn dual<R>(&self, work: impl FnOnce(&Function<F>, &mut DualWorkspace<F>) -> R) -> R {
        self.duals.with(|| self.function.dual_workspace(), |space| work(&self.function, space))
    }

    /// Works with memory for batches.
    pub(crate) fn batch<R>(
        &self,
        is_parallel: bool,
        work: impl FnOnce(&Function<F>, &mut BatchWorkspace<F>) -> R,
    ) -> R {
        let new = || {
            let workspace = self.function.batch_workspace();
            if is_parallel { workspace.parallel() } else { workspace }
        };
        self.batches[usize::from(is_parallel)].with(new, |space| work(&self.function, space))
    }
}
