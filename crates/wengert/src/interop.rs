//! The traits that other libraries ask of their numbers, each behind a feature.
//!
//! Numbers here are [`Active`](crate::Active), for reverse mode, and [`Dual`](crate::Dual), for
//! forward mode: both are `Copy`, `Send`, `Sync` and `'static`. Everything is written once for the
//! two, over `num_traits`, and holds no mathematics.

#[cfg(feature = "approx")]
mod approx;
#[cfg(feature = "nalgebra")]
mod nalgebra;
#[cfg(feature = "ndarray")]
mod ndarray;
