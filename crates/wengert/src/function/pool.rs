//! Memory that is taken and given back.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Memory that nobody uses now: what works with it takes some, and gives it back. There is as much
/// as was in use at once. When that is made, nothing is allocated any more.
///
/// It is for adapters that are called by shared reference and need more than the workspaces that an
/// [`Evaluator`](crate::evaluation::Evaluator) lends.
///
/// # Example
/// ```
/// use wengert::evaluation::Pool;
/// let pool: Pool<Vec<f64>> = Pool::default();
/// for _ in 0..3 {
///     // Made once, and found again with what was left in it.
///     pool.with(|| Vec::with_capacity(100), |memory| memory.push(1.0));
/// }
/// assert_eq!(pool.with(Vec::new, |memory| memory.len()), 3);
/// ```
#[derive(Debug)]
pub struct Pool<T>(Mutex<Vec<T>>);

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Pool<T> {
    pub(in crate::function) fn of_one(first: T) -> Self {
        Self(Mutex::new(vec![first]))
    }

    /// Works with memory that nobody else uses meanwhile, which is made where there is none. If the
    /// work panics, its memory is dropped.
    ///
    /// # Example: work within work has memory of its own
    /// ```
    /// use wengert::evaluation::Pool;
    /// let pool = Pool::default();
    /// pool.with(|| [0.0; 2], |outer| {
    ///     outer[0] = 1.0;
    ///     pool.with(|| [5.0; 2], |inner| assert_eq!(*inner, [5.0; 2]));
    /// });
    /// ```
    pub fn with<R>(&self, new: impl FnOnce() -> T, work: impl FnOnce(&mut T) -> R) -> R {
        let free = self.lock().pop();
        let mut memory = free.unwrap_or_else(new);
        let result = work(&mut memory);
        self.lock().push(memory);
        result
    }

    /// What a panic of another thread left is fine: everything is overwritten before it is read.
    fn lock(&self) -> MutexGuard<'_, Vec<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
