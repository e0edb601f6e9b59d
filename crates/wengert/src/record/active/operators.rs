//! The operators of numbers without a lifetime, also with plain numbers.

use super::Active;
use crate::notation::{operators, operators_on_the_right, operators_with_integers};
use crate::ops::rules;
use crate::scalar::Real;
use std::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

operators! { [F: Real] Active<F>, F }
operators_on_the_right! { [] f64, Active<f64> }
operators_on_the_right! { [] f32, Active<f32> }
operators_with_integers! { [] Active<f64>, i32 }
operators_with_integers! { [] Active<f32>, i16 }
