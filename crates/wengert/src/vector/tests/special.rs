//! Zeros, infinities, NaN, and the ends of ranges.

use super::functions::all;
use super::{distance, same};
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, LN_2, PI};

const INFINITY: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// What every function is also asked, among ordinary neighbours.
pub(super) const ARGUMENTS: [f64; 20] = [
    0.0,
    -0.0,
    INFINITY,
    -INFINITY,
    NAN,
    f64::MAX,
    -f64::MAX,
    f64::MIN_POSITIVE,
    -f64::MIN_POSITIVE,
    5e-324,
    -5e-324,
    1.0,
    -1.0,
    -0.5,
    710.0,
    -746.0,
    1048576.5,
    -1e9,
    1e22,
    1e300,
];

/// A function, its argument and its value, to the bit.
const UNARY: &[(&str, f64, f64)] = &[
    ("exp", 0.0, 1.0),
    ("exp", -0.0, 1.0),
    ("exp", INFINITY, INFINITY),
    ("exp", -INFINITY, 0.0),
    ("exp", f64::MAX, INFINITY),
    ("exp", -f64::MAX, 0.0),
    ("exp2", 10.0, 1024.0),
    ("exp2", -1074.0, 5e-324),
    ("exp2", INFINITY, INFINITY),
    ("exp2", -INFINITY, 0.0),
    ("exp_m1", 0.0, 0.0),
    ("exp_m1", -0.0, -0.0),
    ("exp_m1", -5e-324, -5e-324),
    ("exp_m1", INFINITY, INFINITY),
    ("exp_m1", -INFINITY, -1.0),
    ("ln", 1.0, 0.0),
    ("ln", 0.0, -INFINITY),
    ("ln", -0.0, -INFINITY),
    ("ln", -1.0, NAN),
    ("ln", -INFINITY, NAN),
    ("ln", INFINITY, INFINITY),
    ("log2", 0.0, -INFINITY),
    ("log2", 1.0, 0.0),
    ("log2", 8.0, 3.0),
    ("log2", 5e-324, -1074.0),
    ("log2", -5e-324, NAN),
    ("log2", INFINITY, INFINITY),
    ("log10", 0.0, -INFINITY),
    ("log10", 1.0, 0.0),
    ("log10", 1000.0, 3.0),
    ("log10", 1e22, 22.0),
    ("log10", -1.0, NAN),
    ("log10", INFINITY, INFINITY),
    ("ln_1p", 0.0, 0.0),
    ("ln_1p", -0.0, -0.0),
    ("ln_1p", 5e-324, 5e-324),
    ("ln_1p", 1.0, LN_2),
    ("ln_1p", -1.0, -INFINITY),
    ("ln_1p", -2.0, NAN),
    ("ln_1p", -INFINITY, NAN),
    ("ln_1p", INFINITY, INFINITY),
    ("sin", 0.0, 0.0),
    ("sin", -0.0, -0.0),
    ("sin", 5e-324, 5e-324),
    ("sin", INFINITY, NAN),
    ("sin", -INFINITY, NAN),
    ("sin", FRAC_PI_2, 1.0),
    ("sin", PI, 1.2246467991473532e-16),
    ("cos", 0.0, 1.0),
    ("cos", -0.0, 1.0),
    ("cos", INFINITY, NAN),
    ("cos", PI, -1.0),
    ("tan", 0.0, 0.0),
    ("tan", -0.0, -0.0),
    ("tan", -5e-324, -5e-324),
    ("tan", -INFINITY, NAN),
    ("tanh", 0.0, 0.0),
    ("tanh", -0.0, -0.0),
    ("tanh", 5e-324, 5e-324),
    ("tanh", INFINITY, 1.0),
    ("tanh", -INFINITY, -1.0),
    ("sinh", 0.0, 0.0),
    ("sinh", -0.0, -0.0),
    ("sinh", -5e-324, -5e-324),
    ("sinh", INFINITY, INFINITY),
    ("sinh", -INFINITY, -INFINITY),
    ("cosh", -0.0, 1.0),
    ("cosh", -INFINITY, INFINITY),
    ("sigmoid", 0.0, 0.5),
    ("sigmoid", INFINITY, 1.0),
    ("sigmoid", -INFINITY, 0.0),
    ("softplus", 0.0, LN_2),
    ("softplus", INFINITY, INFINITY),
    ("softplus", -INFINITY, 0.0),
    ("asin", 0.0, 0.0),
    ("asin", -0.0, -0.0),
    ("asin", -5e-324, -5e-324),
    ("asin", 1.0, FRAC_PI_2),
    ("asin", -1.0, -FRAC_PI_2),
    ("asin", 1.5, NAN),
    ("asin", -INFINITY, NAN),
    ("acos", 0.0, FRAC_PI_2),
    ("acos", 1.0, 0.0),
    ("acos", -1.0, PI),
    ("acos", -1.5, NAN),
    ("acos", INFINITY, NAN),
    ("atan", 0.0, 0.0),
    ("atan", -0.0, -0.0),
    ("atan", 5e-324, 5e-324),
    ("atan", 1.0, FRAC_PI_4),
    ("atan", INFINITY, FRAC_PI_2),
    ("atan", -INFINITY, -FRAC_PI_2),
    ("cbrt", 0.0, 0.0),
    ("cbrt", -0.0, -0.0),
    ("cbrt", -27.0, -3.0),
    ("cbrt", 1e-300, 1e-100),
    ("cbrt", INFINITY, INFINITY),
    ("cbrt", -INFINITY, -INFINITY),
    ("erf", 0.0, 0.0),
    ("erf", -0.0, -0.0),
    ("erf", INFINITY, 1.0),
    ("erf", -INFINITY, -1.0),
    ("erfc", 0.0, 1.0),
    ("erfc", INFINITY, 0.0),
    ("erfc", -INFINITY, 2.0),
    ("erf_slope", INFINITY, 0.0),
    ("erf_slope", -INFINITY, 0.0),
    ("normal_cdf", 0.0, 0.5),
    ("normal_cdf", -0.0, 0.5),
    ("normal_cdf", INFINITY, 1.0),
    ("normal_cdf", -INFINITY, 0.0),
    ("normal_pdf", INFINITY, 0.0),
    ("normal_pdf", -INFINITY, 0.0),
];

