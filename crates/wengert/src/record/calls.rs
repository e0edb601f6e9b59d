//! Recording calls of users' operations.

use super::Var;
use crate::error::Error;
use crate::index::NodeIndex;
use crate::operation::Called;
use crate::ops::{Call, Joined, Op, Span};
use crate::scalar::{Evaluate, Scalar};
use crate::store::Tape;

impl<'t, F: Scalar> Var<'t, F> {
    /// Records a call: its outputs, as nodes one behind the other.
    #[track_caller]
    pub(crate) fn try_call_of(called: Called, xs: &[Self]) -> Result<Vec<Self>, Error> {
        let tape = Self::common_tape(xs)?;
        let numbers: Vec<F> = xs.iter().map(|x| x.value).collect();
        let values = F::call(&called, &numbers)?;
        let outputs = &values[..called.outputs()];
        match tape {
            None => Ok(outputs.iter().copied().map(Self::constant).collect()),
            Some(tape) => {
                let operands = Self::store_operands(tape, xs)?;
                let first = Self::record_call(tape, called, operands, &values)?;
                Ok(Self::recorded_from(tape, first, outputs))
            }
        }
    }

    /// The operands of a call, among those of a tape; constants get nodes.
    #[track_caller]
    pub(super) fn store_operands(tape: &'t Tape<F>, xs: &[Self]) -> Result<Span, Error> {
        Joined(xs, &[]).try_store(tape)
    }

    /// Appends the nodes of a call, of which `values` are the outputs and what it saved; returns the
    /// place of the first.
    #[track_caller]
    pub(super) fn record_call(
        tape: &Tape<F>,
        called: Called,
        operands: Span,
        values: &[F],
    ) -> Result<NodeIndex, Error> {
        let (values, saved) = values.split_at(called.outputs());
        let saved = tape.try_constants(saved)?;
        tape.make_room_for_call(values.len())?;
        let first = NodeIndex::at(tape.len());
        let call = tape.append_call(Call { called, operands, first, saved });
        tape.try_push_all(values, |at| Op::Call { call, position: at as u32 })
    }
}
