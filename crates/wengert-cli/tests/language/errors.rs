//! What is refused: the message, and what it points at. How errors are drawn stands in the runs
//! of the command.

use wengert::{Tape, Var};
use wengert_cli::{Error, Program, Renderer};

#[track_caller]
fn refused(text: &str) -> Error {
    Program::parse(text).expect_err(text)
}

#[test]
fn errors_point_at_what_is_wrong() {
    let cases = [
        ("", "", "there is no expression"),
        ("  # nothing\n", "", "there is no expression"),
        ("1 + * 2", "*", "expected a value, found `*`"),
        ("x)", ")", "expected an operator or `;`, found `)`"),
        ("(x;", ";", "expected an operator or `)`, found `;`"),
        ("sin(x;", ";", "expected an operator, `)` or `,`, found `;`"),
        ("dot([x)", ")", "expected an operator, `]` or `,`, found `)`"),
        ("sin(,)", ",", "expected a value or `)`, found `,`"),
        ("2*[x]", "[", "expected a value, found `[`"),
        ("x, y", ",", "expected an operator or `;`, found `,`"),
        ("n =\n= 2", "=", "expected a value, found `=`"),
        (";", ";", "expected a value, found `;`"),
        ("x;; y", ";", "expected a value, found `;`"),
        ("x @ y", "@", "`@` has no meaning here"),
        ("\u{1b}[31m", "\u{1b}", "`\\u{1b}` has no meaning here"),
        ("2 + 1e400", "1e400", "`1e400` is beyond the largest number"),
        ("2 * tahn(x)", "tahn", "there is no function `tahn`"),
        ("x + x(2)", "x", "there is no function `x`"),
        ("1 + sin(x, y)", "sin(x, y)", "`sin` takes 1 argument, given 2"),
        ("mul_add(x, y)", "mul_add(x, y)", "`mul_add` takes 3 arguments, given 2"),
        ("sum([])", "sum([])", "`sum` takes at least 1 argument, given none"),
        ("sin([x])", "[x]", "`sin` takes other arguments"),
        ("dot([x], y)", "[x]", "`dot` takes other arguments"),
        ("dot(x, y)", "dot(x, y)", "`dot` takes other arguments"),
        ("[]", "[]", "there is no expression in the brackets"),
        ("dot([x], [])", "dot([x], [])", "`dot` takes lists of one length, given 1 and 0"),
        ("horner([x], [y])", "[x]", "`horner` takes other arguments"),
        ("x + 1; y", "x + 1", "only the last statement can go without a name"),
        ("x; n = 2", "x", "only the last statement can go without a name"),
        ("a = 1; b = 2; a = 3", "a", "`a` is defined twice"),
        ("2*pi; pi = 3", "2*pi", "only the last statement can go without a name"),
        ("r = 2*pi; pi = 3", "pi", "`pi` is used before it is defined"),
    ];
    for (text, place, message) in cases {
        let error = refused(text);
        assert_eq!((&text[error.span().range()], error.to_string().as_str()), (place, message));
    }
}

#[test]
fn the_end_is_a_place() {
    let error = refused("sin(2 + (x");
    assert_eq!(error.to_string(), "the end comes where an operator or `)` should");
    assert_eq!(error.span().range(), 10..10);
}

#[test]
fn what_operations_refuse_has_a_place() {
    let cases = [
        ("1 + powi(x, 2.5)", "powi(x, 2.5)", "constant integer"),
        ("clamp(x, 3, 1)", "clamp(x, 3, 1)", "the lower first"),
        ("linear_combination([x], [2])", "linear_combination([x], [2])", "takes constants"),
        ("polynomial(2, [x])", "polynomial(2, [x])", "takes constants"),
    ];
    for (text, place, message) in cases {
        let program = Program::parse(text).expect(text);
        let tape = Tape::new();
        let error = program.record(&[tape.var(2.0)]).expect_err(text);
        assert_eq!(&text[error.span().range()], place);
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[test]
fn a_full_tape_is_an_error() {
    let program = Program::parse("sin(x) + cos(x)").expect("it is an expression");
    let tape = Tape::with_limit(48);
    let error = program.record(&[tape.var(2.0)]).expect_err("there is room for two nodes");
    assert_eq!(error.span().range(), 9..15);
    assert!(error.to_string().contains("its limit is 48"), "{error}");
}

#[test]
#[should_panic(expected = "the program has 2 inputs, given 1")]
fn a_wrong_number_of_inputs_is_a_slip() {
    let program = Program::parse("x*y").expect("it is an expression");
    let _ = program.record(&[Var::constant(1.0)]);
}

#[test]
fn carets_stand_below_wide_characters_and_in_their_line() {
    let text = "σ = 2;\nσ + tahn(σ)";
    let drawn = refused(text).render(text, "text", &Renderer::plain());
    let wanted = "\
error: there is no function `tahn`
 --> text:2:5
  |
2 | σ + tahn(σ)
  |     ^^^^ did you mean `tanh`?";
    assert_eq!(drawn, wanted);
}

#[test]
fn a_place_far_away_is_named() {
    let text = format!("x = 1; y = {}; x = 2", "1+".repeat(500) + "1");
    let drawn = refused(&text).render(&text, "text", &Renderer::plain());
    assert!(drawn.contains("= note: first here, at text:1:1"), "{drawn}");
    assert!(drawn.len() < 600, "{drawn}");
}
