//! The objectives of GradBench, the field's own benchmark of differentiation tools.
//!
//! Each is a plain generic function, with a hand-written gradient beside it. Four come from
//! ADBench (F. Šrajer, Z. Kukelova, A. Fitzgibbon: "A benchmark of selected algorithmic
//! differentiation tools on some problems in computer vision and machine learning",
//! Optimization Methods and Software 33, 2018); three from cmpad, the comparison of B. Bell.
//!
//! | problem | variables | what it is |
//! |---|---|---|
//! | [`Lse`] | n | ln Σ exp xᵢ in single operations |
//! | [`Llsq`] | m | least squares of a polynomial at n points |
//! | [`RungeKutta`] | n | a triangular system of differential equations in s steps |
//! | [`Gmm`] | k (1 + d + d (d + 1)/2) | the likelihood of n points under k Gaussians |
//! | [`Lstm`] | 8 l b + 3 b | a recurrent network's loss over a sequence |
//! | [`BundleAdjustment`] | 11 n + 3 m + p | residuals of p observations, with a sparse Jacobian |
//!
//! All but the last are a [`Problem`](crate::Problem): one number of many variables. Where an
//! objective is a sum over data, its term is a function of its own, and [`Split`] cuts the sum.

mod ba;
mod gmm;
mod llsq;
mod lse;
mod lstm;
mod ode;
mod sparse;
mod split;

pub use self::{
    ba::{
        BundleAdjustment, CAMERA, Camera, OBSERVATION, View, observe, of_weight, picture, rotate,
    },
    gmm::Gmm,
    llsq::{Llsq, residual, residual_at, sign},
    lse::{Lse, about},
    lstm::{Lstm, LstmSize},
    ode::RungeKutta,
    sparse::Compressed,
    split::Split,
};
