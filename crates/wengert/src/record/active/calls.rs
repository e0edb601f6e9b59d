//! Calls of users' operations.

use super::{Active, Opened, session};
use crate::error::Error;
use crate::operation::Called;
use crate::record::Var;
use crate::scalar::{Evaluate, Real};

impl<F: Real> Active<F> {
    /// Records a call, as [`Var`] does. What is called runs before the tape is held: it may itself
    /// record.
    #[track_caller]
    pub(crate) fn try_call_of(called: &Called, xs: &[Self]) -> Result<Vec<Self>, Error> {
        let numbers: Vec<F> = xs.iter().map(|x| x.value).collect();
        let values = F::call(called, &numbers)?;
        let opened = Opened::try_of(session(xs))?;
        let vars = opened.try_vars(xs)?;
        let outputs = match Var::common_tape(&vars)? {
            None => values.into_iter().map(Var::constant).collect(),
            Some(tape) => Var::record_call(tape, called, &vars, &values)?,
        };
        Ok(outputs.into_iter().map(|output| opened.active(output)).collect())
    }
}
