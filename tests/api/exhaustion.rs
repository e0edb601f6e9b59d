//! The end of the system's memory: found soon, told with the numbers, and survived.

#![cfg(target_os = "linux")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use wengert::{Error, Tape, Var};

/// Set in the process whose address space is limited.
const LIMITED: &str = "WENGERT_TEST_LIMITED";
/// Its limit in units of 1024 bytes.
const LIMIT: &str = "500000";

/// Runs a test again in a process of its own with little memory.
#[track_caller]
fn runs_with_little_memory(test: &str) {
    let limited = format!("ulimit -v {LIMIT} && exec \"$0\" \"$@\"");
    let this = std::env::current_exe().expect("the test has a file");
    let output = Command::new("sh")
        .args(["-c", &limited])
        .arg(this)
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(LIMITED, "yes")
        .output()
        .expect("there is a shell");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
    assert!(text.contains("1 passed"), "{text}\n{errors}");
}

/// Records until that is refused, and returns the last variable, the error and how often the
/// tape's memory grew.
fn record_to_the_end(tape: &Tape) -> (Var<'_>, Error, usize) {
    let (mut last, mut held, mut growths) = (Var::constant(1.0), 0, 0);
    loop {
        match tape.try_var(1.0) {
            Ok(var) => last = var,
            Err(error) => return (last, error, growths),
        }
        if tape.memory_usage() != held {
            (held, growths) = (tape.memory_usage(), growths + 1);
        }
    }
}

fn the_end_is_found_and_survived() {
    let mut tape = Tape::new();
    let (last, error, growths) = record_to_the_end(&tape);
    assert!(error.is_limit(), "{error}");
    let bytes = error.to_string().split(' ').find_map(|word| word.parse::<usize>().ok());
    assert!(bytes.is_some_and(|bytes| bytes > tape.memory_usage()), "{error}");
    // The allocator that counts for other tests copies where it grows, so that at the end two
    // thirds of the memory are taken by what is copied.
    assert!(tape.memory_usage() > 100_000_000, "{} bytes", tape.memory_usage());
    assert!(growths < 100, "the memory grew {growths} times");
    let mut kept = Vec::new();
    let error = loop {
        match tape.pullback(&[(last, 1.0)]) {
            Ok(gradients) => kept.push(gradients),
            Err(error) => break error,
        }
    };
    assert!(error.is_limit() && error.to_string().contains("derivatives"), "{error}");
    let error = tape.pushforward(&[(last, 1.0)]).expect_err("tangents take as much");
    assert!(error.is_limit() && error.to_string().contains("derivatives"), "{error}");
    let gradients = catch_unwind(AssertUnwindSafe(|| last.gradients()));
    assert!(gradients.is_err(), "adjoints take as much");
    drop(kept);
    tape.reset();
    let x = tape.var(3.0);
    let y = (0..1000).fold(x, |y, _| y + x);
    assert_eq!((y.value(), y.gradients()[x]), (3003.0, 1001.0));
}

#[test]
fn the_end_of_memory_is_an_error_and_the_tape_goes_on() {
    if std::env::var_os(LIMITED).is_some() {
        the_end_is_found_and_survived();
    } else {
        runs_with_little_memory("exhaustion::the_end_of_memory_is_an_error_and_the_tape_goes_on");
    }
}
