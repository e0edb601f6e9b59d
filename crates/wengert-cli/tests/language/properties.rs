//! Random expressions against an evaluation that is too simple to be wrong, and printed ones
//! against what they are printed from.

use proptest::prelude::*;
use wengert::{Tape, Var};
use wengert_cli::{Evaluation, Program};

/// An expression in x and y, with all its brackets.
#[derive(Clone, Debug)]
enum Tree {
    X,
    Y,
    Number(f64),
    Negate(Box<Tree>),
    Binary(char, Box<Tree>, Box<Tree>),
    Hypot(Box<Tree>, Box<Tree>),
    Dot([Box<Tree>; 4]),
    Sum(Vec<Tree>),
}

fn tree() -> impl Strategy<Value = Tree> {
    let number = prop_oneof![(0..10).prop_map(f64::from), 0.0..1e300, Just(5e-324)];
    let leaf = prop_oneof![Just(Tree::X), Just(Tree::Y), number.prop_map(Tree::Number)];
    leaf.prop_recursive(6, 60, 4, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let operator = proptest::sample::select(vec!['+', '-', '*', '/', '%', '^']);
        prop_oneof![
            2 => boxed().prop_map(Tree::Negate),
            6 => (operator, boxed(), boxed()).prop_map(|(sign, x, y)| Tree::Binary(sign, x, y)),
            1 => (boxed(), boxed()).prop_map(|(x, y)| Tree::Hypot(x, y)),
            1 => [boxed(), boxed(), boxed(), boxed()].prop_map(Tree::Dot),
            1 => prop::collection::vec(inner.clone(), 1..4).prop_map(Tree::Sum),
        ]
    })
}

/// With every bracket, so that no precedence is needed.
fn text(tree: &Tree) -> String {
    match tree {
        Tree::X => "x".to_owned(),
        Tree::Y => "y".to_owned(),
        Tree::Number(number) => format!("{number:e}"),
        Tree::Negate(x) => format!("(-{})", text(x)),
        Tree::Binary(sign, x, y) => format!("({}{sign}{})", text(x), text(y)),
        Tree::Hypot(x, y) => format!("hypot({},{})", text(x), text(y)),
        Tree::Dot([a, b, c, d]) => {
            format!("dot([{},{}],[{},{}])", text(a), text(b), text(c), text(d))
        }
        Tree::Sum(terms) => {
            format!("sum({})", terms.iter().map(text).collect::<Vec<_>>().join(","))
        }
    }
}

/// The same as people write it: products side by side, superscripts, typeset signs.
fn typeset(tree: &Tree) -> String {
    match tree {
        Tree::Negate(x) => format!("(−{})", typeset(x)),
        Tree::Binary('*', x, y) => format!("(({})({}))", typeset(x), typeset(y)),
        Tree::Binary('^', x, y) if matches!(**y, Tree::Number(2.0)) => format!("({}²)", typeset(x)),
        Tree::Binary(sign, x, y) => {
            let sign = match sign {
                '-' => "−".to_owned(),
                '/' => "÷".to_owned(),
                '^' => "**".to_owned(),
                sign => sign.to_string(),
            };
            format!("({} {sign} {})", typeset(x), typeset(y))
        }
        other => text(other),
    }
}

/// As written, with plain numbers.
fn evaluate(tree: &Tree, x: f64, y: f64) -> f64 {
    let at = |tree: &Tree| evaluate(tree, x, y);
    match tree {
        Tree::X => x,
        Tree::Y => y,
        Tree::Number(number) => *number,
        Tree::Negate(x) => -at(x),
        Tree::Binary('+', x, y) => at(x) + at(y),
        Tree::Binary('-', x, y) => at(x) - at(y),
        Tree::Binary('*', x, y) => at(x) * at(y),
        Tree::Binary('/', x, y) => at(x) / at(y),
        Tree::Binary('%', x, y) => at(x) % at(y),
        Tree::Binary(_, base, exponent) => power(at(base), at(exponent), exponent),
        Tree::Hypot(x, y) => at(x).hypot(at(y)),
        Tree::Dot([a, b, c, d]) => at(a) * at(c) + at(b) * at(d),
        Tree::Sum(terms) => terms.iter().map(at).sum(),
    }
}

/// Small whole constants are exponents of repeated products.
fn power(base: f64, exponent: f64, tree: &Tree) -> f64 {
    let is_small = exponent.fract() == 0.0 && exponent.abs() <= 8.0;
    if is_small && is_constant(tree) { base.powi(exponent as i32) } else { base.powf(exponent) }
}

