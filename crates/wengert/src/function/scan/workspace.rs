//! The memory of loops, apart from the loop, so that many threads share one.

use super::Scan;
use super::jacobians::Jacobians;
use super::memory::{Memory, Wanted};
use crate::error::{Error, Kind, expect};
use crate::function::Function;
use crate::function::element::Entry;
use crate::function::interrupt::Interrupt;
use crate::function::program::Program;
use crate::function::replay::steps::{Kept, Shape};
use crate::scalar::Real;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Working memory for the values and first derivatives of one [`Scan`], for loops of so many steps
/// or fewer. Made by [`Scan::workspace`] and [`Scan::workspace_within`].
///
/// # Example: nothing is allocated after this
/// ```
/// let doubling = wengert::Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 2.0], vec![]));
/// let mut workspace = doubling.workspace(10);
/// for steps in 0..=10 {
///     assert_eq!(doubling.value(&mut workspace, steps, &[1.0])?, f64::powi(2.0, steps as i32));
/// }
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ScanWorkspace<F: Real = f64> {
    pub(super) memory: Memory<F>,
    /// For loops that are swept by them.
    pub(super) jacobians: Option<Jacobians<F>>,
    pub(super) interrupt: Interrupt,
}

impl<F: Real> ScanWorkspace<F> {
    /// Lets another thread end evaluations that take long: while the flag is up they return an error
    /// ([`Error::is_interrupted`]), within what some hundred steps take. Without a flag they are not
    /// ended any more.
    ///
    /// # Example
    /// ```
    /// use std::sync::{Arc, atomic::AtomicBool};
    /// let halving = wengert::Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 0.5], vec![]));
    /// let mut workspace = halving.workspace(3);
    /// workspace.interrupt_by(Some(Arc::new(AtomicBool::new(true))));
    /// assert!(halving.value(&mut workspace, 3, &[8.0]).unwrap_err().is_interrupted());
    /// workspace.interrupt_by(None);
    /// assert_eq!(halving.value(&mut workspace, 3, &[8.0])?, 1.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn interrupt_by(&mut self, flag: Option<Arc<AtomicBool>>) {
        self.interrupt = Interrupt::new(flag);
    }
}

/// Memory for evaluations.
impl<F: Real> Scan<F> {
    /// Working memory for values and first derivatives of up to so many steps, as much as makes
    /// them fastest: the values of all steps where they take no more than 48 MiB; else those of a
    /// block of steps, and the states from which the other blocks are evaluated once more.
    ///
    /// # Example
    /// ```
    /// let halving = wengert::Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 0.5], vec![]));
    /// let mut workspace = halving.workspace(3);
    /// assert_eq!(halving.value(&mut workspace, 3, &[1.0])?, 0.125);
    ///
    /// let error = halving.value(&mut workspace, 4, &[1.0]).unwrap_err();
    /// assert!(error.to_string().starts_with("the loop is to make 4 steps, its workspace was made for 3"));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn workspace(&self, steps: usize) -> ScanWorkspace<F> {
        expect(self.memory(steps, None))
    }

    /// Working memory for values and first derivatives of up to so many steps, that keeps states
    /// and values of steps in no more than `budget` bytes. The memory of a single step, a few times
    /// as large as a [`Workspace`](crate::Workspace) of the step function, comes on top.
    ///
    /// A smaller budget means more steps that are evaluated again, and the same results to the last
    /// bit. Without room for all, checkpoints lie where the fewest steps are evaluated again.
    ///
    /// # Errors
    /// If the budget is too small for one state and its position, or if there is not the memory
    /// that steps and budget ask for.
    ///
    /// # Example: a million steps in ten thousand bytes
    /// ```
    /// let decay = wengert::Scan::builder().shared(&[1e-6]).state(&[1.0]).record(|step| {
    ///     let x = step.state[0];
    ///     (vec![x - step.shared[0] * x], vec![])
    /// });
    /// let steps = 1_000_000;
    /// let mut workspace = decay.workspace_within(steps, 10_000)?;
    /// let mut gradient = [0.0; 2];
    /// decay.gradient(&mut workspace, steps, &[1e-6, 1.0], &mut gradient)?;
    /// assert!((gradient[1] - (-1.0_f64).exp()).abs() < 1e-6);
    ///
    /// let error = decay.workspace_within(steps, 1).unwrap_err();
    /// assert!(error.to_string().starts_with("the budget is 1 bytes, and the state at one checkpoint takes 16"));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn workspace_within(&self, steps: usize, budget: usize) -> Result<ScanWorkspace<F>, Error> {
        self.memory(steps, Some(budget))
    }

    /// The bytes that [`Scan::workspace`] will take from the heap.
    ///
    /// # Example
    /// ```
    /// let halving = wengert::Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0] * 0.5], vec![]));
    /// assert!(halving.workspace_bytes(1000) < 100 * 1000);
    /// assert!(halving.workspace_bytes(1_000_000_000) < 40 << 20);
    /// ```
    #[must_use]
    pub fn workspace_bytes(&self, steps: usize) -> usize {
        let [(program, shape), _] = self.parts();
        let jacobians = match self.kept() {
            Kept::Values => 0,
            Kept::State => Jacobians::bytes(program, shape),
        };
        expect(self.wanted(steps, self.kept(), None).bytes::<F>()) + jacobians
    }

    fn memory(&self, steps: usize, budget: Option<usize>) -> Result<ScanWorkspace<F>, Error> {
        let [(program, shape), _] = self.parts();
        let memory = self.wanted(steps, self.kept(), budget).memory()?;
        let jacobians = self.is_preaccumulated.then(|| Jacobians::of(program, shape));
        Ok(ScanWorkspace { memory, jacobians, interrupt: Interrupt::default() })
    }

    /// What single evaluations keep of a piece.
    const fn kept(&self) -> Kept {
        if self.is_preaccumulated { Kept::State } else { Kept::Values }
    }

    /// The steps of a loop that make whole pieces, and those that are left, as programs with their
    /// shapes.
    fn parts(&self) -> [(&Program<F>, Shape); 2] {
        [(&self.piece.program, self.piece.shape), (&self.step.program, self.shape)]
    }

    /// The programs of these.
    pub(super) fn programs(&self) -> [&Program<F>; 2] {
        self.parts().map(|(program, _)| program)
    }

    /// The function of the final state, if the outputs are its.
    pub(super) const fn end(&self) -> Option<&Function<F>> {
        self.end.as_ref()
    }

    /// The program of what comes behind the last step.
    pub(super) fn end_program(&self) -> Option<&Program<F>> {
        self.end.as_ref().map(|end| &*end.program)
    }

    pub(super) fn wanted(&self, steps: usize, kept: Kept, budget: Option<usize>) -> Wanted<'_, F> {
        let end = self.end.as_ref();
        Wanted { function: self.step.identity, parts: self.parts(), end, kept, steps, budget }
    }

    /// Whether a workspace is this loop's, and large enough.
    pub(super) fn check_memory<E: Entry>(
        &self,
        memory: &Memory<E>,
        steps: usize,
    ) -> Result<(), Error> {
        let end = self.end.as_ref().map(|end| end.identity);
        let is_own = memory.function == self.step.identity
            && memory.steps.shape == self.piece.shape
            && memory.end.as_ref().map(|(function, _)| *function) == end;
        if !is_own {
            return Err(Kind::ForeignWorkspace.into());
        }
        if steps > memory.most {
            return Err(Kind::Steps { given: steps, limit: memory.most }.into());
        }
        Ok(())
    }
}
