//! The derivatives of operations as operations: what a recorded sweep is made of.
//!
//! Where the partial derivatives of a rule are sums and products of other operations, a sweep over
//! variables records those. Where a rule decides by the numbers, or computes with more digits than
//! they have, its partial derivative is recorded as one operation, [`Derivative`], which decides
//! anew at every evaluation. Its value comes from the same rule, over dual numbers for higher
//! orders, so that nothing is written twice.

use super::rules::*;
use super::{
    Beside, Binary, Derivatives, Form, Nary, OpKind, Operands, Ternary, Unary, polygamma,
    power_derivative, reductions,
};
use crate::scalar::{Dual, Evaluate, Real, Scalar};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::any::TypeId;
use std::sync::{LazyLock, OnceLock};

/// x·p of an adjoint x and a partial derivative p, with 0 · ∞ = 0 as the chain rule has it.
pub(crate) struct Chain;
impl Binary for Chain {
    const FORM: Form = Form::Inline;
    const IS_PLAIN: bool = true;
    #[inline(always)]
    fn value<F: Real>(x: F, p: F) -> F {
        // PERF: only a product that is lost has to be looked at.
        let product = x * p;
        if product.is_nan() { x.chain(p) } else { product }
    }
    /// p, and 0 where a zero adjoint stopped a NaN: it is that of a branch that does not count, and
    /// reverse it would come back by what decided so. A replay looks where it sweeps carefully.
    #[inline(always)]
    fn left<F: Scalar>(x: F, p: F, _: F) -> F {
        if !F::RECORDS && p.is_nan() && x.primal_is_zero() { F::zero() } else { p }
    }
    #[inline(always)]
    fn right<F: Scalar>(x: F, _: F, _: F) -> F {
        x
    }
}

/// Which derivative: of which function, and how often by each of its arguments.
///
/// It travels as a number, the first operand of the operation, so that a recording with
/// derivatives is saved, listed and read as any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Which {
    function: Function,
    orders: [u8; 3],
}

impl Which {
    /// The highest total order that is computed by dual numbers in dual numbers.
    pub(crate) const LIMIT: u32 = 4;

    /// The derivative of order one by the argument at `position`.
    const fn first(function: Function, position: usize) -> Self {
        let mut orders = [0; 3];
        orders[position] = 1;
        Self { function, orders }
    }

    /// 1, and NaN for a NaN: the seed of an output.
    pub(crate) const SEED: Self = Self { function: Function::Seed, orders: [0; 3] };
    /// x/y, and 0 where y is 0: a component by a length.
    pub(crate) const SHARE: Self = Self { function: Function::Share, orders: [0; 3] };
    /// x/(x + y), and 0 where that is 0/0: a weight among others, of which y is the sum.
    pub(crate) const PART: Self = Self { function: Function::Part, orders: [0; 3] };
    /// e^(x − m), of which m is a constant.
    pub(crate) const WEIGHT: Self = Self { function: Function::Weight, orders: [0; 3] };
    /// The derivative of order n + 1 of ln Γ.
    pub(crate) fn polygamma(n: u32) -> Self {
        Self { function: Function::Lgamma, orders: [order(n + 1), 0, 0] }
    }
    /// The derivative of xʸ, k times in x and j times in y.
    pub(crate) fn power(k: u32, j: u32) -> Self {
        Self::by_rules();
        Self { function: Function::Pow, orders: [order(k), order(j), 0] }
    }

    /// The derivative of order n of the same function of one variable.
    pub(crate) fn of_order(self, n: u32) -> Self {
        Self { orders: [order(n), 0, 0], ..self }
    }

    /// The function of one variable, and the order.
    pub(crate) fn of_one_variable(self) -> Option<(OpKind, usize)> {
        Some((self.function.of_one_variable()?, usize::from(self.orders[0])))
    }

    /// The number that stands for it.
    pub(crate) fn code(self) -> f64 {
        let [k, j, l] = self.orders.map(u32::from);
        f64::from((self.function as u32) << 12 | k << 8 | j << 4 | l)
    }

    /// What the number stands for; numbers that nobody recorded may be anything.
    pub(crate) fn from_code(code: f64) -> Option<Self> {
        let number = code as u32;
        if f64::from(number) != code {
            return None;
        }
        let function = *Function::ALL.get((number >> 12) as usize)?;
        let digit = |shift: u32| (number >> shift & 15) as u8;
        Some(Self { function, orders: [digit(8), digit(4), digit(0)] })
    }

    fn order(self) -> u32 {
        self.orders.iter().map(|&order| u32::from(order)).sum()
    }

