//! One step at given numbers: how constants are folded.

use crate::function::draft::{Source, Step};
use crate::function::element::Element;
use crate::function::opcode::{Kernels, dispatch};
use crate::ops::{Binary, Nary, Ternary, Unary};
use crate::scalar::Real;
use smallvec::SmallVec;

/// The result of a step whose operands are all constants, as a replay computes it.
pub(in crate::function) fn fold<F: Real>(step: Step, operands: &[Source], constants: &[F]) -> F {
    let number = |source: &Source| {
        let number = constants[source.index()];
        if source.is_negated() { -number } else { number }
    };
    let numbers: SmallVec<[F; 4]> = operands.iter().map(number).collect();
    let mut fold = Fold { numbers: &numbers, detail: step.detail, result: F::zero() };
    dispatch(step.opcode, &mut fold);
    fold.result
}

struct Fold<'a, F> {
    numbers: &'a [F],
    detail: i32,
    result: F,
}

impl<F: Real> Kernels for Fold<'_, F> {
    fn unary<R: Unary>(&mut self) {
        [self.result] = R::values([self.numbers[0]]);
    }
    fn powi(&mut self) {
        self.result = <F as Element<F>>::power(self.numbers[0], self.detail);
    }
    fn binary<R: Binary>(&mut self) {
        [self.result] = R::values([self.numbers[0]], [self.numbers[1]]);
    }
    fn ternary<R: Ternary>(&mut self) {
        self.result = R::value(self.numbers[0], self.numbers[1], self.numbers[2]);
    }
    fn nary<R: Nary>(&mut self) {
        self.result = R::value(self.numbers, &[]);
    }
    fn sum(&mut self) {
        let sum = self.numbers.iter().copied().reduce(|a, b| a + b);
        self.result = sum.unwrap_or_else(F::zero);
    }
    fn products(&mut self) {
        let products = self.numbers.chunks_exact(2).map(|pair| pair[0] * pair[1]);
        self.result = products.reduce(|a, b| a + b).unwrap_or_else(F::zero);
    }
    fn log_sum_exp(&mut self) {
        let mut saved = vec![F::zero(); self.numbers.len() + 1];
        self.result = <F as Element<F>>::log_sum_exp(pulp::Arch::Scalar, self.numbers, &mut saved);
    }
}
