//! The term of a sum recorded once, and replayed for many data side by side.

mod observations;
mod points;
mod rows;

use wengert::{BatchWorkspace, Function};

pub(super) use self::{observations::BatchObserver, points::Points, rows::Rows};

/// Memory for batches, which threads share if there are several.
fn workspace(function: &Function, threads: usize) -> BatchWorkspace {
    let workspace = function.batch_workspace();
    if threads > 1 { workspace.parallel() } else { workspace }
}
