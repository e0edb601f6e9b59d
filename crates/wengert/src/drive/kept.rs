//! The memory that one-call derivatives keep for the next call, of each thread its own.
//!
//! A tape of millions of operations spends most of its first recording on memory that the system
//! has to bring, page by page. So a call takes the memory of the last one with it, and leaves it
//! behind for the next.

use crate::gradients::Gradients;
use crate::store::Tape;
use std::cell::Cell;

/// The most bytes that a thread keeps between calls: ten million operations take more, and then
/// nothing is kept.
const LIMIT: usize = 256 << 20;

thread_local! {
    static KEPT: Cell<Option<(Tape, Gradients)>> = const { Cell::new(None) };
}

/// A tape and adjoints for one call. A call within a call finds none kept, and has its own.
pub(super) struct Lent {
    pub(super) tape: Tape,
    pub(super) gradients: Gradients,
}

impl Lent {
    /// What the last call left, or new ones.
    pub(super) fn take() -> Self {
        // A thread that ends has no thread-local memory any more.
        let kept = KEPT.try_with(Cell::take).ok().flatten();
        let (mut tape, gradients) = kept.unwrap_or_default();
        tape.reset();
        tape.guards.keep_parts(false);
        Self { tape, gradients }
    }
}

impl Drop for Lent {
    /// Leaves the memory for the next call, if it is not too much. What a panic left is dropped.
    fn drop(&mut self) {
        let bytes = self.tape.memory_usage() + self.gradients.memory_usage();
        if bytes <= LIMIT && !std::thread::panicking() {
            let kept = (std::mem::take(&mut self.tape), std::mem::take(&mut self.gradients));
            // Where the thread ends, there is nobody to keep it for.
            let _ = KEPT.try_with(|last| last.set(Some(kept)));
        }
    }
}

/// Gives back to the system the memory that [`gradient`](crate::gradient) and its like keep for
/// this thread's next call: at most 256 MiB for each thread that called them.
///
/// # Example
/// ```
/// assert_eq!(wengert::gradient(|x| x[0] * x[0], &[3.0]), [6.0]);
/// wengert::release_memory();
/// assert_eq!(wengert::gradient(|x| x[0] * x[0], &[4.0]), [8.0]);
/// ```
pub fn release_memory() {
    let _ = KEPT.try_with(Cell::take);
}
