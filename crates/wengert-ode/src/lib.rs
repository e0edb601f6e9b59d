//! Exact Jacobians for the solvers of [`differential_equations`]: an [`Equation`] is a right-hand
//! side that was recorded once, with the Jacobians by its state and by its parameters.
#![doc = include_str!("../README.md")]

mod equation;
mod jacobian;

pub use equation::Equation;
