//! Pictures of a tape, the chain rule worked out, and where a NaN came from.
//!
//! ```text
//! tape.view() ──► Snapshot ──► Picture ──► SVG, HTML, DOT, Mermaid, text, PNG
//!                    ├───────► Explanation
//!                    └───────► Diagnosis
//! ```
//!
//! # A tour
//!
//! ```
//! use wengert::Tape;
//! use wengert_graph::{Picture, Role, Selection, Snapshot, Theme};
//!
//! let tape = Tape::new();
//! let (x, w) = (tape.var(2.0).label("x"), tape.var(-3.0).label("w"));
//! let n = (x * w + 6.8814).label("n");
//! let o = n.tanh().label("o");
//!
//! // Snapshot: a copy of all that a picture needs, so that the tape can go on recording. Adjoints
//! // come from a sweep, or from anywhere else.
//! let snapshot = Snapshot::of(&tape.view())
//!     .with_gradients(&o.gradients())
//!     .with_role(w, Role::Parameter)
//!     .with_title("one neuron");
//!
//! // Picture: what is shown. Up to 150 nodes that is each of them; above, groups.
//! let picture = Picture::of(&snapshot);
//! assert_eq!((picture.elements().len(), picture.links().len()), (5, 4));
//!
//! // Drawn: as a file for eyes …
//! let svg = picture.svg(Theme::Auto);
//! assert!(svg.starts_with("<svg ") && svg.contains("one neuron"));
//!
//! // … or as text for other programs and terminals.
//! assert!(picture.dot().starts_with("digraph {"));
//! assert!(picture.mermaid().contains("flowchart LR"));
//! assert_eq!(picture.table().lines().last().unwrap().split_whitespace().next(), Some("n4"));
//!
//! // A page that plays the recording, forward and back, and asks nothing of the network.
//! assert!(picture.html(Theme::Auto).starts_with("<!DOCTYPE html>"));
//!
//! // Explained: the chain rule as a teacher would work it out.
//! let explanation = snapshot.explain(o).to_string();
//! assert!(explanation.contains("∂o/∂n = 1 − tanh²(n) = 0.5000"));
//!
//! // Diagnosed: is everything finite, and if not, where does it come from?
//! let diagnosis = snapshot.diagnose().to_string();
//! assert!(diagnosis.starts_with("All values and adjoints of 5 nodes are finite."));
//!
//! // Slices: a part of it.
//! let feeds_n = Selection::upstream(&snapshot, n, 1);
//! assert_eq!(Picture::slice(&snapshot, &feeds_n).elements().len(), 2);
//! ```
//!
//! # Functions
//!
//! [`Snapshot::of_function`] takes one evaluation of a recorded [`wengert::Function`], with the
//! operations as the optimiser left them and the comparisons that its path depends on
//! ([`Snapshot::guards`]); all of the above works on it.
//!
//! # Large tapes
//!
//! A [`Picture`] of more than [`LIMIT`] nodes shows groups: the scopes of the program
//! (`tape.scope("layer1")`); where there are none, the parts of what repeats, found by what
//! operations compute from what, and inputs by what uses them. No group uses another in a circle,
//! and [`Picture::open`] shows what is in one. Time and memory grow linearly with the tape,
//! nothing recurses, and `cargo run --release -p wengert-graph --example measure` tells the
//! figures.
//!
//! # What labels may contain
//!
//! Anything. Each format escapes them in its own way, and what cannot be seen (line breaks,
//! control characters, those that turn the direction of text) is spelt out as in a Rust literal.
//!
//! # Notebooks
//!
//! In evcxr, a cell that ends in a [`Picture`], a [`Snapshot`], an [`Explanation`] or a
//! [`Diagnosis`] shows it.
//!
//! # Features
//!
//! - `png`: pictures as PNG, by the SVG renderer `resvg` and with a typeface that comes along;
//!   letters that this lacks are taken from the system's. It is not on by default.
//!
//! # Guides
//!
//! - [`from_micrograd`]: the notebook on backpropagation, cell by cell.

#![cfg_attr(docsrs, feature(doc_cfg))]

/// The notebook on backpropagation, cell by cell.
#[doc = include_str!("../docs/MICROGRAD.md")]
pub mod from_micrograd {}

mod snapshot;

mod explain;

mod diagnose;

mod picture;

mod layout;

mod draw;

mod html;

mod notebook;

mod text;

pub use diagnose::Diagnosis;
#[cfg(feature = "png")]
pub use draw::PngError;
pub use draw::Theme;
pub use explain::Explanation;
pub use layout::Crossings;
pub use picture::{Element, Group, Grouping, LIMIT, Link, Picture, Selection};
pub use snapshot::{Argument, Edge, Guard, Node, NodeIndex, Operation, Place, Role, Snapshot};

/// What a [`Diagnosis`] tells: findings, causes, and the lines that lead to them.
pub mod diagnosis {
    pub use crate::diagnose::{Cause, Finding, Line, Quantity};
}

/// What an [`Explanation`] is made of.
pub mod explanation {
    pub use crate::explain::{Step, Term};
}
