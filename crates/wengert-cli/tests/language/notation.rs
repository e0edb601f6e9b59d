//! What people write: another spelling of the same, or refused because it is read in two ways.

use wengert::Tape;
use wengert_cli::{Program, Renderer};

/// The recording of a text, without its names.
#[track_caller]
fn listing(text: &str) -> String {
    let program = Program::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let tape = Tape::new();
    let inputs = tape.vars(&vec![1.5; program.inputs().len()]);
    let recorded = program.record(&inputs).unwrap_or_else(|error| panic!("{text}: {error}"));
    let outputs: Vec<String> = recorded.outputs().map(|output| format!("{output:?}")).collect();
    format!("{:?} {tape} {outputs:?}", program.inputs())
}

#[track_caller]
fn check_same(cases: &[(&str, &str)]) {
    for (text, plain) in cases {
        assert_eq!(listing(text), listing(plain), "{text} is not {plain}");
    }
}

/// The error as it is drawn.
#[track_caller]
fn refused(text: &str) -> String {
    let error = Program::parse(text).expect_err(text);
    error.render(text, "text", &Renderer::plain())
}

#[track_caller]
fn check_refused(cases: &[(&str, &str, &str)]) {
    for (text, message, help) in cases {
        let drawn = refused(text);
        assert!(drawn.starts_with(&format!("error: {message}")), "{text}: {drawn}");
        assert!(drawn.contains(help), "{text}: {drawn}");
    }
}

/// The outputs as text.
fn texts(program: &Program) -> Vec<String> {
    program.output_texts().map(|text| text.to_string()).collect()
}

#[test]
fn signs_have_several_spellings() {
    check_same(&[
        ("x · y × z ⋅ w ∗ v", "x*y*z*w*v"),
        ("x − y – 1", "x - y - 1"),
        ("x ÷ y", "x/y"),
        ("x**y**2", "x^y^2"),
        ("x ** -2", "x^-2"),
        ("1.5e−3 x", "1.5e-3*x"),
    ]);
}

#[test]
fn values_side_by_side_are_a_product() {
    check_same(&[
        ("2x", "2*x"),
        ("2 x", "2*x"),
        ("2x y", "2*x*y"),
        ("x y z", "x*y*z"),
        ("pi r^2", "pi*r^2"),
        ("πr²", "pi*r^2"),
        ("2(x + 1)", "2*(x + 1)"),
        ("(x + 1)(y - 1)", "(x + 1)*(y - 1)"),
        ("(x + 1) y", "(x + 1)*y"),
        ("x (y + 1)", "x*(y + 1)"),
        ("-2x", "-2*x"),
        ("2^-x y", "2^(-x)*y"),
        ("x^2 y", "x^2*y"),
        ("x²y³", "x^2*y^3"),
        ("2x^2", "2*x^2"),
        ("x^(2)y", "x^2*y"),
        ("2 x / y", "2*x/y"),
        ("1/(2x)", "1/(2*x)"),
        ("a/b + 2x", "a/b + 2*x"),
        ("a/b * 2x", "a/b*2*x"),
        ("2e", "2*e"),
        ("2e3x", "2000*x"),
        ("2ln(x)", "2*ln(x)"),
        ("2√x", "2*sqrt(x)"),
        ("2|x|", "2*abs(x)"),
    ]);
}

#[test]
fn a_product_that_is_read_in_two_ways_is_refused() {
    check_refused(&[
        ("1/2x", "a product without its sign behind a division", "`a/(b*x)` or `a/b*x`"),
        ("a/b c", "a product without its sign behind a division", "`a/b*c`"),
        ("a/-2 x", "a product without its sign behind a division", "`a/b*x`"),
        ("a % 2b", "a product without its sign behind a division", ""),
        ("1/√2 x", "what stands behind a root", ""),
        ("e^2x", "what stands directly behind an exponent", "`x^(n*x)` or `x^n*x`"),
        ("x^2y", "what stands directly behind an exponent", ""),
        ("x^-2y", "what stands directly behind an exponent", ""),
        ("x^2(y + 1)", "what stands directly behind an exponent", ""),
        ("x 2", "expected an operator, found `2`", "`x*2`; a power is `x^2`"),
        ("(x)2", "expected an operator, found `2`", "`x*2`"),
        ("1 000", "expected an operator, found `000`", "digits of a number stand together"),
        ("1_000", "the digits of a number stand together", ""),
        ("1.5.2", "expected an operator, found `.2`", ""),
        ("x(y + 1)", "there is no function `x`", "`x*(…)`"),
        ("a = 2; a(3)", "there is no function `a`", "`a * (…)`"),
    ]);
}

