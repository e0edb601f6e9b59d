//! Random loops: a step that is recorded once, against the tape of all its steps.

use crate::numbers::{Number, same};
use crate::steps::{MOST_STEPS, Step, is_moderate};
use crate::sweeps::{self, Flow};
use arbitrary::{Arbitrary, Unstructured};
use wengert::checkpointing::{Checkpointing, LoopGradient};
use wengert::scan::ScanStep;
use wengert::{Function, Optimise, Scan, Tape, Var};

/// A loop, and where it is evaluated: of a shared variable, two states, a variable and a datum of
/// each step's own.
#[derive(Arbitrary, Clone, Debug)]
struct Plan {
    at: [Number; INPUTS],
    fixed: [Number; FIXED],
    own: Vec<[Number; 2]>,
    weights: [i8; 3],
    /// How many bytes of states and values a sweep may keep.
    budget: u16,
    switches: u8,
    steps: Vec<Step>,
}

/// A shared variable and two states, before what a step has of its own.
const FIXED: usize = 3;
const INPUTS: usize = FIXED + 2;
const MOST_PASSES: usize = 24;

/// The inputs of all steps, and the weights of all outputs.
struct Point {
    passes: usize,
    variables: Vec<f64>,
    data: Vec<f64>,
    weights: Vec<f64>,
}

/// Records the loop that `bytes` stand for, and evaluates it by every way.
///
/// # Panics
/// Where values are not those of the tape to the last bit, a derivative is another than the tape's
/// beyond rounding, or memory or form of a loop changes a bit.
pub fn loops(bytes: &[u8]) {
    let Ok(mut plan) = Plan::arbitrary(&mut Unstructured::new(bytes)) else { return };
    // A branch that comes out differently is another loop.
    plan.steps.retain(|step| !matches!(step, Step::Branch(..)));
    plan.steps.truncate(MOST_STEPS / 3);
    plan.own.truncate(MOST_PASSES);
    let point = plan.point();
    let tape = Tape::new();
    let inputs = (tape.vars(&point.variables), tape.vars(&point.data));
    let outputs = plan.flat(&inputs.0, &inputs.1);
    let expected: Vec<f64> = outputs.iter().map(Var::value).collect();
    for optimise in [Optimise::none(), plan.optimise()] {
        plan.check(&plan.scan(optimise), &point, &expected, &tape, &outputs);
    }
    plan.check_calls(&point, &expected);
    plan.check_closures(&point);
}

fn assert_same(found: &[f64], expected: &[f64], plan: &Plan) {
    let are_same = found.iter().zip(expected).all(|(&a, &b)| same(a, b));
    assert!(are_same && found.len() == expected.len(), "{found:?} is not {expected:?}, {plan:?}");
}

impl Plan {
    fn optimise(&self) -> Optimise {
        let on = |bit: u8| self.switches >> bit & 1 == 0;
        Optimise::all().identities(on(0)).subexpressions(on(1)).dead(on(2)).fusion(on(3))
    }

    fn point(&self) -> Point {
        let passes = self.own.len();
        let own = self.own.iter().map(|[variable, _]| variable.value());
        let variables = self.fixed.iter().map(|number| number.value()).chain(own).collect();
        let data = self.own.iter().map(|[_, datum]| datum.value()).collect();
        let weights = (0..2 + passes).map(|i| f64::from(self.weights[i % 3])).collect();
        Point { passes, variables, data, weights }
    }

