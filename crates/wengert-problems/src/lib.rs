//! Named objectives with hand-written gradients.
//!
//! Tests, benchmarks and the command need the same few functions: big enough
//! to measure, small enough to read, and with a gradient that does not come
//! from the library under test. Each module here is one of them: the objective
//! in plain generic Rust, its fixed-seed inputs, and the gradient as somebody
//! who knows the function would write it.
//!
//! | problem | variables | operations | what it exercises |
//! |---|---|---|---|
//! | [`Rosenbrock`] | 1000 | 8 k | cheap single operations |
//! | [`LogSumExp`] | 1000 | 3 k | a costly primitive every third operation |
//! | [`Perceptron`] | 337 | 64 k | many dot products, few variables |
//! | [`Mixture`] | 1650 | 3.4 M | dot products, and log-sum-exp as one operation |
//! | [`Ode`] | 3 | 5 M | one long chain |
//!
//! Those of the field's own benchmark are in [`gradbench`]. Three are sums over samples, of which
//! one term is a function by itself ([`Sampled`]): the perceptron, the mixture, and the paths of
//! [`Heston`]'s model.
//!
//! The objectives are written for a [`Real`]: an `f64` evaluates them, a
//! [`wengert::Var`] records them, and other engines join with a wrapper of
//! their own.
//!
//! ```
//! use wengert_problems::{Problem, Rosenbrock};
//!
//! let problem = Rosenbrock::new(2);
//! let mut gradient = [0.0; 2];
//! problem.gradient(&[1.0, 1.0], &mut gradient);
//!
//! assert_eq!(problem.objective(&[1.0, 1.0]), 0.0);
//! assert_eq!(gradient, [0.0, 0.0]);
//! assert_eq!(problem.operations(), 7);
//! ```

mod problem;
mod real;
mod sampled;

mod heston;
mod log_sum_exp;
mod mixture;
mod ode;
mod perceptron;
mod rosenbrock;

pub mod gradbench;

mod count;
mod inputs;
pub mod oracle;

pub use crate::{
    heston::{Heston, Model},
    log_sum_exp::LogSumExp,
    mixture::{Component, Mixture, MixtureSize, Scratch, Wishart, log_density},
    ode::Ode,
    perceptron::{Activations, Layers, Perceptron},
    problem::{Problem, Visitor, visit_all},
    real::{Datum, Real},
    rosenbrock::Rosenbrock,
    sampled::{Sampled, SampledVisitor, visit_sampled},
};
