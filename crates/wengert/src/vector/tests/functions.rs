//! The functions under test, each at four widths.

use crate::vector;
use std::array::from_fn;

/// Applies a function to rows of arguments, some at a time.
type Run = fn(&[Vec<f64>]) -> Vec<f64>;

pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) arity: usize,
    /// One, two, eight and sixteen at a time.
    pub(super) widths: [Run; 4],
}

impl Function {
    pub(super) fn one(&self, arguments: &[f64]) -> f64 {
        self.widths[0](&[arguments.to_vec()])[0]
    }
}

/// One argument of W rows; behind the last row it is 1.
fn column<const W: usize>(rows: &[Vec<f64>], argument: usize) -> [f64; W] {
    from_fn(|i| rows.get(i).map_or(1.0, |row| row[argument]))
}

fn unary<const W: usize>(rows: &[Vec<f64>], function: fn([f64; W]) -> [f64; W]) -> Vec<f64> {
    rows.chunks(W).flat_map(|rows| function(column(rows, 0)).into_iter().take(rows.len())).collect()
}

fn binary<const W: usize>(
    rows: &[Vec<f64>],
    function: fn([f64; W], [f64; W]) -> [f64; W],
) -> Vec<f64> {
    let apply = |rows: &[Vec<f64>]| function(column(rows, 0), column(rows, 1));
    rows.chunks(W).flat_map(|rows| apply(rows).into_iter().take(rows.len())).collect()
}

macro_rules! function {
    ($apply:ident, $arity:literal, $name:ident) => {
        Function {
            name: stringify!($name),
            arity: $arity,
            widths: [
                |rows| $apply::<1>(rows, vector::$name),
                |rows| $apply::<2>(rows, vector::$name),
                |rows| $apply::<8>(rows, vector::$name),
                |rows| $apply::<16>(rows, vector::$name),
            ],
        }
    };
}

pub(super) fn all() -> Vec<Function> {
    vec![
        function!(unary, 1, exp),
        function!(unary, 1, exp2),
        function!(unary, 1, exp_m1),
        function!(unary, 1, ln),
        function!(unary, 1, ln_1p),
        function!(unary, 1, log2),
        function!(unary, 1, log10),
        function!(unary, 1, sin),
        function!(unary, 1, cos),
        function!(unary, 1, tan),
        function!(unary, 1, tanh),
        function!(unary, 1, sinh),
        function!(unary, 1, cosh),
        function!(unary, 1, sigmoid),
        function!(unary, 1, softplus),
        function!(unary, 1, asin),
        function!(unary, 1, acos),
        function!(unary, 1, atan),
        function!(unary, 1, cbrt),
        function!(unary, 1, erf),
        function!(unary, 1, erfc),
        function!(unary, 1, erfcx),
        function!(unary, 1, erf_slope),
        function!(unary, 1, normal_cdf),
        function!(unary, 1, normal_pdf),
        function!(binary, 2, powf),
        function!(binary, 2, atan2),
        function!(binary, 2, hypot),
    ]
}
