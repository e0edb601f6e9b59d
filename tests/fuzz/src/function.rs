//! Random recordings, replayed: a function against the tape.

use crate::numbers::{Number, same};
use crate::sweeps::{self, Flow};
use arbitrary::{Arbitrary, Unstructured};
use wengert::{Function, OpKind, Optimise, Tape, Var, select};

/// A recording, and where it is evaluated.
#[derive(Arbitrary, Clone, Debug)]
struct Plan {
    at: [Number; INPUTS],
    points: [[Number; INPUTS]; 2],
    weights: [i8; OUTPUTS],
    switches: u8,
    steps: Vec<Step>,
}

/// One operation of a recording.
#[derive(Arbitrary, Clone, Debug)]
enum Step {
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
enum Sign {
    Plus,
    Minus,
    /// The sum stands behind the product.
    Behind,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Question {
    Less,
    LessOrEqual,
    Equal,
    Greater,
    GreaterOrEqual,
    Differ,
}

/// A value so far, counted from the last one backwards, or a number.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Pick {
    Value(u8),
    Number(Number),
}

const INPUTS: usize = 3;
const OUTPUTS: usize = 3;
const MOST_STEPS: usize = 60;

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

/// Records what `bytes` stand for, and evaluates it at other points.
///
/// # Panics
/// Where the function gives another value than the tape, or another gradient beyond rounding; or
/// where it misses that a branch flips, or sees one that does not.
pub fn function(bytes: &[u8]) {
    let Ok(mut plan) = Plan::arbitrary(&mut Unstructured::new(bytes)) else { return };
    plan.steps.truncate(MOST_STEPS);
    let at = plan.at.map(Number::value);
    let plain = plan.function(Optimise::none());
    let optimised = plan.function(plan.optimise());
    for x in [at, plan.points[0].map(Number::value), plan.points[1].map(Number::value)] {
        plan.check(&plain, &x, false);
        plan.check(&optimised, &x, true);
    }
}

impl Plan {
    fn optimise(&self) -> Optimise {
        let on = |bit: u8| self.switches >> bit & 1 == 0;
        let some = Optimise::all().constants(on(0)).identities(on(1)).subexpressions(on(2));
        some.dead(on(3)).fusion(on(4))
    }

    fn function(&self, optimise: Optimise) -> Function {
        let at = self.at.map(Number::value);
        let builder = Function::builder().optimise(optimise);
        builder.record_many(&at, |x| self.record(x, &mut Vec::new()))
    }

    /// Records the steps, notes how each branch comes out, and returns the last few values.
    fn record<'t>(&self, x: &[Var<'t>], branches: &mut Vec<bool>) -> Vec<Var<'t>> {
        let mut vars = x.to_vec();
        for step in &self.steps {
            step.record(&mut vars, branches);
        }
        vars.split_off(vars.len() - OUTPUTS)
    }

    /// Evaluates at a point by the function and by the tape.
    fn check(&self, f: &Function, x: &[f64; INPUTS], is_shared: bool) {
        let (mut then, mut now) = (Vec::new(), Vec::new());
        let (recorded, tape) = (Tape::new(), Tape::new());
        let _ = self.record(&recorded.vars(&self.at.map(Number::value)), &mut then);
        let outputs = self.record(&tape.vars(x), &mut now);
        let mut values = [0.0; OUTPUTS];
        let result = f.values(&mut f.workspace(), x, &mut values);
        if then != now {
            return assert!(result.is_err_and(|error| error.is_guard()), "{self:?} at {x:?}");
        }
        result.unwrap_or_else(|error| panic!("{error}, {self:?} at {x:?}"));
        let pairs = values.iter().zip(&outputs);
        let are_same = pairs.clone().all(|(&value, output)| same(value, output.value()));
        assert!(are_same, "{values:?} is not {outputs:?}, {self:?} at {x:?}");
        if is_moderate(&tape) {
            let wanted = self.wanted(&tape, &outputs);
            self.check_gradient(f, x, &wanted, is_shared);
        }
    }

    /// The pullback of the weights by the tape.
    fn wanted(&self, tape: &Tape, outputs: &[Var<'_>]) -> Vec<Flow> {
        let mut wanted = sweeps::zeros(tape);
        for (output, weight) in outputs.iter().zip(self.weights) {
            let is_lost = output.value().is_nan() && weight != 0;
            let weight = if is_lost { output.value() } else { f64::from(weight) };
            output.id().into_iter().for_each(|id| wanted[id.index()].seed(weight));
        }
        sweeps::reverse(&tape.view(), &mut wanted);
        wanted
    }

    fn check_gradient(&self, f: &Function, x: &[f64], wanted: &[Flow], is_shared: bool) {
        let weights = self.weights.map(f64::from);
        let mut product = [0.0; INPUTS];
        let mut workspace = f.workspace();
        f.vjp(&mut workspace, x, &weights, &mut product).expect("no branch flips");
        // Where the tape computes twice what the function computes once, infinities of either sign
        // can meet on the tape alone.
        let admits = |(&found, wanted): (&f64, &Flow)| {
            wanted.admits(found) || (is_shared && wanted.is_lost())
        };
        let is_it = product.iter().zip(wanted).all(admits);
        assert!(is_it, "{product:?}, not {:?}, {self:?} at {x:?}", &wanted[..INPUTS]);
        // What is lost in one evaluation is not found in the next.
        let mut again = [0.0; INPUTS];
        f.vjp(&mut workspace, x, &weights, &mut again).expect("no branch flips");
        assert!(product.iter().zip(&again).all(|(&a, &b)| same(a, b)), "{self:?} at {x:?}");
    }
}

/// Whether no number is so large or small that rounding can make an infinity or a zero of it.
fn is_moderate(tape: &Tape) -> bool {
    let view = tape.view();
    let values = view.ids().filter_map(|id| view.node(id)).map(|node| node.value().abs());
    let mut finite = values.filter(|value| value.is_finite() && *value > 0.0);
    finite.all(|value| (1e-20..1e20).contains(&value))
}

impl Step {
    fn record<'t>(&self, vars: &mut Vec<Var<'t>>, branches: &mut Vec<bool>) {
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
