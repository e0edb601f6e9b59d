//! Random recordings: operations on any of the values before them, so that results are shared,
//! unused, squared and added up in every way.

use proptest::prelude::*;
use std::fmt;
use wengert::{OpKind, Scalar, Var};

/// The number of inputs of every recording, and the most outputs.
pub(crate) const INPUTS: usize = 3;
pub(crate) const OUTPUTS: usize = 3;

/// An operand: a value so far, or a number.
#[derive(Clone, Copy, Debug)]
enum Pick {
    Value(usize),
    Number(f64),
}

/// One operation. Of its picks it takes as many as it has operands.
#[derive(Clone)]
pub(crate) struct Step {
    kind: OpKind,
    picks: Vec<Pick>,
}

/// On one line, also where a failure is written at length.
impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.kind, self.picks)
    }
}

/// Operations whose results a replay has to give to the last bit. Not `copysign`: floats leave it
/// open which sign a computed NaN has.
pub(crate) fn exact() -> Vec<OpKind> {
    use OpKind::*;
    vec![
        Neg,
        Recip,
        Sqrt,
        Abs,
        Signum,
        Floor,
        Ceil,
        Round,
        Trunc,
        Fract,
        Relu,
        Add,
        Sub,
        Mul,
        Div,
        Rem,
        Max,
        Min,
        LeakyRelu,
        MulAdd,
        Clamp,
        Powi,
        SelectLess,
        SelectLessOrEqual,
        SelectEqual,
        Sum,
        Product,
        Mean,
        Dot,
        LinearCombination,
        SquaredNorm,
        Horner,
        Polynomial,
        // Again, because a program is mostly these.
        Add,
        Sub,
        Mul,
        Add,
        Sub,
        Mul,
        Add,
        Mul,
    ]
}

/// Those of them whose derivatives a replay finds as the tape does even where numbers overflow:
/// a replay takes a product factor by factor.
pub(crate) fn exact_everywhere() -> Vec<OpKind> {
    exact().into_iter().filter(|&kind| kind != OpKind::Product).collect()
}

/// All operations but `copysign`.
pub(crate) fn all() -> Vec<OpKind> {
    let left_out = [OpKind::Input, OpKind::Constant, OpKind::Copysign];
    OpKind::ALL.iter().copied().filter(|kind| !left_out.contains(kind)).collect()
}

pub(crate) fn program(kinds: Vec<OpKind>) -> impl Strategy<Value = Vec<Step>> {
    let number = prop_oneof![-2.0..2.0_f64, special()];
    let pick = prop_oneof![
        8 => (0..8_usize).prop_map(Pick::Value),
        2 => (0..64_usize).prop_map(Pick::Value),
        2 => number.prop_map(Pick::Number),
    ];
    let step = (prop::sample::select(kinds), prop::collection::vec(pick, 6));
    prop::collection::vec(step.prop_map(|(kind, picks)| Step { kind, picks }), 1..24)
}

/// Numbers at which floats are special, and plain ones among them.
pub(crate) fn special() -> impl Strategy<Value = f64> {
    const NUMBERS: &[f64] = &[0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, 3.0, 1e-200, 5e-324, 1e200];
    const LOST: &[f64] = &[f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    prop_oneof![5 => prop::sample::select(NUMBERS), 1 => prop::sample::select(LOST)]
}

pub(crate) fn special_point() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(special(), INPUTS)
}

/// Records the steps that can be recorded, and returns the last few values.
pub(crate) fn record<'t, F: Scalar>(steps: &[Step], inputs: &[Var<'t, F>]) -> Vec<Var<'t, F>> {
    let mut vars = inputs.to_vec();
    for step in steps {
        vars.extend(Var::try_apply(step.kind, &step.arguments(&vars)));
    }
    vars.split_off(vars.len().saturating_sub(OUTPUTS))
}

fn number<'t, F: Scalar>(number: f64) -> Var<'t, F> {
    Var::constant(F::from(number).expect("every f64 can be cast"))
}

impl Step {
    /// The arguments, as many as the operation takes, and constants where it wants them.
    fn arguments<'t, F: Scalar>(&self, vars: &[Var<'t, F>]) -> Vec<Var<'t, F>> {
        let free = |pick: &Pick| match *pick {
            Pick::Value(back) => vars[vars.len() - 1 - back % vars.len()],
            Pick::Number(c) => number(c),
        };
        let constant = |pick: &Pick| match *pick {
            Pick::Value(n) => number(n as f64 - 2.0),
            Pick::Number(c) => number(c),
        };
        let picks = &self.picks;
        match self.kind {
            OpKind::Powi => vec![free(&picks[0]), number(exponent(picks[1]))],
            OpKind::Clamp => vec![free(&picks[0]), constant(&picks[1]), constant(&picks[2])],
            OpKind::MulAdd | OpKind::BetaInc => picks[..3].iter().map(free).collect(),
            OpKind::Polynomial => {
                let coefficients = picks[1..4].iter().map(constant);
                std::iter::once(free(&picks[0])).chain(coefficients).collect()
            }
            OpKind::LinearCombination => {
                picks[..3].iter().map(constant).chain(picks[3..6].iter().map(free)).collect()
            }
            kind if is_selection(kind) => picks[..4].iter().map(free).collect(),
            kind if takes(kind, 1) && !takes(kind, 2) => vec![free(&picks[0])],
            kind if takes(kind, 2) && !takes(kind, 4) => picks[..2].iter().map(free).collect(),
            _ => picks.iter().map(free).collect(),
        }
    }
}

fn exponent(pick: Pick) -> f64 {
    match pick {
        Pick::Value(n) => (n % 9) as f64 - 3.0,
        Pick::Number(_) => 2.0,
    }
}

fn is_selection(kind: OpKind) -> bool {
    matches!(kind, OpKind::SelectLess | OpKind::SelectLessOrEqual | OpKind::SelectEqual)
}

fn takes(kind: OpKind, count: usize) -> bool {
    Var::try_apply(kind, &vec![Var::<f64>::constant(1.0); count]).is_ok()
}
