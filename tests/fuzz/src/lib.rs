//! Programs from bytes, run on a tape and on a model that is too simple to be wrong.
//!
//! [`tape`], [`listing`], [`function`], [`loops`], [`parts()`], [`expression`] and [`labels`] panic where the two
//! disagree, [`saved()`] and [`plan()`] where a file does harm. libFuzzer calls them with bytes guided
//! by coverage (`just fuzz`); the workspace's tests call them with the files in `corpus/`.

mod expression;
mod function;
mod labels;
mod listing;
mod loops;
mod machine;
mod numbers;
mod panics;
mod parameters;
mod parts;
mod plan;
mod program;
mod recorder;
mod saved;
mod steps;
mod sweeps;

pub use expression::expression;
pub use function::function;
pub use labels::labels;
pub use listing::listing;
pub use loops::loops;
pub use panics::let_expected_panics_pass;
pub use parts::parts;
pub use plan::plan;
pub use program::program;
pub use saved::saved;

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
