//! The Wishart prior on the components' precisions.
//!
//! For k components
//!
//! ```text
//! prior = k C − ½ γ² Σₖ ‖Qₖ‖² + m Σₖ Σⱼ qₖⱼ,
//! C = ν d (ln γ − ½ ln 2) − ln Γ_d(ν/2),   ν = d + m + 1.
//! ```

use std::f64::consts::{LN_2, PI};

use super::{component::Component, size::MixtureSize};
use crate::Real;

/// The prior's two constants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wishart {
    /// γ, which draws the precisions towards zero.
    pub gamma: f64,
    /// m, the degrees of freedom beyond the least, which draw them away from it.
    pub m: u32,
}

impl Wishart {
    /// γ = 1 and m = 0, as ADBench is run.
    pub const USUAL: Self = Self { gamma: 1.0, m: 0 };

    /// The part that depends on the variables.
    pub(super) fn log_density<T: Real>(self, components: &[Component<'_, T>]) -> T {
        let norms: Vec<T> = components.iter().map(|c| T::squared_norm(&c.factor)).collect();
        let pull = T::sum(&norms) * (-0.5 * self.gamma * self.gamma);
        if self.m == 0 {
            return pull;
        }
        let determinants: Vec<T> = components.iter().map(|c| c.log_determinant).collect();
        pull + T::sum(&determinants) * f64::from(self.m)
    }

    /// Its slopes: by Q as a multiple of Q, and by each q beside that.
    pub(super) fn slopes(self) -> (f64, f64) {
        (-self.gamma * self.gamma, f64::from(self.m))
    }

    /// k C.
    pub(super) fn normaliser(self, size: MixtureSize) -> f64 {
        let d = size.dimensions as f64;
        let freedom = d + f64::from(self.m) + 1.0;
        let one = freedom * d * (self.gamma.ln() - 0.5 * LN_2)
            - ln_multivariate_gamma(size.dimensions, 0.5 * freedom);
        one * size.components as f64
    }
}

/// ln Γ_d(a) = ¼ d (d − 1) ln π + Σⱼ ln Γ(a − j/2), j from 0 to d − 1.
fn ln_multivariate_gamma(d: usize, a: f64) -> f64 {
    let pairs = (d * (d - 1)) as f64;
    let terms = (0..d).map(|j| libm::lgamma(a - 0.5 * j as f64));
    0.25 * pairs * PI.ln() + terms.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_of_two_dimensions_by_hand() {
        // Γ₂(3/2) = √π Γ(3/2) Γ(1) = π/2.
        assert!((ln_multivariate_gamma(2, 1.5) - (0.5 * PI).ln()).abs() < 1e-14);
    }
}
