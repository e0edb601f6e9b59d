//! What makes a test one line.

use proptest::test_runner::{Config as ProptestConfig, RngSeed};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::Once;

thread_local! {
    /// The file and line of the panic that this thread is waiting for.
    static PLACE: Cell<Option<(String, u32)>> = const { Cell::new(None) };
    /// Whether it waits for one, and wants it neither printed nor counted as a failure.
    static WAITING: Cell<bool> = const { Cell::new(false) };
}

/// Notes where expected panics happen instead of printing them; others go the usual way.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if WAITING.get() {
                let place = info.location().map(|place| (place.file().to_owned(), place.line()));
                PLACE.set(place);
            } else {
                usual(info);
            }
        }));
    });
}

/// The message of the panic that `f` ends in, and its file and line.
#[track_caller]
fn panic_of<T>(f: impl FnOnce() -> T) -> (String, (String, u32)) {
    listen();
    WAITING.set(true);
    let result = catch_unwind(AssertUnwindSafe(|| {
        f();
    }));
    WAITING.set(false);
    let payload = result.expect_err("there is no panic");
    let message = payload.downcast_ref::<String>().cloned();
    let message = message.or_else(|| payload.downcast_ref::<&str>().map(|&text| text.to_owned()));
    (message.expect("the panic has a text"), PLACE.take().expect("the panic has a place"))
}

/// Asserts that `f` panics with a text that contains `wanted`, wherever it does.
#[track_caller]
pub(crate) fn panics<T>(wanted: &str, f: impl FnOnce() -> T) {
    let (message, _) = panic_of(f);
    assert!(message.contains(wanted), "the panic says: {message}");
}

/// Asserts that `f`, written on this line or the next few, panics with a text that contains
/// `wanted`, and that the panic names a line of `f`.
#[track_caller]
pub(crate) fn panics_here<T>(wanted: &str, f: impl FnOnce() -> T) {
    let here = Location::caller();
    let (message, (file, line)) = panic_of(f);
    assert!(message.contains(wanted), "the panic says: {message}");
    let is_here = file == here.file() && (here.line()..=here.line() + 5).contains(&line);
    assert!(is_here, "the panic names {file}:{line}");
}

/// Asserts that something is refused with a text, for no other reason than its shape.
#[track_caller]
pub(crate) fn says<T>(result: Result<T, wengert::Error>, text: &str) {
    let error = result.err().expect("it is refused");
    assert_eq!(error.to_string(), text);
    assert!(!error.is_guard() && !error.is_foreign());
}

/// Random cases that are the same in every run, so that a failure is one for everybody.
/// `PROPTEST_RNG_SEED` and `PROPTEST_CASES` try others.
pub(crate) fn cases() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1964);
    }
    config
}

/// Asserts that two numbers differ by at most `tolerance`, relative to the larger of them and 1.
#[track_caller]
pub(crate) fn near(given: f64, expected: f64, tolerance: f64) {
    approx::assert_relative_eq!(given, expected, epsilon = tolerance, max_relative = tolerance);
}

/// As [`near`], for each of two lists of one length.
#[track_caller]
pub(crate) fn all_near(given: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(given.len(), expected.len(), "{given:?} against {expected:?}");
    given.iter().zip(expected).for_each(|(&g, &e)| near(g, e, tolerance));
}

/// Asserts that two numbers are the same to the last bit; NaN is NaN.
#[track_caller]
pub(crate) fn same(given: f64, expected: f64) {
    let is_same = given.to_bits() == expected.to_bits() || (given.is_nan() && expected.is_nan());
    assert!(is_same, "{given:?} is not {expected:?}");
}
