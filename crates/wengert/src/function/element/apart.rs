//! Costly rules as functions of their own, compiled once instead of into every loop of the
//! interpreter: those with vector code for each instruction set, the others once for all. Which
//! of the former is called is asked for each pack, so that who calls is compiled once too.

use super::arrays::array;
use crate::function::instructions::has_vectors;
use crate::ops::rules::LogSumExp;
use crate::ops::{Binary, Unary};
use crate::scalar::{Real, from_f64, into_f64};
use pulp::{Arch, NullaryFnOnce};
use std::marker::PhantomData;

/// Defines a function of W numbers, given the function of one and that of several. Vector code is
/// compiled for `f64` alone, and computes for `f32` too.
macro_rules! apart {
    ($(#[$doc:meta])* $function:ident by $one:ident, $several:ident $call:ident or $each:ident
        of $rule:ident($($x:ident),*) $many:ident) => {
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

        #[inline(always)]
        fn $several<R: $rule, const W: usize>(arch: Arch, $($x: &[f64; W]),*) -> [f64; W] {
            arch.dispatch($call::<R, W> { $($x,)* rule: PhantomData })
        }

        #[inline(never)]
        fn $one<R: $rule, F: Real>($($x: F),*) -> F {
            let [result] = if const { R::FORM.is_vector() } {
                from_f64(R::$many($(into_f64([$x])),*))
            } else {
                R::$many($([$x]),*)
            };
            result
        }

        $(#[$doc])*
        #[inline(always)]
        pub(in crate::function) fn $function<R: $rule, F: Real, const W: usize>(
            arch: Arch,
            $($x: [F; W],)*
        ) -> [F; W] {
            if const { R::FORM.is_inline() } {
                R::$many($($x),*)
            } else if const { R::FORM.is_vector() && W > 1 } && has_vectors(arch) {
                from_f64($several::<R, W>(arch, $(&into_f64($x)),*))
            } else {
                $each($(&$x,)* $one::<R, F>)
            }
        }
    };
}

/// Defines a function that calls another for each of W numbers. PERF: in a loop, and compiled once
/// for all rules; W calls of each rule side by side are code that nobody waits for.
macro_rules! one_by_one {
    ($($name:ident($x:ident $(, $y:ident)*);)*) => {$(
        #[inline(always)]
        fn $name<F: Real, const W: usize>(
            $x: &[F; W],
            $($y: &[F; W],)*
            function: fn(F $(, one_by_one!(@ $y F))*) -> F,
        ) -> [F; W] {
            #[inline(never)]
            fn all<F: Real>(
                results: &mut [F],
                $($y: &[F],)*
                function: fn(F $(, one_by_one!(@ $y F))*) -> F,
            ) {
                for i in 0..results.len() {
                    results[i] = function(results[i] $(, $y[i])*);
                }
            }
            let mut results = *$x;
            if const { W == 1 } {
                results[0] = function(results[0] $(, $y[0])*);
            } else {
                all(&mut results, $($y,)* function);
            }
            results
        }
    )*};
    (@ $y:ident $f:ident) => { $f };
}
one_by_one! {
    each(x);
    each_pair(x, y);
    each_triple(x, y, z);
}

apart! {
    /// f(x) of W numbers.
    values by one_value, several_values ValuesCall or each of Unary(x) values
}
apart! {
    /// dy/dx of W numbers.
    slopes by one_slope, several_slopes SlopesCall or each_pair of Unary(x, y) slopes
}
apart! {
    /// f(x, y) of W pairs.
    pair_values by one_pair_value, several_pair_values PairValuesCall or each_pair of Binary(x, y) values
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
            if const { R::FORM.is_inline() } {
                array(
                    #[inline(always)]
                    |i| R::$function(x[i], y[i], z[i]),
                )
            } else {
                each_triple(&x, &y, &z, $one::<R, F>)
            }
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
pub(in crate::function) fn log_sum_exp<F: Real>(arch: Arch, xs: &[F], saved: &mut [F]) -> F {
    arch.dispatch(LogSumExpCall { xs, saved })
}
