//! Recording calls of users' operations.

use super::Var;
use super::reductions::Joined;
use crate::error::Error;
use crate::index::NodeIndex;
use crate::operation::Called;
use crate::ops::{Call, Op};
use crate::scalar::{Evaluate, Scalar};
use crate::store::Tape;

impl<'t, F: Scalar> Var<'t, F> {
    /// Records a call: its outputs, as nodes one behind the other.
    #[track_caller]
    pub(crate) fn try_call_of(called: &Called, xs: &[Self]) -> Result<Vec<Self>, Error> {
        let tape = Self::common_tape(xs)?;
        let numbers: Vec<F> = xs.iter().map(|x| x.value).collect();
        let values = F::call(called, &numbers)?;
        match tape {
            None => Ok(values.into_iter().map(Self::constant).collect()),
            Some(tape) => Self::record_call(tape, called, xs, &values),
        }
    }

    /// Appends the nodes of a call.
    #[track_caller]
    pub(super) fn record_call(
        tape: &'t Tape<F>,
        called: &Called,
        xs: &[Self],
        values: &[F],
    ) -> Result<Vec<Self>, Error> {
        let operands = Joined(xs, &[]).try_store(tape)?;
        tape.make_room_for_call(values.len())?;
        let (called, first) = (called.clone(), NodeIndex::at(tape.len()));
        let call = tape.append_call(Call { called, operands, first });
        let mut outputs = Vec::with_capacity(values.len());
        // No closure, whose place would be that of the operation.
        for (position, &value) in (0..).zip(values) {
            outputs.push(Self::try_push(tape, Op::Call { call, position }, value)?);
        }
        Ok(outputs)
    }
}
