//! Bundle adjustment: how far points seen by cameras are from where they should be seen.
//!
//! A camera has a rotation r, a centre C, a focal length f, a principal point p and two factors
//! κ of radial distortion. It sees a point X at
//!
//! ```text
//! X′ = R(r) (X − C)    q = (X′₁, X′₂) / X′₃    projection = f q (1 + κ₁ |q|² + κ₂ |q|⁴) + p
//! ```
//!
//! An observation is a camera, a point, a weight w and the feature that the camera saw. It has
//! three residuals: the two of w (projection − feature), and 1 − w².

mod jacobian;
mod projection;
mod rotation;

use std::{cell::Cell, ops::Sub};

pub use self::{projection::picture, rotation::rotate};
use super::Compressed;
use crate::{Real, count};

/// The number of variables of a camera.
pub const CAMERA: usize = 11;
/// The number of variables of an observation: camera, point and weight.
pub const OBSERVATION: usize = CAMERA + 3 + 1;

/// A camera's variables: r, C, f, p and κ.
pub type Camera = [f64; CAMERA];

/// Which camera looks at which point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// The number of the camera.
    pub camera: usize,
    /// The number of the point.
    pub point: usize,
}

/// Cameras, points, and observations.
#[derive(Clone, Debug)]
pub struct BundleAdjustment {
    cameras: Vec<Camera>,
    points: Vec<[f64; 3]>,
    /// One of each an observation.
    views: Vec<View>,
    weights: Vec<f64>,
    features: Vec<[f64; 2]>,
}

impl BundleAdjustment {
    /// As GradBench makes them: all cameras are alike, as are points, weights and features, and
    /// observation i is that of point i mod m by camera i mod n.
    ///
    /// # Panics
    ///
    /// If there is no camera, point or observation.
    pub fn repeated(
        [n, m, p]: [usize; 3],
        camera: Camera,
        point: [f64; 3],
        weight: f64,
        feature: [f64; 2],
    ) -> Self {
        assert!(n > 0 && m > 0 && p > 0, "{n} cameras, {m} points, {p} observations");
        Self {
            cameras: vec![camera; n],
            points: vec![point; m],
            views: (0..p).map(|i| View { camera: i % n, point: i % m }).collect(),
            weights: vec![weight; p],
            features: vec![feature; p],
        }
    }

    /// `n` cameras, `m` points and `p` observations with fixed numbers.
    pub fn new(sizes: [usize; 3]) -> Self {
        let camera = [0.3, -0.5, 0.2, 1.5, -2.5, -8.0, 450.0, 3.0, -7.0, 0.08, 0.003];
        Self::repeated(sizes, camera, [0.7, 0.4, 2.0], 0.6, [120.0, 210.0])
    }

    /// The number of observations.
    pub fn observations(&self) -> usize {
        self.views.len()
    }

    /// The variables of observation `i`: camera, point, weight.
    pub fn variables(&self, i: usize) -> [f64; OBSERVATION] {
        let View { camera, point } = self.views[i];
        let mut x = [0.0; OBSERVATION];
        x[..CAMERA].copy_from_slice(&self.cameras[camera]);
        x[CAMERA..CAMERA + 3].copy_from_slice(&self.points[point]);
        x[CAMERA + 3] = self.weights[i];
        x
    }

    /// What the camera of observation `i` saw.
    pub fn feature(&self, i: usize) -> [f64; 2] {
        self.features[i]
    }

    /// The three residuals of observation `i` at its variables `x`.
    ///
    /// # Panics
    ///
    /// If `x` has not [`OBSERVATION`] elements.
    pub fn residuals<T: Real>(&self, i: usize, x: &[T]) -> [T; 3] {
        let (camera, x) = x.split_at(CAMERA);
        let (point, weight) = x.split_at(3);
        observe(camera, point, weight[0], self.features[i])
    }

    /// All residuals: two of each observation, then one of each weight.
    pub fn objective(&self, residuals: &mut [f64]) {
        let (projections, weights) = residuals.split_at_mut(2 * self.observations());
        for (i, (pair, of_weight)) in projections.chunks_exact_mut(2).zip(weights).enumerate() {
            let View { camera, point } = self.views[i];
            let (camera, point) = (&self.cameras[camera], &self.points[point]);
            [pair[0], pair[1], *of_weight] =
                observe(camera, point, self.weights[i], self.features[i]);
        }
    }

    /// The Jacobian of all residuals with zeros for its entries, by the columns of all cameras,
    /// all points and all weights.
    pub fn pattern(&self) -> Compressed {
        let p = self.observations();
        let mut matrix = Compressed::with_capacity(3 * p, self.entries());
        let (first_point, first_weight) =
            (CAMERA * self.cameras.len(), CAMERA * self.cameras.len() + 3 * self.points.len());
        for (i, View { camera, point }) in self.views.iter().enumerate() {
            let camera = CAMERA * camera..CAMERA * (camera + 1);
            let point = first_point + 3 * point..first_point + 3 * (point + 1);
            let columns = camera.chain(point).chain([first_weight + i]);
            matrix.push_row(columns.clone());
            matrix.push_row(columns);
        }
        for i in 0..p {
            matrix.push_row([first_weight + i]);
        }
        matrix
    }

    /// The number of entries of the Jacobian.
    pub fn entries(&self) -> usize {
        (2 * OBSERVATION + 1) * self.observations()
    }

    /// Overwrites the entries of the Jacobian with those derived by hand.
    pub fn jacobian(&self, entries: &mut [f64]) {
        let (blocks, weights) = self.split_entries(entries);
        let blocks = blocks.chunks_exact_mut(2 * OBSERVATION);
        for (i, (block, of_weight)) in blocks.zip(weights).enumerate() {
            jacobian::block(&self.variables(i), self.features[i], block);
            *of_weight = -2.0 * self.weights[i];
        }
    }

