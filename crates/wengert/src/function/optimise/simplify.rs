//! One walk through the steps that folds constants, applies identities and finds what was
//! computed before.

use super::Optimise;
use super::eliminate::Renumbering;
use crate::function::constants::Constants;
use crate::function::draft::{Draft, Source, Step};
use crate::function::fold::fold;
use crate::function::opcode::Opcode;
use crate::function::report::Savings;
use crate::scalar::Real;
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use smallvec::SmallVec;
use std::hash::{Hash, Hasher};

/// The operands of a step that an identity makes.
#[derive(Clone, Copy)]
enum Few {
    One([Source; 1]),
    Two([Source; 2]),
}

impl std::ops::Deref for Few {
    type Target = [Source];
    fn deref(&self) -> &[Source] {
        match self {
            Self::One(operands) => operands,
            Self::Two(operands) => operands,
        }
    }
}

/// What a step turned out to be.
enum Outcome {
    /// The same as something that is there already.
    Is(Source),
    /// Another step, to be looked at again.
    Step(Step, Few),
    /// Nothing simpler.
    Stays,
}

/// The draft with the rules of `switches` applied, and the steps that each of them saved.
pub(super) fn simplify<F: Real>(draft: &Draft<F>, switches: Optimise) -> (Draft<F>, Savings) {
    let mut simplifier = Simplifier::new(draft, switches);
    let mut operands: SmallVec<[Source; 4]> = SmallVec::new();
    for (index, &step) in draft.steps.iter().enumerate() {
        operands.clear();
        for &source in draft.operands_of(index) {
            let source = simplifier.operand(source);
            operands.push(source);
        }
        let result = simplifier.step(step, &mut operands);
        simplifier.map.push(result);
    }
    simplifier.finish(draft)
}

struct Simplifier<F> {
    switches: Optimise,
    new: Draft<F>,
    constants: Constants<F>,
    /// Where each constant of the old draft is found.
    old_constants: Vec<Source>,
    map: Renumbering,
    seen: Seen,
    savings: Savings,
}

impl<F: Real> Simplifier<F> {
    fn new(draft: &Draft<F>, switches: Optimise) -> Self {
        let mut constants = Constants::new();
        Self {
            switches,
            new: Draft::like(draft),
            old_constants: draft.constants.iter().map(|&c| constants.source(c)).collect(),
            constants,
            map: Renumbering::of_inputs(draft),
            seen: Seen::with_room_for(draft.steps.len()),
            savings: Savings::default(),
        }
    }

    fn operand(&self, source: Source) -> Source {
        map_operand(&self.old_constants, &self.map, source)
    }

    /// Where the result of a step is found, in its simplest form.
    fn step(&mut self, mut step: Step, operands: &mut SmallVec<[Source; 4]>) -> Source {
        if self.switches.constants && operands.iter().all(|source| source.is_constant()) {
            self.savings.constants.count(operands.len());
            let number = fold(step, operands, &self.constants.list);
            return self.constants.source(number);
        }
        loop {
            match self.identity(step, operands) {
                Outcome::Stays => break,
                Outcome::Is(source) => {
                    self.savings.identities.count(operands.len());
                    return source;
                }
                Outcome::Step(other, sources) => {
                    self.savings.identities.shrink(operands.len(), sources.len());
                    step = other;
                    operands.clear();
                    operands.extend_from_slice(&sources);
                }
            }
        }
        if step.opcode.commutes() {
            operands.sort_unstable();
        }
        if !self.switches.subexpressions {
            return self.new.push(step, operands);
        }
        let (result, is_new) = self.seen.find_or_push(&mut self.new, step, operands);
        if !is_new {
            self.savings.subexpressions.count(operands.len());
        }
        result
    }

    /// The number of an operand that is a constant.
    fn number(&self, source: Source) -> Option<F> {
        source.is_constant().then(|| self.constants.list[source.index()])
    }

    /// The step that computes an operand, with its first operand.
    fn made_by(&self, source: Source) -> Option<(Opcode, Source)> {
        let step = source.as_value()?.checked_sub(self.new.inputs())?;
        Some((self.new.steps[step].opcode, *self.new.operands_of(step).first()?))
    }

    fn identity(&mut self, step: Step, operands: &[Source]) -> Outcome {
        let safe = if self.switches.identities {
            self.safe_identity(step, operands)
        } else {
            Outcome::Stays
        };
        match safe {
            Outcome::Stays if self.switches.finite => self.finite_identity(step, operands),
            outcome => outcome,
        }
    }

