//! What an instruction of a program does, and how it is told from another.

use crate::ops::{Binary, Nary, OpKind, Ternary, Unary, for_each_operation, rules};

/// What is done with an instruction, told by the shape of its operation and the rule.
pub(super) trait Kernels {
    fn unary<R: Unary>(&mut self);
    /// xⁿ with an integer n beside the operand.
    fn powi(&mut self);
    fn binary<R: Binary>(&mut self);
    fn ternary<R: Ternary>(&mut self);
    fn nary<R: Nary>(&mut self);
    /// Σ ±xᵢ
    fn sum(&mut self);
    /// Σ ±aᵢ·bᵢ
    fn products(&mut self);
    /// The same with 0 · ∞ = 0, which has the same partial derivatives.
    fn chains(&mut self) {
        self.products();
    }
    fn log_sum_exp(&mut self);
}

/// What is done with a cheap operation by itself.
pub(super) trait Single {
    fn unary<R: Unary>(&mut self);
    fn binary<R: Binary>(&mut self);
    fn ternary<R: Ternary>(&mut self);
}

/// Shows the operation to `work` if it is a cheap one, and tells whether it is.
#[inline(always)]
pub(super) fn single<W: Single>(opcode: Opcode, work: &mut W) -> bool {
    match opcode {
        Opcode::Add => work.binary::<rules::Add>(),
        Opcode::Sub => work.binary::<rules::Sub>(),
        Opcode::Mul => work.binary::<rules::Mul>(),
        Opcode::Div => work.binary::<rules::Div>(),
        Opcode::Chain => work.binary::<rules::Chain>(),
        Opcode::Max => work.binary::<rules::Max>(),
        Opcode::Min => work.binary::<rules::Min>(),
        Opcode::Neg => work.unary::<rules::Neg>(),
        Opcode::Recip => work.unary::<rules::Recip>(),
        Opcode::Sqrt => work.unary::<rules::Sqrt>(),
        Opcode::Square => work.unary::<rules::Square>(),
        Opcode::Abs => work.unary::<rules::Abs>(),
        Opcode::Relu => work.unary::<rules::Relu>(),
        Opcode::MulAdd => work.ternary::<rules::MulAdd>(),
        _ => return false,
    }
    true
}

/// What is done with a short run of a cheap operation.
pub(super) trait Packed {
    fn binary<R: Binary>(&mut self);
    fn ternary<R: Ternary>(&mut self);
    /// Σ ±aᵢ·bᵢ
    fn products(&mut self);
}

/// Whether it is one of the cheapest operations, of which short runs are done by themselves.
#[inline(always)]
pub(super) const fn is_packed(opcode: Opcode) -> bool {
    use Opcode::{Add, Mul, MulAdd, Products, Sub};
    matches!(opcode, Add | Sub | Mul | MulAdd | Products)
}

/// Shows the operation of a run to `work` if it is one of the cheapest.
#[inline(always)]
pub(super) fn packed<W: Packed>(opcode: Opcode, work: &mut W) {
    match opcode {
        Opcode::Add => work.binary::<rules::Add>(),
        Opcode::Sub => work.binary::<rules::Sub>(),
        Opcode::Mul => work.binary::<rules::Mul>(),
        Opcode::MulAdd => work.ternary::<rules::MulAdd>(),
        Opcode::Products => work.products(),
        _ => {}
    }
}

