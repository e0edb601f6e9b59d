//! The notation of numbers, for whatever is one: variables and dual numbers.
//!
//! Operators, the functions of floats and the traits of `num_traits` are written here once, as
//! macros. They connect a name to a rule by the type's `unary`, `binary`, `power` and `fused`,
//! and hold no mathematics.

mod functions;
mod numeric;
mod operators;

pub(crate) use functions::{extra_functions, extra_functions_of_two, float_functions};
pub(crate) use numeric::{
    casts, constant_functions, constants, float_trait_methods, numeric_traits, value_predicates,
};
pub(crate) use operators::{
    negation, operator, operator_on_the_right, operators, operators_on_the_right,
    operators_with_integers,
};
