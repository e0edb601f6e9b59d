//! The language of expressions: what means what, what is refused and how, and what is bounded.

mod bounds;
mod errors;
mod meaning;
mod notation;
mod properties;
