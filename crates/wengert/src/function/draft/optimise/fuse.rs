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
    if !sums.absorbed.contains(&true) {
        return draft;
    }
    let mut fusion = Fusion::new(&draft, sums);
    for index in 0..draft.steps.len() {
        let result = if fusion.sums.absorbed[index] {
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
        }
    }

    /// The step of an operand, where a sum takes its terms.
    fn absorbed_step(&self, source: Source) -> Option<usize> {
        let step = source.as_value()?.checked_sub(self.old.inputs())?;
        self.sums.absorbed[step].then_some(step)
    }

    /// A step that is kept: as it is, or as the sum of its terms.
    fn step(&mut self, index: usize) -> Source {
        let takes = |source: &Source| self.absorbed_step(*source).is_some();
        if is_sum(self.old.steps[index].opcode) && self.old.operands_of(index).iter().any(takes) {
            self.collect(index);
            self.sum(self.sums.kinds[index])
        } else {
            let operands = self.old.operands_of(index).iter().map(|&source| self.map.of(source));
            self.new.operands.extend(operands);
            self.new.finish(self.old.steps[index])
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
                let order = in_order(self.old, &self.sums.absorbed, step);
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
            let one = self.constants.source(F::one());
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
fn in_order<'d, F: Real>(
    draft: &'d Draft<F>,
    absorbed: &[bool],
    step: usize,
) -> (Source, &'d [Source]) {
    let operands = draft.operands_of(step);
    if draft.steps[step].opcode == Opcode::Add {
        let is_chain = |source: Source| {
            step_of(draft, source)
                .is_some_and(|step| absorbed[step] && is_sum(draft.steps[step].opcode))
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
    Any,
    /// Those of `*`.
    Products,
    /// Those of the chain rule.
    Chains,
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

/// What becomes of each step.
struct Sums {
    /// Whether its one user is a sum that can take its terms.
    absorbed: Vec<bool>,
    /// Of a sum, which products it has.
    kinds: Vec<Kind>,
    /// Of a sum, how many terms it has, with those that it takes.
    lengths: Vec<usize>,
}

impl Sums {
    fn of<F: Real>(draft: &Draft<F>, uses: &Uses) -> Self {
        let len = draft.steps.len();
        let (absorbed, kinds) = (vec![false; len], vec![Kind::Any; len]);
        let mut sums = Self { absorbed, kinds, lengths: vec![0; len] };
        for index in 0..len {
            sums.look_at(draft, uses, index);
        }
        sums
    }

    fn look_at<F: Real>(&mut self, draft: &Draft<F>, uses: &Uses, index: usize) {
        let once = |source: Source| {
            let step = step_of(draft, source)?;
            (uses.of_value(source.index()) == 1).then_some(step)
        };
        let (opcode, mut operands) = (draft.steps[index].opcode, draft.operands_of(index));
        let mut kind = match opcode {
            Opcode::Products | Opcode::MulAdd => Kind::Products,
            Opcode::Chains => Kind::Chains,
            _ => Kind::Any,
        };
        if opcode.is_products() {
            self.lengths[index] = operands.len() / 2;
        } else if is_sum(opcode) {
            let mut others = operands.len().saturating_sub(1);
            if opcode == Opcode::MulAdd {
                // The factors before it are not terms.
                (operands, others) = (&operands[2..], 1);
            }
            // The chain can go on at one end only: at the first operand or, of two that commute,
            // at the longer sum. So a running total goes on, whether what is added to it was
            // recorded before it or after.
            let ends = if opcode == Opcode::Add { 2 } else { 1 };
            let plain = operands.iter().take(ends).filter(|operand| !operand.is_negated());
            let ends = plain.filter_map(|&operand| once(operand));
            let of_end = |end: usize| Some((end, kind.with(self.kinds[end])?));
            let sums = ends.filter(|&end| is_sum(draft.steps[end].opcode)).filter_map(of_end);
            let is_longer = |one: usize, other: usize| self.lengths[one] > self.lengths[other];
            let chain = sums.reduce(|a, b| if is_longer(b.0, a.0) { b } else { a });
            let mut length = 1;
            if let Some((end, of_both)) = chain {
                self.absorbed[end] = true;
                (kind, length) = (of_both, self.lengths[end]);
            }
            self.lengths[index] = length + others;
            for step in operands.iter().filter_map(|operand| once(operand.plain())) {
                let of_both = Kind::of_product(draft, step).and_then(|other| kind.with(other));
                if let Some(of_both) = of_both {
                    self.absorbed[step] = true;
                    kind = of_both;
                }
            }
        }
        self.kinds[index] = kind;
    }
}
