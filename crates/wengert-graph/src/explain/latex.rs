//! Formulas as LaTeX, for KaTeX, MathJax and TeX itself.

use super::expression::{Condition, Degree, Expr, Fence, Function, Letter, Relation};
use super::names::Names;
use crate::text::number::{constant, number};
use std::borrow::Cow;

/// How tightly a formula holds together; fractions and roots bring brackets of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Sum,
    Sign,
    Product,
    Power,
    Atom,
}

/// The formula as LaTeX, without dollars.
pub(crate) fn latex(expr: &Expr, names: &Names<'_>) -> String {
    Writer { names }.write(expr)
}

struct Writer<'a> {
    names: &'a Names<'a>,
}

impl Writer<'_> {
    fn write(&self, expr: &Expr) -> String {
        match expr {
            Expr::Number(x) => set(&constant(*x)),
            Expr::Value(x) => set(&number(*x)),
            Expr::Node(node) => name(&self.names.name(*node)),
            Expr::Derivative(of, by) => {
                let [of, by] = [of, by].map(|node| name(&self.names.name(*node)));
                format!(r"\frac{{\partial {of}}}{{\partial {by}}}")
            }
            Expr::Letter(letter) => self::letter(*letter).to_owned(),
            Expr::Negative(inner) => format!("-{}", self.within(inner, Binding::Product)),
            Expr::Sum(terms) => self.sum(terms),
            Expr::Product(factors) => {
                let factors = factors.iter().map(|factor| self.within(factor, Binding::Product));
                factors.collect::<Vec<_>>().join(r" \cdot ")
            }
            Expr::Quotient(up, down) => {
                format!(r"\frac{{{}}}{{{}}}", self.write(up), self.write(down))
            }
            Expr::Power(base, exponent) => self.power(base, exponent),
            Expr::Root(degree, inner) => {
                let index = if *degree == Degree::Square { "" } else { "[3]" };
                format!(r"\sqrt{index}{{{}}}", self.write(inner))
            }
            Expr::Apply(function, arguments) => {
                format!(r"{}\left({}\right)", function_name(function), self.list(arguments))
            }
            Expr::Fenced(fence, inner) => {
                let (open, close) = fences(*fence);
                format!(r"\left{open} {} \right{close}", self.write(inner))
            }
            Expr::Cases(cases, last) => self.cases(cases, last),
        }
    }

    /// In brackets where the formula holds together less tightly than it has to.
    fn within(&self, expr: &Expr, needed: Binding) -> String {
        let text = self.write(expr);
        if binding(expr) < needed { format!(r"\left({text}\right)") } else { text }
    }

    fn list(&self, exprs: &[Expr]) -> String {
        exprs.iter().map(|expr| self.write(expr)).collect::<Vec<_>>().join(", ")
    }

    fn sum(&self, terms: &[Expr]) -> String {
        let mut text = String::new();
        for (at, term) in terms.iter().enumerate() {
            let (sign, term, needed) = match (at, term) {
                (0, term) => ("", term, Binding::Sign),
                (_, Expr::Negative(inner)) => (" - ", &**inner, Binding::Product),
                (_, term) => (" + ", term, Binding::Product),
            };
            text += sign;
            text += &self.within(term, needed);
        }
        text
    }

    fn power(&self, base: &Expr, exponent: &Expr) -> String {
        match (base, exponent) {
            (Expr::Apply(function, arguments), Expr::Number(_)) => {
                let exponent = self.write(exponent);
                let (function, arguments) = (function_name(function), self.list(arguments));
                format!(r"{function}^{{{exponent}}}\left({arguments}\right)")
            }
            _ => format!("{}^{{{}}}", self.within(base, Binding::Atom), self.write(exponent)),
        }
    }

    fn cases(&self, cases: &[(Expr, Condition)], last: &Expr) -> String {
        let mut text = String::from(r"\begin{cases} ");
        for (value, condition) in cases {
            let condition = self.condition(condition);
            text += &format!(r"{} & \text{{if }} {condition} \\ ", self.write(value));
        }
        format!(r"{text}{} & \text{{else}} \end{{cases}}", self.write(last))
    }

    fn condition(&self, condition: &Condition) -> String {
        let relation = match condition.relation {
            Relation::Equal => "=",
            Relation::Less => r"\lt",
            Relation::LessOrEqual => r"\le",
            Relation::Greater => r"\gt",
        };
        format!("{} {relation} {}", self.write(&condition.left), self.write(&condition.right))
    }
}

