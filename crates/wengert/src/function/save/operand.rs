//! An operand as it is saved: not yet known to be there.

use crate::function::draft::Source;
use crate::function::opcode::Opcode;
use serde::de::{Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// What stands before an operand, where anything can.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    None,
    /// The sign of a term.
    Negated,
    /// Of the second factor of a term, that the product is rounded with the sum.
    Fused,
}

impl Mark {
    /// The mark before an operand in a step's list.
    pub(super) const fn at(opcode: Opcode, position: usize) -> Self {
        match opcode {
            // Before the first product there is no sum that it could be rounded with.
            Opcode::Products if position == 1 => Self::None,
            Opcode::Products if position % 2 == 1 => Self::Fused,
            // No partial derivative has a sign of its own.
            Opcode::Chains if position % 2 == 1 => Self::None,
            Opcode::Sum | Opcode::Products | Opcode::Chains => Self::Negated,
            _ => Self::None,
        }
    }

    /// What a bit says where this mark can stand.
    fn if_set(self, bit: bool) -> Self {
        match (bit, self) {
            (false, _) => Self::None,
            // A sign where none can stand.
            (true, Self::None) => Self::Negated,
            (true, mark) => mark,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Negated => "-",
            Self::Fused => "~",
        }
    }
}

/// A value `v3` or a constant `c0`, marked as in `-v3` or `~v3`: so in a format for people. Else a
/// word, with the kind and the mark in its lowest bits.
#[derive(Clone, Copy)]
pub(super) struct Operand {
    pub(super) index: u64,
    pub(super) is_constant: bool,
    pub(super) mark: Mark,
}

impl Operand {
    /// Bits of a word beside the index.
    pub(super) const FLAGS: u32 = 2;
    const CONSTANT: u64 = 1;
    const MARKED: u64 = 2;

    /// The operand as a step has it where a mark can stand.
    pub(super) fn marked(source: Source, mark: Mark) -> Self {
        let (index, is_constant) = (source.index() as u64, source.is_constant());
        Self { index, is_constant, mark: mark.if_set(source.is_negated()) }
    }

    pub(super) fn flags(self) -> u64 {
        let constant = if self.is_constant { Self::CONSTANT } else { 0 };
        let marked = if self.mark == Mark::None { 0 } else { Self::MARKED };
        constant | marked
    }

    /// The operand with the kind that a word tells, and the mark if it tells that.
    pub(super) fn with_flags_of(word: u64, index: u64, mark: Mark) -> Self {
        let is_constant = word & Self::CONSTANT != 0;
        Self { index, is_constant, mark: mark.if_set(word & Self::MARKED != 0) }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let marks = [Mark::Negated, Mark::Fused];
        let marked = |mark: Mark| Some((text.strip_prefix(mark.text())?, mark));
        let (rest, mark) = marks.into_iter().find_map(marked).unwrap_or((text, Mark::None));
        let (digits, is_constant) = match rest.strip_prefix('c') {
            Some(digits) => (digits, true),
            None => (rest.strip_prefix('v')?, false),
        };
        let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
        let index = u64::from(digits.parse::<u32>().ok().filter(|_| is_number)?);
        Some(Self { index, is_constant, mark })
    }
}

impl From<Source> for Operand {
    fn from(source: Source) -> Self {
        Self::marked(source, Mark::None)
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_constant { 'c' } else { 'v' };
        write!(f, "{}{kind}{}", self.mark.text(), self.index)
    }
}

impl Serialize for Operand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_u64(self.index << Self::FLAGS | self.flags())
        }
    }
}

impl<'de> Deserialize<'de> for Operand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return deserializer.deserialize_str(Text);
        }
        let word = u64::deserialize(deserializer)?;
        Ok(Self::with_flags_of(word, word >> Self::FLAGS, Mark::None))
    }
}

struct Text;

impl Visitor<'_> for Text {
    type Value = Operand;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an operand, as \"v3\", \"c0\" or \"-v3\"")
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Operand, E> {
        Operand::read(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}
