//! Pictures of a tape.
//!
//! ```text
//! tape.view() ──► Snapshot ──► select, collapse ──► lay out ──► draw
//! ```
//!
//! A [`Snapshot`] copies what a picture needs: operations, arguments, values, adjoints, local
//! partial derivatives, labels, scopes and source places. It borrows nothing, so the tape can go
//! on recording, and it can be made from plain data as well.

mod snapshot;

mod explain;

mod diagnose;

mod picture;

mod layout;

mod draw;

mod html;

mod text;

pub use diagnose::{Cause, Diagnosis, Finding, Line, Quantity};
#[cfg(feature = "png")]
pub use draw::PngError;
pub use draw::Theme;
pub use explain::{Explanation, Step, Term};
pub use layout::Crossings;
pub use picture::{Element, Group, Grouping, LIMIT, Link, Picture, Selection};
pub use snapshot::{Argument, Edge, Node, NodeIndex, Operation, Place, Role, Snapshot};
