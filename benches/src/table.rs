//! The table of measured times, from criterion's files to a Markdown page.

mod estimates;
mod markdown;
mod page;

pub use self::{estimates::Estimates, markdown::render, page::splice};
