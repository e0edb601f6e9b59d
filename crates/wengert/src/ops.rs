//! The vocabulary of a tape: every operation, its value and its partial derivatives.
//!
//! A rule is a zero-sized type with pure functions of floats. Nothing here knows that a tape
//! exists: an [`Op`] merely names its operands by [`NodeIndex`], and [`dispatch`] hands them to a
//! [`Visitor`] together with the rule. The sweeps, the evaluation and the listing are visitors,
//! so that each of them is written once and not once an operation.

pub(crate) mod activations;
pub(crate) mod arithmetic;
pub(crate) mod beta;
mod call;
mod comparison;
pub(crate) mod derivative;
pub(crate) mod exponential;
mod extended;
pub(crate) mod hyperbolic;
pub(crate) mod incomplete;
mod joined;
mod kink;
pub(crate) mod logarithms;
pub(crate) mod normal;
pub(crate) mod piecewise;
mod polygamma;
mod power_derivative;
pub(crate) mod powers;
pub(crate) mod preaccumulated;
pub(crate) mod reductions;
pub(crate) mod select;
pub(crate) mod sinc;
pub(crate) mod special;
mod table;
pub(crate) mod trigonometric;

pub(crate) use call::{Call, Calling};
pub(crate) use comparison::Comparison;
pub(crate) use derivative::Which;
pub(crate) use derivative::partial_of;
pub(crate) use joined::Joined;
pub(crate) use polygamma::polygamma;
pub(crate) use power_derivative::power_derivative;
pub use table::OpKind;
pub(crate) use table::encode::{BinaryOp, NaryOp, UnaryOp, kind_of};
pub(crate) use table::{Op, dispatch, for_each_operation};

/// All rules by name, as the macros that connect operators to rules want them.
pub(crate) mod rules {
    pub(crate) use super::activations::*;
    pub(crate) use super::arithmetic::*;
    pub(crate) use super::beta::*;
    pub(crate) use super::derivative::{Chain, Derivative};
    pub(crate) use super::exponential::*;
    pub(crate) use super::hyperbolic::*;
    pub(crate) use super::incomplete::*;
    pub(crate) use super::logarithms::*;
    pub(crate) use super::normal::*;
    pub(crate) use super::piecewise::*;
    pub(crate) use super::powers::*;
    pub(crate) use super::preaccumulated::Preaccumulated;
    pub(crate) use super::reductions::*;
    pub(crate) use super::select::*;
    pub(crate) use super::sinc::*;
    pub(crate) use super::special::*;
    pub(crate) use super::trigonometric::*;
}

use crate::index::NodeIndex;
use crate::scalar::{Evaluate, Real, Scalar};

/// How a rule is best compiled where it is computed for many numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A few instructions, fit to be part of each loop over it.
    Inline,
    /// A function that computes several numbers at once, for each instruction set.
    Vector,
    /// A function that computes one number.
    Call,
}

impl Form {
    pub(crate) const fn is_inline(self) -> bool {
        matches!(self, Self::Inline)
    }

    pub(crate) const fn is_vector(self) -> bool {
        matches!(self, Self::Vector)
    }
}

/// The rule of a function of one variable, y = f(x).
pub trait Unary: 'static {
    /// How it is best compiled.
    const FORM: Form = Form::Call;
    /// Whether its partial derivative is made of operations alone and decides nothing, so that
    /// numbers that record may record it as it stands.
    const IS_PLAIN: bool = false;
    /// Whether its partial derivative takes a few instructions, whatever its value takes.
    const HAS_SHORT_SLOPE: bool = Self::FORM.is_inline();
    /// f(x), for numbers the processor knows.
    fn value<F: Real>(x: F) -> F;
    /// dy/dx, from x and the value y already computed; also for dual numbers, so that a rule
    /// can be differentiated again.
    fn partial<F: Scalar>(x: F, y: F) -> F;
    /// f of several numbers at once, where there is a faster way than one by one. An element of
    /// the result depends on its own argument alone, to the last bit.
    #[inline(always)]
    fn values<F: Real, const W: usize>(mut x: [F; W]) -> [F; W] {
        for x in &mut x {
            *x = Self::value(*x);
        }
        x
    }
    /// dy/dx of several numbers at once.
    #[inline(always)]
    fn slopes<F: Real, const W: usize>(mut x: [F; W], y: [F; W]) -> [F; W] {
        for (x, y) in x.iter_mut().zip(y) {
            *x = Self::partial(*x, y);
        }
        x
    }
}