    /// Its derivative by the argument at `position`; `None` where that is 0 everywhere.
    pub(crate) fn by(self, position: usize) -> Option<Self> {
        use Function as F;
        let mut orders = self.orders;
        orders[position] = order(u32::from(orders[position]) + 1);
        let next = Self { function: self.function, orders };
        let [k, j, _] = next.orders;
        let is_zero = match self.function {
            F::Seed | F::SelectLess | F::SelectLessOrEqual | F::SelectEqual => true,
            F::Abs | F::Relu | F::Max | F::Min | F::Clamp => next.order() > 1,
            F::Copysign => j > 0 || k > 1,
            F::LeakyRelu => k > 1 || j > 1,
            F::Xlogy | F::Xlog1py | F::Share => k > 1,
            F::Weight => position == 1,
            _ => false,
        };
        (!is_zero).then_some(next)
    }

    /// Whether the engine computes it.
    pub(crate) fn is_known(self) -> bool {
        match self.order() {
            0 => {
                use Function as F;
                matches!(self.function, F::Seed | F::Share | F::Part | F::Weight)
            }
            order => order <= Self::LIMIT || self.function.has_every_order(),
        }
    }

    /// The derivative at these arguments; NaN if it is none.
    pub(crate) fn at(self, xs: &[f64]) -> f64 {
        if !self.is_known() || xs.len() != self.function.arity() {
            return f64::NAN;
        }
        let [k, j, _] = self.orders.map(u32::from);
        match (self.function, xs) {
            (Function::Seed, &[x]) => {
                if x.is_nan() {
                    x
                } else {
                    1.0
                }
            }
            (Function::Share, &[x, y]) => share(k, j, x, y),
            (Function::Part, &[x, y]) => part(k, j, x, y),
            (Function::Weight, &[x, m]) => reductions::weight_at(x, m),
            (Function::SelectLess, &[x, y]) => taken(k, x < y),
            (Function::SelectLessOrEqual, &[x, y]) => taken(k, x <= y),
            (Function::SelectEqual, &[x, y]) => taken(k, x == y),
            (Function::Sinc, &[x]) => Sinc::derivative(k, x),
            (Function::Erfcx, &[x]) => Erfcx::derivative(k, x),
            (Function::LogNormalCdf, &[x]) => LogNormalCdf::derivative(k, x),
            (Function::Lgamma, &[x]) if k > 0 => polygamma(k - 1, x),
            (Function::Digamma, &[x]) if k > 1 => polygamma(k, x),
            (Function::Pow, &[x, y]) if self.order() > 1 => power_derivative(x, y, k, j),
            _ => match BY_RULES.get() {
                Some(derivative) => derivative(self.function, self.orders, xs),
                None => unreachable!("a derivative that nobody named"),
            },
        }
    }

    /// Has the engine find derivatives from the partial derivatives of rules from now on.
    pub(crate) fn by_rules() {
        BY_RULES.get_or_init(|| Function::derivative);
    }
}

/// What finds derivatives from the partial derivatives of rules, once there are any to be found.
///
/// It has every rule over numbers with as many as three tangents within each other, a fifth of a
/// program that evaluates functions. All interpreters know the operation; but it is recorded only by
/// who names a function, with [`partial_of`] or as an operation by name, or loads what somebody has
/// recorded. So these enter it here, and a linker leaves it out where nobody does.
static BY_RULES: OnceLock<ByRules> = OnceLock::new();

/// Finds a derivative of a function, so often by each argument, at these.
type ByRules = fn(Function, [u8; 3], &[f64]) -> f64;

/// An order, no further than its digit reaches.
fn order(n: u32) -> u8 {
    n.min(15) as u8
}

/// ∂ᵏ⁺ʲ/∂xᵏ∂yʲ of x/y, which is 0 with all its derivatives where y is 0.
fn share(k: u32, j: u32, x: f64, y: f64) -> f64 {
    if k > 1 || y == 0.0 {
        return 0.0;
    }
    if y.is_infinite() {
        // A length that only an infinite component can have.
        return if j == 0 && k == 0 && x.is_infinite() { x.signum() } else { 0.0 };
    }
    let start = if k == 0 { x / y } else { y.recip() };
    (1..=j).fold(start, |value, i| -value * f64::from(i) / y)
}

