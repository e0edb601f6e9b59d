//! The operators of dual numbers, also with plain numbers.

use super::{Dual, Evaluate, Scalar};
use crate::notation::{operators, operators_on_the_right};
use crate::ops::rules;
use std::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

operators! { [F: Scalar] Dual<F>, F }
operators_on_the_right! { [] f64, Dual<f64> }
operators_on_the_right! { [] f32, Dual<f32> }
