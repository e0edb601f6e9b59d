//! Integrals that were computed before.
//!
//! A check, a Hessian and another sweep of the same recording ask for the same integrals at the same
//! arguments, as terms of a sum do whose parameters are the same. Each takes microseconds.

use std::cell::Cell;

/// What of the arguments is remembered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    GammaP,
    GammaQ,
    GammaDensity,
    GammaInParameter(u32),
    Beta,
    BetaDensity,
    BetaInParameters([u32; 2]),
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    kind: Kind,
    /// The bits of the arguments.
    at: [u64; 3],
    result: f64,
}

/// So many results a thread, each in the one place that its arguments have.
const PLACES: usize = 64;

thread_local! {
    static ENTRIES: [Cell<Option<Entry>>; PLACES] = const { [const { Cell::new(None) }; PLACES] };
}

/// The result at these arguments, computed if another one has taken its place. It is a function of
/// their bits, so that nobody can tell which.
pub(super) fn remembered(kind: Kind, at: [f64; 3], compute: impl FnOnce() -> f64) -> f64 {
    let at = at.map(f64::to_bits);
    ENTRIES.with(|entries| {
        let entry = &entries[place(kind, at)];
        match entry.get() {
            Some(entry) if entry.kind == kind && entry.at == at => entry.result,
            _ => {
                let result = compute();
                entry.set(Some(Entry { kind, at, result }));
                result
            }
        }
    })
}

/// Remembers what was computed along with something else.
pub(super) fn remember(kind: Kind, at: [f64; 3], result: f64) {
    let at = at.map(f64::to_bits);
    ENTRIES.with(|entries| entries[place(kind, at)].set(Some(Entry { kind, at, result })));
}

fn place(kind: Kind, at: [u64; 3]) -> usize {
    // Kinds of the same arguments are neighbours: a sweep asks for all of them.
    let kind = match kind {
        Kind::GammaP | Kind::Beta => 0,
        Kind::GammaQ | Kind::BetaDensity => 1,
        Kind::GammaDensity => 2,
        Kind::GammaInParameter(n) => 3 + n as usize,
        Kind::BetaInParameters([i, j]) => 3 + 4 * i as usize + j as usize,
    };
    (mixed(at) ^ kind) % PLACES
}

fn mixed(at: [u64; 3]) -> usize {
    // An odd number near 2⁶⁴ over the golden ratio, by which multiples spread evenly.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed =
        at.iter().fold(0u64, |mixed, bits| (mixed ^ bits).wrapping_mul(SPREAD).rotate_left(29));
    (mixed.wrapping_mul(SPREAD) >> 32) as usize
}

thread_local! {
    static IS_BOTH: Cell<bool> = const { Cell::new(false) };
}

/// Says whether of two derivatives that can be computed together both will be asked for next.
pub(super) fn expect_both(is_both: bool) {
    IS_BOTH.set(is_both);
}

/// What was said last. One by one they have the same bits, so that nobody can tell.
pub(super) fn expects_both() -> bool {
    IS_BOTH.get()
}

/// What integrals and densities of the same arguments, or of the same parameters, share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    GammaParameter,
    LogMinusDigamma,
    BetaParameters,
    Logarithm,
    LogarithmOfRest,
    BetaPrefactor,
    Digammas,
}

#[derive(Clone, Copy, Debug)]
struct PartEntry {
    part: Part,
    at: [u64; 3],
    results: [f64; 3],
}

const PARTS: usize = 32;

thread_local! {
    static SHARED: [Cell<Option<PartEntry>>; PARTS] = const { [const { Cell::new(None) }; PARTS] };
}

/// As [`remembered`], of what is one number or a few.
pub(super) fn shared(part: Part, at: [f64; 3], compute: impl FnOnce() -> [f64; 3]) -> [f64; 3] {
    let at = at.map(f64::to_bits);
    SHARED.with(|entries| {
        let entry = &entries[(mixed(at) ^ part as usize) % PARTS];
        match entry.get() {
            Some(entry) if entry.part == part && entry.at == at => entry.results,
            _ => {
                let results = compute();
                entry.set(Some(PartEntry { part, at, results }));
                results
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Kind, PLACES, remembered};
    use std::cell::Cell;

    #[test]
    fn what_was_just_asked_for_is_not_computed_again() {
        let computed = Cell::new(0);
        let ask = |kind, at| {
            remembered(kind, at, || {
                computed.set(computed.get() + 1);
                f64::from(computed.get())
            })
        };
        assert_eq!(ask(Kind::Beta, [0.25, 2.0, 3.0]), 1.0);
        assert_eq!(ask(Kind::Beta, [0.25, 2.0, 3.0]), 1.0);
        assert_eq!(ask(Kind::BetaDensity, [0.25, 2.0, 3.0]), 2.0);
        assert_eq!(ask(Kind::Beta, [0.25, 2.0, -0.0]), 3.0);
        assert_eq!(ask(Kind::Beta, [0.25, 2.0, 0.0]), 4.0);
        // All that one sweep asks for has room.
        assert_eq!(ask(Kind::Beta, [0.25, 2.0, 3.0]), 1.0);
        assert_eq!(ask(Kind::BetaDensity, [0.25, 2.0, 3.0]), 2.0);
    }

    /// Of more arguments than there are places, each has its own result.
    #[test]
    fn results_are_those_of_their_arguments() {
        let kinds = [Kind::GammaP, Kind::GammaQ, Kind::GammaDensity, Kind::GammaInParameter(1)];
        for _ in 0..2 {
            for k in 0..10 * PLACES {
                for (number, kind) in kinds.into_iter().enumerate() {
                    let expected = k as f64 + 0.125 * number as f64;
                    let result = remembered(kind, [k as f64, 0.5, 0.0], || expected);
                    assert_eq!(result, expected);
                }
            }
        }
    }
}
