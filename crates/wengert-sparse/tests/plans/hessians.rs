//! Sparse Hessians against dense ones.

use proptest::prelude::*;
use wengert::{Function, Pattern, Var};
use wengert_sparse::{Coloring, Layout, Method, Order, SparseHessian, Triangle};

fn close(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-12 * scale || a.is_nan() && b.is_nan()
}

/// The sparse Hessian by every method, layout and triangle against the dense one.
fn check(f: &Function, x: &[f64], weights: &[f64]) {
    let n = f.num_variables();
    let mut dense = vec![0.0; n * n];
    for (j, row) in dense.chunks_mut(n).enumerate() {
        let mut unit = vec![0.0; n];
        unit[j] = 1.0;
        let dual = &mut f.dual_workspace();
        f.weighted_hessian_vector_product(dual, x, weights, &unit, row).unwrap();
    }
    let scale = dense.iter().fold(1.0, |a: f64, b| a.max(b.abs()));
    for method in [Method::Star, Method::Acyclic] {
        for triangle in [Triangle::Both, Triangle::Lower, Triangle::Upper] {
            for layout in [Layout::Rows, Layout::Columns] {
                let builder = SparseHessian::builder(f.hessian_pattern()).method(method);
                let builder = builder.order(Order::SmallestLast).triangle(triangle).layout(layout);
                let plan = builder.plan().unwrap();
                let mut workspace = plan.workspace(f);
                let mut values = vec![f64::NAN; plan.structure().len()];
                plan.evaluate(f, &mut workspace, x, weights, &mut values).unwrap();
                let mut scattered = vec![0.0; n * n];
                for ((row, column), value) in plan.structure().triplets().zip(&values) {
                    let is_wanted = match triangle {
                        Triangle::Both => true,
                        Triangle::Lower => column <= row,
                        Triangle::Upper => row <= column,
                    };
                    assert!(is_wanted, "({row}, {column}) of {triangle:?}");
                    scattered[row * n + column] = *value;
                    if triangle != Triangle::Both {
                        scattered[column * n + row] = *value;
                    }
                }
                for (k, (&a, &b)) in scattered.iter().zip(&dense).enumerate() {
                    let is_close = close(a, b, scale);
                    assert!(is_close, "{method:?}: {a} is {b} at ({}, {})", k / n, k % n);
                }
                plan.check(f, &mut workspace, x, weights).unwrap();
            }
        }
    }
}

fn point(n: usize) -> Vec<f64> {
    (0..n).map(|k| (k as f64 + 0.3).sin()).collect()
}

#[test]
fn problems_have_their_dense_hessians() {
    let n = 24;
    let chained = Function::record(&vec![0.5; n], |x| {
        x.windows(2).map(|x| (x[1] - x[0] * x[0]).powi(2) * 100.0 + (1.0 - x[0]).powi(2)).sum()
    });
    check(&chained, &point(n), &[1.0]);
    let arrow =
        Function::record(&vec![0.5; n], |x| x.iter().map(|&y| y * y * x[0] + y.cos()).sum());
    check(&arrow, &point(n), &[-2.0]);
    let full = Function::record(&vec![0.5; n], |x| Var::sum(x).exp() + Var::norm(x));
    check(&full, &point(n), &[0.5]);
    let lagrangian = Function::record_many(&vec![0.5; n], |x| {
        let mut all = vec![x.iter().map(|x| x.powi(4)).sum()];
        all.extend(x.windows(3).map(|x| x[0] * x[1] / (x[2] + 3.0)));
        all
    });
    check(&lagrangian, &point(n), &point(n - 1));
}

proptest! {
    #[test]
    fn random_terms_have_the_dense_hessian(
        terms in prop::collection::vec((0_usize..9, 0_usize..9, 0_usize..9), 1..20),
        x in prop::collection::vec(-2.0..2.0, 9),
    ) {
        let f = Function::record(&[0.5; 9], |x| {
            let term = |&(a, b, c): &(usize, usize, usize)| x[a] * x[b].sin() + (x[c] * x[a]).exp();
            terms.iter().map(term).sum()
        });
        check(&f, &x, &[1.0]);
    }
}

