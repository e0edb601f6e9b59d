//! Sums of products as one step each.
//!
//! A sum `((a·b + c) + d·e) − f` is a chain of additions whose intermediate results nobody else
//! uses. It becomes the list of its terms in their order, so that its value is rounded as
//! before: a product that `mul_add` added is still rounded with the sum. The products of a
//! recorded sweep, in which 0 · ∞ is 0, have sums of their own.

use super::eliminate::Renumbering;
use super::uses::Uses;
use crate::function::draft::constants::Constants;
use crate::function::draft::{Draft, Source, Step};
use crate::function::opcode::Opcode;
use crate::scalar::{Evaluate, Real};

/// The draft with a single step for each sum of products.
pub(super) fn fuse<F: Real>(draft: Draft<F>, uses: &Uses) -> Draft<F> {
    let sums = Sums::of(&draft, uses);
    if !sums.0.iter().any(|sum| sum.is_absorbed()) {
        return draft;
    }
    let mut fusion = Fusion::new(&draft, sums);
    for index in 0..draft.steps.len() {
        let result = if fusion.sums.0[index].is_absorbed() {
            // Its one user takes its terms instead.
            Source::value(0)
        } else {
            fusion.step(index)
        };
        fusion.map.push(result);
    }
    let Fusion { mut new, constants, map, .. } = fusion;
    new.constants = constants.list;
    (new.outputs, new.guards) = (draft.outputs, draft.guards);
    new.map_roots(|source| map.of(source));
    new
}

/// A term of a sum: a product, or an operand by itself.
#[derive(Clone, Copy)]
struct Term {
    a: Source,
    b: Option<Source>,
    is_negated: bool,
    /// Whether the product is rounded with the sum.
    is_fused: bool,
}

struct Fusion<'d, F> {
    old: &'d Draft<F>,
    new: Draft<F>,
    constants: Constants<F>,
    map: Renumbering,
    sums: Sums,
    terms: Vec<Term>,
    /// The second factor of terms that are none, once there is one.
    one: Option<Source>,
}

impl<'d, F: Real> Fusion<'d, F> {
    fn new(old: &'d Draft<F>, sums: Sums) -> Self {
        Self {
            old,
            new: Draft::like(old),
            constants: Constants::of(old.constants.clone()),
            map: Renumbering::of_inputs(old),
            sums,
            terms: Vec::new(),
            one: None,
        }
    }

    /// The step of an operand, where a sum takes its terms.
    fn absorbed_step(&self, source: Source) -> Option<usize> {
        let step = source.as_value()?.checked_sub(self.old.inputs())?;
        self.sums.0[step].is_absorbed().then_some(step)
    }

    /// A step that is kept: as it is, or as the sum of its terms.
    #[inline]
    fn step(&mut self, index: usize) -> Source {
        let (step, operands) = (self.old.steps[index], self.old.operands_of(index));
        if self.sums.0[index].takes() {
            self.collect(index);
            return self.sum(self.sums.0[index].kind());
        }
        // PERF: lists of a known length are copied without a loop.
        match *operands {
            [a] => self.new.push(step, &[self.map.of(a)]),
            [a, b] => self.new.push(step, &[self.map.of(a), self.map.of(b)]),
            _ => {
                self.new.operands.extend(operands.iter().map(|&source| self.map.of(source)));
                self.new.finish(step)
            }
        }
    }

    /// Lists the terms of a sum in their order: from its last back to the head of the chain,
    /// and then turned round.
    fn collect(&mut self, index: usize) {
        self.terms.clear();
        let mut next = Some(index);
        while let Some(step) = next {
            next = self.collect_one(step);
        }
        self.terms.reverse();
    }

    /// Lists the terms of one step of the chain from last to first, and returns the step of
    /// its head where that is part of the chain.
    fn collect_one(&mut self, step: usize) -> Option<usize> {
        let operands = self.old.operands_of(step);
        match self.old.steps[step].opcode {
            Opcode::Products | Opcode::Chains => {
                for pair in operands.chunks_exact(2).rev() {
                    let [a, b] = [pair[0], pair[1]].map(|source| self.map.of(source.plain()));
                    let (is_negated, is_fused) = (pair[0].is_negated(), pair[1].is_fused());
                    self.terms.push(Term { a, b: Some(b), is_negated, is_fused });
                }
                None
            }
            Opcode::MulAdd => {
                let [a, b] = [operands[0], operands[1]].map(|source| self.map.of(source));
                self.terms.push(Term { a, b: Some(b), is_negated: false, is_fused: true });
                self.head(operands[2])
            }
            Opcode::Sub => {
                self.term(operands[1], true);
                self.head(operands[0])
            }
            _ => {
                let order = in_order(self.old, &self.sums, step);
                for &operand in order.1.iter().rev() {
                    self.term(operand.plain(), operand.is_negated());
                }
                self.head(order.0)
            }
        }
    }

