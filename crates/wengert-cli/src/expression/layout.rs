//! What stands between words without being written: products, the ends of statements, arguments
//! without brackets. Wherever readers would differ, it is refused, with the two ways to say it.
//!
//! The rules, which the crate's page lists for users:
//!
//! - A line ends a statement, unless a bracket is open, something is missing, or the next line
//!   begins with an operator.
//! - Two values side by side are a product: `2x`, `2 x`, `pi r^2`, `(a + b)(a - b)`. Not behind a
//!   division (`1/2x`), not directly behind an exponent (`e^2x`), and never before a number.
//! - The name of a function takes the number or name behind it as its argument: `sin x`, `sin 2x`.
//!   What then follows directly may not be a power, a product or a quotient.
//! - A bar closes where a value stands before it and a bar is open; else it opens.

use super::error::{Problem, Span, shorten};
use super::function::{FunctionId, Shape};
use super::hint;
use super::lexer::{Lexer, Word};
use super::token::{Mark, Token};
use std::collections::HashSet;

/// The words of a text and what stands between them.
#[derive(Debug)]
pub(crate) struct Layout<'t> {
    text: &'t str,
    lexer: Lexer<'t>,
    /// The word behind the one that is looked at.
    next: Option<Result<Word<'t>, Problem>>,
    /// What is put behind an unwritten token.
    pending: Option<Word<'t>>,
    /// The word before.
    before: Option<Before<'t>>,
    /// The two words before that.
    earlier: [Option<Word<'t>>; 2],
    open: Vec<Bracket>,
    /// Whether the term so far has a division: then an unwritten product is read in two ways.
    is_divided: bool,
    /// The names that were defined so far.
    defined: HashSet<&'t str>,
}

/// The word before, and what it is there.
#[derive(Clone, Copy, Debug)]
struct Before<'t> {
    word: Word<'t>,
    /// Whether it ends a value.
    is_value: bool,
    role: Role,
}

/// What a value is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Plain,
    /// It is an exponent without brackets.
    Exponent,
    /// It is, or it ends, an argument without brackets.
    Argument,
    /// It is what a root is taken of.
    Radicand,
}

/// A bracket that is open.
#[derive(Clone, Copy, Debug)]
struct Bracket {
    mark: Mark,
    at: usize,
    /// What the bracket is as a whole.
    role: Role,
    was_divided: bool,
}

/// A token with its place, as the parser wants it.
type Spanned<'t> = (usize, Token<'t>, usize);

