//! Where the operands of a draft lie in a program.

use crate::function::draft::{Draft, Source};
use crate::scalar::Real;

/// A slot, and whether what lies there depends on a variable: slots are few enough to leave the
/// highest bit of a word for that, and whoever asks for one asks for both.
#[derive(Clone, Copy)]
pub(in crate::function) struct Place(u32);

impl Place {
    const ACTIVE: u32 = 1 << 31;

    #[inline]
    pub(in crate::function) const fn slot(self) -> u32 {
        self.0 & !Self::ACTIVE
    }

    #[inline]
    pub(in crate::function) const fn is_active(self) -> bool {
        self.0 & Self::ACTIVE != 0
    }
}

/// The places of the values and constants of a draft.
pub(in crate::function) struct Places {
    values: Vec<Place>,
    /// The values that have their slots. Behind them are those of a window, with levels instead.
    placed: usize,
    /// The slot of the first constant.
    constants: u32,
}

impl Places {
    /// The places of the inputs.
    pub(in crate::function) fn of_inputs<F: Real>(draft: &Draft<F>) -> Self {
        let (variables, inputs) = (draft.variables.len() as u32, draft.inputs() as u32);
        let mut values = Vec::with_capacity(draft.values());
        values.extend((0..variables).map(|slot| Place(slot | Place::ACTIVE)));
        values.extend((variables..inputs).map(Place));
        Self { placed: values.len(), values, constants: inputs }
    }

    #[inline]
    pub(in crate::function) fn of(&self, source: Source) -> Place {
        match source.as_value() {
            Some(value) => self.values[value],
            None => Place(self.constants + source.index() as u32),
        }
    }

    #[inline]
    pub(in crate::function) fn slot(&self, source: Source) -> u32 {
        self.of(source).slot()
    }

    #[inline]
    pub(in crate::function) fn is_active(&self, source: Source) -> bool {
        self.of(source).is_active()
    }

    /// Whether an operand is active, and how deep in what its window computes is what takes it:
    /// 0 for operands from before.
    #[inline]
    pub(in crate::function) fn level_above(&self, source: Source) -> (bool, u32) {
        match source.as_value() {
            None => (false, 0),
            Some(value) => {
                let place = self.values[value];
                let level = if value < self.placed { 0 } else { place.slot() + 1 };
                (place.is_active(), level)
            }
        }
    }

    /// The next value of the window, whose slot is not known yet.
    #[inline]
    pub(in crate::function) fn push(&mut self, is_active: bool, level: u32) {
        self.values.push(Place(level | if is_active { Place::ACTIVE } else { 0 }));
    }

    /// Gives the values of the window consecutive slots, told their positions in that order.
    #[inline]
    pub(in crate::function) fn place(
        &mut self,
        first_slot: usize,
        order: impl Iterator<Item = usize>,
    ) {
        let window = &mut self.values[self.placed..];
        for (slot, position) in (first_slot as u32..).zip(order) {
            let place = &mut window[position];
            *place = Place(place.0 & Place::ACTIVE | slot);
        }
        self.placed = self.values.len();
    }
}
