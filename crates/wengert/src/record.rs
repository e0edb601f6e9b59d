//! Recording: variables whose operations append nodes to their tape.
//!
//! An operation asks its rule for the value and the tape for a node. How a derivative is found
//! from the nodes is not known here.

mod active;
mod calls;
mod compare;
mod dynamic;
mod functions;
mod inputs;
mod inspect;
mod listing;
mod lists;
mod numeric;
mod operators;
mod parameters;
mod preaccumulated;
mod reductions;
mod scalar;
mod select;
mod var;

pub use active::{Active, ActiveTape, Outputs, active, active_array, active_with_data};
pub use parameters::{ParameterId, ParameterVars, Parameters};
pub use select::{Condition, select};
pub use var::Var;
