//! The operands of an instruction as terms of a sum: dz = Σ ∂z/∂x · dx, column by column.
//!
//! A run of operations has a term for each of their operands, with a result for each operation; a
//! long sum has one for each of its segments, with one result for all.

use crate::function::element::arrays::array;
use crate::function::opcode::Opcode;
use crate::function::program::columns::{Column, ShortSums, words_of};
use crate::function::program::instruction::wide;
use crate::function::program::segments::Segment;
use crate::function::program::{Header, Layout};
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

/// The operands of operations of up to three; those that there are not are not active.
pub(super) type Columns<'a> = [Column<'a>; 3];

/// What was computed of an instruction.
#[derive(Clone, Copy)]
pub(super) struct Computed<'a, F> {
    pub(super) partials: &'a [F],
    pub(super) curvatures: &'a [F],
}

/// The terms of an instruction, those by which there is a derivative.
///
/// PERF: a term is made when it is asked for, from the columns alone: terms that wait in memory are
/// an instruction's whole time where it has few operands.
pub(super) struct Terms<'a, F> {
    /// The operands of the operations, or the factors of the next products.
    pub(super) columns: Columns<'a>,
    kind: Kind<F>,
    count: usize,
    computed: Computed<'a, F>,
    /// The operand of the next term, and how many there are.
    next: usize,
    arity: usize,
    sums: Sums<'a>,
}

/// How the partial derivatives of operations are told from their operands.
#[derive(Clone, Copy)]
enum Kind<F> {
    /// One number by the first operand, and one by the second.
    Numbers([F; 2]),
    /// The other of two factors, times a number; 1 by a third operand.
    Factors(F),
    /// The operand itself, times a number.
    Multiple(F),
    /// What was computed.
    Computed,
}

/// Terms that are not read yet.
enum Sums<'a> {
    None,
    Short(ShortSums<'a>),
    Long(&'a [[u32; Segment::WORDS]], Opcode),
}

impl<'a, F: Real> Terms<'a, F> {
    /// The terms of an instruction, unless its operands stand in pairs.
    #[inline(always)]
    pub(super) fn read(header: Header, words: &'a [u32], computed: Computed<'a, F>) -> Self {
        let count = header.count as usize;
        let (none, one) = (Column::run(0, 0, false), F::one());
        let kind = match header.opcode {
            Opcode::Add => Kind::Numbers([one, one]),
            Opcode::Sub => Kind::Numbers([one, -one]),
            Opcode::Neg => Kind::Numbers([-one, one]),
            Opcode::Mul | Opcode::Chain | Opcode::MulAdd => Kind::Factors(one),
            Opcode::Square => Kind::Multiple(one + one),
            _ => Kind::Computed,
        };
        let (columns, next, arity, sums) = ([none; 3], 0, 0, Sums::None);
        let mut terms = Self { columns, kind, count, computed, next, arity, sums };
        match header.opcode.columns() {
            0 if header.is_lone_sum() => terms.sums = Sums::Short(ShortSums::read(header, words)),
            0 => terms.long(header, words),
            arity => {
                terms.arity = arity;
                let mut words = &words[usize::from(header.opcode == Opcode::Powi)..];
                for k in 0..arity {
                    terms.columns[k] = Column::read(header.bits(k), count, words);
                    words = &words[words_of(header.bits(k), count)..];
                }
            }
        }
        terms
    }

    /// Those of an operation of any number of operands.
    #[inline(always)]
    fn long(&mut self, header: Header, words: &'a [u32]) {
        let (opcode, words) = (header.opcode, wide(words));
        if header.layout & Layout::ACTIVE == 0 {
            return;
        }
        let is_sum = opcode == Opcode::Sum || opcode.is_products();
        if is_sum && Layout::of(header) != Layout::Each {
            self.sums = Sums::Long(words.as_chunks().0, opcode);
            return;
        }
        if opcode == Opcode::Sum {
            self.kind = Kind::Numbers([F::one(); 2]);
        }
        (self.count, self.arity) = (words.len(), 1);
        self.columns[0] = Column::listed(words);
    }

    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<Term<'a, F>> {
        loop {
            while self.next < self.arity {
                let k = self.next;
                self.next += 1;
                if self.columns[k].is_active {
                    return Some(self.term(k));
                }
            }
            self.products()?;
            self.next = 0;
        }
    }

    /// Reads the next products of a sum, or the next numbers.
    #[inline(always)]
    fn products(&mut self) -> Option<()> {
        let sign = |is_negated: bool| if is_negated { -F::one() } else { F::one() };
        let (pair, sign) = match &mut self.sums {
            Sums::None => return None,
            Sums::Short(sums) => {
                let (pair, join) = sums.next()?;
                (pair, sign(join.is_negated))
            }
            Sums::Long(segments, opcode) => {
                let (first, rest) = segments.split_first()?;
                *segments = rest;
                let segment = Segment::read(first);
                self.count = segment.len;
                let (pair, sign) = (segment.columns(), sign(segment.is_negated()));
                if *opcode == Opcode::Sum {
                    (self.columns[0], self.arity) = (pair[0], 1);
                    self.kind = Kind::Numbers([sign; 2]);
                    return Some(());
                }
                (pair, sign)
            }
        };
        [self.columns[0], self.columns[1]] = pair;
        let is_square = pair[0].is(&pair[1]);
        self.arity = if is_square { 1 } else { 2 };
        self.kind = if is_square { Kind::Multiple(sign + sign) } else { Kind::Factors(sign) };
        Some(())
    }

    /// The term of an operand.
    #[inline(always)]
    fn term(&self, k: usize) -> Term<'a, F> {
        let (count, column) = (self.count, self.columns[k]);
        let beside = |other: Column<'a>, times| {
            let bend = if other.is_active { Bend::Moving(other, times) } else { Bend::Flat };
            (Partial::Values(other, times), bend)
        };
        let (partial, bend) = match self.kind {
            Kind::Numbers(numbers) => (Partial::Same(numbers[k]), Bend::Flat),
            Kind::Factors(_) if k == 2 => (Partial::Same(F::one()), Bend::Flat),
            Kind::Factors(times) => beside(self.columns[1 - k], times),
            Kind::Multiple(times) => beside(column, times),
            Kind::Computed => {
                let Computed { partials, curvatures } = self.computed;
                let size = self.arity * count;
                let bend = match curvatures.get(k * size..(k + 1) * size) {
                    Some(row) if size > 0 => Bend::Curved(row),
                    _ => Bend::Flat,
                };
                (Partial::Stored(&partials[k * count..(k + 1) * count]), bend)
            }
        };
        Term { count, column, partial, bend }
    }
}

/// Whether the operands of an instruction stand in pairs, which are no columns.
#[inline(always)]
pub(super) fn is_in_pairs(header: Header) -> bool {
    header.opcode.is_products() && Layout::of(header) == Layout::Each
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
