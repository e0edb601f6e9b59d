//! A number that keeps every bit, in any format: signed zeros, infinities, and what a NaN says.

use crate::scalar::{Concrete, Real};
use serde::de::{Error as _, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// In a format for people a text, the shortest that reads as the same number: JSON's numbers have
/// no NaN and no infinity, and not every reader of them rounds right. Else the number itself.
#[derive(Clone, Copy)]
pub(super) struct Number<F>(pub(super) F);

impl<F: Real> Number<F> {
    fn text(self) -> String {
        if self.0.is_nan() { format!("NaN({:#x})", self.0.raw()) } else { format!("{:?}", self.0) }
    }

    /// Reads what [`Number::text`] writes, and other spellings of the same; but nothing that only
    /// becomes infinite or NaN as it is read.
    fn read(text: &str) -> Option<Self> {
        let number = match text.strip_prefix("NaN(0x").and_then(|rest| rest.strip_suffix(')')) {
            Some(digits) => F::from_raw(u64::from_str_radix(digits, 16).ok()?)?,
            None => F::read(text)?,
        };
        let is_meant = number.is_nan() == text.starts_with("NaN(")
            && number.is_infinite() == matches!(text, "inf" | "-inf");
        is_meant.then_some(Self(number))
    }
}

impl<F: Real> Serialize for Number<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = self.0.raw();
        if serializer.is_human_readable() {
            serializer.serialize_str(&self.text())
        } else if size_of::<F>() == size_of::<f32>() {
            serializer.serialize_f32(f32::from_bits(raw as u32))
        } else {
            serializer.serialize_f64(f64::from_bits(raw))
        }
    }
}

impl<'de, F: Real> Deserialize<'de> for Number<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return deserializer.deserialize_str(Text(PhantomData));
        }
        let raw = if size_of::<F>() == size_of::<f32>() {
            u64::from(f32::deserialize(deserializer)?.to_bits())
        } else {
            f64::deserialize(deserializer)?.to_bits()
        };
        F::from_raw(raw).map(Self).ok_or_else(|| D::Error::custom("the number has other bits"))
    }
}

struct Text<F>(PhantomData<F>);

impl<F: Real> Visitor<'_> for Text<F> {
    type Value = Number<F>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the text of a number, as \"0.5\", \"-inf\" or \"NaN(0x7fc00000)\"")
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Number::read(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}
