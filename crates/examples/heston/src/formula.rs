//! The known price: an integral over the characteristic function of the spot's logarithm.

use crate::model::{MATURITY, Model, STRIKE};
use num_complex::Complex;
use std::f64::consts::PI;
use wengert::Var;

/// The midpoint rule converges exponentially here (Trefethen and Weideman 2014,
/// <https://doi.org/10.1137/130932132>): half the step, or twice the end, move the price and its
/// derivatives by less than 10⁻¹¹.
const STEP: f64 = 0.25;
const END: f64 = 200.0;

/// The price of the call: Heston's formula, its two integrals as one.
pub(crate) fn price<'t>(model: &Model<'t>) -> Var<'t> {
    let discount = (-model.rate * MATURITY).exp();
    let points = (0..(END / STEP) as usize).map(|i| (i as f64 + 0.5) * STEP);
    let terms: Vec<_> = points.map(|u| integrand(model, u)).collect();
    0.5 * (model.spot - STRIKE * discount) + discount * Var::sum(&terms) * (STEP / PI)
}

/// Im e^(−iu ln K) (φ(1 + iu) − K φ(iu)) / u.
fn integrand<'t>(model: &Model<'t>, u: f64) -> Var<'t> {
    let difference = characteristic(model, 1.0, u) - characteristic(model, 0.0, u) * real(STRIKE);
    let (sin, cos) = (u * STRIKE.ln()).sin_cos();
    (difference.im * cos - difference.re * sin) / u
}

/// φ(z) = E e^(z ln S), at z = re + i·im, in the form whose logarithm stays on its main branch
/// (Albrecher, Mayer, Schoutens and Tistaert 2007, "The little Heston trap", Wilmott).
fn characteristic<'t>(model: &Model<'t>, re: f64, im: f64) -> Complex<Var<'t>> {
    let &Model { spot, rate, variance, reversion, long_run, vol_of_vol, correlation } = model;
    let z = Complex::new(real(re), real(im));
    let one = Complex::new(real(1.0), real(0.0));
    let squared = vol_of_vol * vol_of_vol;

    let b = -z * (correlation * vol_of_vol) + reversion;
    let d = (b * b + (z - z * z) * squared).sqrt();
    let g = (b - d) / (b + d);
    let decay = (-d * real(MATURITY)).exp();

    let trend = z * (spot.ln() + rate * MATURITY);
    let bend = (b - d) * real(MATURITY) - ((one - g * decay) / (one - g)).ln() * real(2.0);
    let start = (b - d) * (one - decay) / (one - g * decay);
    (trend + bend * (reversion * long_run / squared) + start * (variance / squared)).exp()
}

fn real<'t>(number: f64) -> Var<'t> {
    Var::constant(number)
}
