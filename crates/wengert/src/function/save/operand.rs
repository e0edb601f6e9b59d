//! An operand as it is saved: not yet known to be there.

use crate::function::draft::Source;
use serde::de::{Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A value `v3`, a constant `c0`, or the negative of one, `-v3`: so in a format for people. Else
/// a word, with the kind and the sign in its lowest bits.
#[derive(Clone, Copy)]
pub(super) struct Operand {
    pub(super) index: u64,
    pub(super) is_constant: bool,
    pub(super) is_negated: bool,
}

impl Operand {
    /// Bits of a word beside the index.
    pub(super) const FLAGS: u32 = 2;
    const CONSTANT: u64 = 1;
    const NEGATED: u64 = 2;

    pub(super) fn flags(self) -> u64 {
        let constant = if self.is_constant { Self::CONSTANT } else { 0 };
        let negated = if self.is_negated { Self::NEGATED } else { 0 };
        constant | negated
    }

    /// The operand with the kind and sign that a word tells.
    pub(super) const fn with_flags_of(word: u64, index: u64) -> Self {
        let (is_constant, is_negated) = (word & Self::CONSTANT != 0, word & Self::NEGATED != 0);
        Self { index, is_constant, is_negated }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let (rest, is_negated) = match text.strip_prefix('-') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let (digits, is_constant) = match rest.strip_prefix('c') {
            Some(digits) => (digits, true),
            None => (rest.strip_prefix('v')?, false),
        };
        let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
        let index = u64::from(digits.parse::<u32>().ok().filter(|_| is_number)?);
        Some(Self { index, is_constant, is_negated })
    }
}

impl From<Source> for Operand {
    fn from(source: Source) -> Self {
        Self {
            index: source.index() as u64,
            is_constant: source.is_constant(),
            is_negated: source.is_negated(),
        }
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negated { "-" } else { "" };
        let kind = if self.is_constant { 'c' } else { 'v' };
        write!(f, "{sign}{kind}{}", self.index)
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
        Ok(Self::with_flags_of(word, word >> Self::FLAGS))
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
