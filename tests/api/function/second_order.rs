//! Tangents and second derivatives are those of the tape.

use super::support::optimisers;
use crate::expression::{point, smooth_expression};
use crate::support::{cases, near};
use proptest::prelude::*;
use wengert::{Function, Optimise};
use wengert_problems::{LogSumExp, Mixture, MixtureSize, Ode, Perceptron, Problem, Rosenbrock};

/// Products with the Hessian, the Hessian and tangents, by the function and by the tape.
fn check_problem(problem: &impl Problem) {
    let x = problem.point();
    let at: Vec<f64> = x.iter().map(|x| 0.9 * x + 0.01).collect();
    let v: Vec<f64> = (0..x.len()).map(|i| f64::from(i as u32 % 5) - 1.5).collect();
    let n = x.len();
    for optimise in optimisers() {
        let f = Function::builder().optimise(optimise).record(x, |x| problem.objective(x));
        let mut workspace = f.dual_workspace();
        let (mut product, mut hessian) = (vec![0.0; n], vec![0.0; n * n]);
        let mut tangent = [0.0];
        f.hessian_vector_product(&mut workspace, &at, &v, &mut product).unwrap();
        f.hessian(&mut workspace, &at, &mut hessian).unwrap();
        f.jvp(&mut workspace, &at, &v, &mut tangent).unwrap();
        let (_, along) =
            wengert::hessian_vector_product(|x| problem.objective(x), &at, &v).unwrap();
        let known = wengert::hessian(|x| problem.objective(x), &at);
        let (_, slopes) = wengert::jvp(|x| vec![problem.objective(x)], &at, &v).unwrap();
        let scale = known.iter().flatten().fold(1.0, |a: f64, h| a.max(h.abs()));
        let scale = scale * n as f64;
        let close = |a: f64, b: f64| near(a / scale, b / scale, 1e-11);
        product.iter().zip(&along).for_each(|(&a, &b)| close(a, b));
        hessian.iter().zip(known.iter().flatten()).for_each(|(&a, &b)| close(a, b));
        close(tangent[0], slopes[0]);
    }
}

#[test]
fn problems_have_the_second_derivatives_of_the_tape() {
    check_problem(&Rosenbrock::new(12));
    check_problem(&LogSumExp::new(9));
    check_problem(&Perceptron::new(2, 3));
    check_problem(&Mixture::new(MixtureSize { dimensions: 2, components: 2, samples: 3 }));
    check_problem(&Ode::new(40));
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn smooth_expressions_have_the_tangents_and_hessians_of_the_tape(
        e in smooth_expression(),
        (at, x, v) in (point(), point(), point()),
    ) {
        let known = wengert::hessian(|x| e.record(x), &x);
        let (_, slopes) = wengert::jvp(|x| vec![e.record(x)], &x, &v).unwrap();
        let all = known.iter().flatten().chain(&slopes);
        let scale = all.fold(1.0, |a: f64, h| a + h.abs());
        prop_assume!(scale < 1e6);
        for optimise in [Optimise::none(), Optimise::all()] {
            let f = Function::builder().optimise(optimise).record(&at, |x| e.record(x));
            let (mut workspace, n) = (f.dual_workspace(), x.len());
            let (mut hessian, mut tangent) = (vec![0.0; n * n], [0.0]);
            f.hessian(&mut workspace, &x, &mut hessian).unwrap();
            f.jvp(&mut workspace, &x, &v, &mut tangent).unwrap();
            near(tangent[0] / scale, slopes[0] / scale, 1e-8);
            for (&entry, &known) in hessian.iter().zip(known.iter().flatten()) {
                near(entry / scale, known / scale, 1e-8);
            }
        }
    }
}

#[test]
fn single_precision_has_second_derivatives_too() {
    let f = Function::<f32>::builder().record(&[1.0, 2.0], |x| x[0].powi(3) * x[1]);
    let mut hessian = [0.0_f32; 4];
    f.hessian(&mut f.dual_workspace(), &[2.0, 3.0], &mut hessian).unwrap();
    assert_eq!(hessian, [36.0, 12.0, 12.0, 0.0]);
}

#[test]
fn tangents_and_second_derivatives_follow_the_point_from_path_to_path() {
    let f = Function::builder().record_paths(&[1.0, 2.0], 4, |x, _| {
        if x[0] < 0.0 {
            vec![x[0] * x[0] * x[1]]
        } else if x[0] < 10.0 {
            vec![x[0] * x[1] * x[1]]
        } else {
            vec![x[0].powi(3)]
        }
    });
    let (mut workspace, mut hessian) = (f.dual_workspace(), [0.0; 4]);
    for (x, expected, slope) in [
        ([2.0, 3.0], [0.0, 6.0, 6.0, 4.0], 9.0),
        ([-2.0, 3.0], [6.0, -4.0, -4.0, 0.0], -12.0),
        ([20.0, 3.0], [120.0, 0.0, 0.0, 0.0], 1200.0),
        ([-3.0, 1.0], [2.0, -6.0, -6.0, 0.0], -6.0),
        ([1.0, 1.0], [0.0, 2.0, 2.0, 2.0], 1.0),
    ] {
        f.hessian(&mut workspace, &x, &mut hessian).unwrap();
        assert_eq!(hessian, expected, "at {x:?}");
        let (mut tangent, mut product) = ([0.0], [0.0; 2]);
        f.jvp(&mut workspace, &x, &[1.0, 0.0], &mut tangent).unwrap();
        assert_eq!(tangent, [slope], "at {x:?}");
        f.hessian_vector_product(&mut workspace, &x, &[1.0, 0.0], &mut product).unwrap();
        assert_eq!(product, [expected[0], expected[1]], "at {x:?}");
    }
}
