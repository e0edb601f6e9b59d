//! The numbers the processor knows, `f64` and `f32`.

use super::sealed::Compiled;
use super::{Concrete, Evaluate, Scalar, sealed};
use crate::error::Error;
use crate::operation::Called;
use crate::ops::rules::Powi;
use crate::ops::{
    Binary, Derivatives, Nary, OpKind, Ternary, Unary, Which, polygamma, power_derivative,
};
use smallvec::SmallVec;

/// A floating-point number of the processor: `f64` or `f32`. What a
/// [`Function`](crate::Function) computes with; sealed, as [`Scalar`] is.
///
/// # Example
/// ```
/// use wengert::{Function, Real};
/// fn double_at<F: Real>(x: F) -> F {
///     let f = Function::<F>::builder().record(&[x], |x| x[0] + x[0]);
///     f.value(&mut f.workspace(), &[x]).unwrap()
/// }
/// assert_eq!(double_at(1.5), 3.0);
/// ```
#[diagnostic::on_unimplemented(
    message = "a function cannot compute with `{Self}`",
    label = "not `f64` or `f32`",
    note = "a `Function` computes with `f64` or `f32`; its tangents and second derivatives come \
            from `Function::jvp` and `Function::hessian_vector_product`"
)]
pub trait Real: Scalar + Send + Sync + 'static {
    /// What is known of the number, sealed as [`Scalar`]'s rules are.
    #[doc(hidden)]
    type SealedRealRules: sealed::RealRules<Self>;
}

/// What a function of f64 takes, in place of several numbers.
///
/// PERF: loops instead of `map`, and two conversions instead of one method that takes the function:
/// a function that is passed as an argument need not be inlined, and then it is compiled for the
/// least instruction set.
#[inline(always)]
pub(crate) fn into_f64<F: Real, const W: usize>(x: [F; W]) -> [f64; W] {
    let mut wide = [0.0; W];
    for (wide, x) in wide.iter_mut().zip(x) {
        *wide = x.as_f64();
    }
    wide
}

/// What a function of f64 gives, rounded.
#[inline(always)]
pub(crate) fn from_f64<F: Real, const W: usize>(x: [f64; W]) -> [F; W] {
    let mut narrow = [F::zero(); W];
    for (narrow, x) in narrow.iter_mut().zip(x) {
        *narrow = F::lit(x);
    }
    narrow
}

/// A list of zeros. PERF: the system's allocator hands zeroed memory out more slowly than it does
/// memory that was used before.
fn zeros(count: usize) -> Vec<f64> {
    let mut list = Vec::with_capacity(count);
    list.resize(count, 0.0);
    list
}

/// The outputs of a user's operation, and what it saves.
fn call(called: &Called, xs: &[f64]) -> Result<Vec<f64>, Error> {
    let mut ys = zeros(called.outputs() + called.saves());
    called.value(xs, &mut ys).map_err(|failure| called.failed(failure))?;
    Ok(ys)
}

/// The vector-Jacobian product of a user's operation. PERF: of lists that nobody puts together.
fn vjp(called: &Called, lists: [&[f64]; 4]) -> Result<Vec<f64>, Error> {
    let mut product = zeros(called.inputs());
    called.vjp(lists, &mut product);
    Ok(product)
}

/// The same for numbers of single precision, rounded.
fn call_converted(called: &Called, xs: &[f32]) -> Result<Vec<f32>, Error> {
    let xs: SmallVec<[f64; 16]> = xs.iter().map(|&x| f64::from(x)).collect();
    Ok(call(called, &xs)?.into_iter().map(|y| y as f32).collect())
}

#[inline(always)]
#[track_caller]
fn double<'a, W: Compiled>(given: W::Given<'a, f64>) -> W::Found<'a, f64> {
    W::double(given)
}

#[cfg(feature = "f32")]
#[inline(always)]
#[track_caller]
fn single<'a, W: Compiled>(given: W::Given<'a, f32>) -> W::Found<'a, f32> {
    W::single(given)
}

#[cfg(not(feature = "f32"))]
fn single<'a, W: Compiled>(_: W::Given<'a, f32>) -> W::Found<'a, f32> {
    unreachable!("the compiler refuses functions over a float that is not compiled")
}

