//! Adjoints from the seeds down, and their derivatives along several directions.

use super::lone::{Flow, Place, is_lone};
use super::shape::is_piecewise_linear;
use super::terms::{Bend, Columns, Computed, PARTS, Term, Terms, add_parts, is_in_pairs};
use super::walk::{self, At, Pass};
use super::{Down, Known, calls};
use crate::function::opcode::{self, Kernels, Opcode};
use crate::function::program::call::Call;
use crate::function::program::columns::Column;
use crate::function::program::instruction::wide;
use crate::function::program::{Header, Layout, Program};
use crate::instructions::{Arch, Simd, VectorizedWith};
use crate::ops::{Beside, Binary, Nary, Operands, Ternary, Unary};
use crate::scalar::{Dual, Evaluate, Real};

/// Lets flow down what lies in the adjoints, into `P` operands at once, with vector instructions.
#[inline(never)]
pub(super) fn run<F: Real, const D: usize, const P: usize>(
    program: &Program<F>,
    known: Known<'_, F>,
    down: Down<'_, F, D>,
    arch: Arch,
) {
    arch.dispatch_vectors(Reverse::<F, D, P> { program, known, down });
}

/// Likewise, looking for 0 · ∞.
#[inline(never)]
pub(super) fn run_carefully<F: Real>(
    program: &Program<F>,
    known: Known<'_, F>,
    down: Down<'_, F, 1>,
) {
    Reverse::<F, 1, 1> { program, known, down }.run::<true>();
}

/// A pass, to be compiled for each instruction set where it is optimistic.
struct Reverse<'m, F, const D: usize, const P: usize> {
    program: &'m Program<F>,
    known: Known<'m, F>,
    down: Down<'m, F, D>,
}

impl<F: Real, const D: usize, const P: usize> VectorizedWith for Reverse<'_, F, D, P> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, _: S) {
        self.run::<false>();
    }
}

impl<F: Real, const D: usize, const P: usize> Reverse<'_, F, D, P> {
    #[inline(always)]
    fn run<const CAREFUL: bool>(self) {
        let Self { program, known, down } = self;
        let curvatures = if down.is_second { known.curvatures } else { &[] };
        let computed = Computed { partials: known.partials, curvatures };
        walk::down(program, computed, Flows::<F, D, P, CAREFUL> { known, down });
    }
}

/// What a pass works on.
struct Flows<'m, F, const D: usize, const P: usize, const CAREFUL: bool> {
    known: Known<'m, F>,
    down: Down<'m, F, D>,
}

impl<F: Real, const D: usize, const P: usize, const CAREFUL: bool> Pass<F>
    for Flows<'_, F, D, P, CAREFUL>
{
    #[inline(always)]
    fn call(&mut self, call: Call<'_>) {
        let Down { tangents, ref mut adjoints, is_second, keeps } = self.down;
        let along = is_second.then_some((tangents, self.known.adjoints));
        calls::reverse(call, self.known.values, along, adjoints, keeps);
    }

    #[inline(always)]
    fn instruction(&mut self, At { header, words, computed, out }: At<'_, F>) {
        let Down { tangents, ref mut adjoints, is_second, keeps } = self.down;
        let down = Down { tangents, adjoints, is_second, keeps };
        instruction::<F, D, P, CAREFUL>(self.known, down, header, words, computed, out);
    }
}

/// Lets flow down the adjoints of the results of an instruction that no pass along one direction
/// has a way of its own for.
#[inline(never)]
pub(super) fn instruction_of_one<F: Real>(
    known: Known<'_, F>,
    down: Down<'_, F, 1>,
    header: Header,
    words: &[u32],
    computed: Computed<'_, F>,
    out: usize,
) {
    instruction::<F, 1, 1, false>(known, down, header, words, computed, out);
}

