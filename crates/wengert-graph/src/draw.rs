//! Pictures in each format.

mod colour;
mod contradictions;
mod dot;
mod guards;
mod mermaid;
#[cfg(feature = "png")]
mod png;
mod scale;
mod svg;
mod table;

#[cfg(feature = "png")]
pub use png::PngError;
pub use svg::Theme;
