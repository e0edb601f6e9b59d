//! A growing array that is pushed to through `&self`: the one file with `unsafe`.
#![allow(unsafe_code, reason = "a RefCell costs 1 ns a push; benches, group `record`")]
// And `fetch`, by which recording and sweep of millions of nodes take a quarter to two fifths less
// (group `gradient`).

use std::cell::{Cell, UnsafeCell};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// Items in order. `room` is the length up to which a push may go: at most the capacity, and 0
/// while a [`Reading`] lives. Not `Sync`; no method runs foreign code while it touches `items`.
/// Where each push has to ask first, `room` exceeds the length only within a push.
#[derive(Debug)]
pub(crate) struct Arena<T> {
    items: UnsafeCell<Vec<T>>,
    room: Cell<usize>,
    capacity: Cell<usize>,
    readings: Cell<usize>,
    asks: Cell<bool>,
}

impl<T: Copy> Arena<T> {
    pub(crate) const fn new() -> Self {
        Self {
            items: UnsafeCell::new(Vec::new()),
            room: Cell::new(0),
            capacity: Cell::new(0),
            readings: Cell::new(0),
            asks: Cell::new(false),
        }
    }

    /// The number of items.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        // SAFETY: no `&mut Vec` exists now; those made in `push` and `grow` die there.
        unsafe { (*self.items.get()).len() }
    }

    /// Appends `item` and returns its position. Where there is no room, `make_room` is asked for
    /// some first; it sees no item, so that the item can be built in its place.
    #[inline(always)]
    pub(crate) fn push<E>(
        &self,
        item: T,
        make_room: impl FnOnce() -> Result<(), E>,
    ) -> Result<usize, E> {
        if self.is_full() {
            make_room()?;
        }
        Ok(self.push_in_room(item))
    }

    /// Whether a push has to make room first.
    #[inline(always)]
    pub(crate) fn is_full(&self) -> bool {
        self.len() >= self.room.get()
    }

    /// Appends `item`, for which there is room, and returns its position.
    #[inline(always)]
    pub(crate) fn push_in_room(&self, item: T) -> usize {
        assert!(!self.is_full(), "there is room for one more");
        let index = self.len();
        // SAFETY: index < room, so no `Reading` shares the vector and the write is within its
        // capacity. PERF: `Vec::push` would check the capacity a second time.
        unsafe {
            let items = self.items.get();
            let place = (*items).as_mut_ptr().add(index);
            fetch(place.wrapping_add(AHEAD));
            place.write(item);
            (*items).set_len(index + 1);
        }
        index
    }

    /// Whether so many items can be appended with no push that has to ask first.
    #[inline(always)]
    pub(crate) fn has_room_for(&self, count: usize) -> bool {
        self.room.get().saturating_sub(self.len()) >= count
    }

    /// Appends an item for each of a list, for which there is room, and returns the position of the
    /// first.
    #[inline]
    pub(crate) fn extend_in_room<V: Copy>(
        &self,
        list: &[V],
        item: impl Fn(usize, V) -> T,
    ) -> usize {
        assert!(self.has_room_for(list.len()), "there is room for all");
        // Whatever `item` does, it finds no room meanwhile, and nothing grows.
        let reading = self.read();
        let first = reading.len();
        // SAFETY: the room was within the capacity, and nothing moves the vector while `reading`
        // lives. Writes are behind its length, where no `Reading` looks.
        unsafe {
            let items = self.items.get();
            let free = (*items).as_mut_ptr().add(first);
            for (i, &value) in list.iter().enumerate() {
                free.add(i).write(item(i, value));
            }
            (*items).set_len(first + list.len());
        }
        first
    }

    /// Makes room for `capacity` items in all: `false` if a `Reading` lives or memory ran out.
    pub(crate) fn grow(&self, capacity: usize) -> bool {
        if self.is_being_read() {
            return false;
        }
        // SAFETY: no `Reading` lives, so nothing else refers to the vector.
        let items = unsafe { &mut *self.items.get() };
        let grown = items.try_reserve_exact(capacity.saturating_sub(items.len())).is_ok();
        if grown {
            self.capacity.set(capacity.max(self.capacity.get()));
            self.open();
        }
        grown
    }

    /// Lets each push call its `make_room` from now on, or only those that lack room.
    pub(crate) fn ask_before_each_push(&mut self, asks: bool) {
        self.asks.set(asks);
        if !self.is_being_read() {
            self.open();
        }
    }

    /// Lets one push through where each has to ask: `false` if a `Reading` lives or the memory
    /// is full.
    pub(crate) fn admit_one(&self) -> bool {
        let admits = !self.is_being_read() && self.len() < self.capacity.get();
        if admits {
            self.room.set(self.len() + 1);
        }
        admits
    }

    /// Whether a `Reading` lives.
    pub(crate) fn is_being_read(&self) -> bool {
        self.readings.get() > 0
    }

    /// The capacity in items.
    pub(crate) fn capacity(&self) -> usize {
        self.capacity.get()
    }

    /// The items, fixed until all `Reading`s are dropped: until then a push finds no room.
    pub(crate) fn read(&self) -> Reading<'_, T> {
        // Counted with a check: forgotten `Reading`s add up, and a count that began anew would
        // let a push move the items from under those that live.
        let readings = self.readings.get().checked_add(1);
        self.readings.set(readings.expect("fewer `Reading`s are forgotten than can be counted"));
        self.room.set(0);
        Reading(self)
    }

    /// Exchanges the items with those of another arena: `false` if a `Reading` of either lives.
    pub(crate) fn exchange(&self, other: &Self) -> bool {
        let may = !self.is_being_read() && !other.is_being_read();
        if may && !std::ptr::eq(self, other) {
            // SAFETY: no `Reading` of the two lives, so nothing else refers to the vectors, which
            // are two.
            unsafe { std::ptr::swap(self.items.get(), other.items.get()) };
            self.room.swap(&other.room);
            self.capacity.swap(&other.capacity);
            self.asks.swap(&other.asks);
        }
        may
    }

    /// Keeps the first `len` items and the memory. `&mut` proves that no `Reading` is in use.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.items.get_mut().truncate(len);
        self.readings.set(0);
        self.open();
    }
}

