//! Steps that are the same as something simpler.

use crate::function::draft::constants::Constants;
use crate::function::draft::{Draft, Source, Step};
use crate::function::opcode::Opcode;
use crate::scalar::{Concrete, Evaluate, Real};

/// The operands of a step that an identity makes.
#[derive(Clone, Copy)]
pub(super) enum Few {
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
pub(super) enum Outcome {
    /// The same as something that is there already.
    Is(Source),
    /// Another step, to be looked at again.
    Step(Step, Few),
    /// Nothing simpler.
    Stays,
}

/// What is known of operands: the steps that were kept so far, and the constants.
pub(super) struct Known<'a, F> {
    pub(super) draft: &'a Draft<F>,
    pub(super) constants: &'a mut Constants<F>,
}

impl<F: Real> Known<'_, F> {
    /// The number of an operand that is a constant.
    #[inline]
    fn number(&self, source: Source) -> Option<F> {
        source.is_constant().then(|| self.constants.list[source.index()])
    }

    /// Whether an operand is this number, to the last bit.
    #[inline]
    fn is(&self, source: Source, wanted: F) -> bool {
        self.number(source).is_some_and(|number| number.bits() == wanted.bits())
    }

    fn is_zero(&self, source: Source) -> bool {
        self.number(source).is_some_and(|number| number.is_zero())
    }

    /// The operand of the step that computes `x`, if that is an `opcode`.
    fn inside(&self, opcode: Opcode, x: Source) -> Option<Source> {
        let step = x.as_value()?.checked_sub(self.draft.inputs())?;
        let is_made_so = self.draft.steps[step].opcode == opcode;
        is_made_so.then(|| self.draft.operands_of(step)[0])
    }

    /// Identities that hold for every number, to the last bit.
    #[inline(always)]
    pub(super) fn safe(&mut self, step: Step, operands: &[Source]) -> Outcome {
        match (step.opcode, operands) {
            (Opcode::Mul, &[x, y]) if x == y => unary(Opcode::Square, x),
            // Exact, and a sum takes it as one term.
            (Opcode::Add, &[x, y]) if x == y => {
                let two = self.constants.source(F::lit(2.0));
                binary(Opcode::Mul, x, two)
            }
            (Opcode::Add | Opcode::Sub, &[x, y]) if self.has_negated(x, y) => {
                self.without_negation(step.opcode, x, y)
            }
            (opcode, &[x, y]) if x.is_constant() || y.is_constant() => self.with(opcode, x, y),
            (Opcode::Neg, &[x]) => self.inside(Opcode::Neg, x).map_or(Outcome::Stays, Outcome::Is),
            (Opcode::Abs, &[x]) if self.inside(Opcode::Abs, x).is_some() => Outcome::Is(x),
            (Opcode::Powi, &[x]) => match step.detail {
                1 => Outcome::Is(x),
                2 => unary(Opcode::Square, x),
                _ => Outcome::Stays,
            },
            (Opcode::Sum | Opcode::Products | Opcode::Chains, &[..]) if operands.len() <= 2 => {
                few(step, operands)
            }
            _ => Outcome::Stays,
        }
    }

    fn has_negated(&self, x: Source, y: Source) -> bool {
        [x, y].into_iter().any(|operand| self.inside(Opcode::Neg, operand).is_some())
    }

    /// x + (−y) and (−x) + y are differences, x − (−y) is a sum; (−x) − y has no simpler form.
    fn without_negation(&self, opcode: Opcode, x: Source, y: Source) -> Outcome {
        match (opcode, self.inside(Opcode::Neg, x), self.inside(Opcode::Neg, y)) {
            (Opcode::Add, _, Some(y)) => binary(Opcode::Sub, x, y),
            (Opcode::Add, Some(x), None) => binary(Opcode::Sub, y, x),
            (Opcode::Sub, _, Some(y)) => binary(Opcode::Add, x, y),
            _ => Outcome::Stays,
        }
    }

    /// Identities of two operands one of which is a constant.
    fn with(&mut self, opcode: Opcode, x: Source, y: Source) -> Outcome {
        let one = F::one();
        match opcode {
            Opcode::Mul if self.is(x, one) => Outcome::Is(y),
            Opcode::Mul | Opcode::Div if self.is(y, one) => Outcome::Is(x),
            Opcode::Mul | Opcode::Div if self.is(y, -one) => unary(Opcode::Neg, x),
            Opcode::Mul if self.is(x, -one) => unary(Opcode::Neg, y),
            Opcode::Div => self.quotient(x, y),
            Opcode::Sub if self.is(y, F::zero()) => Outcome::Is(x),
            Opcode::Add if self.is(y, -F::zero()) => Outcome::Is(x),
            Opcode::Add if self.is(x, -F::zero()) => Outcome::Is(y),
            Opcode::Pow if self.is(y, one) => Outcome::Is(x),
            Opcode::Pow if self.is(y, F::lit(2.0)) => unary(Opcode::Square, x),
            Opcode::Sum | Opcode::Products | Opcode::Chains => {
                few(Step { opcode, detail: 0 }, &[x, y])
            }
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
    pub(super) fn finite(&mut self, step: Step, operands: &[Source]) -> Outcome {
        match (step.opcode, operands) {
            (Opcode::Add, &[x, y]) if self.is_zero(y) => Outcome::Is(x),
            (Opcode::Add, &[x, y]) if self.is_zero(x) => Outcome::Is(y),
            (Opcode::Sub, &[x, y]) if self.is_zero(y) => Outcome::Is(x),
            (Opcode::Sub, &[x, y]) if self.is_zero(x) => unary(Opcode::Neg, y),
            (Opcode::Sub, &[x, y]) if x == y => Outcome::Is(self.constants.source(F::zero())),
            (Opcode::Mul, &[x, y]) if self.is_zero(x) || self.is_zero(y) => {
                Outcome::Is(self.constants.source(F::zero()))
            }
            (Opcode::Div, &[x, _]) if self.is_zero(x) => Outcome::Is(x),
            _ => Outcome::Stays,
        }
    }
}

/// A sum of one or two terms, or of one product.
fn few(step: Step, operands: &[Source]) -> Outcome {
    match (step.opcode, operands) {
        (Opcode::Sum, &[x]) if !x.is_negated() => Outcome::Is(x),
        (Opcode::Sum, &[x, y]) if !x.is_negated() && !y.is_negated() => binary(Opcode::Add, x, y),
        (Opcode::Products, &[x, y]) if !x.is_negated() => binary(Opcode::Mul, x, y.plain()),
        (Opcode::Chains, &[x, y]) if !x.is_negated() => binary(Opcode::Chain, x, y),
        _ => Outcome::Stays,
    }
}

fn unary(opcode: Opcode, x: Source) -> Outcome {
    Outcome::Step(Step { opcode, detail: 0 }, Few::One([x]))
}

fn binary(opcode: Opcode, x: Source, y: Source) -> Outcome {
    Outcome::Step(Step { opcode, detail: 0 }, Few::Two([x, y]))
}
