//! Where states are kept.

use crate::error::{Error, Kind};

/// The bytes of a piece of memory, unless a state is larger.
const PIECE: usize = 16 << 10;

/// States by number, in pieces that are never moved: to grow takes no more than what is added.
#[derive(Debug)]
pub(super) struct States {
    state: usize,
    capacity: usize,
    /// States in a piece.
    per_piece: usize,
    pieces: Vec<Vec<f64>>,
}

impl States {
    /// No states yet, of so many numbers each, and room for so many of them.
    pub(super) fn new(state: usize, capacity: usize) -> Self {
        let per_piece = (PIECE / (state.max(1) * size_of::<f64>())).max(1);
        Self { state, capacity, per_piece, pieces: Vec::new() }
    }

    /// How many numbers a state has.
    pub(super) const fn state(&self) -> usize {
        self.state
    }

    /// Keeps a state under a number that was used before, or under the next one.
    ///
    /// # Errors
    /// If there is no memory.
    pub(super) fn keep(&mut self, number: usize, state: &[f64]) -> Result<(), Error> {
        let (piece, place) = (number / self.per_piece, self.place(number));
        if piece == self.pieces.len() {
            self.add_piece(number)?;
        }
        let piece = &mut self.pieces[piece];
        if piece.len() < place.end {
            piece.resize(place.end, 0.0);
        }
        piece[place].copy_from_slice(state);
        Ok(())
    }

    /// Adds the piece that begins with the state of a number: no longer than all that are left.
    fn add_piece(&mut self, number: usize) -> Result<(), Error> {
        let states = self.per_piece.min(self.capacity - number);
        let mut piece = Vec::new();
        let reserved = piece.try_reserve_exact(states * self.state);
        let bytes = (number + states) * self.state * size_of::<f64>();
        reserved.map_err(|_| Kind::NoMemoryForStates { bytes })?;
        self.pieces.push(piece);
        Ok(())
    }

    /// Reads the state of a number.
    pub(super) fn restore(&self, number: usize, state: &mut [f64]) {
        state.copy_from_slice(&self.pieces[number / self.per_piece][self.place(number)]);
    }

    /// Where the state of a number lies in its piece.
    fn place(&self, number: usize) -> std::ops::Range<usize> {
        let first = number % self.per_piece * self.state;
        first..first + self.state
    }
}
