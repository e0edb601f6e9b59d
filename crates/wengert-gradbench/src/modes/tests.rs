//! What is made for a problem serves any values of its shape.

use wengert_problems::{
    MixtureSize, Problem,
    gradbench::{BundleAdjustment, Gmm, Llsq, Lse, Lstm, LstmSize, RungeKutta},
    oracle::relative_difference,
};

use super::*;

/// Every mode, with one thread and with several.
fn all() -> impl Iterator<Item = Options> {
    let with = |mode| [1, 3].map(|threads| Options { mode, threads });
    Mode::ALL.into_iter().flat_map(with)
}

#[track_caller]
fn assert_near(given: &[f64], expected: &[f64], what: &str) {
    let difference = relative_difference(given, expected);
    assert!(difference < 1e-12, "{what}: off by {difference:e}");
}

/// Points of a problem: its own, another scale, and its numbers the other way around, so that
/// another one is the largest; the first then once more.
fn points(own: &[f64]) -> [Vec<f64>; 4] {
    let scaled = own.iter().map(|x| -0.75 * x).collect();
    let reversed = own.iter().rev().copied().collect();
    [own.to_vec(), scaled, reversed, own.to_vec()]
}

#[track_caller]
fn assert_gradients(problem: &impl Batchable) {
    for options in all() {
        let mut mode = gradient(problem, &options);
        for x in points(problem.point()) {
            let mut expected = vec![f64::NAN; x.len()];
            problem.gradient(&x, &mut expected);
            let mut given = vec![f64::NAN; x.len()];
            mode.gradient(&x, &mut given);
            assert_near(&given, &expected, &format!("{} {options:?}", problem.name()));
        }
    }
}

#[test]
fn gradients_follow_the_point() {
    assert_gradients(&Lse::new(1));
    assert_gradients(&Lse::new(300));
    assert_gradients(&Llsq::new(1, 2));
    assert_gradients(&Llsq::new(7, 301));
    assert_gradients(&RungeKutta::new(5, 4));
    assert_gradients(&Lstm::new(LstmSize { layers: 2, width: 3, items: 6 }));
    for (dimensions, components, samples) in [(1, 1, 1), (3, 4, 5), (2, 3, 300)] {
        assert_gradients(&Gmm::new(MixtureSize { dimensions, components, samples }));
    }
}

#[test]
fn a_gradient_that_is_exactly_zero_is_zeros() {
    let problem = RungeKutta::below_one(41, 10);
    for options in all() {
        let mut given = [f64::NAN; 41];
        gradient(&problem, &options).gradient(problem.point(), &mut given);
        assert_eq!(given, [0.0; 41], "{options:?}");
    }
}

/// A camera, a point, a weight and a feature of all observations.
type Scene = ([f64; 11], [f64; 3], f64, [f64; 2]);

/// Cameras that are turned and that are not.
fn scenes() -> [Scene; 3] {
    let turned = [0.3, -0.5, 0.2, 1.5, -2.5, -8.0, 450.0, 3.0, -7.0, 0.08, 0.003];
    let mut straight = turned;
    straight[..3].fill(0.0);
    let (point, feature) = ([0.7, 0.4, 2.0], [120.0, 210.0]);
    [
        (turned, point, 0.6, feature),
        (straight, point, 0.6, feature),
        (turned.map(|x| 1.25 * x), [0.1, -0.4, 3.0], -1.5, [0.5, -2.0]),
    ]
}

#[test]
fn entries_follow_the_observations() {
    for options in all() {
        let mut mode = jacobian(&options);
        // The last has more observations than are gathered at a time, and not a multiple.
        for sizes in [[1, 1, 1], [2, 3, 5], [3, 7, 2100]] {
            for (camera, point, weight, feature) in scenes() {
                let problem = BundleAdjustment::repeated(sizes, camera, point, weight, feature);
                let mut expected = vec![f64::NAN; problem.entries()];
                problem.jacobian(&mut expected);
                let mut given = vec![f64::NAN; problem.entries()];
                mode.entries(&problem, &mut given);
                assert_near(&given, &expected, &format!("{options:?} {sizes:?}"));
            }
        }
    }
}

#[test]
fn two_is_the_derivative_of_a_square_at_one() {
    for options in all() {
        assert_eq!(derivative_of_square(1.0, &options), 2.0);
        assert_eq!(derivative_of_square(-3.5, &options), -7.0);
    }
}

#[test]
fn names_in_tables_are_those_of_the_command() {
    for mode in Mode::ALL {
        let name = mode.to_possible_value().expect("no mode is hidden");
        assert_eq!(mode.tool(), format!("wengert-{}", name.get_name()));
    }
}
