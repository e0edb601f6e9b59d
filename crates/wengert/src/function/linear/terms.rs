//! The operands of a run of operations as terms of a sum: dz = Σ ∂z/∂x · dx, column by column.

use crate::function::opcode::Opcode;
use crate::function::program::columns::{Column, ShortSums};
use crate::function::program::{Header, Layout};
use crate::scalar::Real;

/// An operand of each operation of a run, with the partial derivatives by it.
#[derive(Clone, Copy)]
pub(super) struct Term<'a, F> {
    pub(super) column: Column<'a>,
    pub(super) partial: Partial<'a, F>,
    pub(super) bend: Bend<'a, F>,
}

/// Where the partial derivatives of a term are.
#[derive(Clone, Copy)]
pub(super) enum Partial<'a, F> {
    /// One number for all.
    Same(F),
    /// The values of a column: those of the other factor.
    Values(Column<'a>, bool),
    /// Those that were computed.
    Stored(&'a [F]),
}

/// How the partial derivatives of a term change along a direction.
#[derive(Clone, Copy)]
pub(super) enum Bend<'a, F> {
    /// Not at all.
    Flat,
    /// As the tangents of a column.
    Moving(Column<'a>, bool),
    /// As those of the term's own column, times what was computed.
    Curved(&'a [F]),
    /// As those of a first and a second operand.
    Saddle([(&'a [F], Column<'a>); 2]),
    /// As those of three operands.
    Triple([(&'a [F], Column<'a>); 3]),
}

/// What was computed of an instruction.
#[derive(Clone, Copy)]
pub(super) struct Computed<'a, F> {
    pub(super) partials: &'a [F],
    pub(super) curvatures: &'a [F],
}

/// The terms of an instruction that has columns, those by which there is a derivative.
pub(super) struct Terms<'a, F> {
    ready: [Option<Term<'a, F>>; 3],
    /// The next of those that are ready.
    next: usize,
    sums: Option<ShortSums<'a>>,
}

/// Whether the operands of an instruction stand in columns.
#[inline(always)]
pub(super) fn has_columns(header: Header) -> bool {
    header.opcode.columns() != 0
        || header.opcode == Opcode::Products && Layout::of(header) == Layout::Columns
}

impl<'a, F: Real> Terms<'a, F> {
    #[inline(always)]
    pub(super) fn read(header: Header, words: &'a [u32], computed: Computed<'a, F>) -> Self {
        let mut terms = Self { ready: [None; 3], next: 0, sums: None };
        match header.opcode {
            Opcode::Products => {
                terms.next = 3;
                terms.sums = Some(ShortSums::read(header, words));
            }
            Opcode::Add | Opcode::Sub => {
                let [x, y] = Column::read_all(header, words);
                let sign = if header.opcode == Opcode::Add { F::one() } else { -F::one() };
                terms.ready = [ones(x, F::one()), ones(y, sign), None];
            }
            Opcode::Mul => {
                let [x, y] = Column::read_all(header, words);
                terms.ready = [factor(x, y, false), factor(y, x, false), None];
            }
            Opcode::MulAdd => {
                let [x, y, z] = Column::read_all(header, words);
                terms.ready = [factor(x, y, false), factor(y, x, false), ones(z, F::one())];
            }
            Opcode::Powi => {
                let x = Column::read(header.bits(0), header.count as usize, &words[1..]);
                terms.ready[0] = curved(x, computed);
            }
            _ => terms.computed(header, words, computed),
        }
        terms
    }

    #[inline(always)]
    fn computed(&mut self, header: Header, words: &'a [u32], computed: Computed<'a, F>) {
        let count = header.count as usize;
        match header.opcode.columns() {
            1 => self.ready[0] = curved(Column::read(header.bits(0), count, words), computed),
            2 => {
                let [x, y] = Column::read_all(header, words);
                self.ready = saddle(x, y, count, computed);
            }
            _ => {
                let columns: [Column<'a>; 3] = Column::read_all(header, words);
                let Computed { partials, curvatures } = computed;
                let block = |all: &'a [F], k: usize| &all[k * count..(k + 1) * count];
                for (k, &column) in columns.iter().enumerate() {
                    let bend = if curvatures.is_empty() {
                        Bend::Flat
                    } else {
                        let by = |j: usize| (block(curvatures, 3 * k + j), columns[j]);
                        Bend::Triple([by(0), by(1), by(2)])
                    };
                    let partial = Partial::Stored(block(partials, k));
                    self.ready[k] = active(Term { column, partial, bend });
                }
            }
        }
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
            let ([a, b], is_negated) = self.sums.as_mut()?.next()?;
            self.ready = [factor(a, b, is_negated), factor(b, a, is_negated), None];
            self.next = 0;
        }
    }
}

#[inline(always)]
fn active<F>(term: Term<'_, F>) -> Option<Term<'_, F>> {
    term.column.is_active.then_some(term)
}

#[inline(always)]
fn ones<F>(column: Column<'_>, sign: F) -> Option<Term<'_, F>> {
    active(Term { column, partial: Partial::Same(sign), bend: Bend::Flat })
}

/// A factor beside another.
#[inline(always)]
fn factor<'a, F>(column: Column<'a>, other: Column<'a>, is_negated: bool) -> Option<Term<'a, F>> {
    let bend = if other.is_active { Bend::Moving(other, is_negated) } else { Bend::Flat };
    active(Term { column, partial: Partial::Values(other, is_negated), bend })
}

/// The operand of a function of one.
#[inline(always)]
fn curved<'a, F>(column: Column<'a>, computed: Computed<'a, F>) -> Option<Term<'a, F>> {
    let Computed { partials, curvatures } = computed;
    let bend = if curvatures.is_empty() { Bend::Flat } else { Bend::Curved(curvatures) };
    active(Term { column, partial: Partial::Stored(partials), bend })
}

/// The operands of a function of two.
#[inline(always)]
fn saddle<'a, F: Real>(
    x: Column<'a>,
    y: Column<'a>,
    count: usize,
    computed: Computed<'a, F>,
) -> [Option<Term<'a, F>>; 3] {
    let Computed { partials, curvatures } = computed;
    let (left, right) = partials.split_at(count);
    let block = |k: usize| &curvatures[k * count..(k + 1) * count];
    let bends = if curvatures.is_empty() {
        [Bend::Flat; 2]
    } else if x.is_active && y.is_active {
        [0, 2].map(|k| Bend::Saddle([(block(k), x), (block(k + 1), y)]))
    } else {
        [Bend::Curved(block(0)), Bend::Curved(block(3))]
    };
    [
        active(Term { column: x, partial: Partial::Stored(left), bend: bends[0] }),
        active(Term { column: y, partial: Partial::Stored(right), bend: bends[1] }),
        None,
    ]
}

/// Partial derivatives by position in a run.
pub(super) trait Partials<F>: Copy {
    fn at(self, i: usize) -> F;
}

#[derive(Clone, Copy)]
pub(super) struct Same<F>(pub(super) F);
impl<F: Real> Partials<F> for Same<F> {
    #[inline(always)]
    fn at(self, _: usize) -> F {
        self.0
    }
}

#[derive(Clone, Copy)]
pub(super) struct Values<'a, F> {
    pub(super) column: Column<'a>,
    pub(super) slots: &'a [F],
    pub(super) is_negated: bool,
}
impl<F: Real> Partials<F> for Values<'_, F> {
    #[inline(always)]
    fn at(self, i: usize) -> F {
        let value = self.slots[self.column.slot(i)];
        if self.is_negated { -value } else { value }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Listed<'a, F>(pub(super) &'a [F]);
impl<F: Real> Partials<F> for Listed<'_, F> {
    #[inline(always)]
    fn at(self, i: usize) -> F {
        self.0[i]
    }
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
