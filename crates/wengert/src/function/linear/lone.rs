//! The operands of an operation by itself, of which nothing is told in memory: columns and terms of
//! one operand would be its whole time.

use super::terms::Computed;
use crate::function::opcode::Opcode;
use crate::function::program::Header;
use crate::function::program::columns::{ACTIVE, LoneTerm};
use crate::scalar::Real;

/// Whether an instruction is one operation whose operands are one word each, or two for a product.
#[inline(always)]
pub(super) fn is_lone(header: Header) -> bool {
    header.count == 1 && (header.opcode.columns() != 0 || header.is_lone_sum())
}

/// Whether an adjoint flows into an operand.
#[inline(always)]
const fn is_active(header: Header, k: usize) -> bool {
    header.bits(k) & ACTIVE != 0
}

/// What is done with an operand. PERF: no closure, which may become a function of its own, and then
/// is compiled for the least instruction set.
pub(super) trait Flow<F, const D: usize> {
    /// Whether it counts how partial derivatives change along the directions.
    const BENDS: bool;
    /// The slot of an operand, the partial derivative by it, and how that changes, if it does.
    fn operand(&mut self, slot: usize, partial: F, bend: Option<[F; D]>);
}

/// What is known of where an operation is computed.
pub(super) struct Place<'m, F, const D: usize> {
    pub(super) words: &'m [u32],
    pub(super) computed: Computed<'m, F>,
    pub(super) values: &'m [F],
    /// Nothing where no bends are asked for.
    pub(super) tangents: &'m [[F; D]],
}

impl<F: Real, const D: usize> Place<'_, F, D> {
    /// Shows the active operands of an operation by itself.
    #[inline(always)]
    pub(super) fn each_operand<S: Flow<F, D>>(&self, header: Header, flow: &mut S) {
        let (words, one) = (self.words, F::one());
        match header.opcode {
            Opcode::Products | Opcode::Chains => {
                for term in LoneTerm::all(words) {
                    let sign = if term.join().is_negated { -one } else { one };
                    self.product(
                        [term.a, term.b],
                        [term.is_a_active(), term.is_b_active()],
                        sign,
                        flow,
                    );
                }
            }
            Opcode::Mul | Opcode::Chain | Opcode::MulAdd => {
                let (a, b) = (words[0] as usize, words[1] as usize);
                if is_active(header, 0) {
                    self.factor(a, b, is_active(header, 1), one, flow);
                }
                if is_active(header, 1) {
                    self.factor(b, a, is_active(header, 0), one, flow);
                }
                if header.opcode == Opcode::MulAdd && is_active(header, 2) {
                    flow.operand(words[2] as usize, one, None);
                }
            }
            Opcode::Square => {
                if is_active(header, 0) {
                    let slot = words[0] as usize;
                    self.factor(slot, slot, true, one + one, flow);
                }
            }
            Opcode::Add | Opcode::Sub => {
                let second = if header.opcode == Opcode::Sub { -one } else { one };
                for (k, partial) in [one, second].into_iter().enumerate() {
                    if is_active(header, k) {
                        flow.operand(words[k] as usize, partial, None);
                    }
                }
            }
            Opcode::Neg => {
                if is_active(header, 0) {
                    flow.operand(words[0] as usize, -one, None);
                }
            }
            _ => self.computed(header, flow),
        }
    }

    /// A product of two slots, which may be one.
    #[inline(always)]
    fn product<S: Flow<F, D>>(
        &self,
        [a, b]: [usize; 2],
        [is_a_active, is_b_active]: [bool; 2],
        sign: F,
        flow: &mut S,
    ) {
        if a == b {
            if is_a_active {
                self.factor(a, a, true, sign + sign, flow);
            }
            return;
        }
        if is_a_active {
            self.factor(a, b, is_b_active, sign, flow);
        }
        if is_b_active {
            self.factor(b, a, is_a_active, sign, flow);
        }
    }

    /// A factor beside another, times a number.
    #[inline(always)]
    fn factor<S: Flow<F, D>>(
        &self,
        slot: usize,
        other: usize,
        does_move: bool,
        times: F,
        flow: &mut S,
    ) {
        let mut bend = None;
        if S::BENDS && does_move {
            bend = Some(scaled(&self.tangents[other], times));
        }
        flow.operand(slot, self.values[other] * times, bend);
    }

    /// An operation whose partial derivatives were computed.
    #[inline(always)]
    fn computed<S: Flow<F, D>>(&self, header: Header, flow: &mut S) {
        let Computed { partials, curvatures } = self.computed;
        let words = &self.words[usize::from(header.opcode == Opcode::Powi)..];
        let arity = header.opcode.columns();
        for k in 0..arity {
            if !is_active(header, k) {
                continue;
            }
            let mut bend = None;
            if S::BENDS
                && let Some(row) = curvatures.get(k * arity..(k + 1) * arity)
            {
                let mut sum = [F::zero(); D];
                for j in 0..arity {
                    if is_active(header, j) {
                        let tangents = &self.tangents[words[j] as usize];
                        for d in 0..D {
                            sum[d] += tangents[d] * row[j];
                        }
                    }
                }
                bend = Some(sum);
            }
            flow.operand(words[k] as usize, partials[k], bend);
        }
    }
}

/// Tangents times a number.
#[inline(always)]
fn scaled<F: Real, const D: usize>(tangents: &[F; D], times: F) -> [F; D] {
    let mut scaled = *tangents;
    for tangent in &mut scaled {
        *tangent *= times;
    }
    scaled
}