    /// The first operand of a sum: a part of the chain, or a term.
    fn head(&mut self, source: Source) -> Option<usize> {
        match self.absorbed_step(source) {
            Some(step) if is_sum(self.old.steps[step].opcode) => Some(step),
            _ => {
                self.term(source.plain(), source.is_negated());
                None
            }
        }
    }

    fn term(&mut self, source: Source, is_negated: bool) {
        let (a, b) = match self.absorbed_step(source) {
            None => (source, None),
            Some(step) => {
                let operands = self.old.operands_of(step);
                (operands[0], Some(*operands.last().expect("a product has operands")))
            }
        };
        let (a, b) = (self.map.of(a), b.map(|b| self.map.of(b)));
        self.terms.push(Term { a, b, is_negated, is_fused: false });
    }

    /// Appends the step for the terms collected.
    fn sum(&mut self, kind: Kind) -> Source {
        let opcode = if self.terms.iter().any(|term| term.b.is_some()) {
            let Self { one, constants, .. } = self;
            let one = *one.get_or_insert_with(|| constants.source(F::one()));
            for term in &self.terms {
                let b = term.b.unwrap_or(one).fused_if(term.is_fused);
                let pair = [term.a.negated_if(term.is_negated), b];
                self.new.operands.extend(pair);
            }
            if kind == Kind::Chains { Opcode::Chains } else { Opcode::Products }
        } else {
            let terms = self.terms.iter().map(|term| term.a.negated_if(term.is_negated));
            self.new.operands.extend(terms);
            Opcode::Sum
        };
        self.new.finish(Step { opcode, detail: 0 })
    }
}

/// The head of a sum and its other operands. Two operands commute, so that a chain on the right
/// can be the head too.
fn in_order<'d, F: Real>(draft: &'d Draft<F>, sums: &Sums, step: usize) -> (Source, &'d [Source]) {
    let operands = draft.operands_of(step);
    if draft.steps[step].opcode == Opcode::Add {
        let is_chain = |source: Source| {
            step_of(draft, source)
                .is_some_and(|step| sums.0[step].is_absorbed() && is_sum(draft.steps[step].opcode))
        };
        if is_chain(operands[1]) {
            return (operands[1], &operands[..1]);
        }
    }
    (operands[0], &operands[1..])
}

fn step_of<F: Real>(draft: &Draft<F>, source: Source) -> Option<usize> {
    source.as_value()?.checked_sub(draft.inputs())
}

const fn is_sum(opcode: Opcode) -> bool {
    use Opcode::{Add, Chains, MulAdd, Products, Sub, Sum};
    matches!(opcode, Add | Sub | Sum | MulAdd | Products | Chains)
}

/// Which products a sum has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// None in which it matters whether 0 · ∞ is NaN or 0.
    Any = 0,
    /// Those of `*`.
    Products = 1,
    /// Those of the chain rule.
    Chains = 2,
}

impl Kind {
    /// That of a sum with terms of both kinds, if there is one.
    fn with(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Any, kind) | (kind, Self::Any) => Some(kind),
            _ => (self == other).then_some(self),
        }
    }

    /// That of a product, if the step is one. A normal number makes NaN of NaN alone, and so does
    /// a square.
    fn of_product<F: Real>(draft: &Draft<F>, step: usize) -> Option<Self> {
        let is_normal = |source: &Source| {
            source.is_constant() && draft.constants[source.index()].primal().is_normal()
        };
        match draft.steps[step].opcode {
            Opcode::Square => Some(Self::Any),
            Opcode::Mul if draft.operands_of(step).iter().any(is_normal) => Some(Self::Any),
            Opcode::Mul => Some(Self::Products),
            Opcode::Chain => Some(Self::Chains),
            _ => None,
        }
    }
}

