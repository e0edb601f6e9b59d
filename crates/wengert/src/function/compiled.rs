//! What is compiled once, in this crate, for the two floats there are: the interpreter, the
//! optimiser, the assembler, and what drives them.
//!
//! A generic function is compiled by each crate that calls it, at each build of that crate. These
//! are too large for that, a minute of work, so what callers instantiate ends here: behind each of
//! these functions stand two that are not generic, and the one for the float is called. That for
//! `f32`, more than a third of the whole, is a feature: few need it.

use super::draft::Draft;
use super::draft::optimise::{self, Optimise};
use super::draft::report::OptimiserReport;
use super::element::lanes::Lanes;
use super::linear::{Linear, Work};
use super::pattern::find;
use super::pattern::table::Pattern;
use super::program::{Program, assemble, decode};
use super::replay::space::Space;
use super::replay::steps::{Failure, Steps};
use crate::error::Error;
use crate::instructions::Arch;
use crate::scalar::Real;

/// Defines functions that are generic over the float `F`, and have a path to the work for `f64` and
/// `f32`.
macro_rules! compiled {
    ($($(#[$attribute:meta])* fn $name:ident<'a>($($given:ident: $type:ty),* $(,)?)
        $(-> $found:ty)? = $work:path;)*) => {$(
        $(#[$attribute])*
        #[inline]
        #[allow(clippy::extra_unused_lifetimes, reason = "not all that is given is borrowed")]
        pub(in crate::function) fn $name<'a, F: $crate::scalar::Real>($($given: $type),*) $(-> $found)? {
            struct Here;
            impl $crate::scalar::Compiled for Here {
                type Given<'a, F: $crate::scalar::Real> = ($($type,)*);
                type Found<'a, F: $crate::scalar::Real> = compiled!(@found $($found)?);
                $(#[$attribute])*
                #[inline]
                fn double<'a>(($($given,)*): Self::Given<'a, f64>) -> Self::Found<'a, f64> {
                    type F = f64;
                    $(#[$attribute])*
                    #[inline(never)]
                    fn only<'a>($($given: $type),*) $(-> $found)? {
                        $work($($given),*)
                    }
                    only($($given),*)
                }
                #[cfg(feature = "f32")]
                $(#[$attribute])*
                #[inline]
                fn single<'a>(($($given,)*): Self::Given<'a, f32>) -> Self::Found<'a, f32> {
                    type F = f32;
                    $(#[$attribute])*
                    #[inline(never)]
                    fn only<'a>($($given: $type),*) $(-> $found)? {
                        $work($($given),*)
                    }
                    only($($given),*)
                }
            }
            const {
                let it_is = $crate::function::compiled::is_compiled::<F>();
                assert!(it_is, "functions over `f32` need wengert's feature `f32`");
            }
            <F as $crate::scalar::Concrete>::do_compiled::<Here>(($($given,)*))
        }
    )*};
    (@found) => { () };
    (@found $found:ty) => { $found };
}
pub(in crate::function) use compiled;