/// An entry that is read directly is a sum of the dense product's terms, without the zeros.
#[test]
fn a_star_colouring_loses_no_bit() {
    let n = 50;
    let f = Function::record(&vec![0.5; n], |x| x.windows(2).map(|x| (x[0] * x[1]).exp()).sum());
    let plan = SparseHessian::of(&f).unwrap();
    let (mut values, mut dense) = (vec![0.0; plan.structure().len()], vec![0.0; n * n]);
    plan.evaluate(&f, &mut plan.workspace(&f), &point(n), &[1.0], &mut values).unwrap();
    f.hessian(&mut f.dual_workspace(), &point(n), &mut dense).unwrap();
    for ((row, column), value) in plan.structure().triplets().zip(values) {
        if row == column {
            assert_eq!(value, dense[row * n + column], "at ({row}, {column})");
        }
    }
}

#[test]
fn what_does_not_fit_is_told() {
    let f = Function::record(&[1.0, 2.0, 3.0], |x| x[0] * x[1] + x[2].exp());
    let text = |error: wengert_sparse::Error| error.to_string();
    let oblong = Pattern::from_entries(2, 3, []).unwrap();
    assert!(SparseHessian::builder(oblong).plan().is_err());
    let plan = SparseHessian::of(&f).unwrap();
    let (mut workspace, mut values) = (plan.workspace(&f), vec![0.0; 3]);
    let error = plan.evaluate(&f, &mut workspace, &[1.0; 3], &[], &mut values).unwrap_err();
    assert_eq!(text(error), "the slice of weights has length 0, wanted is 1");
    let pattern = f.hessian_pattern();
    let short = Coloring::new(vec![Some(0); 2]);
    let error = SparseHessian::builder(pattern.clone()).coloring(short).plan().unwrap_err();
    assert_eq!(text(error), "the colouring has length 2, wanted is 3");
    // One colour for all leaves sums that nothing takes apart.
    let full = Function::record(&[1.0; 3], |x| (x[0] * x[1] * x[2]).exp()).hessian_pattern();
    let one = Coloring::new(vec![Some(0); 3]);
    let error = SparseHessian::builder(full).coloring(one).plan().unwrap_err();
    assert!(text(error).contains("do not tell the entry (0, 0) apart"));
    // No colour at all tells nothing.
    let none = Coloring::new(vec![None; 3]);
    assert!(SparseHessian::builder(pattern).coloring(none).plan().is_err());
    let lacking = Pattern::from_entries(3, 3, [(0, 1), (1, 0)]).unwrap();
    let wrong = SparseHessian::builder(lacking).plan().unwrap();
    let error = wrong.check(&f, &mut wrong.workspace(&f), &[1.0; 3], &[1.0]).unwrap_err();
    assert!(error.is_mismatch() && text(error).contains("row 2"));
}

#[test]
fn nothing_is_a_hessian_too() {
    let f = Function::record(&[], |_| Var::constant(1.0));
    let plan = SparseHessian::of(&f).unwrap();
    plan.evaluate(&f, &mut plan.workspace(&f), &[], &[1.0], &mut []).unwrap();
    let linear = Function::record(&[1.0, 2.0], |x| x[0] - x[1]);
    let plan = SparseHessian::of(&linear).unwrap();
    plan.evaluate(&linear, &mut plan.workspace(&linear), &[1.0, 2.0], &[1.0], &mut []).unwrap();
}

#[test]
fn threads_share_a_plan() {
    let f = Function::record(&[0.5; 40], |x| x.windows(2).map(|x| (x[0] * x[1]).sin()).sum());
    let plan = SparseHessian::of(&f).unwrap();
    let evaluate = |x: f64| {
        let mut values = vec![0.0; plan.structure().len()];
        plan.evaluate(&f, &mut plan.workspace(&f), &[x; 40], &[1.0], &mut values).unwrap();
        values
    };
    let known = [0.1, 0.2, 0.3].map(evaluate);
    std::thread::scope(|scope| {
        for (x, known) in [0.1, 0.2, 0.3].into_iter().zip(&known) {
            scope.spawn(move || assert_eq!(&evaluate(x), known));
        }
    });
}
