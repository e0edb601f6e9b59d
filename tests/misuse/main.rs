//! Misuse that the compiler catches, with its words.
//!
//! The words are those of the stable compiler; where a new one says it differently, run the test
//! once with `TRYBUILD=overwrite` and look at what changed. Where a bound is the library's own,
//! they name the remedy; a closure that returns a list where one variable is asked for is told so
//! by the compiler alone, because the type of what it returns depends on the tape.

#[test]
fn misuse_does_not_compile() {
    trybuild::TestCases::new().compile_fail("cases/*.rs");
}
