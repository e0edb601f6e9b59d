//! Formulas as plain text: `∂o/∂n · (1 − tanh²(n))`.

use super::expression::{Condition, Degree, Expr, Fence, Letter, Relation};
use super::names::{Names, is_word};
use crate::NodeIndex;
use crate::text::number::{typeset, typeset_constant};

/// How tightly a formula holds together; what holds less than its surroundings needs brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Sum,
    Sign,
    Product,
    Quotient,
    Power,
    Atom,
}

/// The formula as plain text.
pub(crate) fn text(expr: &Expr, names: &Names<'_>) -> String {
    text_with(expr, &|node| names.name(node))
}

/// The formula with names of any kind.
pub(crate) fn text_with(expr: &Expr, name: &dyn Fn(NodeIndex) -> String) -> String {
    Writer { name }.write(expr)
}

struct Writer<'a> {
    name: &'a dyn Fn(NodeIndex) -> String,
}

impl Writer<'_> {
    fn write(&self, expr: &Expr) -> String {
        match expr {
            Expr::Number(x) => typeset_constant(*x),
            Expr::Value(x) => typeset(*x),
            Expr::Node(node) => word((self.name)(*node)),
            Expr::Derivative(of, by) => {
                let [of, by] = [of, by].map(|node| word((self.name)(*node)));
                format!("∂{of}/∂{by}")
            }
            Expr::Letter(letter) => self::letter(*letter).to_owned(),
            Expr::Negative(inner) => format!("−{}", self.within(inner, Binding::Product)),
            Expr::Sum(terms) => self.sum(terms),
            Expr::Product(factors) => {
                let factors = factors.iter().map(|factor| self.within(factor, Binding::Quotient));
                factors.collect::<Vec<_>>().join(" · ")
            }
            Expr::Quotient(up, down) => {
                let up = self.within(up, Binding::Power);
                format!("{up}/{}", self.within(down, Binding::Power))
            }
            Expr::Power(base, exponent) => self.power(base, exponent),
            Expr::Root(degree, inner) => {
                let sign = if *degree == Degree::Square { "√" } else { "∛" };
                format!("{sign}{}", self.within(inner, Binding::Atom))
            }
            Expr::Apply(function, arguments) => {
                format!("{}({})", function.text(), self.list(arguments))
            }
            Expr::Fenced(fence, inner) => {
                let (open, close) = fences(*fence);
                format!("{open}{}{close}", self.write(inner))
            }
            Expr::Cases(cases, last) => self.cases(cases, last),
        }
    }

    /// In brackets where the formula holds together less tightly than it has to.
    fn within(&self, expr: &Expr, needed: Binding) -> String {
        let text = self.write(expr);
        if binding(expr) < needed { format!("({text})") } else { text }
    }

    fn list(&self, exprs: &[Expr]) -> String {
        exprs.iter().map(|expr| self.write(expr)).collect::<Vec<_>>().join(", ")
    }

    fn sum(&self, terms: &[Expr]) -> String {
        let mut text = String::new();
        for (at, term) in terms.iter().enumerate() {
            match (at, term) {
                (0, _) => text += &self.within(term, Binding::Sign),
                (_, Expr::Negative(inner)) => {
                    text += " − ";
                    text += &self.within(inner, Binding::Product);
                }
                _ => {
                    text += " + ";
                    text += &self.within(term, Binding::Product);
                }
            }
        }
        text
    }

    /// `x²`, `tanh²(x)`, `e^x`, `x^(y − 1)`.
    fn power(&self, base: &Expr, exponent: &Expr) -> String {
        match (base, exponent) {
            (Expr::Apply(function, arguments), Expr::Number(n)) if is_raised(*n) => {
                format!("{}{}({})", function.text(), raised(*n), self.list(arguments))
            }
            (_, Expr::Number(n)) if is_raised(*n) => {
                format!("{}{}", self.within(base, Binding::Atom), raised(*n))
            }
            _ => {
                let base = self.within(base, Binding::Atom);
                format!("{base}^{}", self.within(exponent, Binding::Atom))
            }
        }
    }

    fn cases(&self, cases: &[(Expr, Condition)], last: &Expr) -> String {
        let mut text = String::new();
        for (value, condition) in cases {
            text += &format!("{} if {}, ", self.write(value), self.condition(condition));
        }
        format!("({text}else {})", self.write(last))
    }

    fn condition(&self, condition: &Condition) -> String {
        let relation = match condition.relation {
            Relation::Equal => "=",
            Relation::Less => "<",
            Relation::LessOrEqual => "≤",
            Relation::Greater => ">",
        };
        format!("{} {relation} {}", self.write(&condition.left), self.write(&condition.right))
    }
}

fn binding(expr: &Expr) -> Binding {
    match expr {
        Expr::Number(x) | Expr::Value(x) if x.is_sign_negative() && *x != 0.0 => Binding::Sign,
        Expr::Value(x) if typeset(*x).contains('e') => Binding::Product,
        Expr::Sum(_) => Binding::Sum,
        Expr::Negative(_) => Binding::Sign,
        Expr::Product(_) => Binding::Product,
        Expr::Quotient(..) | Expr::Derivative(..) => Binding::Quotient,
        Expr::Power(..) | Expr::Root(..) => Binding::Power,
        _ => Binding::Atom,
    }
}

/// A name that is no word stands in brackets: ∂o/∂(a + b).
fn word(name: String) -> String {
    if is_word(&name) { name } else { format!("({name})") }
}

fn letter(letter: Letter) -> &'static str {
    match letter {
        Letter::E => "e",
        Letter::Pi => "π",
        Letter::Ellipsis => "…",
    }
}

fn fences(fence: Fence) -> (char, char) {
    match fence {
        Fence::Magnitude => ('|', '|'),
        Fence::Floor => ('⌊', '⌋'),
        Fence::Ceiling => ('⌈', '⌉'),
    }
}

/// Whether an exponent is written as superscript digits.
fn is_raised(n: f64) -> bool {
    n.fract() == 0.0 && n.abs() < 1000.0
}

fn raised(n: f64) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digit = |c: char| c.to_digit(10).map_or('⁻', |digit| DIGITS[digit as usize]);
    typeset_constant(n).chars().map(digit).collect()
}
