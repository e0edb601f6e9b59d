//! Comparisons that a program made while it was recorded, where somebody wants to know.

use crate::ops::{Comparison, Operand};
use std::cell::{Cell, RefCell};
use std::panic::Location;

/// A comparison with its operands, their values at the time, and the line of the program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guard<F> {
    pub(crate) comparison: Comparison,
    pub(crate) operands: [Operand<F>; 2],
    pub(crate) then: (F, F),
    pub(crate) place: &'static Location<'static>,
}

/// The comparisons of one tape, noted only where that was asked for.
#[derive(Debug)]
pub(crate) struct Guards<F> {
    are_noted: Cell<bool>,
    list: RefCell<Vec<Guard<F>>>,
}

impl<F> Default for Guards<F> {
    fn default() -> Self {
        Self { are_noted: Cell::new(false), list: RefCell::default() }
    }
}

impl<F> Guards<F> {
    /// Notes every comparison from now on.
    pub(super) fn start(&self) {
        self.are_noted.set(true);
    }

    #[inline(always)]
    pub(crate) fn are_noted(&self) -> bool {
        self.are_noted.get()
    }

    pub(crate) fn note(&self, guard: Guard<F>) {
        self.list.borrow_mut().push(guard);
    }

    /// Hands out what was noted so far.
    pub(super) fn take(&self) -> Vec<Guard<F>> {
        self.list.take()
    }
}
