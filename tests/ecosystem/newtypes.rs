//! Libraries with number traits of their own, by a number type of one's own around ours: roots,
//! splines, uniform-cubic-splines, euclid, ode_solvers.

use euclid::default::{Rotation2D, Transform2D, Vector2D};
use euclid::{Angle, Trig};
use num_traits::Float;
use ode_solvers::{Rk4, System, Vector2};
use roots::{FloatType, Roots, find_root_newton_raphson, find_roots_cubic};
use splines::{Interpolation, Key, Spline};
use uniform_cubic_splines::{Basis, Bspline, CatmullRom};
use wengert::Number;

wengert::newtype! {
    /// A number that these libraries take.
    struct Real
}
wengert::forward! { roots for Real }
wengert::forward! { splines for Real }
wengert::forward! { uniform_cubic_splines for Real }
wengert::forward! { euclid for Real }
wengert::forward! { ode_solvers for Real, simba }

fn real<T: Copy>(x: &[T]) -> Vec<Real<T>> {
    x.iter().copied().map(Real).collect()
}

/// Roots in closed form, and one by Newton's method, weighted so that all count.
fn roots_of<T: Number>(x: &[T]) -> T {
    let x = real(x);
    let sum = match find_roots_cubic(Real::lit(1.0), x[0], x[1], x[2]) {
        Roots::Three([a, b, c]) => a + 2.0 * b + 3.0 * c,
        other => panic!("three roots are expected: {other:?}"),
    };
    let f = |y: Real<T>| Float::exp(y) * x[1] + y;
    let slope = |y: Real<T>| Float::exp(y) * x[1] + 1.0;
    let root = find_root_newton_raphson(x[0], f, slope, &mut Real::lit(1e-14));
    (sum + root.expect("it converges")).0
}

/// The points of a curve by every kind of interpolation, at places that vary too.
fn curve<T: Number>(x: &[T]) -> T {
    let x = real(x);
    let (near, far) = (x[1] * 0.9, x[2] * 1.1);
    let kinds = [
        Interpolation::Linear,
        Interpolation::Cosine,
        Interpolation::CatmullRom,
        Interpolation::Bezier(near),
        Interpolation::StrokeBezier(near, far),
        Interpolation::Step(x[4] * 0.1),
    ];
    let curve = |kind| {
        let key = |(i, &value): (usize, &Real<T>)| Key::new(Real::lit(i as f64), value, kind);
        let spline = Spline::from_vec(x.iter().enumerate().map(key).collect());
        spline.sample(x[4] + 1.3).expect("it lies within")
    };
    kinds.into_iter().map(curve).fold(Real::lit(0.0), |sum, y| sum * 0.5 + y).0
}

/// A value of two splines over equally spaced knots.
fn uniform<T: Number>(x: &[T]) -> T
where
    CatmullRom: Basis<Real<T>>,
    Bspline: Basis<Real<T>>,
{
    let (x, knots) = (real(&x[..1])[0], real(&x[1..]));
    let first = uniform_cubic_splines::spline::<CatmullRom, _, _>(x, &knots);
    let second = uniform_cubic_splines::spline::<Bspline, _, _>(x, &knots);
    (first.expect("there are knots enough") * second.expect("there are knots enough")).0
}

/// A vector turned, and the angle at which it then stands.
fn turned<T: Number>(x: &[T]) -> T {
    let x = real(x);
    let turn = Rotation2D::new(Angle::radians(x[0]));
    let vector = turn.transform_vector(Vector2D::new(x[1], x[2]));
    let moved = Transform2D::rotation(Angle::radians(x[0] * x[1])).transform_vector(vector);
    let degrees = Trig::radians_to_degrees(moved.angle_to(vector).radians);
    (vector.x * vector.angle_from_x_axis().radians + degrees * 0.01).0
}

/// A pendulum.
struct Pendulum<T> {
    rate: Real<T>,
    friction: Real<T>,
}

impl<T: Number + 'static> System<Real<T>, Vector2<Real<T>>> for Pendulum<T> {
    fn system(&self, _: Real<T>, y: &Vector2<Real<T>>, slope: &mut Vector2<Real<T>>) {
        slope[0] = y[1];
        slope[1] = -self.rate * Float::sin(y[0]) - self.friction * y[1];
    }
}

/// Where it is after two seconds.
fn pendulum<T: Number + 'static>(x: &[T]) -> T {
    let x = real(x);
    let pendulum = Pendulum { rate: x[0], friction: x[1] };
    let start = Vector2::new(x[2], x[3]);
    let (from, to, step) = (Real::lit(0.0), Real::lit(2.0), Real::lit(0.05));
    let mut solver = Rk4::new(pendulum, from, start, to, step);
    solver.integrate().expect("a fixed number of steps");
    solver.y_out().last().expect("there are steps")[0].0
}

mod tests {
    use crate::differentiates;
    differentiates! { roots_of at [-6.2, 10.5, -5.1] }
    differentiates! { curve at [0.3, 1.2, -0.4, 2.0, 0.25] }
    differentiates! { uniform at [0.45, 0.3, 1.2, -0.4, 2.0, 0.7, 1.1] }
    differentiates! { turned at [0.3, -0.7, 1.1] }
    differentiates! { pendulum at [9.0, 0.3, 0.5, -0.2] }
}

/// What is forwarded by hand is what the libraries do for plain floats.
#[test]
fn plain_floats_agree_with_the_libraries_own() {
    let knots = [0.3, 1.2, -0.4, 2.0, 0.7];
    let kinds = [
        (Interpolation::Step(0.5), Interpolation::Step(Real(0.5))),
        (Interpolation::Linear, Interpolation::Linear),
        (Interpolation::Cosine, Interpolation::Cosine),
        (Interpolation::CatmullRom, Interpolation::CatmullRom),
        (Interpolation::Bezier(0.9), Interpolation::Bezier(Real(0.9))),
        (
            Interpolation::StrokeBezier(0.9, -0.1),
            Interpolation::StrokeBezier(Real(0.9), Real(-0.1)),
        ),
    ];
    for (plain, ours) in kinds {
        let key = |(i, &x): (usize, &f64)| Key::new(i as f64, x, plain);
        let plain = Spline::from_vec(knots.iter().enumerate().map(key).collect());
        let key = |(i, &x): (usize, &f64)| Key::new(Real(i as f64), Real(x), ours);
        let ours = Spline::from_vec(knots.iter().enumerate().map(key).collect());
        for at in [1.1, 1.5, 2.7] {
            let (wanted, found) = (plain.sample(at).unwrap(), ours.sample(Real(at)).unwrap().0);
            assert!((found - wanted).abs() < 1e-14, "{found} is {wanted} by {plain:?}");
        }
    }
    let (a, b, c) = (-6.2, 10.5, -5.1);
    let ours = find_roots_cubic(Real(1.0), Real(a), Real(b), Real(c));
    let ours: Vec<f64> = ours.as_ref().iter().map(|root| root.0).collect();
    assert_eq!(ours, find_roots_cubic(1.0, a, b, c).as_ref());
    assert_eq!(<Real<f64> as FloatType>::pi().0, std::f64::consts::PI);
    let found = uniform_cubic_splines::spline::<Bspline, _, _>(Real(0.4), &knots.map(Real));
    let wanted = uniform_cubic_splines::spline::<Bspline, _, _>(0.4, &knots);
    assert!((found.unwrap().0 - wanted.unwrap()).abs() < 1e-15);
}
