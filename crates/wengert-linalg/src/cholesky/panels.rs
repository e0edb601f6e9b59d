//! Decomposition and substitution in pieces of eight numbers: columns are filled up to whole pieces, so
//! that no loop has a rest. Four columns are found together, whose sums stay in registers.
//!
//! Behind the end of a column stand zeros, and above the diagonal whatever happens to, which flows
//! to nothing else.

use pulp::{Arch, Simd, WithSimd};

/// The largest side of a matrix that is decomposed so; larger ones are by faer.
pub(crate) const LARGEST: usize = 64;

const WIDTH: usize = 8;

/// So many columns are found together.
const TOGETHER: usize = 4;

/// Eight numbers of a column.
type Piece = [f64; WIDTH];

/// The numbers of a column.
pub(crate) const fn stride(n: usize) -> usize {
    n.next_multiple_of(WIDTH)
}

/// Writes a lower triangle, each of whose columns begins at the diagonal, where it stands in a factor.
pub(crate) fn unpack(triangle: &[f64], n: usize, l: &mut [f64]) {
    let mut rest = triangle;
    for (k, column) in l.chunks_exact_mut(stride(n).max(1)).enumerate() {
        let (own, behind) = rest.split_at(n - k);
        column[k..n].copy_from_slice(own);
        column[n..].fill(0.0);
        rest = behind;
    }
}

/// Decomposes a matrix, in place: the factor and the reciprocals of its diagonal, or the first column
/// whose pivot is not positive.
pub(crate) fn decompose(l: &mut [f64], reciprocals: &mut [f64]) -> Result<(), usize> {
    Arch::new().dispatch(Decomposition { l: l.as_chunks_mut().0, reciprocals })
}

/// Solves for one column, in place.
pub(crate) fn solve(l: &[f64], reciprocals: &[f64], x: &mut [f64]) {
    Arch::new().dispatch(Substitution { l: l.as_chunks().0, reciprocals, x });
}

struct Decomposition<'l> {
    l: &'l mut [Piece],
    reciprocals: &'l mut [f64],
}

impl WithSimd for Decomposition<'_> {
    type Output = Result<(), usize>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Self::Output {
        let Self { l, reciprocals } = self;
        let n = reciprocals.len();
        let mut first = 0;
        while first + TOGETHER <= n {
            panel::<TOGETHER>(l, reciprocals, first)?;
            first += TOGETHER;
        }
        (first..n).try_for_each(|column| panel::<1>(l, reciprocals, column))
    }
}

/// Finds so many columns of the factor, from those before them.
#[inline(always)]
fn panel<const COLUMNS: usize>(
    l: &mut [Piece],
    reciprocals: &mut [f64],
    first: usize,
) -> Result<(), usize> {
    let pieces = reciprocals.len().div_ceil(WIDTH);
    let (before, rest) = l.split_at_mut(first * pieces);
    let panel = &mut rest[..COLUMNS * pieces];
    subtract_columns::<COLUMNS>(panel, before, first, pieces);
    for (k, reciprocal) in (first..).zip(&mut reciprocals[first..first + COLUMNS]) {
        let (column, behind) = panel[(k - first) * pieces..].split_at_mut(pieces);
        let (piece, row) = (k / WIDTH, k % WIDTH);
        let pivot = column[piece][row];
        if pivot.is_nan() || pivot <= 0.0 {
            return Err(k);
        }
        let root = pivot.sqrt();
        *reciprocal = 1.0 / root;
        let column = &mut column[piece..];
        column.as_flattened_mut().iter_mut().for_each(|entry| *entry *= *reciprocal);
        column[0][row] = root;
        for (other, row) in behind.chunks_exact_mut(pieces).zip(row + 1..) {
            let factor = column.as_flattened()[row];
            let both = other[piece..].iter_mut().zip(&*column);
            both.for_each(|(other, column)| subtract(other, factor, column));
        }
    }
    Ok(())
}

/// Subtracts from columns those before them, each by its entry in the row of their diagonal.
#[inline(always)]
fn subtract_columns<const COLUMNS: usize>(
    panel: &mut [Piece],
    before: &[Piece],
    first: usize,
    pieces: usize,
) {
    for piece in first / WIDTH..pieces {
        let mut sums: [Piece; COLUMNS] = std::array::from_fn(|k| panel[k * pieces + piece]);
        for column in before.chunks_exact(pieces) {
            let factors = &column.as_flattened()[first..first + COLUMNS];
            let each = sums.iter_mut().zip(factors);
            each.for_each(|(sum, &factor)| subtract(sum, factor, &column[piece]));
        }
        for (k, sum) in sums.into_iter().enumerate() {
            panel[k * pieces + piece] = sum;
        }
    }
}

#[inline(always)]
fn subtract(from: &mut Piece, factor: f64, piece: &Piece) {
    from.iter_mut().zip(piece).for_each(|(entry, other)| *entry -= other * factor);
}

struct Substitution<'x> {
    l: &'x [Piece],
    reciprocals: &'x [f64],
    x: &'x mut [f64],
}

impl WithSimd for Substitution<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { l, reciprocals, x } = self;
        let (n, pieces) = (x.len(), x.len().div_ceil(WIDTH));
        let mut y = vec![[0.0; WIDTH]; pieces];
        y.as_flattened_mut()[..n].copy_from_slice(x);
        let columns = l.chunks_exact(pieces).zip(reciprocals).enumerate();
        for (j, (column, reciprocal)) in columns.clone() {
            let (head, tail) = y.split_at_mut(j / WIDTH + 1);
            let (own, row) = (&mut head[j / WIDTH], j % WIDTH);
            own[row] *= reciprocal;
            let (factor, (first, behind)) = (own[row], column.split_at(j / WIDTH + 1));
            // What follows waits for these, which so do not wait for a whole piece.
            for i in row + 1..WIDTH {
                own[i] -= factor * first[j / WIDTH][i];
            }
            tail.iter_mut().zip(behind).for_each(|(y, piece)| subtract(y, factor, piece));
        }
        for (j, (column, reciprocal)) in columns.rev() {
            let (own, row) = (j / WIDTH, j % WIDTH);
            let mut sum = dot(&y[own + 1..], &column[own + 1..]);
            for i in row + 1..WIDTH {
                sum += y[own][i] * column[own][i];
            }
            y[own][row] = (y[own][row] - sum) * reciprocal;
        }
        x.copy_from_slice(&y.as_flattened()[..n]);
    }
}

/// The dot product of pieces.
#[inline(always)]
fn dot(a: &[Piece], b: &[Piece]) -> f64 {
    let mut sums = [0.0; WIDTH];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}
