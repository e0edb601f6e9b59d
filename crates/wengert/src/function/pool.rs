//! Memory that is taken and given back.

use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

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
pub struct Pool<T> {
    /// Kept locked while it is in use. PERF: to whom works alone that is one lock for both the
    /// taking and the giving back, and nothing moves.
    first: Mutex<Option<T>>,
    rest: Mutex<Vec<T>>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { first: Mutex::default(), rest: Mutex::default() }
    }
}

impl<T> Pool<T> {
    pub(in crate::function) fn of_one(first: T) -> Self {
        Self { first: Mutex::new(Some(first)), rest: Mutex::default() }
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
    #[inline]
    pub fn with<R>(&self, new: impl FnOnce() -> T, work: impl FnOnce(&mut T) -> R) -> R {
        match self.first.try_lock() {
            Ok(mut first) => work(first.get_or_insert_with(new)),
            Err(TryLockError::Poisoned(first)) => {
                let mut first = first.into_inner();
                *first = None;
                self.first.clear_poison();
                work(first.insert(new()))
            }
            Err(TryLockError::WouldBlock) => self.with_another(new, work),
        }
    }

    /// The same where the first memory is in use.
    fn with_another<R>(&self, new: impl FnOnce() -> T, work: impl FnOnce(&mut T) -> R) -> R {
        let free = self.rest().pop();
        let mut memory = free.unwrap_or_else(new);
        let result = work(&mut memory);
        self.rest().push(memory);
        result
    }

    /// Nothing that is done while it is locked can leave it unfinished.
    fn rest(&self) -> MutexGuard<'_, Vec<T>> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Pool;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[test]
    fn memory_of_work_that_panics_is_dropped() {
        let pool = Pool::of_one(1);
        for _ in 0..2 {
            let work = || pool.with(|| 2, |_| panic!("the work fails"));
            assert!(catch_unwind(AssertUnwindSafe(work)).is_err());
        }
        assert_eq!(pool.with(|| 3, |memory| *memory), 3);
        // What works within has other memory, which is kept too.
        let inner = |_: &mut i32| pool.with(|| 4, |memory| std::mem::replace(memory, 5));
        assert_eq!(pool.with(|| 6, inner), 4);
        assert_eq!(pool.with(|| 6, inner), 5);
        assert_eq!(pool.with(|| 6, |memory| *memory), 3);
    }
}
