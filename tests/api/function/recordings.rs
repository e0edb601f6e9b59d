//! Recordings of every shape: outputs that are inputs, constants or the same, and lists of none.

use super::support::{Reference, all_same, jacobian, optimisers, record_with, values};
use wengert::{Function, Inputs, Var};

#[test]
fn outputs_are_inputs_constants_or_the_same() {
    for optimise in optimisers() {
        let f = record_with(optimise, &[1.0, 2.0], |x| {
            let y = x[0] * x[1];
            vec![x[0], 5.0.into(), y, y, x[0], x[1], Var::constant(-0.0), y + y]
        });
        assert_eq!(values(&f, &[3.0, 4.0]), [3.0, 5.0, 12.0, 12.0, 3.0, 4.0, 0.0, 24.0]);
        let rows = jacobian(&f, &[3.0, 4.0]);
        let expected =
            [[1.0, 0.0], [0.0, 0.0], [4.0, 3.0], [4.0, 3.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]];
        assert_eq!(rows[..7], expected);
        assert_eq!(rows[7], [8.0, 6.0]);
        let (mut product, mut tangents) = ([0.0; 2], [0.0; 8]);
        let v = [1.0, 10.0, 100.0, 1000.0, 2.0, 3.0, 4.0, 0.0];
        f.vjp(&mut f.workspace(), &[3.0, 4.0], &v, &mut product).unwrap();
        assert_eq!(product, [3.0 + 4400.0, 3.0 + 3300.0]);
        f.jvp(&mut f.dual_workspace(), &[3.0, 4.0], &[1.0, 2.0], &mut tangents).unwrap();
        assert_eq!(tangents, [1.0, 0.0, 10.0, 10.0, 1.0, 2.0, 0.0, 20.0]);
    }
}

#[test]
fn an_input_as_the_only_output() {
    let f = Function::record(&[1.0, 2.0], |x| x[1]);
    let mut gradient = [7.0; 2];
    let mut workspace = f.workspace();
    for _ in 0..3 {
        let value = f.value_and_gradient(&mut workspace, &[3.0, 4.0], &mut gradient);
        assert_eq!((value, gradient), (Ok(4.0), [0.0, 1.0]));
    }
    let mut hessian = [7.0; 4];
    f.hessian(&mut f.dual_workspace(), &[3.0, 4.0], &mut hessian).unwrap();
    assert_eq!(hessian, [0.0; 4]);
}

#[test]
fn a_constant_as_the_only_output() {
    let f = Function::record(&[1.0], |_| Var::constant(7.0));
    let mut gradient = [7.0];
    assert_eq!(f.value_and_gradient(&mut f.workspace(), &[3.0], &mut gradient), Ok(7.0));
    assert_eq!((gradient, f.len(), f.is_empty()), ([0.0], 0, true));
    let lost = Function::record(&[1.0], |_| Var::constant(f64::NAN));
    lost.gradient(&mut lost.workspace(), &[3.0], &mut gradient).unwrap();
    assert_eq!(gradient, [0.0], "what depends on no variable has no derivative");
}

#[test]
fn no_inputs_and_no_outputs() {
    let nothing = Function::record_many(&[], |_| Vec::new());
    assert_eq!((nothing.num_variables(), nothing.num_data(), nothing.num_outputs()), (0, 0, 0));
    assert_eq!((nothing.workspace_bytes(), nothing.dual_workspace_bytes()), (0, 0));
    nothing.values(&mut nothing.workspace(), &[], &mut []).unwrap();
    nothing.jacobian(&mut nothing.workspace(), &[], &mut []).unwrap();
    nothing.vjp(&mut nothing.workspace(), &[], &[], &mut []).unwrap();
    nothing.jvp(&mut nothing.dual_workspace(), &[], &[], &mut []).unwrap();
    let constant = Function::record(&[], |_| Var::constant(2.0) * 3.0);
    assert_eq!(constant.value_and_gradient(&mut constant.workspace(), &[], &mut []), Ok(6.0));
    constant.hessian(&mut constant.dual_workspace(), &[], &mut []).unwrap();
    let blind = Function::record_many(&[1.0, 2.0], |_| Vec::new());
    let mut product = [7.0; 2];
    blind.vjp(&mut blind.workspace(), &[1.0, 2.0], &[], &mut product).unwrap();
    assert_eq!(product, [0.0; 2]);
}

