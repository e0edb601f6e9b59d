//! The derivatives of each operation at a point, by the rules: for second derivatives by the same
//! rules over dual numbers.

use super::shape::Stored;
use crate::function::opcode::{Kernels, dispatch};
use crate::function::program::columns::Column;
use crate::function::program::{Header, Program};
use crate::function::replay::space::Space;
use crate::ops::rules::Powi;
use crate::ops::{Beside, Binary, Nary, Ternary, Unary};
use crate::scalar::{Dual, Real};

/// What is filled.
pub(super) struct Memory<'m, F> {
    pub(super) partials: &'m mut [F],
    pub(super) curvatures: &'m mut [F],
    pub(super) gathered: &'m mut [F],
}

/// Fills the memory, instruction by instruction.
pub(super) fn linearise<F: Real>(
    program: &Program<F>,
    values: &Space<F>,
    memory: Memory<'_, F>,
    curved: bool,
) {
    let Memory { mut partials, mut curvatures, gathered } = memory;
    let (mut out, mut at, mut kept) = (program.first_result(), 0, 0);
    for &header in &program.headers {
        let words = &program.words[at..];
        let stored = Stored::of(header, words);
        if stored.partials > 0 {
            let (of_this, rest) = std::mem::take(&mut partials).split_at_mut(stored.partials);
            partials = rest;
            let (curved_of_this, rest) =
                std::mem::take(&mut curvatures).split_at_mut(stored.curvatures);
            curvatures = rest;
            let saved = &values.saved[kept..];
            let mut local = Local {
                slots: &values.slots,
                saved,
                gathered,
                words,
                header,
                out,
                partials: of_this,
                curvatures: if curved { curved_of_this } else { &mut [] },
            };
            dispatch(header.opcode, &mut local);
        }
        kept += header.keeps(words);
        at += header.words(words);
        out += header.count as usize;
    }
}

/// An instruction, and the numbers that are kept of it: of each operand those of all operations
/// of the run, operand behind operand.
struct Local<'m, F> {
    slots: &'m [F],
    saved: &'m [F],
    gathered: &'m mut [F],
    words: &'m [u32],
    header: Header,
    out: usize,
    partials: &'m mut [F],
    /// Empty where nobody asks for them, or all are zero.
    curvatures: &'m mut [F],
}

/// A partial derivative of a rule of two operands, from these and the result.
type OfTwo<N> = fn(N, N, N) -> N;

/// A result as it is beside its operands: the derivative of NaN is NaN.
#[inline(always)]
fn result<F: Real>(value: F, tangent: F) -> Dual<F> {
    Dual::new(value, if value.is_nan() { value } else { tangent })
}

impl<F: Real> Local<'_, F> {
    #[inline(always)]
    fn one_operand(
        &mut self,
        x: Column<'_>,
        partial: impl Fn(F, F) -> F,
        curvature: impl Fn(F, F, F) -> Dual<F>,
    ) {
        if !x.is_active {
            return;
        }
        for i in 0..self.header.count as usize {
            let (x, y) = (self.slots[x.slot(i)], self.slots[self.out + i]);
            let slope = partial(x, y);
            self.partials[i] = slope;
            if let Some(curved) = self.curvatures.get_mut(i) {
                *curved = curvature(x, y, slope).tangent;
            }
        }
    }

    /// As [`Local::one_operand`]. PERF: once for all rules that are functions of their own.
    #[inline(never)]
    fn one_operand_by_calls(
        &mut self,
        x: Column<'_>,
        partial: fn(F, F) -> F,
        curvature: fn(F, F, F) -> Dual<F>,
    ) {
        self.one_operand(x, partial, curvature);
    }

    /// The partial derivatives by either operand, and the derivatives of each along both.
    #[inline(always)]
    fn two_operands(&mut self, [of_left, of_right]: [OfTwo<F>; 2], curved: [OfTwo<Dual<F>>; 2]) {
        let [curved_left, curved_right] =
            curved.map(|partial| move |(x, y, z)| partial(x, y, z).tangent);
        let [of_x, of_y]: [Column<'_>; 2] = Column::read_all(self.header, self.words);
        let count = self.header.count as usize;
        for i in 0..count {
            let (x, y) = (self.slots[of_x.slot(i)], self.slots[of_y.slot(i)]);
            let z = self.slots[self.out + i];
            let left = if of_x.is_active { of_left(x, y, z) } else { F::zero() };
            let right = if of_y.is_active { of_right(x, y, z) } else { F::zero() };
            [self.partials[i], self.partials[count + i]] = [left, right];
            if self.curvatures.is_empty() {
                continue;
            }
            let along_x = (Dual::variable(x), Dual::constant(y), result(z, left));
            let along_y = (Dual::constant(x), Dual::variable(y), result(z, right));
            if of_x.is_active {
                self.curvatures[i] = curved_left(along_x);
            }
            if of_x.is_active && of_y.is_active {
                self.curvatures[count + i] = curved_left(along_y);
                self.curvatures[2 * count + i] = curved_right(along_x);
            }
            if of_y.is_active {
                self.curvatures[3 * count + i] = curved_right(along_y);
            }
        }
    }

    /// As [`Local::one_operand_by_calls`].
    #[inline(never)]
    fn two_operands_by_calls(&mut self, partials: [OfTwo<F>; 2], curved: [OfTwo<Dual<F>>; 2]) {
        self.two_operands(partials, curved);
    }

    fn gather(&mut self) -> usize {
        let count = self.words[1] as usize;
        for (operand, &slot) in self.gathered.iter_mut().zip(&self.words[2..2 + count]) {
            *operand = self.slots[slot as usize];
        }
        count
    }
}

