//! Where the operands of a draft lie in a program.

use super::draft::{Draft, Source};

/// The slot of each value, and whether it depends on a variable.
pub(super) struct Places {
    /// Slots, which are few enough to leave the highest bit for the other answer: whoever asks
    /// for one mostly asks for both.
    list: Vec<u32>,
    /// The slot of the first constant.
    constants: u32,
}

impl Places {
    const ACTIVE: u32 = 1 << 31;

    /// The places of the inputs.
    pub(super) fn of_inputs<F: crate::scalar::Real>(draft: &Draft<F>) -> Self {
        let (variables, inputs) = (draft.variables.len() as u32, draft.inputs() as u32);
        let mut list = Vec::with_capacity(draft.values());
        list.extend((0..variables).map(|slot| slot | Self::ACTIVE));
        list.extend(variables..inputs);
        Self { list, constants: inputs }
    }

    /// The next value, whose slot is not known yet.
    #[inline]
    pub(super) fn push(&mut self, is_active: bool) {
        self.list.push(if is_active { Self::ACTIVE } else { 0 });
    }

    /// Puts a value into a slot.
    #[inline]
    pub(super) fn set(&mut self, value: usize, slot: usize) {
        self.list[value] |= slot as u32;
    }

    #[inline]
    pub(super) fn slot(&self, source: Source) -> u32 {
        match source.as_value() {
            Some(value) => self.list[value] & !Self::ACTIVE,
            None => self.constants + source.index() as u32,
        }
    }

    #[inline]
    pub(super) fn is_active(&self, source: Source) -> bool {
        source.as_value().is_some_and(|value| self.list[value] & Self::ACTIVE != 0)
    }
}
