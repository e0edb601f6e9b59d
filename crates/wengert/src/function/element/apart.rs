//! Costly rules as functions of their own, compiled once instead of into every loop of the
//! interpreter: those with vector code for each instruction set, the others once for all.

use super::arrays::array;
use crate::ops::rules::LogSumExp;
use crate::ops::{Binary, Form, Unary};
use crate::scalar::{Real, from_f64, into_f64};
use pulp::{NullaryFnOnce, Simd};
use std::marker::PhantomData;

/// Defines a function of W numbers, given the function of one and that of several. Vector code is
/// compiled for `f64` alone, and computes for `f32` too.
macro_rules! apart {
    ($(#[$doc:meta])* $function:ident $call:ident $one:ident $rule:ident($($x:ident),*) $many:ident) => {
        // PERF: by reference. Numbers would be handed over one by one, in registers for integers.
        struct $call<'x, R, const W: usize> {
            $($x: &'x [f64; W],)*
            rule: PhantomData<R>,
        }

        impl<R: $rule, const W: usize> NullaryFnOnce for $call<'_, R, W> {
            type Output = [f64; W];
            #[inline(always)]
            fn call(self) -> [f64; W] {
                R::$many($(*self.$x),*)
            }
        }

        #[inline(never)]
        fn $one<R: $rule, F: Real>($($x: F),*) -> F {
            let [result] = if R::FORM == Form::Vector {
                from_f64(R::$many($(into_f64([$x])),*))
            } else {
                R::$many($([$x]),*)
            };
            result
        }

        $(#[$doc])*
        #[inline(always)]
        pub(in crate::function) fn $function<R: $rule, F: Real, S: Simd, const W: usize>(
            simd: S,
            $($x: [F; W],)*
        ) -> [F; W] {
            if R::FORM == Form::Inline {
                R::$many($($x),*)
            } else if R::FORM == Form::Vector && W > 1 {
                from_f64(simd.vectorize($call::<R, W> { $($x: &into_f64($x),)* rule: PhantomData }))
            } else {
                array(
                    #[inline(always)]
                    |i| $one::<R, F>($($x[i]),*),
                )
            }
        }
    };
}

apart! {
    /// f(x) of W numbers.
    values ValuesCall value Unary(x) values
}
apart! {
    /// dy/dx of W numbers.
    slopes SlopesCall slope Unary(x, y) slopes
}
apart! {
    /// f(x, y) of W pairs.
    pair_values PairValuesCall pair_value Binary(x, y) values
}

/// Defines the partial derivatives of rules of two variables.
macro_rules! partials {
    ($($(#[$doc:meta])* $function:ident $one:ident;)*) => {$(
        #[inline(never)]
        fn $one<R: Binary, F: Real>(x: F, y: F, z: F) -> F {
            R::$function(x, y, z)
        }

        $(#[$doc])*
        #[inline(always)]
        pub(in crate::function) fn $function<R: Binary, F: Real, const W: usize>(
            x: [F; W],
            y: [F; W],
            z: [F; W],
        ) -> [F; W] {
            array(
                #[inline(always)]
                |i| {
                    if R::FORM == Form::Inline {
                        R::$function(x[i], y[i], z[i])
                    } else {
                        $one::<R, F>(x[i], y[i], z[i])
                    }
                },
            )
        }
    )*};
}

partials! {
    /// ∂z/∂x of W pairs.
    left one_left;
    /// ∂z/∂y of W pairs.
    right one_right;
}

struct LogSumExpCall<'a, F> {
    xs: &'a [F],
    saved: &'a mut [F],
}

impl<F: Real> NullaryFnOnce for LogSumExpCall<'_, F> {
    type Output = F;
    #[inline(always)]
    fn call(self) -> F {
        LogSumExp::save_packs(self.xs, self.saved)
    }
}

/// ln Σ e^xᵢ, with what the reverse sweep needs of it.
#[inline(always)]
pub(in crate::function) fn log_sum_exp<F: Real, S: Simd>(simd: S, xs: &[F], saved: &mut [F]) -> F {
    simd.vectorize(LogSumExpCall { xs, saved })
}
