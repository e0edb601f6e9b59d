//! Decisions that are made anew at every evaluation of a recording.

use super::Var;
use crate::ops::rules::{SelectEqual, SelectLess, SelectLessOrEqual};
use crate::scalar::Scalar;

/// A comparison of two variables that [`select`] decides by, made by [`Var::less`] and its
/// like. Unlike the operators, which answer with a `bool`, it stays part of the recording.
///
/// # Example
/// ```
/// let tape = wengert::Tape::new();
/// let x = tape.var(2.0);
/// let y = wengert::select(x.less(0.0), -x, x);
/// assert_eq!((y.value(), y.gradients()[x]), (2.0, 1.0));
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "a condition does nothing until `select` decides by it"]
pub struct Condition<'t, F: Scalar = f64> {
    left: Var<'t, F>,
    right: Var<'t, F>,
    relation: Relation,
    /// Whether the answer is turned round.
    is_negated: bool,
}

#[derive(Clone, Copy, Debug)]
enum Relation {
    Less,
    LessOrEqual,
    Equal,
}

impl<F: Scalar> Condition<'_, F> {
    /// Whether the condition holds for the present values: a comparison as those by operators,
    /// so that a [`Function`](crate::Function) whose closure asks has a guard for it.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// assert!(tape.var(2.0).greater(1.0).holds());
    /// ```
    #[must_use]
    #[track_caller]
    pub fn holds(&self) -> bool {
        let Self { left, right, relation, is_negated } = *self;
        let answer = match relation {
            Relation::Less => left < right,
            Relation::LessOrEqual => left <= right,
            Relation::Equal => left == right,
        };
        answer != is_negated
    }
}

impl<F: Scalar> std::ops::Not for Condition<'_, F> {
    type Output = Self;
    /// The condition that holds where this one does not: also where an operand is NaN.
    fn not(self) -> Self {
        Self { is_negated: !self.is_negated, ..self }
    }
}

/// `a` where the condition holds, and `b` elsewhere: one node, decided anew whenever the
/// recording is evaluated again, so that a [`Function`](crate::Function) needs no guard for it.
/// The derivative goes to the number that was taken. A comparison with NaN does not hold.
///
/// Both numbers are computed whichever is taken; the one not taken passes nothing on to the
/// gradient, even where it is infinite or NaN.
///
/// # Panics
/// If variables belong to different tapes, or the tape is full.
///
/// # Example
/// ```
/// use wengert::{Function, select};
/// let f = Function::record(&[1.0], |x| select(x[0].greater(0.0), x[0].sqrt(), 0.0));
/// let mut workspace = f.workspace();
/// assert_eq!(f.value(&mut workspace, &[4.0])?, 2.0);
/// assert_eq!(f.value(&mut workspace, &[-4.0])?, 0.0);
/// # Ok::<(), wengert::Error>(())
/// ```
#[track_caller]
#[must_use = "the operation is recorded, but its result goes unused"]
pub fn select<'t, F: Scalar>(
    condition: Condition<'t, F>,
    a: impl Into<Var<'t, F>>,
    b: impl Into<Var<'t, F>>,
) -> Var<'t, F> {
    let Condition { left, right, relation, is_negated } = condition;
    let (a, b) = if is_negated { (b.into(), a.into()) } else { (a.into(), b.into()) };
    let operands = [left, right, a, b];
    match relation {
        Relation::Less => Var::nary::<SelectLess>(&operands, &[]),
        Relation::LessOrEqual => Var::nary::<SelectLessOrEqual>(&operands, &[]),
        Relation::Equal => Var::nary::<SelectEqual>(&operands, &[]),
    }
}

macro_rules! conditions {
    ($($(#[$doc:meta])* $method:ident $relation:ident($x:ident $y:ident) $at:literal;)*) => {
        /// Conditions for [`select`].
        impl<'t, F: Scalar> Var<'t, F> {$(
            $(#[$doc])*
            ///
            /// # Example
            /// ```
            /// let tape = wengert::Tape::new();
            #[doc = concat!("assert!(tape.var(2.0).", stringify!($method), "(", $at, ").holds());")]
            #[doc = concat!("assert!(!tape.var(f64::NAN).", stringify!($method), "(", $at, ").holds());")]
            /// ```
            pub fn $method(self, other: impl Into<Self>) -> Condition<'t, F> {
                let (relation, is_negated) = (Relation::$relation, false);
                Condition { $x: self, $y: other.into(), relation, is_negated }
            }
        )*}
    };
}
conditions! {
    /// x < y
    less Less(left right) "3.0";
    /// x ≤ y
    less_or_equal LessOrEqual(left right) "2.0";
    /// x = y
    equal Equal(left right) "2.0";
    /// x > y
    greater Less(right left) "1.0";
    /// x ≥ y
    greater_or_equal LessOrEqual(right left) "2.0";
}
