//! The operations of random recordings, those that round in a replay as on a tape.

use crate::numbers::Number;
use arbitrary::Arbitrary;
use wengert::{OpKind, Tape, Var, select};

/// More make no program that differs in kind.
pub(crate) const MOST_STEPS: usize = 60;

/// One operation of a recording.
#[derive(Arbitrary, Clone, Debug)]
pub(crate) enum Step {
    /// An operation that rounds in a replay as on a tape.
    Apply(u8, [Pick; 4]),
    /// A branch: the path of the recording depends on it.
    Branch(Question, [Pick; 2]),
    Select(Question, [Pick; 4]),
    /// A sum of products, by operators.
    Chain([(Sign, Pick, Pick); 4]),
    /// As many operations side by side.
    Row(u8, u8, Pick),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Sign {
    Plus,
    Minus,
    /// The sum stands behind the product.
    Behind,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Question {
    Less,
    LessOrEqual,
    Equal,
    Greater,
    GreaterOrEqual,
    Differ,
}

/// A value so far, counted from the last one backwards, or a number.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Pick {
    Value(u8),
    Number(Number),
}

const KINDS: [OpKind; 26] = [
    OpKind::Neg,
    OpKind::Recip,
    OpKind::Sqrt,
    OpKind::Abs,
    OpKind::Signum,
    OpKind::Floor,
    OpKind::Fract,
    OpKind::Relu,
    OpKind::Add,
    OpKind::Sub,
    OpKind::Mul,
    OpKind::Div,
    OpKind::Rem,
    OpKind::Max,
    OpKind::Min,
    OpKind::Ceil,
    OpKind::LeakyRelu,
    OpKind::MulAdd,
    OpKind::Clamp,
    OpKind::Powi,
    OpKind::Sum,
    OpKind::Mean,
    OpKind::Dot,
    OpKind::SquaredNorm,
    OpKind::Horner,
    OpKind::LinearCombination,
];

/// Whether no number is so large or small that rounding can make an infinity or a zero of it.
pub(crate) fn is_moderate(tape: &Tape) -> bool {
    let view = tape.view();
    let values = view.ids().filter_map(|id| view.node(id)).map(|node| node.value().abs());
    let mut finite = values.filter(|value| value.is_finite() && *value > 0.0);
    finite.all(|value| (1e-20..1e20).contains(&value))
}

impl Step {
    pub(crate) fn record<'t>(&self, vars: &mut Vec<Var<'t>>, branches: &mut Vec<bool>) {
        match self {
            Self::Apply(kind, picks) => {
                let kind = KINDS[usize::from(*kind) % KINDS.len()];
                vars.extend(Var::try_apply(kind, &arguments(kind, picks, vars)));
            }
            Self::Branch(question, [x, y]) => {
                let (x, y) = (x.of(vars), y.of(vars));
                let answer = question.ask(x, y);
                branches.extend((!(x.is_constant() && y.is_constant())).then_some(answer));
                vars.push(if answer { x * y } else { x - y });
            }
            Self::Select(question, picks) => {
                let [x, y, a, b] = picks.map(|pick| pick.of(vars));
                vars.push(question.select([x, y, a, b]));
            }
            Self::Chain(terms) => vars.push(chain(terms, vars)),
            Self::Row(count, stride, pick) => row(*count, *stride, *pick, vars),
        }
    }
}

fn chain<'t>(terms: &[(Sign, Pick, Pick)], vars: &[Var<'t>]) -> Var<'t> {
    let products = terms.iter().map(|(sign, a, b)| (*sign, a.of(vars) * b.of(vars)));
    let sum = products.reduce(|(_, sum), (sign, product)| match sign {
        Sign::Plus => (sign, sum + product),
        Sign::Minus => (sign, sum - product),
        Sign::Behind => (sign, product + sum),
    });
    sum.expect("there are terms").1
}

/// The same operation on values at a distance from each other, and their sum.
fn row<'t>(count: u8, stride: u8, pick: Pick, vars: &mut Vec<Var<'t>>) {
    let (len, factor) = (vars.len(), pick.of(vars));
    let at = |i: usize| vars[i * usize::from(stride) % len];
    let row: Vec<_> = (0..usize::from(count % 20)).map(|i| at(i) * factor).collect();
    vars.push(Var::sum(&row));
    vars.extend(row);
}

/// As many arguments as an operation takes, and constants where it wants them.
fn arguments<'t>(kind: OpKind, picks: &[Pick; 4], vars: &[Var<'t>]) -> Vec<Var<'t>> {
    let free = |i: usize| picks[i].of(vars);
    let constant = |i: usize| Var::constant(picks[i].number());
    match kind {
        OpKind::Powi => vec![free(0), Var::constant((picks[1].number() % 5.0).trunc())],
        OpKind::Clamp => vec![free(0), constant(1), constant(2)],
        OpKind::MulAdd => vec![free(0), free(1), free(2)],
        OpKind::LinearCombination => vec![constant(0), constant(1), free(2), free(3)],
        kind if Var::try_apply(kind, &[Var::constant(1.0); 3]).is_ok() || kind == OpKind::Dot => {
            (0..4).map(free).collect()
        }
        kind if Var::try_apply(kind, &[Var::constant(1.0)]).is_ok() => vec![free(0)],
        _ => vec![free(0), free(1)],
    }
}

impl Pick {
    fn of<'t>(self, vars: &[Var<'t>]) -> Var<'t> {
        match self {
            Self::Value(back) => vars[vars.len() - 1 - usize::from(back) % vars.len()],
            Self::Number(number) => Var::constant(number.value()),
        }
    }

    fn number(self) -> f64 {
        match self {
            Self::Value(back) => f64::from(back) - 3.0,
            Self::Number(number) => number.value(),
        }
    }
}

impl Question {
    fn ask(self, x: Var<'_>, y: Var<'_>) -> bool {
        match self {
            Self::Less => x < y,
            Self::LessOrEqual => x <= y,
            Self::Equal => x == y,
            Self::Greater => x > y,
            Self::GreaterOrEqual => x >= y,
            Self::Differ => x != y,
        }
    }

    fn select<'t>(self, [x, y, a, b]: [Var<'t>; 4]) -> Var<'t> {
        let condition = match self {
            Self::Less => x.less(y),
            Self::LessOrEqual => x.less_or_equal(y),
            Self::Equal => x.equal(y),
            Self::Greater => x.greater(y),
            Self::GreaterOrEqual => x.greater_or_equal(y),
            Self::Differ => !x.equal(y),
        };
        select(condition, a, b)
    }
}
