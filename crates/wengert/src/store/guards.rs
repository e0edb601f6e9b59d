//! Comparisons that a program made while it was recorded, where somebody wants to know.

use super::note::{Departure, Note, Way};
use crate::ops::{Comparison, Operand};
use crate::scalar::Scalar;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

/// Where a comparison stands in the program that is recorded.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GuardPlace {
    /// The line of Rust that made it.
    Here(&'static Location<'static>),
    /// What an interpreter of another language said; see [`Tape::comparisons_at`](crate::Tape::comparisons_at).
    Said(Arc<str>, u32),
}

impl fmt::Display for GuardPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Here(place) => place.fmt(f),
            Self::Said(file, line) => write!(f, "{file}:{line}"),
        }
    }
}

/// A comparison with its operands, their values at the time, and the line of the program.
#[derive(Clone, Debug)]
pub(crate) struct Guard<F> {
    pub(crate) comparison: Comparison,
    pub(crate) operands: [Operand<F>; 2],
    pub(crate) then: (F, F),
    pub(crate) place: GuardPlace,
}

impl<F: Scalar> Guard<F> {
    /// Whether an equality was asked and held, other than of a variable with itself.
    pub(crate) fn is_equality(&self) -> bool {
        let itself = match self.operands {
            [Operand::Node(x), Operand::Node(y)] => x == y,
            _ => false,
        };
        !itself && self.comparison.is_equality(self.then)
    }
}

/// Which comparisons a tape notes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Noted {
    #[default]
    None,
    /// Those that were asked for equality and held.
    Equalities,
    /// All of them, and what left the recording as a plain number.
    All,
}

/// The comparisons of one tape and what left it, noted only where that was asked for.
#[derive(Debug)]
pub(crate) struct Guards<F> {
    noted: Cell<Noted>,
    list: RefCell<Vec<Guard<F>>>,
    /// What stands for the lines of Rust from now on.
    said: RefCell<Option<(Arc<str>, u32)>>,
    departures: RefCell<Vec<Departure<F>>>,
    /// Whether parts are recorded operation by operation, though no comparison is noted.
    keeps_parts: Cell<bool>,
}

impl<F> Default for Guards<F> {
    fn default() -> Self {
        let (list, departures) = (RefCell::default(), RefCell::default());
        let (noted, keeps_parts) = (Cell::default(), Cell::default());
        Self { noted, list, said: RefCell::default(), departures, keeps_parts }
    }
}

impl<F: Scalar> Guards<F> {
    /// Notes every comparison from now on, and whatever leaves as a plain number.
    pub(super) fn start(&self) {
        self.noted.set(Noted::All);
    }

    /// Notes equalities that hold from now on, or no longer.
    pub(super) fn watch_equalities(&self, on: bool) {
        if self.noted.get() != Noted::All {
            self.noted.set(if on { Noted::Equalities } else { Noted::None });
        }
    }

    #[inline(always)]
    pub(crate) fn are_noted(&self) -> bool {
        self.noted.get() != Noted::None
    }

    /// Says whether parts are recorded operation by operation: for who evaluates a recording again,
    /// or differentiates it twice.
    pub(crate) fn keep_parts(&self, keeps: bool) {
        self.keeps_parts.set(keeps);
    }

    /// Whether a part may become a node with its partial derivatives: not where its operations are
    /// evaluated again, nor where its comparisons are asked for.
    #[inline(always)]
    pub(crate) fn may_preaccumulate(&self) -> bool {
        self.noted.get() == Noted::None && !self.keeps_parts.get()
    }

    /// Whether it is noted what leaves the recording.
    #[inline(always)]
    pub(crate) fn are_all_noted(&self) -> bool {
        self.noted.get() == Noted::All
    }

    /// Says where the comparisons from now on stand.
    pub(super) fn say(&self, place: Option<(&str, u32)>) {
        let mut said = self.said.borrow_mut();
        *said = place.map(|(file, line)| match said.take() {
            Some((known, _)) if *known == *file => (known, line),
            _ => (file.into(), line),
        });
    }

    /// The place of a comparison that is made here.
    pub(crate) fn place(&self, here: &'static Location<'static>) -> GuardPlace {
        match &*self.said.borrow() {
            None => GuardPlace::Here(here),
            Some((file, line)) => GuardPlace::Said(Arc::clone(file), *line),
        }
    }

    pub(crate) fn note(&self, guard: Guard<F>) {
        if self.are_all_noted() || guard.is_equality() {
            self.list.borrow_mut().push(guard);
        }
    }

    /// Notes that a number, or more, leaves the recording, where that is wanted.
    #[inline(always)]
    pub(crate) fn departs(
        &self,
        way: Way,
        number: Option<F>,
        place: Option<&'static Location<'static>>,
    ) {
        if self.are_all_noted() {
            self.note_departure(way, number, place);
        }
    }

    #[cold]
    fn note_departure(
        &self,
        way: Way,
        number: Option<F>,
        place: Option<&'static Location<'static>>,
    ) {
        let mut departures = self.departures.borrow_mut();
        // Put together at once, the latest first: a loop would make an entry a pass.
        let same = |other: &&mut Departure<F>| other.way == way && other.place == place;
        match departures.iter_mut().rev().find(same) {
            Some(other) => other.times += 1,
            None => departures.push(Departure { way, number, place, times: 1 }),
        }
    }

    /// Exchanges what was noted, and what is to be, with another tape's.
    pub(super) fn exchange(&self, other: &Self) {
        self.noted.swap(&other.noted);
        self.list.swap(&other.list);
        self.departures.swap(&other.departures);
        self.keeps_parts.swap(&other.keeps_parts);
    }

    /// The number of comparisons noted.
    pub(super) fn len(&self) -> usize {
        self.list.borrow().len()
    }

    /// Keeps the first `len` comparisons.
    pub(super) fn truncate(&mut self, len: usize) {
        self.list.get_mut().truncate(len);
    }

    /// What was noted so far, to be looked at.
    pub(super) fn with<R>(&self, look: impl FnOnce(&[Guard<F>]) -> R) -> R {
        look(&self.list.borrow())
    }

    /// Hands out what was noted so far.
    pub(super) fn take(&self) -> (Vec<Guard<F>>, Vec<Note>) {
        let departures = self.departures.take();
        (self.list.take(), departures.into_iter().map(Departure::note).collect())
    }
}
