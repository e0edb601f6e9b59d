//! Each operation beside differences and beside the same by nalgebra's operations on variables.

use nalgebra::{DMatrix, DVector};
use wengert::check::check_operation;
use wengert::{Active, Batch, Function, Number, active, gradient, hessian};
use wengert_linalg::{
    Error, Method, inverse, least_squares, log_determinant, operations, product, solve,
    symmetric_eigenvalues,
};

/// Numbers with no regularity, the same at every run.
fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let next = |i: usize| {
        let angle = (i as f64 + 1.0) * 12.9898 + seed as f64 * 78.233;
        (angle.sin() * 43_758.545).rem_euclid(1.0) - 0.5
    };
    (0..count).map(next).collect()
}

/// A symmetric matrix that is positive definite.
fn definite(n: usize) -> Vec<f64> {
    let b = DMatrix::from_vec(n, n, numbers(n * n, 3));
    (&b * b.transpose() + DMatrix::identity(n, n)).as_slice().to_vec()
}

/// A symmetric matrix with eigenvalues of both signs, none near 0.
fn indefinite(n: usize) -> Vec<f64> {
    let mut a = definite(n);
    for i in (0..n).step_by(2) {
        a[i * n + i] -= 6.0;
    }
    a
}

fn matrix_for(method: Method, n: usize) -> Vec<f64> {
    match method {
        Method::Cholesky => definite(n),
        Method::SymmetricIndefinite => indefinite(n),
        _ => numbers(n * n, 1)
            .iter()
            .enumerate()
            .map(|(i, x)| if i % (n + 1) == 0 { x + 2.0 } else { *x })
            .collect(),
    }
}

#[track_caller]
fn assert_near(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    let size = b.iter().fold(1.0, |size: f64, b| size.max(b.abs()));
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-11 * size, "{a} {b}");
    }
}

/// What an operation on a symmetric matrix takes of it: each column from the diagonal down.
fn lower(a: &[f64], n: usize) -> Vec<f64> {
    (0..n).flat_map(|j| a[j * n + j..(j + 1) * n].to_vec()).collect()
}

fn entries_for(method: Method, n: usize) -> Vec<f64> {
    let a = matrix_for(method, n);
    match method {
        Method::Lu | Method::Qr => a,
        Method::Cholesky | Method::SymmetricIndefinite => lower(&a, n),
    }
}

#[test]
fn every_operation_passes_its_check() {
    for n in [1, 2, 5] {
        let mut all = vec![
            (operations::inverse(n), matrix_for(Method::Lu, n)),
            (operations::product(n, 3, 2), numbers(3 * n + 6, 2)),
            (operations::least_squares(n + 2, n), numbers((n + 2) * (n + 1), 4)),
            (operations::symmetric_eigenvalues(n), lower(&indefinite(n), n)),
        ];
        for method in Method::ALL {
            let a = entries_for(method, n);
            all.push((operations::log_determinant(method, n), a.clone()));
            for columns in [1, 2] {
                let x = [a.clone(), numbers(columns * n, 5)].concat();
                all.push((operations::solve(method, n, columns), x));
            }
        }
        for (operation, x) in all {
            let report = check_operation(&operation, &x).unwrap();
            assert!(report.transposed.is_some() && report.second.is_some());
            assert!(report.is_ok(), "{report}");
        }
    }
}

/// Sides that are not known when the crate is compiled. What is kept of a decomposition changes no
/// bit.
#[test]
fn sides_of_any_length_pass_the_check() {
    let n = 9;
    for method in Method::ALL {
        let x = [entries_for(method, n), numbers(n, 5)].concat();
        let report = check_operation(&operations::solve(method, n, 1), &x).unwrap();
        assert!(report.is_ok() && report.saved == Some(true), "{report}");
    }
    let operation = operations::least_squares(n + 3, 4);
    let report = check_operation(&operation, &numbers((n + 3) * 5, 4)).unwrap();
    assert!(report.is_ok() && report.saved == Some(true), "{report}");
}

