//! Sparse systems beside dense ones and beside differences.

use wengert::check::check_operation;
use wengert::custom::register;
use wengert::{Function, Number, gradient, hessian};
use wengert_linalg::{Error, Method, SparseSystem, solve};

/// A matrix with its pattern, column behind column.
struct Matrix {
    n: usize,
    starts: Vec<usize>,
    rows: Vec<usize>,
    entries: Vec<f64>,
}

impl Matrix {
    /// The entries that are not 0 of a function of row and column.
    fn of(n: usize, entry: impl Fn(usize, usize) -> f64) -> Self {
        let mut matrix = Self { n, starts: vec![0], rows: Vec::new(), entries: Vec::new() };
        for j in 0..n {
            for (i, x) in (0..n).map(|i| (i, entry(i, j))).filter(|(_, x)| *x != 0.0) {
                matrix.rows.push(i);
                matrix.entries.push(x);
            }
            matrix.starts.push(matrix.rows.len());
        }
        matrix
    }

    /// The same entries in a dense matrix, and above the diagonal where that is symmetric.
    fn dense<T: Number>(&self, entries: &[T], is_symmetric: bool) -> Vec<T> {
        let mut dense = vec![T::lit(0.0); self.n * self.n];
        for j in 0..self.n {
            for at in self.starts[j]..self.starts[j + 1] {
                dense[j * self.n + self.rows[at]] = entries[at];
                if is_symmetric {
                    dense[self.rows[at] * self.n + j] = entries[at];
                }
            }
        }
        dense
    }

    fn lu(&self) -> SparseSystem {
        SparseSystem::lu(self.n, &self.starts, &self.rows).unwrap()
    }

    fn cholesky(&self) -> SparseSystem {
        SparseSystem::cholesky(self.n, &self.starts, &self.rows).unwrap()
    }
}

/// A number with no regularity between −½ and ½, the same at every run.
fn number(i: usize) -> f64 {
    ((i as f64 + 1.0) * 12.9898).sin().mul_add(43_758.545, 0.25).rem_euclid(1.0) - 0.5
}

fn numbers(count: usize) -> Vec<f64> {
    (0..count).map(|i| number(7 * i + 3)).collect()
}

/// A few entries beside the diagonal, without symmetry; rows have to be exchanged.
fn unsymmetric() -> Matrix {
    Matrix::of(6, |i, j| match (i + 6 - j) % 6 {
        0 => 0.1 * number(i),
        1 => 2.0 + number(i),
        4 => number(i * 5 + j),
        _ => 0.0,
    })
}

/// The lower triangle of a grid's Laplacian, plus something on its diagonal.
fn grid(side: usize) -> Matrix {
    let at = |k: usize| (k / side, k % side);
    Matrix::of(side * side, |i, j| {
        let ((a, b), (c, d)) = (at(i), at(j));
        match a.abs_diff(c) + b.abs_diff(d) {
            0 => 4.5 + number(i),
            1 if i > j => -1.0 + 0.1 * number(i + j),
            _ => 0.0,
        }
    })
}

/// A sum in which each has a weight of its own.
fn weigh<T: Number>(x: &[T]) -> T {
    x.iter().enumerate().fold(T::lit(0.0), |sum, (i, &x)| sum + x * number(i))
}

#[track_caller]
fn assert_near(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    let size = b.iter().fold(1.0, |size: f64, b| size.max(b.abs()));
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-11 * size, "{a} {b}");
    }
}

#[test]
fn every_system_passes_its_check() {
    for (matrix, system, saves) in [
        (unsymmetric(), unsymmetric().lu(), None),
        (grid(3), grid(3).cholesky(), Some(true)),
        (grid(1), grid(1).cholesky(), Some(true)),
    ] {
        for columns in [1, 2] {
            let x = [matrix.entries.clone(), numbers(columns * matrix.n)].concat();
            let report = check_operation(&system.operation(columns), &x).unwrap();
            assert!(report.transposed.is_some() && report.second.is_some());
            assert!(report.is_ok() && report.saved == saves, "{report}");
        }
    }
}

#[test]
fn they_agree_with_dense_systems() {
    let (general, symmetric) = (unsymmetric(), grid(3));
    let (lu, cholesky) = (general.lu(), symmetric.cholesky());
    for (matrix, system, method) in
        [(general, lu, Method::Lu), (symmetric, cholesky, Method::Cholesky)]
    {
        let x = [matrix.entries.clone(), numbers(matrix.n)].concat();
        let count = matrix.entries.len();
        macro_rules! both {
            ($derivative:ident) => {
                [
                    $derivative(|x| weigh(&system.solve(&x[..count], &x[count..]).unwrap()), &x),
                    $derivative(
                        |x| {
                            let a = matrix.dense(&x[..count], method == Method::Cholesky);
                            weigh(&solve(method, &a, &x[count..]).unwrap())
                        },
                        &x,
                    ),
                ]
            };
        }
        let [found, wanted] = both!(gradient);
        assert_near(&found, &wanted);
        let [found, wanted] = both!(hessian);
        assert_near(&found.concat(), &wanted.concat());
    }
}