/// ∂ᵏ⁺ʲ/∂xᵏ∂yʲ of x/(x + y), which is 0 with all its derivatives where the sum is 0.
///
/// With n = k + j it is (−1)ⁿ⁻¹·(n − 1)!·(k·y − j·x)/(x + y)ⁿ⁺¹: by either argument alone nothing
/// cancels, however small the other is.
fn part(k: u32, j: u32, x: f64, y: f64) -> f64 {
    let total = x + y;
    match k + j {
        _ if total == 0.0 => 0.0,
        0 => x / total,
        n => {
            let start = (f64::from(k) * y - f64::from(j) * x) / total / total;
            (1..n).fold(start, |value, i| -value * f64::from(i) / total)
        }
    }
}

/// The derivative of a selection by the number that is taken where the comparison holds (k = 1), or
/// by the other.
fn taken(k: u32, holds: bool) -> f64 {
    f64::from(u8::from(holds == (k > 0)))
}

/// Declares the functions whose derivatives are operations, with their arity; the numbers of files
/// are their positions, so that a new one goes to the end.
macro_rules! functions {
    (
        unary { $($u:ident)* }
        binary { $($b:ident)* }
        ternary { $($t:ident)* }
        all { $($name:ident)* }
    ) => {
        /// A function of which derivatives are operations.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u32)]
        pub(crate) enum Function {
            $($name,)*
        }

        impl Function {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// How many arguments it has.
            pub(crate) const fn arity(self) -> usize {
                match self {
                    $(Self::$u)|* | Self::Seed => 1,
                    $(Self::$b)|* | Self::Share | Self::Part | Self::Weight => 2,
                    // A derivative of a selection depends on the numbers that are compared.
                    Self::SelectLess | Self::SelectLessOrEqual | Self::SelectEqual => 2,
                    $(Self::$t)|* => 3,
                }
            }

            /// The operation, if it is one of one variable.
            const fn of_one_variable(self) -> Option<OpKind> {
                match self {
                    $(Self::$u => Some(OpKind::$u),)*
                    _ => None,
                }
            }

            /// A derivative, from the partial derivatives of its rule.
            fn derivative(self, orders: [u8; 3], xs: &[f64]) -> f64 {
                let along = Directions::of(orders);
                match (self, xs) {
                    $((Self::$u, &[x]) => along.unary::<$u>(x),)*
                    $((Self::$b, &[x, y]) => along.binary::<$b>([x, y]),)*
                    $((Self::$t, &[x, y, z]) => along.ternary::<$t>([x, y, z]),)*
                    _ => f64::NAN,
                }
            }
        }

        /// The derivative of a rule by the argument at `position`.
        pub(crate) fn partial_of<R: 'static>(position: usize) -> Which {
            Which::by_rules();
            Which::first(function_of_type(TypeId::of::<R>()), position)
        }

        fn function_of_type(rule: TypeId) -> Function {
            static FUNCTIONS: LazyLock<FxHashMap<TypeId, Function>> = LazyLock::new(|| {
                FxHashMap::from_iter([
                    $((TypeId::of::<$u>(), Function::$u),)*
                    $((TypeId::of::<$b>(), Function::$b),)*
                    $((TypeId::of::<$t>(), Function::$t),)*
                    (TypeId::of::<SelectLess>(), Function::SelectLess),
                    (TypeId::of::<SelectLessOrEqual>(), Function::SelectLessOrEqual),
                    (TypeId::of::<SelectEqual>(), Function::SelectEqual),
                ])
            });
            let function = FUNCTIONS.get(&rule);
            *function.expect("the rule is in the table, or its derivatives are plain")
        }
    };
}

functions! {
    unary {
        Sqrt Cbrt Exp2 ExpM1 Ln Ln1p Log2 Log10 Asin Acos Atan Tanh Asinh Acosh Atanh Abs Relu
        Sigmoid Silu Gelu Erf Erfc Lgamma Digamma NormalPdf Log1mExp Sinc Erfcx ErfInv
        LogNormalCdf NormalQuantile
    }
    binary {
        Pow Hypot Log Atan2 Max Min Copysign LeakyRelu Xlogy Xlog1py LogAddExp LogDiffExp LogBeta
        GammaP GammaQ
    }
    ternary { Clamp BetaInc }
    all {
        Seed Share Weight SelectLess SelectLessOrEqual SelectEqual
        Sqrt Cbrt Exp2 ExpM1 Ln Ln1p Log2 Log10 Asin Acos Atan Tanh Asinh Acosh Atanh Abs Relu
        Sigmoid Silu Gelu Erf Erfc Lgamma Digamma NormalPdf Log1mExp Sinc Erfcx ErfInv
        LogNormalCdf NormalQuantile
        Pow Hypot Log Atan2 Max Min Copysign LeakyRelu Xlogy Xlog1py LogAddExp LogDiffExp LogBeta
        Clamp GammaP GammaQ BetaInc Part
    }
}

