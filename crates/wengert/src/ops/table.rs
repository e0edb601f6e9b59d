//! The table of operations, and what is generated from it: [`Op`], [`OpKind`] and [`dispatch`].

use super::{Calling, Operand, Pools, Slot, Span, Visitor, rules};
use crate::index::NodeIndex;
use crate::scalar::Scalar;
use rustc_hash::FxHashMap;
use std::any::TypeId;
use std::sync::LazyLock;

/// Calls the macro `$callback` with the table of all operations whose shape is regular.
///
/// - `unary`: the variant (also the name of its rule) and the name in listings;
/// - `binary`: the variants for variable∘variable, variable∘constant and constant∘variable,
///   and the name; the first variant is also the name of the rule;
/// - `nary`: the variant (also the name of its rule) and the name.
macro_rules! for_each_operation {
    ($callback:ident) => {
        $callback! {
            unary {
                Neg "neg", Recip "recip", Sqrt "sqrt", Cbrt "cbrt",
                Exp "exp", Exp2 "exp2", ExpM1 "exp_m1",
                Ln "ln", Ln1p "ln_1p", Log2 "log2", Log10 "log10",
                Sin "sin", Cos "cos", Tan "tan", Asin "asin", Acos "acos", Atan "atan",
                Sinh "sinh", Cosh "cosh", Tanh "tanh",
                Asinh "asinh", Acosh "acosh", Atanh "atanh",
                Abs "abs", Signum "signum", Floor "floor", Ceil "ceil", Round "round",
                Trunc "trunc", Fract "fract",
                Relu "relu", Sigmoid "sigmoid", Softplus "softplus", Silu "silu", Gelu "gelu",
                Erf "erf", Erfc "erfc", Lgamma "lgamma", Digamma "digamma",
                NormalPdf "normal_pdf", NormalCdf "normal_cdf",
                Log1mExp "log1mexp", LogSigmoid "log_sigmoid", LogCosh "log_cosh",
                Sinc "sinc", Erfcx "erfcx", ErfInv "erf_inv",
                LogNormalCdf "log_normal_cdf", NormalQuantile "normal_quantile",
            }
            binary {
                Add AddConst ConstAdd "add",
                Sub SubConst ConstSub "sub",
                Mul MulConst ConstMul "mul",
                Div DivConst ConstDiv "div",
                Rem RemConst ConstRem "rem",
                Pow PowConst ConstPow "pow",
                Hypot HypotConst ConstHypot "hypot",
                Log LogConst ConstLog "log",
                Atan2 Atan2Const ConstAtan2 "atan2",
                Max MaxConst ConstMax "max",
                Min MinConst ConstMin "min",
                Copysign CopysignConst ConstCopysign "copysign",
                LeakyRelu LeakyReluConst ConstLeakyRelu "leaky_relu",
                Xlogy XlogyConst ConstXlogy "xlogy",
                Xlog1py Xlog1pyConst ConstXlog1py "xlog1py",
                LogAddExp LogAddExpConst ConstLogAddExp "log_add_exp",
                LogDiffExp LogDiffExpConst ConstLogDiffExp "log_diff_exp",
                LogBeta LogBetaConst ConstLogBeta "log_beta",
                GammaP GammaPConst ConstGammaP "gamma_p",
                GammaQ GammaQConst ConstGammaQ "gamma_q",
            }
            nary {
                Sum "sum", Product "product", Mean "mean", Dot "dot",
                SquaredNorm "squared_norm", Norm "norm",
                Horner "horner",
                SelectLess "select_less", SelectLessOrEqual "select_less_or_equal",
                SelectEqual "select_equal",
            }
        }
    };
}
pub(crate) use for_each_operation;

