//! Pictures as other programs read them: XML and DOT parsers, and people.

mod adjoints;
mod dot;
mod escape;
mod gallery;
mod guards;
mod large;
mod numbers;
mod page;
#[cfg(feature = "png")]
mod png;
mod roles;
mod select;
mod support;
mod svg;
