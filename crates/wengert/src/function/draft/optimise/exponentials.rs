//! Logarithms of sums of exponentials, written by hand, as the one operation that they are.
//!
//! Who knows that exponentials overflow writes m + ln Σ e^(xᵢ − m), with the largest xᵢ, the first, or
//! a number as m; who does not, ln Σ e^xᵢ. Both are the same function of the xᵢ, and `LogSumExp`
//! computes it without overflow, for fewer operations, and rounds less. Only exponentials and sums
//! that nobody else uses are taken, so that nothing is computed twice.

use super::uses::Uses;
use crate::function::draft::{Draft, Source, Step};
use crate::function::opcode::Opcode;
use crate::scalar::Real;

/// The draft with an operation for each logarithm of a sum of exponentials. What it replaces is left
/// for others to find dead, so that every value stays where it is.
pub(super) fn recognise<F: Real>(draft: Draft<F>) -> Draft<F> {
    if !draft.steps.iter().any(|step| step.opcode == Opcode::Ln) {
        return draft;
    }
    let uses = Uses::by_live(&draft);
    let old = Old { draft: &draft, uses };
    let mut new = Draft::like(&draft);
    new.constants.clone_from(&draft.constants);
    for (index, &step) in draft.steps.iter().enumerate() {
        let operands = draft.operands_of(index);
        let arguments = match (step.opcode, operands) {
            (Opcode::Ln, &[sum]) => old.exponents(sum),
            (Opcode::Add, &[a, b]) => {
                old.without_shift(&new, a, b).or_else(|| old.without_shift(&new, b, a))
            }
            _ => None,
        };
        let step = arguments.as_ref().map_or(step, |_| LOG_SUM_EXP);
        new.push(step, arguments.as_deref().unwrap_or(operands));
    }
    (new.outputs, new.guards, new.notes) = (draft.outputs, draft.guards, draft.notes);
    new
}

const LOG_SUM_EXP: Step = Step { opcode: Opcode::LogSumExp, detail: 0 };

struct Old<'d, F> {
    draft: &'d Draft<F>,
    uses: Uses,
}

impl<F: Real> Old<'_, F> {
    /// The step of an operand, if it is of this kind and its result is used once.
    fn used_once(&self, source: Source, opcode: Opcode) -> Option<usize> {
        let step = source.as_value()?.checked_sub(self.draft.inputs())?;
        let is_it = self.draft.steps[step].opcode == opcode
            && self.uses.of_value(self.draft.inputs() + step) == 1
            && !source.is_negated();
        is_it.then_some(step)
    }

    /// The xᵢ, of m + ln Σ e^(xᵢ − m), where the new draft has an operation for the logarithm.
    fn without_shift(
        &self,
        new: &Draft<F>,
        logarithm: Source,
        shift: Source,
    ) -> Option<Vec<Source>> {
        let step = self.used_once(logarithm, Opcode::Ln)?;
        let is_found = new.steps[step] == LOG_SUM_EXP;
        let differences = is_found.then(|| new.operands_of(step))?;
        differences.iter().map(|&difference| self.minuend(difference, shift)).collect()
    }

    /// x, of x − m.
    fn minuend(&self, difference: Source, shift: Source) -> Option<Source> {
        let step = difference.as_value()?.checked_sub(self.draft.inputs())?;
        match (self.draft.steps[step].opcode, self.draft.operands_of(step)) {
            (Opcode::Sub, &[x, m]) if m == shift => Some(x),
            _ => None,
        }
    }

    /// The xᵢ, where a value is Σ e^xᵢ of two or more: by one sum, or one addition after the other,
    /// the first perhaps to zero.
    fn exponents(&self, sum: Source) -> Option<Vec<Source>> {
        let mut exponents = Vec::new();
        let mut next = Some(sum);
        while let Some(sum) = next.take() {
            let step = self.used_once(sum, Opcode::Add);
            let step = step.or_else(|| self.used_once(sum, Opcode::Sum))?;
            for (i, &term) in self.draft.operands_of(step).iter().enumerate().rev() {
                match self.used_once(term, Opcode::Exp) {
                    Some(exponential) => exponents.extend(self.draft.operands_of(exponential)),
                    None if self.is_zero(term) => {}
                    // What was added up before.
                    None if i == 0 => next = Some(term),
                    None => return None,
                }
            }
        }
        exponents.reverse();
        (exponents.len() > 1).then_some(exponents)
    }

    fn is_zero(&self, term: Source) -> bool {
        term.is_constant() && self.draft.constants[term.index()].is_zero()
    }
}