    /// The entries of a Jacobian in two slices: two rows of [`OBSERVATION`] entries for each
    /// observation, and one entry for each weight.
    pub fn split_entries<'e>(&self, entries: &'e mut [f64]) -> (&'e mut [f64], &'e mut [f64]) {
        entries.split_at_mut(2 * OBSERVATION * self.observations())
    }

    /// How many elementary operations all residuals take.
    pub fn operations(&self) -> usize {
        let tally = Cell::new(0);
        self.residuals(0, &count::counted(&self.variables(0), &tally));
        tally.get() * self.observations()
    }
}

/// The three residuals of an observation by the variables of its camera, its point and its weight.
///
/// The feature is data, or of the same kind as the variables, so that one recording serves all
/// observations.
///
/// # Panics
///
/// If the camera has not [`CAMERA`] variables or the point not three coordinates.
pub fn observe<T, D>(camera: &[T], point: &[T], weight: T, feature: [D; 2]) -> [T; 3]
where
    T: Real + Sub<D, Output = T>,
{
    let [feature_x, feature_y] = feature;
    // First, so that on a tape its sweep has nothing else to pass over.
    let constraint = of_weight(weight);
    let [x, y] = projection::project(camera, point);
    [(x - feature_x) * weight, (y - feature_y) * weight, constraint]
}

/// The residual of an observation's weight, 1 − w².
pub fn of_weight<T: Real>(weight: T) -> T {
    -weight.square() + 1.0
}

#[cfg(test)]
mod tests {
    use wengert::{Dual, Tape};

    use super::*;

    fn entries(problem: &BundleAdjustment) -> Vec<f64> {
        let mut entries = vec![f64::NAN; problem.entries()];
        problem.jacobian(&mut entries);
        entries
    }

    /// The slopes of residual `row` of the first observation, by dual numbers.
    fn by_dual_numbers(problem: &BundleAdjustment, row: usize) -> [f64; OBSERVATION] {
        let mut x = problem.variables(0).map(Dual::constant);
        std::array::from_fn(|i| {
            x[i].tangent = 1.0;
            let slope = problem.residuals(0, &x)[row].tangent;
            x[i].tangent = 0.0;
            slope
        })
    }

    fn by_tape(problem: &BundleAdjustment, row: usize) -> Vec<f64> {
        let tape = Tape::new();
        let x = tape.var_array(problem.variables(0));
        problem.residuals(0, &x)[row].gradients().wrt(&x)
    }

    fn by_differences(problem: &BundleAdjustment, row: usize) -> [f64; OBSERVATION] {
        let middle = problem.variables(0);
        let step = |i: usize, sign: f64| {
            let mut x = middle;
            x[i] += sign * 1e-6 * middle[i].abs().max(1.0);
            (x[i], problem.residuals(0, &x)[row])
        };
        std::array::from_fn(|i| {
            let ((left, below), (right, above)) = (step(i, -1.0), step(i, 1.0));
            (above - below) / (right - left)
        })
    }

    #[track_caller]
    fn assert_near(given: &[f64], expected: &[f64], tolerance: f64) {
        let difference = crate::oracle::relative_difference(given, expected);
        assert!(difference < tolerance, "{given:?} and {expected:?} differ by {difference:e}");
    }

    #[track_caller]
    fn assert_jacobian(problem: &BundleAdjustment) {
        let written = entries(problem);
        for (row, written) in written[..2 * OBSERVATION].chunks_exact(OBSERVATION).enumerate() {
            assert_near(written, &by_dual_numbers(problem, row), 1e-12);
            assert_near(written, &by_tape(problem, row), 1e-12);
            assert_near(written, &by_differences(problem, row), 1e-6);
        }
        let of_weight = written[2 * OBSERVATION * problem.observations()];
        assert_eq!(by_dual_numbers(problem, 2)[OBSERVATION - 1], of_weight);
        assert_eq!(by_tape(problem, 2)[OBSERVATION - 1], of_weight);
    }

    #[test]
    fn jacobian_agrees_with_every_oracle() {
        assert_jacobian(&BundleAdjustment::new([1, 1, 1]));
    }

    #[test]
    fn jacobian_agrees_without_a_rotation() {
        let mut problem = BundleAdjustment::new([1, 1, 1]);
        problem.cameras[0][..3].fill(0.0);
        // The branch of no rotation has another derivative than its neighbourhood only in
        // rounding, so the differences, which leave it, agree too.
        assert_jacobian(&problem);
    }

    #[test]
    fn the_pattern_places_cameras_points_and_weights() {
        let problem = BundleAdjustment::new([3, 4, 5]);
        let pattern = problem.pattern();
        assert_eq!(pattern.rows.len(), 3 * 5 + 1);
        assert_eq!(pattern.cols.len(), problem.entries());
        // The last observation, number 4, is that of point 0 by camera 1.
        let expected: Vec<usize> = (11..22).chain(33..36).chain([33 + 12 + 4]).collect();
        assert_eq!(pattern.cols[pattern.rows[8]..pattern.rows[9]], expected);
        assert_eq!(pattern.cols[pattern.rows[9]..pattern.rows[10]], expected);
        assert_eq!(pattern.cols[pattern.rows[14]..], [33 + 12 + 4]);
    }

    #[test]
    fn the_objective_is_the_residuals_of_all_observations() {
        let problem = BundleAdjustment::new([2, 2, 3]);
        let mut all = [f64::NAN; 9];
        problem.objective(&mut all);
        let [x, y, of_weight] = problem.residuals(2, &problem.variables(2));
        assert_eq!((all[4], all[5], all[8]), (x, y, of_weight));
    }
}
