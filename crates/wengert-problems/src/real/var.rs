//! A variable on a wengert tape is a real number, and an operation of many operands is one node.

use wengert::Var;

use super::Real;

impl Real for Var<'_> {
    #[inline(always)]
    fn value(self) -> f64 {
        Var::value(&self)
    }

    #[inline(always)]
    fn constant(self, value: f64) -> Self {
        Var::constant(value)
    }

    #[inline(always)]
    fn is_zero(self) -> bool {
        self == 0.0
    }

    #[inline(always)]
    fn recip(self) -> Self {
        Var::recip(self)
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Var::sqrt(self)
    }

    #[inline(always)]
    fn sin(self) -> Self {
        Var::sin(self)
    }

    #[inline(always)]
    fn cos(self) -> Self {
        Var::cos(self)
    }

    #[inline(always)]
    fn sigmoid(self) -> Self {
        Var::sigmoid(self)
    }

    #[inline(always)]
    fn exp(self) -> Self {
        Var::exp(self)
    }

    #[inline(always)]
    fn ln(self) -> Self {
        Var::ln(self)
    }

    #[inline(always)]
    fn tanh(self) -> Self {
        Var::tanh(self)
    }

    /// A node, so that a recording chooses anew wherever it is evaluated.
    #[inline(always)]
    fn positive_part(self) -> Self {
        Var::relu(self)
    }

    #[inline(always)]
    fn square(self) -> Self {
        self.powi(2)
    }

    #[inline(always)]
    fn mul_add(self, factor: Self, summand: Self) -> Self {
        Var::mul_add(self, factor, summand)
    }

    #[inline(always)]
    fn sum_of_squares(terms: impl Iterator<Item = Self>) -> Self {
        Var::squared_norm(&terms.collect::<Vec<_>>())
    }

    #[inline(always)]
    fn sum(terms: &[Self]) -> Self {
        Var::sum(terms)
    }

    #[inline(always)]
    fn dot(a: &[Self], b: &[Self]) -> Self {
        Var::dot(a, b)
    }

    #[inline(always)]
    fn squared_norm(a: &[Self]) -> Self {
        Var::squared_norm(a)
    }

    #[inline(always)]
    fn linear_combination(coefficients: &[f64], terms: &[Self]) -> Self {
        Var::linear_combination(coefficients, terms)
    }

    #[inline(always)]
    fn weighted_sum(coefficients: impl Iterator<Item = f64>, terms: &[Self]) -> Self {
        let coefficients: Vec<f64> = coefficients.take(terms.len()).collect();
        Var::linear_combination(&coefficients, terms)
    }

    #[inline(always)]
    fn log_sum_exp(terms: &[Self]) -> Self {
        Var::log_sum_exp(terms)
    }
}
