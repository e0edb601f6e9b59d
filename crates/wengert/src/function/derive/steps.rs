//! The steps of a function over other numbers: variables, dual numbers of them, and whatever else
//! is a scalar.

use crate::error::Error;
use crate::function::draft::{Draft, Source, Step};
use crate::function::opcode::{Kernels, Opcode, dispatch};
use crate::ops::rules::{Chain, LogSumExp, MulAdd};
use crate::ops::{Binary, Nary, Ternary, Unary};
use crate::scalar::{Evaluate, Real, Scalar};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// The values of inputs and steps, and the constants of the function.
pub(in crate::function) struct Values<G> {
    values: Vec<G>,
    constants: Vec<G>,
    /// The outputs of each call, by its step.
    outputs: FxHashMap<usize, Vec<G>>,
}

impl<G: Scalar> Values<G> {
    /// Computes all steps from the inputs. `constant` makes a number of the function one of these.
    ///
    /// # Errors
    /// If a user's operation fails.
    #[track_caller]
    pub(in crate::function) fn of<F: Real>(
        draft: &Draft<F>,
        inputs: Vec<G>,
        constant: impl Fn(F) -> G,
    ) -> Result<Self, Error> {
        let constants = draft.constants.iter().map(|&number| constant(number)).collect();
        let mut all = Self { values: inputs, constants, outputs: FxHashMap::default() };
        for (at, &step) in draft.steps.iter().enumerate() {
            let operands = draft.operands_of(at);
            let numbers: SmallVec<[G; 4]> = operands.iter().map(|&s| all.at(s.plain())).collect();
            if step.opcode.is_of_call() {
                let value = all.of_call(draft, step, operands, &numbers)?;
                all.values.push(value);
                continue;
            }
            let mut step = Evaluation { numbers: &numbers, operands, step, value: G::zero() };
            step.run();
            let value = step.value;
            all.values.push(value);
        }
        Ok(all)
    }

    /// A call, which is no number, or an output of one.
    #[track_caller]
    fn of_call<F: Real>(
        &mut self,
        draft: &Draft<F>,
        step: Step,
        operands: &[Source],
        numbers: &[G],
    ) -> Result<G, Error> {
        let position = step.detail as usize;
        if step.opcode == Opcode::Output {
            return Ok(self.outputs[&operands[0].index()][position]);
        }
        let ys = G::call(&draft.calls[position], numbers)?;
        self.outputs.insert(self.values.len(), ys);
        Ok(G::zero())
    }

    /// The number that a source names.
    #[track_caller]
    pub(in crate::function) fn at(&self, source: Source) -> G {
        let numbers = if source.is_constant() { &self.constants } else { &self.values };
        let number = numbers[source.index()];
        if source.is_negated() { -number } else { number }
    }
}

/// A step: its operands, whose signs matter in sums, and what comes out.
struct Evaluation<'a, G> {
    numbers: &'a [G],
    operands: &'a [Source],
    step: Step,
    value: G,
}

impl<G: Scalar> Evaluation<'_, G> {
    #[track_caller]
    fn run(&mut self) {
        match self.step.opcode {
            // No operation of a tape, whose rules are those that numbers know.
            Opcode::Square => self.value = G::power(self.numbers[0], 2),
            opcode => dispatch(opcode, self),
        }
    }

    /// A sum with one more term, of the sign of an operand.
    fn joined(sum: Option<G>, term: G, operand: Source) -> G {
        match (sum, operand.is_negated()) {
            (None, false) => term,
            (None, true) => -term,
            (Some(sum), false) => sum + term,
            (Some(sum), true) => sum - term,
        }
    }

    /// The same where the term is a product that is rounded with the sum.
    #[track_caller]
    fn fused(sum: G, [a, b]: [G; 2], operand: Source) -> G {
        G::ternary::<MulAdd>(if operand.is_negated() { -a } else { a }, b, sum)
    }
}

/// PERF: functions of their own, as one with all rules in it takes longer to compile than they.
impl<G: Scalar> Kernels for Evaluation<'_, G> {
    #[inline(never)]
    fn unary<R: Unary>(&mut self) {
        self.value = G::unary::<R>(self.numbers[0]);
    }
    fn powi(&mut self) {
        self.value = G::power(self.numbers[0], self.step.detail);
    }
    #[inline(never)]
    fn binary<R: Binary>(&mut self) {
        self.value = G::binary::<R>(self.numbers[0], self.numbers[1]);
    }
    #[inline(never)]
    fn ternary<R: Ternary>(&mut self) {
        self.value = G::ternary::<R>(self.numbers[0], self.numbers[1], self.numbers[2]);
    }
    #[inline(never)]
    fn nary<R: Nary>(&mut self) {
        self.value = R::value(self.numbers, &[]);
    }
    fn sum(&mut self) {
        let terms = self.numbers.iter().zip(self.operands);
        let sum = terms.fold(None, |sum, (&x, &operand)| Some(Self::joined(sum, x, operand)));
        self.value = sum.unwrap_or_else(G::zero);
    }
    fn products(&mut self) {
        let terms = self.numbers.as_chunks().0.iter().zip(self.operands.as_chunks().0);
        let sum = terms.fold(None, |sum, (&[a, b], &[of_a, of_b])| {
            Some(match sum {
                Some(sum) if of_b.is_fused() => Self::fused(sum, [a, b], of_a),
                _ => Self::joined(sum, a * b, of_a),
            })
        });
        self.value = sum.unwrap_or_else(G::zero);
    }
    fn chains(&mut self) {
        let terms = self.numbers.as_chunks().0.iter().zip(self.operands.as_chunks().0);
        let sum = terms.fold(None, |sum, (&[x, p], &[of_x, _])| {
            Some(Self::joined(sum, G::binary::<Chain>(x, p), of_x))
        });
        self.value = sum.unwrap_or_else(G::zero);
    }
    fn log_sum_exp(&mut self) {
        self.value = LogSumExp::value(self.numbers, &[]);
    }
}
