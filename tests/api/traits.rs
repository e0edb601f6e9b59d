//! Operators and traits: code written for floats differentiates unchanged.

mod comparisons;
mod elsewhere;
mod floats;
mod numbers;
mod operators;
mod sealed;
mod sums;

use wengert::{Dual, Scalar, Var};

/// All that can be told apart of a result: its value, and its derivatives with respect to the
/// first two inputs of its tape.
trait Probe {
    fn probe(&self) -> Vec<f64>;
}

impl Probe for f64 {
    fn probe(&self) -> Vec<f64> {
        vec![*self]
    }
}

impl Probe for f32 {
    fn probe(&self) -> Vec<f64> {
        vec![f64::from(*self)]
    }
}

impl<F: Probe> Probe for Dual<F> {
    fn probe(&self) -> Vec<f64> {
        [self.value.probe(), self.tangent.probe()].concat()
    }
}

impl<F: Scalar + Probe> Probe for Var<'_, F> {
    fn probe(&self) -> Vec<f64> {
        let gradients = self.gradients();
        let derivatives = gradients.as_slice().iter().take(2).flat_map(Probe::probe);
        self.value().probe().into_iter().chain(derivatives).collect()
    }
}
