//! The operations that saved functions may name.

use super::Operation;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

static OPERATIONS: Mutex<Option<HashMap<String, Arc<dyn Operation>>>> = Mutex::new(None);

/// Makes an operation known by its name to the whole process: a saved function that calls an
/// operation of this name finds it when it is loaded. Returns the operation that had the name
/// before, if there was one; functions that are loaded already keep it.
///
/// # Example
/// ```
/// use std::sync::Arc;
/// use wengert::custom::{Failure, Operation, register};
/// struct Identity;
/// impl Operation for Identity {
///     fn name(&self) -> &str {
///         "identity"
///     }
///     fn outputs(&self, inputs: usize) -> Option<usize> {
///         Some(inputs)
///     }
///     fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
///         y.copy_from_slice(x);
///         Ok(())
///     }
///     fn vjp(&self, _: &[f64], _: &[f64], weights: &[f64], product: &mut [f64]) {
///         product.copy_from_slice(weights);
///     }
/// }
/// assert!(register(Arc::new(Identity)).is_none());
/// assert!(register(Arc::new(Identity)).is_some());
/// ```
pub fn register(operation: Arc<dyn Operation>) -> Option<Arc<dyn Operation>> {
    let name = operation.name().to_owned();
    operations().get_or_insert_default().insert(name, operation)
}

/// The operation of a name.
#[cfg(feature = "serde")]
pub(crate) fn registered(name: &str) -> Option<Arc<dyn Operation>> {
    operations().as_ref()?.get(name).cloned()
}

/// The names and what they stand for; a panic of another thread leaves them whole.
fn operations() -> MutexGuard<'static, Option<HashMap<String, Arc<dyn Operation>>>> {
    OPERATIONS.lock().unwrap_or_else(PoisonError::into_inner)
}
