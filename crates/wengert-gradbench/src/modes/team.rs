//! Work that is shared by threads.

use rayon::{ThreadPool, ThreadPoolBuilder, prelude::*};

/// As many threads as the user asked for, and none beside the caller's if that is one.
pub(super) struct Team {
    pool: Option<ThreadPool>,
}

impl Team {
    /// # Panics
    ///
    /// If the system has no more threads.
    pub(super) fn new(threads: usize) -> Self {
        let build = || ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = (threads > 1).then(|| build().expect("the system has no more threads"));
        Self { pool }
    }

    /// Does `work` where the library finds the threads.
    pub(super) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        match &self.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }

    /// Does `work` on each item.
    pub(super) fn each<T: Send>(&self, items: &mut [T], work: impl Fn(&mut T) + Send + Sync) {
        match &self.pool {
            Some(pool) => pool.install(|| items.par_iter_mut().for_each(work)),
            None => items.iter_mut().for_each(work),
        }
    }
}
