//! What a recording calls: an operation, or one of the derivatives that it gives.

use super::{Batched, Failure, Operation, Saving};
use crate::error::{Error, Kind};
use std::any::Any;
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

/// Which function of an operation is called.
///
/// A derivative takes the operation's inputs, its outputs, and behind them weights or a direction
/// or both. Outputs are there to save their computation: what depends on x is counted in x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// y from x.
    Value,
    /// Jᵀw from x, y and w.
    Reverse,
    /// Jv from x, y and v.
    Forward,
    /// Hv from x, y, w and v, where H is the Hessian of w·y.
    SecondOrder,
}

/// The words by which saved functions tell the roles.
#[cfg(feature = "serde")]
const ROLES: [(Role, &str); 4] = [
    (Role::Value, "value"),
    (Role::Reverse, "vjp"),
    (Role::Forward, "jvp"),
    (Role::SecondOrder, "hessian_vector_product"),
];

/// A derivative of what is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// A vector-Jacobian product.
    Reverse,
    /// A Jacobian-vector product.
    Forward,
    /// The derivative of a vector-Jacobian product along a direction.
    Second,
}

/// An operation for so many inputs, or a derivative of it that is itself an operation.
#[derive(Clone)]
pub struct Called {
    operation: Arc<dyn Operation>,
    role: Role,
    /// Of the operation.
    x: usize,
    y: usize,
    /// How many numbers its value saves for its derivatives.
    saved: usize,
}

// An operation is shared by threads and given all numbers, so that what a panic leaves of it is
// what other threads would see of it at any moment.
impl UnwindSafe for Called {}
impl RefUnwindSafe for Called {}

impl fmt::Debug for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl PartialEq for Called {
    /// Whether both are the same function of one operation.
    fn eq(&self, other: &Self) -> bool {
        let own = |called: &Self| (called.role, called.x, called.y);
        Arc::ptr_eq(&self.operation, &other.operation) && own(self) == own(other)
    }
}

impl Called {
    /// An operation for so many inputs, if it takes those.
    pub(crate) fn new(operation: &Arc<dyn Operation>, inputs: usize) -> Result<Self, Error> {
        let refused = || Kind::OperationInputs { name: operation.name().to_owned(), given: inputs };
        let outputs = operation.outputs(inputs).ok_or_else(refused)?;
        let saved = operation.saving().map_or(0, |saving| saving.saved(inputs));
        let operation = Arc::clone(operation);
        Ok(Self { operation, role: Role::Value, x: inputs, y: outputs, saved })
    }

    /// The operation, if it is of this type.
    pub(crate) fn downcast<O: Operation>(&self) -> Option<&O> {
        let operation: &dyn Any = &*self.operation;
        operation.downcast_ref()
    }

    /// Another function of the same operation.
    ///
    /// # Errors
    /// If the operation does not give it.
    pub(crate) fn in_role(&self, role: Role) -> Result<Self, Error> {
        let mut called = Self { role: Role::Value, ..self.clone() };
        let missing = match role {
            Role::Value => None,
            Role::Reverse => called.misses(Order::Reverse),
            Role::Forward => called.misses(Order::Forward),
            Role::SecondOrder => called.misses(Order::Second),
        };
        called.role = role;
        missing.map_or(Ok(called), Err)
    }

    /// Which function of the operation it is.
    pub(crate) const fn role(&self) -> Role {
        self.role
    }

    /// The name in listings and errors.
    pub(crate) fn name(&self) -> String {
        let name = self.operation.name();
        match self.role {
            Role::Value => name.to_owned(),
            Role::Reverse => format!("vjp of {name}"),
            Role::Forward => format!("jvp of {name}"),
            Role::SecondOrder => format!("hessian_vector_product of {name}"),
        }
    }

    /// The name of one of its outputs.
    pub(crate) fn name_of(&self, position: usize) -> String {
        if self.outputs() == 1 { self.name() } else { format!("{}[{position}]", self.name()) }
    }

