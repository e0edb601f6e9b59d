//! Formulas as trees, put together with the operators of arithmetic.

use crate::NodeIndex;
use crate::text::label::visible;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A formula over the nodes of a snapshot.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    /// A number that belongs to the formula: a coefficient, an exponent.
    Number(f64),
    /// A number that was computed: the value of a node, a partial derivative.
    Value(f64),
    /// The value of a node, by its name.
    Node(NodeIndex),
    /// The derivative of one node with respect to another: ∂o/∂x.
    Derivative(NodeIndex, NodeIndex),
    /// A letter that all readers know.
    Letter(Letter),
    Negative(Box<Expr>),
    Sum(Vec<Expr>),
    Product(Vec<Expr>),
    Quotient(Box<Expr>, Box<Expr>),
    Power(Box<Expr>, Box<Expr>),
    Root(Degree, Box<Expr>),
    /// A function of one or more arguments; a power of one is written tanh²(x).
    Apply(Function, Vec<Expr>),
    /// Brackets that are a function: |x|, ⌊x⌋, ⌈x⌉.
    Fenced(Fence, Box<Expr>),
    /// The first expression whose condition holds, or else the last one.
    Cases(Vec<(Expr, Condition)>, Box<Expr>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Letter {
    /// e = 2.718…
    E,
    /// π = 3.141…
    Pi,
    /// What was left out of a long sum or product.
    Ellipsis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Degree {
    Square,
    Cube,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fence {
    Magnitude,
    Floor,
    Ceiling,
}

/// How one expression stands to another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    pub(crate) left: Expr,
    pub(crate) relation: Relation,
    pub(crate) right: Expr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Equal,
    Less,
    LessOrEqual,
    Greater,
}

/// A function by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    /// Plain, and in LaTeX.
    Known { text: &'static str, latex: &'static str },
    /// An operation of a user's own, by the name that it has given itself.
    Own(String),
}

impl Function {
    /// The name in plain text.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Known { text, .. } => text,
            Self::Own(name) => name,
        }
    }
}

impl Expr {
    pub(crate) fn is_one(&self) -> bool {
        *self == Self::Number(1.0)
    }

    /// The power with this exponent; the first power is the base itself.
    pub(crate) fn raised_to(self, exponent: impl Into<Self>) -> Self {
        let exponent = exponent.into();
        if exponent.is_one() { self } else { Self::Power(self.into(), exponent.into()) }
    }

    pub(crate) fn squared(self) -> Self {
        self.raised_to(2.0)
    }

    fn factors(self) -> Vec<Self> {
        match self {
            Self::Product(factors) => factors,
            other => vec![other],
        }
    }

    fn summands(self) -> Vec<Self> {
        match self {
            Self::Sum(summands) => summands,
            other => vec![other],
        }
    }
}

