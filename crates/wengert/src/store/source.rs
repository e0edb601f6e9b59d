//! Which line of the program recorded which node.

use super::Tape;
use crate::error::{Error, Kind};
use crate::index::NodeIndex;
use crate::scalar::Scalar;
use rustc_hash::FxHashMap;
use std::panic::Location;

/// The source locations of a tape's nodes, each kept once, with 4 bytes a node that refer to it.
#[derive(Debug, Default)]
pub(super) struct Sources {
    on: bool,
    places: Vec<&'static Location<'static>>,
    /// Which of `places` lies at an address, since an address is hashed sooner than a path. The
    /// compiler may hold one line at several addresses.
    by_address: FxHashMap<usize, u32>,
    /// For each node, which of `places`. Shorter than the tape where recording was off at its end.
    of_node: Vec<u32>,
}

impl Sources {
    /// Marks nodes that were recorded while this was off.
    const UNKNOWN: u32 = u32::MAX;

    /// Keeps from now on, or no longer, where nodes come from. `nodes` stand already.
    fn switch(&mut self, on: bool, nodes: usize) {
        self.on = on;
        if on {
            self.of_node.resize(nodes, Self::UNKNOWN);
        }
    }

    /// Whether there is memory for the place of one more node.
    fn reserve_one(&mut self) -> bool {
        self.of_node.try_reserve(1).is_ok()
    }

    /// Notes where the next node comes from.
    fn note(&mut self, place: &'static Location<'static>) {
        let Self { places, by_address, of_node, .. } = self;
        let address = std::ptr::from_ref(place).addr();
        of_node.push(*by_address.entry(address).or_insert_with(|| intern(places, place)));
    }

    fn of(&self, id: NodeIndex) -> Option<&'static Location<'static>> {
        // No program has so many lines that one of them is `UNKNOWN`.
        self.places.get(*self.of_node.get(id.index())? as usize).copied()
    }

    /// Keeps what is known of the first `nodes` nodes.
    pub(super) fn truncate(&mut self, nodes: usize) {
        self.of_node.truncate(nodes);
    }
}

/// The number of a place, which is added where it is new. Searched once an address, of which a
/// program has as many as lines that record.
fn intern(places: &mut Vec<&'static Location<'static>>, place: &'static Location<'static>) -> u32 {
    let known = places.iter().position(|other| *other == place);
    let at = known.unwrap_or_else(|| {
        places.push(place);
        places.len() - 1
    });
    at as u32
}

impl<F: Scalar> Tape<F> {
    /// Keeps from now on the source location of every operation, or no longer does.
    ///
    /// It is the place in the caller's code that [`TapeView::source`](crate::view::TapeView::source)
    /// then gives. What is recorded by `Iterator::sum` names a line of the standard library;
    /// [`Var::sum`](crate::Var::sum) names the caller's.
    ///
    /// Equalities of variables that hold are kept too, with the places of the comparisons
    /// ([`TapeView::equalities`](crate::view::TapeView::equalities)).
    ///
    /// # Complexity
    /// Off, as it is at first, it costs nothing. On, a node takes 4 bytes more, which limits and
    /// [`Tape::memory_usage`] do not count, and recording it takes a look-up.
    ///
    /// # Example
    /// ```
    /// let mut tape = wengert::Tape::new();
    /// tape.record_sources(true);
    /// let y = tape.var(3.0).sin();
    /// let place = tape.view().source(y.id().unwrap()).unwrap();
    /// assert!(place.file().ends_with(".rs"));
    /// assert!(place.line() > 0);
    /// ```
    pub fn record_sources(&mut self, on: bool) {
        self.guards.watch_equalities(on);
        self.sources.get_mut().switch(on, self.nodes.len());
        self.nodes.ask_before_each_push(on);
    }

    /// Makes room for a node that `place` records, and notes the place where that is wanted.
    pub(super) fn make_room_from(&self, place: &'static Location<'static>) -> Result<(), Error> {
        let mut sources = self.sources.borrow_mut();
        if !sources.on {
            return self.make_room(&*self.nodes, 1);
        }
        if !sources.reserve_one() {
            let bytes = size_of::<u32>() * (self.len() + 1);
            return Err(Kind::OutOfMemory { bytes }.into());
        }
        if !self.nodes.admit_one() {
            self.make_room(&*self.nodes, 1)?;
            self.nodes.admit_one();
        }
        sources.note(place);
        Ok(())
    }

    /// Where a node was recorded, if that was kept.
    pub(super) fn source_of(&self, id: NodeIndex) -> Option<&'static Location<'static>> {
        self.sources.borrow().of(id)
    }
}
