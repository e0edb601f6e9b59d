//! The interpreter, the optimiser and the assembler, compiled once: in this crate, for the two
//! floats there are.
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
use crate::scalar::Real;
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
pub(in crate::function) fn into_same<A: 'static, B: 'static>(it: A) -> B {
    let mut it = Some(it);
    same_mut(&mut it).and_then(Option::take).expect("both are of one float")
}

/// What nobody can ask for.
pub(in crate::function) fn no_such_float() -> ! {
    unreachable!("`Real` is sealed, and `assemble` lets no float pass that is not compiled")
}

/// Defines a function for each evaluation in memory of `$element`s: the memory, the program, the
/// instruction set.
macro_rules! evaluations {
    ($($(#[$doc:meta])* $name:ident: $memory:ident of $element:ident by $evaluation:ident
        $(gives $result:ident)?;)*) => {$(
        $(#[$doc])*
        #[inline]
        pub(in crate::function) fn $name<F: Real>(
            memory: &mut $memory<evaluations!(@ $element F)>,
            program: &Program<F>,
            arch: Arch,
        ) $(-> Option<$result<F>>)? {
            #[inline(never)]
            fn double(
                memory: &mut $memory<evaluations!(@ $element f64)>,
                program: &Program<f64>,
                arch: Arch,
            ) $(-> Option<$result<f64>>)? {
                memory.$evaluation(program, arch)
            }
            #[cfg(feature = "f32")]
            #[inline(never)]
            fn single(
                memory: &mut $memory<evaluations!(@ $element f32)>,
                program: &Program<f32>,
                arch: Arch,
            ) $(-> Option<$result<f32>>)? {
                memory.$evaluation(program, arch)
            }
            if let Some(program) = same(program) {
                let memory = same_mut(memory).expect("of the program's float");
                return into_same(double(memory, program, arch));
            }
            #[cfg(feature = "f32")]
            if let Some(program) = same(program) {
                let memory = same_mut(memory).expect("of the program's float");
                return into_same(single(memory, program, arch));
            }
            no_such_float()
        }
    )*};
    (@ number $f:ident) => { $f };
    (@ lanes $f:ident) => { Lanes<$f> };
}

evaluations! {
    /// All values.
    run: Space of number by run;
    /// The optimistic reverse sweep.
    sweep: Space of number by sweep;
    /// The reverse sweep that looks for 0 · ∞.
    sweep_carefully: Space of number by sweep_carefully;
    /// All values of the samples side by side.
    run_lanes: Space of lanes by run;
    /// The optimistic reverse sweep of the samples side by side.
    sweep_lanes: Space of lanes by sweep;
    /// Their reverse sweep that looks for 0 · ∞.
    sweep_lanes_carefully: Space of lanes by sweep_carefully;

    /// All values of some steps of a loop, until a guard or a call fails.
    run_steps: Steps of number by run gives Failure;
    /// The optimistic reverse sweep of some steps.
    sweep_steps: Steps of number by sweep;
    /// The reverse sweep of some steps that looks for 0 · ∞.
    sweep_steps_carefully: Steps of number by sweep_carefully;
    /// All values of some steps of the samples side by side, until a guard or a call
    /// fails.
    run_steps_lanes: Steps of lanes by run gives Failure;
    /// The optimistic reverse sweep of some steps of the samples side by side.
    sweep_steps_lanes: Steps of lanes by sweep;
    /// Their reverse sweep that looks for 0 · ∞.
    sweep_steps_lanes_carefully: Steps of lanes by sweep_carefully;
}

/// A piece of work on a recording made linear.
#[inline]
pub(in crate::function) fn work<F: Real>(
    linear: &mut Linear<F>,
    program: &Program<F>,
    values: &Space<F>,
    work: Work,
    arch: Arch,
) {
    #[inline(never)]
    fn double(
        linear: &mut Linear<f64>,
        program: &Program<f64>,
        values: &Space<f64>,
        work: Work,
        arch: Arch,
    ) {
        linear.work(program, values, work, arch);
    }
    #[cfg(feature = "f32")]
    #[inline(never)]
    fn single(
        linear: &mut Linear<f32>,
        program: &Program<f32>,
        values: &Space<f32>,
        work: Work,
        arch: Arch,
    ) {
        linear.work(program, values, work, arch);
    }
    if let (Some(program), Some(values)) = (same(program), same(values)) {
        return double(
            same_mut(linear).expect("of the program's float"),
            program,
            values,
            work,
            arch,
        );
    }
    #[cfg(feature = "f32")]
    if let (Some(program), Some(values)) = (same(program), same(values)) {
        return single(
            same_mut(linear).expect("of the program's float"),
            program,
            values,
            work,
            arch,
        );
    }
    no_such_float();
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
    #[cfg(feature = "f32")]
    #[inline(never)]
    fn single(draft: Draft<f32>, passes: Optimise) -> (Draft<f32>, OptimiserReport) {
        optimise::optimise(draft, passes)
    }
    if same_mut::<_, Draft<f64>>(&mut draft).is_some() {
        return into_same(double(into_same(draft), passes));
    }
    #[cfg(feature = "f32")]
    if same_mut::<_, Draft<f32>>(&mut draft).is_some() {
        return into_same(single(into_same(draft), passes));
    }
    no_such_float()
}

/// Whether functions over this float are compiled into the crate.
const fn is_compiled<F: Real>() -> bool {
    size_of::<F>() == size_of::<f64>() || cfg!(feature = "f32")
}

/// The program of a draft. No function is made without one, so that this is the place where the
/// compiler stops whoever asks for a float that is not there.
pub(in crate::function) fn assemble<F: Real>(draft: &Draft<F>) -> Result<Program<F>, Error> {
    #[inline(never)]
    fn double(draft: &Draft<f64>) -> Result<Program<f64>, Error> {
        assemble::assemble(draft)
    }
    #[cfg(feature = "f32")]
    #[inline(never)]
    fn single(draft: &Draft<f32>) -> Result<Program<f32>, Error> {
        assemble::assemble(draft)
    }
    const { assert!(is_compiled::<F>(), "functions over `f32` need wengert's feature `f32`") };
    if let Some(draft) = same(draft) {
        return into_same(double(draft));
    }
    #[cfg(feature = "f32")]
    if let Some(draft) = same(draft) {
        return into_same(single(draft));
    }
    no_such_float()
}

/// Defines functions of a program or a draft and, of some, of values beside it.
macro_rules! once {
    ($($(#[$doc:meta])* $name:ident($whole:ident $(, $values:ident)?) gives $result:ty,
        by $work:path;)*) => {$(
        $(#[$doc])*
        pub(in crate::function) fn $name<F: Real>(
            whole: &$whole<F>
            $(, $values: Option<&Vec<F>>)?
        ) -> $result {
            once!(@ f64, whole: $whole $(, $values)?; gives $result, by $work);
            #[cfg(feature = "f32")]
            once!(@ f32, whole: $whole $(, $values)?; gives $result, by $work);
            no_such_float()
        }
    )*};
    (@ $float:ident, $name:ident: $whole:ident $(, $values:ident)?; gives $result:ty,
        by $work:path) => {
        if let Some(whole) = same($name) {
            type F = $float;
            #[inline(never)]
            fn only(whole: &$whole<F> $(, $values: Option<&Vec<F>>)?) -> $result {
                $work(whole $(, $values)?)
            }
            $(let $values = $values.map(|values| same(values).expect("of the same float"));)?
            return into_same(only(whole $(, $values)?));
        }
    };
}

once! {
    /// The steps of a program.
    decode(Program) gives Draft<F>, by decode::decode;
    /// Where the Jacobian has entries.
    jacobian_pattern(Draft, values) gives Pattern, by find::jacobian;
    /// Where the Hessian has entries.
    hessian_pattern(Draft, values) gives Pattern, by find::hessian;
    /// The variables along whose directions the whole Hessian is found.
    directions(Program) gives Box<[u32]>, by find::directions;
    /// The memory for passes over a program made linear.
    linear(Program) gives Linear<F>, by Linear::of;
}
