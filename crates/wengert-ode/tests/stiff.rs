//! Stiff equations by implicit methods, and sensitivities to parameters.

use differential_equations::linalg::Matrix;
use differential_equations::ode::ODE;
use differential_equations::ode::sensitivity::{ForwardSensitivityOde, ParametrizedODE};
use differential_equations::prelude::*;
use wengert::Var;
use wengert_ode::Equation;

/// Robertson's reaction, whose rates are nine orders of magnitude apart (Hairer & Wanner, "Solving
/// Ordinary Differential Equations II", IV.1).
fn robertson<'t>(y: &[Var<'t>], k: &[Var<'t>], _: Var<'t>) -> Vec<Var<'t>> {
    let [slow, fast, back] = [k[0] * y[0], k[1] * y[1] * y[1], k[2] * y[1] * y[2]];
    vec![back - slow, slow - back - fast, fast]
}

const RATES: [f64; 3] = [0.04, 3e7, 1e4];
const START: [f64; 3] = [1.0, 0.0, 0.0];

fn solve(equation: &impl ODE<f64, [f64; 3]>, until: f64) -> [f64; 3] {
    let method = ImplicitRungeKutta::radau5().rtol(1e-9).atol(1e-12).h0(1e-6);
    let solution = IVP::ode(equation, 0.0, until, START).method(method).solve().expect("solved");
    *solution.iter().next_back().expect("there is an end").1
}

#[test]
fn robertson_s_reaction_ends_where_it_is_known_to() {
    let equation = Equation::record(&START, &RATES, robertson).unwrap();
    // The reference solution at t = 40 of SUNDIALS' example cvRoberts_dns, in the digits it prints.
    let known = [7.158_27e-1, 9.185_5e-6, 2.841_6e-1];
    for (found, known) in solve(&equation, 40.0).into_iter().zip(known) {
        assert!((found - known).abs() < 2e-4 * known, "{found} and {known}");
    }
}

/// Entries worked out by hand.
#[test]
fn jacobians_are_exact() {
    let equation = Equation::record(&START, &RATES, robertson).unwrap();
    let y = [0.7, 2e-5, 0.3];
    let ([a, b, c], [_, p, q]) = (y, RATES);
    let mut matrix = Matrix::full(3, 3);
    equation.jacobian(1.5, &y, &mut matrix);
    let wanted =
        [[-0.04, q * c, q * b], [0.04, -q * c - 2.0 * p * b, -q * b], [0.0, 2.0 * p * b, 0.0]];
    let by_parameters = [[-a, 0.0, b * c], [a, -b * b, -b * c], [0.0, b * b, 0.0]];
    let agree = |matrix: &Matrix<f64>, wanted: [[f64; 3]; 3]| {
        for (i, row) in wanted.into_iter().enumerate() {
            for (j, wanted) in row.into_iter().enumerate() {
                let found = matrix[(i, j)];
                assert!((found - wanted).abs() <= 1e-12 * wanted.abs(), "({i}, {j}): {found}");
            }
        }
    };
    agree(&matrix, wanted);
    let mut matrix = Matrix::full(3, 3);
    equation.jacobian_p(1.5, &y, &mut matrix);
    agree(&matrix, by_parameters);
}

/// A pendulum that is pushed.
fn forced<'t>(y: &[Var<'t>], p: &[Var<'t>], t: Var<'t>) -> Vec<Var<'t>> {
    vec![y[1], t.cos() - p[0] * y[0].sin() - p[1] * y[1]]
}

/// Sensitivities that are solved for, against differences of solutions.
#[test]
fn sensitivities_are_those_of_the_solution() {
    let end = |p: [f64; 2]| {
        let equation = Equation::record(&[1.0, 0.0], &p, forced).unwrap();
        let method = ExplicitRungeKutta::dop853().rtol(1e-12).atol(1e-12);
        let solution = IVP::ode(&equation, 0.0, 3.0, [1.0, 0.0]).method(method).solve().unwrap();
        *solution.iter().next_back().unwrap().1
    };
    let p = [4.0, 0.3];
    let mut equation = Equation::record(&[1.0, 0.0], &[1.0, 1.0], forced).unwrap();
    equation.set_parameters(&p);
    let both = ForwardSensitivityOde::<_, f64, [f64; 2], Vec<f64>>::new(&equation, [1.0, 0.0]);
    let method = ExplicitRungeKutta::dop853().rtol(1e-12).atol(1e-12);
    let start = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let solution = IVP::ode(&both, 0.0, 3.0, start).method(method).solve().unwrap();
    let found = *solution.iter().next_back().unwrap().1;
    for j in 0..2 {
        let at = |step: f64| {
            let mut p = p;
            p[j] += step;
            end(p)
        };
        let (above, below) = (at(1e-4), at(-1e-4));
        for i in 0..2 {
            let difference = (above[i] - below[i]) / 2e-4;
            assert!((found[2 + 2 * i + j] - difference).abs() < 1e-6, "{found:?}, {difference}");
        }
    }
}

#[test]
#[should_panic(expected = "came out differently")]
fn a_branch_that_flips_is_a_panic_and_not_a_slope() {
    let abs = Equation::record(&[1.0], &[], |y, _, _| vec![if y[0] < 0.0 { -y[0] } else { y[0] }]);
    abs.unwrap().diff(0.0, &[-1.0], &mut [0.0]);
}

#[test]
#[should_panic(expected = "there are 1 slopes, wanted is one for each of 2")]
fn slopes_are_as_many_as_the_state_has_numbers() {
    let _ = Equation::record(&[1.0, 2.0], &[], |y, _, _| vec![y[0] * y[1]]);
}
