//! The tables of measured times, from criterion's files to a Markdown page.

mod batch;
mod estimates;
mod gradbench;
mod markdown;
mod memory;
mod page;
mod profiles;
mod replay;

pub(crate) use self::markdown::{duration, rounded};
pub use self::{
    batch::render as render_batch,
    estimates::{Estimates, criterion_directory},
    gradbench::render as render_gradbench,
    markdown::render,
    memory::Peaks,
    page::splice,
    profiles::render as render_profiles,
    replay::render as render_replay,
};