/// The derivative of a [`Unary`] rule as a rule of its own: for rules whose second derivative is
/// a difference that would cancel, were the formula of the first differentiated as it stands.
///
/// To a scalar it is a binary function of x and the value y = f(x), which is at hand and saves
/// work. All that depends on x is counted in x.
pub trait Slope: 'static {
    /// f′(x).
    fn value<F: Real>(x: F, y: F) -> F;
    /// f″(x), from x, f(x) and f′(x).
    fn partial<F: Scalar>(x: F, y: F, slope: F) -> F;
}

impl<S: Slope> Binary for S {
    #[inline]
    fn value<F: Real>(x: F, y: F) -> F {
        S::value(x, y)
    }
    #[inline]
    fn left<F: Scalar>(x: F, y: F, slope: F) -> F {
        S::partial(x, y, slope)
    }
    #[inline]
    fn right<F: Scalar>(_: F, _: F, _: F) -> F {
        F::zero()
    }
}

/// 0, or NaN where x is infinite: what is added to the slope of a function that grows without
/// bound while its slope falls to 0, as ln and √ do.
///
/// There 1/∞ = 0 is no limit to rely on. In ln(1 + eˣ) at 800 the infinity stands for e⁸⁰⁰, and
/// the slope 0 for e⁻⁸⁰⁰: with 0 · ∞ = 0, which is meant for branches that do not count, the
/// derivative would be 0, and is 1.
#[inline(always)]
#[allow(clippy::eq_op, reason = "the difference is NaN where it has to be")]
pub(crate) fn lost_at_infinity<F: Scalar>(x: F) -> F {
    // PERF: no branch where it is only a number. With a tangent, x − x would subtract those too,
    // and they may be infinite.
    if !F::HAS_TANGENT {
        x - x
    } else if x.is_infinite() {
        F::nan()
    } else {
        F::zero()
    }
}

/// A function whose derivatives of every order are functions of their own: for those whose
/// formulas would cancel, were they differentiated as they stand.
pub trait Derivatives: 'static {
    /// The derivative of order n.
    fn derivative(n: u32, x: f64) -> f64;
}

/// The rule of a function of two variables, z = f(x, y).
pub trait Binary: 'static {
    /// How it is best compiled.
    const FORM: Form = Form::Call;
    /// Whether its partial derivatives are made of operations alone, as [`Unary::IS_PLAIN`].
    const IS_PLAIN: bool = false;
    /// f(x, y).
    fn value<F: Real>(x: F, y: F) -> F;
    /// f of several pairs at once, as [`Unary::values`].
    #[inline(always)]
    fn values<F: Real, const W: usize>(mut x: [F; W], y: [F; W]) -> [F; W] {
        for (x, y) in x.iter_mut().zip(y) {
            *x = Self::value(*x, y);
        }
        x
    }
    /// ∂z/∂x.
    fn left<F: Scalar>(x: F, y: F, z: F) -> F;
    /// ∂z/∂y. Apart from `left`, so that a constant operand costs no derivative.
    fn right<F: Scalar>(x: F, y: F, z: F) -> F;
}

/// The rule of a function of three variables, w = f(x, y, z).
pub trait Ternary: 'static {
    /// How it is best compiled.
    const FORM: Form = Form::Call;
    /// Whether its partial derivatives are made of operations alone, as [`Unary::IS_PLAIN`].
    const IS_PLAIN: bool = false;
    /// f(x, y, z).
    fn value<F: Real>(x: F, y: F, z: F) -> F;
    /// [∂w/∂x, ∂w/∂y, ∂w/∂z]. Rules of which one is dear compute those that are wanted, and have any
    /// number in the place of others; of the others the compiler drops what is not used.
    fn partials<F: Scalar>(wanted: [bool; 3], x: F, y: F, z: F) -> [F; 3];
}

/// Those of three partial derivatives that are wanted, and zeros.
#[inline(always)]
pub(crate) fn only<F: Scalar>(
    wanted: [bool; 3],
    by_x: impl FnOnce() -> F,
    by_y: impl FnOnce() -> F,
    by_z: impl FnOnce() -> F,
) -> [F; 3] {
    [
        if wanted[0] { by_x() } else { F::zero() },
        if wanted[1] { by_y() } else { F::zero() },
        if wanted[2] { by_z() } else { F::zero() },
    ]
}

/// The rule of a function of any number of variables, with constants beside them.
pub trait Nary: 'static {
    /// The value at operands `xs`, combined in their order.
    fn value<F: Scalar>(xs: impl Operands<F>, constants: &[F]) -> F;
    /// Calls `emit(i, ∂y/∂xᵢ)` for each operand.
    fn partials<F: Scalar>(xs: impl Operands<F>, beside: Beside<'_, F>, emit: impl FnMut(usize, F));
}