/// Large matrices are decomposed by faer, and solved for several columns by its kernels.
#[test]
fn large_matrices_are_decomposed_too() {
    let n = 70;
    for method in Method::ALL {
        let mut a = matrix_for(method, n);
        if method == Method::Lu {
            // So that rows are exchanged.
            (0..n).for_each(|i| a[i * n + i] -= 2.0);
        }
        let (b, weights) = (numbers(3 * n, 5), numbers(3 * n, 6));
        let x = solve(method, &a, &b).unwrap();
        let matrix = DMatrix::from_column_slice(n, n, &a);
        assert_near((&matrix * DMatrix::from_column_slice(n, 3, &x)).as_slice(), &b);
        let one = solve(method, &a, &b[..n]).unwrap();
        assert_near(&one, &x[..n]);
        // The adjoint of B is A⁻ᵀW, for several columns and for one.
        let transposed = matrix.transpose();
        for columns in [1, 3] {
            let w = &weights[..columns * n];
            let f = Function::record(&b[..columns * n], |b| {
                let a: Vec<_> = a.iter().map(|&a| a.into()).collect();
                let x = solve(method, &a, b).unwrap();
                x.iter().zip(w).map(|(x, &w)| *x * w).sum()
            });
            let mut gradient = vec![0.0; columns * n];
            f.gradient(&mut f.workspace(), &b[..columns * n], &mut gradient).unwrap();
            let back = &transposed * DMatrix::from_column_slice(n, columns, &gradient);
            assert_near(back.as_slice(), w);
        }
        let log = log_determinant(method, &a).unwrap();
        assert_near(&[log], &[matrix.lu().u().diagonal().iter().map(|u| u.abs().ln()).sum()]);
    }
}

/// Around the sides at which other loops decompose a matrix, or a column takes one piece more.
#[test]
fn definite_matrices_of_any_side_are_decomposed() {
    for n in [7, 8, 9, 12, 15, 16, 17, 31, 50, 63, 64, 65] {
        let (a, b) = (definite(n), numbers(n, 5));
        let x = solve(Method::Cholesky, &a, &b).unwrap();
        let matrix = DMatrix::from_column_slice(n, n, &a);
        assert_near((matrix * DVector::from_vec(x)).as_slice(), &b);
        let [by_cholesky, by_lu] =
            [Method::Cholesky, Method::Lu].map(|method| log_determinant(method, &a).unwrap());
        assert_near(&[by_cholesky], &[by_lu]);
        for column in [0, n / 2, n - 1] {
            let mut a = a.clone();
            a[column * n + column] = -1.0;
            let refused = Err(Error::NotPositiveDefinite { column });
            assert_eq!(solve(Method::Cholesky, &a, &b), refused);
        }
    }
}

/// Equal calls are one call of the optimised function, whatever made them.
#[test]
fn equal_solves_are_made_once() {
    let x = [definite(4), numbers(4, 7)].concat();
    let twice = Function::record(&x, |x| by_nodes(x) + by_nodes(x));
    let once = Function::record(&x, |x| by_nodes(x) * 2.0);
    assert_eq!(twice.len(), once.len());
}

/// bᵀA⁻¹b + ln det A by nalgebra's Cholesky decomposition, operation by operation.
fn by_nalgebra(x: &[Active]) -> Active {
    let n = 4;
    let (a, b) = x.split_at(n * n);
    let a = DMatrix::from_column_slice(n, n, a);
    let b = DVector::from_column_slice(b);
    let cholesky = a.cholesky().unwrap();
    let log: Active = cholesky.l().diagonal().iter().map(|l| l.ln()).sum();
    b.dot(&cholesky.solve(&b)) + log * 2.0
}

/// The same by two nodes.
fn by_nodes<T: Number>(x: &[T]) -> T {
    let (a, b) = x.split_at(16);
    let solution = solve(Method::Cholesky, a, b).unwrap();
    T::dot(b, &solution) + log_determinant(Method::Cholesky, a).unwrap()
}

#[test]
fn nodes_agree_with_operations() {
    let x = [definite(4), numbers(4, 7)].concat();
    assert_near(&gradient(|x| by_nodes(x), &x), &gradient(active(by_nalgebra), &x));
    let (found, wanted) = (hessian(|x| by_nodes(x), &x), hessian(active(by_nalgebra), &x));
    assert_near(&found.concat(), &wanted.concat());
}

