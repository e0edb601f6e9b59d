//! How a part whose partial derivatives are known is recorded: as one node.

use super::Var;
use crate::error::expect;
use crate::index::NodeIndex;
use crate::ops::Op;
use crate::scalar::{Evaluate, Scalar};
use crate::store::Tape;

impl<'t, F: Scalar> Var<'t, F> {
    /// The tape on which a part with these inputs may become nodes with their partial derivatives.
    /// `None` where it is recorded operation by operation: where a
    /// [`Function`](crate::Function) is recorded, where comparisons are noted, where the numbers
    /// record in turn, and where all inputs are constants, of which nothing is recorded.
    #[inline]
    #[track_caller]
    pub(crate) fn tape_of_part(inputs: &[Self]) -> Option<&'t Tape<F>> {
        let tape = expect(Self::common_tape(inputs))?;
        (!F::RECORDS && tape.guards.may_preaccumulate()).then_some(tape)
    }

    /// Whether one of some variables is of a recording for a function.
    pub(crate) fn are_for_a_function<const N: usize>(lists: [&[Self]; N]) -> bool {
        let tapes = lists.into_iter().flatten().filter_map(Var::tape);
        tapes.into_iter().any(|tape| tape.guards.are_all_noted())
    }

    /// Makes room for so many nodes of a part with these inputs, so that there are all or none.
    #[track_caller]
    pub(crate) fn make_room_for_part(tape: &Tape<F>, inputs: &[Self], nodes: usize) {
        expect(tape.make_room_for_part(nodes, inputs.iter().filter_map(Var::index).count()));
    }

    /// Appends a node of this value, with the partial derivatives by nodes of its tape.
    #[inline]
    #[track_caller]
    pub(crate) fn preaccumulated(
        tape: &'t Tape<F>,
        value: F,
        partials: impl Iterator<Item = (NodeIndex, F)> + Clone,
    ) -> Self {
        let count = partials.clone().count();
        if count == 1
            && let Some((x, partial)) = partials.clone().next()
        {
            return Self::push(tape, Op::PreaccumulatedUnary(x, partial), value);
        }
        expect(tape.make_room_for_operands(count));
        let constants =
            expect(tape.try_numbers(count, partials.clone().map(|(_, partial)| partial)));
        let operands = tape.append_operands(partials.map(|(x, _)| x));
        let (operands, partials, len) = (operands.start, constants.start, constants.len);
        Self::push(tape, Op::Preaccumulated { operands, partials, len }, value)
    }

    /// The same of a list of inputs, constants among them, with the partial derivatives by all, for
    /// which there is room.
    ///
    /// PERF: where all are variables, two lists go into their pools as they are, and short ones as
    /// arrays, for which nothing is called.
    #[inline]
    #[track_caller]
    pub(crate) fn preaccumulated_list(
        tape: &'t Tape<F>,
        value: F,
        inputs: &[Self],
        partials: &[F],
    ) -> Self {
        if let (Ok(inputs), Ok(partials)) = (inputs.try_into(), partials.try_into()) {
            return Self::preaccumulated_array::<2>(tape, value, inputs, partials);
        }
        if inputs.len() > 1 && inputs.iter().all(|input| !input.is_constant()) {
            let operands = tape.append_operands(inputs.iter().map(Self::raw_index));
            let partials = tape.append_constants(partials);
            let (operands, partials, len) = (operands.start, partials.start, partials.len);
            return Self::push(tape, Op::Preaccumulated { operands, partials, len }, value);
        }
        let partials = inputs.iter().zip(partials);
        let partials = partials.filter_map(|(x, &partial)| Some((x.index()?, partial)));
        Self::preaccumulated(tape, value, partials)
    }

    /// The same of N inputs, constants among them, with the partial derivatives by all.
    ///
    /// PERF: where all are variables, two arrays whose length is known go into their pools; that is
    /// half of what a filtered list takes.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn preaccumulated_array<const N: usize>(
        tape: &'t Tape<F>,
        value: F,
        inputs: &[Self; N],
        partials: &[F; N],
    ) -> Self {
        if N > 1 && inputs.iter().all(|input| !input.is_constant()) {
            let mut operands = [NodeIndex::at(0); N];
            for (operand, input) in operands.iter_mut().zip(inputs) {
                *operand = input.raw_index();
            }
            let [operands, partials] = tape.append_part(&operands, partials);
            let len = N as u32;
            return Self::push(tape, Op::Preaccumulated { operands, partials, len }, value);
        }
        let partials = inputs.iter().zip(partials);
        let partials = partials.filter_map(|(x, &partial)| Some((x.index()?, partial)));
        Self::preaccumulated(tape, value, partials)
    }
}
