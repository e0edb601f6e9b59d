//! Panics that a program asks for: caught, silent, and checked for the place they name.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps the hook that is installed (libFuzzer's aborts) from seeing panics that a
/// program provokes and the harness catches.
pub fn let_expected_panics_pass() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let installed = take_hook();
        set_hook(Box::new(
            move |panic| if EXPECTED.get() { note(panic) } else { installed(panic) },
        ));
    });
}

fn note(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(|location| location.file().to_owned());
    PLACE.set(place.unwrap_or_default());
}

/// Calls `f`, and returns the message of its panic, which has to name a place in this package:
/// that of the caller, not one inside the library.
pub(crate) fn catch<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    let_expected_panics_pass();
    let outer = EXPECTED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(f));
    EXPECTED.set(outer);
    result.map_err(|payload| {
        let message = match payload.downcast::<String>() {
            Ok(message) => *message,
            Err(payload) => {
                payload.downcast::<&str>().map_or_else(|_| String::new(), |m| (*m).into())
            }
        };
        let place = PLACE.take();
        // `Iterator::sum` of the standard library passes no caller on.
        let is_callers = place.contains("tests/fuzz") || place.contains("core/src/iter");
        assert!(is_callers, "`{message}` names {place}, not the caller");
        message
    })
}
