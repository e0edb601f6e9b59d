//! Eight short chapters on automatic differentiation with [wengert](https://docs.rs/wengert). Each
//! begins with a reader's question and ends with when *not* to use what it shows; all code in them
//! is compiled and run by the tests.
//!
//! | | chapter |
//! |---|---|
//! | 1 | [A derivative by hand and by machine](derivatives) |
//! | 2 | [Tapes and their memory](tapes) |
//! | 3 | [`Function`, guards, batches](functions) |
//! | 4 | [Higher and sparse derivatives](higher_and_sparse) |
//! | 5 | [Time steps and memory](steps_in_time) |
//! | 6 | [Vectors and matrices](vectors_and_matrices) |
//! | 7 | [Optimisation](optimisation) |
//! | 8 | [Wrong or not a number: how to find out](wrong_or_nan) |

// A page of documentation has no files beside it, so its pictures stand in it as data: of a name
// that is defined twice the first definition holds, and the one at a chapter's end, which the
// repository's pages use, is the second.

/// A derivative by hand and by machine.
///
#[doc = include_str!("../guide/chain.data.md")]
#[doc = include_str!("../guide/1-derivatives.md")]
pub mod derivatives {}

/// Tapes and their memory.
#[doc = include_str!("../guide/2-tapes.md")]
pub mod tapes {}

/// `Function`, guards, batches.
///
#[doc = include_str!("../guide/optimised.data.md")]
#[doc = include_str!("../guide/3-functions.md")]
pub mod functions {}

/// Higher and sparse derivatives.
#[doc = include_str!("../guide/4-higher-and-sparse.md")]
pub mod higher_and_sparse {}

/// Time steps and memory.
#[doc = include_str!("../guide/5-steps-in-time.md")]
pub mod steps_in_time {}

/// Vectors and matrices.
#[doc = include_str!("../guide/6-vectors-and-matrices.md")]
pub mod vectors_and_matrices {}

/// Optimisation.
///
#[doc = include_str!("../guide/bundle.data.md")]
#[doc = include_str!("../guide/7-optimisation.md")]
pub mod optimisation {}

/// Wrong or not a number: how to find out.
///
#[doc = include_str!("../guide/not-finite.data.md")]
#[doc = include_str!("../guide/8-wrong-or-nan.md")]
pub mod wrong_or_nan {}
