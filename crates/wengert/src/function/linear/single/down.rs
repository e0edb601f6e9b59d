//! Adjoints and their derivatives along a direction, from the seeds down.

use super::rows::{Rows, add};
use super::{Shape, in_parts, in_parts_of_pairs};
use crate::function::linear::lone::{Flow, Place};
use crate::function::linear::terms::{Columns, Computed, Term, Terms};
use crate::function::linear::walk::{self, At, Pass};
use crate::function::linear::{self, Known, calls, reverse};
use crate::function::opcode::Opcode;
use crate::function::program::call::Call;
use crate::function::program::instruction::wide;
use crate::function::program::segments::Segment;
use crate::function::program::{Header, Program};
use crate::instructions::{Simd, VectorizedWith};
use crate::scalar::Real;

/// What flows down, and what is known of the direction.
pub(super) struct Flows<'m, F> {
    pub(super) values: &'m [F],
    pub(super) tangents: &'m [F],
    pub(super) adjoints: &'m mut [F],
    /// Their derivatives along the tangents.
    pub(super) seconds: &'m mut [F],
}

/// A pass, to be compiled for each instruction set.
pub(super) struct Down<'m, F> {
    pub(super) program: &'m Program<F>,
    pub(super) known: Known<'m, F>,
    pub(super) flows: Flows<'m, F>,
    pub(super) rows: Rows<'m, F>,
}

impl<F: Real> VectorizedWith for Down<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, _: S) {
        let Self { program, known: Known { partials, curvatures, .. }, flows, rows } = self;
        walk::down(program, Computed { partials, curvatures }, Both { flows, rows });
    }
}

/// What flows, and the memory for the operands of runs.
struct Both<'m, F> {
    flows: Flows<'m, F>,
    rows: Rows<'m, F>,
}

impl<F: Real> Pass<F> for Both<'_, F> {
    #[inline(always)]
    fn call(&mut self, call: Call<'_>) {
        self.flows.call(call);
    }

    #[inline(always)]
    fn instruction(&mut self, At { header, words, computed, out }: At<'_, F>) {
        let Self { flows, rows } = self;
        match Shape::of(header) {
            Shape::Lone => flows.lone(header, words, computed, out),
            Shape::Segments => {
                for words in wide(words).as_chunks().0 {
                    flows.segment(Segment::read(words), header.opcode, out);
                }
                flows.seconds[out] = F::zero();
            }
            Shape::Pairs => {
                let of_value = flows.adjoints[out];
                let derivative = std::mem::replace(&mut flows.seconds[out], F::zero());
                for &[a, b] in wide(words).as_chunks().0 {
                    let (a, b) = (a as usize, b as usize);
                    flows.factor(a, b, [of_value, derivative]);
                    flows.factor(b, a, [of_value, derivative]);
                }
            }
            Shape::Run => {
                let mut terms = Terms::read(header, words, computed);
                let columns = terms.columns;
                while let Some(term) = terms.next() {
                    flows.term(rows, &term, &columns, out);
                }
                flows.seconds[out..out + header.count as usize].fill(F::zero());
            }
            Shape::Other => flows.other(header, words, computed, out),
        }
    }
}

/// What flows down from an operation by itself, to adjoints and to their derivatives.
struct Two<'m, F> {
    of_value: F,
    derivative: F,
    adjoints: &'m mut [F],
    seconds: &'m mut [F],
}

impl<F: Real> Flow<F, 1> for Two<'_, F> {
    const BENDS: bool = true;
    #[inline(always)]
    fn operand(&mut self, slot: usize, partial: F, bend: Option<[F; 1]>) {
        let mut bent = F::zero();
        if let Some([bend]) = bend {
            bent += self.of_value * bend;
        }
        self.seconds[slot] += bent + self.derivative * partial;
        self.adjoints[slot] += F::zero() + self.of_value * partial;
    }
}

