//! Calls of users' operations, forward and in reverse.
//!
//! An operation takes lists of numbers side by side, which are made for each call: what it does is
//! seldom so little that their memory counts.

use crate::function::element::Element;
use crate::function::opcode::Opcode;
use crate::function::program::call::Call;
use crate::function::program::instruction::Standing;
use crate::function::program::{Layout, Program};

/// Computes the outputs and what is saved, if this is the call and not one of its outputs.
///
/// PERF: what a call is made of is read here: the interpreter's loop has no register for it.
#[cold]
#[inline(never)]
pub(super) fn forward<F, E: Element<F>>(
    program: &Program<F>,
    Standing { words, header, kept, .. }: Standing<'_>,
    slots: &mut [E],
    saved: &mut [E],
) {
    if header.opcode != Opcode::Call {
        return;
    }
    let call = Call::read(program, words);
    let ys = values(call, slots);
    saved[kept..][..header.keeps(words)].copy_from_slice(&ys[call.called.outputs()..]);
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

/// Hands the adjoints of the outputs, which are left zero, to the inputs, if this is the call.
#[cold]
#[inline(never)]
pub(super) fn reverse<F, E: Element<F>>(
    program: &Program<F>,
    Standing { words, header, kept, .. }: Standing<'_>,
    saved: &[E],
    slots: &[E],
    adjoints: &mut [E],
) {
    if header.opcode != Opcode::Call {
        return;
    }
    let call = Call::read(program, words);
    let take = |slot: Option<usize>| match slot {
        Some(slot) => std::mem::replace(&mut adjoints[slot], E::zero()),
        None => E::zero(),
    };
    let weights: Vec<E> = call.outputs().map(take).collect();
    if header.layout & Layout::ACTIVE == 0 {
        return;
    }
    let xs = gather(call.inputs, slots);
    let ys = outputs(call, slots, &saved[kept..]);
    let flows = E::call_vjp(call.called, &xs, &ys, &weights);
    for (&slot, flow) in call.inputs.iter().zip(flows) {
        adjoints[slot as usize] += flow;
    }
}

/// The outputs of a call that was evaluated, and what it saved, which is at the front of `saved`.
/// Outputs that nobody wants are computed again.
fn outputs<F, E: Element<F>>(call: Call<'_>, slots: &[E], saved: &[E]) -> Vec<E> {
    if !call.is_whole() {
        return values(call, slots);
    }
    let saved = &saved[..call.called.saves()];
    call.outputs().flatten().map(|slot| slots[slot]).chain(saved.iter().copied()).collect()
}

/// The same where what was saved is not at hand: once again is less than once for each direction.
pub(in crate::function) fn outputs_anew<F, E: Element<F>>(call: Call<'_>, slots: &[E]) -> Vec<E> {
    if call.called.saves() > 0 { values(call, slots) } else { outputs(call, slots, &[]) }
}
