//! The operators of variables, also with plain numbers.

use super::Var;
use crate::notation::{operators, operators_on_the_right, operators_with_integers};
use crate::ops::rules;
use crate::scalar::{Dual, Scalar};
use std::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

operators! { ['t, F: Scalar] Var<'t, F>, F }
operators_on_the_right! { ['t] f64, Var<'t, f64> }
operators_on_the_right! { ['t] f32, Var<'t, f32> }
operators_on_the_right! { ['t, F: Scalar] Dual<F>, Var<'t, Dual<F>> }
operators_with_integers! { ['t] Var<'t, f64>, i32 }
operators_with_integers! { ['t] Var<'t, f32>, i16 }
operators_with_integers! { ['t] Var<'t, Dual<f64>>, i32 }
operators_with_integers! { ['t] Var<'t, Dual<f32>>, i16 }
