//! What people write that is refused, and how it is said here.

use super::error::{Problem, Span, shorten};
use super::token::Token;

/// A character that begins no word of the language.
pub(crate) fn strange(character: char, span: Span) -> Problem {
    let shown = match character {
        '\\' | '\'' | '"' => character.to_string(),
        other => other.escape_debug().to_string(),
    };
    let problem = Problem::new(span, format!("`{shown}` has no meaning here"));
    match character {
        '{' | '}' => problem.help("brackets are round, `(`, and square around lists, `[`"),
        '!' => problem.help("a factorial, x!, is `exp(lgamma(x + 1))`"),
        '<' | '>' | '≤' | '≥' | '≠' => problem.help(CHOICE),
        '?' | '&' => problem.help(CHOICE),
        ':' => problem.help("a definition is `n = x + 1`; ranges, `x=0..1..0.1`, are for inputs"),
        '′' | '’' => problem.help("a prime is written `x'`"),
        '—' | '‐' | '‑' => problem.help("a minus is written `-`"),
        '∂' | '∇' => problem.help(DERIVATIVE),
        '∫' => problem.help("an integral is not computed here"),
        'ⁿ' | '⁺' | '⁻' => problem.help("a power is written `x^n`"),
        '∑' | '∏' => {
            problem.help("a sum is written `sum(x, y, z)`, a product `product(x, y, z)`")
        }
        '‖' => problem.help("a norm is written `norm(x, y)`"),
        '±' => problem.help("write one expression for each sign"),
        '½' | '¼' | '¾' | '⅓' | '⅔' => problem.help("a fraction is written `1/2`"),
        '°' => problem.help("angles are in radians: 30° is `30*pi/180`"),
        '.' => problem.help("a product is written `*` or `·`, and a number has digits: `0.5`"),
        '"' | '\'' | '`' | '“' | '”' | '„' => {
            problem.help("quotation marks are for the shell")
        }
        '\\' => problem.help("there is no LaTeX here: write `sqrt(x)/2`, `pi`"),
        '$' => {
            problem.help("no sign stands before a name; in a shell, quote the expression by `'`")
        }
        _ => problem,
    }
}

pub(crate) const CHOICE: &str = "a choice is `select_less(x, y, a, b)`, which is a where x < y and else b; \
                      or `max`, `min`, `clamp`, `relu`";

const DERIVATIVE: &str = "the derivatives with respect to all inputs are told by themselves; \
                          several outputs, `[f, g]`, have a Jacobian";

pub(crate) fn derivative(span: Span) -> Problem {
    Problem::new(span, "a derivative is not asked for in the expression").help(DERIVATIVE)
}

/// Words that other languages have between two values.
pub(crate) fn infix(name: &str, span: Span) -> Option<Problem> {
    let problem =
        |help: &str| Some(Problem::new(span, format!("`{name}` is no operator here")).help(help));
    match name {
        "mod" | "rem" => problem(
            "a remainder is `x % y`, with the sign of x; that with the sign of y is \
             `x - y*floor(x/y)`",
        ),
        "div" => problem("a quotient is `x/y`, and without its fraction `trunc(x/y)`"),
        "if" | "then" | "else" | "and" | "or" | "not" | "where" | "when" => problem(CHOICE),
        "for" | "in" | "while" => {
            problem("there are no loops here; vectors are `sum(x)`, `x=[1,2,3]`")
        }
        "plus" | "minus" | "times" | "over" => problem("the operators are + - * / % ^"),
        _ => None,
    }
}