compiled! {
    /// All values.
    fn run<'a>(space: &'a mut Space<F>, program: &'a Program<F>, arch: Arch) = Space::<F>::run;

    /// The optimistic reverse sweep.
    fn sweep<'a>(space: &'a mut Space<F>, program: &'a Program<F>, arch: Arch) = Space::<F>::sweep;

    /// The reverse sweep that looks for 0 · ∞.
    fn sweep_carefully<'a>(space: &'a mut Space<F>, program: &'a Program<F>, arch: Arch)
        = Space::<F>::sweep_carefully;

    /// All values of the samples side by side.
    fn run_lanes<'a>(space: &'a mut Space<Lanes<F>>, program: &'a Program<F>, arch: Arch)
        = Space::<Lanes<F>>::run;

    /// The optimistic reverse sweep of the samples side by side.
    fn sweep_lanes<'a>(space: &'a mut Space<Lanes<F>>, program: &'a Program<F>, arch: Arch)
        = Space::<Lanes<F>>::sweep;

    /// Their reverse sweep that looks for 0 · ∞.
    fn sweep_lanes_carefully<'a>(space: &'a mut Space<Lanes<F>>, program: &'a Program<F>, arch: Arch)
        = Space::<Lanes<F>>::sweep_carefully;

    /// All values of some steps of a loop, until a guard or a call fails.
    fn run_steps<'a>(steps: &'a mut Steps<F>, program: &'a Program<F>, arch: Arch)
        -> Option<Failure<F>> = Steps::<F>::run;

    /// The optimistic reverse sweep of some steps.
    fn sweep_steps<'a>(steps: &'a mut Steps<F>, program: &'a Program<F>, arch: Arch)
        = Steps::<F>::sweep;

    /// The reverse sweep of some steps that looks for 0 · ∞.
    fn sweep_steps_carefully<'a>(steps: &'a mut Steps<F>, program: &'a Program<F>, arch: Arch)
        = Steps::<F>::sweep_carefully;

    /// All values of some steps of the samples side by side, until a guard or a call fails.
    fn run_steps_lanes<'a>(steps: &'a mut Steps<Lanes<F>>, program: &'a Program<F>, arch: Arch)
        -> Option<Failure<F>> = Steps::<Lanes<F>>::run;

    /// The optimistic reverse sweep of some steps of the samples side by side.
    fn sweep_steps_lanes<'a>(steps: &'a mut Steps<Lanes<F>>, program: &'a Program<F>, arch: Arch)
        = Steps::<Lanes<F>>::sweep;

    /// Their reverse sweep that looks for 0 · ∞.
    fn sweep_steps_lanes_carefully<'a>(
        steps: &'a mut Steps<Lanes<F>>,
        program: &'a Program<F>,
        arch: Arch,
    ) = Steps::<Lanes<F>>::sweep_carefully;

    /// A piece of work on a recording made linear.
    fn work<'a>(
        linear: &'a mut Linear<F>,
        program: &'a Program<F>,
        values: &'a Space<F>,
        work: Work,
        arch: Arch,
    ) = Linear::<F>::work;

    /// The draft after the passes, and what each of them did.
    fn optimise<'a>(draft: Draft<F>, passes: Optimise) -> (Draft<F>, OptimiserReport)
        = optimise::optimise;

    /// The steps of a program.
    fn decode<'a>(program: &'a Program<F>) -> Draft<F> = decode::decode;

    /// Where the Jacobian has entries.
    fn jacobian_pattern<'a>(draft: &'a Draft<F>, values: Option<&'a Vec<F>>) -> Pattern
        = find::jacobian;

    /// Where the Hessian has entries.
    fn hessian_pattern<'a>(draft: &'a Draft<F>, values: Option<&'a Vec<F>>) -> Pattern
        = find::hessian;

    /// The variables along whose directions the whole Hessian is found.
    fn directions<'a>(program: &'a Program<F>) -> Box<[u32]> = find::directions;

    /// The memory for passes over a program made linear.
    fn linear<'a>(program: &'a Program<F>) -> Linear<F> = Linear::<F>::of;

    /// Memory for one evaluation at a time.
    fn space<'a>(program: &'a Program<F>) -> Space<F> = Space::<F>::of;

    /// Memory for evaluations side by side.
    fn space_of_lanes<'a>(program: &'a Program<F>) -> Space<Lanes<F>> = Space::<Lanes<F>>::of;

    /// The program of a draft.
    fn assemble<'a>(draft: &'a Draft<F>) -> Result<Program<F>, Error> = assemble::assemble;
}

/// Whether functions over this float are compiled into the crate.
pub(in crate::function) const fn is_compiled<F: Real>() -> bool {
    size_of::<F>() == size_of::<f64>() || cfg!(feature = "f32")
}