impl Function {
    /// Whether one formula has the derivatives of every order.
    const fn has_every_order(self) -> bool {
        use Function as F;
        matches!(
            self,
            F::Seed
                | F::Share
                | F::Part
                | F::Weight
                | F::Sinc
                | F::Erfcx
                | F::LogNormalCdf
                | F::Lgamma
                | F::Digamma
                | F::Pow
        )
    }
}

/// A partial derivative over numbers with as many tangents within each other as there are further
/// directions.
macro_rules! nest {
    ($self:ident, $xs:expr, $partial:expr) => {{
        let xs = $xs;
        match *$self.others {
            [] => $partial(xs),
            [a] => $partial(Directions::lift(xs, a)).tangent,
            [a, b] => $partial(Directions::lift(Directions::lift(xs, a), b)).tangent.tangent,
            [a, b, c] => {
                let xs = Directions::lift(Directions::lift(Directions::lift(xs, a), b), c);
                $partial(xs).tangent.tangent.tangent
            }
            _ => f64::NAN,
        }
    }};
}

/// By which arguments a function is differentiated: first by one, whose partial derivative a rule
/// has, then by the others, along which dual numbers carry tangents.
struct Directions {
    first: usize,
    others: SmallVec<[usize; Which::LIMIT as usize]>,
}

impl Directions {
    fn of(orders: [u8; 3]) -> Self {
        let mut all = (0..3).flat_map(|i| std::iter::repeat_n(i, usize::from(orders[i])));
        Self { first: all.next().unwrap_or(0), others: all.collect() }
    }

    /// The numbers with a tangent along the argument at `direction`.
    fn lift<F: Scalar, const N: usize>(xs: [F; N], direction: usize) -> [Dual<F>; N] {
        std::array::from_fn(|i| {
            if i == direction { Dual::variable(xs[i]) } else { Dual::constant(xs[i]) }
        })
    }

    /// The derivative along all directions, given the partial derivative along the first for the
    /// numbers of each depth.
    fn unary<R: Unary>(&self, x: f64) -> f64 {
        fn partial<R: Unary, F: Scalar>([x]: [F; 1]) -> F {
            R::partial(x, F::unary::<R>(x))
        }
        nest!(self, [x], partial::<R, _>)
    }

    fn binary<R: Binary>(&self, xs: [f64; 2]) -> f64 {
        fn left<R: Binary, F: Scalar>([x, y]: [F; 2]) -> F {
            R::left(x, y, F::binary::<R>(x, y))
        }
        fn right<R: Binary, F: Scalar>([x, y]: [F; 2]) -> F {
            R::right(x, y, F::binary::<R>(x, y))
        }
        if self.first == 0 { nest!(self, xs, left::<R, _>) } else { nest!(self, xs, right::<R, _>) }
    }

    fn ternary<R: Ternary>(&self, xs: [f64; 3]) -> f64 {
        let first = self.first;
        fn partial<R: Ternary, F: Scalar>(first: usize, [x, y, z]: [F; 3]) -> F {
            R::partials([0, 1, 2].map(|i| i == first), x, y, z)[first]
        }
        nest!(self, xs, |xs| partial::<R, _>(first, xs))
    }
}

/// A derivative of a function, which its first operand names: ∂ᵏ⁺ʲ… f/∂xᵏ∂yʲ… at the others.
pub(crate) struct Derivative;

impl Derivative {
    fn parts<F: Scalar>(xs: impl Operands<F>) -> (Option<Which>, SmallVec<[F; 3]>) {
        if xs.len() == 0 {
            return (None, SmallVec::new());
        }
        let which = Which::from_code(xs.at(0).primal());
        let arguments: SmallVec<[F; 3]> = xs.iter().skip(1).collect();
        (which.filter(|which| which.function.arity() == arguments.len()), arguments)
    }
}

impl Nary for Derivative {
    fn value<F: Scalar>(xs: impl Operands<F>, _: &[F]) -> F {
        let (which, arguments) = Self::parts(xs);
        which.map_or_else(F::nan, |which| F::derived(which, &arguments))
    }

    fn partials<F: Scalar>(xs: impl Operands<F>, _: Beside<'_, F>, mut emit: impl FnMut(usize, F)) {
        let (which, arguments) = Self::parts(xs);
        (0..xs.len()).for_each(|i| match (which, i.checked_sub(1)) {
            (Some(which), Some(position)) => {
                let next = which.by(position);
                emit(i, next.map_or_else(F::zero, |next| F::derived(next, &arguments)));
            }
            _ => emit(i, F::zero()),
        });
    }
}
