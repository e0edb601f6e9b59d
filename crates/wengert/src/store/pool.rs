//! Operands and constants of operations of variable length, run behind run.

use super::{Memory, Span};
use std::cell::{Ref, RefCell};

/// Items that are appended a run at a time, so that one check of the borrow serves many.
#[derive(Debug)]
pub(crate) struct Pool<T>(RefCell<Vec<T>>);

impl<T> Pool<T> {
    pub(crate) const fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    /// Whether `count` more items can be appended as things are: not where that would need more
    /// memory, or while the pool is being read.
    #[inline]
    pub(crate) fn has_room(&self, count: usize) -> bool {
        self.0.try_borrow_mut().is_ok_and(|all| all.capacity() - all.len() >= count)
    }

    /// Appends items, for which there is room.
    #[inline]
    pub(crate) fn append(&self, items: impl Iterator<Item = T>) -> Span {
        let mut all = self.0.borrow_mut();
        let start = all.len();
        all.extend(items);
        Span { start: start as u32, len: (all.len() - start) as u32 }
    }

    /// Appends two lists as one run, if there is room for them as things are.
    ///
    /// PERF: room is asked for and taken by one borrow, which is half of what a short list costs.
    #[inline(always)]
    pub(crate) fn append_in_room(
        &self,
        first: impl ExactSizeIterator<Item = T>,
        behind: impl ExactSizeIterator<Item = T>,
    ) -> Option<Span> {
        let mut all = self.0.try_borrow_mut().ok()?;
        let (start, len) = (all.len(), first.len() + behind.len());
        if all.capacity() - start < len {
            return None;
        }
        all.extend(first);
        if behind.len() > 0 {
            all.extend(behind);
        }
        Some(Span { start: start as u32, len: len as u32 })
    }

    /// Takes back the last run.
    pub(crate) fn forget(&self, span: Span) {
        self.0.borrow_mut().truncate(span.start as usize);
    }

    /// Changes a run in place.
    pub(crate) fn fill<R>(&self, span: Span, fill: impl FnOnce(&mut [T]) -> R) -> R {
        let start = span.start as usize;
        fill(&mut self.0.borrow_mut()[start..start + span.len as usize])
    }

    /// Exchanges the items with those of another pool. Neither is being read.
    pub(crate) fn exchange(&self, other: &Self) {
        self.0.swap(&other.0);
    }

    /// The items; until this is dropped, nothing can be appended.
    pub(crate) fn read(&self) -> Ref<'_, Vec<T>> {
        self.0.borrow()
    }

    /// Keeps the first `len` items and the memory. `&mut` proves that no borrow is in use; a new
    /// cell does not count those that were forgotten.
    pub(crate) fn truncate(&mut self, len: usize) {
        let mut items = std::mem::take(self.0.get_mut());
        items.truncate(len);
        self.0 = RefCell::new(items);
    }
}

impl<T: Copy> Pool<T> {
    /// Appends as many items as are known when the program is compiled, if there is room for them as
    /// things are; returns the position of the first.
    ///
    /// PERF: each is made in its place. `extend` is a call, and that of an array a copy too, which
    /// waits until what was written piece by piece can be read as a whole.
    #[inline(always)]
    pub(crate) fn append_each<const N: usize>(&self, item: impl Fn(usize) -> T) -> Option<u32> {
        let mut all = self.0.try_borrow_mut().ok()?;
        let start = all.len();
        if all.capacity() - start < N {
            return None;
        }
        for i in 0..N {
            all.push(item(i));
        }
        Some(start as u32)
    }

    /// The last items, as a run, if there are as many of them as of these and all are the same.
    #[inline]
    pub(crate) fn last_if(&self, items: &[T], is_same: impl Fn(&T, &T) -> bool) -> Option<Span> {
        let all = self.0.borrow();
        let start = all.len().checked_sub(items.len())?;
        let are_same = all[start..].iter().zip(items).all(|(x, y)| is_same(x, y));
        are_same.then_some(Span { start: start as u32, len: items.len() as u32 })
    }

    /// Appends items that lie in memory already, for which there is room; returns the position of
    /// the first.
    #[inline(always)]
    pub(crate) fn append_array<const N: usize>(&self, items: &[T; N]) -> u32 {
        let mut all = self.0.borrow_mut();
        let start = all.len();
        all.extend_from_slice(items);
        start as u32
    }
}

impl<T> Memory for Pool<T> {
    const ITEM: usize = size_of::<T>();
    fn len(&self) -> usize {
        self.0.borrow().len()
    }
    fn capacity(&self) -> usize {
        self.0.borrow().capacity()
    }
    fn is_being_read(&self) -> bool {
        self.0.try_borrow_mut().is_err()
    }
    fn grow(&self, capacity: usize) -> bool {
        self.0.try_borrow_mut().is_ok_and(|mut all| {
            let additional = capacity.saturating_sub(all.len());
            all.try_reserve_exact(additional).is_ok()
        })
    }
}