#[test]
fn functions_take_a_number_or_a_name_without_brackets() {
    check_same(&[
        ("sin x", "sin(x)"),
        ("sin 2", "sin(2)"),
        ("sin 2x", "sin(2*x)"),
        ("sin x + 1", "sin(x) + 1"),
        ("sin x+1", "sin(x) + 1"),
        ("sin x / x", "sin(x)/x"),
        ("2 sin x cos x", "2*sin(x)*cos(x)"),
        ("sin cos x", "sin(cos(x))"),
        ("ln tan(x)", "ln(tan(x))"),
        ("ln |x|", "ln(abs(x))"),
        ("-sin x", "-sin(x)"),
        ("e^sin x", "e^sin(x)"),
        ("sin (x) y", "sin(x)*y"),
        ("(sin x)^2", "sin(x)^2"),
        ("sin²(x) + cos² x", "sin(x)^2 + cos(x)^2"),
        ("max³(x, y)", "max(x, y)^3"),
    ]);
    check_refused(&[
        ("sin x y", "`y` behind an argument without brackets is read in two ways", "sin(x)/2"),
        ("sin 2 x", "`x` behind an argument without brackets is read in two ways", ""),
        ("sin x^2", "`^` behind an argument without brackets", "`sin(x^2)` or `sin(x)^2`"),
        ("sin x²", "`²` behind an argument without brackets", ""),
        ("sin x/2", "`/` behind an argument without brackets", "`sin(x/2)` or `sin(x)/2`"),
        ("sin x*y", "`*` behind an argument without brackets", ""),
        ("sin x (y)", "`(` behind an argument without brackets", ""),
        ("sin √x", "`sin` takes its arguments in brackets", "`sin(…)`"),
        ("log x", "`log` takes its arguments in brackets", ""),
        ("hypot x y", "`hypot` takes its arguments in brackets", ""),
        ("sin^2(x)", "a power of a function", "`sin(x)^2` or `sin(x^2)`"),
        ("sin^2 x", "a power of a function", "`sin(x)^2`"),
        ("sin⁻¹(x)", "a negative power of a function", "`asin(x)`"),
    ]);
}

#[test]
fn a_definition_hides_a_function_that_has_no_bracket() {
    check_same(&[
        ("sum = x + y; 2 sum", "n = x + y; 2*n"),
        ("sum = x + y; sum(sum, 1)", "n = x + y; sum(n, 1)"),
        ("σ(x)", "sigmoid(x)"),
        ("2 σ", "2*σ"),
        ("σ (x)", "σ*(x)"),
    ]);
}

#[test]
fn powers_are_raised_and_roots_have_signs() {
    check_same(&[
        ("x²", "x^2"),
        ("x¹²", "x^12"),
        ("x⁻¹", "x^-1"),
        ("-x²", "-x^2"),
        ("2^x²", "2^(x^2)"),
        ("(x + 1)²", "(x + 1)^2"),
        ("|x|²", "abs(x)^2"),
        ("√x", "sqrt(x)"),
        ("√2", "sqrt(2)"),
        ("√(x + 1)", "sqrt(x + 1)"),
        ("√√x", "sqrt(sqrt(x))"),
        ("∛x/√2", "cbrt(x)/sqrt(2)"),
        ("√sin(x)", "sqrt(sin(x))"),
        ("(√x)²", "sqrt(x)^2"),
    ]);
    check_refused(&[
        ("√x²", "what stands behind a root", "`√(x^2)` or `(√x)^2`"),
        ("√2x", "what stands behind a root", "`√(2*x)` or `(√2)*x`"),
        ("x²^3", "expected an operator or `;`, found `^`", ""),
        ("xⁿ", "`ⁿ` has no meaning here", "`x^n`"),
    ]);
}