/// Lets flow down the adjoints of an instruction's results.
#[inline(always)]
fn instruction<F: Real, const D: usize, const P: usize, const CAREFUL: bool>(
    known: Known<'_, F>,
    down: Down<'_, F, D>,
    header: Header,
    words: &[u32],
    computed: Computed<'_, F>,
    out: usize,
) {
    if !CAREFUL && is_lone(header) {
        return lone(known, down, header, words, computed, out);
    }
    let Down { tangents, adjoints, is_second, keeps } = down;
    let (adjoints, results) = adjoints.split_at_mut(out);
    let results = &mut results[..header.count as usize];
    let is_long = header.opcode.columns() == 0 && !header.is_lone_sum();
    let mut run = Run::<F, D, CAREFUL> {
        values: known.values,
        of_values: known.adjoints,
        tangents,
        adjoints,
        results: &*results,
        is_second,
        step: usize::from(!is_long),
        words,
        out,
    };
    if is_in_pairs(header) {
        run.pairs();
    } else if !(is_second && is_long && run.bends_of_its_own(header, computed.partials)) {
        let mut terms = Terms::read(header, words, computed);
        let columns = terms.columns;
        while let Some(term) = terms.next() {
            run.term::<P>(term, &columns);
        }
    }
    if !keeps {
        results.fill([F::zero(); D]);
    }
}

/// The same of an operation by itself, without a look at 0 · ∞.
#[inline(always)]
fn lone<F: Real, const D: usize>(
    known: Known<'_, F>,
    Down { tangents, adjoints, is_second, keeps }: Down<'_, F, D>,
    header: Header,
    words: &[u32],
    computed: Computed<'_, F>,
    out: usize,
) {
    let (adjoints, results) = adjoints.split_at_mut(out);
    let result = &mut results[0];
    let place = Place { words, computed, values: known.values, tangents };
    if is_second {
        let straight = Straight { adjoints, result };
        place.each_operand(header, &mut Bent { straight, of_value: known.adjoints[out] });
    } else {
        place.each_operand(header, &mut Straight { adjoints, result });
    }
    if !keeps {
        *result = [F::zero(); D];
    }
}

/// What flows down from an operation by itself.
struct Straight<'m, F, const D: usize> {
    adjoints: &'m mut [[F; D]],
    result: &'m [F; D],
}

impl<F: Real, const D: usize> Straight<'_, F, D> {
    /// Beside what flows already.
    #[inline(always)]
    fn add(&mut self, slot: usize, mut flow: [F; D], partial: F) {
        pull::<F, D, false>(&mut flow, self.result, partial);
        let sums = &mut self.adjoints[slot];
        for d in 0..D {
            sums[d] += flow[d];
        }
    }
}

impl<F: Real, const D: usize> Flow<F, D> for Straight<'_, F, D> {
    const BENDS: bool = false;
    #[inline(always)]
    fn operand(&mut self, slot: usize, partial: F, _: Option<[F; D]>) {
        self.add(slot, [F::zero(); D], partial);
    }
}

/// The same of derivatives along directions, beside an adjoint of the value.
struct Bent<'m, F, const D: usize> {
    straight: Straight<'m, F, D>,
    of_value: F,
}

impl<F: Real, const D: usize> Flow<F, D> for Bent<'_, F, D> {
    const BENDS: bool = true;
    #[inline(always)]
    fn operand(&mut self, slot: usize, partial: F, bend: Option<[F; D]>) {
        let mut flow = [F::zero(); D];
        if let Some(bend) = bend {
            bent::<F, D, false>(&mut flow, self.of_value, &bend);
        }
        self.straight.add(slot, flow, partial);
    }
}

/// An instruction.
struct Run<'m, F, const D: usize, const CAREFUL: bool> {
    values: &'m [F],
    of_values: &'m [F],
    tangents: &'m [[F; D]],
    /// Of what lies before the run.
    adjoints: &'m mut [[F; D]],
    /// The adjoints of the results.
    results: &'m [[F; D]],
    /// Whether those are derivatives along the directions of the tangents.
    is_second: bool,
    /// From one operand's result to that of the next: 0 where all have one.
    step: usize,
    words: &'m [u32],
    out: usize,
}

