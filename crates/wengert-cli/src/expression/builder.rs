//! The actions of the grammar: appending terms, and knowing what names mean.

use super::constant::Constant;
use super::error::{Problem, Span, shorten};
use super::function::{Function, FunctionId, Shape};
use super::hint;
use super::lexer;
use super::program::{BinaryOperator, Definition, Program, Results, Run, Term, TermId};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use wengert::OpKind;

/// A program that is being read.
#[derive(Debug)]
pub(crate) struct Builder<'t> {
    program: Program,
    /// What each name means, and where it was first met.
    names: HashMap<&'t str, (Meaning, Span)>,
    /// The inputs that are vectors, and their lengths.
    vectors: HashMap<&'t str, usize>,
    /// Where the result without a name stands.
    result: Option<Span>,
}

#[derive(Clone, Copy, Debug)]
enum Meaning {
    /// A number: this term, which all its mentions share.
    Number(TermId),
    /// A definition that was not mentioned so far, by its position.
    Defined(u32),
    /// A vector: so many terms from this one on.
    Vector(TermId, u32),
}

/// What a part of an expression is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value {
    Number(TermId),
    Vector(Vector),
}

/// The components of a vector: terms that follow each other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vector {
    first: TermId,
    len: u32,
    span: Span,
}

impl Vector {
    fn components(self) -> impl Iterator<Item = TermId> {
        (self.first.0..self.first.0 + self.len).map(TermId)
    }
}

/// An argument of a function.
#[derive(Debug)]
pub(crate) enum Item {
    Term(TermId),
    List(Vec<TermId>, Span),
    Vector(Vector),
}

impl Item {
    pub(crate) const fn of(value: Value) -> Self {
        match value {
            Value::Number(term) => Self::Term(term),
            Value::Vector(vector) => Self::Vector(vector),
        }
    }

    /// The length of a list and its place.
    const fn as_list(&self) -> Option<(usize, Span)> {
        match self {
            Self::Term(_) => None,
            Self::List(terms, span) => Some((terms.len(), *span)),
            Self::Vector(vector) => Some((vector.len as usize, vector.span)),
        }
    }
}