    /// Identities that hold for every number, to the last bit.
    fn safe_identity(&mut self, step: Step, operands: &[Source]) -> Outcome {
        let one = F::one();
        let is = |number: Option<F>, wanted: F| number.is_some_and(|n| n.bits() == wanted.bits());
        match (step.opcode, operands) {
            (Opcode::Neg, &[x]) => match self.made_by(x) {
                Some((Opcode::Neg, y)) => Outcome::Is(y),
                _ => Outcome::Stays,
            },
            (Opcode::Abs, &[x]) => match self.made_by(x) {
                Some((Opcode::Abs, _)) => Outcome::Is(x),
                _ => Outcome::Stays,
            },
            (Opcode::Mul, &[x, y]) if x == y => unary(Opcode::Square, x),
            (Opcode::Mul, &[x, y]) if is(self.number(x), one) => Outcome::Is(y),
            (Opcode::Mul | Opcode::Div, &[x, y]) if is(self.number(y), one) => Outcome::Is(x),
            (Opcode::Mul | Opcode::Div, &[x, y]) if is(self.number(y), -one) => {
                unary(Opcode::Neg, x)
            }
            (Opcode::Mul, &[x, y]) if is(self.number(x), -one) => unary(Opcode::Neg, y),
            (Opcode::Sub, &[x, y]) if is(self.number(y), F::zero()) => Outcome::Is(x),
            (Opcode::Add, &[x, y]) if is(self.number(y), -F::zero()) => Outcome::Is(x),
            (Opcode::Add, &[x, y]) if is(self.number(x), -F::zero()) => Outcome::Is(y),
            (Opcode::Div, &[x, y]) => self.quotient(x, y),
            (Opcode::Powi, &[x]) => match step.detail {
                1 => Outcome::Is(x),
                2 => unary(Opcode::Square, x),
                _ => Outcome::Stays,
            },
            (Opcode::Pow, &[x, y]) if is(self.number(y), one) => Outcome::Is(x),
            (Opcode::Pow, &[x, y]) if is(self.number(y), F::lit(2.0)) => unary(Opcode::Square, x),
            (Opcode::Sum, &[x]) if !x.is_negated() => Outcome::Is(x),
            (Opcode::Sum, &[x, y]) if !x.is_negated() && !y.is_negated() => {
                binary(Opcode::Add, x, y)
            }
            (Opcode::Products, &[x, y]) if !x.is_negated() => binary(Opcode::Mul, x, y),
            _ => Outcome::Stays,
        }
    }

    /// A quotient by a power of two is a product, which is faster and rounds the same.
    fn quotient(&mut self, x: Source, y: Source) -> Outcome {
        let inverse = self.number(y).map(|number| (number, number.recip()));
        match inverse {
            Some((number, inverse))
                if number.is_power_of_two() && inverse.is_normal() && number.is_normal() =>
            {
                let inverse = self.constants.source(inverse);
                binary(Opcode::Mul, x, inverse)
            }
            _ => Outcome::Stays,
        }
    }

    /// Identities that take every operand to be finite, and no sign of a zero to matter.
    fn finite_identity(&mut self, step: Step, operands: &[Source]) -> Outcome {
        let zero = |this: &Self, source| this.number(source).is_some_and(|n| n.is_zero());
        match (step.opcode, operands) {
            (Opcode::Add, &[x, y]) if zero(self, y) => Outcome::Is(x),
            (Opcode::Add, &[x, y]) if zero(self, x) => Outcome::Is(y),
            (Opcode::Sub, &[x, y]) if zero(self, y) => Outcome::Is(x),
            (Opcode::Sub, &[x, y]) if zero(self, x) => unary(Opcode::Neg, y),
            (Opcode::Sub, &[x, y]) if x == y => Outcome::Is(self.constants.source(F::zero())),
            (Opcode::Mul, &[x, y]) if zero(self, x) || zero(self, y) => {
                Outcome::Is(self.constants.source(F::zero()))
            }
            (Opcode::Div, &[x, _]) if zero(self, x) => Outcome::Is(x),
            _ => Outcome::Stays,
        }
    }

    fn finish(mut self, draft: &Draft<F>) -> (Draft<F>, Savings) {
        let (old_constants, map) = (&self.old_constants, &self.map);
        self.new.take_roots(draft, |source| map_operand(old_constants, map, source));
        self.new.constants = self.constants.list;
        (self.new, self.savings)
    }
}

/// Where an operand of the old draft is found in the new one.
fn map_operand(constants: &[Source], map: &Renumbering, source: Source) -> Source {
    if source.is_constant() {
        constants[source.index()].negated_if(source.is_negated())
    } else {
        map.of(source)
    }
}

fn unary(opcode: Opcode, x: Source) -> Outcome {
    Outcome::Step(Step { opcode, detail: 0 }, Few::One([x]))
}

fn binary(opcode: Opcode, x: Source, y: Source) -> Outcome {
    Outcome::Step(Step { opcode, detail: 0 }, Few::Two([x, y]))
}

/// Steps by what they compute.
///
/// Drafts of millions of steps are looked through only for recent duplicates, because a table of
/// them all would be a walk through memory at each step.
struct Seen {
    table: HashTable<u32>,
}

impl Seen {
    /// The most steps that are remembered; then remembering starts anew.
    const LIMIT: usize = 1 << 20;

    fn with_room_for(steps: usize) -> Self {
        Self { table: HashTable::with_capacity(steps.min(Self::LIMIT)) }
    }

    /// Where the step's result is found, and whether it was not there before.
    fn find_or_push<F: Real>(
        &mut self,
        draft: &mut Draft<F>,
        step: Step,
        operands: &[Source],
    ) -> (Source, bool) {
        let hash = hash(step, operands);
        let same = |&at: &u32| {
            draft.steps[at as usize] == step && draft.operands_of(at as usize) == operands
        };
        if let Some(&at) = self.table.find(hash, same) {
            return (Source::value(draft.inputs() + at as usize), false);
        }
        if self.table.len() >= Self::LIMIT {
            self.table.clear();
        }
        let at = draft.steps.len() as u32;
        let result = draft.push(step, operands);
        self.table.insert_unique(hash, at, |&at| hash_of(draft, at as usize));
        (result, true)
    }
}

fn hash_of<F: Real>(draft: &Draft<F>, step: usize) -> u64 {
    hash(draft.steps[step], draft.operands_of(step))
}

fn hash(step: Step, operands: &[Source]) -> u64 {
    let mut hasher = FxHasher::default();
    (step, operands).hash(&mut hasher);
    hasher.finish()
}
