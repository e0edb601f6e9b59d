//! The term of a sum recorded once, and replayed for many data side by side.

mod choice;
mod observations;
mod points;
mod rows;

use wengert::{BatchWorkspace, Function};

pub use self::choice::Batchable;
pub(super) use self::observations::BatchObserver;

/// Memory for batches, which threads share if there are several.
fn workspace(function: &Function, threads: usize) -> BatchWorkspace {
    let workspace = function.batch_workspace();
    if threads > 1 { workspace.parallel() } else { workspace }
}