#[test]
fn functions_and_batches_replay_them() {
    let x = [definite(4), numbers(4, 7)].concat();
    let f = Function::record(&x, |x| by_nodes(x));
    let other: Vec<f64> = x.iter().map(|x| x * 1.125).collect();
    let mut found = vec![0.0; 20];
    let value = f.value_and_gradient(&mut f.workspace(), &other, &mut found).unwrap();
    assert_near(&[value], &[by_nodes(&other)]);
    assert_near(&found, &gradient(|x| by_nodes(x), &other));
    let rows = [x.clone(), other.clone(), x].concat();
    let (mut values, mut gradients) = ([0.0; 3], [0.0; 60]);
    let batch = Batch::new(3).variables(&rows);
    f.batch_gradients(&mut f.batch_workspace(), &batch, &mut values, &mut gradients).unwrap();
    assert_eq!((values[1], &gradients[20..40]), (value, &found[..]));
}

/// The larger eigenvalue of a symmetric 2×2 matrix.
fn larger<T: Number>(x: &[T]) -> T {
    let (mean, half) = ((x[0] + x[3]) * 0.5, (x[0] - x[3]) * 0.5);
    mean + half.hypot(x[1])
}

/// Eigenvalues from the characteristic polynomial of a 2×2 matrix, as operations.
#[test]
fn eigenvalues_are_those_of_the_formula() {
    let x = [2.0, 0.7, 0.7, -1.0];
    assert_near(
        &hessian(|x| symmetric_eigenvalues(x).unwrap()[1], &x).concat(),
        &hessian(|x| larger(x), &x).concat(),
    );
    // Where they meet, what is smooth has its derivative.
    let met = [2.0, 0.0, 0.0, 2.0];
    let squares = hessian(
        |x| symmetric_eigenvalues(x).unwrap().iter().map(|value| value.powi(2)).sum(),
        &met,
    );
    assert_near(&squares.concat()[..2], &[2.0, 0.0]);
    let sum = hessian(|x| symmetric_eigenvalues(x).unwrap().iter().sum(), &met);
    assert_near(&sum.concat(), &[0.0; 16]);
}

#[test]
fn what_has_no_result_is_an_error_of_its_type() {
    let singular = [1.0, 2.0, 2.0, 4.0];
    for method in [Method::Lu, Method::Qr] {
        assert_eq!(solve(method, &singular, &[1.0, 2.0]), Err(Error::Singular));
    }
    let zero = [0.0; 4];
    let indefinite = Method::SymmetricIndefinite;
    assert_eq!(solve(indefinite, &zero, &[1.0, 2.0]), Err(Error::Singular));
    assert_eq!(solve(indefinite, &singular, &[1.0, 2.0]), Err(Error::Singular));
    assert_eq!(log_determinant(Method::Lu, &singular), Err(Error::Singular));
    assert_eq!(inverse(&singular), Err(Error::Singular));
    let error = solve(Method::Cholesky, &singular, &[1.0, 2.0]).unwrap_err();
    assert_eq!(error, Error::NotPositiveDefinite { column: 1 });
    assert_eq!(least_squares(&[1.0, 1.0, 2.0, 2.0], &[1.0, 2.0]), Err(Error::RankDeficient));
    assert_eq!(least_squares(&[1.0, 1.0], &[1.0]), Err(Error::RankDeficient));
    assert!(symmetric_eigenvalues(&[f64::NAN; 4]).unwrap()[0].is_nan());
    assert_eq!(inverse(&[1.0; 3]), Err(Error::NotSquare { entries: 3 }));
    assert_eq!(product(&[1.0; 3], &[1.0; 2], 2), Err(Error::Length { given: 3, of: 2 }));
    assert_eq!(solve(Method::Lu, &[1.0], &[1.0, 2.0]).unwrap().len(), 2);

    // Recorded, and at an evaluation.
    let tape = wengert::Tape::new();
    let error = inverse(&tape.vars(&singular)).unwrap_err();
    assert_eq!((error, tape.len()), (Error::Singular, 4));
    let f = Function::record_many(&[1.0, 2.0, 3.0, 4.0], |a| inverse(a).unwrap());
    let error = f.values(&mut f.workspace(), &singular, &mut [0.0; 4]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the operation `inverse(2)` failed: the matrix is singular to working precision"
    );
    assert_eq!(Error::from(error), Error::Singular);
}

/// A symmetric indefinite matrix whose first pivot needs a block of two.
#[test]
fn blocks_of_two_are_pivots_too() {
    let a = [0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 3.0];
    let x = solve(Method::SymmetricIndefinite, &a, &[2.0, 5.0, 6.0]).unwrap();
    assert_near(&x, &[5.0, 2.0, 2.0]);
    let log = log_determinant(Method::SymmetricIndefinite, &a).unwrap();
    assert_near(&[log], &[3.0_f64.ln()]);
}
