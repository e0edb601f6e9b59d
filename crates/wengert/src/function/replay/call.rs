//! Calls of users' operations, forward and in reverse.
//!
//! An operation takes lists of numbers side by side, which are made for each call: what it does is
//! seldom so little that their memory counts.

use crate::function::element::Element;
use crate::function::program::call::Call;

/// Computes the outputs.
#[cold]
#[inline(never)]
pub(super) fn forward<F, E: Element<F>>(call: Call<'_>, slots: &mut [E]) {
    let ys = values(call, slots);
    for (slot, y) in call.outputs().zip(ys) {
        if let Some(slot) = slot {
            slots[slot] = y;
        }
    }
}

fn gather<E: Copy>(slots: &[u32], from: &[E]) -> Vec<E> {
    slots.iter().map(|&slot| from[slot as usize]).collect()
}

fn values<F, E: Element<F>>(call: Call<'_>, slots: &[E]) -> Vec<E> {
    E::call_value(call.called, &gather(call.inputs, slots))
}

/// Hands the adjoints of the outputs, which are left zero, to the inputs.
#[cold]
#[inline(never)]
pub(super) fn reverse<F, E: Element<F>>(
    call: Call<'_>,
    slots: &[E],
    adjoints: &mut [E],
    is_active: bool,
) {
    let take = |slot: Option<usize>| match slot {
        Some(slot) => std::mem::replace(&mut adjoints[slot], E::zero()),
        None => E::zero(),
    };
    let weights: Vec<E> = call.outputs().map(take).collect();
    if !is_active {
        return;
    }
    let xs = gather(call.inputs, slots);
    let ys = outputs(call, slots);
    let flows = E::call_vjp(call.called, &xs, &ys, &weights);
    for (&slot, flow) in call.inputs.iter().zip(flows) {
        adjoints[slot as usize] += flow;
    }
}

/// The outputs of a call that was evaluated; those that nobody wants are computed again.
pub(in crate::function) fn outputs<F, E: Element<F>>(call: Call<'_>, slots: &[E]) -> Vec<E> {
    if call.is_whole() {
        call.outputs().flatten().map(|slot| slots[slot]).collect()
    } else {
        values(call, slots)
    }
}
