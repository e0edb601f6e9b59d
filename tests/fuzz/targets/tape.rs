//! Random programs on a tape.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(init: wengert_fuzz::let_expected_panics_pass(), |bytes: &[u8]| {
    wengert_fuzz::tape(bytes);
});
