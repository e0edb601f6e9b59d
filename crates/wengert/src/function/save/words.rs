//! The steps of a saved function as numbers, most of which are small.
//!
//! A step is its code; behind it the exponent of an integer power, or the number of operands
//! where that varies; then the operands. A call has its number before these, and behind that, where
//! it is the first of its number, the text of what is called; an output has its position. Neighbouring steps are alike and their operands lie side
//! by side, so an operand is told by its distance to the operand in the same place of the step
//! before.

use super::loader::Loader;
use super::operand::Operand;
use super::{call, codes};
use crate::error::SavedError;
use crate::function::callee::Callee;
use crate::function::draft::Draft;
use crate::function::opcode::Opcode;
use crate::operation::Called;
use crate::scalar::Real;

/// How many operands back the one in the same place stands.
fn lag(opcode: Opcode) -> usize {
    match opcode {
        Opcode::Products | Opcode::Chains => 2,
        _ => opcode.arity().unwrap_or(1),
    }
}

/// Integers of both signs as natural numbers, those near zero the smallest.
const fn fold(integer: i64) -> u64 {
    ((integer << 1) ^ (integer >> 63)) as u64
}

const fn unfold(word: u64) -> i64 {
    (word >> 1) as i64 ^ -((word & 1) as i64)
}

/// The steps of a draft.
pub(super) fn write<F: Real>(draft: &Draft<F>, functions: &[&Callee<F>]) -> Vec<u64> {
    let mut words = Vec::with_capacity(draft.steps.len() + draft.operands.len());
    let mut calls = Vec::new();
    for (index, step) in draft.steps.iter().enumerate() {
        let operands = draft.range_of(index);
        words.push(codes::code(step.opcode));
        match step.opcode {
            Opcode::Powi => words.push(fold(step.detail.into())),
            Opcode::Output => words.push(step.detail as u64),
            Opcode::Call => {
                let text = |called: &Called| call::text(called, functions);
                write_call(draft, step.detail, &mut calls, &mut words, text);
            }
            _ => {}
        }
        if step.opcode.arity().is_none() {
            words.push(operands.len() as u64);
        }
        for position in operands {
            let operand = Operand::from(draft.operands[position]);
            let distance = operand.index as i64 - before(draft, position, lag(step.opcode));
            words.push(fold(distance) << Operand::FLAGS | operand.flags());
        }
    }
    words
}

/// The number of a call, and what it is where it is the first of that: numbers are those of the
/// order in the file.
fn write_call<F: Real>(
    draft: &Draft<F>,
    detail: i32,
    known: &mut Vec<i32>,
    words: &mut Vec<u64>,
    text: impl Fn(&Called) -> String,
) {
    let number = known.iter().position(|&known| known == detail);
    words.push(number.unwrap_or(known.len()) as u64);
    if number.is_none() {
        known.push(detail);
        call::put(words, &text(&draft.calls[detail as usize]));
    }
}

/// The index of the operand so many places before a position, or 0 where there is none.
fn before<F: Real>(draft: &Draft<F>, position: usize, lag: usize) -> i64 {
    let before = position.checked_sub(lag).and_then(|position| draft.operands.get(position));
    before.map_or(0, |source| source.index() as i64)
}

/// Hands the steps to a loader.
pub(super) fn read<F: Real>(words: &[u64], loader: &mut Loader<'_, F>) -> Result<(), SavedError> {
    let mut words = words.iter().copied();
    while let Some(code) = words.next() {
        read_step(code, &mut words, loader)?;
    }
    Ok(())
}

fn read_step<F: Real>(
    code: u64,
    words: &mut impl Iterator<Item = u64>,
    loader: &mut Loader<'_, F>,
) -> Result<(), SavedError> {
    let step = loader.steps();
    let opcode = codes::operation(code)
        .ok_or_else(|| SavedError::Operation { step, given: format!("number {code}") })?;
    let mut next = || words.next().ok_or(SavedError::Cut { step });
    let detail = match opcode {
        Opcode::Powi => unfold(next()?),
        // What is beyond is so for the loader too.
        Opcode::Call | Opcode::Output => next()?.try_into().unwrap_or(i64::MAX),
        _ => 0,
    };
    if opcode == Opcode::Call && detail == loader.draft.calls.len() as i64 {
        let text = call::take(words, step)?;
        loader.draft.calls.push(call::called(&text, step, loader.functions)?);
    }
    let mut next = || words.next().ok_or(SavedError::Cut { step });
    let count = match opcode.arity() {
        Some(arity) => arity as u64,
        None => next()?,
    };
    for _ in 0..count {
        let word = next()?;
        let before = before(&loader.draft, loader.draft.operands.len(), lag(opcode));
        // What wraps round is beyond every limit.
        let index = before.wrapping_add(unfold(word >> Operand::FLAGS)) as u64;
        loader.operand(opcode, Operand::with_flags_of(word, index, loader.mark(opcode)))?;
    }
    loader.step(opcode, detail)
}

#[cfg(test)]
mod tests {
    use super::{fold, unfold};

    #[test]
    fn folding_keeps_every_integer() {
        for integer in [0, 1, -1, 2, 1 << 40, i64::MAX, i64::MIN] {
            assert_eq!(unfold(fold(integer)), integer);
        }
        assert_eq!([0, -1, 1, -2].map(fold), [0, 1, 2, 3]);
    }
}
