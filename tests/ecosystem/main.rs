//! Code of the registry that knows nothing of wengert, differentiated as it stands.
//!
//! Each model is written once, over what its library asks of a number. Its gradient by reverse
//! mode is held against forward mode, against differences of plain floats, and, at another point,
//! against a recorded function.

mod arrays;
mod filter;
mod matrices;
mod newtypes;
mod rigid;
mod solvers;

use wengert::numbers::active_with_data;
use wengert::{Active, Dual, Function, active, value_and_gradient};

/// One model over three kinds of numbers.
struct Model {
    plain: fn(&[f64]) -> f64,
    reverse: fn(&[Active]) -> Active,
    forward: fn(&[Dual]) -> Dual,
}

/// Makes a test of a generic function at a point.
macro_rules! differentiates {
    ($name:ident at $point:expr) => {
        #[test]
        #[allow(non_snake_case, reason = "named as the model")]
        fn $name() {
            let model =
                $crate::Model { plain: super::$name, reverse: super::$name, forward: super::$name };
            model.check(&$point);
        }
    };
}
use differentiates;

/// Asserts that two numbers agree to a share of the larger of them and 1.
#[track_caller]
fn close(what: &str, found: f64, wanted: f64, share: f64) {
    let scale = wanted.abs().max(1.0);
    assert!((found - wanted).abs() <= share * scale, "{what}: {found}, wanted {wanted}");
}

impl Model {
    #[track_caller]
    fn check(&self, point: &[f64]) {
        let (value, gradient) = value_and_gradient(active(self.reverse), point);
        close("value", value, (self.plain)(point), 1e-12);
        assert!(gradient.iter().any(|&slope| slope != 0.0), "the model depends on nothing");
        for (i, &slope) in gradient.iter().enumerate() {
            close("forward mode", self.forward_slope(point, i), slope, 1e-9);
            close("differences", self.difference(point, i), slope, 1e-6);
        }
        self.check_function(point);
    }

    fn forward_slope(&self, point: &[f64], i: usize) -> f64 {
        let seeded = |(j, &x)| if i == j { Dual::variable(x) } else { Dual::constant(x) };
        let point: Vec<Dual> = point.iter().enumerate().map(seeded).collect();
        (self.forward)(&point).tangent
    }

    /// Central differences of fourth order.
    fn difference(&self, point: &[f64], i: usize) -> f64 {
        let step = 1e-3 * (1.0 + point[i].abs());
        let at = |steps: f64| {
            let mut point = point.to_vec();
            point[i] += steps * step;
            (self.plain)(&point)
        };
        (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * step)
    }

    /// A recorded function at another point, where it may take another path.
    #[track_caller]
    fn check_function(&self, point: &[f64]) {
        let reverse = self.reverse;
        let f = Function::builder().record_paths(
            point,
            16,
            active_with_data(move |x: &[Active], _: &[Active]| vec![reverse(x)]),
        );
        let other: Vec<f64> = point.iter().map(|x| x * 1.01 + 0.001).collect();
        let mut slopes = vec![0.0; point.len()];
        let value = f.value_and_gradient(&mut f.workspace(), &other, &mut slopes).unwrap();
        let (wanted, gradient) = value_and_gradient(active(self.reverse), &other);
        close("function's value", value, wanted, 1e-12);
        for (found, wanted) in slopes.into_iter().zip(gradient) {
            close("function's gradient", found, wanted, 1e-9);
        }
    }
}
