//! The door of the parser, and what its errors mean for whoever wrote the text.

use super::builder::Builder;
use super::error::{Error, Problem, Span};
use super::grammar::{ProgramParser, Token};
use super::program::Program;
use lalrpop_util::ParseError;
use std::sync::LazyLock;

/// The parser compiles the patterns of its lexer, which takes longer than most expressions do.
static PARSER: LazyLock<ProgramParser> = LazyLock::new(ProgramParser::new);

impl Program {
    /// The bytes that a text may have: enough for a sum of a million products.
    pub const LONGEST: usize = 1 << 23;

    /// Reads an expression, or statements with `;` between them.
    ///
    /// # Errors
    /// If the text is not of the language, names a function that is not there, gives one the
    /// wrong number of arguments, defines a name twice or after its use, or is longer than
    /// [`Program::LONGEST`].
    ///
    /// # Complexity
    /// Linear in the length of the text, however deep it nests.
    ///
    /// # Example
    /// ```
    /// use wengert_cli::Program;
    /// assert_eq!(Program::parse("-(x^2)")?.to_string(), "-x^2");
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        let given = text.len();
        if given > Self::LONGEST {
            let message = format!("the text has {given} bytes, the limit is {}", Self::LONGEST);
            return Err(Problem::new(Span::new(0, 0), message).into());
        }
        let mut builder = Builder::new();
        match PARSER.parse(&mut builder, text) {
            Ok(()) => Ok(builder.finish()),
            Err(error) => Err(explain(error, text).into()),
        }
    }
}

fn explain(error: ParseError<usize, Token<'_>, Problem>, text: &str) -> Problem {
    match error {
        ParseError::InvalidToken { location } => invalid(location, text),
        ParseError::UnrecognizedEof { location, expected } => at_end(location, &expected, text),
        ParseError::UnrecognizedToken { token: (start, Token(_, word), end), expected } => {
            unexpected(word, Span::new(start, end), &expected, text)
        }
        ParseError::ExtraToken { token: (start, Token(_, word), end) } => {
            Problem::new(Span::new(start, end), format!("`{word}` stands behind the end"))
        }
        ParseError::User { error } => error,
    }
}

/// A character that begins no word of the language.
fn invalid(location: usize, text: &str) -> Problem {
    let character = text[location..].chars().next().unwrap_or_default();
    let span = Span::new(location, location + character.len_utf8());
    let problem = Problem::new(span, format!("`{}` has no meaning here", character.escape_debug()));
    match character {
        '·' | '×' | '⋅' => problem.help("a product is written `*`"),
        '−' | '–' => problem.help("a minus is written `-`"),
        '²' | '³' => problem.help("a power is written `x^2`"),
        '|' => problem.help("an absolute value is written `abs(x)`"),
        '{' | '}' => problem.help("brackets are round, `(`, and square around lists, `[`"),
        _ => problem,
    }
}

fn at_end(location: usize, expected: &[String], text: &str) -> Problem {
    if expects(expected, "NUMBER") && text[..location].trim().is_empty() {
        return Problem::new(Span::new(0, 0), "there is no expression")
            .help("an example: `tanh(x*w + b)`");
    }
    let span = Span::new(location, location);
    let problem = Problem::new(span, format!("the end comes where {} should", wanted(expected)));
    match last_open(text) {
        Some(open) => problem.note(Span::new(open, open + 1), "opened here"),
        None => problem,
    }
}

fn unexpected(word: &str, span: Span, expected: &[String], text: &str) -> Problem {
    let message = format!("expected {}, found `{word}`", wanted(expected));
    let problem = Problem::new(span, message);
    let begins_operand = !matches!(word, ")" | "]" | "," | ";" | "=" | "*" | "/" | "%" | "^");
    let behind_operand = !expects(expected, "NUMBER");
    let before = text[..span.range().start].chars().next_back();
    match word {
        "*" if before == Some('*') => problem.help("a power is written `x^2`"),
        "=" => problem.help("a definition is a name, `=` and an expression: `n = x*w + b`"),
        _ if begins_operand && behind_operand => {
            problem.help("a product needs its sign, `2*x`; statements are parted by `;`")
        }
        _ => problem,
    }
}

fn expects(expected: &[String], word: &str) -> bool {
    expected.iter().any(|token| token.trim_matches('"') == word)
}

/// What the grammar expects, in few words.
fn wanted(expected: &[String]) -> String {
    let mut words: Vec<&str> = Vec::new();
    if expects(expected, "NUMBER") {
        words.push("a value");
    } else if expects(expected, "+") {
        words.push("an operator");
    }
    let marks = [(")", "`)`"), ("]", "`]`"), (",", "`,`"), (";", "`;`")];
    words.extend(marks.iter().filter(|(mark, _)| expects(expected, mark)).map(|(_, word)| word));
    match words.as_slice() {
        [] => "the end".to_owned(),
        [word] => (*word).to_owned(),
        [words @ .., last] => format!("{} or {last}", words.join(", ")),
    }
}

/// The innermost bracket that is not closed.
fn last_open(text: &str) -> Option<usize> {
    let (mut open, mut is_comment) = (Vec::new(), false);
    for (at, character) in text.char_indices() {
        match character {
            '\n' => is_comment = false,
            '#' => is_comment = true,
            '(' | '[' if !is_comment => open.push(at),
            ')' | ']' if !is_comment => {
                open.pop();
            }
            _ => {}
        }
    }
    open.pop()
}
