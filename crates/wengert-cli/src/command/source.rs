//! Where an expression comes from.

use super::arguments;
use super::failure::{Failure, warn};
use super::options::Expression;
use std::fs::File;
use std::io::{Read, stdin};
use std::path::Path;
use wengert_cli::{Error, Program, shorten};

/// An expression that was read, and its text, at which errors point.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) program: Program,
    text: String,
    origin: String,
}

impl Source {
    /// Reads an expression whose inputs will have these values: some may be vectors.
    pub(crate) fn read(expression: &Expression, values: &[String]) -> Result<Self, Failure> {
        let vectors = arguments::vectors(values)?;
        let name = &expression.text;
        let (text, origin) = match name.as_str() {
            "-" => (read(stdin().lock(), "standard input")?, "standard input"),
            name if name.ends_with(".wgt") => (read_file(name)?, name),
            text => (text.to_owned(), "expression"),
        };
        let source = Self::parse(text, origin.to_owned(), &vectors);
        let source = source.map_err(|failure| taken_for_an_expression(name).unwrap_or(failure))?;
        source.warn_of_unused();
        Ok(source)
    }

    /// Names the first definitions that nothing uses, and counts the others.
    fn warn_of_unused(&self) {
        const NAMED: usize = 10;
        let mut unused = self.program.unused();
        for definition in unused.by_ref().take(NAMED) {
            let (line, column) = definition.span().line_and_column(&self.text);
            let (name, origin) = (shorten(definition.name()), &self.origin);
            warn(&format!("`{name}`, defined at {origin}:{line}:{column}, is used nowhere"));
        }
        match unused.count() {
            0 => {}
            1 => warn("1 more definition is used nowhere"),
            more => warn(&format!("{more} more definitions are used nowhere")),
        }
    }

    /// A text that is called `origin`.
    pub(crate) fn parse(
        text: String,
        origin: String,
        vectors: &[(&str, usize)],
    ) -> Result<Self, Failure> {
        match Program::parse_with_vectors(&text, vectors) {
            Ok(program) => Ok(Self { program, text, origin }),
            Err(error) => Err(Failure::Expression { error, text, origin }),
        }
    }

    /// An error of recording the program.
    pub(crate) fn failure(&self, error: Error) -> Failure {
        let (text, origin) = (self.text.clone(), self.origin.clone());
        Failure::Expression { error, text, origin }
    }

    /// A part of the text and its place, for a sentence.
    pub(crate) fn place(&self, span: wengert_cli::Span) -> String {
        let (line, column) = span.line_and_column(&self.text);
        let words: Vec<&str> = self.text[span.range()].split_whitespace().collect();
        format!("`{}`, at {}:{line}:{column}", shorten(&words.join(" ")), self.origin)
    }
}

/// What is wrong with the name of a file in the place of an expression.
fn taken_for_an_expression(name: &str) -> Option<Failure> {
    let is_file = name != "-" && !name.ends_with(".wgt") && Path::new(name).is_file();
    is_file.then(|| {
        Failure::Usage(format!(
            "`{name}` is a file, but an expression is read from files whose names end in `.wgt`; \
             or from standard input, as in `wengert grad - < {name}`"
        ))
    })
}

fn read_file(name: &str) -> Result<String, Failure> {
    let file = File::open(name);
    read(file.map_err(|error| Failure::File(format!("cannot read {name}: {error}")))?, name)
}

/// Reads no more than an expression may have, and one byte, so that the parser says that there
/// is more: what is read need not have an end.
fn read(input: impl Read, name: &str) -> Result<String, Failure> {
    let mut text = String::new();
    let most = Program::LONGEST as u64 + 1;
    let read = input.take(most).read_to_string(&mut text);
    read.map_err(|error| Failure::File(format!("cannot read {name}: {error}")))?;
    Ok(text)
}
