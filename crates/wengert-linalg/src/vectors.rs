//! What decompositions of small matrices are made of: operations on lists side by side. They are part
//! of whatever calls them, and compiled for its vector instructions.

/// The side of a matrix up to which loops over its columns are faster than faer's kernels.
pub(crate) const SMALL: usize = 64;

/// Subtracts a multiple.
#[inline(always)]
pub(crate) fn subtract(from: &mut [f64], factor: f64, column: &[f64]) {
    from.iter_mut().zip(column).for_each(|(entry, other)| *entry -= factor * other);
}

/// The dot product. PERF: as four sums, which do not wait for each other.
#[inline(always)]
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((fours, rest), (other_fours, other_rest)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    let mut sums = [0.0; 4];
    for (x, y) in fours.iter().zip(other_fours) {
        for ((sum, x), y) in sums.iter_mut().zip(x).zip(y) {
            *sum += x * y;
        }
    }
    let rest: f64 = rest.iter().zip(other_rest).map(|(x, y)| x * y).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

/// The reciprocals of a matrix's diagonal: a substitution waits for each of its quotients.
pub(crate) fn invert_diagonal(matrix: &[f64], n: usize, reciprocals: &mut [f64]) {
    let diagonal = matrix.iter().step_by(n + 1);
    reciprocals.iter_mut().zip(diagonal).for_each(|(reciprocal, pivot)| *reciprocal = 1.0 / pivot);
}
