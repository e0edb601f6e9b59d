//! Listings: any text is read without a panic, and what is accepted is written and read again.

use crate::numbers::same;
use wengert::{Gradients, Tape};

/// Reads `bytes` as a listing; if it is one, the tape's own listing has to give the same tape.
///
/// # Panics
/// If reading panics, or the two tapes differ.
pub fn listing(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Tape::from_listing(text) {
        Ok(tape) => round_trip(&tape),
        Err(error) => assert!(error.is_listing() && !error.to_string().is_empty()),
    }
}

/// Checks that the listing of `tape` gives the same values, labels and gradients.
pub(crate) fn round_trip(tape: &Tape) {
    let text = tape.to_string();
    let again = Tape::from_listing(&text);
    let again = again.unwrap_or_else(|error| panic!("{error}, in:\n{text}"));
    assert_eq!(again.to_string(), text);
    let (one, other) = (last_gradients(tape), last_gradients(&again));
    let pairs = one.as_slice().iter().zip(other.as_slice());
    assert!(pairs.clone().all(|(&a, &b)| same(a, b)), "gradients differ, of:\n{text}");
    assert_eq!(one.as_slice().len(), other.as_slice().len());
}

/// The gradients of the last node.
fn last_gradients(tape: &Tape) -> Gradients {
    let last = tape.view().ids().last().and_then(|id| tape.get(id));
    last.map_or_else(Gradients::new, |var| var.gradients())
}
