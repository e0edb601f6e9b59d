//! What is wrong with an expression, and where.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt::{self, Write};
use std::ops::Range;

/// A stretch of the text, in bytes.
///
/// # Example
/// ```
/// let error = wengert_cli::Program::parse("x + foo(y)").unwrap_err();
/// assert_eq!(error.span().range(), 4..7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    // Half the size of two `usize`: there is one for each term.
    start: u32,
    end: u32,
}

impl Span {
    /// The text is shorter than 2³² bytes: it is checked before it is read.
    pub(crate) const fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// The bytes.
    ///
    /// # Example
    /// ```
    /// let program = wengert_cli::Program::parse("n = x; n*n")?;
    /// assert_eq!(program.definitions()[0].span().range(), 0..1);
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The line and the column of the first character, counted from 1.
    ///
    /// # Example
    /// ```
    /// let text = "σ = 1;\n  2*σ + foo(σ)";
    /// let error = wengert_cli::Program::parse(text).unwrap_err();
    /// assert_eq!(error.span().line_and_column(text), (2, 9));
    /// ```
    #[must_use]
    pub fn line_and_column(self, text: &str) -> (usize, usize) {
        let before = &text[..self.start as usize];
        let line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }
}

/// A text of bearable length, on one line and without control characters: what a sentence can
/// quote.
///
/// # Example
/// ```
/// assert_eq!(wengert_cli::shorten("tanh(x)"), "tanh(x)");
/// assert_eq!(wengert_cli::shorten(&"x".repeat(1000)).chars().count(), 61);
/// assert_eq!(wengert_cli::shorten("\u{1b}[31m"), "\\u{1b}[31m");
/// ```
#[must_use]
pub fn shorten(text: &(impl fmt::Display + ?Sized)) -> String {
    let mut beginning = Beginning { shown: String::new(), left: 60 };
    if write!(beginning, "{text}").is_err() {
        beginning.shown.push('…');
    }
    beginning.shown
}

/// So many characters of a text. It refuses what is behind them, so that nobody writes that.
struct Beginning {
    shown: String,
    left: usize,
}

impl fmt::Write for Beginning {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            match character.is_control() {
                true => self.shown.extend(character.escape_default()),
                false => self.shown.push(character),
            }
        }
        Ok(())
    }
}

/// Why an expression cannot be read or recorded. `Display` says it in one sentence;
/// [`Error::render`] shows the place.
///
/// # Example
/// ```
/// let error = wengert_cli::Program::parse("2*tahn(x)").unwrap_err();
/// assert_eq!(error.to_string(), "there is no function `tahn`");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Box<Problem>);

/// What an [`Error`] says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Problem {
    span: Span,
    message: String,
    /// What stands under the caret.
    label: String,
    note: Option<(Span, &'static str)>,
    help: Option<String>,
}

impl Problem {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), label: String::new(), note: None, help: None }
    }

    pub(crate) fn label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    pub(crate) fn note(self, span: Span, note: &'static str) -> Self {
        Self { note: Some((span, note)), ..self }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl Error {
    /// Where it is.
    ///
    /// # Example
    /// ```
    /// let error = wengert_cli::Program::parse("1 + ").unwrap_err();
    /// assert_eq!(error.span().range(), 3..3);
    /// ```
    #[must_use]
    pub const fn span(&self) -> Span {
        self.0.span
    }

    /// The error as the compiler would draw it: the line of `text`, the expression that was
    /// read, with a caret under the place. `origin` is what the text is called.
    ///
    /// # Example
    /// ```
    /// let error = wengert_cli::Program::parse("2*tahn(x)").unwrap_err();
    /// let expected = "\
    /// error: there is no function `tahn`
    ///  --> input:1:3
    ///   |
    /// 1 | 2*tahn(x)
    ///   |   ^^^^ did you mean `tanh`?";
    /// let renderer = wengert_cli::Renderer::plain();
    /// assert_eq!(error.render("2*tahn(x)", "input", &renderer), expected);
    /// ```
    #[must_use]
    pub fn render(&self, text: &str, origin: &str, renderer: &Renderer) -> String {
        let Problem { span, message, label, note, help } = &*self.0;
        let primary = AnnotationKind::Primary.span(clipped(*span, text)).label(label);
        let mut snippet = Snippet::source(text).path(origin).annotation(primary);
        let mut far = None;
        match note {
            Some((place, note)) if self.is_near(*place) => {
                let context = AnnotationKind::Context.span(clipped(*place, text));
                snippet = snippet.annotation(context.label(*note));
            }
            Some((place, note)) => {
                let (line, column) = place.line_and_column(text);
                far = Some(format!("{note}, at {origin}:{line}:{column}"));
            }
            None => {}
        }
        let mut report = Level::ERROR.primary_title(message).element(snippet);
        report = report.elements(far.map(|note| Level::NOTE.message(note)));
        report = report.elements(help.as_ref().map(|help| Level::HELP.message(help)));
        renderer.render(&[report])
    }

    /// Whether a place can be drawn with the error: what lies between is drawn too, and a line
    /// can be very long.
    fn is_near(&self, place: Span) -> bool {
        const NEAR: u32 = 120;
        self.0.span.start.abs_diff(place.start) <= NEAR
    }
}

/// What is underlined of a place: a name or a call can be as long as the text.
fn clipped(span: Span, text: &str) -> Range<usize> {
    const LONGEST: usize = 120;
    let Range { start, end } = span.range();
    let mut end = end.min(start + LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    start..end
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}
