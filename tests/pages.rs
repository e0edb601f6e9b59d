//! The code on the repository's pages, tested as documentation. It stands here and not in the
//! published packages, because a package has neither its repository's pages nor its sister crate.

/// The front page.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

/// The gallery of pictures.
#[cfg(doctest)]
#[doc = include_str!("../docs/GRAPHS.md")]
pub struct Graphs;

/// The first page of the crate of sparse derivatives.
#[cfg(doctest)]
#[doc = include_str!("../crates/wengert-sparse/README.md")]
pub struct SparseReadme;

/// The first page of the crate that draws.
#[cfg(doctest)]
#[doc = include_str!("../crates/wengert-graph/README.md")]
pub struct GraphReadme;
