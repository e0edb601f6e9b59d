//! The operands of an instruction as terms of a sum: dz = Σ ∂z/∂x · dx, column by column.
//!
//! A run of operations has a term for each of their operands, with a result for each operation; a
//! long sum has one for each of its segments, with one result for all.

use crate::function::element::arrays::array;
use crate::function::opcode::Opcode;
use crate::function::program::columns::{Column, ShortSums};
use crate::function::program::segments::Segment;
use crate::function::program::{Header, Layout};
use crate::function::replay::forward::wide;
use crate::scalar::Real;

/// What is added to one number is added in so many parts, every fourth to one, and those pairwise:
/// additions to one number wait for each other. It is the same for every number of directions, so
/// that each has the bits that it has by itself.
pub(super) const PARTS: usize = 4;

/// Adds the sum of the parts.
#[inline(always)]
pub(super) fn add_parts<F: Real, const D: usize>(sum: &mut [F; D], parts: &[[F; D]; PARTS]) {
    for d in 0..D {
        sum[d] += (parts[0][d] + parts[1][d]) + (parts[2][d] + parts[3][d]);
    }
}

/// A column of operands, with the partial derivatives by them.
#[derive(Clone, Copy)]
pub(super) struct Term<'a, F> {
    pub(super) count: usize,
    pub(super) column: Column<'a>,
    pub(super) partial: Partial<'a, F>,
    pub(super) bend: Bend<'a, F>,
}

/// Where the partial derivatives of a term are.
#[derive(Clone, Copy)]
pub(super) enum Partial<'a, F> {
    /// One number for all.
    Same(F),
    /// The values of a column, those of the other factor, times a number.
    Values(Column<'a>, F),
    /// Those that were computed.
    Stored(&'a [F]),
}

impl<F: Real> Partial<'_, F> {
    /// Those of `N` operands from the i-th on.
    #[inline(always)]
    pub(super) fn load<const N: usize>(&self, values: &[F], i: usize) -> [F; N] {
        match *self {
            Self::Same(number) => [number; N],
            Self::Values(column, factor) => {
                let values: [F; N] = column.load(values, i);
                array(
                    #[inline(always)]
                    |k| values[k] * factor,
                )
            }
            Self::Stored(partials) => {
                let partials = &partials[i..i + N];
                array(
                    #[inline(always)]
                    |k| partials[k],
                )
            }
        }
    }
}

/// How the partial derivatives of a term change along a direction.
#[derive(Clone, Copy)]
pub(super) enum Bend<'a, F> {
    /// Not at all.
    Flat,
    /// As the tangents of a column, times a number.
    Moving(Column<'a>, F),
    /// As those of the operation's operands, times what was computed: for each operand those of
    /// all operations of the run, operand behind operand.
    Curved(&'a [F]),
}

/// The operands of operations of up to three.
pub(super) type Columns<'a> = [Option<Column<'a>>; 3];

/// What was computed of an instruction.
#[derive(Clone, Copy)]
pub(super) struct Computed<'a, F> {
    pub(super) partials: &'a [F],
    pub(super) curvatures: &'a [F],
}

/// The terms of an instruction, those by which there is a derivative.
pub(super) struct Terms<'a, F> {
    /// The operands of a run of operations that have no kind of their own here.
    pub(super) columns: Columns<'a>,
    ready: [Option<Term<'a, F>>; 3],
    /// The next of those that are ready.
    next: usize,
    sums: Sums<'a>,
}

