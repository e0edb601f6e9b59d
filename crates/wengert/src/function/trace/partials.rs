//! The partial derivatives of one operation, by the rules that the sweep runs on.

use super::TraceOperation;
use crate::function::element::Element;
use crate::function::opcode::{Kernels, dispatch};
use crate::instructions::Arch;
use crate::operation::Called;
use crate::ops::{Binary, Nary, Ternary, Unary};
use crate::scalar::Real;

impl<F: Real> TraceOperation<'_, F> {
    /// One partial derivative for each operand, with the sign of its term.
    pub(super) fn partials(&self) -> Vec<F> {
        let draft = &self.trace.draft;
        let (step, sources) = (draft.steps[self.step], draft.operands_of(self.step));
        let xs: Vec<F> = sources.iter().map(|&source| self.trace.number(source)).collect();
        if let Some(called) = self.trace.outputs.called(self.step) {
            return row(called, step.detail as usize, &xs);
        }
        let zeros = vec![F::zero(); sources.len()];
        let mut rule = Rule { xs, y: self.value(), exponent: step.detail, width: 1, list: zeros };
        dispatch(step.opcode, &mut rule);
        let Rule { width, mut list, .. } = rule;
        for (terms, sources) in list.chunks_mut(width).zip(sources.chunks(width)) {
            if sources[0].is_negated() {
                terms.iter_mut().for_each(|partial| *partial = -*partial);
            }
        }
        list
    }
}

/// One row of the Jacobian of a user's operation.
fn row<F: Real>(called: &Called, position: usize, xs: &[F]) -> Vec<F> {
    let ys = F::call_value(called, xs);
    let mut weights = vec![F::zero(); called.outputs()];
    weights[position] = F::one();
    F::call_vjp(called, xs, &ys, &weights)
}

/// An operation at its operands and its value.
struct Rule<F> {
    xs: Vec<F>,
    y: F,
    exponent: i32,
    /// Operands that share a sign.
    width: usize,
    list: Vec<F>,
}

impl<F: Real> Kernels for Rule<F> {
    fn unary<R: Unary>(&mut self) {
        F::slopes::<R>(Arch::Scalar, &self.xs, &[self.y], &mut self.list);
    }
    fn powi(&mut self) {
        self.list[0] = F::power_slope(self.xs[0], self.exponent, self.y);
    }
    fn binary<R: Binary>(&mut self) {
        let (x, y, z) = ([self.xs[0]], [self.xs[1]], [self.y]);
        self.list[0] = F::left::<R, 1>(x, y, z)[0];
        self.list[1] = F::right::<R, 1>(x, y, z)[0];
    }
    fn ternary<R: Ternary>(&mut self) {
        let (x, y, z) = ([self.xs[0]], [self.xs[1]], [self.xs[2]]);
        self.list = <F as Element<F>>::partials::<R, 1>([true; 3], x, y, z).concat();
    }
    fn nary<R: Nary>(&mut self) {
        F::nary_partials::<R>(&self.xs, self.y, &mut self.list);
    }
    fn sum(&mut self) {
        self.list.fill(F::one());
    }
    fn products(&mut self) {
        self.width = 2;
        for (pair, partials) in self.xs.as_chunks::<2>().0.iter().zip(self.list.chunks_mut(2)) {
            partials.copy_from_slice(&[pair[1], pair[0]]);
        }
    }
    fn log_sum_exp(&mut self) {
        let mut saved = vec![F::zero(); self.xs.len() + 1];
        F::log_sum_exp(Arch::Scalar, &self.xs, &mut saved);
        let scale = saved[self.xs.len()];
        for (partial, &weight) in self.list.iter_mut().zip(&saved) {
            *partial = weight * scale;
        }
    }
}
