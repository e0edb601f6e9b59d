//! The words of the language, as the grammar sees them.

/// A word, or what stands unwritten between two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'t> {
    Number(&'t str),
    Name(&'t str),
    /// An exponent in superscript digits, behind a value: x².
    Raised(&'t str),
    /// The same behind the name of a function that is called: sin²(x).
    RaisedCall(&'t str),
    Mark(Mark),
    /// The product that is meant by two values side by side: 2 x.
    Implied,
    /// Between a number and a name that are one argument: sin 2x.
    Glue,
    /// Between a function and its argument without brackets: sin x.
    Apply,
}

/// A sign, however it is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Plus,
    Minus,
    Times,
    Over,
    Percent,
    Caret,
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
    /// Between statements: `;`, or the end of a line.
    End,
    Equals,
    /// A bar whose side is not yet known.
    Bar,
    OpenBar,
    CloseBar,
    OpenFloor,
    CloseFloor,
    OpenCeiling,
    CloseCeiling,
    Root,
    CubeRoot,
}

impl Mark {
    /// The sign that a text begins with, and its length in bytes.
    pub(crate) fn of(text: &str) -> Option<(Self, usize)> {
        let first = text.chars().next()?;
        let mark = match first {
            '*' if text[1..].starts_with('*') => return Some((Self::Caret, 2)),
            '+' => Self::Plus,
            '-' | '−' | '–' => Self::Minus,
            '*' | '·' | '⋅' | '×' | '∗' => Self::Times,
            '/' | '÷' | '∕' => Self::Over,
            '%' => Self::Percent,
            '^' => Self::Caret,
            '(' => Self::Open,
            ')' => Self::Close,
            '[' => Self::OpenList,
            ']' => Self::CloseList,
            ',' => Self::Comma,
            ';' => Self::End,
            '=' => Self::Equals,
            '|' => Self::Bar,
            '⌊' => Self::OpenFloor,
            '⌋' => Self::CloseFloor,
            '⌈' => Self::OpenCeiling,
            '⌉' => Self::CloseCeiling,
            '√' => Self::Root,
            '∛' => Self::CubeRoot,
            _ => return None,
        };
        Some((mark, first.len_utf8()))
    }

    /// The mark that closes what this one opens.
    pub(crate) const fn closing(self) -> Option<Self> {
        Some(match self {
            Self::Open => Self::Close,
            Self::OpenList => Self::CloseList,
            Self::OpenBar => Self::CloseBar,
            Self::OpenFloor => Self::CloseFloor,
            Self::OpenCeiling => Self::CloseCeiling,
            _ => return None,
        })
    }

    pub(crate) const fn is_closing(self) -> bool {
        matches!(
            self,
            Self::Close | Self::CloseList | Self::CloseBar | Self::CloseFloor | Self::CloseCeiling
        )
    }
}
