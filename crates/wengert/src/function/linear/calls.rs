//! Calls of users' operations in passes along several directions, which they take one by one.

use crate::error::expect;
use crate::function::program::call::Call;
use crate::function::replay::call::outputs_anew;
use crate::scalar::{Evaluate, Real, call};

/// Computes the tangents of the outputs.
#[cold]
#[inline(never)]
pub(super) fn forward<F: Real, const D: usize>(
    of: Call<'_>,
    values: &[F],
    tangents: &mut [[F; D]],
) {
    let (xs, ys) = numbers(of, values);
    for lane in 0..D {
        let moves = lane_of(of, tangents, lane);
        let product = match is_any(&moves) {
            true => expect(call::jvp(of.called, &xs, &ys, &moves)),
            false => vec![F::zero(); of.called.outputs()],
        };
        for ((slot, tangent), y) in of.outputs().zip(product).zip(&ys) {
            if let Some(slot) = slot {
                // The derivative of NaN is NaN.
                tangents[slot][lane] = if y.is_nan() { *y } else { tangent };
            }
        }
    }
}

/// Hands the adjoints of the outputs to the inputs and, along tangents and with the adjoints of
/// the values, how these change. What is handed on is left zero, or kept.
#[cold]
#[inline(never)]
pub(super) fn reverse<F: Real, const D: usize>(
    of: Call<'_>,
    values: &[F],
    along: Option<(&[[F; D]], &[F])>,
    adjoints: &mut [[F; D]],
    keeps: bool,
) {
    let point = numbers(of, values);
    (0..D).for_each(|lane| reverse_lane(of, lane, &point, along, adjoints, keeps));
}

/// [`reverse`] along one of the directions, from the inputs and the outputs.
fn reverse_lane<F: Real, const D: usize>(
    of: Call<'_>,
    lane: usize,
    (xs, ys): &(Vec<F>, Vec<F>),
    along: Option<(&[[F; D]], &[F])>,
    adjoints: &mut [[F; D]],
    keeps: bool,
) {
    let weights: Vec<F> = weights(of, |slot| adjoints[slot][lane]);
    if !keeps {
        of.outputs().flatten().for_each(|slot| adjoints[slot][lane] = F::zero());
    }
    let mut flow = |flows: Vec<F>| {
        for (&slot, flow) in of.inputs.iter().zip(flows) {
            adjoints[slot as usize][lane] += flow;
        }
    };
    if is_any(&weights) {
        flow(expect(call::vjp(of.called, xs, ys, &weights)));
    }
    let Some((tangents, of_values)) = along else { return };
    let (moves, weights) = (lane_of(of, tangents, lane), self::weights(of, |at| of_values[at]));
    if is_any(&moves) && is_any(&weights) {
        flow(expect(call::curvature(of.called, [xs, ys], &weights, &moves)));
    }
}

fn is_any<F: Real>(numbers: &[F]) -> bool {
    numbers.iter().any(|number| !number.is_all_zero())
}

/// The inputs, and the outputs with what is saved.
fn numbers<F: Real>(of: Call<'_>, values: &[F]) -> (Vec<F>, Vec<F>) {
    let xs = of.inputs.iter().map(|&slot| values[slot as usize]).collect();
    (xs, outputs_anew::<F, F>(of, values))
}

/// The adjoints of the outputs, zero where nobody wants them.
fn weights<F: Real>(of: Call<'_>, adjoint: impl Fn(usize) -> F) -> Vec<F> {
    of.outputs().map(|slot| slot.map_or(F::zero(), &adjoint)).collect()
}

/// One direction's numbers of the inputs.
fn lane_of<F: Real, const D: usize>(of: Call<'_>, all: &[[F; D]], lane: usize) -> Vec<F> {
    of.inputs.iter().map(|&slot| all[slot as usize][lane]).collect()
}