impl<'t> Layout<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let mut lexer = Lexer::new(text);
        let next = lexer.next();
        Self {
            text,
            lexer,
            next,
            pending: None,
            before: None,
            earlier: [None; 2],
            open: Vec::new(),
            is_divided: false,
            defined: HashSet::new(),
        }
    }

    /// Where the innermost bracket stands that is not closed.
    pub(crate) fn last_open(&self) -> Option<usize> {
        self.open.last().map(|bracket| bracket.at)
    }

    fn advance(&mut self) -> Option<Result<Word<'t>, Problem>> {
        std::mem::replace(&mut self.next, self.lexer.next())
    }

    fn peek(&self) -> Option<&Word<'t>> {
        self.next.as_ref().and_then(|word| word.as_ref().ok())
    }

    /// A bar closes where it can.
    fn side_of_bar(&self) -> Mark {
        let is_open = self.open.last().is_some_and(|bracket| bracket.mark == Mark::OpenBar);
        let is_value = self.before.is_some_and(|before| before.is_value);
        if is_open && is_value { Mark::CloseBar } else { Mark::OpenBar }
    }

    /// What an unwritten token changes.
    fn pass(&mut self, token: Token<'t>) {
        if token == Token::Mark(Mark::End) {
            self.is_divided = false;
        }
        if let Some(before) = &mut self.before {
            before.is_value = false;
            before.role = match token {
                Token::Apply | Token::Glue => Role::Argument,
                _ => Role::Plain,
            };
        }
    }

    /// Hands a word on, and remembers what matters of it.
    fn put(&mut self, mut word: Word<'t>) -> Spanned<'t> {
        let inherited = self.role_of(&word);
        let (mut is_value, mut role) = (false, Role::Plain);
        match word.token {
            Token::Number(_) | Token::Name(_) => (is_value, role) = (true, inherited),
            Token::Raised(raised) => {
                if self.is_raised_function() {
                    word.token = Token::RaisedCall(raised);
                }
                is_value = true;
                role = self.before.map_or(Role::Plain, |before| before.role);
            }
            Token::Mark(mark) if mark.closing().is_some() => {
                let was_divided = std::mem::take(&mut self.is_divided);
                self.open.push(Bracket { mark, at: word.start, role: inherited, was_divided });
            }
            Token::Mark(mark) if mark.is_closing() => {
                is_value = true;
                if let Some(bracket) = self.open.pop() {
                    (role, self.is_divided) = (bracket.role, bracket.was_divided);
                }
            }
            Token::Mark(mark) => {
                self.note_division(mark);
                if mark == Mark::Equals {
                    self.define();
                }
                role = if self.is_sign(mark) { inherited } else { Role::Plain };
            }
            _ => {}
        }
        self.earlier = [self.earlier[1], self.before.map(|before| before.word)];
        self.before = Some(Before { word, is_value, role });
        (word.start, word.token, word.end)
    }

    /// What a word is because of the one before it.
    fn role_of(&self, word: &Word<'t>) -> Role {
        match self.before {
            Some(Before { role: Role::Argument, is_value: false, .. }) => Role::Argument,
            // The bracket of a call is part of it.
            Some(Before { role, is_value: true, .. }) if word.is(Mark::Open) => role,
            Some(before) if before.word.is(Mark::Caret) => Role::Exponent,
            Some(before) if before.word.is(Mark::Root) || before.word.is(Mark::CubeRoot) => {
                Role::Radicand
            }
            Some(before) if !before.is_value && before.role == Role::Exponent => Role::Exponent,
            _ => Role::Plain,
        }
    }

    fn is_sign(&self, mark: Mark) -> bool {
        let behind_value = self.before.is_some_and(|before| before.is_value);
        !behind_value && matches!(mark, Mark::Plus | Mark::Minus)
    }

    fn note_division(&mut self, mark: Mark) {
        match mark {
            Mark::Over | Mark::Percent => self.is_divided = true,
            Mark::Plus | Mark::Minus if self.is_sign(mark) => {}
            Mark::Caret | Mark::Root | Mark::CubeRoot => {}
            _ => self.is_divided = false,
        }
    }

    /// The name before `=` is defined.
    fn define(&mut self) {
        if let Some(Before { word: Word { token: Token::Name(name), .. }, .. }) = self.before {
            self.defined.insert(name);
        }
    }

    /// The function that a name is where its bracket does not stand directly behind it.
    fn function(&self, name: &str) -> Option<FunctionId> {
        FunctionId::spelled(name).filter(|_| !self.defined.contains(name))
    }

    /// Whether the word before is a function whose exponent comes now, before its argument.
    fn is_raised_function(&self) -> bool {
        let Some(Before { word: Word { token: Token::Name(name), .. }, .. }) = self.before else {
            return false;
        };
        let Some(next) = self.peek() else { return false };
        let is_called = next.is(Mark::Open) && (!next.is_apart || self.function(name).is_some());
        let is_applied = self.function(name).is_some() && begins_value(next) && !next.begins_line;
        FunctionId::named(name).is_some() && (is_called || is_applied)
    }
}

impl<'t> Iterator for Layout<'t> {
    type Item = Result<Spanned<'t>, Problem>;

    /// What stands unwritten before the next word, or that word.
    fn next(&mut self) -> Option<Self::Item> {
        if let Some(word) = self.pending.take() {
            return Some(Ok(self.put(word)));
        }
        let mut word = match self.advance()? {
            Ok(word) => word,
            Err(problem) => return Some(Err(problem)),
        };
        if word.is(Mark::Bar) {
            word.token = Token::Mark(self.side_of_bar());
        }
        Some(self.unwritten_before(&word).map(|unwritten| match unwritten {
            Some(token) => {
                self.pass(token);
                self.pending = Some(word);
                (word.start, token, word.end)
            }
            None => self.put(word),
        }))
    }
}