#[test]
fn bars_and_other_fences_are_functions() {
    check_same(&[
        ("|x|", "abs(x)"),
        ("|x - |y||", "abs(x - abs(y))"),
        ("||x| - y|", "abs(abs(x) - y)"),
        ("|x|*|y|", "abs(x)*abs(y)"),
        ("|-x|", "abs(-x)"),
        ("⌊x⌋ + ⌈y⌉", "floor(x) + ceil(y)"),
        ("2⌊x⌋", "2*floor(x)"),
    ]);
    check_refused(&[
        ("|x||y|", "a product with a bar", "`a*|b|`"),
        ("|x|y", "a product with a bar", ""),
        ("x|y|", "a product with a bar", ""),
        ("|x", "the end comes where an operator or `|` should", "opened here"),
        ("|x)", "expected an operator or `|`, found `)`", ""),
    ]);
}

#[test]
fn a_line_ends_a_statement_that_can_end_there() {
    check_same(&[
        ("n = x*w\no = tanh(n)", "n = x*w; o = tanh(n)"),
        ("n = x*w;\n\n# more\no = tanh(n)\n", "n = x*w; o = tanh(n)"),
        ("n = x\n  + w\n  * b\nn", "n = x + w*b; n"),
        ("n =\nx +\nw\nn", "n = x + w; n"),
        ("n = (x\nw)\nn", "n = (x*w); n"),
        ("n = sum(x,\n  w\n)\nn", "n = sum(x, w); n"),
        ("n = x\n  - w\nn", "n = x - w; n"),
        ("n = x;\n-n", "n = x; -n"),
        ("n = x\r\n2n\r\n", "n = x; 2*n"),
        ("n = x\n[n, 2n]", "n = x; [n, 2*n]"),
        ("n = x\n(n)", "n = x; (n)"),
        ("n = x\n|n|", "n = x; abs(n)"),
    ]);
    check_refused(&[
        ("n = x\n-n", "a sign at the beginning of a line is read in two ways", "with `;`"),
        ("x\ny", "only the last statement can go without a name", ""),
        ("a = sin\n(x)\nb", "only the last statement can go without a name", ""),
    ]);
}

#[test]
fn several_outputs_are_a_list() {
    let program = Program::parse("a = 2x; [a, x·y, sin x]").expect("it is a program");
    assert_eq!(texts(&program), ["a", "x * y", "sin(x)"]);
    assert_eq!((program.output_count(), program.is_list()), (3, true));
    assert_eq!(program.to_string(), "a = 2 * x; [a, x * y, sin(x)]");
    assert_eq!(program.unused().count(), 0);
    check_refused(&[
        ("f = [x, y]", "expected a value, found `[`", "a list has no name"),
        ("[x, y]; x", "only the last statement can go without a name", ""),
        ("[x, y] z", "expected `;`, found `z`", ""),
        ("x, y", "expected an operator or `;`, found `,`", "`[x, y]`"),
        ("[[x]]", "expected a value or `]`, found `[`", ""),
        ("[", "the end comes where a value or `]` should", "opened here"),
    ]);
}

#[test]
#[should_panic(expected = "the program has 2 outputs")]
fn one_output_of_several_is_a_slip() {
    let program = Program::parse("[1, 2]").expect("it is a program");
    let _ = program.record(&[]).expect("there is room").output();
}

/// The value of an expression of the vectors x = (1, 2, 3) and y = (4, 5, 6).
#[track_caller]
fn of_vectors(text: &str) -> f64 {
    let program = Program::parse_with_vectors(text, &[("x", 3), ("y", 3)]);
    let program = program.unwrap_or_else(|error| panic!("{text}: {error}"));
    let tape = Tape::new();
    let value = |name: &String| {
        let first = if name.starts_with('x') { 0.0 } else { 3.0 };
        tape.var(first + name[2..3].parse::<f64>().expect("a position"))
    };
    let inputs: Vec<_> = program.inputs().iter().map(value).collect();
    program.record(&inputs).expect("there is room").output().value()
}

