//! Functions of lists of plain and of dual numbers, by the rules of the tape's operations.

use crate::error::{Error, check_length, expect};
use crate::operation::Called;
use crate::ops::reductions::{horner, settled, sum};
use crate::ops::{Joined, Nary, rules};
use crate::scalar::{Evaluate, Scalar};
use std::marker::PhantomData;

/// The functions for numbers `T` with plain numbers `F` beside them.
pub(super) struct Plain<T, F = T>(PhantomData<(T, F)>);

impl<T: Scalar, F: Copy + Into<T>> Plain<T, F> {
    #[inline]
    pub(super) fn nary<R: Nary>(xs: &[T], ys: &[T]) -> T {
        R::value(Joined(xs, ys), &[])
    }
    #[track_caller]
    pub(super) fn try_call_of(called: Called, xs: &[T]) -> Result<Vec<T>, Error> {
        Ok(called.only_outputs(T::call(&called, xs)?))
    }
    #[inline]
    pub(super) fn mean(xs: &[T]) -> T {
        rules::Mean::value(xs, &[])
    }
    #[inline]
    #[track_caller]
    pub(super) fn dot(xs: &[T], ys: &[T]) -> T {
        expect(check_length("the second list", ys.len(), xs.len()));
        Self::nary::<rules::Dot>(xs, ys)
    }
    #[inline]
    pub(super) fn squared_norm(xs: &[T]) -> T {
        rules::SquaredNorm::value(xs, &[])
    }
    #[inline]
    pub(super) fn norm(xs: &[T]) -> T {
        rules::Norm::value(xs, &[])
    }
    #[inline]
    pub(super) fn log_sum_exp(xs: &[T]) -> T {
        rules::LogSumExp::value(xs, &[])
    }
    #[inline]
    #[track_caller]
    pub(super) fn linear_combination(coefficients: &[F], xs: &[T]) -> T {
        expect(check_length("the list of coefficients", coefficients.len(), xs.len()));
        let combined = sum(coefficients.iter().zip(xs).map(|(&c, &x)| c.into() * x));
        settled(combined, xs.iter().copied())
    }
    #[inline]
    pub(super) fn polynomial(x: T, coefficients: &[F]) -> T {
        settled(horner(x, coefficients.iter().map(|&c| c.into())), std::iter::once(x))
    }
    #[inline]
    pub(super) fn horner(x: T, coefficients: &[T]) -> T {
        Self::nary::<rules::Horner>(&[x], coefficients)
    }
}
