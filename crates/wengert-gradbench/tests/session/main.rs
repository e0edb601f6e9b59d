//! A scripted session with the tool's binary, and what it must answer.

mod errors;
mod gradients;
mod protocol;
mod samples;
mod tool;
