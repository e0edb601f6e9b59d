//! What a program can ask of numbers while it is recorded, and so decide its path by.

use crate::scalar::Scalar;
use std::cmp::Ordering;
use std::fmt;

/// A question about one number or two. Questions about one ignore the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(crate) enum Comparison {
    /// x < y
    Less,
    /// x ≤ y
    LessOrEqual,
    /// x = y
    Equal,
    /// x <, = or > y, or none of them
    Order,
    /// x = 0
    IsZero,
    /// The sign bit
    Sign,
    /// NaN, infinite, zero, subnormal or normal
    Class,
    /// The integer part
    Integer,
    /// The number itself
    Number,
    /// x is NaN
    IsNan,
    /// x is neither infinite nor NaN
    IsFinite,
    /// x is ±∞
    IsInfinite,
    /// x is neither zero, subnormal, infinite nor NaN
    IsNormal,
}

impl Comparison {
    /// Every comparison, in the order of their codes.
    #[cfg(any(feature = "serde", test))]
    pub(crate) const ALL: [Self; 13] = [
        Self::Less,
        Self::LessOrEqual,
        Self::Equal,
        Self::Order,
        Self::IsZero,
        Self::Sign,
        Self::Class,
        Self::Integer,
        Self::Number,
        Self::IsNan,
        Self::IsFinite,
        Self::IsInfinite,
        Self::IsNormal,
    ];

    /// The answer, as a number that tells it from every other.
    #[inline]
    pub(crate) fn outcome<F: Scalar>(self, x: F, y: F) -> u64 {
        match self {
            Self::Less => u64::from(x < y),
            Self::LessOrEqual => u64::from(x <= y),
            Self::Equal => u64::from(x == y),
            Self::Order => match x.partial_cmp(&y) {
                Some(Ordering::Less) => 0,
                Some(Ordering::Equal) => 1,
                Some(Ordering::Greater) => 2,
                None => 3,
            },
            Self::IsZero => u64::from(x.is_zero()),
            Self::Sign => u64::from(x.is_sign_negative()),
            Self::Class => x.classify() as u64,
            // Adding zero makes the −0 of a small negative number the 0 of a small positive one.
            Self::Integer => Self::Number.outcome(x.trunc() + F::zero(), y),
            Self::Number => {
                let bits = |x: F| x.to_f64().unwrap_or(f64::NAN).to_bits();
                if x.is_nan() { bits(F::nan()) } else { bits(x) }
            }
            Self::IsNan => u64::from(x.is_nan()),
            Self::IsFinite => u64::from(x.is_finite()),
            Self::IsInfinite => u64::from(x.is_infinite()),
            Self::IsNormal => u64::from(x.is_normal()),
        }
    }

    /// Whether it asks for equality, and the answer is yes.
    pub(crate) fn is_equality<F: Scalar>(self, (x, y): (F, F)) -> bool {
        match self {
            Self::Equal => x == y,
            Self::Order => x.partial_cmp(&y) == Some(Ordering::Equal),
            Self::IsZero => x.is_zero(),
            _ => false,
        }
    }

    /// Whether the answer at one pair of numbers is that at another.
    #[inline]
    pub(crate) fn agrees<F: Scalar>(self, then: (F, F), now: (F, F)) -> bool {
        self.outcome(then.0, then.1) == self.outcome(now.0, now.1)
    }

    /// Writes the question with its numbers put in, and the answer.
    pub(crate) fn write<F: Scalar>(self, f: &mut impl fmt::Write, (x, y): (F, F)) -> fmt::Result {
        self.write_as(f, (x, y), [&format_args!("{x:?}"), &format_args!("{y:?}")])
    }

    /// Writes the question with something else in place of its numbers, and the answer.
    pub(crate) fn write_as<F: Scalar>(
        self,
        f: &mut dyn fmt::Write,
        (x, y): (F, F),
        [a, b]: [&dyn fmt::Display; 2],
    ) -> fmt::Result {
        match self {
            Self::Less => write!(f, "{a} < {b} is {}", x < y),
            Self::LessOrEqual => write!(f, "{a} <= {b} is {}", x <= y),
            Self::Equal => write!(f, "{a} == {b} is {}", x == y),
            Self::Order => write!(f, "{a} against {b} is {:?}", x.partial_cmp(&y)),
            Self::IsZero => write!(f, "{a} == 0 is {}", x.is_zero()),
            Self::Sign => write!(f, "the sign bit of {a} is {}", x.is_sign_negative()),
            Self::Class => write!(f, "the class of {a} is {:?}", x.classify()),
            Self::Integer => match x.to_i64() {
                Some(integer) => write!(f, "the integer part of {a} is {integer}"),
                None => Self::Number.write_as(f, (x, y), [a, b]),
            },
            Self::Number => write!(f, "the number is {a}"),
            Self::IsNan => write!(f, "that {a} is NaN is {}", x.is_nan()),
            Self::IsFinite => write!(f, "that {a} is finite is {}", x.is_finite()),
            Self::IsInfinite => write!(f, "that {a} is infinite is {}", x.is_infinite()),
            Self::IsNormal => write!(f, "that {a} is normal is {}", x.is_normal()),
        }
    }
}