/// PERF: functions of their own. One with all rules in it would take longer to compile than they.
impl<F: Real> Kernels for Local<'_, F> {
    #[inline(never)]
    fn unary<R: Unary>(&mut self) {
        let [x] = Column::read_all(self.header, self.words);
        let curvature = |x, y, slope| R::partial(Dual::variable(x), result(y, slope));
        if const { R::FORM.is_inline() } {
            self.one_operand(x, R::partial::<F>, curvature);
        } else {
            self.one_operand_by_calls(x, R::partial::<F>, curvature);
        }
    }

    fn powi(&mut self) {
        let n = self.words[0] as i32;
        let bits = self.header.bits(0);
        let x = Column::read(bits, self.header.count as usize, &self.words[1..]);
        let curvature = |x, y, slope| Powi::partial(Dual::variable(x), n, result(y, slope));
        self.one_operand(x, |x, y| Powi::partial(x, n, y), curvature);
    }

    #[inline(never)]
    fn binary<R: Binary>(&mut self) {
        if const { R::FORM.is_inline() } {
            self.two_operands([R::left, R::right], [R::left, R::right]);
        } else {
            self.two_operands_by_calls([R::left, R::right], [R::left, R::right]);
        }
    }

    #[inline(never)]
    fn ternary<R: Ternary>(&mut self) {
        let columns: [Column<'_>; 3] = Column::read_all(self.header, self.words);
        let wanted = columns.map(|column| column.is_active);
        let count = self.header.count as usize;
        for i in 0..count {
            let at = columns.map(|column| self.slots[column.slot(i)]);
            let [x, y, z] = R::partials(wanted, at[0], at[1], at[2]);
            self.partials[i] = x;
            self.partials[count + i] = y;
            self.partials[2 * count + i] = z;
            if self.curvatures.is_empty() {
                continue;
            }
            for k in (0..3).filter(|&k| columns[k].is_active) {
                let mut along = at.map(Dual::constant);
                along[k] = Dual::variable(at[k]);
                let partials = R::partials(wanted, along[0], along[1], along[2]);
                for (row, partial) in partials.into_iter().enumerate() {
                    self.curvatures[(3 * row + k) * count + i] = partial.tangent;
                }
            }
        }
    }

    #[inline(never)]
    fn nary<R: Nary>(&mut self) {
        let count = self.gather();
        let (xs, y, partials) = (&self.gathered[..count], self.slots[self.out], &mut self.partials);
        R::partials(xs, Beside::of(y, &mut Vec::new()), |i, partial| partials[i] = partial);
    }

    fn log_sum_exp(&mut self) {
        let count = self.partials.len();
        let (weights, scale) = (&self.saved[..count], self.saved[count]);
        for (share, &weight) in self.partials.iter_mut().zip(weights) {
            *share = weight * scale;
        }
    }

    fn sum(&mut self) {}

    fn products(&mut self) {}
}