impl<F: Real> Flows<'_, F> {
    #[inline(always)]
    fn lone(&mut self, header: Header, words: &[u32], computed: Computed<'_, F>, out: usize) {
        let Self { values, tangents, .. } = *self;
        let of_value = self.adjoints[out];
        let derivative = std::mem::replace(&mut self.seconds[out], F::zero());
        let tangents = tangents.as_chunks::<1>().0;
        let (adjoints, seconds) = (&mut *self.adjoints, &mut *self.seconds);
        let mut flow = Two { of_value, derivative, adjoints, seconds };
        Place { words, computed, values, tangents }.each_operand(header, &mut flow);
    }

    /// What flows into the operands of a term of a run.
    #[inline(always)]
    fn term(
        &mut self,
        rows: &mut Rows<'_, F>,
        term: &Term<'_, F>,
        columns: &Columns<'_>,
        out: usize,
    ) {
        let at = [self.values, self.tangents];
        let results = [&self.adjoints[out..], &self.seconds[out..]];
        let [seconds, adjoints] = rows.flows(term, columns, at, results);
        add(&term.column, self.seconds, seconds);
        add(&term.column, self.adjoints, adjoints);
    }

    /// What flows into a factor beside another.
    #[inline(always)]
    fn factor(&mut self, slot: usize, other: usize, [of_value, derivative]: [F; 2]) {
        let second = &mut self.seconds[slot];
        *second += of_value * self.tangents[other];
        *second += derivative * self.values[other];
        self.adjoints[slot] += of_value * self.values[other];
    }

    /// What flows into the operands of a segment of a long sum.
    #[inline(always)]
    fn segment(&mut self, segment: Segment, opcode: Opcode, out: usize) {
        let Segment { a, b, len, .. } = segment;
        let sign = if segment.is_negated() { -F::one() } else { F::one() };
        let (values, tangents) = (self.values, self.tangents);
        let (is_a_active, is_b_active) = (segment.is_a_active(), segment.is_b_active());
        let [of_a, of_b] =
            [&values[a..a + len], &values[b..b + if segment.is_same() { 1 } else { len }]];
        if opcode == Opcode::Sum {
            if is_a_active {
                self.same(a, len, [sign, F::zero()], out);
            }
            return;
        }
        let moving = |slot: usize, is_active: bool| is_active.then(|| &tangents[slot..slot + len]);
        if segment.is_same() {
            if is_a_active {
                let bend = if is_b_active { tangents[b] * sign } else { F::zero() };
                self.same(a, len, [of_b[0] * sign, bend], out);
            }
            if is_b_active {
                self.one_slot(b, of_a, moving(a, is_a_active), sign, out);
            }
        } else if a == b {
            if is_a_active {
                self.slice(a, of_a, moving(a, true), sign + sign, out);
            }
        } else {
            if is_a_active {
                self.slice(a, of_b, moving(b, is_b_active), sign, out);
            }
            if is_b_active {
                self.slice(b, of_a, moving(a, is_a_active), sign, out);
            }
        }
    }

    /// What flows into slots side by side, whose partial derivative is one number.
    #[inline(always)]
    fn same(&mut self, first: usize, len: usize, [partial, bend]: [F; 2], out: usize) {
        let (w, d) = (self.adjoints[out], self.seconds[out]);
        let flow = (F::zero() + w * bend) + d * partial;
        self.seconds[first..first + len].iter_mut().for_each(|second| *second += flow);
        let flow = F::zero() + w * partial;
        self.adjoints[first..first + len].iter_mut().for_each(|adjoint| *adjoint += flow);
    }

    /// What flows into slots side by side, whose partial derivatives are these times a number.
    #[inline(always)]
    fn slice(&mut self, first: usize, partials: &[F], bends: Option<&[F]>, times: F, out: usize) {
        let (w, d, span) = (self.adjoints[out], self.seconds[out], first..first + partials.len());
        let seconds = self.seconds[span.clone()].iter_mut().zip(partials);
        match bends {
            Some(bends) => {
                for ((second, &p), &bend) in seconds.zip(bends) {
                    *second += (F::zero() + w * (bend * times)) + d * (p * times);
                }
            }
            None => seconds.for_each(|(second, &p)| *second += F::zero() + d * (p * times)),
        }
        for (adjoint, &p) in self.adjoints[span].iter_mut().zip(partials) {
            *adjoint += F::zero() + w * (p * times);
        }
    }

    /// What flows into one slot, likewise.
    #[inline(always)]
    fn one_slot(&mut self, slot: usize, partials: &[F], bends: Option<&[F]>, times: F, out: usize) {
        let (w, d, zero) = (self.adjoints[out], self.seconds[out], F::zero());
        self.seconds[slot] += match bends {
            Some(bends) => in_parts_of_pairs(partials, bends, |p, bend| {
                (zero + w * (bend * times)) + d * (p * times)
            }),
            None => in_parts(partials, |p| zero + d * (p * times)),
        };
        self.adjoints[slot] += in_parts(partials, |p| zero + w * (p * times));
    }

    /// A call of a user's operation.
    #[cold]
    #[inline(never)]
    fn call(&mut self, call: Call<'_>) {
        let Self { values, tangents, adjoints, seconds } = self;
        let along = Some((tangents.as_chunks::<1>().0, &**adjoints));
        calls::reverse(call, values, along, seconds.as_chunks_mut::<1>().0, false);
        calls::reverse(call, values, None, adjoints.as_chunks_mut::<1>().0, true);
    }

    /// What is no long sum in segments and has no columns: as along several directions, one after
    /// the other.
    #[inline(never)]
    fn other(&mut self, header: Header, words: &[u32], computed: Computed<'_, F>, out: usize) {
        let Self { values, tangents, adjoints, seconds } = self;
        let known = Known { values, partials: &[], curvatures: &[], adjoints };
        let tangents = tangents.as_chunks::<1>().0;
        let down = linear::Down {
            tangents,
            adjoints: seconds.as_chunks_mut::<1>().0,
            is_second: true,
            keeps: false,
        };
        reverse::instruction_of_one(known, down, header, words, computed, out);
        let known = Known { values, partials: &[], curvatures: &[], adjoints: &[] };
        let down = linear::Down {
            tangents: &[],
            adjoints: adjoints.as_chunks_mut::<1>().0,
            is_second: false,
            keeps: true,
        };
        let computed = Computed { curvatures: &[], ..computed };
        reverse::instruction_of_one(known, down, header, words, computed, out);
    }
}
