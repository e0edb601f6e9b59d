//! Which kind of trouble makes a number that is not finite.

use crate::{Argument, Node, Snapshot};
use wengert::OpKind;

/// Why a number is not finite.
///
/// # Example
/// ```
/// use wengert_graph::Snapshot;
/// use wengert_graph::diagnosis::Cause;
/// let tape = wengert::Tape::new();
/// let y = tape.var(0.0).ln();
/// let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
/// let diagnosis = snapshot.diagnose();
/// assert_eq!(diagnosis.findings().next().unwrap().cause, Cause::Pole);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// It was given so: as the value of an input or constant, as a constant of the operation, or
    /// as an adjoint set by hand.
    Given,
    /// The result is too large for a float, on the way or at the end.
    Overflow,
    /// The function, or its derivative, goes to infinity there: 1/0, ln 0, the derivative of √x
    /// at 0.
    Pole,
    /// The function, or its derivative, is not defined there: ln(−1), 0/0.
    Domain,
    /// Infinity meets zero or another infinity: 0·∞, ∞ − ∞, ∞/∞.
    Indeterminate,
    /// The output is NaN, and by the engine's convention then so is every derivative.
    LostOutput,
}

impl Cause {
    /// The cause in a few words.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert_graph::diagnosis::Cause::Overflow.name(), "overflow");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Given => "given so",
            Self::Overflow => "overflow",
            Self::Pole => "pole",
            Self::Domain => "domain error",
            Self::Indeterminate => "0·∞, ∞ − ∞ or ∞/∞",
            Self::LostOutput => "derivative of an output that is NaN",
        }
    }

    /// What happened, as a sentence about the operation.
    pub(super) fn sentence(self, operation: &str) -> String {
        match self {
            Self::Given => "It was given so.".to_owned(),
            Self::Overflow => format!("`{operation}` overflows: the result is too large."),
            Self::Pole => format!("`{operation}` has a pole there."),
            Self::Domain => format!("`{operation}` is not defined there: a domain error."),
            Self::Indeterminate => {
                format!("`{operation}` meets 0·∞, ∞ − ∞ or ∞/∞, which has no value.")
            }
            Self::LostOutput => "The output is NaN, and so is every derivative of it.".to_owned(),
        }
    }
}

/// The cause of a value that is not finite, at a node none of whose operands is NaN.
pub(super) fn of_value(snapshot: &Snapshot, node: Node<'_>) -> Cause {
    let Some(kind) = kind_of(node) else { return Cause::Domain };
    let operands = || node.arguments().iter().map(|argument| operand(snapshot, argument));
    if node.operation().is_leaf() || operands().any(f64::is_nan) {
        return Cause::Given;
    }
    if operands().all(f64::is_finite) {
        return of_finite(kind, operands().collect::<Vec<_>>().as_slice(), node.value());
    }
    match kind {
        _ if !node.value().is_nan() => Cause::Given,
        // Functions with no limit at infinity, or not defined at the one that they meet.
        _ if node.arguments().len() == 1 => Cause::Domain,
        OpKind::Pow | OpKind::Powi | OpKind::Log => Cause::Domain,
        _ => Cause::Indeterminate,
    }
}

/// The operation, where a function's `products` are products and sums as any.
fn kind_of(node: Node<'_>) -> Option<OpKind> {
    let operation = node.operation();
    operation.kind().or_else(|| (operation.name() == "products").then_some(OpKind::Dot))
}

/// The cause where all operands are finite.
fn of_finite(kind: OpKind, operands: &[f64], value: f64) -> Cause {
    if value.is_nan() {
        // Sums and products of finite numbers are NaN only by way of an infinity.
        return if adds_up(kind) { Cause::Overflow } else { Cause::Domain };
    }
    let has_pole = match (kind, operands) {
        (OpKind::Div, [_, y]) => *y == 0.0,
        (OpKind::Pow | OpKind::Powi, [x, _]) => *x == 0.0,
        (OpKind::Lgamma, [x]) => *x <= 0.0,
        (OpKind::Recip, [x]) => x.abs() < f64::MIN_POSITIVE,
        (OpKind::Ln | OpKind::Log2 | OpKind::Log10 | OpKind::Ln1p | OpKind::Log, _) => true,
        (OpKind::Atanh | OpKind::Digamma | OpKind::Tan, _) => true,
        (OpKind::ErfInv | OpKind::NormalQuantile, _) => true,
        (OpKind::LogBeta, [x, y]) => *x == 0.0 || *y == 0.0,
        (OpKind::Log1mExp, [x]) => *x == 0.0,
        (OpKind::LogDiffExp, [x, y]) => x == y,
        (OpKind::Xlogy, [_, y]) => *y == 0.0,
        (OpKind::Xlog1py, [_, y]) => *y == -1.0,
        _ => false,
    };
    if has_pole { Cause::Pole } else { Cause::Overflow }
}

/// Whether an operation consists of sums and products.
fn adds_up(kind: OpKind) -> bool {
    use OpKind::{
        Add, Dot, Horner, LinearCombination, Mul, MulAdd, Polynomial, Product, SquaredNorm, Sub,
        Sum,
    };
    matches!(
        kind,
        Add | Sub
            | Mul
            | MulAdd
            | Sum
            | Product
            | Dot
            | SquaredNorm
            | LinearCombination
            | Polynomial
            | Horner
    )
}

/// The number that an argument stands for.
fn operand(snapshot: &Snapshot, argument: &Argument) -> f64 {
    match *argument {
        Argument::Node { node, .. } => snapshot.node(node).value(),
        Argument::Constant(c) => c,
    }
}

/// The cause of a contribution that is not finite, where the adjoint of the user is.
pub(super) fn of_contribution(partial: f64) -> Cause {
    match partial {
        p if p.is_nan() => Cause::Domain,
        p if p.is_infinite() => Cause::Pole,
        _ => Cause::Overflow,
    }
}
