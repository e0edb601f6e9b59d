//! Logarithms of sums of exponentials, written by hand, as the one operation that they are.
//!
//! Who knows that exponentials overflow writes m + ln Σ e^(xᵢ − m), with the largest xᵢ, the first, or
//! a number as m; who does not, ln Σ e^xᵢ. Both are the same function of the xᵢ, and `LogSumExp`
//! computes it without overflow, for fewer operations, and rounds less. Only exponentials and sums
//! that nobody else uses are taken, so that nothing is computed twice.

use super::eliminate::Renumbering;
use super::uses::Uses;
use crate::function::draft::{Draft, Source, Step};
use crate::function::opcode::Opcode;
use crate::scalar::Real;

/// The draft with an operation for each logarithm of a sum of exponentials. What it replaces is left
/// for others to find dead.
pub(super) fn recognise<F: Real>(draft: Draft<F>) -> Draft<F> {
    if !draft.steps.iter().any(|step| step.opcode == Opcode::Ln) {
        return draft;
    }
    let uses = Uses::by_live(&draft);
    let old = Old { draft: &draft, uses };
    let (mut new, mut map) = (Draft::like(&draft), Renumbering::of_inputs(&draft));
    new.constants.clone_from(&draft.constants);
    for (index, &step) in draft.steps.iter().enumerate() {
        let arguments = old.shifted(index).or_else(|| old.exponents_of(index));
        let step = arguments.as_ref().map_or(step, |_| LOG_SUM_EXP);
        let operands = arguments.as_deref().unwrap_or_else(|| draft.operands_of(index));
        new.operands.extend(operands.iter().map(|&source| map.of(source)));
        map.push(new.finish(step));
    }
    (new.outputs, new.guards, new.notes) = (draft.outputs, draft.guards, draft.notes);
    new.map_roots(|source| map.of(source));
    new
}

const LOG_SUM_EXP: Step = Step { opcode: Opcode::LogSumExp, detail: 0 };

struct Old<'d, F> {
    draft: &'d Draft<F>,
    uses: Uses,
}

impl<F: Real> Old<'_, F> {
    /// The operands of an operation of this kind, if its result is used once.
    fn used_once(&self, source: Source, opcode: Opcode) -> Option<&[Source]> {
        let step = source.as_value()?.checked_sub(self.draft.inputs())?;
        let is_it = self.draft.steps[step].opcode == opcode
            && self.uses.of_value(self.draft.inputs() + step) == 1
            && !source.is_negated();
        is_it.then(|| self.draft.operands_of(step))
    }

    /// The xᵢ, where the step is m + ln Σ e^(xᵢ − m).
    fn shifted(&self, step: usize) -> Option<Vec<Source>> {
        if self.draft.steps[step].opcode != Opcode::Add {
            return None;
        }
        let &[a, b] = self.draft.operands_of(step) else { return None };
        self.without_shift(a, b).or_else(|| self.without_shift(b, a))
    }

    fn without_shift(&self, logarithm: Source, shift: Source) -> Option<Vec<Source>> {
        let &[sum] = self.used_once(logarithm, Opcode::Ln)? else { return None };
        let mut exponents = self.exponents(sum)?;
        for exponent in &mut exponents {
            *exponent = self.minuend(*exponent, shift)?;
        }
        Some(exponents)
    }

    /// x, of x − m.
    fn minuend(&self, difference: Source, shift: Source) -> Option<Source> {
        let step = difference.as_value()?.checked_sub(self.draft.inputs())?;
        match (self.draft.steps[step].opcode, self.draft.operands_of(step)) {
            (Opcode::Sub, &[x, m]) if m == shift => Some(x),
            _ => None,
        }
    }

    /// The xᵢ, where the step is ln Σ e^xᵢ.
    fn exponents_of(&self, step: usize) -> Option<Vec<Source>> {
        if self.draft.steps[step].opcode != Opcode::Ln {
            return None;
        }
        self.exponents(self.draft.operands_of(step)[0])
    }

    /// The xᵢ, where a value is Σ e^xᵢ of two or more: by one sum, or one addition after the other.
    fn exponents(&self, sum: Source) -> Option<Vec<Source>> {
        let mut exponents = Vec::new();
        let mut next = Some(sum);
        while let Some(sum) = next.take() {
            let terms = self.used_once(sum, Opcode::Add);
            let terms = terms.or_else(|| self.used_once(sum, Opcode::Sum))?;
            for (i, &term) in terms.iter().enumerate().rev() {
                match self.used_once(term, Opcode::Exp) {
                    Some(&[exponent]) => exponents.push(exponent),
                    // What was added up before.
                    _ if i == 0 => next = Some(term),
                    _ => return None,
                }
            }
        }
        exponents.reverse();
        (exponents.len() > 1).then_some(exponents)
    }
}
