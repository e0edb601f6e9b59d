//! The sealed parts of the scalars, and how the library's own code calls them.
//!
//! A method of a supertrait is in scope wherever a user is generic over [`Scalar`], and makes a
//! method of the same name in a trait of theirs ambiguous. So [`Scalar`] and [`Real`] name what is
//! sealed as a type with a trait of functions, [`Rules`] and [`RealRules`]. Inside the library,
//! [`Evaluate`] and [`Concrete`] make methods of these.

use super::{Real, Scalar};
use crate::error::Error;
use crate::operation::{Called, Role};
use crate::ops::{Binary, Derivatives, Nary, OpKind, Ternary, Unary, Which, partial_of};

/// How a scalar `F` computes: what the sweeps and the rules need beyond `Float`.
pub trait Rules<F> {
    /// Whether a tangent rides along: then a rule that is computed is differentiated again.
    const HAS_TANGENT: bool;
    /// Whether operations on the number are recorded: then a rule must not decide by its value,
    /// which is another at the next evaluation.
    const RECORDS: bool = false;
    /// The scalar nearest to `c`; a constant where the scalar carries a tangent.
    fn lit(c: f64) -> F;
    /// f(x) by the rule `R`.
    fn unary<R: Unary>(x: F) -> F;
    /// f(x, y) by the rule `R`.
    fn binary<R: Binary>(x: F, y: F) -> F;
    /// f(x, y, z) by the rule `R`.
    fn ternary<R: Ternary>(x: F, y: F, z: F) -> F;
    /// xⁿ with an integer n.
    fn power(x: F, n: i32) -> F;
    /// The derivative of order n of the function `R`.
    fn derivative<R: Derivatives>(n: u32, x: F) -> F;
    /// The derivative of order n + 1 of ln Γ.
    fn polygamma(n: u32, x: F) -> F;
    /// The derivative of xʸ, k times in x and j times in y.
    fn power_derivative(x: F, y: F, k: u32, j: u32) -> F;
    /// A derivative of an operation, as an operation.
    fn derived(which: Which, xs: &[F]) -> F;
    /// f of a list by the rule `R`, of which `kind` is the name: for numbers that record, and rules
    /// that decide by them.
    fn reduced<R: Nary>(kind: OpKind, xs: &[F]) -> F;
    /// The outputs of a user's operation, or of a derivative of it; behind them what it saves, over
    /// numbers that do not record.
    fn call(called: &Called, xs: &[F]) -> Result<Vec<F>, Error>;
    /// The vector-Jacobian product of a user's operation: from inputs, outputs, what was saved and
    /// weights.
    fn vjp(called: &Called, lists: [&[F]; 4]) -> Result<Vec<F>, Error>
    where
        F: Copy,
    {
        Self::call(&called.in_role(Role::Reverse)?, &lists.concat())
    }
    /// The number itself, apart from any tangent and any tape.
    fn primal(x: &F) -> f64;
    /// Whether two numbers are seen to be the same to the last bit.
    #[inline(always)]
    fn is_identical(x: &F, y: &F) -> bool {
        let _ = (x, y);
        false
    }
    /// A sum of adjoints, and what flows to it.
    fn accumulate(sum: F, flow: F) -> F;
    /// Whether the number itself, apart from any tangent, is a zero.
    fn primal_is_zero(x: &F) -> bool;
    /// Whether all of it is zero, so that as an adjoint it has nothing to pass on.
    fn is_all_zero(x: &F) -> bool;
    /// Whether it is finite and not zero: then the chain rule is a plain product.
    fn is_ordinary(x: &F) -> bool;
    /// Whether a tangent is NaN beside a number that is none.
    #[inline(always)]
    fn has_lost_tangent(x: &F) -> bool {
        let _ = x;
        false
    }
    /// The chain rule's product of an adjoint `x` and a local `partial`, with 0 · ∞ = 0. A zero
    /// adjoint passes nothing on whatever the partial; a zero partial stops all but NaN, which is
    /// how the NaN of an output reaches its inputs.
    fn chain(x: F, partial: F) -> F;
    /// The chain rule's product of a tangent `x` and a local `partial`, of which a zero stops
    /// everything. NaN too: a value that is lost is seen where it is, and what is left is the
    /// tangent of a branch that does not count.
    fn push(x: F, partial: F) -> F;
}

