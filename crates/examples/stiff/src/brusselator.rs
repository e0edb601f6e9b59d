//! The right-hand side, recorded once, with a plan for its Jacobian.

use wengert::Var;
use wengert_ode::Equation;
use wengert_sparse::Error;

/// u′ = 1 + u²v − 4u + α u″, v′ = 3u − u²v + α v″ between u = 1, v = 3 at both ends; u and v of a
/// point lie side by side.
fn slopes<'t>(y: &[Var<'t>], alpha: Var<'t>) -> Vec<Var<'t>> {
    let n = y.len() / 2;
    let diffusion = alpha * ((n + 1) * (n + 1)) as f64;
    let at = |i: usize, k: usize| match i {
        0 => Var::constant([1.0, 3.0][k]),
        i if i > n => Var::constant([1.0, 3.0][k]),
        i => y[2 * (i - 1) + k],
    };
    let spread = |i: usize, k: usize| (at(i - 1, k) + at(i + 1, k) - at(i, k) * 2.0) * diffusion;
    let point = |i: usize| {
        let (u, v) = (at(i, 0), at(i, 1));
        let reaction = u * u * v;
        [reaction + 1.0 - u * 4.0 + spread(i, 0), u * 3.0 - reaction + spread(i, 1)]
    };
    (1..=n).flat_map(point).collect()
}

/// The equation of as many unknowns, two a point.
pub(crate) fn brusselator(unknowns: usize) -> Result<Equation, Error> {
    Equation::record(&vec![1.0; unknowns], &[0.02], |y, p, _| slopes(y, p[0]))
}

/// A wave of u over a level v.
pub(crate) fn start<const N: usize>() -> [f64; N] {
    let place = |i: usize| (i / 2 + 1) as f64 / (N / 2 + 1) as f64;
    std::array::from_fn(|i| match i % 2 {
        0 => 1.0 + (std::f64::consts::TAU * place(i)).sin(),
        _ => 3.0,
    })
}
