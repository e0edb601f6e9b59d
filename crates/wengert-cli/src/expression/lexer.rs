//! From text to words: numbers, names and signs, and the white space between them.

use super::error::{Problem, Span};
use super::hint;
use super::token::{Mark, Token};

/// A word and its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<'t> {
    pub(crate) token: Token<'t>,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether white space or a comment stands before it.
    pub(crate) is_apart: bool,
    /// Whether a line ends before it.
    pub(crate) begins_line: bool,
}

impl Word<'_> {
    pub(crate) const fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }

    pub(crate) fn is(&self, mark: Mark) -> bool {
        self.token == Token::Mark(mark)
    }
}

/// The words of a text, one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub(crate) const fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Goes over white space and comments; tells whether there were some, and whether a line
    /// ended in them.
    fn skip(&mut self) -> (bool, bool) {
        let (start, mut is_comment, mut ends_line) = (self.at, false, false);
        let rest = &self.text[start..];
        let end = rest.char_indices().find(|&(_, character)| {
            match character {
                '\n' => (is_comment, ends_line) = (false, true),
                '#' => is_comment = true,
                _ => {}
            }
            !is_comment && !character.is_whitespace()
        });
        self.at = end.map_or(self.text.len(), |(end, _)| start + end);
        (self.at > start, ends_line)
    }
}

impl<'t> Iterator for Lexer<'t> {
    type Item = Result<Word<'t>, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        let (is_apart, begins_line) = self.skip();
        let start = self.at;
        let rest = &self.text[start..];
        let first = rest.chars().next()?;
        let (token, len) = if let Some(len) = number(rest) {
            (Token::Number(&rest[..len]), len)
        } else if begins_name(first) {
            let len = name(rest);
            (Token::Name(&rest[..len]), len)
        } else if let Some(len) = raised(rest) {
            (Token::Raised(&rest[..len]), len)
        } else if let Some((mark, len)) = Mark::of(rest) {
            (Token::Mark(mark), len)
        } else {
            return Some(Err(hint::strange(first, Span::new(start, start + first.len_utf8()))));
        };
        self.at = start + len;
        Some(Ok(Word { token, start, end: self.at, is_apart, begins_line }))
    }
}

/// The length of the number that a text begins with: `1`, `1.`, `1.5`, `.5`, `1e-3`, `1e−3`.
fn number(text: &str) -> Option<usize> {
    let digits = |from: usize| {
        let bytes = text.as_bytes()[from..].iter();
        from + bytes.take_while(|byte| byte.is_ascii_digit()).count()
    };
    let whole = digits(0);
    let mut end = whole;
    if text[whole..].starts_with('.') {
        end = digits(whole + 1);
        if end == 1 {
            return None;
        }
    } else if whole == 0 {
        return None;
    }
    let exponent = text[end..].strip_prefix(['e', 'E']);
    let digits_of_exponent =
        exponent.map(|rest| rest.strip_prefix(['+', '-', '−']).unwrap_or(rest));
    if let Some(rest) =
        digits_of_exponent.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    {
        end = digits(text.len() - rest.len());
    }
    Some(end)
}

fn begins_name(character: char) -> bool {
    (character.is_alphabetic() && character != 'ⁿ') || matches!(character, '_' | '∞')
}

/// The length of the name that a text begins with. A π before a letter is a word of its own.
fn name(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    let begins_with_pi = text.starts_with('π');
    if let Some(&(second, character)) = characters.peek()
        && begins_with_pi
        && character.is_alphabetic()
    {
        return second;
    }
    let continues = |character: char| {
        (begins_name(character) && character != '∞')
            || character.is_ascii_digit()
            || matches!(character, '₀'..='₉')
    };
    let mut end = text.len();
    let mut is_primed = false;
    for (at, character) in characters {
        is_primed |= character == '\'';
        if character != '\'' && (is_primed || !continues(character)) {
            end = at;
            break;
        }
    }
    end
}

/// The length of the exponent in superscript digits that a text begins with.
fn raised(text: &str) -> Option<usize> {
    let digits = text.strip_prefix('⁻').unwrap_or(text);
    let rest = digits.trim_start_matches(|character| superscript(character).is_some());
    (rest.len() < digits.len()).then_some(text.len() - rest.len())
}

/// The digit that a superscript stands for.
fn superscript(character: char) -> Option<char> {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digit = DIGITS.iter().position(|&digit| digit == character)?;
    char::from_digit(digit as u32, 10)
}

/// Whether superscript digits are of a negative number, and its digits.
pub(crate) fn exponent(text: &str) -> (bool, String) {
    (text.starts_with('⁻'), text.chars().filter_map(superscript).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_end_where_they_end() {
        let cases = [
            ("1", Some(1)),
            ("1.", Some(2)),
            ("1.5x", Some(3)),
            (".5", Some(2)),
            (".", None),
            ("x", None),
            ("1e3", Some(3)),
            ("1e-3x", Some(4)),
            ("2e", Some(1)),
            ("2e+x", Some(1)),
            ("2ex", Some(1)),
            ("1.0000e−9", Some(11)),
        ];
        for (text, wanted) in cases {
            assert_eq!(number(text), wanted, "{text}");
        }
    }

    #[test]
    fn superscripts_are_numbers() {
        assert_eq!(exponent("²"), (false, "2".to_owned()));
        assert_eq!(exponent("⁻¹²"), (true, "12".to_owned()));
        assert_eq!((raised("⁻x"), raised("³⁰x")), (None, Some("³⁰".len())));
    }

    #[test]
    fn names_end_where_they_end() {
        for (text, wanted) in
            [("x'y", "x'"), ("x₁²", "x₁"), ("πr", "π"), ("π₁", "π₁"), ("∞x", "∞x")]
        {
            assert_eq!(&text[..name(text)], wanted);
        }
    }
}
