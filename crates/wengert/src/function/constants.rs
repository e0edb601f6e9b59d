//! The constants of a draft, each kept once.

use super::draft::Source;
use crate::scalar::Real;
use rustc_hash::FxBuildHasher;
use std::collections::HashMap;

/// Constants by their bits, so that 0 and −0 are two and a NaN is one.
#[derive(Debug, Default)]
pub(super) struct Constants<F> {
    pub(super) list: Vec<F>,
    positions: HashMap<u64, u32, FxBuildHasher>,
}

impl<F: Real> Constants<F> {
    pub(super) fn new() -> Self {
        Self { list: Vec::new(), positions: HashMap::default() }
    }

    /// The place of a constant, which may be new.
    pub(super) fn source(&mut self, number: F) -> Source {
        let next = self.list.len() as u32;
        let position = *self.positions.entry(number.bits()).or_insert(next);
        if position == next {
            self.list.push(number);
        }
        Source::constant(position as usize)
    }
}
