//! Calls of users' operations.

use super::{Active, Opened, session};
use crate::error::Error;
use crate::operation::Called;
use crate::record::Var;
use crate::scalar::{Evaluate, Real};
use smallvec::SmallVec;

impl<F: Real> Active<F> {
    /// Records a call, as [`Var`] does. What is called runs before the tape is held: it may itself
    /// record.
    #[track_caller]
    pub(crate) fn try_call_of(called: Called, xs: &[Self]) -> Result<Vec<Self>, Error> {
        // PERF: a few, as of small matrices, take no memory of their own.
        let numbers: SmallVec<[F; 32]> = xs.iter().map(|x| x.value).collect();
        let values = F::call(&called, &numbers)?;
        let outputs = &values[..called.outputs()];
        let Some(session) = session(xs) else {
            return Ok(outputs.iter().copied().map(Self::constant).collect());
        };
        let opened = Opened::try_of(Some(session))?;
        let tape = opened.tape().expect("numbers that are no constants have a tape");
        // PERF: most often all are variables, whose places are all that is needed.
        let operands = if xs.iter().all(|x| x.session == Some(session)) {
            tape.make_room_for_operands(xs.len())?;
            tape.append_operands(xs.iter().map(|x| x.index))
        } else {
            Var::store_operands(tape, &opened.try_vars(xs)?)?
        };
        let first = Var::record_call(tape, called, operands, &values)?;
        Ok(Self::recorded_from(session, first, outputs))
    }
}
