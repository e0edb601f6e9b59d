//! Expressions: any text is read without a panic, and what is accepted is printed, read again and
//! recorded.

use crate::listing::round_trip;
use wengert::{Tape, Var};
use wengert_cli::{Error, Program, Recorded, Renderer};

/// Reads `bytes` as an expression; if it is one, what is printed has to record the same tape.
///
/// # Panics
/// If reading, drawing an error or recording panics, or the two recordings differ.
pub fn expression(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let program = match Program::parse(text) {
        Ok(program) => program,
        Err(error) => return check_error(&error, text),
    };
    let printed = program.to_string();
    let again = Program::parse(&printed);
    let again = again.unwrap_or_else(|error| panic!("{error}, in: {printed}"));
    assert_eq!(again.to_string(), printed);
    match (record(&program), record(&again)) {
        (Ok(listing), Ok(other)) => assert_eq!(listing, other, "{printed}"),
        (Err(error), Err(other)) => {
            assert_eq!(error.to_string(), other.to_string());
            check_error(&error, text);
        }
        (one, other) => panic!("{one:?} is not {other:?}, of: {printed}"),
    }
}

/// An error says something, of a place that the text has.
fn check_error(error: &Error, text: &str) {
    assert!(!error.to_string().is_empty());
    assert!(text.get(error.span().range()).is_some());
    let (line, column) = error.span().line_and_column(text);
    let place = format!("--> fuzz:{line}:{column}");
    let drawn = error.render(text, "fuzz", &Renderer::plain());
    assert!(drawn.contains(&place), "{place} is not in:\n{drawn}");
}

/// The listing of the program at some point, which has to have the gradients of the tape.
fn record(program: &Program) -> Result<String, Error> {
    let tape = Tape::new();
    let value = |position| tape.var(2.0 - 0.75 * position as f64);
    let inputs: Vec<Var<'_>> = (0..program.inputs().len()).map(value).collect();
    let recorded = program.record(&inputs)?;
    check_names(program, &recorded);
    recorded.label();
    // A list can have thousands of outputs.
    for output in recorded.outputs().take(4) {
        if output.value().is_finite() && output.id().is_some() {
            assert_eq!(output.gradients().get(output), Ok(1.0));
        }
    }
    round_trip(&tape);
    Ok(tape.to_string())
}

/// Every definition has a value, the result is among them or the last statement, and a number
/// that is not finite has a place.
fn check_names(program: &Program, recorded: &Recorded<'_, '_>) {
    assert_eq!(recorded.definitions().len(), program.definitions().len());
    assert!(program.unused().count() <= program.definitions().len());
    if program.output_name().is_some() {
        let last = recorded.definitions().next_back().expect("the result has a name");
        assert_eq!(last.id(), recorded.output().id());
    }
    assert_eq!(recorded.outputs().len(), program.output_count());
    assert_eq!(program.output_texts().take(4).count(), program.output_count().min(4));
    if recorded.outputs().any(|output| !output.value().is_finite()) {
        assert!(recorded.first_non_finite().is_some());
    }
}
