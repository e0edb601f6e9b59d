//! Whether an evaluation took the path that was recorded.

use crate::error::{Error, GuardError, Kind};
use crate::function::program::call::Call;
use crate::function::program::{Program, ProgramGuard};
use crate::ops::Comparison;
use crate::scalar::{Evaluate, Real, Scalar};
use std::fmt;

/// The first guard that comes out differently, by its position, with its operands now.
#[inline]
pub(in crate::function) fn first_failure<F: Scalar>(
    guards: &[ProgramGuard<F>],
    slot: impl Fn(u32) -> F,
) -> Option<(usize, (F, F))> {
    guards.iter().enumerate().find_map(|(position, guard)| {
        let now = (slot(guard.slots[0]), slot(guard.slots[1]));
        (!guard.comparison.agrees(guard.then, now)).then_some((position, now))
    })
}

/// Why the first call of a user's operation that failed did, if one did: then its outputs are NaN,
/// and it is asked again.
#[inline]
pub(in crate::function) fn first_failed_call<F: Real>(
    program: &Program<F>,
    slot: impl Fn(u32) -> F,
    sample: Option<usize>,
) -> Result<(), Error> {
    if program.calls.is_empty() { Ok(()) } else { failed_call(program, &slot, sample) }
}

#[cold]
fn failed_call<F: Real>(
    program: &Program<F>,
    slot: &dyn Fn(u32) -> F,
    sample: Option<usize>,
) -> Result<(), Error> {
    let again = |call| ask_again(call, slot).map_err(|error| error.in_sample(sample));
    program.each_call().try_for_each(again)
}

/// Why the call failed whose NaN a guard met, if that is what made it come out differently: a
/// comparison with NaN is no path to be taken.
#[cold]
pub(in crate::function) fn failed_before<F: Real>(
    program: &Program<F>,
    guard: &ProgramGuard<F>,
    slot: &dyn Fn(u32) -> F,
) -> Result<(), Error> {
    // What depends on a call stands behind it.
    let is_behind = |call: &Call<'_>| {
        let lost = guard.slots.iter().filter(|&&operand| slot(operand).is_nan());
        lost.max().is_some_and(|&last| call.outputs().flatten().any(|y| y <= last as usize))
    };
    program.each_call().filter(is_behind).try_for_each(|call| ask_again(call, slot))
}

/// Asks a call for its error, if all its outputs are NaN.
fn ask_again<F: Real>(call: Call<'_>, slot: &dyn Fn(u32) -> F) -> Result<(), Error> {
    if !call.outputs().flatten().all(|output| slot(output as u32).is_nan()) {
        return Ok(());
    }
    let xs: Vec<F> = call.inputs.iter().map(|&input| slot(input)).collect();
    F::call(call.called, &xs).map(|_| ())
}

/// The error for a guard that failed: in a batch with the sample at which it did, in a loop with
/// the step.
#[cold]
pub(in crate::function) fn failure<F: Scalar>(
    guard: &ProgramGuard<F>,
    now: (F, F),
    sample: Option<usize>,
    step: Option<usize>,
) -> Error {
    let text = |numbers| Said { comparison: guard.comparison, numbers }.to_string();
    Kind::Guard(Box::new(GuardError {
        place: guard.place.to_string(),
        then: text(guard.then),
        now: text(now),
        sample,
        step,
    }))
    .into()
}

/// A comparison with its numbers and its answer.
pub(in crate::function) struct Said<F> {
    pub(in crate::function) comparison: Comparison,
    pub(in crate::function) numbers: (F, F),
}

impl<F: Scalar> fmt::Display for Said<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.comparison.write(f, self.numbers)
    }
}