/// What is known of a number `F` of the processor beyond [`Rules`].
pub trait RealRules<F> {
    /// The name of the type.
    const NAME: &'static str;
    /// What tells the number from every other: its bits, one pattern for all NaN.
    fn bits(x: F) -> u64;
    /// The bits as they are, in the lowest of the word: those of a NaN too.
    fn raw(x: F) -> u64;
    /// The number with these bits, if it has no more than those.
    fn from_raw(raw: u64) -> Option<F>;
    /// The number nearest to a decimal text.
    fn read(text: &str) -> Option<F>;
    /// Whether it is ±2ⁿ.
    fn is_power_of_two(x: F) -> bool;
    /// The same number as `f64`.
    fn as_f64(x: F) -> f64;
    /// The error function.
    fn erf(x: F) -> F;
    /// 1 − erf(x).
    fn erfc(x: F) -> F;
    /// ln |Γ(x)|
    fn lgamma(x: F) -> F;
    /// What `FRAC_1_SQRT_2` leaves out of 1/√2.
    fn frac_1_sqrt_2_rest() -> F;
    /// Does the work that is compiled for the float.
    fn do_compiled<'a, W: Compiled>(given: W::Given<'a, F>) -> W::Found<'a, F>
    where
        F: Real;
}

/// Work that is compiled in this crate, for each float by itself, and not by each crate that calls
/// it, as generic functions are.
pub trait Compiled {
    /// What is given, all of it borrowed for the same time.
    type Given<'a, F: Real>;
    /// What the work gives back.
    type Found<'a, F: Real>;
    /// The work for `f64`.
    fn double<'a>(given: Self::Given<'a, f64>) -> Self::Found<'a, f64>;
    /// The work for `f32`.
    #[cfg(feature = "f32")]
    fn single<'a>(given: Self::Given<'a, f32>) -> Self::Found<'a, f32>;
}

/// [`Rules`] as methods of every scalar.
pub(crate) trait Evaluate: Scalar {
    const HAS_TANGENT: bool = Self::SealedRules::HAS_TANGENT;
    const RECORDS: bool = Self::SealedRules::RECORDS;
    #[inline(always)]
    fn lit(c: f64) -> Self {
        Self::SealedRules::lit(c)
    }
    #[inline(always)]
    fn unary<R: Unary>(x: Self) -> Self {
        Self::SealedRules::unary::<R>(x)
    }
    #[inline(always)]
    fn binary<R: Binary>(x: Self, y: Self) -> Self {
        Self::SealedRules::binary::<R>(x, y)
    }
    #[inline(always)]
    fn ternary<R: Ternary>(x: Self, y: Self, z: Self) -> Self {
        Self::SealedRules::ternary::<R>(x, y, z)
    }
    #[inline(always)]
    fn power(x: Self, n: i32) -> Self {
        Self::SealedRules::power(x, n)
    }
    #[inline(always)]
    fn derivative<R: Derivatives>(n: u32, x: Self) -> Self {
        Self::SealedRules::derivative::<R>(n, x)
    }
    #[inline(always)]
    fn polygamma(n: u32, x: Self) -> Self {
        Self::SealedRules::polygamma(n, x)
    }
    #[inline(always)]
    fn power_derivative(x: Self, y: Self, k: u32, j: u32) -> Self {
        Self::SealedRules::power_derivative(x, y, k, j)
    }
    #[inline(always)]
    fn derived(which: Which, xs: &[Self]) -> Self {
        Self::SealedRules::derived(which, xs)
    }
    fn reduced<R: Nary>(kind: OpKind, xs: &[Self]) -> Self {
        Self::SealedRules::reduced::<R>(kind, xs)
    }
    #[track_caller]
    fn call(called: &Called, xs: &[Self]) -> Result<Vec<Self>, Error> {
        Self::SealedRules::call(called, xs)
    }
    #[track_caller]
    fn vjp(called: &Called, lists: [&[Self]; 4]) -> Result<Vec<Self>, Error> {
        Self::SealedRules::vjp(called, lists)
    }
    /// The weight with which an output is seeded: the derivatives of NaN are NaN.
    fn seeded(self, weight: Self) -> Self {
        if Self::RECORDS {
            weight.chain(Self::derived(Which::SEED, &[self]))
        } else if self.is_nan() && !weight.is_all_zero() {
            self
        } else {
            weight
        }
    }
    #[inline(always)]
    fn primal(self) -> f64 {
        Self::SealedRules::primal(&self)
    }
    #[inline(always)]
    fn is_identical(&self, other: &Self) -> bool {
        Self::SealedRules::is_identical(self, other)
    }
    #[inline(always)]
    fn accumulate(self, flow: Self) -> Self {
        Self::SealedRules::accumulate(self, flow)
    }
    /// dy/dx by the rule `R`: an operation of its own where numbers record and the rule is more
    /// than operations.
    #[inline(always)]
    fn slope<R: Unary>(x: Self, y: Self) -> Self {
        if Self::RECORDS && !R::IS_PLAIN {
            Self::derived(partial_of::<R>(0), &[x])
        } else {
            R::partial(x, y)
        }
    }
    /// ∂z/∂x by the rule `R`, in the same way.
    #[inline(always)]
    fn left<R: Binary>(x: Self, y: Self, z: Self) -> Self {
        if Self::RECORDS && !R::IS_PLAIN {
            Self::derived(partial_of::<R>(0), &[x, y])
        } else {
            R::left(x, y, z)
        }
    }
    /// ∂z/∂y by the rule `R`, in the same way.
    #[inline(always)]
    fn right<R: Binary>(x: Self, y: Self, z: Self) -> Self {
        if Self::RECORDS && !R::IS_PLAIN {
            Self::derived(partial_of::<R>(1), &[x, y])
        } else {
            R::right(x, y, z)
        }
    }
    /// The partial derivatives by the rule `R` that are wanted, in the same way.
    #[inline(always)]
    fn partials<R: Ternary>(wanted: [bool; 3], x: Self, y: Self, z: Self) -> [Self; 3] {
        if Self::RECORDS && !R::IS_PLAIN {
            std::array::from_fn(|i| match wanted[i] {
                true => Self::derived(partial_of::<R>(i), &[x, y, z]),
                false => Self::zero(),
            })
        } else {
            R::partials(wanted, x, y, z)
        }
    }
    #[inline(always)]
    fn primal_is_zero(self) -> bool {
        Self::SealedRules::primal_is_zero(&self)
    }
    #[inline(always)]
    fn is_all_zero(self) -> bool {
        Self::SealedRules::is_all_zero(&self)
    }
    #[inline(always)]
    fn is_ordinary(self) -> bool {
        Self::SealedRules::is_ordinary(&self)
    }
    #[inline(always)]
    fn has_lost_tangent(self) -> bool {
        Self::SealedRules::has_lost_tangent(&self)
    }
    #[inline(always)]
    fn chain(self, partial: Self) -> Self {
        Self::SealedRules::chain(self, partial)
    }
    #[inline(always)]
    fn push(self, partial: Self) -> Self {
        Self::SealedRules::push(self, partial)
    }
}