fn is_constant(tree: &Tree) -> bool {
    match tree {
        Tree::X | Tree::Y => false,
        Tree::Number(_) => true,
        Tree::Negate(x) => is_constant(x),
        Tree::Binary(_, x, y) | Tree::Hypot(x, y) => is_constant(x) && is_constant(y),
        Tree::Dot(terms) => terms.iter().all(|term| is_constant(term)),
        Tree::Sum(terms) => terms.iter().all(is_constant),
    }
}

/// The value of a program whose inputs are named x and y.
fn value(program: &Program, x: f64, y: f64) -> f64 {
    let tape = Tape::new();
    let input = |name: &String| tape.var(if name == "x" { x } else { y });
    let inputs: Vec<Var<'_>> = program.inputs().iter().map(input).collect();
    program.record(&inputs).expect("nothing is refused").output().value()
}

/// The same operations in the same order give the same number.
fn same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

/// Terms without their places: what a text means, whatever its spaces and brackets are.
fn meaning(program: &Program) -> String {
    let text = format!("{program:?}");
    let (terms, rest) = text.split_once("], spans: [").expect("there are spans");
    let (_, rest) = rest.split_once(']').expect("the spans end");
    terms.to_owned() + rest
}

proptest! {
    #[test]
    fn an_expression_means_what_is_written(tree in tree(), x in -3.0..3.0, y in -3.0..3.0) {
        let program = Program::parse(&text(&tree)).expect("the text is an expression");
        let (found, wanted) = (value(&program, x, y), evaluate(&tree, x, y));
        prop_assert!(same(found, wanted), "{found} is not {wanted}");
    }

    #[test]
    fn an_evaluation_has_the_numbers_of_a_recording(tree in tree(), points in prop::array::uniform4(-3.0..3.0)) {
        let program = Program::parse(&text(&tree)).expect("the text is an expression");
        let mut evaluation = Evaluation::of(&program);
        for point in points.chunks(2) {
            let x: Vec<f64> = point.iter().copied().take(program.inputs().len()).collect();
            let constants: Vec<Var<'_>> = x.iter().map(|&x| Var::constant(x)).collect();
            let recorded = program.record(&constants).expect("nothing is refused");
            let found: Vec<f64> = evaluation.at(&x).expect("nothing is refused").collect();
            prop_assert!(found.len() == 1 && same(found[0], recorded.output().value()));
        }
    }

    #[test]
    fn a_printed_expression_is_read_as_the_same(tree in tree()) {
        let program = Program::parse(&text(&tree)).expect("the text is an expression");
        let printed = program.to_string();
        let again = Program::parse(&printed).unwrap_or_else(|error| panic!("{printed}: {error}"));
        prop_assert_eq!(meaning(&again), meaning(&program), "{}", printed);
        prop_assert!(printed.len() <= 3 * text(&tree).len());
    }

    #[test]
    fn printed_statements_are_read_as_the_same(trees in prop::collection::vec(tree(), 1..4)) {
        let statements = trees.iter().enumerate().map(|(i, tree)| {
            // Each statement uses the one before it.
            let before = if i == 0 { "1".to_owned() } else { format!("n{}", i - 1) };
            format!("n{i} = {before} - {}", text(tree))
        });
        let text = statements.collect::<Vec<_>>().join(";\n") + ";";
        let program = Program::parse(&text).expect("the text is a program");
        let again = Program::parse(&program.to_string()).expect("what is printed is read");
        prop_assert_eq!(again.to_string(), program.to_string());
        prop_assert_eq!(again.inputs(), program.inputs());
    }

    #[test]
    fn people_write_the_same_in_other_ways(tree in tree()) {
        let (plain, typeset) = (text(&tree), typeset(&tree));
        let read = |text: &str| Program::parse(text).map(|program| meaning(&program));
        prop_assert_eq!(read(&typeset), read(&plain), "{}", typeset);
    }

    #[test]
    fn any_text_is_read_or_refused(
        text in "(sin|ln|max|d/dx|mod|[-+*/%^()\\[\\],;= xyσ0-9.e#\n'|√²⁻·−⌊⌋πi]){0,40}",
    ) {
        if let Ok(program) = Program::parse(&text) {
            let printed = program.to_string();
            let again = Program::parse(&printed).map(|program| program.to_string());
            prop_assert_eq!(again.as_deref(), Ok(printed.as_str()));
        }
        if let Err(error) = Program::parse(&text) {
            prop_assert!(text.get(error.span().range()).is_some());
            prop_assert!(!error.render(&text, "text", &wengert_cli::Renderer::plain()).is_empty());
        }
    }
}
