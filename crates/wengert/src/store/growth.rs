//! How a tape's memory grows, and where its limits stop it.

use super::{Arena, NodeId, Tape};
use crate::error::{Error, Kind};
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
        if needed > NodeId::LIMIT {
            return Err(Kind::NodeLimit { given: needed, limit: NodeId::LIMIT }.into());
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
        let capacity = wanted.max(needed).min(affordable).min(NodeId::LIMIT);
        if memory.grow(capacity) || memory.grow(needed) {
            Ok(())
        } else {
            Err(Kind::OutOfMemory { bytes: needed * M::ITEM }.into())
        }
    }
}
