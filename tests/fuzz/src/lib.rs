//! Programs from bytes, run on a tape and on a model that is too simple to be wrong.
//!
//! [`tape`], [`listing`], [`expression`] and [`labels`] panic where something disagrees. libFuzzer
//! calls them with bytes guided by coverage (`just fuzz`); the workspace's tests call them with
//! the files in `corpus/`.

mod expression;
mod labels;
mod listing;
mod machine;
mod numbers;
mod panics;
mod parameters;
mod program;
mod recorder;
mod sweeps;

pub use expression::expression;
pub use labels::labels;
pub use listing::listing;
pub use panics::let_expected_panics_pass;
pub use program::program;

/// Runs the program that `bytes` stand for, and checks every step.
///
/// # Panics
/// Where the tape does something else than the model.
pub fn tape(bytes: &[u8]) {
    let mut machine = machine::Machine::new();
    for step in program(bytes) {
        machine.step(&step);
    }
    machine.finish();
}
