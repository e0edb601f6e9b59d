//! The problems of GradBench, at the sizes at which tools are compared, by every tool.
//!
//! ```text
//! cargo bench -p benches --bench gradbench                          measure everything
//! cargo bench -p benches --bench gradbench -- gradbench-lse         one problem
//! cargo bench -p benches --bench gradbench -- gradbench-.*/80000    what matches
//! ```
//!
//! A [case](Case) is a problem of one size; [`SUITE`] lists them, and each is made only when
//! something of it is measured. A [tool](Tool) is plain floats, the hand-written gradient, a mode
//! of wengert or a rival.

mod case;
mod check;
mod describe;
mod measure;
mod observations;
mod suite;
mod tool;

pub use self::{
    case::{Case, Run, Scalar},
    describe::{Describe, Description},
    measure::measure_all,
    suite::{Entry, SUITE},
    tool::Tool,
};
