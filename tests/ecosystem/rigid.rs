//! Rotations, isometries and cameras: nalgebra, cam-geom, euclid.

use cam_geom::{Camera, ExtrinsicParameters, PerspectiveParams, Points, WorldFrame};
use euclid::default::Vector2D;
use nalgebra::{
    Isometry3, Matrix2x3, Point3, RealField, Translation3, Unit, UnitQuaternion, Vector3, convert,
};
use num_traits::Float;

fn number<T: RealField + Copy>(x: f64) -> T {
    convert(x)
}

/// How far the hand of a robot with six joints is from where it should be, squared.
fn robot_arm<T: RealField + Copy>(joints: &[T]) -> T {
    let links = [0.3, 0.5, 0.1, 0.4, 0.1, 0.2].map(number);
    let (x, y, z) = (Vector3::x_axis(), Vector3::y_axis(), Vector3::z_axis());
    let axes = [z, y, y, x, y, x];
    let mut hand = Isometry3::<T>::identity();
    for ((&angle, axis), link) in joints.iter().zip(axes).zip(links) {
        let turn = UnitQuaternion::from_axis_angle(&axis, angle);
        let reach = Translation3::new(T::zero(), T::zero(), link);
        hand *= Isometry3::from_parts(Translation3::identity(), turn) * reach;
    }
    let target = Point3::new(number(0.4), number(-0.2), number(0.9));
    (hand * Point3::origin() - target).norm_squared()
}

/// A vector turned by an attitude halfway between two.
fn quaternions<T: RealField + Copy>(x: &[T]) -> T {
    let first = UnitQuaternion::from_euler_angles(x[0], x[1], x[2]);
    let second = UnitQuaternion::from_scaled_axis(Vector3::new(x[3], x[4], x[5]));
    let turned = first.slerp(&second, number(0.5)) * Vector3::new(x[0], T::one(), x[5]);
    turned.dot(&Vector3::new(number(0.2), number(-0.7), x[1])) + first.angle_to(&second)
}

/// The pixel at which a camera sees a point: of focal length, place and direction.
fn camera<T: RealField + Copy>(x: &[T]) -> T {
    let (fx, fy) = (x[0], x[0] * number(1.1));
    let (cx, cy) = (number(640.0), number(480.0));
    let intrinsics = PerspectiveParams { fx, fy, skew: T::zero(), cx, cy };
    let place = Vector3::new(x[1], x[2], x[3]);
    let up = Unit::new_normalize(Vector3::new(T::zero(), number(0.1), T::one()));
    let look_at = Vector3::new(x[4], x[5], T::zero());
    let pose = ExtrinsicParameters::from_view(&place, &look_at, &up);
    let camera = Camera::new(cam_geom::IntrinsicParametersPerspective::from(intrinsics), pose);
    let points = Matrix2x3::new(0.1, 0.2, -0.1, 0.3, 0.1, 0.2).map(number);
    let pixels = camera.world_to_pixel(&Points::<WorldFrame, _, _, _>::new(points));
    let seen = Matrix2x3::new(600.0, 500.0, 0.0, 650.0, 470.0, 0.0).map(number);
    (pixels.data - seen.fixed_columns::<2>(0)).norm_squared() / number(1e4)
}

/// Areas and lengths of vectors.
fn plane<T: Float>(x: &[T]) -> T {
    let (first, second) = (Vector2D::new(x[0], x[1]), Vector2D::new(x[1] * x[2], x[0]));
    first.cross(second) * first.length() + first.normalize().dot(second)
}

mod tests {
    use crate::differentiates;
    differentiates! { robot_arm at [0.3, -0.7, 1.1, 0.4, -0.9, 0.2] }
    differentiates! { quaternions at [0.3, -0.7, 1.1, 0.4, -0.9, 0.2] }
    differentiates! { camera at [500.0, 1.0, -2.0, 1.5, 0.2, -0.1] }
    differentiates! { plane at [0.3, -0.7, 1.1] }
}
