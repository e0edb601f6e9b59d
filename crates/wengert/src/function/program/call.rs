//! The instruction of a call: its operands, which call it is, and the slots of its outputs.

use super::Program;
use crate::error::Error;
use crate::function::opcode::Opcode;
use crate::operation::{Called, Order, check_calls};

/// A call as its words tell it.
#[derive(Clone, Copy)]
pub(in crate::function) struct Call<'p> {
    pub(in crate::function) called: &'p Called,
    pub(in crate::function) inputs: &'p [u32],
    /// Beyond all slots where nobody wants the output.
    outputs: &'p [u32],
}

impl<'p> Call<'p> {
    /// The slot of an output that nobody wants.
    pub(in crate::function) const UNUSED: u32 = u32::MAX;

    /// The call whose instruction begins with `words`.
    pub(in crate::function) fn read<F>(program: &'p Program<F>, words: &'p [u32]) -> Self {
        let (inputs, rest) = words[2..words[0] as usize - 1].split_at(words[1] as usize);
        Self { called: &program.calls[rest[0] as usize], inputs, outputs: &rest[2..] }
    }

    /// The slots of its outputs, where somebody wants them.
    pub(in crate::function) fn outputs(self) -> impl Iterator<Item = Option<usize>> {
        self.outputs.iter().map(|&slot| (slot != Self::UNUSED).then_some(slot as usize))
    }

    /// Whether all outputs have slots.
    pub(in crate::function) fn is_whole(self) -> bool {
        !self.outputs.contains(&Self::UNUSED)
    }
}

impl<F> Program<F> {
    /// Whether all calls of users' operations give what a reverse sweep needs.
    #[inline]
    pub(in crate::function) fn check_sweep(&self) -> Result<(), Error> {
        check_calls(&self.calls, Order::Reverse)
    }

    /// The calls in their order.
    pub(in crate::function) fn each_call(&self) -> impl Iterator<Item = Call<'_>> {
        let mut at = 0;
        // Most programs have none, and are not walked through.
        let headers = if self.calls.is_empty() { &[] } else { &self.headers[..] };
        headers.iter().filter_map(move |header| {
            let words = &self.words[at..];
            at += header.words(words);
            let is_call = header.opcode == Opcode::Call;
            is_call.then(|| Call::read(self, words))
        })
    }
}
