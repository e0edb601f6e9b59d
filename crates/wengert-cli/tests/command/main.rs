//! Runs of the command.

mod bounds;
mod files;
mod streams;

/// Whole runs as a terminal shows them. `TRYCMD=overwrite` writes them anew; look at the
/// difference before you commit it.
#[test]
fn runs_show_what_they_did() {
    let cases = trycmd::TestCases::new();
    cases.case("tests/command/runs/*.trycmd").case("README.md").case("../../README.md");
}
