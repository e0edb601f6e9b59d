//! From a point of space to a point of a picture.

use super::rotation::rotate;
use crate::Real;

/// Where `camera` sees `point`.
pub(super) fn project<T: Real>(camera: &[T], point: &[T]) -> [T; 2] {
    let &[r0, r1, r2, c0, c1, c2, focal, principal_x, principal_y, k1, k2] = camera else {
        panic!("a camera has eleven variables");
    };
    let &[x, y, z] = point else {
        panic!("a point has three coordinates");
    };
    let turned = rotate([r0, r1, r2], [x - c0, y - c1, z - c2]);
    picture(turned, [focal, principal_x, principal_y, k1, k2])
}

/// Where a camera of this focal length, principal point and distortion sees a point that stands so
/// before it.
pub fn picture<T: Real>(
    [x, y, z]: [T; 3],
    [focal, principal_x, principal_y, k1, k2]: [T; 5],
) -> [T; 2] {
    let [x, y] = distort([x / z, y / z], [k1, k2]);
    [x * focal + principal_x, y * focal + principal_y]
}

/// q (1 + κ₁ |q|² + κ₂ |q|⁴).
fn distort<T: Real>([x, y]: [T; 2], [k1, k2]: [T; 2]) -> [T; 2] {
    let square = T::squared_norm(&[x, y]);
    let stretch = square * k1 + square.square() * k2 + 1.0;
    [x * stretch, y * stretch]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_straight_ahead_is_at_the_principal_point() {
        let camera = [0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 500.0, 7.0, -9.0, 0.1, 0.01];
        assert_eq!(project(&camera, &[1.0, 2.0, 10.0]), [7.0, -9.0]);
    }

    #[test]
    fn distortion_stretches_by_the_distance() {
        assert_eq!(distort([3.0, 4.0], [0.1, 0.01]), [3.0 * 9.75, 4.0 * 9.75]);
    }
}
