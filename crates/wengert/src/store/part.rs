//! Where parts of a recording are recorded and swept, before a node of their tape stands for them.

use super::Tape;
use crate::scalar::Scalar;

/// A tape of its own for one part after the other, short enough to stay in the cache, and the
/// memory of its sweeps.
#[derive(Debug)]
pub(crate) struct PartMemory<F: Scalar> {
    pub(crate) tape: Tape<F>,
    pub(crate) adjoints: Vec<F>,
    pub(crate) scratch: Vec<F>,
}

impl<F: Scalar> Tape<F> {
    /// Memory for a part, with an empty tape that may hold as much as this one. A part within a
    /// part has memory of its own, because that of the outer one is taken.
    pub(crate) fn take_part_memory(&self) -> Box<PartMemory<F>> {
        let mut memory = self.part.take().unwrap_or_else(|| {
            let tape = Self::default();
            Box::new(PartMemory { tape, adjoints: Vec::new(), scratch: Vec::new() })
        });
        memory.tape.reset();
        memory.tape.set_limit(self.byte_limit);
        memory
    }

    /// Keeps the memory for the next part. After a panic it is dropped instead.
    pub(crate) fn keep_part_memory(&self, memory: Box<PartMemory<F>>) {
        self.part.set(Some(memory));
    }
}
