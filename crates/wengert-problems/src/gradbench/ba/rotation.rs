//! Rotations by the formula of Rodrigues.

use crate::Real;

/// `v` turned about the direction of `r` by an angle of its length.
///
/// Near no rotation the axis is not defined; at none at all, v + r × v has the value and the
/// derivatives that the formula has in the limit.
pub fn rotate<T: Real>(r: [T; 3], v: [T; 3]) -> [T; 3] {
    let square = T::squared_norm(&r);
    if square.is_zero() {
        let [x, y, z] = cross(r, v);
        return [v[0] + x, v[1] + y, v[2] + z];
    }
    let angle = square.sqrt();
    let (sine, cosine) = (angle.sin(), angle.cos());
    let axis = [r[0] / angle, r[1] / angle, r[2] / angle];
    let turned = cross(axis, v);
    let along = T::dot(&axis, &v) * (cosine - 1.0);
    let result = |i: usize| v[i] * cosine + turned[i] * sine - axis[i] * along;
    [result(0), result(1), result(2)]
}

/// a × b.
pub(super) fn cross<T: Real>(a: [T; 3], b: [T; 3]) -> [T; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[cfg(test)]
mod tests {
    use std::f64::consts::FRAC_PI_2;

    use super::*;

    #[track_caller]
    fn assert_near(given: [f64; 3], expected: [f64; 3]) {
        let near = given.iter().zip(&expected).all(|(g, e)| (g - e).abs() < 1e-15);
        assert!(near, "{given:?} is not {expected:?}");
    }

    #[test]
    fn a_quarter_turn_about_an_axis() {
        assert_near(rotate([0.0, 0.0, FRAC_PI_2], [1.0, 0.0, 5.0]), [0.0, 1.0, 5.0]);
        assert_near(rotate([FRAC_PI_2, 0.0, 0.0], [3.0, 1.0, 0.0]), [3.0, 0.0, 1.0]);
    }

    #[test]
    fn no_rotation_leaves_a_vector_as_it_is() {
        assert_eq!(rotate([0.0; 3], [1.0, 2.0, 3.0]), [1.0, 2.0, 3.0]);
    }
}
