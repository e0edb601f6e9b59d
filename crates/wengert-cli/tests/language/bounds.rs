//! Deep and huge expressions: recorded, or refused with the numbers; never a stack overflow.

use wengert::Tape;
use wengert_cli::{Program, Renderer};

const MILLION: usize = 1_000_000;
/// Enough for the stack of a thread to overflow, if anything recursed.
const MANY: usize = 100_000;

/// Value and derivative of an expression in x at 2.
#[track_caller]
fn differentiate(text: &str) -> (f64, f64) {
    let program = Program::parse(text).expect("the text is within bounds");
    let tape = Tape::new();
    let inputs = tape.vars(&vec![2.0; program.inputs().len()]);
    let recorded = program.record(&inputs).expect("there is room");
    recorded.label();
    (recorded.output().value(), recorded.output().gradients()[inputs[0]])
}

/// What is printed is read as the same.
#[track_caller]
fn print(text: &str) {
    let printed = Program::parse(text).expect("the text is within bounds").to_string();
    assert_eq!(Program::parse(&printed).expect("what is printed is read").to_string(), printed);
}

#[test]
fn a_million_brackets_nest() {
    let text = format!("{}x{}", "(".repeat(MILLION), ")".repeat(MILLION));
    assert_eq!(differentiate(&text), (2.0, 1.0));
}

#[test]
fn signs_nest() {
    let text = format!("{}x", "-".repeat(MANY));
    print(&text);
    assert_eq!(differentiate(&text), (2.0, 1.0));
}

#[test]
fn a_million_terms_add_up() {
    let text = format!("x{}", "+x".repeat(MILLION - 1));
    assert_eq!(differentiate(&text), (2.0 * MILLION as f64, MILLION as f64));
}

#[test]
fn a_sum_nests_to_the_right() {
    let text = format!("{}x{}", "x+(".repeat(MANY), ")".repeat(MANY));
    print(&text);
    assert_eq!(differentiate(&text).1, MANY as f64 + 1.0);
}

#[test]
fn calls_nest() {
    let text = format!("{}x{}", "relu(".repeat(MANY), ")".repeat(MANY));
    print(&text);
    assert_eq!(differentiate(&text), (2.0, 1.0));
}

#[test]
fn powers_nest() {
    let text = format!("x{}", "^x".repeat(MANY));
    print(&text);
    let (value, derivative) = differentiate(&text);
    assert!(value.is_infinite() && !derivative.is_finite());
}

#[test]
fn one_call_takes_many_arguments() {
    let text = format!("sum(x{})", ", x".repeat(MANY - 1));
    print(&text);
    assert_eq!(differentiate(&text), (2.0 * MANY as f64, MANY as f64));
}

#[test]
fn a_hundred_thousand_names_are_told_apart() {
    let mut text = "n0 = x;".to_owned();
    (1..100_000).for_each(|i| text.push_str(&format!("n{i} = n{}+x;", i - 1)));
    assert_eq!(differentiate(&text), (200_000.0, 100_000.0));
}

#[test]
fn white_space_and_comments_may_be_long() {
    let text =
        format!("{}x + #{}\n{}x", " ".repeat(MILLION), "#".repeat(MILLION), "\n".repeat(MILLION));
    assert_eq!(differentiate(&text), (4.0, 2.0));
    let comments = format!("{}x", "# nothing\n".repeat(MILLION / 2));
    assert_eq!(differentiate(&comments), (2.0, 1.0));
}

#[test]
fn what_is_open_a_million_times_is_an_error() {
    let text = "(".repeat(MILLION);
    let error = Program::parse(&text).expect_err("nothing is closed");
    assert_eq!(error.to_string(), "the end comes where a value should");
    // One line of a million characters is drawn as the part around the caret.
    assert!(error.render(&text, "text", &Renderer::plain()).len() < 2_000);
    let error = Program::parse(&format!("{text}x")).expect_err("nothing is closed");
    assert_eq!(error.to_string(), "the end comes where an operator or `)` should");
}

#[test]
fn the_length_has_a_limit() {
    let text = "+".repeat(Program::LONGEST + 1);
    let error = Program::parse(&text).expect_err("the text is too long");
    assert_eq!(error.to_string(), "the text has 8388609 bytes, the limit is 8388608");
    let text = format!("{}x", " ".repeat(Program::LONGEST - 1));
    assert_eq!(differentiate(&text), (2.0, 1.0));
}
