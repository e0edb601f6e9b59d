//! A number on a wengert tape is a real number, and an operation of many operands is one node.

use wengert::{Active, Var};

use super::Real;

/// Of variables that borrow their tape and of numbers that do not: they have the same methods.
macro_rules! recorded {
    ($($number:ty)*) => {$(
        impl Real for $number {
            #[inline(always)]
            fn value(self) -> f64 {
                <$number>::value(&self)
            }

            #[inline(always)]
            fn constant(self, value: f64) -> Self {
                <$number>::constant(value)
            }

            #[inline(always)]
            fn is_zero(self) -> bool {
                self == 0.0
            }

            #[inline(always)]
            fn recip(self) -> Self {
                <$number>::recip(self)
            }

            #[inline(always)]
            fn sqrt(self) -> Self {
                <$number>::sqrt(self)
            }

            #[inline(always)]
            fn sin(self) -> Self {
                <$number>::sin(self)
            }

            #[inline(always)]
            fn cos(self) -> Self {
                <$number>::cos(self)
            }

            #[inline(always)]
            fn sigmoid(self) -> Self {
                <$number>::sigmoid(self)
            }

            #[inline(always)]
            fn exp(self) -> Self {
                <$number>::exp(self)
            }

            #[inline(always)]
            fn ln(self) -> Self {
                <$number>::ln(self)
            }

            #[inline(always)]
            fn tanh(self) -> Self {
                <$number>::tanh(self)
            }

            /// A node, so that a recording chooses anew wherever it is evaluated.
            #[inline(always)]
            fn positive_part(self) -> Self {
                <$number>::relu(self)
            }

            #[inline(always)]
            fn square(self) -> Self {
                self.powi(2)
            }

            #[inline(always)]
            fn mul_add(self, factor: Self, summand: Self) -> Self {
                <$number>::mul_add(self, factor, summand)
            }

            #[inline(always)]
            fn scaled_add(self, factor: f64, summand: Self) -> Self {
                <$number>::mul_add(self, factor, summand)
            }

            #[inline(always)]
            fn sum_of_squares(terms: impl Iterator<Item = Self>) -> Self {
                <$number>::squared_norm(&terms.collect::<Vec<_>>())
            }

            #[inline(always)]
            fn sum(terms: &[Self]) -> Self {
                <$number>::sum(terms)
            }

            #[inline(always)]
            fn dot(a: &[Self], b: &[Self]) -> Self {
                <$number>::dot(a, b)
            }

            #[inline(always)]
            fn squared_norm(a: &[Self]) -> Self {
                <$number>::squared_norm(a)
            }

            #[inline(always)]
            fn linear_combination(coefficients: &[f64], terms: &[Self]) -> Self {
                <$number>::linear_combination(coefficients, terms)
            }

            #[inline(always)]
            fn weighted_sum(coefficients: impl Iterator<Item = f64>, terms: &[Self]) -> Self {
                // PERF: of an endless iterator `collect` does not know how much room it needs.
                let mut room = Vec::with_capacity(terms.len());
                room.extend(coefficients.take(terms.len()));
                <$number>::linear_combination(&room, terms)
            }

            #[inline(always)]
            fn log_sum_exp(terms: &[Self]) -> Self {
                <$number>::log_sum_exp(terms)
            }
        }
    )*};
}

recorded! { Var<'_> Active }
