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

/// Shows the active operands of an operation by itself: the slot, the partial derivative and, with
/// `BENDS`, how that changes along the tangents, if it does.
#[inline(always)]
pub(super) fn each_operand<
    F: Real,
    S: FnMut(usize, F, Option<[F; D]>),
    const D: usize,
    const BENDS: bool,
>(
    header: Header,
    words: &[u32],
    Computed { partials, curvatures }: Computed<'_, F>,
    values: &[F],
    tangents: &[[F; D]],
    mut show: S,
) {
    let one = F::one();
    let is_active = |k: usize| header.bits(k) & ACTIVE != 0;
    let factor = |show: &mut S, slot: usize, other: usize, does_move: bool, times: F| {
        let bend = (BENDS && does_move).then(|| scaled(&tangents[other], times));
        show(slot, values[other] * times, bend);
    };
    let square = |show: &mut S, slot: usize, times: F| {
        show(slot, values[slot] * times, BENDS.then(|| scaled(&tangents[slot], times)));
    };
    match header.opcode {
        Opcode::Products | Opcode::Chains => {
            for term in LoneTerm::all(words) {
                let sign = if term.join().is_negated { -one } else { one };
                let (a, b) = (term.a, term.b);
                if a == b {
                    if term.is_a_active() {
                        square(&mut show, a, sign + sign);
                    }
                    continue;
                }
                if term.is_a_active() {
                    factor(&mut show, a, b, term.is_b_active(), sign);
                }
                if term.is_b_active() {
                    factor(&mut show, b, a, term.is_a_active(), sign);
                }
            }
        }
        Opcode::Mul | Opcode::Chain | Opcode::MulAdd => {
            let (a, b) = (words[0] as usize, words[1] as usize);
            if is_active(0) {
                factor(&mut show, a, b, is_active(1), one);
            }
            if is_active(1) {
                factor(&mut show, b, a, is_active(0), one);
            }
            if header.opcode == Opcode::MulAdd && is_active(2) {
                show(words[2] as usize, one, None);
            }
        }
        Opcode::Square => {
            if is_active(0) {
                square(&mut show, words[0] as usize, one + one);
            }
        }
        Opcode::Add | Opcode::Sub => {
            let second = if header.opcode == Opcode::Sub { -one } else { one };
            for (k, partial) in [one, second].into_iter().enumerate() {
                if is_active(k) {
                    show(words[k] as usize, partial, None);
                }
            }
        }
        Opcode::Neg => {
            if is_active(0) {
                show(words[0] as usize, -one, None);
            }
        }
        opcode => {
            let words = &words[usize::from(opcode == Opcode::Powi)..];
            let arity = opcode.columns();
            for k in (0..arity).filter(|&k| is_active(k)) {
                let row = curvatures.get(k * arity..(k + 1) * arity);
                let bend = row.filter(|_| BENDS).map(|row| {
                    let mut bend = [F::zero(); D];
                    for j in (0..arity).filter(|&j| is_active(j)) {
                        let tangents = &tangents[words[j] as usize];
                        for d in 0..D {
                            bend[d] += tangents[d] * row[j];
                        }
                    }
                    bend
                });
                show(words[k] as usize, partials[k], bend);
            }
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
