//! How a tape's memory grows, and where its limits and the system stop it.

use super::{Arena, Tape};
use crate::error::{Error, Kind};
use crate::index::NodeIndex;
use crate::scalar::Scalar;

/// Memory whose growth a tape's limits govern.
pub(crate) trait Memory {
    /// The bytes of an item.
    const ITEM: usize;
    fn len(&self) -> usize;
    fn capacity(&self) -> usize;
    /// Whether a borrow of the items lives, which growth would leave behind.
    fn is_being_read(&self) -> bool;
    /// Makes room for `capacity` items in all: `false` if that is not to be had.
    fn grow(&self, capacity: usize) -> bool;
}

impl<T: Copy> Memory for Arena<T> {
    const ITEM: usize = size_of::<T>();
    fn len(&self) -> usize {
        self.len()
    }
    fn capacity(&self) -> usize {
        self.capacity()
    }
    fn is_being_read(&self) -> bool {
        self.is_being_read()
    }
    fn grow(&self, capacity: usize) -> bool {
        self.grow(capacity)
    }
}

impl<F: Scalar> Tape<F> {
    /// Makes room for `additional` more items.
    #[cold]
    #[inline(never)]
    pub(super) fn make_room<M: Memory>(&self, memory: &M, additional: usize) -> Result<(), Error> {
        // Doubling while small; half as much again where half is already a lot of memory.
        let capacity = memory.capacity();
        let extra = if capacity < 1 << 16 { capacity.max(64) } else { capacity / 2 };
        self.grow(memory, memory.len() + additional, capacity + extra)
    }

    /// Lets `memory` hold at least `needed` items, and `wanted` where the limits allow it.
    pub(super) fn grow<M: Memory>(
        &self,
        memory: &M,
        needed: usize,
        wanted: usize,
    ) -> Result<(), Error> {
        if memory.is_being_read() {
            return Err(Kind::ViewAlive.into());
        }
        if needed > NodeIndex::LIMIT {
            return Err(Kind::NodeLimit { given: needed, limit: NodeIndex::LIMIT }.into());
        }
        let free = self.byte_limit.saturating_sub(self.memory_usage());
        let by_bytes = memory.capacity() + free / M::ITEM;
        if needed > by_bytes {
            let given = self.memory_usage() + (needed - memory.capacity()) * M::ITEM;
            return Err(Kind::ByteLimit { given, limit: self.byte_limit }.into());
        }
        // Half of what the limit leaves stays for the tape's other memories: nodes that took it
        // all would leave no room for operands.
        let affordable = needed + (by_bytes - needed) / 2;
        let capacity = wanted.max(needed).min(affordable).min(NodeIndex::LIMIT);
        grow_as_memory_allows(memory, needed, capacity)
    }
}

/// Lets `memory` hold `wanted` items, or as many as the system has memory for, but at least
/// `needed`.
///
/// Where there is less than is wanted, half of what goes beyond `needed` is asked for, and so on,
/// down to [`least_growth`]: each growth can copy all that is there, so that a tape that took the
/// last memory item by item would take the square of its length in time to find the end.
fn grow_as_memory_allows<M: Memory>(memory: &M, needed: usize, wanted: usize) -> Result<(), Error> {
    let worthwhile = memory.capacity() + least_growth(memory.capacity());
    let mut capacity = wanted;
    while !memory.grow(capacity) {
        capacity = needed + (capacity - needed) / 2;
        if capacity < worthwhile || capacity == needed {
            let is_asked_for = needed >= worthwhile && needed < wanted;
            if is_asked_for && memory.grow(needed) {
                break;
            }
            return Err(Kind::OutOfMemory { bytes: capacity * M::ITEM }.into());
        }
    }
    Ok(())
}

/// The least growth that is worth a copy of all that is there: with it, memory is filled to the
/// last 64th, and the copies on the way there add up to a few times its length.
fn least_growth(capacity: usize) -> usize {
    (capacity / 64).max(64)
}

#[cfg(test)]
mod tests {
    use super::{Memory, grow_as_memory_allows};
    use crate::store::Tape;
    use std::cell::Cell;

    /// Memory of a system that has room for so many items.
    struct Scarce {
        room: usize,
        capacity: Cell<usize>,
        asked: Cell<usize>,
    }

    impl Scarce {
        fn with_room(room: usize) -> Self {
            Self { room, capacity: Cell::new(0), asked: Cell::new(0) }
        }
    }

    impl Memory for Scarce {
        const ITEM: usize = 24;
        fn len(&self) -> usize {
            self.capacity.get()
        }
        fn capacity(&self) -> usize {
            self.capacity.get()
        }
        fn is_being_read(&self) -> bool {
            false
        }
        fn grow(&self, capacity: usize) -> bool {
            self.asked.set(self.asked.get() + 1);
            let grows = capacity <= self.room;
            if grows {
                self.capacity.set(capacity);
            }
            grows
        }
    }

    #[test]
    fn the_end_of_memory_is_found_in_a_few_reservations() {
        let tape = Tape::new();
        for room in [1, 63, 64, 100, 1_000, 65_537, 1_000_000, 44_739_242] {
            let memory = Scarce::with_room(room);
            let error = std::iter::repeat_with(|| tape.make_room(&memory, 1)).find_map(Result::err);
            let error = error.expect("the memory ends");
            assert!(error.is_limit(), "{error}");
            assert!(memory.asked.get() < 150, "{} reservations for {room}", memory.asked.get());
            let unused = room - memory.capacity.get();
            assert!(unused <= super::least_growth(room), "{unused} of {room} are left");
        }
    }

    /// Memory for all nodes that can be named is more than a test has; what counts it has no end.
    #[test]
    fn the_last_node_that_can_be_named_has_a_place() {
        let (tape, memory) = (Tape::new(), Scarce::with_room(usize::MAX));
        let error = std::iter::repeat_with(|| tape.make_room(&memory, 1)).find_map(Result::err);
        let error = error.expect("the names end").to_string();
        assert_eq!(memory.capacity(), u32::MAX as usize);
        assert!(error.contains("4294967296 entries, a tape can have 4294967295"), "{error}");
    }

    #[test]
    fn what_has_to_fit_is_taken_to_the_last_item() {
        let memory = Scarce::with_room(1_000);
        assert!(grow_as_memory_allows(&memory, 1_000, 1_500).is_ok());
        let error = grow_as_memory_allows(&memory, 2_000, 3_000).unwrap_err();
        let text = "the system has no 48000 bytes of memory for the tape: reset or rewind it";
        assert!(error.to_string().starts_with(text), "{error}");
        assert_eq!(memory.capacity(), 1_000);
    }
}
