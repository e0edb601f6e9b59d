//! A program as text, with no more brackets than it needs.

use super::function::Shape;
use super::program::{BinaryOperator, Program, Results, Term, TermId};
use std::fmt::{self, Write};

/// How strongly something binds: the layers of the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

/// What is still to be written, the next one last: a stack of our own, because an expression can
/// nest deeper than the system's.
enum Piece {
    Text(&'static str),
    /// A term where the grammar wants this layer or a stronger one.
    Term(TermId, Layer),
}

impl fmt::Display for Program {
    /// Writes the program on one line. Reading that gives the same program.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut mark = "";
        for definition in &self.definitions {
            write!(f, "{mark}{} = ", definition.name)?;
            self.write(vec![Piece::Term(definition.term, Layer::Sum)], f)?;
            mark = "; ";
        }
        match &self.results {
            Results::Last => Ok(()),
            Results::One(term) => {
                f.write_str(mark)?;
                self.write(vec![Piece::Term(*term, Layer::Sum)], f)
            }
            Results::List(terms) => {
                f.write_str(mark)?;
                let mut pieces = Vec::with_capacity(2 * terms.len() + 1);
                enclose("[", terms, "]", &mut pieces);
                pieces.reverse();
                self.write(pieces, f)
            }
        }
    }
}

/// One term as text.
struct Text<'p> {
    program: &'p Program,
    term: TermId,
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.program.write(vec![Piece::Term(self.term, Layer::Sum)], f)
    }
}

impl Program {
    /// Each output as what writes its text: its expression, which is a name where it has one.
    ///
    /// # Example
    /// ```
    /// let program = wengert_cli::Program::parse("n = 2 x; [n, x·y]")?;
    /// let texts: Vec<String> = program.output_texts().map(|text| text.to_string()).collect();
    /// assert_eq!(texts, ["n", "x * y"]);
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    pub fn output_texts(&self) -> impl Iterator<Item = impl fmt::Display> {
        self.outputs().iter().map(|&term| Text { program: self, term })
    }

    fn write(&self, mut pieces: Vec<Piece>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        while let Some(piece) = pieces.pop() {
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::Term(term, wanted) => self.open(term, wanted, &mut pieces, f)?,
            }
        }
        Ok(())
    }

    /// Writes what a term begins with, and leaves the rest on the stack.
    fn open(
        &self,
        term: TermId,
        wanted: Layer,
        pieces: &mut Vec<Piece>,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        let term = &self.terms[term.index()];
        if layer(term) < wanted {
            f.write_char('(')?;
            pieces.push(Piece::Text(")"));
        }
        match *term {
            Term::Number(number) => write_number(number, f),
            Term::Constant(constant) => f.write_str(constant.name()),
            Term::Input(position) => f.write_str(&self.inputs[position as usize]),
            Term::Defined(position) => f.write_str(&self.definitions[position as usize].name),
            Term::Negate(x) => {
                pieces.push(Piece::Term(x, Layer::Sign));
                f.write_char('-')
            }
            Term::Binary(operator, x, y) => {
                let (left, sign, right) = notation(operator);
                pieces.extend([Piece::Term(y, right), Piece::Text(sign), Piece::Term(x, left)]);
                Ok(())
            }
            Term::Call(id, run) => {
                let (function, terms) = (id.function(), run.of(&self.arguments));
                pieces.extend(arguments(function.shape(), terms).into_iter().rev());
                f.write_str(function.name())
            }
        }
    }
}

/// The arguments of a function, in brackets.
fn arguments(shape: Shape, terms: &[TermId]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    match shape {
        Shape::TwoLists => {
            let (one, two) = terms.split_at(terms.len() / 2);
            enclose("([", one, "", &mut pieces);
            enclose("], [", two, "])", &mut pieces);
        }
        Shape::HeadAndList => {
            let (head, list) = terms.split_at(1);
            enclose("(", head, "", &mut pieces);
            enclose(", [", list, "])", &mut pieces);
        }
        _ => enclose("(", terms, ")", &mut pieces),
    }
    pieces
}

/// Terms with commas between them, and what stands before and behind.
fn enclose(open: &'static str, terms: &[TermId], close: &'static str, pieces: &mut Vec<Piece>) {
    pieces.push(Piece::Text(open));
    for (position, &term) in terms.iter().enumerate() {
        pieces.push(Piece::Text(if position == 0 { "" } else { ", " }));
        pieces.push(Piece::Term(term, Layer::Sum));
    }
    pieces.push(Piece::Text(close));
}

/// The layer of a term.
const fn layer(term: &Term) -> Layer {
    match term {
        Term::Negate(_) => Layer::Sign,
        Term::Binary(BinaryOperator::Add | BinaryOperator::Sub, ..) => Layer::Sum,
        Term::Binary(BinaryOperator::Pow, ..) => Layer::Power,
        Term::Binary(..) => Layer::Product,
        _ => Layer::Atom,
    }
}

/// The layers that the grammar wants on both sides of an operator, and its sign.
const fn notation(operator: BinaryOperator) -> (Layer, &'static str, Layer) {
    match operator {
        BinaryOperator::Add => (Layer::Sum, " + ", Layer::Product),
        BinaryOperator::Sub => (Layer::Sum, " - ", Layer::Product),
        BinaryOperator::Mul => (Layer::Product, " * ", Layer::Sign),
        BinaryOperator::Div => (Layer::Product, " / ", Layer::Sign),
        BinaryOperator::Rem => (Layer::Product, " % ", Layer::Sign),
        BinaryOperator::Pow => (Layer::Atom, "^", Layer::Sign),
    }
}

/// The shortest text that reads as the same number.
fn write_number(number: f64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let text = format!("{number:?}");
    f.write_str(text.strip_suffix(".0").unwrap_or(&text))
}