macro_rules! generate {
    (
        unary { $($u:ident $u_name:literal,)* }
        binary { $($b:ident $b_const:ident $const_b:ident $b_name:literal,)* }
        nary { $($n:ident $n_name:literal,)* }
    ) => {
        /// What a node computes, with the nodes and constants it computes from.
        ///
        /// 16 bytes for `f64`, pinned by a test: the arena's traffic is what a sweep costs.
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum Op<F> {
            /// An independent variable.
            Input,
            /// A constant that needs a node, because an n-ary operation takes it as an operand.
            Constant,
            $($u(NodeIndex),)*
            Powi(NodeIndex, i32),
            $($b(NodeIndex, NodeIndex), $b_const(NodeIndex, F), $const_b(F, NodeIndex),)*
            /// x·y + z, rounded once.
            MulAdd(NodeIndex, NodeIndex, NodeIndex),
            /// x·c + z.
            MulConstAdd(NodeIndex, Slot, NodeIndex),
            /// x·y + c.
            MulAddConst(NodeIndex, NodeIndex, Slot),
            /// x·c + d, with d in the slot behind c's.
            MulConstAddConst(NodeIndex, Slot),
            /// x between the constants in the slot and behind it.
            Clamp(NodeIndex, Slot),
            /// I_x(a, b) of x, a and b.
            BetaInc(NodeIndex, NodeIndex, NodeIndex),
            /// I_x(a, b) with the constants a and b in the slot and behind it.
            BetaIncConst(NodeIndex, Slot),
            $($n(Span),)*
            /// Σ cᵢ·xᵢ: `len` operands and as many coefficients.
            LinearCombination { operands: u32, coefficients: u32, len: u32 },
            /// Σ cₖ·xᵏ with constant coefficients.
            Polynomial(NodeIndex, Span),
            /// ln Σ e^xᵢ: `len` operands, and as many weights and their scale in `saved`.
            LogSumExp { operands: u32, saved: u32, len: u32 },
            /// The same with nothing saved, for values that are not those of the recording.
            UnsavedLogSumExp(Span),
            /// x·p with 0 · ∞ = 0, the product of the chain rule.
            Chain(NodeIndex, NodeIndex),
            ChainConst(NodeIndex, F),
            ConstChain(F, NodeIndex),
            /// A derivative of an operation, which the first operand names.
            Derivative(Span),
            /// A part that was swept: `len` operands, and as many partial derivatives.
            Preaccumulated { operands: u32, partials: u32, len: u32 },
            /// The same with one operand, whose partial derivative stands beside it.
            PreaccumulatedUnary(NodeIndex, F),
            /// An output of a call of a user's operation.
            Call { call: u32, position: u32 },
        }

        /// The name of an operation, without its operands.
        ///
        /// # Example: the name stands in listings
        /// ```
        /// use wengert::{OpKind, Tape};
        /// let tape = Tape::new();
        /// let y = tape.var(2.0).sin();
        /// let kind = tape.view().node(y.id().unwrap()).unwrap().kind();
        /// assert_eq!(kind, OpKind::Sin);
        /// assert_eq!(kind.name(), "sin");
        /// assert_eq!(OpKind::from_name("sin"), Some(kind));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "each variant is documented at Var's method of its name")]
        pub enum OpKind {
            Input, Constant, $($u,)* Powi, $($b,)* MulAdd, Clamp, BetaInc, $($n,)*
            LinearCombination, Polynomial, LogSumExp, Chain, Derivative, Preaccumulated, Custom,
        }

        impl OpKind {
            /// Every kind that a program records by its name, in the order of the table. Those of
            /// [`OpKind::OF_DERIVATIVES`] stand apart, and so does `preaccumulated`, which stands for
            /// a part of a computation, and has no formula
            /// ([`Var::preaccumulate`](crate::Var::preaccumulate)).
            ///
            /// # Example
            /// ```
            /// use wengert::OpKind;
            /// assert!(OpKind::ALL.iter().all(|k| OpKind::from_name(k.name()) == Some(*k)));
            /// ```
            pub const ALL: &[Self] = &[
                Self::Input, Self::Constant, $(Self::$u,)* Self::Powi, $(Self::$b,)*
                Self::MulAdd, Self::Clamp, Self::BetaInc, $(Self::$n,)*
                Self::LinearCombination, Self::Polynomial, Self::LogSumExp,
            ];

            /// The kinds that only recorded derivatives have: `chain`, the product of an adjoint and
            /// a partial derivative, in which 0 · ∞ is 0; and `derivative`, that of an operation
            /// which its first operand names.
            ///
            /// # Example
            /// ```
            /// use wengert::OpKind;
            /// assert!(OpKind::OF_DERIVATIVES.iter().all(|kind| !OpKind::ALL.contains(kind)));
            /// assert_eq!(OpKind::from_name("chain"), Some(OpKind::Chain));
            /// ```
            pub const OF_DERIVATIVES: [Self; 2] = [Self::Chain, Self::Derivative];

            /// The name that stands in listings, and that [`OpKind::from_name`] reads.
            ///
            /// # Example
            /// ```
            /// assert_eq!(wengert::OpKind::LogSumExp.name(), "log_sum_exp");
            /// ```
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Input => "input", Self::Constant => "constant",
                    $(Self::$u => $u_name,)* Self::Powi => "powi",
                    $(Self::$b => $b_name,)* Self::MulAdd => "mul_add", Self::Clamp => "clamp",
                    Self::BetaInc => "beta_inc",
                    $(Self::$n => $n_name,)*
                    Self::LinearCombination => "linear_combination",
                    Self::Polynomial => "polynomial",
                    Self::LogSumExp => "log_sum_exp",
                    Self::Chain => "chain",
                    Self::Derivative => "derivative",
                    Self::Preaccumulated => "preaccumulated",
                    Self::Custom => "custom",
                }
            }
        }

        impl<F> Op<F> {
            /// The name of the operation.
            pub(crate) const fn kind(&self) -> OpKind {
                match self {
                    Self::Input => OpKind::Input, Self::Constant => OpKind::Constant,
                    $(Self::$u(..) => OpKind::$u,)* Self::Powi(..) => OpKind::Powi,
                    $(Self::$b(..) | Self::$b_const(..) | Self::$const_b(..) => OpKind::$b,)*
                    Self::MulAdd(..) | Self::MulConstAdd(..) | Self::MulAddConst(..)
                    | Self::MulConstAddConst(..) => OpKind::MulAdd,
                    Self::Clamp(..) => OpKind::Clamp,
                    Self::BetaInc(..) | Self::BetaIncConst(..) => OpKind::BetaInc,
                    $(Self::$n(..) => OpKind::$n,)*
                    Self::LinearCombination { .. } => OpKind::LinearCombination,
                    Self::Polynomial(..) => OpKind::Polynomial,
                    Self::LogSumExp { .. } | Self::UnsavedLogSumExp(_) => OpKind::LogSumExp,
                    Self::Chain(..) | Self::ChainConst(..) | Self::ConstChain(..) => OpKind::Chain,
                    Self::Derivative(_) => OpKind::Derivative,
                    Self::Preaccumulated { .. } | Self::PreaccumulatedUnary(..) =>
                        OpKind::Preaccumulated,
                    Self::Call { .. } => OpKind::Custom,
                }
            }

            /// The same operation over other numbers: constants go through `f`, operands stay,
            /// and what was saved of the old numbers is left behind.
            pub(crate) fn map<G>(self, f: impl Fn(F) -> G) -> Op<G> {
                match self {
                    Self::Input => Op::Input, Self::Constant => Op::Constant,
                    $(Self::$u(x) => Op::$u(x),)* Self::Powi(x, n) => Op::Powi(x, n),
                    $(
                        Self::$b(x, y) => Op::$b(x, y),
                        Self::$b_const(x, c) => Op::$b_const(x, f(c)),
                        Self::$const_b(c, y) => Op::$const_b(f(c), y),
                    )*
                    Self::MulAdd(x, y, z) => Op::MulAdd(x, y, z),
                    Self::MulConstAdd(x, c, z) => Op::MulConstAdd(x, c, z),
                    Self::MulAddConst(x, y, c) => Op::MulAddConst(x, y, c),
                    Self::MulConstAddConst(x, c) => Op::MulConstAddConst(x, c),
                    Self::Clamp(x, c) => Op::Clamp(x, c),
                    Self::BetaInc(x, a, b) => Op::BetaInc(x, a, b),
                    Self::BetaIncConst(x, c) => Op::BetaIncConst(x, c),
                    $(Self::$n(span) => Op::$n(span),)*
                    Self::LinearCombination { operands, coefficients, len } =>
                        Op::LinearCombination { operands, coefficients, len },
                    Self::Polynomial(x, span) => Op::Polynomial(x, span),
                    Self::LogSumExp { operands, len, .. } =>
                        Op::UnsavedLogSumExp(Span { start: operands, len }),
                    Self::UnsavedLogSumExp(span) => Op::UnsavedLogSumExp(span),
                    Self::Chain(x, y) => Op::Chain(x, y),
                    Self::ChainConst(x, c) => Op::ChainConst(x, f(c)),
                    Self::ConstChain(c, y) => Op::ConstChain(f(c), y),
                    Self::Derivative(span) => Op::Derivative(span),
                    Self::Preaccumulated { operands, partials, len } =>
                        Op::Preaccumulated { operands, partials, len },
                    Self::PreaccumulatedUnary(x, partial) =>
                        Op::PreaccumulatedUnary(x, f(partial)),
                    Self::Call { call, position } => Op::Call { call, position },
                }
            }
        }

        /// Shows `op` to `visitor` as a rule with operands: the one place where an operation is
        /// told from another.
        #[inline(always)]
        pub(crate) fn dispatch<F: Scalar, V: Visitor<F>>(
            op: &Op<F>,
            pools: Pools<'_, F>,
            visitor: &mut V,
        ) -> V::Output {
            use Operand::{Constant, Node};
            let slot = |Slot(i): Slot| Constant(pools.constants[i as usize]);
            let behind = |Slot(i): Slot| Constant(pools.constants[i as usize + 1]);
            match *op {
                Op::Input | Op::Constant => visitor.leaf(),
                $(Op::$u(x) => visitor.unary::<rules::$u>(x),)*
                Op::Powi(x, n) => visitor.powi(x, n),
                $(
                    Op::$b(x, y) => visitor.binary::<rules::$b>(Node(x), Node(y)),
                    Op::$b_const(x, c) => visitor.binary::<rules::$b>(Node(x), Constant(c)),
                    Op::$const_b(c, y) => visitor.binary::<rules::$b>(Constant(c), Node(y)),
                )*
                Op::MulAdd(x, y, z) =>
                    visitor.ternary::<rules::MulAdd>(Node(x), Node(y), Node(z)),
                Op::MulConstAdd(x, c, z) =>
                    visitor.ternary::<rules::MulAdd>(Node(x), slot(c), Node(z)),
                Op::MulAddConst(x, y, c) =>
                    visitor.ternary::<rules::MulAdd>(Node(x), Node(y), slot(c)),
                Op::MulConstAddConst(x, c) =>
                    visitor.ternary::<rules::MulAdd>(Node(x), slot(c), behind(c)),
                Op::Clamp(x, c) => visitor.ternary::<rules::Clamp>(Node(x), slot(c), behind(c)),
                Op::BetaInc(x, a, b) =>
                    visitor.ternary::<rules::BetaInc>(Node(x), Node(a), Node(b)),
                Op::BetaIncConst(x, c) =>
                    visitor.ternary::<rules::BetaInc>(Node(x), slot(c), behind(c)),
                $(Op::$n(span) => visitor.nary::<rules::$n>(span.of(pools.operands), &[]),)*
                Op::LinearCombination { operands, coefficients, len } => visitor
                    .nary::<rules::LinearCombination>(
                        Span { start: operands, len }.of(pools.operands),
                        Span { start: coefficients, len }.of(pools.constants),
                    ),
                Op::Polynomial(x, span) =>
                    visitor.nary::<rules::Polynomial>(&[x], span.of(pools.constants)),
                Op::LogSumExp { operands, saved, len } => visitor.nary::<rules::SavedLogSumExp>(
                    Span { start: operands, len }.of(pools.operands),
                    Span { start: saved, len: len + 1 }.of(pools.constants),
                ),
                Op::UnsavedLogSumExp(span) =>
                    visitor.nary::<rules::LogSumExp>(span.of(pools.operands), &[]),
                Op::Chain(x, y) => visitor.binary::<rules::Chain>(Node(x), Node(y)),
                Op::ChainConst(x, c) => visitor.binary::<rules::Chain>(Node(x), Constant(c)),
                Op::ConstChain(c, y) => visitor.binary::<rules::Chain>(Constant(c), Node(y)),
                Op::Derivative(span) =>
                    visitor.nary::<rules::Derivative>(span.of(pools.operands), &[]),
                Op::Preaccumulated { operands, partials, len } => visitor.preaccumulated(
                    Span { start: operands, len }.of(pools.operands),
                    Span { start: partials, len }.of(pools.constants),
                ),
                Op::PreaccumulatedUnary(x, partial) => visitor.preaccumulated(&[x], &[partial]),
                Op::Call { call, position } => {
                    visitor.call(Calling::of(call, pools), position as usize)
                }
            }
        }

        /// How a rule becomes an operation: the counterpart of [`dispatch`].
        pub(crate) mod encode {
            use super::*;
            use crate::ops::{Binary, Nary, Unary};

            pub(crate) trait UnaryOp: Unary {
                fn op<F>(x: NodeIndex) -> Op<F>;
            }
            pub(crate) trait BinaryOp: Binary {
                fn both<F>(x: NodeIndex, y: NodeIndex) -> Op<F>;
                fn constant_right<F>(x: NodeIndex, c: F) -> Op<F>;
                fn constant_left<F>(c: F, y: NodeIndex) -> Op<F>;
            }
            pub(crate) trait NaryOp: Nary {
                fn op<F>(operands: Span) -> Op<F>;
            }
            $(impl UnaryOp for rules::$u {
                #[inline(always)]
                fn op<F>(x: NodeIndex) -> Op<F> { Op::$u(x) }
            })*
            $(impl BinaryOp for rules::$b {
                #[inline(always)]
                fn both<F>(x: NodeIndex, y: NodeIndex) -> Op<F> { Op::$b(x, y) }
                #[inline(always)]
                fn constant_right<F>(x: NodeIndex, c: F) -> Op<F> { Op::$b_const(x, c) }
                #[inline(always)]
                fn constant_left<F>(c: F, y: NodeIndex) -> Op<F> { Op::$const_b(c, y) }
            })*
            $(impl NaryOp for rules::$n {
                #[inline(always)]
                fn op<F>(operands: Span) -> Op<F> { Op::$n(operands) }
            })*
            impl BinaryOp for rules::Chain {
                fn both<F>(x: NodeIndex, y: NodeIndex) -> Op<F> { Op::Chain(x, y) }
                fn constant_right<F>(x: NodeIndex, c: F) -> Op<F> { Op::ChainConst(x, c) }
                fn constant_left<F>(c: F, y: NodeIndex) -> Op<F> { Op::ConstChain(c, y) }
            }
            impl NaryOp for rules::Derivative {
                fn op<F>(operands: Span) -> Op<F> { Op::Derivative(operands) }
            }

            /// The kind of a rule, which numbers that record look up.
            ///
            /// A table that is made once: comparisons that each rule's own copy would resolve when
            /// it is compiled cost every build more than a look-up costs a recording.
            pub(crate) fn kind_of<R: 'static>() -> OpKind {
                kind_of_type(TypeId::of::<R>())
            }

            fn kind_of_type(rule: TypeId) -> OpKind {
                static KINDS: LazyLock<FxHashMap<TypeId, OpKind>> = LazyLock::new(|| {
                    FxHashMap::from_iter([
                        $((TypeId::of::<rules::$u>(), OpKind::$u),)*
                        $((TypeId::of::<rules::$b>(), OpKind::$b),)*
                        (TypeId::of::<rules::MulAdd>(), OpKind::MulAdd),
                        (TypeId::of::<rules::Clamp>(), OpKind::Clamp),
                        (TypeId::of::<rules::BetaInc>(), OpKind::BetaInc),
                        (TypeId::of::<rules::Chain>(), OpKind::Chain),
                    ])
                });
                *KINDS.get(&rule).expect("plain derivatives are made of operations of the table")
            }
        }
    };
}
for_each_operation!(generate);

impl<F> Op<F> {
    /// Whether there are no operands.
    #[inline(always)]
    pub(crate) const fn is_leaf(&self) -> bool {
        matches!(self, Self::Input | Self::Constant)
    }
}

impl OpKind {
    /// The kind with this name, if there is one.
    ///
    /// # Example
    /// ```
    /// use wengert::OpKind;
    /// assert_eq!(OpKind::from_name("mul"), Some(OpKind::Mul));
    /// assert_eq!(OpKind::from_name("multiply"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let apart = Self::OF_DERIVATIVES.into_iter().chain([Self::Preaccumulated]);
        Self::ALL.iter().copied().chain(apart).find(|kind| kind.name() == name)
    }
}

impl std::fmt::Display for OpKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}
