//! Work that is shared by threads.

use rayon::{ThreadPool, ThreadPoolBuilder, prelude::*};

/// The sum of what each part of a problem gave.
pub(super) fn add_up<'p>(parts: impl IntoIterator<Item = &'p [f64]>, sum: &mut [f64]) {
    sum.fill(0.0);
    for part in parts {
        sum.iter_mut().zip(part).for_each(|(sum, share)| *sum += share);
    }
}

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