/// What the partial derivatives of a rule are computed from beside its operands, of any number.
#[derive(Debug)]
pub struct Beside<'a, F> {
    /// The constants of the operation, or what was saved of its value.
    pub constants: &'a [F],
    /// The value.
    pub y: F,
    /// Empty memory that a caller keeps between calls, for rules that need a number for each
    /// operand.
    pub scratch: &'a mut Vec<F>,
}

impl<'a, F> Beside<'a, F> {
    /// Of an operation without constants.
    #[inline]
    pub(crate) const fn of(y: F, scratch: &'a mut Vec<F>) -> Self {
        Self { constants: &[], y, scratch }
    }
}

/// The operands of an n-ary rule: numbers by position, wherever they are stored.
pub trait Operands<F>: Copy {
    /// How many there are.
    fn len(self) -> usize;
    /// The value at position `i`.
    fn at(self, i: usize) -> F;
    /// All values in order.
    fn iter(self) -> impl Iterator<Item = F>;
    /// The operands before a position and those from it on.
    fn split(self, at: usize) -> (impl Operands<F>, impl Operands<F>);
}

impl<F: Copy> Operands<F> for &[F] {
    #[inline]
    fn len(self) -> usize {
        <[F]>::len(self)
    }
    #[inline]
    fn at(self, i: usize) -> F {
        self[i]
    }
    #[inline]
    fn iter(self) -> impl Iterator<Item = F> {
        <[F]>::iter(self).copied()
    }
    #[inline]
    fn split(self, at: usize) -> (impl Operands<F>, impl Operands<F>) {
        self.split_at(at)
    }
}

/// One operand of an operation of fixed arity.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operand<F> {
    /// The value of an earlier node.
    Node(NodeIndex),
    /// A number that is no variable: it has a value and takes no adjoint.
    Constant(F),
}

impl<F> Operand<F> {
    #[inline(always)]
    pub(crate) const fn is_node(&self) -> bool {
        matches!(self, Self::Node(_))
    }
}

/// A position in the tape's pool of constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot(pub(crate) u32);

/// A run of entries in one of the tape's pools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

impl Span {
    /// The part of `pool` that the span names.
    #[inline]
    pub(crate) fn of<T>(self, pool: &[T]) -> &[T] {
        let start = self.start as usize;
        &pool[start..start + self.len as usize]
    }
}

/// The pools in which operations of variable length keep their operands and constants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pools<'a, F> {
    pub(crate) operands: &'a [NodeIndex],
    pub(crate) constants: &'a [F],
    /// The operations of users' own that were called.
    pub(crate) calls: &'a [Call],
}

/// Connects a rule to the vector function with its value, or with its slope.
macro_rules! vectorised {
    (values $function:path) => {
        const FORM: $crate::ops::Form = $crate::ops::Form::Vector;
        #[inline(always)]
        fn values<F: Real, const W: usize>(x: [F; W]) -> [F; W] {
            $crate::scalar::from_f64($function($crate::scalar::into_f64(x)))
        }
    };
    (slopes $function:path) => {
        #[inline(always)]
        fn slopes<F: Real, const W: usize>(x: [F; W], _: [F; W]) -> [F; W] {
            $crate::scalar::from_f64($function($crate::scalar::into_f64(x)))
        }
    };
}
pub(crate) use vectorised;

/// What is done with an operation, told by the shape of the operation and its rule.
pub(crate) trait Visitor<F: Scalar> {
    type Output;
    /// An input or a constant: no operands.
    fn leaf(&mut self) -> Self::Output;
    fn unary<R: Unary>(&mut self, x: NodeIndex) -> Self::Output;
    /// xⁿ with an integer n that is part of the operation.
    fn powi(&mut self, x: NodeIndex, n: i32) -> Self::Output;
    fn binary<R: Binary>(&mut self, x: Operand<F>, y: Operand<F>) -> Self::Output;
    fn ternary<R: Ternary>(&mut self, x: Operand<F>, y: Operand<F>, z: Operand<F>) -> Self::Output;
    fn nary<R: Nary>(&mut self, operands: &[NodeIndex], constants: &[F]) -> Self::Output;
    /// What is known by its value and these partial derivatives alone.
    fn preaccumulated(&mut self, operands: &[NodeIndex], partials: &[F]) -> Self::Output {
        self.nary::<rules::Preaccumulated>(operands, partials)
    }
    /// The output of a call at a position, with the operands of the call and what it saved.
    fn call(&mut self, of: Calling<'_, F>, position: usize) -> Self::Output;
}
