//! Values and derivatives against reference tables, and conventions where mathematics has none.
//!
//! `cargo test --test reference -- --nocapture` prints the worst error of every operation.

mod accuracy;
mod apply;
mod conventions;
mod higher;
mod replay;
mod second_order;
mod table;
mod taylor;
mod ulps;
