//! Random recordings, replayed: a function against the tape.

use crate::numbers::{Number, same};
use crate::steps::{MOST_STEPS, Step, is_moderate};
use crate::sweeps::{self, Flow};
use arbitrary::{Arbitrary, Unstructured};
use wengert::{Function, Optimise, Tape, Var};

/// A recording, and where it is evaluated.
#[derive(Arbitrary, Clone, Debug)]
struct Plan {
    at: [Number; INPUTS],
    points: [[Number; INPUTS]; 2],
    weights: [i8; OUTPUTS],
    switches: u8,
    steps: Vec<Step>,
}

const INPUTS: usize = 3;
const OUTPUTS: usize = 3;

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