    /// One step, from all that it is computed from to the next state and an output.
    fn step<'t>(&self, inputs: [Var<'t>; INPUTS]) -> ([Var<'t>; 2], Var<'t>) {
        let mut vars = inputs.to_vec();
        for step in &self.steps {
            step.record(&mut vars, &mut Vec::new());
        }
        let [.., output, x, y] = vars[..] else { unreachable!("there are inputs") };
        ([x, y], output)
    }

    fn scan(&self, optimise: Optimise) -> Scan {
        let at = self.at.map(Number::value);
        let builder = Scan::builder().shared(&at[..1]).state(&at[1..FIXED]);
        let builder = builder.variables(&at[FIXED..FIXED + 1]).data(&at[FIXED + 1..]);
        builder.optimise(optimise).record(|step: ScanStep<'_, '_>| {
            let state = [step.state[0], step.state[1]];
            let inputs = [step.shared[0], state[0], state[1], step.variables[0], step.data[0]];
            let (state, output) = self.step(inputs);
            (state.to_vec(), vec![output])
        })
    }

    /// All steps, one behind the other: the last state, and all outputs.
    fn flat<'t>(&self, variables: &[Var<'t>], data: &[Var<'t>]) -> Vec<Var<'t>> {
        let (mut state, mut outputs) = ([variables[1], variables[2]], Vec::new());
        for (&own, &given) in variables[FIXED..].iter().zip(data) {
            let (next, output) = self.step([variables[0], state[0], state[1], own, given]);
            state = next;
            outputs.push(output);
        }
        [state.to_vec(), outputs].concat()
    }

    fn check(
        &self,
        scan: &Scan,
        point: &Point,
        expected: &[f64],
        tape: &Tape,
        outputs: &[Var<'_>],
    ) {
        let Point { passes, variables, data, weights } = point;
        let inputs = (&variables[..], &data[..]);
        let mut values = vec![0.0; expected.len()];
        let mut roomy = scan.workspace(*passes);
        scan.values(&mut roomy, *passes, inputs, &mut values).expect("no branch flips");
        assert_same(&values, expected, self);
        let mut product = vec![0.0; variables.len()];
        scan.vjp(&mut roomy, *passes, inputs, weights, &mut product).expect("no branch flips");
        if let Ok(mut tight) = scan.workspace_within(*passes, usize::from(self.budget)) {
            let mut again = vec![0.0; variables.len()];
            scan.vjp(&mut tight, *passes, inputs, weights, &mut again).expect("no branch flips");
            assert_same(&again, &product, self);
        }
        let loaded = Scan::from_bytes(&scan.to_bytes()).expect("what was kept can be loaded");
        let mut again = vec![0.0; variables.len()];
        let mut workspace = loaded.workspace(*passes);
        loaded.vjp(&mut workspace, *passes, inputs, weights, &mut again).expect("the same step");
        assert_same(&again, &product, self);
        if is_moderate(tape) {
            self.check_product(&product, &sweeps::pullback(tape, outputs, weights));
        }
    }

    fn check_product(&self, product: &[f64], wanted: &[Flow]) {
        // Where a step shares what the tape computes twice, infinities of either sign can meet on
        // the tape alone; and what is lost in one step is lost in the sums of all.
        let admits = |(&found, wanted): (&f64, &Flow)| wanted.admits(found) || wanted.is_lost();
        let is_it = product.iter().zip(wanted).all(admits);
        assert!(is_it, "{product:?}, not {:?}, {self:?}", &wanted[..product.len()]);
    }

    /// The loop called on a tape, and in a function.
    fn check_calls(&self, point: &Point, expected: &[f64]) {
        let Point { passes, variables, data, .. } = point;
        let scan = self.scan(Optimise::none());
        let call = |x: &[Var<'_>]| -> Vec<f64> {
            let (x, data) = x.split_at(variables.len());
            let outputs = scan.call(*passes, x, data).expect("no branch flips");
            outputs.iter().map(Var::value).collect()
        };
        let all = [&variables[..], &data[..]].concat();
        assert_same(&call(&Tape::new().vars(&all)), expected, self);
        for is_one in [false, true] {
            let called = Function::builder().optimise(self.optimise()).record_many(&all, |x| {
                let (x, data) = x.split_at(variables.len());
                let outputs = match is_one {
                    true => scan.call_as_one(*passes, x, data),
                    false => scan.inline(*passes, x, data),
                };
                outputs.expect("no branch flips")
            });
            let mut values = vec![0.0; expected.len()];
            called.values(&mut called.workspace(), &all, &mut values).expect("no branch flips");
            assert_same(&values, expected, self);
        }
    }

    /// The sum of the last state, whose steps are closures that are swept from checkpoints.
    fn by_closures(
        &self,
        point: &Point,
        mut checkpointing: Checkpointing,
    ) -> Result<LoopGradient, wengert::Error> {
        let (shared, state) = point.variables[..FIXED].split_at(1);
        checkpointing.gradient(
            point.passes,
            shared,
            state,
            |step| {
                let own = [&point.variables[FIXED..], &point.data[..]];
                let [own, given] = own.map(|own| Var::constant(own[step.index]));
                let (state, shared) = ([step.state[0], step.state[1]], step.shared[0]);
                self.step([shared, state[0], state[1], own, given]).0.to_vec()
            },
            |end| end.state[0] + end.state[1],
        )
    }

    /// With and without room for all, and in one recording.
    fn check_closures(&self, point: &Point) {
        let roomy = self.by_closures(point, Checkpointing::new()).expect("memory suffices");
        let budget = Checkpointing::within(usize::from(self.budget));
        if let Ok(tight) = self.by_closures(point, budget) {
            assert_same(&tight.shared, &roomy.shared, self);
            assert_same(&tight.state, &roomy.state, self);
        }
        let constants = |numbers: &[f64]| -> Vec<Var<'static>> {
            numbers.iter().map(|&number| Var::constant(number)).collect()
        };
        let outputs = self.flat(&constants(&point.variables), &constants(&point.data));
        assert!(same(roomy.value, outputs[0].value() + outputs[1].value()), "{self:?}");
    }
}