#[test]
fn empty_lists_are_what_they_are_on_a_tape() {
    fn all<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
        let none: &[Var<'t>] = &[];
        let lists = vec![
            Var::sum(none),
            Var::product(none),
            Var::mean(none),
            Var::dot(none, none),
            Var::squared_norm(none),
            Var::norm(none),
            Var::log_sum_exp(none),
            Var::linear_combination(&[], none),
            x[0].polynomial(&[]),
            x[0].horner(none),
        ];
        lists.into_iter().map(|list| list + 0.0 * x[0]).collect()
    }
    for optimise in optimisers() {
        let f = record_with(optimise, &[1.0], all);
        let reference = Reference::of(&[2.0], all);
        all_same(&values(&f, &[2.0]), &reference.values);
        reference.assert_rows(&jacobian(&f, &[2.0]), optimise);
    }
}

/// Inputs that the closure makes itself keep their values, whatever stands before them.
#[test]
fn inputs_of_the_closure_are_constants() {
    for optimise in optimisers() {
        let f = record_with(optimise, &[2.0, 3.0], |x| {
            let tape = x[0].tape().unwrap();
            let [a, b] = tape.var_array([10.0, 20.0]);
            vec![a * x[0] + b * x[1], a * b, a]
        });
        assert_eq!(values(&f, &[1.0, 1.0]), [30.0, 200.0, 10.0]);
        assert_eq!(jacobian(&f, &[1.0, 1.0]), [[10.0, 20.0], [0.0, 0.0], [0.0, 0.0]]);
    }
}

#[test]
fn data_have_no_derivatives_and_are_no_constants() {
    let f = Function::builder().data(&[1.0, 2.0]).record_many_with_data(&[3.0], |x, d| {
        vec![x[0] * d[0] + d[1], d[0].exp() * d[1], d[1], x[0] * (d[0] * d[1]).sqrt()]
    });
    assert_eq!((f.num_variables(), f.num_data(), f.num_outputs()), (1, 2, 4));
    assert_eq!(f.recorded_at(), Inputs { variables: &[3.0], data: &[1.0, 2.0] });
    let (mut out, mut jacobian, mut tangents) = ([0.0; 4], [7.0; 4], [7.0; 4]);
    let mut workspace = f.workspace();
    let inputs = (&[5.0], &[0.0, 4.0]);
    for _ in 0..3 {
        f.values(&mut workspace, inputs, &mut out).unwrap();
        assert_eq!(out, [4.0, 4.0, 4.0, 0.0]);
        f.jacobian(&mut workspace, (&[5.0], &[4.0, 4.0]), &mut jacobian).unwrap();
        assert_eq!(jacobian, [4.0, 0.0, 0.0, 4.0]);
    }
    f.jvp(&mut f.dual_workspace(), inputs, &[2.0], &mut tangents).unwrap();
    assert_eq!(tangents, [0.0; 4]);
}

/// Data that are infinite or lost pass nothing to the variables that do not meet them.
#[test]
fn lost_data_stay_where_they_are() {
    let f = Function::builder()
        .data(&[1.0])
        .record_many_with_data(&[3.0], |x, d| vec![x[0] * 2.0, d[0].ln() * d[0], x[0] * d[0]]);
    let (mut jacobian, mut workspace) = ([7.0; 3], f.workspace());
    f.jacobian(&mut workspace, (&[3.0], &[f64::INFINITY]), &mut jacobian).unwrap();
    assert_eq!(jacobian, [2.0, 0.0, f64::INFINITY]);
    f.jacobian(&mut workspace, (&[3.0], &[f64::NAN]), &mut jacobian).unwrap();
    assert!(jacobian[..2] == [2.0, 0.0] && jacobian[2].is_nan());
    f.jacobian(&mut workspace, (&[3.0], &[4.0]), &mut jacobian).unwrap();
    assert_eq!(jacobian, [2.0, 0.0, 4.0]);
}