impl<F: Real, const D: usize, const CAREFUL: bool> Run<'_, F, D, CAREFUL> {
    /// What flows into the adjoints of a term's operands.
    #[inline(always)]
    fn term<const P: usize>(&mut self, term: Term<'_, F>, columns: &Columns<'_>) {
        match term.column.regular() {
            Some((slot, 0)) if term.count > 1 => return self.one(slot, &term, columns),
            _ => {}
        }
        let mut i = 0;
        while const { P > 1 } && i + P <= term.count {
            let flow = self.flow::<P>(&term, columns, i);
            add(term.column, self.adjoints, i, &flow);
            i += P;
        }
        while i < term.count {
            let flow = self.flow::<1>(&term, columns, i);
            add(term.column, self.adjoints, i, &flow);
            i += 1;
        }
    }

    /// What flows into one operand of all.
    #[inline(always)]
    fn one(&mut self, slot: usize, term: &Term<'_, F>, columns: &Columns<'_>) {
        let mut parts = [[F::zero(); D]; PARTS];
        let mut i = 0;
        while i + PARTS <= term.count {
            let flow = self.flow::<PARTS>(term, columns, i);
            for k in 0..PARTS {
                for d in 0..D {
                    parts[k][d] += flow[k][d];
                }
            }
            i += PARTS;
        }
        while i < term.count {
            let [flow] = self.flow::<1>(term, columns, i);
            for d in 0..D {
                parts[0][d] += flow[d];
            }
            i += 1;
        }
        add_parts(&mut self.adjoints[slot], &parts);
    }

    /// What flows into `N` operands from the i-th on.
    #[inline(always)]
    fn flow<const N: usize>(
        &self,
        term: &Term<'_, F>,
        columns: &Columns<'_>,
        i: usize,
    ) -> [[F; D]; N] {
        let partials: [F; N] = term.partial.load(self.values, i);
        let results = Column::run(0, self.step, true);
        let adjoints: [[F; D]; N] = results.load(self.results, i);
        let mut flow = [[F::zero(); D]; N];
        if self.is_second
            && let Some(bends) = self.bends::<N>(&term.bend, columns, i)
        {
            let of_values: [F; N] = results.load(&self.of_values[self.out..], i);
            for k in 0..N {
                bent::<F, D, CAREFUL>(&mut flow[k], of_values[k], &bends[k]);
            }
        }
        for k in 0..N {
            pull::<F, D, CAREFUL>(&mut flow[k], &adjoints[k], partials[k]);
        }
        flow
    }

    /// How the partial derivatives of `N` operands change along the directions, if they do.
    #[inline(always)]
    fn bends<const N: usize>(
        &self,
        bend: &Bend<'_, F>,
        columns: &Columns<'_>,
        i: usize,
    ) -> Option<[[F; D]; N]> {
        match *bend {
            Bend::Flat => None,
            Bend::Moving(column, times) => {
                let mut bends: [[F; D]; N] = column.load(self.tangents, i);
                for bend in &mut bends {
                    for bend in bend {
                        *bend *= times;
                    }
                }
                Some(bends)
            }
            Bend::Curved(by) => {
                let mut bends = [[F::zero(); D]; N];
                for (j, column) in columns.iter().enumerate() {
                    // A column that is not active has no tangents.
                    if !column.is_active {
                        continue;
                    }
                    let by = &by[j * self.results.len() + i..][..N];
                    let tangents: [[F; D]; N] = column.load(self.tangents, i);
                    for k in 0..N {
                        for d in 0..D {
                            bends[k][d] += along::<F, CAREFUL>(tangents[k][d], by[k]);
                        }
                    }
                }
                Some(bends)
            }
        }
    }

    /// What flows into the factors of a sum of products of slots in pairs.
    #[inline(always)]
    fn pairs(&mut self) {
        for &[a, b] in wide(self.words).as_chunks().0 {
            self.factor(a as usize, b as usize);
            self.factor(b as usize, a as usize);
        }
    }

    /// What flows into a factor beside another.
    #[inline(always)]
    fn factor(&mut self, slot: usize, other: usize) {
        let sum = &mut self.adjoints[slot];
        if self.is_second {
            bent::<F, D, CAREFUL>(sum, self.of_values[self.out], &self.tangents[other]);
        }
        pull::<F, D, CAREFUL>(sum, &self.results[0], self.values[other]);
    }

    /// Lets flow down an operation of many operands whose partial derivatives change otherwise
    /// than those of terms, and tells whether it is one.
    #[inline(always)]
    fn bends_of_its_own(&mut self, header: Header, partials: &[F]) -> bool {
        let is_active = header.layout & Layout::ACTIVE != 0;
        if header.opcode.is_products() || !is_active || is_piecewise_linear(header.opcode) {
            return false;
        }
        if header.opcode == Opcode::LogSumExp {
            self.log_sum_exp(wide(self.words), partials);
        } else {
            opcode::dispatch(header.opcode, self);
        }
        true
    }

    #[inline(always)]
    fn pull_slot(&mut self, slot: usize, partial: F) {
        pull::<F, D, CAREFUL>(&mut self.adjoints[slot], &self.results[0], partial);
    }

    /// The shares sᵢ change by sᵢ·(dxᵢ − dy), where dy = Σ sⱼ·dxⱼ is the tangent of the result; those
    /// of infinite operands are equal by convention, and stay so.
    #[inline(always)]
    fn log_sum_exp(&mut self, words: &[u32], shares: &[F]) {
        let (of_value, of_result) = (self.of_values[self.out], self.tangents[self.out]);
        let is_still = self.values[self.out].is_infinite();
        for (&slot, &share) in words.iter().zip(shares) {
            if is_still {
                self.pull_slot(slot as usize, share);
                continue;
            }
            let mut bend = self.tangents[slot as usize];
            if share + share > F::one() {
                bend = self.beside_others(words, shares, &bend);
            } else {
                (0..D).for_each(|d| bend[d] -= of_result[d]);
            }
            bend.iter_mut().for_each(|bend| *bend = along::<F, CAREFUL>(*bend, share));
            bent::<F, D, CAREFUL>(&mut self.adjoints[slot as usize], of_value, &bend);
            self.pull_slot(slot as usize, share);
        }
    }

    /// dx − dy of an operand that outweighs all others: Σ sⱼ·(dx − dxⱼ), because dy is nearly dx.
    #[inline(always)]
    fn beside_others(&self, words: &[u32], shares: &[F], of_largest: &[F; D]) -> [F; D] {
        let mut sum = [F::zero(); D];
        for (&slot, &share) in words.iter().zip(shares) {
            let tangents = &self.tangents[slot as usize];
            for d in 0..D {
                sum[d] += along::<F, CAREFUL>(of_largest[d] - tangents[d], share);
            }
        }
        sum
    }
}

