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
use super::terms::{Computed, PARTS};
use crate::function::instructions::dispatch_vectors;
use crate::function::opcode::Opcode;
use crate::function::program::columns::{ACTIVE, LoneTerm};
use crate::function::program::{Header, Layout, Program};
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
    arch: pulp::Arch,
) {
    dispatch_vectors(arch, Up { program, known, tangents, rows: Rows::of(rows) });
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
    arch: pulp::Arch,
) {
    let flows = Flows { values: known.values, tangents, adjoints, seconds };
    dispatch_vectors(arch, Down { program, known, flows, rows: Rows::of(rows) });
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
        if header.count == 1 { Self::Lone } else { Self::Run }
    }
}

/// Shows the active operands of an operation by itself: the slot, the partial derivative and, with
/// `BENDS`, how that changes along the tangents, if it does.
#[inline(always)]
fn each_operand<F: Real, S: FnMut(usize, F, Option<F>), const BENDS: bool>(
    header: Header,
    words: &[u32],
    Computed { partials, curvatures }: Computed<'_, F>,
    values: &[F],
    tangents: &[F],
    mut show: S,
) {
    let one = F::one();
    let is_active = |k: usize| header.bits(k) & ACTIVE != 0;
    let factor = |show: &mut S, slot: usize, other: usize, does_move: bool, times: F| {
        let bend = (BENDS && does_move).then(|| tangents[other] * times);
        show(slot, values[other] * times, bend);
    };
    let square = |show: &mut S, slot: usize, times: F| {
        show(slot, values[slot] * times, BENDS.then(|| tangents[slot] * times));
    };
    match header.opcode {
        Opcode::Products | Opcode::Chains => {
            for term in LoneTerm::all(words) {
                let sign = if term.join().is_negated { -one } else { one };
                let (a, b) = (term.a, term.b);
                if a == b {
                    if term.is_a_active() {
                        square(&mut show, a, sign + sign);
                    }
                    continue;
                }
                if term.is_a_active() {
                    factor(&mut show, a, b, term.is_b_active(), sign);
                }
                if term.is_b_active() {
                    factor(&mut show, b, a, term.is_a_active(), sign);
                }
            }
        }
        Opcode::Mul | Opcode::Chain | Opcode::MulAdd => {
            let (a, b) = (words[0] as usize, words[1] as usize);
            if is_active(0) {
                factor(&mut show, a, b, is_active(1), one);
            }
            if is_active(1) {
                factor(&mut show, b, a, is_active(0), one);
            }
            if header.opcode == Opcode::MulAdd && is_active(2) {
                show(words[2] as usize, one, None);
            }
        }
        Opcode::Square => {
            if is_active(0) {
                square(&mut show, words[0] as usize, one + one);
            }
        }
        Opcode::Add | Opcode::Sub => {
            let second = if header.opcode == Opcode::Sub { -one } else { one };
            for (k, partial) in [one, second].into_iter().enumerate() {
                if is_active(k) {
                    show(words[k] as usize, partial, None);
                }
            }
        }
        Opcode::Neg => {
            if is_active(0) {
                show(words[0] as usize, -one, None);
            }
        }
        opcode => {
            let words = &words[usize::from(opcode == Opcode::Powi)..];
            let arity = opcode.columns();
            for k in (0..arity).filter(|&k| is_active(k)) {
                let row = curvatures.get(k * arity..(k + 1) * arity);
                let bend = row.filter(|_| BENDS).map(|row| {
                    let mut bend = F::zero();
                    for j in (0..arity).filter(|&j| is_active(j)) {
                        bend += tangents[words[j] as usize] * row[j];
                    }
                    bend
                });
                show(words[k] as usize, partials[k], bend);
            }
        }
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
