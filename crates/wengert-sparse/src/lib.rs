//! Sparse Jacobians and Hessians of recorded [`wengert`] functions.
//!
//! ```text
//! Function ──► Pattern ──► colours ──► plan ──► values of compressed rows or columns
//! ```
//!
//! A matrix of derivatives with few entries a row is found by few directions: columns that share
//! no row are summed, and their entries read out of the sum. A *plan* has the pattern, the
//! colours, which tell what is summed, and where each entry is read. It is made once, and used at
//! any number of points.
//!
//! # Example: Rosenbrock's function of a thousand variables
//! ```
//! use wengert::Function;
//! use wengert_sparse::SparseHessian;
//! let f = Function::record(&[0.5; 1000], |x| {
//!     x.windows(2).map(|x| (x[1] - x[0] * x[0]).powi(2) * 100.0 + (1.0 - x[0]).powi(2)).sum()
//! });
//! let plan = SparseHessian::of(&f)?;
//! assert_eq!(plan.colors(), 3);
//! let (mut workspace, mut values) = (plan.workspace(&f), vec![0.0; plan.structure().len()]);
//! plan.evaluate(&f, &mut workspace, &[1.0; 1000], &[1.0], &mut values)?;
//! for ((row, column), value) in plan.structure().triplets().zip(&values).take(2) {
//!     println!("{row} {column} {value}"); // 0 0 802, 0 1 -400
//! }
//! # Ok::<(), wengert_sparse::Error>(())
//! ```
//!
//! # When it pays
//! An evaluation is a pass for every eight colours, a dense one for every eight variables. So it
//! pays wherever there are fewer colours than variables, from about sixteen variables on, and the
//! more the fewer colours there are: of a band, as many as it is wide; of a grid with a stencil, about
//! as many as that has points; of blocks, as many as the largest is wide; of a sum of terms, each
//! of few variables, about as many as most terms share a variable. A dense row or column of a
//! Hessian is one colour more; one of a Jacobian is found from the other side ([`Side::Both`]).
//!
//! Structures that other tools ask to be told are found in the pattern, and nothing has to be
//! declared:
//!
//! - **Block-diagonal.** Variables of different blocks meet nowhere, and blocks share their colours:
//!   as many as the widest block has variables, whatever the number of blocks. A block as a
//!   function of its own, evaluated as a [`Batch`](wengert::Batch), is the alternative where all
//!   blocks are alike.
//! - **Partially separable**, a sum of terms of few variables each (Griewank & Toint, 1982). The
//!   pattern is that of all terms together, a small square for each; colours depend on how many
//!   terms a variable is in, and not on how many there are. Terms need not be told from each other.
//! - **A dense row and column** (an arrow): one colour more. It is a variable that meets all others,
//!   such as a scale or a Lagrange multiplier of a sum.
//!
//! | plan | colours | best for |
//! |---|---|---|
//! | [`SparseJacobian`] by columns | at least the longest row | few variables a row |
//! | by rows | at least the longest column | few rows a variable |
//! | by both | the fewest of a star bicolouring and of splits by length | dense rows beside dense columns |
//! | [`SparseHessian`], star | each entry is read directly | the default |
//! | acyclic | no more, often fewer; entries by substitution | wide stencils, where each pass counts |
//!
//! # Features
//! - `serde`: plans that are kept, checked as they are read.
//! - `faer`, `nalgebra-sparse`, `sprs`: matrices of these libraries, from a [`Structure`] and
//!   values.

mod choices;
mod color;
#[cfg(any(feature = "sprs", feature = "nalgebra-sparse", feature = "faer"))]
mod convert;
mod error;
mod hessian;
mod jacobian;
mod probe;
mod recover;
#[cfg(feature = "serde")]
mod save;
mod structure;
mod workspace;

pub use color::{Coloring, Order};
pub use error::Error;
pub use hessian::{HessianBuilder, Method, SparseHessian, Triangle};
pub use jacobian::{JacobianBuilder, Side, SparseJacobian};
pub use structure::{Layout, Structure};
pub use workspace::Workspace;
