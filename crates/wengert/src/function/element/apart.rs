//! Costly rules as functions of their own, compiled once instead of into every loop of the
//! interpreter: those with vector code for each instruction set, the others once for all. Which
//! of the former is called is asked for each run of operations, so that who calls is compiled once
//! too.

use super::arrays::{WIDTH, array};
use crate::function::program::columns::rest;
use crate::instructions::{Arch, Vectorized};
use crate::ops::rules::LogSumExp;
use crate::ops::{Binary, Unary};
use crate::scalar::{Real, from_f64, into_f64};
use std::marker::PhantomData;

/// Defines what a rule makes of a list of numbers, given the function of one. Vector code is
/// compiled for `f64` alone, and computes for `f32` too.
///
/// PERF: a list, so that instructions are chosen and numbers handed over once and not for each
/// pack: numbers that were just written are slow to be read in wider registers.
macro_rules! apart {
    ($(#[$doc:meta])* $function:ident by $one:ident, $packs:ident $call:ident and $in_packs:ident
        or $each:ident of $rule:ident($($x:ident),*) $many:ident) => {
        struct $call<'x, R, F> {
            $($x: &'x [[F; WIDTH]],)*
            results: &'x mut [[F; WIDTH]],
            rule: PhantomData<R>,
        }

        impl<R: $rule, F: Real> Vectorized for $call<'_, R, F> {
            type Output = ();
            #[inline(always)]
            fn run(self) {
                let count = self.results.len();
                $(let $x = &self.$x[..count];)*
                for i in 0..count {
                    self.results[i] = from_f64(R::$many($(into_f64($x[i])),*));
                }
            }
        }

        fn $packs<R: $rule, F: Real>(
            arch: Arch,
            $($x: &[[F; WIDTH]],)*
            results: &mut [[F; WIDTH]],
        ) {
            arch.dispatch_widest($call::<R, F> { $($x,)* results, rule: PhantomData });
        }

        fn $one<R: $rule, F: Real>($($x: F),*) -> F {
            let [result] = if const { R::FORM.is_vector() } {
                from_f64(R::$many($(into_f64([$x])),*))
            } else {
                R::$many($([$x]),*)
            };
            result
        }

        $(#[$doc])*
        pub(in crate::function) fn $function<R: $rule, F: Real>(
            arch: Arch,
            $($x: &[F],)*
            results: &mut [F],
        ) {
            if const { R::FORM.is_vector() } && arch.has_vectors() {
                $in_packs(arch, $($x,)* results, $packs::<R, F>, $one::<R, F>);
            } else {
                $each($($x,)* results, $one::<R, F>);
            }
        }
    };
}

/// Defines how a list is done: all packs that there are, then the rest as a pack of its own, or by
/// the function of one; and one by one. PERF: functions that are called, compiled once for all rules.
macro_rules! lists {
    ($($in_packs:ident $each:ident($($x:ident),*);)*) => {$(
        #[inline(never)]
        fn $in_packs<F: Real>(
            arch: Arch,
            $($x: &[F],)*
            results: &mut [F],
            packs: fn(Arch, $(lists!(@ $x &[[F; WIDTH]]),)* &mut [[F; WIDTH]]),
            one: fn($(lists!(@ $x F)),*) -> F,
        ) {
            let (all, left) = results.as_chunks_mut();
            let done = all.as_flattened().len();
            if done > 0 {
                packs(arch, $($x[..done].as_chunks().0,)* all);
            }
            match left {
                [] => {}
                [result] => *result = one($($x[done]),*),
                _ => {
                    let mut pack = [[F::zero(); WIDTH]];
                    packs(arch, $(&[rest(&$x[done..done + left.len()])],)* &mut pack);
                    left.copy_from_slice(&pack[0][..left.len()]);
                }
            }
        }

        #[inline(never)]
        fn $each<F: Real>(
            $($x: &[F],)*
            results: &mut [F],
            one: fn($(lists!(@ $x F)),*) -> F,
        ) {
            for i in 0..results.len() {
                results[i] = one($($x[i]),*);
            }
        }
    )*};
    (@ $x:ident $type:ty) => { $type };
}
lists! {
    in_packs each(xs);
    in_pairs_of_packs each_pair(xs, ys);
}

apart! {
    /// f(x) of each x.
    values by one_value, packs_of_values ValuesCall and in_packs or each of Unary(xs) values
}
apart! {
    /// dy/dx of each x and y.
    slopes by one_slope, packs_of_slopes SlopesCall and in_pairs_of_packs or each_pair
        of Unary(xs, ys) slopes
}
apart! {
    /// f(x, y) of each x and y.
    pair_values by one_pair_value, packs_of_pair_values PairValuesCall and in_pairs_of_packs
        or each_pair of Binary(xs, ys) values
}

/// Calls a function for each of W triples of numbers. PERF: in a loop, and compiled once for all
/// rules; W calls of each rule side by side are code that nobody waits for.
#[inline(always)]
fn each_triple<F: Real, const W: usize>(
    x: &[F; W],
    y: &[F; W],
    z: &[F; W],
    function: fn(F, F, F) -> F,
) -> [F; W] {
    #[inline(never)]
    fn all<F: Real>(results: &mut [F], y: &[F], z: &[F], function: fn(F, F, F) -> F) {
        for i in 0..results.len() {
            results[i] = function(results[i], y[i], z[i]);
        }
    }
    let mut results = *x;
    if const { W == 1 } {
        results[0] = function(results[0], y[0], z[0]);
    } else {
        all(&mut results, y, z, function);
    }
    results
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

impl<F: Real> Vectorized for LogSumExpCall<'_, F> {
    type Output = F;
    #[inline(always)]
    fn run(self) -> F {
        LogSumExp::save_packs(self.xs, self.saved)
    }
}

/// ln Σ e^xᵢ, with what the reverse sweep needs of it.
#[inline(always)]
pub(in crate::function) fn log_sum_exp<F: Real>(arch: Arch, xs: &[F], saved: &mut [F]) -> F {
    arch.dispatch(LogSumExpCall { xs, saved })
}
