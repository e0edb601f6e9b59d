//! Two interleaving half circles with noise, which no straight line separates.

use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, Normal};
use std::f64::consts::PI;

/// Half of the points belong to each moon.
pub(crate) const POINTS: usize = 200;
pub(crate) const NOISE: f64 = 0.1;

/// A point and its moon: 1 for the upper, 0 for the lower.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) at: [f64; 2],
    pub(crate) moon: f64,
}

impl Point {
    /// Its place and its moon, as the data of a recording.
    pub(crate) fn numbers(&self) -> [f64; 3] {
        [self.at[0], self.at[1], self.moon]
    }
}

/// Points evenly along both moons, moved by normal noise. The generator is one whose numbers
/// are the same on every platform.
pub(crate) fn two_moons(random: &mut Xoshiro256PlusPlus) -> Vec<Point> {
    let noise = Normal::new(0.0, NOISE).expect("the noise is finite and positive");
    let half = POINTS / 2;
    let point = |i: usize| {
        let (sin, cos) = (PI * (i % half) as f64 / (half - 1) as f64).sin_cos();
        let (x, y, moon) = if i < half { (cos, sin, 1.0) } else { (1.0 - cos, 0.5 - sin, 0.0) };
        Point { at: [x + noise.sample(random), y + noise.sample(random)], moon }
    };
    (0..POINTS).map(point).collect()
}