impl From<f64> for Expr {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl Neg for Expr {
    type Output = Self;
    fn neg(self) -> Self {
        match self {
            Self::Negative(inner) => *inner,
            Self::Number(number) => Self::Number(-number),
            other => Self::Negative(Box::new(other)),
        }
    }
}

impl<E: Into<Expr>> Add<E> for Expr {
    type Output = Self;
    fn add(self, other: E) -> Self {
        let mut summands = self.summands();
        summands.extend(other.into().summands());
        Self::Sum(summands)
    }
}

impl<E: Into<Expr>> Sub<E> for Expr {
    type Output = Self;
    fn sub(self, other: E) -> Self {
        let mut summands = self.summands();
        // Not flattened: a sum that is taken away keeps its brackets.
        summands.push(Self::Negative(Box::new(other.into())));
        Self::Sum(summands)
    }
}

impl<E: Into<Expr>> Mul<E> for Expr {
    type Output = Self;
    /// The product, without factors of 1; a sign of either goes before it.
    fn mul(self, other: E) -> Self {
        match (self, other.into()) {
            (one, other) | (other, one) if one.is_one() => other,
            (Self::Negative(inner), other) => -(*inner * other),
            (Self::Number(-1.0), other) | (other, Self::Number(-1.0)) => -other,
            (one, Self::Negative(inner)) => -(one * *inner),
            (one, other) => {
                let mut factors = one.factors();
                factors.extend(other.factors());
                Self::Product(factors)
            }
        }
    }
}

impl<E: Into<Expr>> Div<E> for Expr {
    type Output = Self;
    fn div(self, other: E) -> Self {
        match self {
            Self::Negative(inner) => -(*inner / other),
            one => Self::Quotient(Box::new(one), Box::new(other.into())),
        }
    }
}

impl Mul<Expr> for f64 {
    type Output = Expr;
    fn mul(self, other: Expr) -> Expr {
        Expr::Number(self) * other
    }
}

impl Div<Expr> for f64 {
    type Output = Expr;
    fn div(self, other: Expr) -> Expr {
        if self < 0.0 { -(Expr::Number(-self) / other) } else { Expr::Number(self) / other }
    }
}

impl Add<Expr> for f64 {
    type Output = Expr;
    fn add(self, other: Expr) -> Expr {
        Expr::Number(self) + other
    }
}

impl Sub<Expr> for f64 {
    type Output = Expr;
    fn sub(self, other: Expr) -> Expr {
        Expr::Number(self) - other
    }
}

macro_rules! functions {
    ($($name:ident $text:literal $latex:literal;)*) => {$(
        pub(crate) fn $name(x: Expr) -> Expr {
            Expr::Apply(Function::Known { text: $text, latex: $latex }, vec![x])
        }
    )*};
}

// The name here, in plain text, and in LaTeX.
functions! {
    ln "ln" r"\ln";
    log2 "log₂" r"\log_2";
    log10 "log₁₀" r"\log_{10}";
    sin "sin" r"\sin";
    cos "cos" r"\cos";
    tan "tan" r"\tan";
    arcsin "arcsin" r"\arcsin";
    arccos "arccos" r"\arccos";
    arctan "arctan" r"\arctan";
    sinh "sinh" r"\sinh";
    cosh "cosh" r"\cosh";
    tanh "tanh" r"\tanh";
    arsinh "arsinh" r"\operatorname{arsinh}";
    arcosh "arcosh" r"\operatorname{arcosh}";
    artanh "artanh" r"\operatorname{artanh}";
    sgn "sgn" r"\operatorname{sgn}";
    round "round" r"\operatorname{round}";
    trunc "trunc" r"\operatorname{trunc}";
    sigmoid "σ" r"\sigma";
    erf "erf" r"\operatorname{erf}";
    erfc "erfc" r"\operatorname{erfc}";
    lgamma "ln|Γ|" r"\ln\left|\Gamma\right|";
    digamma "ψ" r"\psi";
    trigamma "ψ₁" r"\psi_1";
    normal_density "φ" r"\varphi";
    normal_distribution "Φ" r"\Phi";
    normal_quantile "Φ⁻¹" r"\Phi^{-1}";
    erf_inv "erf⁻¹" r"\operatorname{erf}^{-1}";
}

/// A function of several arguments.
pub(crate) fn apply(text: &'static str, latex: &'static str, arguments: Vec<Expr>) -> Expr {
    Expr::Apply(Function::Known { text, latex }, arguments)
}

/// An operation of a user's own.
pub(crate) fn own(name: &str, arguments: Vec<Expr>) -> Expr {
    Expr::Apply(Function::Own(visible(name).into_owned()), arguments)
}

pub(crate) fn root(x: Expr) -> Expr {
    Expr::Root(Degree::Square, Box::new(x))
}

pub(crate) fn cube_root(x: Expr) -> Expr {
    Expr::Root(Degree::Cube, Box::new(x))
}

/// eˣ
pub(crate) fn exp(x: Expr) -> Expr {
    Expr::Letter(Letter::E).raised_to(x)
}

pub(crate) fn magnitude(x: Expr) -> Expr {
    Expr::Fenced(Fence::Magnitude, Box::new(x))
}

/// `then` where the condition holds, else `other`.
pub(crate) fn when(condition: Condition, then: impl Into<Expr>, other: impl Into<Expr>) -> Expr {
    let mut cases = vec![(then.into(), condition)];
    let last = match other.into() {
        Expr::Cases(more, last) => {
            cases.extend(more);
            last
        }
        other => Box::new(other),
    };
    Expr::Cases(cases, last)
}

pub(crate) fn greater(left: Expr, right: impl Into<Expr>) -> Condition {
    Condition { left, relation: Relation::Greater, right: right.into() }
}

pub(crate) fn less(left: Expr, right: impl Into<Expr>) -> Condition {
    Condition { left, relation: Relation::Less, right: right.into() }
}

pub(crate) fn less_or_equal(left: Expr, right: impl Into<Expr>) -> Condition {
    Condition { left, relation: Relation::LessOrEqual, right: right.into() }
}

pub(crate) fn equal(left: Expr, right: impl Into<Expr>) -> Condition {
    Condition { left, relation: Relation::Equal, right: right.into() }
}

/// The sum of some; a single one is itself, of none it is 0.
pub(crate) fn sum(terms: impl IntoIterator<Item = Expr>) -> Expr {
    let mut terms: Vec<Expr> = terms.into_iter().collect();
    match terms.len() {
        0 => Expr::Number(0.0),
        1 => terms.remove(0),
        _ => Expr::Sum(terms),
    }
}

/// The product of some; a single one is itself, of none it is 1.
pub(crate) fn product(factors: impl IntoIterator<Item = Expr>) -> Expr {
    factors.into_iter().fold(Expr::Number(1.0), |all, factor| all * factor)
}
