//! Recording: variables whose operations append nodes to their tape.
//!
//! An operation asks its rule for the value and the tape for a node. How a derivative is found
//! from the nodes is not known here.

mod compare;
mod dynamic;
mod functions;
mod inputs;
mod listing;
mod numeric;
pub(crate) mod operators;
mod parameters;
mod reductions;
mod var;

pub(crate) use functions::{extra_functions, float_functions};
pub(crate) use numeric::{
    constant_functions, constants, float_trait_methods, numeric_traits, value_predicates,
};
pub use parameters::{ParameterId, ParameterVars, Parameters};
pub use var::Var;
