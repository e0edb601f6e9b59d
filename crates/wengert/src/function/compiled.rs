//! The interpreter, the optimiser and the assembler, compiled once: in this crate, for the two
//! floats there are.
//!
//! A generic function is compiled by each crate that calls it, at each build of that crate. These
//! are too large for that, a minute of work, so what callers instantiate ends here: behind each of
//! these functions stand two that are not generic, and the one for the float is called.

use super::draft::Draft;
use super::draft::optimise::{self, Optimise};
use super::draft::report::OptimiserReport;
use super::element::lanes::Lanes;
use super::program::{Program, assemble};
use super::replay::space::Space;
use crate::error::Error;
use crate::scalar::{Dual, Real};
use pulp::Arch;
use std::any::Any;

/// What is of type `B` already, if it is. The compiler knows, and leaves nothing of the question.
pub(in crate::function) fn same<A: 'static, B: 'static>(it: &A) -> Option<&B> {
    (it as &dyn Any).downcast_ref()
}

pub(in crate::function) fn same_mut<A: 'static, B: 'static>(it: &mut A) -> Option<&mut B> {
    (it as &mut dyn Any).downcast_mut()
}

/// What is of type `B` already, and nothing else.
fn into_same<A: 'static, B: 'static>(it: A) -> B {
    let mut it = Some(it);
    same_mut(&mut it).and_then(Option::take).expect("both are of one float")
}

/// What nobody can ask for.
pub(in crate::function) fn no_such_float() -> ! {
    unreachable!("`Real` is sealed: there are two floats")
}

/// Defines a function for each evaluation of a space of `$element`s: the memory, the program, the
/// instruction set.
macro_rules! evaluations {
    ($($(#[$doc:meta])* $name:ident: $element:ident by $evaluation:ident;)*) => {$(
        $(#[$doc])*
        #[inline]
        pub(in crate::function) fn $name<F: Real>(
            space: &mut Space<evaluations!(@ $element F)>,
            program: &Program<F>,
            arch: Arch,
        ) {
            #[inline(never)]
            fn double(space: &mut Space<evaluations!(@ $element f64)>, program: &Program<f64>, arch: Arch) {
                space.$evaluation(program, arch);
            }
            #[inline(never)]
            fn single(space: &mut Space<evaluations!(@ $element f32)>, program: &Program<f32>, arch: Arch) {
                space.$evaluation(program, arch);
            }
            if let Some(program) = same(program) {
                double(same_mut(space).expect("of the program's float"), program, arch);
            } else if let Some(program) = same(program) {
                single(same_mut(space).expect("of the program's float"), program, arch);
            } else {
                no_such_float();
            }
        }
    )*};
    (@ number $f:ident) => { $f };
    (@ dual $f:ident) => { Dual<$f> };
    (@ lanes $f:ident) => { Lanes<$f> };
}

evaluations! {
    /// All values.
    run: number by run;
    /// The optimistic reverse sweep.
    sweep: number by sweep;
    /// The reverse sweep that looks for 0 · ∞.
    sweep_carefully: number by sweep_carefully;
    /// All values and their tangents.
    run_dual: dual by run;
    /// The reverse sweep over adjoints with tangents.
    sweep_dual: dual by sweep;
    /// All values of the samples side by side.
    run_lanes: lanes by run;
    /// The optimistic reverse sweep of the samples side by side.
    sweep_lanes: lanes by sweep;
    /// Their reverse sweep that looks for 0 · ∞.
    sweep_lanes_carefully: lanes by sweep_carefully;
}

/// The draft after the passes, and what each of them did.
pub(in crate::function) fn optimise<F: Real>(
    mut draft: Draft<F>,
    passes: Optimise,
) -> (Draft<F>, OptimiserReport) {
    #[inline(never)]
    fn double(draft: Draft<f64>, passes: Optimise) -> (Draft<f64>, OptimiserReport) {
        optimise::optimise(draft, passes)
    }
    #[inline(never)]
    fn single(draft: Draft<f32>, passes: Optimise) -> (Draft<f32>, OptimiserReport) {
        optimise::optimise(draft, passes)
    }
    if same_mut::<_, Draft<f64>>(&mut draft).is_some() {
        into_same(double(into_same(draft), passes))
    } else {
        into_same(single(into_same(draft), passes))
    }
}

/// The program of a draft.
pub(in crate::function) fn assemble<F: Real>(draft: &Draft<F>) -> Result<Program<F>, Error> {
    #[inline(never)]
    fn double(draft: &Draft<f64>) -> Result<Program<f64>, Error> {
        assemble::assemble(draft)
    }
    #[inline(never)]
    fn single(draft: &Draft<f32>) -> Result<Program<f32>, Error> {
        assemble::assemble(draft)
    }
    if let Some(draft) = same(draft) {
        into_same(double(draft))
    } else if let Some(draft) = same(draft) {
        into_same(single(draft))
    } else {
        no_such_float()
    }
}
