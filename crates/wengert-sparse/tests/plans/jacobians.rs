//! Sparse Jacobians against dense ones.

use proptest::prelude::*;
use wengert::{Function, Pattern, Var};
use wengert_sparse::{Layout, Side, SparseJacobian};

/// The discretised Bratu problem on a grid: −Δu = λ eᵘ.
fn bratu<'t>(u: &[Var<'t>], n: usize) -> Vec<Var<'t>> {
    let at = |i: isize, j: isize| {
        let is_inside = (0..n as isize).contains(&i) && (0..n as isize).contains(&j);
        if is_inside { u[i as usize * n + j as usize] } else { Var::constant(0.0) }
    };
    let grid = |k: usize| ((k / n) as isize, (k % n) as isize);
    let residual = |(i, j)| {
        let around = at(i - 1, j) + at(i + 1, j) + at(i, j - 1) + at(i, j + 1);
        at(i, j) * 4.0 - around - at(i, j).exp() * 0.01
    };
    (0..n * n).map(|k| residual(grid(k))).collect()
}

/// Whether two sums of such size, or of terms of such size, differ by roundings alone.
fn close(a: f64, b: f64, terms: f64) -> bool {
    (a - b).abs() <= 1e-13 * a.abs().max(b.abs()).max(terms) || a.is_nan() && b.is_nan()
}

/// The sparse Jacobian by every side and layout against the dense one.
fn check(f: &Function, x: &[f64]) {
    check_sums(f, x, 0.0);
}

/// The same, of entries that are what is left of terms whose sizes add up to so much.
fn check_sums(f: &Function, x: &[f64], terms: f64) {
    let n = f.num_variables();
    let mut dense = vec![0.0; n * f.num_outputs()];
    f.jacobian(&mut f.workspace(), x, &mut dense).unwrap();
    for side in [Side::Columns, Side::Rows, Side::Both, Side::Fewest] {
        for layout in [Layout::Rows, Layout::Columns] {
            let builder = SparseJacobian::builder(f.jacobian_pattern());
            let plan = builder.side(side).layout(layout).plan().unwrap();
            let mut workspace = plan.workspace(f);
            let mut values = vec![f64::NAN; plan.structure().len()];
            plan.evaluate(f, &mut workspace, x, &mut values).unwrap();
            let mut scattered = vec![0.0; dense.len()];
            for ((row, column), value) in plan.structure().triplets().zip(&values) {
                scattered[row * n + column] = *value;
            }
            for (k, (&a, &b)) in scattered.iter().zip(&dense).enumerate() {
                assert!(close(a, b, terms), "{side:?}: {a} is {b} at ({}, {})", k / n, k % n);
            }
            plan.check(f, &mut workspace, x).unwrap();
        }
    }
}

#[test]
fn a_stencil_has_the_dense_jacobian() {
    let n = 7;
    let f = Function::record_many(&vec![0.5; n * n], |u| bratu(u, n));
    let x: Vec<f64> = (0..n * n).map(|k| (k as f64).sin()).collect();
    check(&f, &x);
    let plan = SparseJacobian::of(&f).unwrap();
    assert!((5..=7).contains(&plan.colors()), "{}", plan.colors());
}

#[test]
fn a_dense_row_and_a_dense_column_have_the_dense_jacobian() {
    let f = Function::record_many(&[0.5; 30], |x| {
        let mut rows: Vec<_> = x.iter().map(|&y| y * y * x[0]).collect();
        rows.push(x.iter().map(|x| x.sin()).sum());
        rows
    });
    check(&f, &(0..30).map(|k| 0.1 * k as f64 - 1.0).collect::<Vec<_>>());
    assert_eq!(SparseJacobian::of(&f).unwrap().colors(), 3);
}

proptest! {
    #[test]
    fn random_products_have_the_dense_jacobian(
        terms in prop::collection::vec((0_usize..9, 0_usize..9, 0_usize..9), 1..25),
        x in prop::collection::vec(-2.0..2.0, 9),
    ) {
        let f = Function::record_many(&[0.5; 9], |x| {
            let mut rows = vec![Var::constant(0.0); 9];
            for &(row, a, b) in &terms {
                rows[row] += x[a] * x[b].sin();
            }
            rows
        });
        // Each term is x·cos y or sin y, and those of an entry may cancel.
        check_sums(&f, &x, 2.0 * terms.len() as f64);
    }
}

#[test]
fn what_does_not_fit_is_told() {
    let f = Function::record_many(&[1.0, 2.0], |x| vec![x[0] * x[1], x[0]]);
    let other = Function::record_many(&[1.0], |x| vec![x[0]]);
    let plan = SparseJacobian::of(&f).unwrap();
    let mut workspace = plan.workspace(&f);
    let mut values = [0.0; 3];
    let text = |error: wengert_sparse::Error| error.to_string();
    let error = plan.evaluate(&other, &mut workspace, &[1.0], &mut values).unwrap_err();
    assert!(text(error).contains("2 by 2, the function has one of 1 by 1"));
    let error = plan.evaluate(&f, &mut workspace, &[1.0], &mut values).unwrap_err();
    assert!(text(error).contains("the slice of variables has length 1"));
    let error = plan.evaluate(&f, &mut workspace, &[1.0, 2.0], &mut values[..2]).unwrap_err();
    assert_eq!(text(error), "the slice of values has length 2, wanted is 3");
    let mut foreign = plan.workspace(&f.clone());
    assert!(plan.evaluate(&f, &mut foreign, &[1.0, 2.0], &mut values).is_ok());
    let again = Function::record_many(&[1.0, 2.0], |x| vec![x[0] * x[1], x[0]]);
    let error = plan.evaluate(&f, &mut plan.workspace(&again), &[1.0, 2.0], &mut values);
    assert!(error.unwrap_err().of_function().unwrap().is_foreign());
    // A pattern that lacks an entry is found out by one product.
    let lacking = Pattern::from_entries(2, 2, [(0, 0), (1, 0)]).unwrap();
    let wrong = SparseJacobian::builder(lacking).plan().unwrap();
    let error = wrong.check(&f, &mut wrong.workspace(&f), &[3.0, 4.0]).unwrap_err();
    assert!(error.is_mismatch() && text(error).contains("row 0"));
}

#[test]
fn nothing_is_a_jacobian_too() {
    let f = Function::record_many(&[], |_| vec![]);
    let plan = SparseJacobian::of(&f).unwrap();
    plan.evaluate(&f, &mut plan.workspace(&f), &[], &mut []).unwrap();
    let f = Function::record_many(&[1.0, 2.0], |_| vec![Var::constant(3.0)]);
    let plan = SparseJacobian::of(&f).unwrap();
    assert_eq!(plan.colors(), 0);
    plan.evaluate(&f, &mut plan.workspace(&f), &[1.0, 2.0], &mut []).unwrap();
}

#[test]
fn a_number_that_is_none_stays_in_its_column() {
    let f = Function::record_many(&[1.0; 3], |x| x.iter().map(|x| x.ln()).collect());
    let plan = SparseJacobian::of(&f).unwrap();
    let mut values = [0.0; 3];
    plan.evaluate(&f, &mut plan.workspace(&f), &[f64::NAN, 2.0, 0.0], &mut values).unwrap();
    assert!(values[0].is_nan() && values[1..] == [0.5, f64::INFINITY]);
}
