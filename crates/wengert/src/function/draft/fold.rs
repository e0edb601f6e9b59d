//! Steps at given numbers: how constants are folded, and drafts are looked at.

use crate::function::draft::{Draft, Source, Step};
use crate::function::element::Element;
use crate::function::opcode::{Kernels, Opcode, dispatch};
use crate::instructions::Arch;
use crate::ops::rules::Chain;
use crate::ops::{Binary, Nary, Ternary, Unary};
use crate::scalar::Real;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// The result of a step whose operands are all constants, as a replay computes it.
pub(in crate::function) fn fold<F: Real>(step: Step, operands: &[Source], constants: &[F]) -> F {
    let numbers: SmallVec<[F; 4]> = operands.iter().map(|s| constants[s.index()]).collect();
    result(step, operands, &numbers)
}

/// The result of a step at the numbers of its operands, whatever their signs.
fn result<F: Real>(step: Step, operands: &[Source], numbers: &[F]) -> F {
    let mut fold = Fold { operands, numbers, detail: step.detail, result: F::zero() };
    dispatch(step.opcode, &mut fold);
    fold.result
}

/// All values of a draft at its inputs, as a replay computes them. That of a call is nothing.
pub(in crate::function) fn values<F: Real>(draft: &Draft<F>, inputs: &[F]) -> Vec<F> {
    let mut values = inputs.to_vec();
    // The outputs of each call, by the value that stands for it.
    let mut outputs: FxHashMap<usize, Vec<F>> = FxHashMap::default();
    for (index, &step) in draft.steps.iter().enumerate() {
        let number = |&source: &Source| {
            let all = if source.is_constant() { &draft.constants } else { &values };
            all[source.index()]
        };
        let sources = draft.operands_of(index);
        let value = match step.opcode {
            Opcode::Output => outputs[&sources[0].index()][step.detail as usize],
            Opcode::Call => {
                let numbers: Vec<F> = sources.iter().map(number).collect();
                let called = &draft.calls[step.detail as usize];
                outputs.insert(values.len(), F::call_value(called, &numbers));
                F::zero()
            }
            _ => {
                let numbers: SmallVec<[F; 4]> = sources.iter().map(number).collect();
                result(step, sources, &numbers)
            }
        };
        values.push(value);
    }
    values
}

/// A number with the sign of its operand.
fn signed<F: Real>(number: F, source: Source) -> F {
    if source.is_negated() { -number } else { number }
}

struct Fold<'a, F> {
    operands: &'a [Source],
    numbers: &'a [F],
    detail: i32,
    result: F,
}

/// Costly rules by the functions that a replay calls, of which each is compiled once.
impl<F: Real> Kernels for Fold<'_, F> {
    fn unary<R: Unary>(&mut self) {
        let (xs, result) = (&self.numbers[..1], std::slice::from_mut(&mut self.result));
        if const { R::FORM.is_inline() } {
            result[0] = R::value(xs[0]);
        } else {
            F::values::<R>(Arch::Scalar, xs, result);
        }
    }
    fn powi(&mut self) {
        self.result = <F as Element<F>>::power(self.numbers[0], self.detail);
    }
    fn binary<R: Binary>(&mut self) {
        let (xs, ys) = (&self.numbers[..1], &self.numbers[1..2]);
        let result = std::slice::from_mut(&mut self.result);
        if const { R::FORM.is_inline() } {
            result[0] = R::value(xs[0], ys[0]);
        } else {
            F::pair_values::<R>(Arch::Scalar, xs, ys, result);
        }
    }
    fn ternary<R: Ternary>(&mut self) {
        self.result = R::value(self.numbers[0], self.numbers[1], self.numbers[2]);
    }
    fn nary<R: Nary>(&mut self) {
        self.result = R::value(self.numbers, &[]);
    }
    fn sum(&mut self) {
        let terms = self.numbers.iter().zip(self.operands).map(|(&x, source)| signed(x, *source));
        self.result = terms.reduce(|a, b| a + b).unwrap_or_else(F::zero);
    }
    fn products(&mut self) {
        let pairs = self.numbers.as_chunks().0.iter().zip(self.operands.as_chunks().0);
        let sum = pairs.fold(None, |sum, (&[a, b], &[of_a, of_b])| {
            let a = signed(a, of_a);
            Some(match sum {
                None => a * b,
                Some(sum) if of_b.is_fused() => a.mul_add(b, sum),
                Some(sum) => sum + a * b,
            })
        });
        self.result = sum.unwrap_or_else(F::zero);
    }
    fn chains(&mut self) {
        let pairs = self.numbers.as_chunks().0.iter().zip(self.operands.as_chunks().0);
        let terms = pairs.map(|(&[x, p], &[of_x, _])| signed(Chain::value(x, p), of_x));
        self.result = terms.reduce(|a, b| a + b).unwrap_or_else(F::zero);
    }
    fn log_sum_exp(&mut self) {
        let mut saved = vec![F::zero(); self.numbers.len() + 1];
        self.result = <F as Element<F>>::log_sum_exp(Arch::Scalar, self.numbers, &mut saved);
    }
}
