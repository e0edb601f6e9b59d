//! Elementary functions of W numbers at once.
//!
//! Each function is a plain expression over one number: no branch, no table, no conversion to
//! integers. Inlined into a loop over an array, the compiler turns it into vector instructions of
//! whatever width the caller is compiled for. Nothing is fused or reordered, so that a result has
//! the same bits with every instruction set and every W, whatever its neighbours are.
//!
//! Arguments that such an expression cannot serve (angles beyond 2²⁰, powers of zero or of a
//! subnormal number) are found by one comparison for the whole array, and go to `libm` one by one.
//!
//! Errors stay below two units in the last place; `docs/CONVENTIONS.md` has what was measured.

mod exponential;
mod hyperbolic;
mod inverse;
mod logarithm;
mod normal;
mod parts;
mod power;
mod roots;
mod trigonometric;

pub(crate) use parts::{Sum, exact_product, fast_sum, polynomial, select, sum};

#[cfg(test)]
mod tests;

// The loops are written out here, because a function that is passed as an argument need not be
// inlined, and a loop around a call stays scalar.

/// The functions of one number, `module::function(x)`.
macro_rules! everywhere {
    ($($module:ident: $($function:ident),*;)*) => {$($(
        #[inline(always)]
        pub(crate) fn $function<const W: usize>(mut x: [f64; W]) -> [f64; W] {
            for x in &mut x {
                *x = $module::$function(*x);
            }
            x
        }
    )*)*};
}

/// Those that serve only the arguments that `module::inside` accepts, with the function
/// that serves the others.
macro_rules! inside {
    ($($module:ident: $($function:ident = $otherwise:expr),*;)*) => {$($(
        #[inline(always)]
        pub(crate) fn $function<const W: usize>(x: [f64; W]) -> [f64; W] {
            let mut y = x;
            let mut all = true;
            for y in &mut y {
                all &= $module::inside(*y);
                *y = $module::$function(*y);
            }
            if all { y } else { replace(x, y, $module::inside, $otherwise) }
        }
    )*)*};
}

/// The same with two arguments, in the order of `std`'s methods.
macro_rules! two_inside {
    ($($module:ident: $($function:ident = $otherwise:expr),*;)*) => {$($(
        #[inline(always)]
        pub(crate) fn $function<const W: usize>(x: [f64; W], y: [f64; W]) -> [f64; W] {
            let mut z = x;
            let mut all = true;
            for (z, &y) in z.iter_mut().zip(&y) {
                all &= $module::inside(*z, y);
                *z = $module::$function(*z, y);
            }
            if all { z } else { replace_two(x, y, z, $module::inside, $otherwise) }
        }
    )*)*};
}

everywhere! {
    exponential: exp, exp2, exp_m1;
    logarithm: ln, ln_1p, log2, log10;
    hyperbolic: sinh, cosh, tanh, sigmoid, softplus, log_cosh;
    inverse: asin, acos, atan;
    roots: cbrt;
    normal: erf, erfc, erfcx, erf_slope, normal_cdf, normal_pdf;
}

inside! {
    trigonometric: sin = libm::sin, cos = libm::cos, tan = libm::tan;
}

two_inside! {
    power: powf = libm::pow;
    inverse: atan2 = libm::atan2;
    roots: hypot = libm::hypot;
}

/// Puts `otherwise` where an argument is not inside.
#[cold]
#[inline(never)]
fn replace<const W: usize>(
    x: [f64; W],
    mut y: [f64; W],
    inside: fn(f64) -> bool,
    otherwise: fn(f64) -> f64,
) -> [f64; W] {
    for (x, y) in x.into_iter().zip(&mut y) {
        if !inside(x) {
            *y = otherwise(x);
        }
    }
    y
}

/// The same with two arguments.
#[cold]
#[inline(never)]
fn replace_two<const W: usize>(
    x: [f64; W],
    y: [f64; W],
    mut z: [f64; W],
    inside: fn(f64, f64) -> bool,
    otherwise: fn(f64, f64) -> f64,
) -> [f64; W] {
    for ((x, y), z) in x.into_iter().zip(y).zip(&mut z) {
        if !inside(x, y) {
            *z = otherwise(x, y);
        }
    }
    z
}
