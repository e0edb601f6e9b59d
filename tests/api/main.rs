//! The public interface from outside, one module a theme.
mod compile_fail;
mod doors;
mod layering;
mod listing;
mod misuse;
mod parameters;
mod reuse;
mod sizes;
mod support;
mod traits;