/// Other operations of many operands: the rule's partials over dual numbers, direction by
/// direction.
impl<F: Real, const D: usize, const CAREFUL: bool> Kernels for Run<'_, F, D, CAREFUL> {
    fn nary<R: Nary>(&mut self) {
        self.lane_by_lane(|along, result, adjoint, to| along.flow::<R>(result, adjoint, to));
    }

    fn unary<R: Unary>(&mut self) {}
    fn powi(&mut self) {}
    fn binary<R: Binary>(&mut self) {}
    fn ternary<R: Ternary>(&mut self) {}
    fn sum(&mut self) {}
    fn products(&mut self) {}
    fn log_sum_exp(&mut self) {}
}

/// How an n-ary rule lets flow down along a direction: see [`Along::flow`].
type FlowAlong<F> = fn(Along<'_, F>, Dual<F>, Dual<F>, &mut [F]);

impl<F: Real, const D: usize, const CAREFUL: bool> Run<'_, F, D, CAREFUL> {
    /// Lets flow down what is a function of its own along each direction.
    #[inline(never)]
    fn lane_by_lane(&mut self, flow: FlowAlong<F>) {
        let Self { values, tangents, out, .. } = *self;
        for lane in 0..D {
            let along = Along {
                slots: wide(self.words),
                values,
                tangents: tangents.as_flattened(),
                width: D,
                lane,
            };
            let result = Dual::new(values[out], tangents[out][lane]);
            let adjoint = Dual::new(self.of_values[out], self.results[0][lane]);
            flow(along, result, adjoint, self.adjoints.as_flattened_mut());
        }
    }
}

