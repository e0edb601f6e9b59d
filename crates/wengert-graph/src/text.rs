//! What all pictures write alike: numbers, labels that cannot break out, and signs.

pub(crate) mod formula;
pub(crate) mod label;
pub(crate) mod number;
pub(crate) mod operands;
pub(crate) mod sign;
pub(crate) mod width;