/// The two implementations differ only in the names of libm's functions and of the work that is
/// compiled for them, in a constant, and in how users' operations are called.
macro_rules! real {
    ($float:ty, $erf:ident, $erfc:ident, $lgamma:ident, $rest:literal, $work:ident, $call:ident $(, $vjp:ident)?) => {
        impl Real for $float {
            type SealedRealRules = Self;
        }

        impl sealed::RealRules<Self> for $float {
            const NAME: &'static str = stringify!($float);
            fn raw(x: Self) -> u64 {
                u64::from(x.to_bits())
            }
            fn from_raw(raw: u64) -> Option<Self> {
                raw.try_into().ok().map(Self::from_bits)
            }
            fn read(text: &str) -> Option<Self> {
                text.parse().ok()
            }
            #[inline]
            fn bits(x: Self) -> u64 {
                u64::from(if x.is_nan() { Self::NAN.to_bits() } else { x.to_bits() })
            }
            #[inline(always)]
            fn as_f64(x: Self) -> f64 {
                f64::from(x)
            }
            fn is_power_of_two(x: Self) -> bool {
                let mantissa =
                    x.to_bits() << ((8 * size_of::<Self>() as u32) - (Self::MANTISSA_DIGITS - 1));
                x.is_normal() && mantissa == 0
            }
            #[inline]
            fn erf(x: Self) -> Self {
                libm::$erf(x)
            }
            #[inline]
            fn erfc(x: Self) -> Self {
                libm::$erfc(x)
            }
            #[inline]
            fn lgamma(x: Self) -> Self {
                libm::$lgamma(x)
            }
            #[inline]
            fn frac_1_sqrt_2_rest() -> Self {
                $rest
            }
            #[inline(always)]
            #[track_caller]
            fn do_compiled<'a, W: Compiled>(given: W::Given<'a, Self>) -> W::Found<'a, Self> {
                $work::<W>(given)
            }
        }

        impl sealed::Rules<Self> for $float {
            const HAS_TANGENT: bool = false;
            #[inline(always)]
            fn lit(c: f64) -> Self {
                c as Self
            }
            #[inline(always)]
            fn unary<R: Unary>(x: Self) -> Self {
                R::value(x)
            }
            #[inline(always)]
            fn binary<R: Binary>(x: Self, y: Self) -> Self {
                R::value(x, y)
            }
            #[inline(always)]
            fn ternary<R: Ternary>(x: Self, y: Self, z: Self) -> Self {
                R::value(x, y, z)
            }
            #[inline(always)]
            fn power(x: Self, n: i32) -> Self {
                Powi::value(x, n)
            }
            #[inline]
            fn derivative<R: Derivatives>(n: u32, x: Self) -> Self {
                R::derivative(n, f64::from(x)) as Self
            }
            #[inline]
            fn polygamma(n: u32, x: Self) -> Self {
                polygamma(n, f64::from(x)) as Self
            }
            fn power_derivative(x: Self, y: Self, k: u32, j: u32) -> Self {
                power_derivative(x, y, k, j)
            }
            #[inline(never)]
            fn derived(which: Which, xs: &[Self]) -> Self {
                let xs: SmallVec<[f64; 3]> = xs.iter().map(|&x| f64::from(x)).collect();
                which.at(&xs) as Self
            }
            fn reduced<R: Nary>(_: OpKind, xs: &[Self]) -> Self {
                R::value(xs, &[])
            }
            fn call(called: &Called, xs: &[Self]) -> Result<Vec<Self>, Error> {
                $call(called, xs)
            }
            $(fn vjp(called: &Called, lists: [&[Self]; 4]) -> Result<Vec<Self>, Error> {
                $vjp(called, lists)
            })?
            #[inline(always)]
            fn primal(x: &Self) -> f64 {
                f64::from(*x)
            }
            #[inline(always)]
            fn is_identical(x: &Self, y: &Self) -> bool {
                x.to_bits() == y.to_bits()
            }
            #[inline(always)]
            fn accumulate(sum: Self, flow: Self) -> Self {
                sum + flow
            }
            #[inline(always)]
            fn primal_is_zero(x: &Self) -> bool {
                *x == 0.0
            }
            #[inline(always)]
            fn is_all_zero(x: &Self) -> bool {
                *x == 0.0
            }
            #[inline(always)]
            fn is_ordinary(x: &Self) -> bool {
                // One comparison for both ends: shifting drops the sign, and subtracting one
                // sends zero above infinity. PERF: the benchmark group `sweep`.
                let magnitude = (x.to_bits() << 1).wrapping_sub(1);
                magnitude < (Self::INFINITY.to_bits() << 1) - 1
            }
            #[inline]
            fn chain(x: Self, partial: Self) -> Self {
                if x == 0.0 || (partial == 0.0 && !x.is_nan()) { 0.0 } else { x * partial }
            }
            #[inline]
            fn push(x: Self, partial: Self) -> Self {
                if x == 0.0 || partial == 0.0 { 0.0 } else { x * partial }
            }
        }
    };
}

// The rests: 1/√2 at 40 digits with mpmath, minus its nearest f64 (f32).
real!(f64, erf, erfc, lgamma, -4.833_646_656_726_457e-17, double, call, vjp);
real!(f32, erff, erfcf, lgammaf, 1.210_161_7e-8, single, call_converted);