/// Whether a word can be the first of a value, a sign apart.
fn begins_value(word: &Word<'_>) -> bool {
    match word.token {
        Token::Number(_) | Token::Name(_) => true,
        Token::Mark(mark) => {
            matches!(mark, Mark::Root | Mark::CubeRoot | Mark::Bar)
                || (mark.closing().is_some() && mark != Mark::OpenList)
        }
        _ => false,
    }
}

/// What stands unwritten between two words.
impl<'t> Layout<'t> {
    fn unwritten_before(&self, word: &Word<'t>) -> Result<Option<Token<'t>>, Problem> {
        let Some(before) = self.before.filter(|before| before.is_value) else { return Ok(None) };
        if word.begins_line && self.open.is_empty() && self.begins_statement(word)? {
            return Ok(Some(Token::Mark(Mark::End)));
        }
        if let Token::RaisedCall(raised) = before.word.token {
            return self.behind_raised_function(raised, before, word);
        }
        self.check_operator(before, word)?;
        match before.word.token {
            _ if begins_value(word) => self.between_values(before, word),
            Token::Name(name) if word.is(Mark::OpenList) && self.function(name).is_some() => {
                Err(hint::needs_brackets(name, word.span()))
            }
            _ => Ok(None),
        }
    }

    /// Whether a line that begins with this word begins a statement.
    fn begins_statement(&self, word: &Word<'t>) -> Result<bool, Problem> {
        if word.is(Mark::Minus) {
            return match self.peek() {
                Some(next) if !next.is_apart => Err(hint::sign_begins_line(word.span())),
                _ => Ok(false),
            };
        }
        Ok(begins_value(word) || word.is(Mark::OpenList))
    }

    /// What follows an argument without brackets, a root or an exponent has to be clear.
    fn check_operator(&self, before: Before<'t>, word: &Word<'t>) -> Result<(), Problem> {
        let is_power = word.is(Mark::Caret) || matches!(word.token, Token::Raised(_));
        let is_product = [Mark::Times, Mark::Over, Mark::Percent].iter().any(|&mark| word.is(mark));
        match before.role {
            Role::Argument if is_power || (is_product && !word.is_apart) => {
                Err(hint::argument_ends(self.shown(word), word.span()))
            }
            Role::Radicand if is_power => Err(hint::root_ends(word.span())),
            _ => Ok(()),
        }
    }

    /// `sin²(x)`, `sin² x`.
    fn behind_raised_function(
        &self,
        raised: &str,
        before: Before<'t>,
        word: &Word<'t>,
    ) -> Result<Option<Token<'t>>, Problem> {
        if raised.starts_with('⁻') {
            return Err(hint::raised_inverse(before.word.span()));
        }
        Ok((!word.is(Mark::Open)).then_some(Token::Apply))
    }