fn binding(expr: &Expr) -> Binding {
    match expr {
        Expr::Number(x) | Expr::Value(x) if x.is_sign_negative() && *x != 0.0 => Binding::Sign,
        Expr::Value(x) if number(*x).contains('e') => Binding::Product,
        Expr::Sum(_) => Binding::Sum,
        Expr::Negative(_) => Binding::Sign,
        Expr::Product(_) => Binding::Product,
        Expr::Quotient(..) | Expr::Derivative(..) | Expr::Power(..) => Binding::Power,
        _ => Binding::Atom,
    }
}

/// A number: an exponent becomes a power of ten.
fn set(number: &str) -> String {
    match number {
        "NaN" => r"\mathrm{NaN}".to_owned(),
        "inf" => r"\infty".to_owned(),
        "-inf" => r"-\infty".to_owned(),
        _ => match number.split_once('e') {
            Some((digits, exponent)) => format!(r"{digits} \cdot 10^{{{exponent}}}"),
            None => number.to_owned(),
        },
    }
}

/// The name of a function; that of a user's own operation stands as it is.
fn function_name(function: &Function) -> Cow<'static, str> {
    match function {
        Function::Known { latex, .. } => (*latex).into(),
        Function::Own(name) => format!(r"\text{{{}}}", escaped(name)).into(),
    }
}

/// A name as mathematicians set it: one letter slanted, digits behind it below; anything else
/// as text.
fn name(name: &str) -> String {
    let mut rest = name.chars();
    let first = rest.next().filter(char::is_ascii_alphabetic);
    let index = rest.as_str().strip_prefix('_').unwrap_or(rest.as_str());
    match first {
        Some(letter) if rest.as_str().is_empty() => letter.to_string(),
        Some(letter) if !index.is_empty() && index.chars().all(|c| c.is_ascii_digit()) => {
            format!("{letter}_{{{index}}}")
        }
        _ => format!(r"\text{{{}}}", escaped(name)),
    }
}

/// Text that neither LaTeX nor the Markdown or HTML around it takes for its own.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str(r"\textbackslash{}"),
            '^' => out.push_str(r"\textasciicircum{}"),
            '~' => out.push_str(r"\textasciitilde{}"),
            '{' | '}' | '$' | '&' | '#' | '_' | '%' => out.extend(['\\', c]),
            // These would begin markup outside of the formula, so they are set as formula.
            '<' => out.push_str(r"}\lt\text{"),
            '>' => out.push_str(r"}\gt\text{"),
            '*' => out.push_str(r"}\ast\text{"),
            '|' => out.push_str(r"}\vert\text{"),
            '`' => out.push('\u{2018}'),
            '[' => out.push_str(r"}\lbrack\text{"),
            ']' => out.push_str(r"}\rbrack\text{"),
            _ => out.push(c),
        }
    }
    out
}

fn letter(letter: Letter) -> &'static str {
    match letter {
        Letter::E => "e",
        Letter::Pi => r"\pi",
        Letter::Ellipsis => r"\ldots",
    }
}

fn fences(fence: Fence) -> (&'static str, &'static str) {
    match fence {
        Fence::Magnitude => (r"\lvert", r"\rvert"),
        Fence::Floor => (r"\lfloor", r"\rfloor"),
        Fence::Ceiling => (r"\lceil", r"\rceil"),
    }
}

#[cfg(test)]
mod tests {
    use super::{name, set};

    #[test]
    fn names_are_set_as_in_books() {
        assert_eq!(["x", "x1", "w_12", "n12"].map(name), ["x", "x_{1}", "w_{12}", "n_{12}"]);
        assert_eq!(name("loss_1"), r"\text{loss\_1}");
    }

    #[test]
    fn no_markup_gets_out_of_a_name() {
        let name = name("<b>$x^2$ \\end{aligned} `c` *");
        assert!(!name.contains(['<', '>', '`', '*', '^']), "{name}");
        assert!(!name.contains(r"\end{"), "{name}");
    }

    #[test]
    fn numbers_are_set_as_in_books() {
        assert_eq!(["-1.5000", "1.0000e-9"].map(set), ["-1.5000", r"1.0000 \cdot 10^{-9}"]);
    }
}
