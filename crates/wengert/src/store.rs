//! Where a recording lives: an arena of nodes in recording order, and what is kept beside it.
//!
//! A node names only nodes above it, so recording order is topological order and a sweep is a
//! loop. Nothing here knows how a node came to be recorded, or how gradients are found.

mod active;
mod arena;
mod growth;
mod guards;
mod history;
mod id;
mod listing;
mod note;
mod part;
mod pool;
mod scope;
mod source;
mod stats;
mod tape;
mod view;

pub(crate) use active::{Activated, Held, Loan, Session, enter, leave, push_to_last, renew};
pub(crate) use arena::{AHEAD, prefetch};
use arena::{Arena, Confined, Reading};
use growth::Memory;
pub(crate) use guards::{Guard, GuardPlace, Guards};
pub(crate) use history::History;
pub use history::Mark;
pub(crate) use id::Names;
pub use id::NodeId;
#[cfg(feature = "serde")]
pub(crate) use note::gather;
pub use note::{Note, NoteKind};
pub(crate) use note::{Way, equalities};
pub(crate) use part::PartMemory;
use pool::Pool;
use scope::Scopes;
pub use scope::{ScopeGuard, ScopeId};
use source::Sources;
pub use stats::Stats;
pub use tape::Tape;
pub use view::{Argument, NodeView, TapeView};
pub(crate) use view::{Gather, Recording, arguments, numbers_of, row_of};

use crate::ops::{Op, Span};

/// One recorded operation with its value. 24 bytes for `f64`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<F> {
    pub(crate) op: Op<F>,
    pub(crate) value: F,
}
