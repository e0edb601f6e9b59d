//! The tables of measured times, from criterion's files to a Markdown page.

mod estimates;
mod gradbench;
mod markdown;
mod memory;
mod page;

pub use self::{
    estimates::{Estimates, criterion_directory},
    gradbench::render as render_gradbench,
    markdown::render,
    memory::Peaks,
    page::splice,
};
