//! The steps of a saved function as lines that people can read: `v3 = mul v0 c1`.

use super::loader::Loader;
use super::operand::{Mark, Operand};
use super::{call, codes};
use crate::error::SavedError;
use crate::function::callee::Callee;
use crate::function::draft::{Draft, Source};
use crate::function::opcode::Opcode;
use crate::scalar::Real;
use std::fmt::Write;

/// The steps of a draft. An integer power has its exponent behind the operand, an output its
/// position, and a call what is called before its operands.
pub(super) fn write<F: Real>(draft: &Draft<F>, functions: &[&Callee<F>]) -> Vec<String> {
    (0..draft.steps.len()).map(|step| line(draft, step, functions)).collect()
}

fn line<F: Real>(draft: &Draft<F>, index: usize, functions: &[&Callee<F>]) -> String {
    let step = draft.steps[index];
    let mut line = format!("v{} = {}", draft.inputs() + index, step.opcode.name());
    if step.opcode == Opcode::Call {
        let text = call::text(&draft.calls[step.detail as usize], functions);
        put(&mut line, serde_json::Value::from(text));
    }
    for (position, &source) in draft.operands_of(index).iter().enumerate() {
        put(&mut line, Operand::marked(source, Mark::at(step.opcode, position)));
    }
    if matches!(step.opcode, Opcode::Powi | Opcode::Output) {
        put(&mut line, step.detail);
    }
    line
}

fn put(line: &mut String, word: impl std::fmt::Display) {
    write!(line, " {word}").expect("a string takes any text");
}

/// Hands the steps to a loader.
pub(super) fn read<F: Real>(
    lines: &[String],
    loader: &mut Loader<'_, F>,
) -> Result<(), SavedError> {
    lines.iter().try_for_each(|line| read_line(line, loader))
}

fn read_line<F: Real>(line: &str, loader: &mut Loader<'_, F>) -> Result<(), SavedError> {
    let step = loader.steps();
    let mut words = line.split_ascii_whitespace();
    let (name, sign) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let wanted = Operand::from(Source::value(loader.draft.values())).to_string();
    if name != wanted || sign != "=" {
        return Err(SavedError::Result { step, given: format!("{name} {sign}"), wanted });
    }
    let name = words.next().unwrap_or_default();
    let opcode = codes::operation_named(name)
        .ok_or_else(|| SavedError::Operation { step, given: format!("`{name}`") })?;
    let mut detail = 0;
    if opcode == Opcode::Call {
        let (number, operands) = read_call(line, loader)?;
        (detail, words) = (number, operands.split_ascii_whitespace());
    }
    let mut words = words.peekable();
    while let Some(word) = words.next() {
        if matches!(opcode, Opcode::Powi | Opcode::Output) && words.peek().is_none() {
            detail = integer(word, step)?;
        } else {
            let operand = Operand::read(word)
                .ok_or_else(|| SavedError::NoOperand { step, given: word.to_owned() })?;
            loader.operand(opcode, operand)?;
        }
    }
    loader.step(opcode, detail)
}

/// The number of a call, of which the text stands in quotes, and the words behind that.
fn read_call<'l, F: Real>(
    line: &'l str,
    loader: &mut Loader<'_, F>,
) -> Result<(i64, &'l str), SavedError> {
    let step = loader.steps();
    let wrong = || SavedError::Call { step, given: line.to_owned() };
    let (start, end) = line.find('"').zip(line.rfind('"')).ok_or_else(wrong)?;
    let text: String = serde_json::from_str(&line[start..=end]).map_err(|_| wrong())?;
    let known = loader.texts.iter().position(|known| *known == text);
    let number = known.unwrap_or(loader.texts.len());
    if known.is_none() {
        loader.draft.calls.push(call::called(&text, step, loader.functions)?);
        loader.texts.push(text);
    }
    Ok((number as i64, &line[end + 1..]))
}

fn integer(word: &str, step: usize) -> Result<i64, SavedError> {
    word.parse().map_err(|_| SavedError::Exponent { step, given: word.to_owned() })
}