    /// What is saved of it: the operation's name, a word for which of its functions it is, and the
    /// number of the operation's inputs.
    #[cfg(feature = "serde")]
    pub(crate) fn saved(&self) -> (&str, &'static str, usize) {
        let role = ROLES.iter().find(|(role, _)| *role == self.role);
        (self.operation.name(), role.expect("every role has a word").1, self.x)
    }

    /// What was saved, of an operation; `None` where there is no such word, or the operation does
    /// not take so many inputs or give the derivative.
    #[cfg(feature = "serde")]
    pub(crate) fn from_saved(
        operation: &Arc<dyn Operation>,
        role: &str,
        inputs: usize,
    ) -> Option<Self> {
        let (role, _) = *ROLES.iter().find(|(_, word)| *word == role)?;
        Self::new(operation, inputs).ok()?.in_role(role).ok()
    }

    /// How many numbers it takes, without what a value saved.
    pub(crate) fn inputs(&self) -> usize {
        let Self { x, y, .. } = *self;
        match self.role {
            Role::Value => x,
            Role::Reverse => x + 2 * y,
            Role::Forward => 2 * x + y,
            Role::SecondOrder => 2 * (x + y),
        }
    }

    /// How many numbers it gives.
    pub(crate) fn outputs(&self) -> usize {
        match self.role {
            Role::Value | Role::Forward => self.y,
            Role::Reverse | Role::SecondOrder => self.x,
        }
    }

    /// How many numbers it saves for its derivatives, which stand behind its outputs.
    pub(crate) fn saves(&self) -> usize {
        if self.role == Role::Value { self.saved } else { 0 }
    }

    /// Its outputs alone, of those and what it saved.
    pub(crate) fn only_outputs<T>(&self, mut numbers: Vec<T>) -> Vec<T> {
        numbers.truncate(self.outputs());
        numbers
    }

    /// Whether a derivative of it needs `Forward`, and `SecondOrder`; `None` for third derivatives.
    const fn needs(&self, order: Order) -> Option<[bool; 2]> {
        match (self.role, order) {
            (Role::Value, Order::Reverse) => Some([false, false]),
            (Role::Value, Order::Forward) => Some([true, false]),
            (Role::Value, Order::Second)
            | (Role::Reverse, Order::Forward)
            | (Role::Forward, Order::Reverse) => Some([false, true]),
            (Role::Reverse, Order::Reverse) | (Role::Forward, Order::Forward) => Some([true, true]),
            (Role::SecondOrder, _) | (_, Order::Second) => None,
        }
    }

    /// Why a derivative of it cannot be had, if it cannot.
    pub(crate) fn misses(&self, order: Order) -> Option<Error> {
        let Some([forward, second]) = self.needs(order) else {
            return Some(self.has_no_third());
        };
        if forward && self.operation.forward().is_none() {
            Some(self.not_given("`Forward`"))
        } else if second && self.operation.second_order().is_none() {
            Some(self.not_given("`SecondOrder`"))
        } else {
            None
        }
    }

    /// Why there are no derivatives of its second derivatives.
    pub(crate) fn has_no_third(&self) -> Error {
        self.not_given("third derivatives")
    }

    /// Why there is no series of it.
    pub(crate) fn has_no_series(&self) -> Error {
        self.not_given("Taylor series")
    }

    fn not_given(&self, what: &'static str) -> Error {
        Kind::OperationMisses { name: self.operation.name().to_owned(), what }.into()
    }

    /// Why the operation has no value.
    pub(crate) fn failed(&self, failure: Failure) -> Error {
        let (name, failure) = (self.name(), failure.into());
        Kind::Operation { name, failure, sample: None, step: None }.into()
    }

