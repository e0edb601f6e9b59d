//! Passes along one direction, without a look at 0 · ∞.
//!
//! They do what those along several directions do, in the same order and so with the same bits.
//! Where several directions are vectors by themselves, one has to find its vectors among the
//! operations: long sums are loops over slices, the operands of a run are read side by side, and of
//! an operation by itself nothing is told in memory. Adjoints and their derivatives go down in one
//! pass, so that each instruction is read once for both.

mod down;
mod rows;
mod up;

use super::Known;
use super::lone::is_lone;
use super::terms::PARTS;
use crate::function::opcode::Opcode;
use crate::function::program::{Header, Layout, Program};
use crate::instructions::Arch;
use crate::scalar::Real;
use down::{Down, Flows};
use rows::Rows;
use up::Up;

/// How many numbers a pass over a program needs for the operands of a run.
pub(super) fn rows_of<F>(program: &Program<F>) -> usize {
    let runs = program.headers.iter().map(|header| usize::from(header.count));
    3 * runs.filter(|&count| count > 1).max().unwrap_or(0)
}

/// Computes the tangents of all results.
#[inline(never)]
pub(super) fn tangents<F: Real>(
    program: &Program<F>,
    known: Known<'_, F>,
    tangents: &mut [F],
    rows: &mut [F],
    arch: Arch,
) {
    arch.dispatch_vectors(Up { program, known, tangents, rows: Rows::of(rows) });
}

/// Lets flow down what lies in the adjoints, which stay, and what lies in their derivatives along
/// the tangents, which are left zero.
#[inline(never)]
pub(super) fn both<F: Real>(
    program: &Program<F>,
    known: Known<'_, F>,
    tangents: &[F],
    [adjoints, seconds]: [&mut [F]; 2],
    rows: &mut [F],
    arch: Arch,
) {
    let flows = Flows { values: known.values, tangents, adjoints, seconds };
    arch.dispatch_vectors(Down { program, known, flows, rows: Rows::of(rows) });
}

/// How an instruction is taken.
enum Shape {
    /// One operation whose operands are one word each.
    Lone,
    /// A long sum over runs of slots.
    Segments,
    /// A long sum of products of slots in pairs.
    Pairs,
    /// Several operations.
    Run,
    /// As along several directions.
    Other,
}

impl Shape {
    #[inline(always)]
    fn of(header: Header) -> Self {
        if is_lone(header) {
            return Self::Lone;
        }
        let is_sum = header.opcode.columns() == 0;
        if is_sum && !header.is_lone_sum() {
            let is_of_products = header.opcode.is_products();
            return match Layout::of(header) {
                Layout::Segments if is_of_products || header.opcode == Opcode::Sum => {
                    Self::Segments
                }
                _ if is_of_products => Self::Pairs,
                _ => Self::Other,
            };
        }
        Self::Run
    }
}

/// The sum of what is made of each number, every fourth added to one of [`PARTS`].
#[inline(always)]
fn in_parts<F: Real>(xs: &[F], term: impl Fn(F) -> F) -> F {
    let mut parts = [F::zero(); PARTS];
    let (chunks, rest) = xs.as_chunks::<PARTS>();
    for xs in chunks {
        for k in 0..PARTS {
            parts[k] += term(xs[k]);
        }
    }
    rest.iter().for_each(|&x| parts[0] += term(x));
    (parts[0] + parts[1]) + (parts[2] + parts[3])
}

/// As [`in_parts`], of pairs of numbers.
#[inline(always)]
fn in_parts_of_pairs<F: Real>(xs: &[F], ys: &[F], term: impl Fn(F, F) -> F) -> F {
    let mut parts = [F::zero(); PARTS];
    let (chunks, rest) = xs.as_chunks::<PARTS>();
    let (others, of_rest) = ys.as_chunks::<PARTS>();
    for (xs, ys) in chunks.iter().zip(others) {
        for k in 0..PARTS {
            parts[k] += term(xs[k], ys[k]);
        }
    }
    rest.iter().zip(of_rest).for_each(|(&x, &y)| parts[0] += term(x, y));
    (parts[0] + parts[1]) + (parts[2] + parts[3])
}
