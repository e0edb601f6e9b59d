//! Variables as numbers that a tape can hold, or a dual number carry: numbers that record.
//!
//! The rules of calculus run on them, and what they compute is recorded. Nothing here looks at a
//! value, which is another at the next evaluation: what a rule would decide by it is recorded as
//! an operation that decides anew ([`Which`]).

use super::Var;
use crate::error::{Error, Kind, expect, fail};
use crate::operation::Called;
use crate::ops::{
    Binary, Derivatives, Nary, OpKind, Ternary, Unary, Which, kind_of, partial_of, rules,
};
use crate::scalar::{self, Evaluate, Scalar};
use smallvec::SmallVec;

impl<F: Scalar> Scalar for Var<'_, F> {
    type SealedRules = Self;
}

impl<'t, F: Scalar> Var<'t, F> {
    /// A constant that has no part in any sum.
    fn is_absent(&self) -> bool {
        self.is_constant() && self.value.is_all_zero()
    }

    /// A constant factor by which the chain rule's product is a plain one.
    fn is_plain_factor(&self) -> bool {
        !F::RECORDS && self.is_constant() && self.value.primal().is_normal()
    }

    fn is_exactly(&self, number: f64) -> bool {
        let is_number = |value: F| (value - F::lit(number)).is_all_zero();
        self.is_constant() && self.value.primal() == number && is_number(self.value)
    }
}

impl<'t, F: Scalar> scalar::Rules<Self> for Var<'t, F> {
    const HAS_TANGENT: bool = true;
    const RECORDS: bool = true;

    fn lit(c: f64) -> Self {
        Self::constant(F::lit(c))
    }
    #[track_caller]
    fn unary<R: Unary>(x: Self) -> Self {
        expect(Self::try_apply(kind_of::<R>(), &[x]))
    }
    #[track_caller]
    fn binary<R: Binary>(x: Self, y: Self) -> Self {
        expect(Self::try_apply(kind_of::<R>(), &[x, y]))
    }
    #[track_caller]
    fn ternary<R: Ternary>(x: Self, y: Self, z: Self) -> Self {
        expect(Self::try_apply(kind_of::<R>(), &[x, y, z]))
    }
    #[track_caller]
    fn power(x: Self, n: i32) -> Self {
        x.power(n)
    }
    #[track_caller]
    fn derivative<R: Derivatives>(n: u32, x: Self) -> Self {
        <Self as Evaluate>::derived(partial_of::<R>(0).of_order(n), &[x])
    }
    #[track_caller]
    fn polygamma(n: u32, x: Self) -> Self {
        <Self as Evaluate>::derived(Which::polygamma(n), &[x])
    }
    #[track_caller]
    fn power_derivative(x: Self, y: Self, k: u32, j: u32) -> Self {
        <Self as Evaluate>::derived(Which::power(k, j), &[x, y])
    }

    #[track_caller]
    fn derived(which: Which, xs: &[Self]) -> Self {
        if !which.is_known() {
            fail(Kind::DerivativeOrder { limit: Which::LIMIT }.into());
        }
        if xs.iter().all(Self::is_constant) {
            let values: SmallVec<[F; 3]> = xs.iter().map(|x| x.value).collect();
            return Self::constant(F::derived(which, &values));
        }
        let mut operands: SmallVec<[Self; 4]> = SmallVec::new();
        operands.push(<Self as Evaluate>::lit(which.code()));
        operands.extend_from_slice(xs);
        Self::nary::<rules::Derivative>(&operands, &[])
    }

    #[track_caller]
    fn reduced<R: Nary>(kind: OpKind, xs: &[Self]) -> Self {
        expect(Self::try_apply(kind, xs))
    }

    #[track_caller]
    fn call(called: &Called, xs: &[Self]) -> Result<Vec<Self>, Error> {
        Self::try_call_of(called.clone(), xs)
    }

    fn primal(x: &Self) -> f64 {
        x.value.primal()
    }

    #[track_caller]
    fn accumulate(sum: Self, flow: Self) -> Self {
        if sum.is_absent() {
            flow
        } else if flow.is_absent() {
            sum
        } else {
            sum + flow
        }
    }

    fn primal_is_zero(x: &Self) -> bool {
        x.is_absent()
    }
    fn is_all_zero(x: &Self) -> bool {
        x.is_absent()
    }
    fn is_ordinary(_: &Self) -> bool {
        false
    }

    #[track_caller]
    fn chain(x: Self, partial: Self) -> Self {
        if x.is_absent() || partial.is_absent() {
            Self::constant(F::zero())
        } else if partial.is_exactly(1.0) {
            x
        } else if x.is_exactly(1.0) {
            partial
        } else if partial.is_exactly(-1.0) {
            -x
        } else if x.is_exactly(-1.0) {
            -partial
        } else if x.is_plain_factor() || partial.is_plain_factor() {
            x * partial
        } else {
            x.binary::<rules::Chain>(partial)
        }
    }

    #[track_caller]
    fn push(x: Self, partial: Self) -> Self {
        // A zero partial stops a NaN tangent too.
        Evaluate::chain(partial, x)
    }
}
