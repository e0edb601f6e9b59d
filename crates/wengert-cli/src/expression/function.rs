//! The functions: the engine's operations, by their names there.

use std::collections::HashMap;
use std::sync::LazyLock;
use wengert::{OpKind, Var};

/// A function that can be called in an expression.
///
/// # Example
/// ```
/// use wengert_cli::Function;
/// let hypot = Function::named("hypot").unwrap();
/// assert_eq!(hypot.usage(), "hypot(x, y)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    kind: OpKind,
    shape: Shape,
}

/// What arguments a function takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// So many numbers.
    Fixed(usize),
    /// One or more numbers, in lists or not.
    Any,
    /// Two lists of one length.
    TwoLists,
    /// A number and a list.
    HeadAndList,
}

/// All functions, in the order of the engine's table.
///
/// # Example
/// ```
/// assert!(wengert_cli::FUNCTIONS.iter().any(|function| function.name() == "log_sum_exp"));
/// ```
pub static FUNCTIONS: LazyLock<Vec<Function>> =
    LazyLock::new(|| OpKind::ALL.iter().filter_map(|&kind| Function::of(kind)).collect());

/// Names by which some functions are known elsewhere.
const ALIASES: [(&str, &str); 14] = [
    ("expm1", "exp_m1"),
    ("log1p", "ln_1p"),
    ("logsumexp", "log_sum_exp"),
    ("mod", "rem"),
    ("sign", "signum"),
    // As derivations write them.
    ("sgn", "signum"),
    ("arcsin", "asin"),
    ("arccos", "acos"),
    ("arctan", "atan"),
    ("arsinh", "asinh"),
    ("arcosh", "acosh"),
    ("artanh", "atanh"),
    ("log₂", "log2"),
    ("log₁₀", "log10"),
];

/// Letters that derivations write for functions. They are names too: functions are those with a
/// bracket directly behind them.
const LETTERS: [(&str, &str); 4] =
    [("σ", "sigmoid"), ("φ", "normal_pdf"), ("Φ", "normal_cdf"), ("ψ", "digamma")];

/// A function by its position in [`FUNCTIONS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FunctionId(u16);

impl FunctionId {
    /// The function of this name, or of this letter.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let letter = LETTERS.iter().find(|(letter, _)| *letter == name);
        Self::spelled(letter.map_or(name, |(_, name)| name))
    }

    /// The function of this name, letters apart.
    pub(crate) fn spelled(name: &str) -> Option<Self> {
        static POSITIONS: LazyLock<HashMap<&str, u16>> = LazyLock::new(positions);
        POSITIONS.get(name).copied().map(Self)
    }

    pub(crate) fn of(kind: OpKind) -> Self {
        Self::spelled(kind.name()).expect("the operation is a function")
    }

    pub(crate) fn function(self) -> Function {
        FUNCTIONS[usize::from(self.0)]
    }
}

/// Where each function stands in [`FUNCTIONS`], by all its names.
fn positions() -> HashMap<&'static str, u16> {
    let names = FUNCTIONS.iter().map(|function| function.name());
    let mut positions: HashMap<_, _> = names.zip(0..).collect();
    for (alias, name) in ALIASES {
        positions.insert(alias, positions[name]);
    }
    positions
}

impl Function {
    /// The function of an operation, if it takes arguments. The engine is asked how many: a new
    /// operation is a new function here, with nothing to be done.
    fn of(kind: OpKind) -> Option<Self> {
        if [OpKind::Input, OpKind::Constant].contains(&kind) {
            return None;
        }
        let takes = |&n: &usize| Var::try_apply(kind, &vec![Var::<f64>::constant(1.0); n]).is_ok();
        let counts: Vec<usize> = (1..=4).filter(takes).collect();
        let shape = match (kind, counts.as_slice()) {
            // The engine takes them, two at a time, by repeating them.
            (OpKind::Max | OpKind::Min, _) => Shape::Any,
            (OpKind::Dot | OpKind::LinearCombination, _) => Shape::TwoLists,
            (OpKind::Polynomial | OpKind::Horner, _) => Shape::HeadAndList,
            (_, &[n]) => Shape::Fixed(n),
            _ => Shape::Any,
        };
        Some(Self { kind, shape })
    }

    /// The function with this name, or the name that it has in other libraries.
    ///
    /// # Example
    /// ```
    /// use wengert_cli::Function;
    /// assert_eq!(Function::named("log1p").unwrap().name(), "ln_1p");
    /// assert_eq!(Function::named("tahn"), None);
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        FunctionId::named(name).map(FunctionId::function)
    }

    /// The name that is most like this one.
    pub(crate) fn nearest(name: &str) -> Option<&'static str> {
        /// What is longer is like none, and would take long to compare.
        const LONGEST: usize = 40;
        if name.len() > LONGEST {
            return None;
        }
        let names = FUNCTIONS.iter().map(|function| function.name());
        let names = names.chain(ALIASES.iter().map(|(alias, _)| *alias));
        let like = names.map(|known| (strsim::jaro_winkler(name, known), known));
        let best = like.max_by(|a, b| a.0.total_cmp(&b.0));
        // Below this, what is nearest is no longer like it: `frobnicate` is no `fract`.
        best.filter(|(likeness, _)| *likeness > 0.8).map(|(_, known)| known)
    }

    /// The operation.
    pub(crate) const fn kind(self) -> OpKind {
        self.kind
    }

    /// The name.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert_cli::FUNCTIONS[0].name(), "neg");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.kind.name()
    }

    /// The arguments that the function takes.
    ///
    /// # Example
    /// ```
    /// use wengert_cli::{Function, Shape};
    /// assert_eq!(Function::named("dot").unwrap().shape(), Shape::TwoLists);
    /// ```
    #[must_use]
    pub const fn shape(self) -> Shape {
        self.shape
    }

    /// How it is written.
    ///
    /// # Example
    /// ```
    /// use wengert_cli::Function;
    /// assert_eq!(Function::named("dot").unwrap().usage(), "dot([x, …], [y, …])");
    /// assert_eq!(Function::named("clamp").unwrap().usage(), "clamp(x, low, high)");
    /// ```
    #[must_use]
    pub fn usage(self) -> String {
        let arguments = match (self.kind, self.shape) {
            (OpKind::Clamp, _) => "x, low, high",
            (OpKind::BetaInc, _) => "x, a, b",
            (OpKind::GammaP | OpKind::GammaQ, _) => "x, a",
            (OpKind::Powi, _) => "x, n",
            (OpKind::Log, _) => "x, base",
            (OpKind::Atan2, _) => "y, x",
            (OpKind::Copysign, _) => "x, sign",
            (OpKind::LeakyRelu, _) => "x, slope",
            (OpKind::LinearCombination, _) => "[c, …], [x, …]",
            (_, Shape::Fixed(1)) => "x",
            (_, Shape::Fixed(2)) => "x, y",
            (_, Shape::Fixed(4)) => "x, y, a, b",
            (_, Shape::Fixed(_)) => "x, y, z",
            (_, Shape::Any) => "x, …",
            (_, Shape::TwoLists) => "[x, …], [y, …]",
            (_, Shape::HeadAndList) => "x, [c, …]",
        };
        format!("{}({arguments})", self.name())
    }
}
