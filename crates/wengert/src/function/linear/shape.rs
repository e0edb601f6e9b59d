//! What is kept of each operation at a point, and where it is zero everywhere.

use crate::function::opcode::Opcode;
use crate::function::program::{Header, Program};

/// How many numbers are kept of an instruction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) partials: usize,
    pub(super) curvatures: usize,
}

/// The partial derivatives of an operation's own two, each in both operands.
pub(super) const OF_PAIRS: usize = 4;
/// Those of an operation of three, each in all of them.
pub(super) const OF_TRIPLES: usize = 9;

impl Stored {
    /// What is kept of the instruction that begins with `words`. Of sums and products nothing:
    /// their partials are ones, and multiples of values that are at hand.
    #[inline(always)]
    pub(super) fn of(header: Header, words: &[u32]) -> Self {
        let count = header.count as usize;
        let (each, curved) = match header.opcode {
            Opcode::Add | Opcode::Sub | Opcode::Neg | Opcode::Sum => (0, 0),
            Opcode::Mul | Opcode::Square | Opcode::MulAdd | Opcode::Products => (0, 0),
            Opcode::Chain | Opcode::Chains => (0, 0),
            Opcode::Call | Opcode::Output => (0, 0),
            opcode => match opcode.arity() {
                Some(1) => (1, 1),
                Some(2) => (2, OF_PAIRS),
                Some(3) => (3, OF_TRIPLES),
                // The operands are counted in the word behind the length.
                _ => return Self { partials: words[1] as usize, curvatures: 0 },
            },
        };
        let curved = if is_piecewise_linear(header.opcode) { 0 } else { curved };
        Self { partials: each * count, curvatures: curved * count }
    }

    pub(super) fn of_all<F>(program: &Program<F>) -> Self {
        let (mut all, mut at) = (Self::default(), 0);
        for &header in &program.headers {
            let words = &program.words[at..];
            let stored = Self::of(header, words);
            all.partials += stored.partials;
            all.curvatures += stored.curvatures;
            at += header.words(words);
        }
        all
    }
}

/// Whether the second derivatives of an operation are zero wherever there are any.
#[inline(always)]
pub(in crate::function) const fn is_piecewise_linear(opcode: Opcode) -> bool {
    use Opcode as O;
    matches!(
        opcode,
        O::Neg | O::Abs | O::Signum | O::Floor | O::Ceil | O::Round | O::Trunc | O::Fract | O::Relu
    ) || matches!(opcode, O::Add | O::Sub | O::Rem | O::Max | O::Min | O::Copysign | O::Clamp)
        || matches!(opcode, O::SelectLess | O::SelectLessOrEqual | O::SelectEqual | O::Sum)
        || matches!(opcode, O::Output)
}
