//! What was read: terms in the order in which they are computed.

use super::constant::Constant;
use super::error::Span;
use super::function::FunctionId;
use wengert::OpKind;

/// An expression, with names for some of its steps.
///
/// # Example
/// ```
/// use wengert_cli::Program;
/// let program = Program::parse("u = x*y; # a step\n u + sin(u)")?;
/// assert_eq!(program.inputs(), ["x", "y"]);
/// assert_eq!(program.definitions()[0].name(), "u");
/// assert_eq!(program.to_string(), "u = x * y; u + sin(u)");
/// # Ok::<(), wengert_cli::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    pub(crate) terms: Vec<Term>,
    /// Where each term stands in the text.
    pub(crate) spans: Vec<Span>,
    /// The arguments of all calls.
    pub(crate) arguments: Vec<TermId>,
    pub(crate) inputs: Vec<String>,
    pub(crate) definitions: Vec<Definition>,
    pub(crate) results: Results,
}

/// What is wanted of a program.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Results {
    /// The last definition.
    Last,
    /// The last statement, which has no name.
    One(TermId),
    /// All of a list.
    List(Vec<TermId>),
}

/// A step that has a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) term: TermId,
    pub(crate) is_used: bool,
}

impl Definition {
    /// The name.
    ///
    /// # Example
    /// ```
    /// let program = wengert_cli::Program::parse("n = x + 1; tanh(n)")?;
    /// assert_eq!(program.definitions()[0].name(), "n");
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the name stands in the text.
    ///
    /// # Example
    /// ```
    /// let program = wengert_cli::Program::parse("n = x + 1; tanh(n)")?;
    /// assert_eq!(program.definitions()[0].span().range(), 0..1);
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }
}

/// A position in the list of terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TermId(pub(crate) u32);

impl TermId {
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One step of a computation. Its operands stand above it.
///
/// 16 bytes, pinned by a test: the longest text has millions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Term {
    Number(f64),
    Constant(Constant),
    /// An input, by its position.
    Input(u32),
    /// A definition, by its position.
    Defined(u32),
    Negate(TermId),
    Binary(BinaryOperator, TermId, TermId),
    Call(FunctionId, Run),
}

/// Arguments of a call: some of the list of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) first: u32,
    pub(crate) len: u32,
}

impl Run {
    pub(crate) fn of(self, arguments: &[TermId]) -> &[TermId] {
        let first = self.first as usize;
        &arguments[first..first + self.len as usize]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOperator {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Pow,
}

impl BinaryOperator {
    pub(crate) const fn kind(self) -> OpKind {
        match self {
            Self::Add => OpKind::Add,
            Self::Sub => OpKind::Sub,
            Self::Mul => OpKind::Mul,
            Self::Div => OpKind::Div,
            Self::Rem => OpKind::Rem,
            Self::Pow => OpKind::Pow,
        }
    }
}

impl Program {
    /// The number of steps, those among constants included: what evaluating it costs.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert_cli::Program::parse("2*x + 1")?.size(), 5);
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    #[must_use]
    pub fn size(&self) -> usize {
        self.terms.len()
    }

    /// The names that are not defined, in the order in which they first occur: what values have
    /// to be given for.
    ///
    /// # Example
    /// ```
    /// let program = wengert_cli::Program::parse("2*pi*r + h")?;
    /// assert_eq!(program.inputs(), ["r", "h"]);
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    #[must_use]
    pub fn inputs(&self) -> &[String] {
        &self.inputs
    }

    /// The named steps in their order.
    ///
    /// # Example
    /// ```
    /// let program = wengert_cli::Program::parse("n = x + 1; o = tanh(n)")?;
    /// let names: Vec<&str> = program.definitions().iter().map(|d| d.name()).collect();
    /// assert_eq!(names, ["n", "o"]);
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    #[must_use]
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// The definitions that neither another statement uses nor the result is.
    ///
    /// # Example
    /// ```
    /// let program = wengert_cli::Program::parse("n = x + 1; m = 2*x; o = tanh(n)")?;
    /// let unused: Vec<&str> = program.unused().map(|d| d.name()).collect();
    /// assert_eq!(unused, ["m"]);
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    pub fn unused(&self) -> impl Iterator<Item = &Definition> {
        let named = self.definitions.len() - usize::from(self.results == Results::Last);
        self.definitions[..named].iter().filter(|definition| !definition.is_used)
    }

    /// The name of the result, if the last statement gives it one.
    ///
    /// # Example
    /// ```
    /// use wengert_cli::Program;
    /// assert_eq!(Program::parse("o = tanh(x)")?.output_name(), Some("o"));
    /// assert_eq!(Program::parse("tanh(x)")?.output_name(), None);
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    #[must_use]
    pub fn output_name(&self) -> Option<&str> {
        let last = self.definitions.last().filter(|_| self.results == Results::Last);
        last.map(Definition::name)
    }

    /// Whether the last statement is a list, whose items are outputs.
    ///
    /// # Example
    /// ```
    /// use wengert_cli::Program;
    /// assert!(Program::parse("[x*y, x + y]")?.is_list());
    /// assert!(!Program::parse("x*y")?.is_list());
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    #[must_use]
    pub const fn is_list(&self) -> bool {
        matches!(self.results, Results::List(_))
    }

    /// The number of outputs: 1, or the length of the list.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert_cli::Program::parse("[x*y, x + y]")?.output_count(), 2);
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    #[must_use]
    pub fn output_count(&self) -> usize {
        self.outputs().len()
    }

    /// The terms of the results, of which there is at least one.
    pub(crate) fn outputs(&self) -> &[TermId] {
        match &self.results {
            Results::Last => {
                std::slice::from_ref(&self.definitions[self.definitions.len() - 1].term)
            }
            Results::One(term) => std::slice::from_ref(term),
            Results::List(terms) => terms,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_term_has_16_bytes() {
        assert_eq!(size_of::<super::Term>(), 16);
    }
}