/// What becomes of a step, in one word: there is one for each, and memory is what it costs.
#[derive(Clone, Copy, Default)]
struct Sum(u32);

impl Sum {
    const ABSORBED: u32 = 1 << 31;
    const TAKES: u32 = 1 << 30;
    /// Where the kind stands, and below it the length.
    const KIND: u32 = 28;
    const LONGEST: usize = (1 << Self::KIND) - 1;

    #[inline]
    fn new(kind: Kind, length: usize, takes: bool) -> Self {
        let takes = if takes { Self::TAKES } else { 0 };
        Self(takes | (kind as u32) << Self::KIND | length.min(Self::LONGEST) as u32)
    }

    /// Whether its one user is a sum that takes its terms.
    #[inline]
    const fn is_absorbed(self) -> bool {
        self.0 & Self::ABSORBED != 0
    }

    /// Whether it takes the terms of an operand.
    #[inline]
    const fn takes(self) -> bool {
        self.0 & Self::TAKES != 0
    }

    /// Of a sum, which products it has.
    #[inline]
    const fn kind(self) -> Kind {
        match self.0 >> Self::KIND & 3 {
            0 => Kind::Any,
            1 => Kind::Products,
            _ => Kind::Chains,
        }
    }

    /// Of a sum, how many terms it has, with those that it takes.
    #[inline]
    const fn length(self) -> usize {
        self.0 as usize & Self::LONGEST
    }
}

/// What becomes of each step.
struct Sums(Vec<Sum>);

impl Sums {
    fn of<F: Real>(draft: &Draft<F>, uses: &Uses) -> Self {
        let mut sums = Self(vec![Sum::default(); draft.steps.len()]);
        for index in 0..draft.steps.len() {
            let (opcode, operands) = (draft.steps[index].opcode, draft.operands_of(index));
            if opcode.is_products() {
                let kind = if opcode == Opcode::Chains { Kind::Chains } else { Kind::Products };
                sums.0[index] = Sum::new(kind, operands.len() / 2, false);
            } else if is_sum(opcode) {
                sums.0[index] = sums.look_at(draft, uses, opcode, operands);
            }
        }
        sums
    }

    #[inline]
    fn absorb(&mut self, step: usize) {
        self.0[step].0 |= Sum::ABSORBED;
    }

    /// A sum, which takes the terms of what nobody else uses.
    #[inline]
    fn look_at<F: Real>(
        &mut self,
        draft: &Draft<F>,
        uses: &Uses,
        opcode: Opcode,
        mut operands: &[Source],
    ) -> Sum {
        let once = |source: Source| {
            let step = step_of(draft, source)?;
            (uses.of_value(source.index()) == 1).then_some(step)
        };
        let (mut kind, mut others) = (Kind::Any, operands.len().saturating_sub(1));
        if opcode == Opcode::MulAdd {
            // The factors before it are not terms.
            (kind, operands, others) = (Kind::Products, &operands[2..], 1);
        }
        // The chain can go on at one end only: at the first operand or, of two that commute,
        // at the longer sum. So a running total goes on, whether what is added to it was
        // recorded before it or after.
        let ends = if opcode == Opcode::Add { 2 } else { 1 };
        let plain = operands.iter().take(ends).filter(|operand| !operand.is_negated());
        let ends = plain.filter_map(|&operand| once(operand));
        let of_end = |end: usize| Some((end, kind.with(self.0[end].kind())?));
        let sums = ends.filter(|&end| is_sum(draft.steps[end].opcode)).filter_map(of_end);
        let is_longer = |one: usize, other: usize| self.0[one].length() > self.0[other].length();
        let chain = sums.reduce(|a, b| if is_longer(b.0, a.0) { b } else { a });
        let (mut length, mut takes) = (1, false);
        if let Some((end, of_both)) = chain {
            self.absorb(end);
            (kind, length, takes) = (of_both, self.0[end].length(), true);
        }
        for step in operands.iter().filter_map(|operand| once(operand.plain())) {
            let of_both = Kind::of_product(draft, step).and_then(|other| kind.with(other));
            if let Some(of_both) = of_both {
                self.absorb(step);
                (kind, takes) = (of_both, true);
            }
        }
        Sum::new(kind, length + others, takes)
    }
}
