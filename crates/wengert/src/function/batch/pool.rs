//! The memory of batches: one set for each thread that works on them.

use crate::function::element::Element;
use crate::function::element::lanes::Lanes;
use crate::function::interrupt::Interrupt;
use crate::function::pool::Pool;
use crate::function::program::Program;
use crate::function::replay::space::Space;
use crate::function::{Workspace, compiled};
use crate::scalar::Real;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Working memory for the batches of one [`Function`](crate::Function). Made by
/// [`Function::batch_workspace`](crate::Function::batch_workspace).
///
/// # Example: used again, it allocates nothing
/// ```
/// use wengert::{Batch, Function};
/// let square = Function::record(&[2.0], |x| x[0] * x[0]);
/// let mut workspace = square.batch_workspace();
/// let mut values = [0.0; 2];
/// for x in [[1.0, 2.0], [3.0, 4.0]] {
///     square.batch_values(&mut workspace, &Batch::new(2).variables(&x), &mut values)?;
///     assert_eq!(values, [x[0] * x[0], x[1] * x[1]]);
/// }
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Debug)]
pub struct BatchWorkspace<F: Real = f64> {
    pub(super) function: u64,
    pub(super) is_parallel: bool,
    spaces: Pool<LaneSpace<F>>,
    pub(super) buffers: Pool<Vec<F>>,
    pub(super) interrupt: Interrupt,
}

/// Memory for the samples that go through the program side by side.
#[derive(Debug)]
pub(super) struct LaneSpace<F: Real> {
    pub(super) space: Space<Lanes<F>>,
    /// Of the first outputs of all samples in a lane.
    pub(super) sums: Lanes<F>,
    /// For samples that leave the path, where such are evaluated one by one.
    pub(super) single: Option<Single<F>>,
}

/// Memory for one sample by itself.
#[derive(Debug)]
pub(super) struct Single<F: Real> {
    pub(super) workspace: Workspace<F>,
    pub(super) variables: Vec<F>,
    pub(super) data: Vec<F>,
    pub(super) outputs: Vec<F>,
    pub(super) derivatives: Vec<F>,
}

impl<F: Real> LaneSpace<F> {
    fn of(program: &Program<F>) -> Self {
        Self { space: compiled::space_of_lanes(program), sums: Element::zero(), single: None }
    }
}

impl<F: Real> BatchWorkspace<F> {
    pub(in crate::function) fn new(function: u64, program: &Program<F>) -> Self {
        let space = LaneSpace::of(program);
        let (spaces, buffers) = (Pool::of_one(space), Pool::default());
        let interrupt = Interrupt::default();
        Self { function, is_parallel: false, spaces, buffers, interrupt }
    }

    pub(in crate::function) const fn bytes(program: &Program<F>) -> usize {
        Space::<Lanes<F>>::bytes(program)
    }

    /// Lets the threads of rayon's current pool share the work of each batch. Results keep
    /// their bits. Each thread takes memory of its own when it first joins in.
    ///
    /// # Example
    /// ```
    /// use wengert::{Batch, Function};
    /// let square = Function::record(&[2.0], |x| x[0] * x[0]);
    /// let x: Vec<f64> = (0..10_000).map(f64::from).collect();
    /// let batch = Batch::new(x.len()).variables(&x);
    /// let mut gradient = vec![0.0; x.len()];
    /// let mut workspace = square.batch_workspace().parallel();
    /// square.batch_gradient(&mut workspace, &batch, &mut [], &mut gradient)?;
    /// assert_eq!(gradient[5000], 10_000.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[cfg(feature = "rayon")]
    #[must_use]
    pub fn parallel(self) -> Self {
        Self { is_parallel: true, ..self }
    }

    /// Lets another thread end evaluations that take long: while the flag is up they return an error
    /// ([`Error::is_interrupted`](crate::Error::is_interrupted)), within what 256 samples take.
    /// Without a flag they are not ended any more.
    ///
    /// # Example: no later than a deadline
    /// ```
    /// use std::sync::{Arc, atomic::{AtomicBool, Ordering}};
    /// use std::time::Duration;
    /// use wengert::{Batch, Function};
    /// let square = Function::record(&[2.0], |x| x[0] * x[0]);
    /// let x: Vec<f64> = (0..10_000).map(f64::from).collect();
    /// let (mut workspace, mut values) = (square.batch_workspace(), vec![0.0; x.len()]);
    /// let late = Arc::new(AtomicBool::new(false));
    /// workspace.interrupt_by(Some(Arc::clone(&late)));
    /// std::thread::spawn(move || {
    ///     std::thread::sleep(Duration::from_millis(10));
    ///     late.store(true, Ordering::Relaxed);
    /// });
    /// let batch = Batch::new(x.len()).variables(&x);
    /// let error = loop {
    ///     if let Err(error) = square.batch_values(&mut workspace, &batch, &mut values) {
    ///         break error;
    ///     }
    /// };
    /// assert!(error.is_interrupted());
    /// ```
    pub fn interrupt_by(&mut self, flag: Option<Arc<AtomicBool>>) {
        self.interrupt = Interrupt::new(flag);
    }

    /// Works with memory that no other thread uses now.
    pub(super) fn with_space<R>(
        &self,
        program: &Program<F>,
        work: impl FnOnce(&mut LaneSpace<F>) -> R,
    ) -> R {
        self.spaces.with(|| LaneSpace::of(program), work)
    }
}
