//! The actions of the grammar: appending terms, and knowing what names mean.

use super::constant::Constant;
use super::error::{Problem, Span, shorten};
use super::function::{Function, FunctionId, Shape};
use super::program::{BinaryOperator, Definition, Program, Run, Term, TermId};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A program that is being read.
#[derive(Debug)]
pub(crate) struct Builder {
    program: Program,
    /// What each name means, and where it was first met.
    names: HashMap<String, (Term, Span)>,
    /// Where the result without a name stands.
    result: Option<Span>,
}

/// An argument of a function.
#[derive(Debug)]
pub(crate) enum Item {
    Term(TermId),
    List(Vec<TermId>, Span),
}

impl Builder {
    pub(crate) fn new() -> Self {
        let program = Program {
            terms: Vec::new(),
            spans: Vec::new(),
            arguments: Vec::new(),
            inputs: Vec::new(),
            definitions: Vec::new(),
            result: None,
        };
        Self { program, names: HashMap::new(), result: None }
    }

    pub(crate) fn finish(self) -> Program {
        self.program
    }

    /// The text is shorter than 2³² bytes, and a term takes at least one, as do an input, a
    /// definition and an argument.
    fn push(&mut self, term: Term, span: Span) -> TermId {
        let id = TermId(self.program.terms.len() as u32);
        self.program.terms.push(term);
        self.program.spans.push(span);
        id
    }

    pub(crate) fn number(&mut self, (text, span): (&str, Span)) -> Result<TermId, Problem> {
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(self.push(Term::Number(number), span)),
            _ => {
                Err(Problem::new(span, format!("`{}` is beyond the largest number", shorten(text)))
                    .label(format!("a 64-bit float ends at {:e}", f64::MAX))
                    .help("infinity is written `inf`"))
            }
        }
    }

    /// A name where a value is wanted.
    pub(crate) fn name(&mut self, (name, span): (&str, Span)) -> Result<TermId, Problem> {
        let term = match self.names.get(name) {
            Some((term, _)) => *term,
            None => self.meet(name, span),
        };
        if let Term::Defined(position) = term {
            self.program.definitions[position as usize].is_used = true;
        }
        Ok(self.push(term, span))
    }

    /// A name that was not met before: a constant or an input.
    fn meet(&mut self, name: &str, span: Span) -> Term {
        let term = Constant::named(name).map_or_else(|| self.input(name), Term::Constant);
        self.names.insert(name.to_owned(), (term, span));
        term
    }

    fn input(&mut self, name: &str) -> Term {
        let position = self.program.inputs.len() as u32;
        self.program.inputs.push(name.to_owned());
        Term::Input(position)
    }

    pub(crate) fn negate(&mut self, x: TermId, span: Span) -> TermId {
        self.push(Term::Negate(x), span)
    }

    pub(crate) fn binary(
        &mut self,
        operator: BinaryOperator,
        x: TermId,
        y: TermId,
        span: Span,
    ) -> TermId {
        self.push(Term::Binary(operator, x, y), span)
    }
}

/// Functions.
impl Builder {
    pub(crate) fn call(
        &mut self,
        (name, span): (&str, Span),
        items: Vec<Item>,
        end: usize,
    ) -> Result<TermId, Problem> {
        let id = FunctionId::named(name).ok_or_else(|| self.no_function(name, span))?;
        let function = id.function();
        let whole = Span::new(span.range().start, end);
        let first = self.program.arguments.len();
        let lists = lists(function, &items, whole)?;
        for item in items {
            match item {
                Item::Term(term) => self.program.arguments.push(term),
                Item::List(terms, _) => self.program.arguments.extend(terms),
            }
        }
        let len = self.program.arguments.len() - first;
        check_arity(function, len, &lists, whole)?;
        let run = Run { first: first as u32, len: len as u32 };
        Ok(self.push(Term::Call(id, run), whole))
    }

    fn no_function(&self, name: &str, span: Span) -> Problem {
        let shown = shorten(name);
        let problem = Problem::new(span, format!("there is no function `{shown}`"));
        if self.names.contains_key(name) {
            return problem
                .label("this is no function, but a name")
                .help(format!("a product needs its sign: `{shown} * (…)`"));
        }
        match Function::nearest(name) {
            Some(near) => problem.label(format!("did you mean `{near}`?")),
            None => problem.help("`wengert functions` lists them all"),
        }
    }
}

/// The lengths of the lists among some arguments, which have to be where the function takes them.
fn lists(function: Function, items: &[Item], whole: Span) -> Result<Vec<usize>, Problem> {
    let list = |item: &Item| match item {
        Item::Term(_) => None,
        Item::List(terms, span) => Some((terms.len(), *span)),
    };
    let wrong = |span: Span| {
        let problem = Problem::new(span, format!("`{}` takes other arguments", function.name()));
        Err(problem.label(format!("it is written `{}`", function.usage())))
    };
    let found: Vec<_> = items.iter().filter_map(list).collect();
    let fits = match (function.shape(), items) {
        (Shape::Any, _)
        | (Shape::HeadAndList, [Item::Term(_), Item::List(..)])
        | (Shape::TwoLists, [Item::List(..), Item::List(..)]) => true,
        (Shape::TwoLists | Shape::HeadAndList, _) => false,
        (Shape::Fixed(_), _) => found.is_empty(),
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
        Err(problem.label(format!("it is written `{}`", function.usage())))
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
impl Builder {
    pub(crate) fn define(
        &mut self,
        (name, span): (&str, Span),
        term: TermId,
    ) -> Result<(), Problem> {
        self.check_not_ended()?;
        match self.names.entry(name.to_owned()) {
            Entry::Occupied(entry) => Err(redefined(name, span, *entry.get())),
            Entry::Vacant(entry) => {
                entry.insert((Term::Defined(self.program.definitions.len() as u32), span));
                let name = name.to_owned();
                self.program.definitions.push(Definition { name, span, term, is_used: false });
                Ok(())
            }
        }
    }

    /// A statement without a name.
    pub(crate) fn result(&mut self, term: TermId, span: Span) -> Result<(), Problem> {
        self.check_not_ended()?;
        self.program.result = Some(term);
        self.result = Some(span);
        Ok(())
    }

    fn check_not_ended(&self) -> Result<(), Problem> {
        match self.result {
            None => Ok(()),
            Some(span) => Err(Problem::new(span, "only the last statement can go without a name")
                .label("its value would be lost")
                .help("give it a name, `n = …`, and use that below")),
        }
    }
}

fn redefined(name: &str, span: Span, (meaning, first): (Term, Span)) -> Problem {
    let name = shorten(name);
    if let Term::Defined(_) = meaning {
        return Problem::new(span, format!("`{name}` is defined twice"))
            .note(first, "first here")
            .help("a name stands for one value");
    }
    Problem::new(span, format!("`{name}` is used before it is defined"))
        .note(first, "used here")
        .help("move the definition up, or take another name")
}