impl<T> Arena<T> {
    /// Lets pushes go on when no `Reading` lives.
    fn open(&self) {
        self.room.set(if self.asks.get() { 0 } else { self.capacity.get() });
    }
}

/// How many items before it gets there a pass asks for memory. Beyond the cache fewer are too late;
/// within it their number makes no difference.
pub(crate) const AHEAD: usize = 128;

/// Asks the processor for the memory of `items[index]`, wherever that is: what is no item, or no
/// memory, is not fetched.
#[inline(always)]
pub(crate) fn prefetch<T>(items: &[T], index: usize) {
    fetch(items.as_ptr().wrapping_add(index));
}

/// The same, of an address.
///
/// Processors see by themselves that a pass goes through memory. But they let that end with each
/// page of 4096 bytes, of which a tape writes or reads one in half a microsecond. Nothing is done
/// about items longer than what is fetched at once.
#[inline(always)]
fn fetch<T>(place: *const T) {
    if const { size_of::<T>() > 64 } {
        return;
    }
    // SAFETY: it is a hint. No number is read, and no address is a fault.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(place.cast());
    }
    // Elsewhere stable Rust has no name for it.
    let _ = place;
}

/// A borrow of all items.
#[derive(Debug)]
pub(crate) struct Reading<'a, T>(&'a Arena<T>);

impl<T> std::ops::Deref for Reading<'_, T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: room is 0 and readings > 0 while `self` lives, so nothing forms a `&mut`.
        unsafe { &*self.0.items.get() }
    }
}

impl<T> Drop for Reading<'_, T> {
    fn drop(&mut self) {
        self.0.readings.set(self.0.readings.get() - 1);
        if self.0.readings.get() == 0 {
            self.0.open();
        }
    }
}

/// What only the thread of a tape of `F` touches. Cells are not `Sync` by themselves; this says so
/// once for all that a tape has, and in the words of [`SharedByThreads`].
pub(crate) struct Confined<T, F> {
    inner: T,
    scalar: PhantomData<F>,
}

impl<T, F> Confined<T, F> {
    pub(crate) const fn new(inner: T) -> Self {
        Self { inner, scalar: PhantomData }
    }
}

impl<T: Default, F> Default for Confined<T, F> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T, F> Deref for Confined<T, F> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T, F> DerefMut for Confined<T, F> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

/// A scalar whose tapes threads share: there is none.
#[diagnostic::on_unimplemented(
    message = "a tape and its variables stay on one thread",
    label = "what is shared or sent here holds a tape or one of its variables",
    note = "across threads, record a `Function`, which is `Send` and `Sync`, and give each thread a \
            workspace of its own",
    note = "or make a `Tape` on each thread, and send it plain numbers"
)]
pub(crate) trait SharedByThreads {}

// SAFETY: it never applies, because nothing implements the bound.
unsafe impl<T, F: SharedByThreads> Sync for Confined<T, F> {}

#[cfg(test)]
mod tests {
    use super::Arena;

    #[test]
    #[should_panic(expected = "fewer `Reading`s are forgotten than can be counted")]
    fn readings_that_cannot_be_counted_are_refused() {
        let arena = Arena::<u8>::new();
        arena.readings.set(usize::MAX);
        let _ = arena.read();
    }
}