/// What is known elsewhere as a function.
pub(crate) fn no_function(name: &str) -> Option<&'static str> {
    Some(match name {
        "if" | "where" | "ifelse" | "piecewise" => CHOICE,
        "diff" | "grad" | "derivative" | "D" => DERIVATIVE,
        "factorial" | "fact" => "a factorial, x!, is `exp(lgamma(x + 1))`",
        "gamma" | "Gamma" | "Γ" => "Γ(x) is `exp(lgamma(x))` where x > 0",
        "lg" | "lb" => "logarithms are `ln(x)`, `log10(x)`, `log2(x)` and `log(x, base)`",
        "sec" => "a secant is `1/cos(x)`",
        "csc" | "cosec" => "a cosecant is `1/sin(x)`",
        "cot" | "cotan" => "a cotangent is `1/tan(x)`",
        "heaviside" | "step" => "a step is `select_less(x, 0, 0, 1)`",
        "root" | "nthroot" => "a root is `sqrt(x)`, `cbrt(x)`, or the power `x^(1/n)`",
        "integrate" | "int" => "an integral is not computed here",
        _ => return None,
    })
}

pub(crate) fn sign_begins_line(span: Span) -> Problem {
    Problem::new(span, "a sign at the beginning of a line is read in two ways").help(
        "end the line above with `;` where this is a new statement; or put a blank behind the \
         minus where the line above goes on",
    )
}

fn two_ways(span: Span, what: &str) -> Problem {
    Problem::new(span, format!("{what} is read in two ways"))
}

pub(crate) fn behind_division(factor: String, span: Span) -> Problem {
    two_ways(span, "a product without its sign behind a division")
        .help(format!("write `a/(b*{factor})` or `a/b*{factor}`"))
}

pub(crate) fn behind_exponent(factor: String, span: Span) -> Problem {
    two_ways(span, "what stands directly behind an exponent")
        .help(format!("write `x^(n*{factor})` or `x^n*{factor}`"))
}

pub(crate) fn argument_ends(next: String, span: Span) -> Problem {
    two_ways(span, &format!("`{next}` behind an argument without brackets"))
        .help("put the argument in brackets: `sin(x/2)` or `sin(x)/2`, `sin(x^2)` or `sin(x)^2`")
}

pub(crate) fn root_ends(span: Span) -> Problem {
    two_ways(span, "what stands behind a root without a sign between")
        .help("use brackets: `√(x^2)` or `(√x)^2`, `√(2*x)` or `(√2)*x`")
}

pub(crate) fn raised_inverse(span: Span) -> Problem {
    two_ways(span, "a negative power of a function")
        .help("the inverse function is `asin(x)`, and the reciprocal `1/sin(x)`")
}

pub(crate) fn raised_function(name: &str, exponent: &str, span: Span) -> Problem {
    let (name, exponent) = (shorten(name), shorten(exponent));
    two_ways(span, "a power of a function")
        .help(format!("write `{name}(x)^{exponent}` or `{name}(x^{exponent})`"))
}

pub(crate) fn needs_brackets(name: &str, span: Span) -> Problem {
    let name = shorten(name);
    Problem::new(span, format!("`{name}` takes its arguments in brackets"))
        .help(format!("write `{name}(…)`"))
}

pub(crate) fn beside_bar(span: Span) -> Problem {
    two_ways(span, "a product with a bar and without its sign").help("write `a*|b|` or `abs(b)`")
}

pub(crate) fn digits_apart(number: &str, span: Span) -> Problem {
    let problem = Problem::new(span, "the digits of a number stand together");
    problem.help(format!("write `{}000`, or with an exponent `1e6`", shorten(number)))
}

pub(crate) fn not_decimal(span: Span) -> Problem {
    Problem::new(span, "a number has decimal digits")
        .help("write `255` for 0xff; a product with zero needs its sign, `0*x`")
}

pub(crate) fn number_behind_value(before: Token<'_>, number: String, span: Span) -> Problem {
    let problem = Problem::new(span, format!("expected an operator, found `{number}`"));
    match before {
        Token::Number(_) => problem.help(
            "the digits of a number stand together: `1000`, `1.5`; a product needs its sign here",
        ),
        _ => problem.help(format!(
            "before a number, a product needs its sign: `x*{number}`; a power is `x^{number}`"
        )),
    }
}