macro_rules! generate {
    (
        unary { $($u:ident $u_name:literal,)* }
        binary { $($b:ident $b_const:ident $const_b:ident $b_name:literal,)* }
        nary { $($n:ident $n_name:literal,)* }
    ) => {
        /// The operation of an instruction: those of a tape, and those that fusion makes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub(crate) enum Opcode {
            $($u,)* Square, Powi, $($b,)* MulAdd, Clamp, BetaInc, $($n,)* LogSumExp,
            Products, Chains, Chain, Derivative,
            /// Of an operation of a user's: no result, but the results of the outputs behind it.
            Call,
            /// An output of a call, which is its operand.
            Output,
        }

        impl Opcode {
            /// Every operation, in the order of their codes.
            pub(crate) const ALL: &'static [Self] = &[
                $(Self::$u,)* Self::Square, Self::Powi, $(Self::$b,)* Self::MulAdd, Self::Clamp,
                Self::BetaInc, $(Self::$n,)* Self::LogSumExp, Self::Products, Self::Chains,
                Self::Chain, Self::Derivative, Self::Call, Self::Output,
            ];

            /// The name that stands in listings and saved files.
            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(Self::$u => $u_name,)* Self::Square => "square", Self::Powi => "powi",
                    $(Self::$b => $b_name,)* Self::MulAdd => "mul_add", Self::Clamp => "clamp",
                    Self::BetaInc => "beta_inc",
                    $(Self::$n => $n_name,)* Self::LogSumExp => "log_sum_exp",
                    Self::Products => "products", Self::Chains => "chains",
                    Self::Chain => "chain",
                    Self::Derivative => "derivative",
                    Self::Call => "call", Self::Output => "output",
                }
            }

            /// How many operands the operation takes, or `None` where any number will do.
            pub(crate) const fn arity(self) -> Option<usize> {
                match self {
                    $(Self::$u)|* | Self::Square | Self::Powi => Some(1),
                    $(Self::$b)|* | Self::Chain => Some(2),
                    Self::MulAdd | Self::Clamp | Self::BetaInc => Some(3),
                    Self::SelectLess | Self::SelectLessOrEqual | Self::SelectEqual => Some(4),
                    _ => None,
                }
            }

            /// The instruction for a node of a tape, or `None` where it takes more than one.
            pub(super) const fn of(kind: OpKind) -> Option<Self> {
                match kind {
                    $(OpKind::$u => Some(Self::$u),)* OpKind::Powi => Some(Self::Powi),
                    $(OpKind::$b => Some(Self::$b),)* OpKind::MulAdd => Some(Self::MulAdd),
                    OpKind::Clamp => Some(Self::Clamp),
                    OpKind::BetaInc => Some(Self::BetaInc),
                    $(OpKind::$n => Some(Self::$n),)*
                    OpKind::LogSumExp => Some(Self::LogSumExp),
                    OpKind::Chain => Some(Self::Chain),
                    OpKind::Derivative => Some(Self::Derivative),
                    _ => None,
                }
            }
        }

        /// Shows the operation to `kernels` as a rule.
        #[inline(always)]
        pub(super) fn dispatch<K: Kernels>(opcode: Opcode, kernels: &mut K) {
            match opcode {
                Opcode::Sum => kernels.sum(),
                Opcode::Products => kernels.products(),
                Opcode::Chains => kernels.chains(),
                Opcode::LogSumExp => kernels.log_sum_exp(),
                Opcode::Powi => kernels.powi(),
                Opcode::Square => kernels.unary::<rules::Square>(),
                Opcode::MulAdd => kernels.ternary::<rules::MulAdd>(),
                Opcode::Clamp => kernels.ternary::<rules::Clamp>(),
                Opcode::Chain => kernels.binary::<rules::Chain>(),
                Opcode::Derivative => kernels.nary::<rules::Derivative>(),
                Opcode::BetaInc => kernels.ternary::<rules::BetaInc>(),
                // Who has something to do with them looks for them first.
                Opcode::Call | Opcode::Output => {}
                $(Opcode::$u => kernels.unary::<rules::$u>(),)*
                $(Opcode::$b => kernels.binary::<rules::$b>(),)*
                #[allow(unreachable_patterns, reason = "sums have a kernel of their own")]
                $(Opcode::$n => kernels.nary::<rules::$n>(),)*
            }
        }
    };
}
for_each_operation!(generate);

impl Opcode {
    /// The columns of an instruction that has nothing else, but for the exponent of a power; 0
    /// of those that tell their length themselves.
    #[inline(always)]
    pub(super) const fn columns(self) -> usize {
        const COLUMNS: [u8; Opcode::ALL.len()] = {
            let mut columns = [0; Opcode::ALL.len()];
            let mut code = 0;
            while code < columns.len() {
                if let Some(arity @ 1..=3) = Opcode::ALL[code].arity() {
                    columns[code] = arity as u8;
                }
                code += 1;
            }
            columns
        };
        COLUMNS[self as usize] as usize
    }

    /// Whether it is a sum of products.
    #[inline(always)]
    pub(super) const fn is_products(self) -> bool {
        matches!(self, Self::Products | Self::Chains)
    }

    /// The operation that multiplies without looking for 0 · ∞, where this one looks: its results
    /// are the same unless they are NaN, and its partial derivatives are the same.
    #[inline(always)]
    pub(super) const fn without_look(self) -> Self {
        match self {
            Self::Chain => Self::Mul,
            Self::Chains => Self::Products,
            other => other,
        }
    }

    /// Whether it is a call of a user's operation, or an output of one.
    #[inline(always)]
    pub(super) const fn is_of_call(self) -> bool {
        self as u8 >= Self::Call as u8
    }

    /// The words of an instruction of one operation; 0 of those that tell their length themselves.
    #[inline(always)]
    pub(super) const fn words_of_one(self) -> usize {
        const WORDS: [u8; Opcode::ALL.len()] = {
            let mut words = [0; Opcode::ALL.len()];
            let mut code = 0;
            while code < words.len() {
                words[code] = Opcode::ALL[code].columns() as u8;
                code += 1;
            }
            // Its exponent stands beside the operand.
            words[Opcode::Powi as usize] = 2;
            words
        };
        WORDS[self as usize] as usize
    }

    /// Whether exchanging its two operands changes nothing, to the last bit.
    pub(super) const fn commutes(self) -> bool {
        matches!(self, Self::Add | Self::Mul)
    }
}

#[cfg(test)]
mod tests {
    use super::Opcode;

    #[test]
    fn codes_are_positions_and_names_differ() {
        for (code, &opcode) in Opcode::ALL.iter().enumerate() {
            assert_eq!(opcode as usize, code);
            let same = Opcode::ALL.iter().filter(|other| other.name() == opcode.name());
            assert_eq!(same.count(), 1, "{}", opcode.name());
        }
    }
}