    /// The inputs of the operation, its outputs and behind them what it saved, if that is given, and
    /// the two lists that may follow.
    pub(crate) fn split<'x, T>(&self, xs: &'x [T]) -> [&'x [T]; 4] {
        let (x, rest) = xs.split_at(self.x);
        let saved = xs.len() - self.inputs();
        let (y, rest) = rest.split_at(if self.role == Role::Value { 0 } else { self.y + saved });
        let weights = if self.role == Role::Forward { self.x } else { self.y };
        let (first, second) = rest.split_at(weights.min(rest.len()));
        [x, y, first, second]
    }

    /// Computes it, into zeros; with what it saves, if there is room for that behind the outputs.
    pub(crate) fn value(&self, xs: &[f64], result: &mut [f64]) -> Result<(), Failure> {
        let [x, y, w, v] = self.split(xs);
        let operation = &*self.operation;
        if self.role == Role::Value {
            let (y, saved) = result.split_at_mut(self.y);
            return match operation.saving() {
                Some(saving) if !saved.is_empty() => saving.value_saving(x, y, saved),
                _ => operation.value(x, y),
            };
        }
        let (y, saved) = y.split_at(self.y);
        if let (Some(saving), [_, ..]) = (operation.saving(), saved) {
            self.derivative_saved(saving, [x, y, saved, w, v], result);
            return Ok(());
        }
        match (self.role, operation.forward(), operation.second_order()) {
            (Role::Reverse, ..) => operation.vjp(x, y, w, result),
            (Role::Forward, Some(forward), _) => forward.jvp(x, y, w, result),
            (Role::SecondOrder, _, Some(second)) => {
                second.hessian_vector_product(x, y, w, v, result);
            }
            _ => return Err("it gave a derivative before, and gives none now".into()),
        }
        Ok(())
    }

    /// The vector-Jacobian product of a value, into zeros: from inputs, outputs, what was saved and
    /// weights.
    pub(crate) fn vjp(&self, [x, y, saved, w]: [&[f64]; 4], product: &mut [f64]) {
        match self.operation.saving() {
            Some(saving) if !saved.is_empty() => saving.vjp_saved(x, y, saved, w, product),
            _ => self.operation.vjp(x, y, w, product),
        }
    }

    /// Computes a derivative where what the value saved is at hand.
    fn derivative_saved(
        &self,
        saving: &dyn Saving,
        [x, y, saved, w, v]: [&[f64]; 5],
        result: &mut [f64],
    ) {
        match self.role {
            Role::Forward => saving.jvp_saved(x, y, saved, w, result),
            Role::SecondOrder => saving.hessian_vector_product_saved(x, y, saved, w, v, result),
            _ => saving.vjp_saved(x, y, saved, w, result),
        }
    }

    /// Computes it at several points, if it has a way for that, and hands out what `count` results
    /// are at all points; `false` where it has none.
    pub(crate) fn values(
        &self,
        points: usize,
        xs: impl FnOnce() -> Vec<f64>,
        emit: impl FnOnce(&[f64]),
    ) -> bool {
        let Some(batched) = self.batched() else { return false };
        let mut ys = vec![0.0; points * self.outputs()];
        let is_whole = batched.values(points, &xs(), &mut ys).is_ok();
        if is_whole {
            emit(&ys);
        }
        is_whole
    }

    /// Computes vector-Jacobian products at several points, from inputs, outputs and weights, in
    /// the same way.
    pub(crate) fn vjps(
        &self,
        points: usize,
        numbers: impl FnOnce() -> [Vec<f64>; 3],
        emit: impl FnOnce(&[f64]),
    ) -> bool {
        let Some(batched) = self.batched() else { return false };
        let [xs, ys, weights] = numbers();
        let mut product = vec![0.0; points * self.inputs()];
        batched.vjps(points, &xs, &ys, &weights, &mut product);
        emit(&product);
        true
    }

    fn batched(&self) -> Option<&dyn Batched> {
        if self.role == Role::Value { self.operation.batched() } else { None }
    }
}

/// Whether all of some give a derivative.
pub(crate) fn check_calls<'c>(
    calls: impl IntoIterator<Item = &'c Called>,
    order: Order,
) -> Result<(), Error> {
    let missing = calls.into_iter().find_map(|called| called.misses(order));
    missing.map_or(Ok(()), Err)
}
