//! Random programs of calls, parts and parts.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| wengert_fuzz::parts(bytes));
