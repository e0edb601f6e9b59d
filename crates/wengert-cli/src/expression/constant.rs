//! Numbers that have a name.

use std::f64::consts;

/// The names and the numbers. A definition hides a constant of its name.
const CONSTANTS: [(&str, f64); 7] = [
    ("e", consts::E),
    ("pi", consts::PI),
    ("π", consts::PI),
    ("tau", consts::TAU),
    ("τ", consts::TAU),
    ("inf", f64::INFINITY),
    ("∞", f64::INFINITY),
];

/// A named number, by its position: a byte in a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Constant(u8);

impl Constant {
    pub(crate) fn named(name: &str) -> Option<Self> {
        let position = CONSTANTS.iter().position(|(known, _)| *known == name)?;
        Some(Self(position as u8))
    }

    pub(crate) const fn name(self) -> &'static str {
        CONSTANTS[self.0 as usize].0
    }

    pub(crate) const fn value(self) -> f64 {
        CONSTANTS[self.0 as usize].1
    }
}
