//! Pictures in each format.

#[cfg(feature = "png")]
mod png;
mod svg;

#[cfg(feature = "png")]
pub use png::PngError;
pub use svg::Theme;
