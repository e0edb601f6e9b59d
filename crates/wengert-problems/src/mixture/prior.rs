//! The Wishart prior on the components' precisions, with γ = 1 and m = 0 as ADBench runs it.
//!
//! For k components
//!
//! ```text
//! prior = k C − ½ γ² Σₖ ‖Qₖ‖² + m Σₖ Σⱼ qₖⱼ,
//! C = ν d (ln γ − ½ ln 2) − ln Γ_d(ν/2),   ν = d + m + 1.
//! ```

use std::f64::consts::{LN_2, PI};

use super::{MixtureSize, component::Component};
use crate::Real;

/// The part that depends on the variables, −½ Σ ‖Qₖ‖²; the term in m vanishes.
pub(super) fn log_density<T: Real>(components: &[Component<'_, T>]) -> T {
    let norms: Vec<T> =
        components.iter().map(|component| T::squared_norm(&component.factor)).collect();
    T::sum(&norms) * -0.5
}

/// k C.
pub(super) fn normaliser(size: MixtureSize) -> f64 {
    let d = size.dimensions as f64;
    let freedom = d + 1.0;
    let one = -0.5 * freedom * d * LN_2 - ln_multivariate_gamma(size.dimensions, 0.5 * freedom);
    one * size.components as f64
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