impl<F: Scalar> Evaluate for F {}

/// [`RealRules`] as methods of every number of the processor.
pub(crate) trait Concrete: Real {
    #[cfg(feature = "serde")]
    const NAME: &'static str = Self::SealedRealRules::NAME;
    #[inline(always)]
    fn bits(self) -> u64 {
        Self::SealedRealRules::bits(self)
    }
    #[cfg(feature = "serde")]
    #[inline(always)]
    fn raw(self) -> u64 {
        Self::SealedRealRules::raw(self)
    }
    #[cfg(feature = "serde")]
    #[inline(always)]
    fn from_raw(raw: u64) -> Option<Self> {
        Self::SealedRealRules::from_raw(raw)
    }
    #[cfg(feature = "serde")]
    #[inline(always)]
    fn read(text: &str) -> Option<Self> {
        Self::SealedRealRules::read(text)
    }
    #[inline(always)]
    fn is_power_of_two(self) -> bool {
        Self::SealedRealRules::is_power_of_two(self)
    }
    #[inline(always)]
    fn as_f64(self) -> f64 {
        Self::SealedRealRules::as_f64(self)
    }
    #[inline(always)]
    fn erf(self) -> Self {
        Self::SealedRealRules::erf(self)
    }
    #[inline(always)]
    fn erfc(self) -> Self {
        Self::SealedRealRules::erfc(self)
    }
    #[inline(always)]
    fn lgamma(self) -> Self {
        Self::SealedRealRules::lgamma(self)
    }
    #[inline(always)]
    fn frac_1_sqrt_2_rest() -> Self {
        Self::SealedRealRules::frac_1_sqrt_2_rest()
    }
    #[inline(always)]
    #[track_caller]
    fn do_compiled<'a, W: Compiled>(given: W::Given<'a, Self>) -> W::Found<'a, Self> {
        Self::SealedRealRules::do_compiled::<W>(given)
    }
}

impl<F: Real> Concrete for F {}
