//! An observation's block of the Jacobian, derived by hand.
//!
//! The derivative of a rotation by its vector is that of G. Gallego and A. Yezzi ("A compact
//! formula for the derivative of a 3-D rotation in exponential coordinates", Journal of
//! Mathematical Imaging and Vision 51, 2015): with [a] the matrix of a × ·,
//!
//! ```text
//! ∂(R v)/∂r = −R [v] (r rᵀ + (Rᵀ − 1) [r]) / |r|².
//! ```

use super::{
    CAMERA, OBSERVATION,
    rotation::{cross, rotate},
};

/// Overwrites `block` with the two rows of an observation with variables `x`.
pub(super) fn block(x: &[f64; OBSERVATION], feature: [f64; 2], block: &mut [f64]) {
    let &[r0, r1, r2, c0, c1, c2, focal, principal_x, principal_y, k1, k2, p0, p1, p2, weight] = x;
    let (r, v) = ([r0, r1, r2], [p0 - c0, p1 - c1, p2 - c2]);
    let [x, y, z] = rotate(r, v);
    let q = [x / z, y / z];
    let square = q[0] * q[0] + q[1] * q[1];
    let stretch = 1.0 + square * (k1 + square * k2);
    let bend = 2.0 * (k1 + 2.0 * square * k2);
    let principal = [principal_x, principal_y];
    for (axis, row) in block.chunks_exact_mut(OBSERVATION).enumerate() {
        // The slopes by q, then by the point before the camera.
        let mut by_q = [bend * q[axis] * q[0], bend * q[axis] * q[1]];
        by_q[axis] += stretch;
        let scale = weight * focal / z;
        let by_depth = -(by_q[0] * q[0] + by_q[1] * q[1]);
        let by_turned = [by_q[0] * scale, by_q[1] * scale, by_depth * scale];
        let by_offset = rotate_back(r, by_turned);
        row[..3].copy_from_slice(&by_rotation(r, v, by_turned, by_offset));
        row[3..6].copy_from_slice(&by_offset.map(|slope| -slope));
        row[6] = weight * q[axis] * stretch;
        row[7..9].fill(0.0);
        row[7 + axis] = weight;
        row[9] = weight * focal * q[axis] * square;
        row[10] = row[9] * square;
        row[CAMERA..CAMERA + 3].copy_from_slice(&by_offset);
        row[CAMERA + 3] = focal * q[axis] * stretch + principal[axis] - feature[axis];
    }
}

/// Rᵀ v. At no rotation, where R is 1 + [r], its transpose is 1 − [r] and that is 1.
fn rotate_back(r: [f64; 3], v: [f64; 3]) -> [f64; 3] {
    rotate(r.map(|r| -r), v)
}

/// The slopes by r of what has the slopes `by_turned` by R v, and so `by_offset` by v.
///
/// With a = v × Rᵀ by_turned, which is by_offsetᵀ (−[v]) as a column, the formula reads
/// (a·r) r + [r]ᵀ (R − 1) a over |r|².
fn by_rotation(r: [f64; 3], v: [f64; 3], by_turned: [f64; 3], by_offset: [f64; 3]) -> [f64; 3] {
    let square: f64 = r.iter().map(|r| r * r).sum();
    if square == 0.0 {
        return cross(v, by_turned);
    }
    let a = cross(v, by_offset);
    let along: f64 = a.iter().zip(&r).map(|(a, r)| a * r).sum();
    let turned = rotate(r, a);
    let across = cross(std::array::from_fn(|i| turned[i] - a[i]), r);
    std::array::from_fn(|i| (along * r[i] + across[i]) / square)
}