#[test]
fn vectors_are_arguments_and_have_components() {
    assert_eq!(of_vectors("sum(x)"), 6.0);
    assert_eq!(of_vectors("sum x"), 6.0);
    assert_eq!(of_vectors("sum(x, 10, y)"), 31.0);
    assert_eq!(of_vectors("dot(x, y)"), 32.0);
    assert_eq!(of_vectors("dot(x, [1, 0, x[3]])"), 10.0);
    assert_eq!(of_vectors("norm(x)^2"), 14.0_f64.sqrt().powi(2));
    assert_eq!(of_vectors("polynomial(2, [1, 2]) + horner(2, x)"), 5.0 + 17.0);
    assert_eq!(of_vectors("max(y) - min(x)"), 5.0);
    assert_eq!(of_vectors("x[2] y[3]"), 12.0);
    let program = Program::parse_with_vectors("x", &[("x", 2)]).expect("it is a list");
    assert_eq!(texts(&program), ["x[1]", "x[2]"]);
}

#[test]
fn a_vector_where_a_number_should_be_is_refused() {
    let cases = [
        ("2x", "a vector stands where a number should", "`x[1]`"),
        ("x + 1", "a vector stands where a number should", "3 components"),
        ("n = x; n", "a vector stands where a number should", ""),
        ("sin(x)", "`sin` takes other arguments", ""),
        ("dot(x, [1])", "`dot` takes lists of one length, given 3 and 1", ""),
        ("dot(x, z)", "`dot` takes other arguments", "`x=[1, 2, 3]`"),
        ("x[0]", "`x` has no component 0", "counted from 1"),
        ("x[4]", "`x` has no component 4", "there are 3"),
        ("x[1.5]", "`x` has no component 1.5", ""),
        ("x[n]", "expected a number, found `n`", ""),
        ("x[-1]", "expected a number, found `-`", ""),
        ("z[1]", "`z` is a number, and has no components", "`z=[1, 2, 3]`"),
    ];
    for (text, message, help) in cases {
        let error = Program::parse_with_vectors(text, &[("x", 3)]).expect_err(text);
        let drawn = error.render(text, "text", &Renderer::plain());
        assert!(drawn.starts_with(&format!("error: {message}")), "{drawn}");
        assert!(drawn.contains(help), "{drawn}");
    }
}

#[test]
fn vectors_spread_to_a_limit() {
    let text = vec!["sum(x)"; 100].join("+");
    let error = Program::parse_with_vectors(&text, &[("x", 100_000)]).expect_err("it is too much");
    assert!(error.to_string().ends_with("the limit is 8388608 in all"), "{error}");
    assert!(Program::parse_with_vectors("sum(x)", &[("x", usize::MAX)]).is_err());
}

#[test]
fn what_is_written_elsewhere_has_a_hint() {
    check_refused(&[
        ("x!", "`!` has no meaning here", "exp(lgamma(x + 1))"),
        ("d/dx x^2", "a derivative is not asked for", "told by themselves"),
        ("d/dx(x^2)", "a derivative is not asked for", "told by themselves"),
        ("∂x", "`∂` has no meaning here", "told by themselves"),
        ("x mod 2", "`mod` is no operator here", "`x % y`"),
        ("x mod y", "`mod` is no operator here", "`x % y`"),
        ("1,5", "expected an operator or `;`, found `,`", "a decimal point is a point"),
        ("x if y", "`if` is no operator here", "select_less"),
        ("if(x, 1, 2)", "there is no function `if`", "select_less"),
        ("x > 0", "`>` has no meaning here", "select_less"),
        ("x == 0", "expected a value, found `=`", "select_less"),
        ("log(x)", "`log` takes 2 arguments, given 1", "`ln(x)`, `log10(x)`"),
        ("log(x)", "`log` takes 2 arguments, given 1", "`log(x, base)`"),
        ("f(x) = x^2", "expected an operator or `;`, found `=`", "only names"),
        ("0x10", "a number has decimal digits", "`0*x`"),
        ("n := 2", "`:` has no meaning here", "`n = x + 1`"),
        ("sum [x, y]", "`sum` takes its arguments in brackets", "`sum(…)`"),
        ("x′", "`′` has no meaning here", "`x'`"),
        ("{x}", "`{` has no meaning here", "brackets are round"),
        ("factorial(x)", "there is no function `factorial`", "lgamma"),
        ("cot(x)", "there is no function `cot`", "`1/tan(x)`"),
        ("diff(x^2, x)", "there is no function `diff`", "told by themselves"),
        ("n = x = 2", "expected an operator or `;`, found `=`", "a definition is a name"),
    ]);
}
