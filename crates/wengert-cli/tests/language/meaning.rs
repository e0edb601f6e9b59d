//! What an expression means.

use wengert::{OpKind, Tape, Var};
use wengert_cli::{FUNCTIONS, Program, Shape};

#[track_caller]
fn parse(text: &str) -> Program {
    Program::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The value of an expression without inputs.
#[track_caller]
fn value(text: &str) -> f64 {
    parse(text).record(&[]).unwrap_or_else(|error| panic!("{text}: {error}")).output().value()
}

/// The recording of an expression whose inputs are 2, 3, 5 … in their order.
fn listing(text: &str) -> String {
    let program = parse(text);
    let tape = Tape::new();
    let inputs = tape.vars(&[2.0, 3.0, 5.0, 7.0][..program.inputs().len()]);
    program.record(&inputs).unwrap_or_else(|error| panic!("{text}: {error}")).label();
    tape.to_string()
}

#[test]
fn precedence_is_that_of_mathematics() {
    let cases = [
        ("1 + 2*3", 7.0),
        ("(1 + 2)*3", 9.0),
        ("2 - 3 - 4", -5.0),
        ("2 - (3 - 4)", 3.0),
        ("16 / 4 / 2", 2.0),
        ("7 % 4 * 2", 6.0),
        ("2^3^2", 512.0),
        ("(2^3)^2", 64.0),
        ("-2^2", -4.0),
        ("(-2)^2", 4.0),
        ("2^-1", 0.5),
        ("2^-2^2", 0.0625),
        ("2*-3", -6.0),
        ("-2*3", -6.0),
        ("--2", 2.0),
        ("+2 - -+2", 4.0),
        ("2 * 3^2", 18.0),
        ("-3 % 2", -1.0),
    ];
    for (text, wanted) in cases {
        assert_eq!(value(text), wanted, "{text}");
    }
}

#[test]
fn numbers_have_the_usual_forms() {
    let cases = [("1.5", 1.5), (".5", 0.5), ("2.", 2.0), ("1e3", 1e3), ("1.5E-3", 1.5e-3)];
    for (text, wanted) in cases {
        assert_eq!(value(text), wanted, "{text}");
    }
}

#[test]
fn constants_have_names_that_a_definition_hides() {
    assert_eq!(value("pi - π + tau - τ"), 0.0);
    assert_eq!(value("e"), std::f64::consts::E);
    assert_eq!(value("-inf + -∞"), f64::NEG_INFINITY);
    assert_eq!(value("e = 2; e^2"), 4.0);
}

#[test]
fn names_may_be_greek_and_primed() {
    assert_eq!(parse("σ*x₁ + x'").inputs(), ["σ", "x₁", "x'"]);
}

#[test]
fn a_name_of_a_function_can_be_a_name_too() {
    assert_eq!(parse("sum = x + y; sum(sum, mean)").inputs(), ["x", "y", "mean"]);
}

#[test]
fn statements_run_over_lines_and_past_comments() {
    let text = "# a neuron\nn = x*w # the weighted input\n  + b;\no = tanh(n);\n# the end";
    let program = parse(text);
    assert_eq!(program.to_string(), "n = x * w + b; o = tanh(n)");
    assert_eq!((program.inputs().len(), program.output_name()), (3, Some("o")));
}

#[test]
fn definitions_label_their_nodes() {
    let wanted = "n0 = input ; 2 \"x\"\nn1 = input ; 3 \"w\"\nn2 = mul n0 n1 ; 6 \"n\"\n\
                  n3 = add n2 1 ; 7 \"o\"\n";
    assert_eq!(listing("n = x*w; o = n + 1"), wanted);
}

#[test]
fn small_whole_exponents_are_repeated_products() {
    assert!(listing("x^3").contains("powi n0 3"));
    assert!(listing("x^-2").contains("powi n0 -2"));
    assert!(listing("n = 2; x^n").contains("powi n0 2"));
    assert!(listing("x^2.5").contains("pow n0 2.5"));
    assert!(listing("x^9").contains("pow n0 9"));
    assert!(listing("x^y").contains("pow n0 n1"));
}

#[test]
fn maxima_take_any_number_of_arguments() {
    assert_eq!(value("max(1, 5, 3) - min(4, 2, 3)"), 3.0);
}

#[test]
fn reductions_take_lists() {
    assert_eq!(value("dot([1, 2, 3], [4, 5, 6])"), 32.0);
    assert_eq!(value("linear_combination([2, 3], [10, 100])"), 320.0);
    assert_eq!(value("polynomial(2, [1, 0, 3])"), 13.0);
    assert_eq!(value("horner(2, [1, 0, 3])"), 13.0);
    assert_eq!(value("sum([1, 2], 3) + sum(4)"), 10.0);
    assert!(listing("dot([x, y], [y, x])").contains("dot n0 n1 n1 n0"));
}

/// A call of every function on as many inputs as it takes, which are 2, 3 and 5.
fn call(shape: Shape) -> (&'static str, usize) {
    match shape {
        Shape::Fixed(1) => ("(x)", 1),
        Shape::Fixed(2) => ("(x, y)", 2),
        Shape::Fixed(3) => ("(x, y, z)", 3),
        Shape::Fixed(4) => ("(x, y, z, x)", 4),
        Shape::Any => ("(x, y, z)", 3),
        Shape::TwoLists => ("([x, x], [y, z])", 3),
        Shape::HeadAndList => ("(x, [y, z])", 3),
        other => panic!("{other:?}: say here how it is called"),
    }
}

#[test]
fn every_operation_of_the_engine_is_a_function() {
    for kind in OpKind::ALL {
        let function = FUNCTIONS.iter().find(|function| function.name() == kind.name());
        let is_leaf = [OpKind::Input, OpKind::Constant].contains(kind);
        assert_eq!(function.is_none(), is_leaf, "{kind}");
        let Some(function) = function else { continue };
        let (arguments, inputs) = call(function.shape());
        let text = format!("{kind}{arguments}");
        let constants = [2.0, 3.0, 5.0].map(Var::constant);
        let distinct = inputs.min(constants.len());
        let recorded = parse(&text).record(&constants[..distinct]).map(|r| r.output().value());
        let given = match function.shape() {
            Shape::TwoLists => vec![constants[0], constants[0], constants[1], constants[2]],
            _ => (0..inputs).map(|k| constants[k % constants.len()]).collect(),
        };
        let wanted = match kind {
            OpKind::Max => 5.0,
            OpKind::Min => 2.0,
            _ => Var::try_apply(*kind, &given).expect("the engine takes them").value(),
        };
        let found = recorded.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(found == wanted || (found.is_nan() && wanted.is_nan()), "{text}: {found}");
    }
}

#[test]
fn definitions_that_nothing_uses_are_known() {
    let program = parse("a = x; b = a; c = 2; a + 1");
    let unused: Vec<_> = program.unused().map(|definition| definition.name()).collect();
    assert_eq!(unused, ["b", "c"]);
}
