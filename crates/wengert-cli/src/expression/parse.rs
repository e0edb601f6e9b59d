//! The way into the parser, and what its errors mean for whoever wrote the text.

use super::builder::Builder;
use super::error::{Error, Problem, Span, shorten};
use super::grammar::ProgramParser;
use super::hint;
use super::layout::Layout;
use super::program::Program;
use super::token::{Mark, Token};
use lalrpop_util::ParseError;

impl Program {
    /// The bytes that a text may have: enough for a sum of a million products.
    pub const LONGEST: usize = 1 << 23;

    /// Reads an expression, or statements with `;` or line ends between them.
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
        Self::parse_with_vectors(text, &[])
    }

    /// Reads an expression some of whose inputs are vectors: the names, and how many components
    /// each has. A component is an input of its own, named `x[1]` and so on.
    ///
    /// # Errors
    /// As [`Program::parse`]; also if a vector stands where a number should, or vectors spread to
    /// more than [`Program::LONGEST`] arguments.
    ///
    /// # Complexity
    /// Linear in the length of the text and in the components of all lists, as often as they are
    /// arguments.
    ///
    /// # Example
    /// ```
    /// use wengert_cli::Program;
    /// let program = Program::parse_with_vectors("dot(x, [3, 4]) + norm(x)", &[("x", 2)])?;
    /// assert_eq!(program.inputs(), ["x[1]", "x[2]"]);
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    pub fn parse_with_vectors(text: &str, vectors: &[(&str, usize)]) -> Result<Self, Error> {
        let given = text.len();
        if given > Self::LONGEST {
            let message = format!("the text has {given} bytes, the limit is {}", Self::LONGEST);
            return Err(Problem::new(Span::new(0, 0), message).into());
        }
        let mut builder = Builder::new(vectors);
        let mut layout = Layout::new(text);
        match ProgramParser::new().parse(&mut builder, &mut layout) {
            Ok(()) => Ok(builder.finish()),
            Err(error) => Err(explain(error, text, layout.last_open()).into()),
        }
    }
}

fn explain(
    error: ParseError<usize, Token<'_>, Problem>,
    text: &str,
    open: Option<usize>,
) -> Problem {
    match error {
        ParseError::InvalidToken { location } => {
            Problem::new(Span::new(location, location), "this is no word of the language")
        }
        ParseError::UnrecognizedEof { location, expected } => {
            at_end(location, &expected, text, open)
        }
        ParseError::UnrecognizedToken { token: (start, token, end), expected } => {
            unexpected(token, Span::new(start, end), &expected, text)
        }
        ParseError::ExtraToken { token: (start, _, end) } => {
            let message = format!("`{}` stands behind the end", shorten(&text[start..end]));
            Problem::new(Span::new(start, end), message)
        }
        ParseError::User { error } => error,
    }
}

fn at_end(location: usize, expected: &[String], text: &str, open: Option<usize>) -> Problem {
    if expects(expected, "NUMBER") && text.lines().all(is_empty) {
        return Problem::new(Span::new(0, 0), "there is no expression")
            .help("an example: `tanh(x*w + b)`");
    }
    let span = Span::new(location, location);
    let problem = Problem::new(span, format!("the end comes where {} should", wanted(expected)));
    match open {
        Some(open) => {
            let len = text[open..].chars().next().map_or(0, char::len_utf8);
            problem.note(Span::new(open, open + len), "opened here")
        }
        None => problem,
    }
}

/// Whether a line has nothing but a comment.
fn is_empty(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

fn unexpected(token: Token<'_>, span: Span, expected: &[String], text: &str) -> Problem {
    let word = shorten(&text[span.range()]);
    let message = format!("expected {}, found `{word}`", wanted(expected));
    let problem = Problem::new(span, message);
    let before = text[..span.range().start].trim_end();
    match token {
        Token::Mark(Mark::Equals) if before.ends_with(['=', '<', '>', '!']) => {
            problem.help(hint::CHOICE)
        }
        Token::Mark(Mark::Equals) if before.ends_with(')') => {
            problem.help("functions are not defined here, only names: `n = x*w + b`")
        }
        Token::Mark(Mark::Equals) => {
            problem.help("a definition is a name, `=` and an expression: `n = x*w + b`")
        }
        Token::Mark(Mark::Comma) if before.ends_with(|last: char| last.is_ascii_digit()) => problem
            .help(
                "a decimal point is a point, `1.5`; several outputs stand in square brackets, \
                 `[1, 5]`",
            ),
        Token::Mark(Mark::Comma) => {
            problem.help("several outputs stand in square brackets: `[x, y]`")
        }
        Token::Mark(Mark::OpenList) if before.ends_with('=') => problem
            .help("a list has no name: it is an argument, `sum([x, y])`, or the last statement"),
        Token::Mark(Mark::OpenList) => {
            problem.help("lists are arguments, `sum([x, y])`, or the last statement, `[x, y]`")
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
        let is_any = expects(expected, "NAME");
        words.push(if is_any { "a value" } else { "a number" });
    } else if expects(expected, "+") {
        words.push("an operator");
    }
    let marks = [
        (")", "`)`"),
        ("]", "`]`"),
        ("|", "`|`"),
        ("⌋", "`⌋`"),
        ("⌉", "`⌉`"),
        (",", "`,`"),
        (";", "`;`"),
    ];
    words.extend(marks.iter().filter(|(mark, _)| expects(expected, mark)).map(|(_, word)| word));
    match words.as_slice() {
        [] => "the end".to_owned(),
        [word] => (*word).to_owned(),
        [words @ .., last] => format!("{} or {last}", words.join(", ")),
    }
}