#[test]
fn special_arguments_of_one() {
    for &(name, argument, value) in UNARY {
        let function = all().into_iter().find(|f| f.name == name).expect(name);
        let actual = function.one(&[argument]);
        assert!(same(actual, value), "{name}({argument:?}) is {actual:?} and not {value:?}");
    }
}

#[test]
fn every_function_of_nan_is_nan() {
    for function in all().iter().filter(|function| function.arity == 1) {
        assert!(function.one(&[NAN]).is_nan(), "{}", function.name);
    }
}

/// IEEE 754 section 9.2.1, as the standard library has it: every pair of special numbers.
#[test]
fn special_arguments_of_two() {
    let halves = [0.5, 2.0, -2.0, 3.0, -3.0, 1e15 + 1.0, 2.5, 9e15, -9e15, 1e17, 1e-120, 1e120];
    let numbers = [&ARGUMENTS[..], &halves[..]].concat();
    type Oracle = fn(f64, f64) -> f64;
    let powf: Oracle = f64::powf;
    for (name, oracle) in [("powf", powf), ("atan2", f64::atan2), ("hypot", f64::hypot)] {
        let function = all().into_iter().find(|function| function.name == name).expect(name);
        for (&x, &y) in numbers.iter().flat_map(|x| numbers.iter().map(move |y| (x, y))) {
            let (actual, value) = (function.one(&[x, y]), oracle(x, y));
            let close = distance(actual, value) <= 1 && (value != 0.0 || same(actual, value));
            assert!(close, "{name}({x:?}, {y:?}) is {actual:?} and not {value:?}");
        }
    }
}