    fn between_values(
        &self,
        before: Before<'t>,
        word: &Word<'t>,
    ) -> Result<Option<Token<'t>>, Problem> {
        match (before.word.token, word.token) {
            (Token::Name(name), Token::Mark(Mark::Open)) if self.is_call(name, word) => {
                return self.check_no_derivative(word).map(|()| None);
            }
            (Token::Name(name), _) if self.function(name).is_some() => {
                return self.application(name, word);
            }
            (Token::Number(_), Token::Name(_)) if self.is_glued(before, word) => {
                return Ok(Some(Token::Glue));
            }
            _ => {}
        }
        self.check_product(before, word)?;
        Ok(Some(Token::Implied))
    }

    fn is_call(&self, name: &str, bracket: &Word<'t>) -> bool {
        !bracket.is_apart || self.function(name).is_some()
    }

    /// Whether a name directly behind a number is one argument with it: sin 2x.
    fn is_glued(&self, before: Before<'t>, word: &Word<'t>) -> bool {
        let is_function = matches!(word.token, Token::Name(name) if self.function(name).is_some());
        before.role == Role::Argument && !word.is_apart && !is_function
    }

    /// A function before its argument without brackets.
    fn application(&self, name: &str, word: &Word<'t>) -> Result<Option<Token<'t>>, Problem> {
        let span = word.span();
        if let Some(problem) = hint::infix(name, span) {
            return Err(problem);
        }
        let shape = self.function(name).map(|id| id.function().shape());
        match (shape, word.token) {
            (Some(Shape::Fixed(1) | Shape::Any), Token::Mark(Mark::Root | Mark::CubeRoot)) => {
                Err(hint::needs_brackets(name, span))
            }
            (Some(Shape::Fixed(1) | Shape::Any), _) => Ok(Some(Token::Apply)),
            _ => Err(hint::needs_brackets(name, span)),
        }
    }

    /// Whether two values side by side are a product, and all readers agree which.
    fn check_product(&self, before: Before<'t>, word: &Word<'t>) -> Result<(), Problem> {
        let span = word.span();
        self.check_no_derivative(word)?;
        let words = [before.word.token, word.token];
        for token in words {
            let Token::Name(name) = token else { continue };
            if let Some(problem) = hint::infix(name, span) {
                return Err(problem);
            }
        }
        if let Token::Number(_) = word.token {
            return Err(hint::number_behind_value(before.word.token, self.shown(word), span));
        }
        match words {
            [Token::Number(number), Token::Name(name)] if name.starts_with('_') => {
                return Err(hint::digits_apart(number, span));
            }
            [Token::Number("0"), Token::Name(_)] if !word.is_apart => {
                return Err(hint::not_decimal(span));
            }
            _ => {}
        }
        let is_number = matches!(before.word.token, Token::Number(_));
        if before.word.is(Mark::CloseBar) || (word.is(Mark::OpenBar) && !is_number) {
            return Err(hint::beside_bar(span));
        }
        self.check_exponent(before, word)?;
        self.check_end_of_argument(before, word)?;
        match self.is_divided {
            true => Err(hint::behind_division(self.shown(word), span)),
            false => Ok(()),
        }
    }

    /// `x^2 y` is a product; `e^2x` and `sin^2 x` are read in two ways.
    fn check_exponent(&self, before: Before<'t>, word: &Word<'t>) -> Result<(), Problem> {
        if let [Some(first), Some(caret)] = self.earlier
            && let (Token::Name(name), Token::Number(exponent)) = (first.token, before.word.token)
            && caret.is(Mark::Caret)
            && self.function(name).is_some()
        {
            return Err(hint::raised_function(name, exponent, Span::new(first.start, word.start)));
        }
        let is_clear = word.is_apart || before.word.is(Mark::Close);
        match before.role {
            Role::Exponent if !is_clear => {
                Err(hint::behind_exponent(self.shown(word), word.span()))
            }
            _ => Ok(()),
        }
    }

    /// `sin x cos x` is a product; `sin x y` is read in two ways, as `√2 x` is.
    fn check_end_of_argument(&self, before: Before<'t>, word: &Word<'t>) -> Result<(), Problem> {
        let is_function = matches!(word.token, Token::Name(name) if self.function(name).is_some());
        match before.role {
            Role::Argument if !(is_function && word.is_apart) => {
                Err(hint::argument_ends(self.shown(word), word.span()))
            }
            Role::Radicand if !before.word.is(Mark::Close) => Err(hint::root_ends(word.span())),
            _ => Ok(()),
        }
    }

    /// Nothing is to be differentiated by `d/dx`: that happens by itself.
    fn check_no_derivative(&self, word: &Word<'t>) -> Result<(), Problem> {
        let [first, second] = self.earlier;
        let last = self.before.map(|before| before.word.token);
        let (Some(first), Some(second), Some(Token::Name(by))) = (first, second, last) else {
            return Ok(());
        };
        let is_known = FunctionId::named(by).is_some() && word.is(Mark::Open);
        match first.token {
            Token::Name("d") if second.is(Mark::Over) && by.starts_with('d') && !is_known => {
                Err(hint::derivative(Span::new(first.start, word.start)))
            }
            _ => Ok(()),
        }
    }

    /// A word, for a sentence.
    fn shown(&self, word: &Word<'t>) -> String {
        shorten(&self.text[word.start..word.end])
    }
}