impl<'t> Builder<'t> {
    pub(crate) fn new(vectors: &[(&'t str, usize)]) -> Self {
        let program = Program {
            terms: Vec::new(),
            spans: Vec::new(),
            arguments: Vec::new(),
            inputs: Vec::new(),
            definitions: Vec::new(),
            results: Results::Last,
        };
        let vectors = vectors.iter().copied().collect();
        Self { program, names: HashMap::new(), vectors, result: None }
    }

    pub(crate) fn finish(self) -> Program {
        self.program
    }

    /// The text is shorter than 2³² bytes, and a term takes at least one, as do an input, a
    /// definition and an argument; vectors are counted where they are met.
    fn push(&mut self, term: Term, span: Span) -> TermId {
        let id = TermId(self.program.terms.len() as u32);
        self.program.terms.push(term);
        self.program.spans.push(span);
        id
    }

    fn number_of(&mut self, term: Term, span: Span) -> Value {
        Value::Number(self.push(term, span))
    }

    pub(crate) fn number(&mut self, (text, span): (&str, Span)) -> Result<Value, Problem> {
        // A minus sign as books have it.
        let number = match text.contains('−') {
            true => text.replace('−', "-").parse::<f64>(),
            false => text.parse(),
        };
        match number {
            Ok(number) if number.is_finite() => Ok(self.number_of(Term::Number(number), span)),
            _ => Err(too_large(text, span)),
        }
    }
}

fn too_large(text: &str, span: Span) -> Problem {
    Problem::new(span, format!("`{}` is beyond the largest number", shorten(text)))
        .label(format!("a 64-bit float ends at {:e}", f64::MAX))
        .help("infinity is written `inf`")
}

/// Names.
impl<'t> Builder<'t> {
    /// A name where a value is wanted.
    pub(crate) fn name(&mut self, (name, span): (&'t str, Span)) -> Result<Value, Problem> {
        let meaning = match self.names.get(name) {
            Some((meaning, _)) => *meaning,
            None => self.meet(name, span)?,
        };
        match meaning {
            Meaning::Vector(first, len) => Ok(Value::Vector(Vector { first, len, span })),
            Meaning::Number(term) => Ok(Value::Number(term)),
            Meaning::Defined(position) => {
                self.program.definitions[position as usize].is_used = true;
                let term = self.push(Term::Defined(position), span);
                if let Some((meaning, _)) = self.names.get_mut(name) {
                    *meaning = Meaning::Number(term);
                }
                Ok(Value::Number(term))
            }
        }
    }

    /// A name that was not met before: a constant or an input.
    fn meet(&mut self, name: &'t str, span: Span) -> Result<Meaning, Problem> {
        let meaning = match (Constant::named(name), self.vectors.get(name)) {
            (Some(constant), _) => Meaning::Number(self.push(Term::Constant(constant), span)),
            (None, Some(&len)) => self.vector(name, len, span)?,
            (None, None) => {
                let input = self.input(name.to_owned());
                Meaning::Number(self.push(input, span))
            }
        };
        self.names.insert(name, (meaning, span));
        Ok(meaning)
    }

    fn input(&mut self, name: String) -> Term {
        let position = self.program.inputs.len() as u32;
        self.program.inputs.push(name);
        Term::Input(position)
    }

    /// An input for each component.
    fn vector(&mut self, name: &str, len: usize, span: Span) -> Result<Meaning, Problem> {
        check_size(self.program.inputs.len(), len, span)?;
        let first = TermId(self.program.terms.len() as u32);
        for position in 1..=len {
            let component = self.input(format!("{name}[{position}]"));
            self.push(component, span);
        }
        Ok(Meaning::Vector(first, len as u32))
    }

    /// A component of a vector, counted from 1: `x[2]`.
    pub(crate) fn component(
        &mut self,
        name: (&'t str, Span),
        (position, place): (&str, Span),
        end: usize,
    ) -> Result<Value, Problem> {
        let whole = Span::new(name.1.range().start, end);
        let shown = shorten(name.0);
        let Value::Vector(vector) = self.name(name)? else {
            return Err(Problem::new(
                whole,
                format!("`{shown}` is a number, and has no components"),
            )
            .help(format!("a vector is given as one: `{shown}=[1, 2, 3]`")));
        };
        match position.parse().ok().filter(|position| (1..=vector.len).contains(position)) {
            Some(position) => Ok(Value::Number(TermId(vector.first.0 + position - 1))),
            None => {
                let position = shorten(position);
                let message = format!("`{shown}` has no component {position}");
                let label = format!("there are {}, counted from 1", vector.len);
                Err(Problem::new(place, message).label(label))
            }
        }
    }
}

/// What vectors add has a limit, as the text has.
fn check_size(have: usize, more: usize, span: Span) -> Result<(), Problem> {
    let limit = Program::LONGEST;
    match have.checked_add(more) {
        Some(size) if size <= limit => Ok(()),
        _ => Err(Problem::new(
            span,
            format!("vectors of {have} and {more} components: the limit is {limit} in all"),
        )),
    }
}

/// The number that a value is.
fn scalar(value: Value) -> Result<TermId, Problem> {
    match value {
        Value::Number(term) => Ok(term),
        Value::Vector(Vector { span, len, .. }) => {
            Err(Problem::new(span, "a vector stands where a number should")
                .label(format!("this has {len} components"))
                .help(
                    "functions take it, as `sum(x)`, `dot(x, y)`, `norm(x)`; its first component \
                     is `x[1]`",
                ))
        }
    }
}

/// Operators.
impl Builder<'_> {
    pub(crate) fn negate(&mut self, x: Value, span: Span) -> Result<Value, Problem> {
        let x = scalar(x)?;
        Ok(self.number_of(Term::Negate(x), span))
    }

    pub(crate) fn binary(
        &mut self,
        operator: BinaryOperator,
        x: Value,
        y: Value,
        span: Span,
    ) -> Result<Value, Problem> {
        let (x, y) = (scalar(x)?, scalar(y)?);
        Ok(self.number_of(Term::Binary(operator, x, y), span))
    }

    /// A power in superscript digits: what `x^2` and `x^-2` mean.
    pub(crate) fn raise(
        &mut self,
        x: Value,
        (exponent, place): (&str, Span),
        span: Span,
    ) -> Result<Value, Problem> {
        let (is_negative, digits) = lexer::exponent(exponent);
        let mut exponent = self.number((&digits, place))?;
        if is_negative {
            exponent = self.negate(exponent, place)?;
        }
        self.binary(BinaryOperator::Pow, x, exponent, span)
    }

    /// A function with a notation of its own: √x, |x|.
    pub(crate) fn unary(&mut self, kind: OpKind, x: Value, span: Span) -> Result<Value, Problem> {
        let x = scalar(x)?;
        let first = self.program.arguments.len() as u32;
        self.program.arguments.push(x);
        let run = Run { first, len: 1 };
        Ok(self.number_of(Term::Call(FunctionId::of(kind), run), span))
    }

    /// The numbers of a list.
    pub(crate) fn components(&self, values: Vec<Value>) -> Result<Vec<TermId>, Problem> {
        values.into_iter().map(scalar).collect()
    }
}

/// Functions.
impl<'t> Builder<'t> {
    pub(crate) fn call(
        &mut self,
        (name, span): (&str, Span),
        items: Vec<Item>,
        end: usize,
    ) -> Result<Value, Problem> {
        let id = FunctionId::named(name).ok_or_else(|| self.no_function(name, span))?;
        let function = id.function();
        let whole = Span::new(span.range().start, end);
        let first = self.program.arguments.len();
        let lists = lists(function, &items, whole)?;
        for item in items {
            match item {
                Item::Term(term) => self.program.arguments.push(term),
                Item::List(terms, _) => self.program.arguments.extend(terms),
                Item::Vector(vector) => {
                    check_size(self.program.arguments.len(), vector.len as usize, vector.span)?;
                    self.program.arguments.extend(vector.components());
                }
            }
        }
        let len = self.program.arguments.len() - first;
        check_arity(function, len, &lists, whole)?;
        let run = Run { first: first as u32, len: len as u32 };
        Ok(self.number_of(Term::Call(id, run), whole))
    }

    /// A power of a call, written behind its name: sin²(x).
    pub(crate) fn raised_call(
        &mut self,
        name: (&'t str, Span),
        exponent: (&str, Span),
        items: Vec<Item>,
        end: usize,
    ) -> Result<Value, Problem> {
        let call = self.call(name, items, end)?;
        self.raise(call, exponent, Span::new(name.1.range().start, end))
    }

    fn no_function(&self, name: &str, span: Span) -> Problem {
        let shown = shorten(name);
        let problem = Problem::new(span, format!("there is no function `{shown}`"));
        if self.names.contains_key(name) {
            return problem
                .label("this is no function, but a name")
                .help(format!("a product needs its sign: `{shown} * (…)`"));
        }
        if let Some(help) = hint::no_function(name) {
            return problem.help(help);
        }
        match Function::nearest(name) {
            Some(near) => problem.label(format!("did you mean `{near}`?")),
            None => problem.help(format!(
                "`wengert functions` lists them all; a product with a bracket is `{shown}*(…)`"
            )),
        }
    }
}

/// The lengths of the lists among some arguments, which have to be where the function takes them.
fn lists(function: Function, items: &[Item], whole: Span) -> Result<Vec<usize>, Problem> {
    let found: Vec<_> = items.iter().filter_map(Item::as_list).collect();
    let fits = match (function.shape(), items) {
        (Shape::Any, _) => true,
        (Shape::HeadAndList, [Item::Term(_), list]) => list.as_list().is_some(),
        (Shape::TwoLists, [_, _]) => found.len() == 2,
        (Shape::TwoLists | Shape::HeadAndList, _) => false,
        (Shape::Fixed(_), _) => found.is_empty(),
    };
    let wrong = |span: Span| {
        let problem = Problem::new(span, format!("`{}` takes other arguments", function.name()))
            .label(format!("it is written `{}`", function.usage()));
        Err(match function.shape() {
            Shape::Fixed(_) => problem,
            _ => problem.help("an input is a list where its value is one: `x=[1, 2, 3]`"),
        })
    };
    match found.first() {
        Some((_, span)) if !fits => wrong(*span),
        None if !fits => wrong(whole),
        _ => Ok(found.into_iter().map(|(len, _)| len).collect()),
    }
}

fn check_arity(
    function: Function,
    given: usize,
    lists: &[usize],
    span: Span,
) -> Result<(), Problem> {
    let name = function.name();
    let wrong = |message: String| {
        let problem = Problem::new(span, message);
        let problem = problem.label(format!("it is written `{}`", function.usage()));
        Err(match function.kind() {
            OpKind::Log => problem.help("other logarithms are `ln(x)`, `log10(x)`, `log2(x)`"),
            _ => problem,
        })
    };
    match (function.shape(), lists) {
        (Shape::Fixed(1), _) if given != 1 => {
            wrong(format!("`{name}` takes 1 argument, given {given}"))
        }
        (Shape::Fixed(wanted), _) if given != wanted => {
            wrong(format!("`{name}` takes {wanted} arguments, given {given}"))
        }
        (Shape::Any, _) if given == 0 => {
            wrong(format!("`{name}` takes at least 1 argument, given none"))
        }
        (Shape::TwoLists, &[one, two]) if one != two => {
            wrong(format!("`{name}` takes lists of one length, given {one} and {two}"))
        }
        _ => Ok(()),
    }
}

/// Statements.
impl<'t> Builder<'t> {
    pub(crate) fn define(
        &mut self,
        (name, span): (&'t str, Span),
        value: Value,
    ) -> Result<(), Problem> {
        self.check_not_ended()?;
        let term = scalar(value)?;
        match self.names.entry(name) {
            Entry::Occupied(entry) => {
                let (meaning, first) = *entry.get();
                let is_definition = match meaning {
                    Meaning::Defined(_) => true,
                    Meaning::Number(term) => {
                        matches!(self.program.terms[term.index()], Term::Defined(_))
                    }
                    Meaning::Vector(..) => false,
                };
                Err(redefined(name, span, is_definition, first))
            }
            Entry::Vacant(entry) => {
                let meaning = Meaning::Defined(self.program.definitions.len() as u32);
                entry.insert((meaning, span));
                let name = name.to_owned();
                self.program.definitions.push(Definition { name, span, term, is_used: false });
                Ok(())
            }
        }
    }

    /// A statement without a name.
    pub(crate) fn result(&mut self, value: Value, span: Span) -> Result<(), Problem> {
        self.check_not_ended()?;
        self.program.results = match value {
            Value::Number(term) => Results::One(term),
            Value::Vector(vector) => Results::List(vector.components().collect()),
        };
        self.result = Some(span);
        Ok(())
    }

    /// Several results, in square brackets.
    pub(crate) fn results(&mut self, values: Vec<Value>, span: Span) -> Result<(), Problem> {
        self.check_not_ended()?;
        if values.is_empty() {
            return Err(Problem::new(span, "there is no expression in the brackets")
                .help("several outputs are written `[x*y, x + y]`"));
        }
        self.program.results = Results::List(self.components(values)?);
        self.result = Some(span);
        Ok(())
    }

    fn check_not_ended(&self) -> Result<(), Problem> {
        match self.result {
            None => Ok(()),
            Some(span) => Err(Problem::new(span, "only the last statement can go without a name")
                .label("its value would be lost")
                .help("give it a name, `n = …`, and use that below; or ask for `[x, y]`")),
        }
    }
}

fn redefined(name: &str, span: Span, is_definition: bool, first: Span) -> Problem {
    let name = shorten(name);
    if is_definition {
        return Problem::new(span, format!("`{name}` is defined twice"))
            .note(first, "first here")
            .help("a name stands for one value");
    }
    Problem::new(span, format!("`{name}` is used before it is defined"))
        .note(first, "used here")
        .help("move the definition up, or take another name")
}
