//! Elementary functions of W numbers at once.
//!
//! Each function is a plain expression over one number: no branch, no table, no conversion to
//! integers. Inlined into a loop over an array, the compiler turns it into vector instructions of
//! whatever width the caller is compiled for. Nothing is fused or reordered, so that a result has
//! the same bits with every instruction set and every W, whatever its neighbours are.
//!
//! Arguments that such an expression cannot serve (angles beyond 2²⁰, powers of negative
//! numbers) are found by one comparison for the whole array, and go to `libm` one by one.
//!
//! Errors stay below two units in the last place; `docs/CONVENTIONS.md` has what was measured.

mod exponential;
mod hyperbolic;
mod logarithm;
mod parts;
mod power;
mod trigonometric;

#[cfg(test)]
mod tests;

pub(crate) use exponential::{exp, exp_m1, exp2};
pub(crate) use hyperbolic::{cosh, sigmoid, sinh, softplus, tanh, tanh_slope};
pub(crate) use logarithm::{ln, ln_1p, log2, log10};
pub(crate) use power::powf;
pub(crate) use trigonometric::{cos, sin, tan};

/// The function of each number.
#[inline(always)]
fn map<const W: usize>(mut x: [f64; W], function: impl Fn(f64) -> f64) -> [f64; W] {
    for x in &mut x {
        *x = function(*x);
    }
    x
}

/// The function of each number inside the domain of the fast path, and `otherwise` of the others.
#[inline(always)]
fn map_inside<const W: usize>(
    x: [f64; W],
    inside: impl Fn(f64) -> bool,
    function: impl Fn(f64) -> f64,
    otherwise: fn(f64) -> f64,
) -> [f64; W] {
    let y = map(x, function);
    let mut all = true;
    for &x in &x {
        all &= inside(x);
    }
    if all { y } else { replace(x, y, inside, otherwise) }
}

/// Puts `otherwise` where an argument is not inside.
#[cold]
#[inline(never)]
fn replace<const W: usize>(
    x: [f64; W],
    mut y: [f64; W],
    inside: impl Fn(f64) -> bool,
    otherwise: fn(f64) -> f64,
) -> [f64; W] {
    for (x, y) in x.into_iter().zip(&mut y) {
        if !inside(x) {
            *y = otherwise(x);
        }
    }
    y
}

/// `map_inside` for two arguments.
#[inline(always)]
fn map_two_inside<const W: usize>(
    x: [f64; W],
    y: [f64; W],
    inside: impl Fn(f64, f64) -> bool,
    function: impl Fn(f64, f64) -> f64,
    otherwise: fn(f64, f64) -> f64,
) -> [f64; W] {
    let mut z = x;
    let mut all = true;
    for (z, &y) in z.iter_mut().zip(&y) {
        all &= inside(*z, y);
        *z = function(*z, y);
    }
    if all { z } else { replace_two(x, y, z, inside, otherwise) }
}

/// `replace` for two arguments.
#[cold]
#[inline(never)]
fn replace_two<const W: usize>(
    x: [f64; W],
    y: [f64; W],
    mut z: [f64; W],
    inside: impl Fn(f64, f64) -> bool,
    otherwise: fn(f64, f64) -> f64,
) -> [f64; W] {
    for ((x, y), z) in x.into_iter().zip(y).zip(&mut z) {
        if !inside(x, y) {
            *z = otherwise(x, y);
        }
    }
    z
}
