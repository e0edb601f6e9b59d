//! Elementary functions of W numbers at once.
//!
//! Each function is a plain expression over one number: no branch, no table, no conversion to
//! integers. Inlined into a loop over an array, the compiler turns it into vector instructions of
//! whatever width the caller is compiled for. Nothing is fused or reordered, so that a result has
//! the same bits with every instruction set and every W, whatever its neighbours are.
//!
//! Arguments that such an expression cannot serve (angles beyond 2²⁰, exponentials beyond e^±708,
//! powers of zero) are found by one comparison for the whole array, and go to `libm` one by one.
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

/// Those that do not serve the arguments of which `module::outside` sets the sign bit, with the
/// function that does. PERF: a bit, and no `bool`: comparisons of several floats are put together
/// in the widest register there is, beside which some processors compute slowly in narrower ones.
macro_rules! mostly {
    ($($module:ident: $($function:ident = $otherwise:expr),*;)*) => {$($(
        #[inline(always)]
        pub(crate) fn $function<const W: usize>(x: [f64; W]) -> [f64; W] {
            let mut y = x;
            let mut outside = 0;
            for y in &mut y {
                outside |= $module::outside(*y);
                *y = $module::$function(*y);
            }
            if is_outside(outside) {
                // A copy, so that `y` itself need not be in memory.
                let mut replaced = y;
                replace(&x, &mut replaced, $module::outside, $otherwise);
                y = replaced;
            }
            y
        }
    )*)*};
}

/// Those of two arguments, in the order of `std`'s methods, that serve what `module::inside` accepts.
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
            if !all {
                let mut replaced = z;
                replace_two(&x, &y, &mut replaced, $module::inside, $otherwise);
                z = replaced;
            }
            z
        }
    )*)*};
}

everywhere! {
    exponential: exp2, exp_m1;
    logarithm: ln_1p, log2, log10;
    hyperbolic: sinh, cosh, tanh, log_cosh;
    inverse: asin, acos, atan;
    roots: cbrt;
    normal: erf, erfc, erfcx, erf_slope, normal_cdf, normal_pdf;
}

mostly! {
    exponential: exp = exponential::exp_outside;
    logarithm: ln = libm::log;
    hyperbolic: sigmoid = hyperbolic::sigmoid_outside, softplus = hyperbolic::softplus_outside;
    trigonometric: sin = libm::sin, cos = libm::cos, tan = libm::tan;
}

two_inside! {
    power: powf = libm::pow;
    inverse: atan2 = libm::atan2;
    roots: hypot = libm::hypot;
}

/// What `outside` of a module says, of one argument or of several together.
fn is_outside(bits: u64) -> bool {
    bits >> 63 == 1
}

/// Puts `otherwise` where an argument is outside.
#[cold]
#[inline(never)]
fn replace(x: &[f64], y: &mut [f64], outside: impl Fn(f64) -> u64, otherwise: impl Fn(f64) -> f64) {
    for (&x, y) in x.iter().zip(y) {
        if is_outside(outside(x)) {
            *y = otherwise(x);
        }
    }
}

/// Puts `otherwise` where a pair of arguments is not inside.
#[cold]
#[inline(never)]
fn replace_two(
    x: &[f64],
    y: &[f64],
    z: &mut [f64],
    inside: fn(f64, f64) -> bool,
    otherwise: fn(f64, f64) -> f64,
) {
    for ((&x, &y), z) in x.iter().zip(y).zip(z) {
        if !inside(x, y) {
            *z = otherwise(x, y);
        }
    }
}
