//! The way through a program that every pass takes: up, or down.

use super::shape::Stored;
use super::terms::{Computed, take_back, take_front};
use crate::function::opcode::Opcode;
use crate::function::program::call::Call;
use crate::function::program::{Header, Layout, Program};
use crate::scalar::Real;

/// What a pass does on its way.
pub(super) trait Pass<F> {
    /// At a call of a user's operation.
    fn call(&mut self, call: Call<'_>);
    /// At any other instruction.
    fn instruction(&mut self, at: At<'_, F>);
}

/// An instruction, and what was computed of it.
#[derive(Clone, Copy)]
pub(super) struct At<'a, F> {
    pub(super) header: Header,
    /// The words from the instruction's first on.
    pub(super) words: &'a [u32],
    pub(super) computed: Computed<'a, F>,
    /// The slot of the first result.
    pub(super) out: usize,
}

/// From the first instruction to the last.
#[inline(always)]
pub(super) fn up<F: Real>(program: &Program<F>, mut partials: &[F], mut pass: impl Pass<F>) {
    let (mut out, mut at) = (program.first_result(), 0);
    for &header in &program.headers {
        let words = &program.words[at..];
        if header.opcode.is_of_call() {
            if header.opcode == Opcode::Call {
                pass.call(Call::read(program, words));
            }
            at += words[0] as usize;
            out += 1;
            continue;
        }
        let partials = take_front(&mut partials, Stored::of(header, words).partials);
        let computed = Computed { partials, curvatures: &[] };
        pass.instruction(At { header, words, computed, out });
        at += header.words(words);
        out += header.count as usize;
    }
}

/// From the last instruction to the first, past calls that nothing flows through. What was computed
/// of second derivatives may be left out.
#[inline(always)]
pub(super) fn down<F: Real>(
    program: &Program<F>,
    Computed { mut partials, mut curvatures }: Computed<'_, F>,
    mut pass: impl Pass<F>,
) {
    let is_curved = !curvatures.is_empty();
    let (mut out, mut at) = (program.slots, program.words.len());
    for &header in program.headers.iter().rev() {
        at -= header.words_behind(&program.words[..at]);
        out -= header.count as usize;
        let words = &program.words[at..];
        if header.opcode.is_of_call() {
            if header.opcode == Opcode::Call && header.layout & Layout::ACTIVE != 0 {
                pass.call(Call::read(program, words));
            }
            continue;
        }
        let stored = Stored::of(header, words);
        let partials = take_back(&mut partials, stored.partials);
        let count = if is_curved { stored.curvatures } else { 0 };
        let computed = Computed { partials, curvatures: take_back(&mut curvatures, count) };
        pass.instruction(At { header, words, computed, out });
    }
}
