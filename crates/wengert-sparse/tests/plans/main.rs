//! Sparse derivatives from outside: against dense ones, and every colouring against its
//! definition.

mod colorings;
mod hessians;
mod jacobians;
mod kept;
mod verify;
