//! Misuse that the compiler catches, with its words.
//!
//! The words are those of the stable compiler; where a new one says it differently, run the test
//! once with `TRYBUILD=overwrite` and look at what changed. That a variable cannot be sent to
//! another thread, nor a tape be shared, is asserted in `sizes`: the compiler's words for it list
//! every field of a tape.

#[test]
fn misuse_does_not_compile() {
    trybuild::TestCases::new().compile_fail("api/compile_fail/*.rs");
}