/// The operands of an n-ary rule along one of the directions, whatever the number of those.
#[derive(Clone, Copy)]
struct Along<'a, F> {
    slots: &'a [u32],
    values: &'a [F],
    tangents: &'a [F],
    width: usize,
    lane: usize,
}

impl<F: Real> Along<'_, F> {
    /// Adds to the operands' adjoints what flows from the result's, which goes with its own
    /// derivative.
    #[inline(never)]
    fn flow<R: Nary>(self, result: Dual<F>, adjoint: Dual<F>, adjoints: &mut [F]) {
        R::partials(self, Beside::of(result, &mut Vec::new()), |i, partial: Dual<F>| {
            let bent = adjoint.value.chain(partial.tangent) + adjoint.tangent.chain(partial.value);
            adjoints[self.slots[i] as usize * self.width + self.lane] += bent;
        });
    }
}

impl<F: Real> Operands<Dual<F>> for Along<'_, F> {
    fn len(self) -> usize {
        self.slots.len()
    }
    fn at(self, i: usize) -> Dual<F> {
        let slot = self.slots[i] as usize;
        Dual::new(self.values[slot], self.tangents[slot * self.width + self.lane])
    }
    fn iter(self) -> impl Iterator<Item = Dual<F>> {
        (0..self.slots.len()).map(move |i| self.at(i))
    }
    fn split(self, at: usize) -> (impl Operands<Dual<F>>, impl Operands<Dual<F>>) {
        let (first, second) = self.slots.split_at(at);
        (Along { slots: first, ..self }, Along { slots: second, ..self })
    }
}

/// Adds to the adjoints of `N` operands from the i-th on.
#[inline(always)]
fn add<F: Real, const D: usize, const N: usize>(
    column: Column<'_>,
    adjoints: &mut [[F; D]],
    i: usize,
    flow: &[[F; D]; N],
) {
    match column.regular() {
        Some((first, 1)) => {
            let run = &mut adjoints[first + i..first + i + N];
            for k in 0..N {
                for d in 0..D {
                    run[k][d] += flow[k][d];
                }
            }
        }
        _ => {
            for (k, flow) in flow.iter().enumerate() {
                let slot = column.slot(i + k);
                for d in 0..D {
                    adjoints[slot][d] += flow[d];
                }
            }
        }
    }
}

/// A tangent times a partial.
#[inline(always)]
fn along<F: Real, const CAREFUL: bool>(tangent: F, partial: F) -> F {
    if CAREFUL { tangent.push(partial) } else { tangent * partial }
}

/// Adds the adjoints of a result times a partial.
#[inline(always)]
fn pull<F: Real, const D: usize, const CAREFUL: bool>(
    sum: &mut [F; D],
    result: &[F; D],
    partial: F,
) {
    for d in 0..D {
        sum[d] += if CAREFUL { result[d].chain(partial) } else { result[d] * partial };
    }
}

/// Adds the adjoint of a value times how its partial changes along the directions.
#[inline(always)]
fn bent<F: Real, const D: usize, const CAREFUL: bool>(sum: &mut [F; D], adjoint: F, bend: &[F; D]) {
    for d in 0..D {
        sum[d] += if CAREFUL { adjoint.chain(bend[d]) } else { adjoint * bend[d] };
    }
}
