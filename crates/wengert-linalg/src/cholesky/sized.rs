//! Decomposition and substitution for sides that are known when this is compiled: then a loop has no
//! ends to look for, which for so few numbers is most of the work.

/// The largest of these sides.
pub(crate) const LARGEST: usize = 8;

/// Calls a function of a const side where there is one for `$n`.
macro_rules! by_side {
    ($n:expr, $function:ident $arguments:tt) => {
        by_side!(@ $n, $function $arguments, 1 2 3 4 5 6 7 8)
    };
    (@ $n:expr, $function:ident $arguments:tt, $($side:literal)*) => {
        match $n {
            $($side => $function::<$side> $arguments,)*
            _ => unreachable!("it is asked for sides up to {LARGEST}"),
        }
    };
}

/// A body for each column in which this is a constant, up or down.
macro_rules! for_each_column {
    ($column:ident up $body:block) => {
        for_each_column!(@ $column $body, 0 1 2 3 4 5 6 7)
    };
    ($column:ident down $body:block) => {
        for_each_column!(@ $column $body, 7 6 5 4 3 2 1 0)
    };
    (@ $column:ident $body:block, $($position:literal)*) => {
        $(
            let $column: usize = $position;
            if $column < N $body
        )*
    };
}

/// Decomposes the matrix of a lower triangle: the factor and the reciprocals of its diagonal, or the
/// first column whose pivot is not positive.
pub(crate) fn decompose(
    triangle: &[f64],
    n: usize,
    l: &mut [f64],
    reciprocals: &mut [f64],
) -> Result<(), usize> {
    by_side!(n, decompose_by(triangle, l, reciprocals))
}

/// Solves for one column, in place.
pub(crate) fn solve(l: &[f64], reciprocals: &[f64], n: usize, x: &mut [f64]) {
    by_side!(n, solve_by(l, reciprocals, x));
}

/// Subtracts uvᵀ + vuᵀ from what stands below the diagonal, and uvᵀ from what stands on it.
pub(crate) fn subtract_outer(u: &[f64], v: &[f64], n: usize, triangle: &mut [f64]) {
    by_side!(n, subtract_outer_by(u, v, triangle));
}

fn decompose_by<const N: usize>(
    triangle: &[f64],
    l: &mut [f64],
    reciprocals: &mut [f64],
) -> Result<(), usize> {
    let triangle = &triangle[..N * (N + 1) / 2];
    let (l, reciprocals) = (&mut l.as_chunks_mut::<N>().0[..N], &mut reciprocals[..N]);
    for_each_column!(k up {
        let mut column = [0.0; N];
        for i in k..N {
            column[i] = triangle[k * N + i - k * (k + 1) / 2];
        }
        for before in &l[..k] {
            for i in k..N {
                column[i] -= before[i] * before[k];
            }
        }
        let pivot = column[k];
        if pivot.is_nan() || pivot <= 0.0 {
            return Err(k);
        }
        let root = pivot.sqrt();
        reciprocals[k] = 1.0 / root;
        column[k] = root;
        column[k + 1..].iter_mut().for_each(|entry| *entry *= reciprocals[k]);
        l[k] = column;
    });
    Ok(())
}

fn solve_by<const N: usize>(l: &[f64], reciprocals: &[f64], x: &mut [f64]) {
    let (l, reciprocals) = (&l.as_chunks::<N>().0[..N], &reciprocals[..N]);
    let x = &mut x[..N];
    for_each_column!(j up {
        x[j] *= reciprocals[j];
        for i in j + 1..N {
            x[i] -= x[j] * l[j][i];
        }
    });
    for_each_column!(j down {
        let mut rest = x[j];
        for i in j + 1..N {
            rest -= l[j][i] * x[i];
        }
        x[j] = rest * reciprocals[j];
    });
}

fn subtract_outer_by<const N: usize>(u: &[f64], v: &[f64], triangle: &mut [f64]) {
    let triangle = &mut triangle[..N * (N + 1) / 2];
    let (u, v) = (&u[..N], &v[..N]);
    for_each_column!(j up {
        let start = j * N - j * (j + 1) / 2;
        triangle[start + j] -= u[j] * v[j];
        for i in j + 1..N {
            triangle[start + i] -= u[i] * v[j] + u[j] * v[i];
        }
    });
}