/// Large enough that the factors are made block by block.
#[test]
fn large_systems_are_solved() {
    let matrix = grid(25);
    let n = matrix.n;
    let b = numbers(2 * n);
    let dense = matrix.dense(&matrix.entries, true);
    let times = |x: &[f64]| -> Vec<f64> {
        let row = |x: &[f64], i: usize| (0..n).map(|j| dense[j * n + i] * x[j]).sum::<f64>();
        x.chunks(n).flat_map(|x| (0..n).map(|i| row(x, i)).collect::<Vec<_>>()).collect()
    };
    let lower = matrix.cholesky();
    let whole = Matrix::of(n, |i, j| dense[j * n + i]);
    let x = lower.solve(&matrix.entries, &b).unwrap();
    assert_near(&times(&x), &b);
    assert_near(&whole.lu().solve(&whole.entries, &b).unwrap(), &x);
    // The adjoint of b is A⁻ᵀw, and the matrix is symmetric.
    let f = Function::record(&b, |b| {
        let entries: Vec<_> = matrix.entries.iter().map(|&x| x.into()).collect();
        weigh(&lower.solve(&entries, b).unwrap())
    });
    let mut adjoint = vec![0.0; 2 * n];
    f.gradient(&mut f.workspace(), &b, &mut adjoint).unwrap();
    assert_near(&times(&adjoint), &(0..2 * n).map(number).collect::<Vec<_>>());
}

#[test]
fn equal_solves_are_made_once_and_saved_by_name() {
    let matrix = grid(2);
    let system = matrix.cholesky();
    let x = [matrix.entries.clone(), numbers(matrix.n)].concat();
    let count = matrix.entries.len();
    let twice = Function::record(&x, |x| {
        let solve = || system.solve(&x[..count], &x[count..]).unwrap()[0];
        solve() + solve()
    });
    let once = Function::record(&x, |x| system.solve(&x[..count], &x[count..]).unwrap()[0] * 2.0);
    assert_eq!(twice.len(), once.len());
    let bytes = once.to_bytes();
    assert!(Function::<f64>::from_bytes(&bytes).is_err());
    // One of the same pattern that was made apart.
    register(matrix.cholesky().operation(1));
    let again = Function::<f64>::from_bytes(&bytes).unwrap();
    assert_eq!(again.value(&mut again.workspace(), &x), once.value(&mut once.workspace(), &x));
}

#[test]
fn what_is_no_system_is_an_error() {
    let lu = |starts: &[usize], rows: &[usize]| SparseSystem::lu(2, starts, rows).err();
    assert_eq!(lu(&[0, 1], &[0]), Some(Error::Length { given: 2, of: 3 }));
    assert_eq!(lu(&[0, 1, 3], &[0, 1]), Some(Error::Length { given: 2, of: 3 }));
    assert_eq!(lu(&[0, 2, 2], &[1, 0]), Some(Error::Pattern { column: 0 }));
    assert_eq!(lu(&[0, 1, 2], &[0, 2]), Some(Error::Pattern { column: 1 }));
    assert_eq!(lu(&[0, 2, 1], &[0]), Some(Error::Pattern { column: 0 }));
    let above = SparseSystem::cholesky(2, &[0, 1, 3], &[0, 0, 1]).err();
    assert_eq!(above, Some(Error::Pattern { column: 1 }));
    // A column with nothing in it, whatever the entries.
    let empty = SparseSystem::lu(2, &[0, 2, 2], &[0, 1]);
    assert_eq!(
        empty.and_then(|system| system.solve(&[1.0, 2.0], &[1.0, 1.0])),
        Err(Error::Singular)
    );
    let system = SparseSystem::lu(2, &[0, 2, 4], &[0, 1, 0, 1]).unwrap();
    assert_eq!(system.solve(&[1.0, 2.0, 2.0, 4.0], &[1.0, 1.0]), Err(Error::Singular));
    assert_eq!(system.solve(&[1.0; 3], &[1.0, 1.0]), Err(Error::Length { given: 3, of: 4 }));
    assert_eq!(system.solve(&[1.0; 4], &[1.0]), Err(Error::Length { given: 1, of: 2 }));
    let system = SparseSystem::cholesky(2, &[0, 2, 3], &[0, 1, 1]).unwrap();
    assert_eq!(system.solve(&[1.0, 2.0, 1.0], &[1.0, 1.0]), Err(Error::Indefinite));
}
