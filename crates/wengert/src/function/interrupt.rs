//! A flag by which evaluations that take long are ended from elsewhere.

use crate::error::{Error, Kind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The flag, if there is one.
#[derive(Clone, Debug, Default)]
pub(in crate::function) struct Interrupt(Option<Arc<AtomicBool>>);

impl Interrupt {
    pub(in crate::function) const fn new(flag: Option<Arc<AtomicBool>>) -> Self {
        Self(flag)
    }

    /// An error once the flag is up. It tells nothing of other memory, so no order is asked for.
    #[inline]
    pub(in crate::function) fn check(&self) -> Result<(), Error> {
        match &self.0 {
            Some(flag) if flag.load(Ordering::Relaxed) => Err(Kind::Interrupted.into()),
            _ => Ok(()),
        }
    }
}
