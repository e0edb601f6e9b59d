//! Operations of one's own: on tapes, in functions, in batches, saved, and what is an error.

mod errors;
mod functions;
mod interrupted;
mod operations;
mod panics;
mod saved;
mod saving;
mod tapes;
