//! Derivatives for argmin: gradients, Hessians and Jacobians of a recorded
//! [`Function`](wengert::Function), as argmin's solvers ask for them.
//!
//! | for | see |
//! |---|---|
//! | one number to be minimised | [`Objective`] |
//! | many residuals, by Gauss–Newton | [`Residuals`] |
//! | many residuals, by levenberg-marquardt (a feature) | `LeastSquares` |
//! | which vectors and matrices a solver may use | [`Point`] |
#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "levenberg-marquardt")]
mod least_squares;
mod objective;
mod point;
mod residuals;

#[cfg(feature = "levenberg-marquardt")]
pub use least_squares::LeastSquares;
pub use objective::Objective;
pub use point::Point;
pub use residuals::Residuals;