/// Terms that are not read yet.
enum Sums<'a> {
    None,
    Short(ShortSums<'a>, usize),
    Long { opcode: Opcode, segments: &'a [[u32; Segment::WORDS]] },
}

impl<'a, F: Real> Terms<'a, F> {
    /// The terms of an instruction, unless its operands stand in pairs.
    #[inline(always)]
    pub(super) fn read(header: Header, words: &'a [u32], computed: Computed<'a, F>) -> Self {
        let count = header.count as usize;
        let mut terms = Self { columns: [None; 3], ready: [None; 3], next: 0, sums: Sums::None };
        let one = F::one();
        match header.opcode {
            Opcode::Products if Layout::of(header) == Layout::Columns => {
                terms.next = 3;
                terms.sums = Sums::Short(ShortSums::read(header, words), count);
            }
            Opcode::Add | Opcode::Sub => {
                let [x, y] = Column::read_all(header, words);
                let sign = if header.opcode == Opcode::Add { one } else { -one };
                terms.ready = [ones(count, x, one), ones(count, y, sign), None];
            }
            Opcode::Neg => {
                let [x] = Column::read_all(header, words);
                terms.ready[0] = ones(count, x, -one);
            }
            Opcode::Mul => {
                let [x, y] = Column::read_all(header, words);
                terms.ready = [factor(count, x, y, one), factor(count, y, x, one), None];
            }
            Opcode::Square => {
                let [x] = Column::read_all(header, words);
                terms.ready[0] = factor(count, x, x, one + one);
            }
            Opcode::MulAdd => {
                let [x, y, z] = Column::read_all(header, words);
                terms.ready =
                    [factor(count, x, y, one), factor(count, y, x, one), ones(count, z, one)];
            }
            opcode => match opcode.columns() {
                0 => terms.long(header, words, computed),
                1 => {
                    let behind = usize::from(opcode == Opcode::Powi);
                    let x = Column::read(header.bits(0), count, &words[behind..]);
                    terms.computed(count, [x], computed);
                }
                2 => terms.computed::<2>(count, Column::read_all(header, words), computed),
                _ => terms.computed::<3>(count, Column::read_all(header, words), computed),
            },
        }
        terms
    }

    /// Those of operations of `N` operands.
    #[inline(always)]
    fn computed<const N: usize>(
        &mut self,
        count: usize,
        columns: [Column<'a>; N],
        Computed { partials, curvatures }: Computed<'a, F>,
    ) {
        for (k, column) in columns.into_iter().enumerate() {
            let row = curvatures.get(k * N * count..(k + 1) * N * count);
            let bend = row.map_or(Bend::Flat, Bend::Curved);
            let partial = Partial::Stored(&partials[k * count..(k + 1) * count]);
            self.ready[k] = active(Term { count, column, partial, bend });
            self.columns[k] = Some(column);
        }
    }

    /// Those of an operation of any number of operands.
    #[inline(always)]
    fn long(&mut self, header: Header, words: &'a [u32], computed: Computed<'a, F>) {
        let (opcode, words) = (header.opcode, wide(words));
        if header.layout & Layout::ACTIVE == 0 {
            return;
        }
        if matches!(opcode, Opcode::Sum | Opcode::Products) && Layout::of(header) != Layout::Each {
            self.next = 3;
            self.sums = Sums::Long { opcode, segments: words.as_chunks().0 };
            return;
        }
        let partial = match opcode {
            Opcode::Sum => Partial::Same(F::one()),
            _ => Partial::Stored(computed.partials),
        };
        let (count, column) = (words.len(), Column::listed(words));
        self.ready[0] = Some(Term { count, column, partial, bend: Bend::Flat });
    }

    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<Term<'a, F>> {
        loop {
            while self.next < self.ready.len() {
                self.next += 1;
                if let Some(term) = self.ready[self.next - 1] {
                    return Some(term);
                }
            }
            let (count, [a, b], is_negated) = match &mut self.sums {
                Sums::None => return None,
                Sums::Short(sums, count) => {
                    let (pair, is_negated) = sums.next()?;
                    (*count, pair, is_negated)
                }
                Sums::Long { opcode, segments } => {
                    let (first, rest) = segments.split_first()?;
                    *segments = rest;
                    let segment = Segment::read(first);
                    let sign = if segment.is_negated() { -F::one() } else { F::one() };
                    let [a, b] = segment.columns();
                    if *opcode == Opcode::Sum {
                        self.ready = [ones(segment.len, a, sign), None, None];
                        self.next = 0;
                        continue;
                    }
                    (segment.len, [a, b], segment.is_negated())
                }
            };
            let sign = if is_negated { -F::one() } else { F::one() };
            self.ready = if a.is(&b) {
                [factor(count, a, a, sign + sign), None, None]
            } else {
                [factor(count, a, b, sign), factor(count, b, a, sign), None]
            };
            self.next = 0;
        }
    }
}

#[inline(always)]
fn active<F>(term: Term<'_, F>) -> Option<Term<'_, F>> {
    term.column.is_active.then_some(term)
}

#[inline(always)]
fn ones<F>(count: usize, column: Column<'_>, sign: F) -> Option<Term<'_, F>> {
    active(Term { count, column, partial: Partial::Same(sign), bend: Bend::Flat })
}

/// A factor beside another.
#[inline(always)]
fn factor<'a, F: Real>(
    count: usize,
    column: Column<'a>,
    other: Column<'a>,
    times: F,
) -> Option<Term<'a, F>> {
    let bend = if other.is_active { Bend::Moving(other, times) } else { Bend::Flat };
    active(Term { count, column, partial: Partial::Values(other, times), bend })
}

/// Whether the operands of an instruction stand in pairs, which are no columns.
#[inline(always)]
pub(super) fn is_in_pairs(header: Header) -> bool {
    header.opcode == Opcode::Products && Layout::of(header) == Layout::Each
}

/// Takes what was computed of an instruction from the front of what is left.
#[inline(always)]
pub(super) fn take_front<'a, F>(rest: &mut &'a [F], count: usize) -> &'a [F] {
    let (front, behind) = rest.split_at(count);
    *rest = behind;
    front
}

/// Takes what was computed of an instruction from the back of what is left.
#[inline(always)]
pub(super) fn take_back<'a, F>(rest: &mut &'a [F], count: usize) -> &'a [F] {
    let (before, back) = rest.split_at(rest.len() - count);
    *rest = before;
    back
}
