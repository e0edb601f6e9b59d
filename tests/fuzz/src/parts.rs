//! Random programs of calls, loops and parts: against the tape of all their operations.

use crate::numbers::{Number, same};
use crate::steps::{MOST_STEPS, Step, is_moderate};
use crate::sweeps::{self, Flow};
use arbitrary::{Arbitrary, Unstructured};
use wengert::{Batch, Function, Optimise, Scan, Tape, Var};

/// Three bodies of three numbers, and how they follow each other.
#[derive(Arbitrary, Clone, Debug)]
struct Plan {
    /// Where the bodies are recorded, and where all is evaluated.
    at: [Number; WIDTH],
    x: [Number; WIDTH],
    bodies: [Vec<Step>; 3],
    uses: Vec<Use>,
    weights: [i8; WIDTH],
    switches: u8,
}

/// How a body is used, which is told by its number.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Use {
    Plain(u8),
    /// As a call that is one operation, or that is its operations.
    Call(u8),
    Inline(u8),
    /// As a loop of so many steps.
    Loop(u8, u8),
    /// As a part with its partial derivatives.
    Part(u8),
    /// As a call of a function that calls it.
    Nested(u8),
}

const WIDTH: usize = 3;
const MOST_USES: usize = 8;
const MOST_PASSES: u8 = 4;

/// What is recorded beforehand of each body.
struct Bodies {
    functions: Vec<Function>,
    callers: Vec<Function>,
    loops: Vec<Scan>,
}

type State<'t> = [Var<'t>; WIDTH];

/// Records the program that `bytes` stand for with and without its parts, and evaluates both.
///
/// # Panics
/// Where values are not those of the tape to the last bit, a derivative is another than the tape's
/// beyond rounding, or a batch or a file changes a bit.
pub fn parts(bytes: &[u8]) {
    let Ok(mut plan) = Plan::arbitrary(&mut Unstructured::new(bytes)) else { return };
    for body in &mut plan.bodies {
        // A branch that comes out differently is another program.
        body.retain(|step| !matches!(step, Step::Branch(..)));
        body.truncate(MOST_STEPS / 4);
    }
    plan.uses.truncate(MOST_USES);
    plan.check();
}

impl Plan {
    /// One of the bodies.
    fn body<'t>(&self, number: u8, state: State<'t>) -> State<'t> {
        let mut vars = state.to_vec();
        for step in &self.bodies[usize::from(number) % 3] {
            step.record(&mut vars, &mut Vec::new());
        }
        *vars.last_chunk().expect("there are inputs")
    }

    /// All operations one behind the other.
    fn flat<'t>(&self, state: State<'t>) -> State<'t> {
        self.uses.iter().fold(state, |state, each| match *each {
            Use::Plain(n) | Use::Call(n) | Use::Inline(n) | Use::Part(n) | Use::Nested(n) => {
                self.body(n, state)
            }
            Use::Loop(n, passes) => {
                (0..passes % MOST_PASSES).fold(state, |state, _| self.body(n, state))
            }
        })
    }

    fn bodies(&self, optimise: Optimise) -> Bodies {
        let at = self.at.map(Number::value);
        let functions: Vec<Function> = (0..3)
            .map(|n| {
                let builder = Function::builder().optimise(optimise);
                builder.record_many(&at, |x| self.body(n, [x[0], x[1], x[2]]).to_vec())
            })
            .collect();
        let call = |f: &Function| {
            let builder = Function::builder().optimise(optimise);
            builder.record_many(&at, |x| f.call_as_one(x, &[]).expect("there is no branch"))
        };
        let callers = functions.iter().map(call).collect();
        let loops = (0..3).map(|n| {
            Scan::builder().optimise(optimise).state(&at).record(|step| {
                let state = [step.state[0], step.state[1], step.state[2]];
                (self.body(n, state).to_vec(), vec![])
            })
        });
        Bodies { loops: loops.collect(), functions, callers }
    }

    fn in_parts<'t>(&self, bodies: &Bodies, state: State<'t>) -> State<'t> {
        self.uses.iter().fold(state, |state, each| {
            let outputs = match *each {
                Use::Plain(n) => return self.body(n, state),
                Use::Part(n) => return Var::preaccumulate_array(state, |x| self.body(n, x)),
                Use::Call(n) => bodies.functions[usize::from(n) % 3].call_as_one(&state, &[]),
                Use::Inline(n) => bodies.functions[usize::from(n) % 3].inline(&state, &[]),
                Use::Nested(n) => bodies.callers[usize::from(n) % 3].call_as_one(&state, &[]),
                Use::Loop(n, passes) => {
                    let passes = usize::from(passes % MOST_PASSES);
                    bodies.loops[usize::from(n) % 3].call(passes, &state, &[])
                }
            };
            *outputs.expect("there is no branch").last_chunk().expect("as many as inputs")
        })
    }

    fn optimise(&self) -> Optimise {
        let on = |bit: u8| self.switches >> bit & 1 == 0;
        Optimise::all().identities(on(0)).subexpressions(on(1)).dead(on(2)).fusion(on(3))
    }

    fn check(&self) {
        let x = self.x.map(Number::value);
        let tape = Tape::new();
        let outputs = self.flat(tape.var_array(x));
        let expected = outputs.map(|output| output.value());
        let weights = self.weights.map(f64::from);
        let wanted = sweeps::pullback(&tape, &outputs, &weights);
        let is_moderate = is_moderate(&tape);
        for optimise in [Optimise::none(), self.optimise()] {
            let bodies = self.bodies(optimise);
            let f = Function::builder()
                .optimise(optimise)
                .record_many(&x, |x| self.in_parts(&bodies, [x[0], x[1], x[2]]).to_vec());
            let product = self.check_function(&f, &x, &expected, &weights);
            if is_moderate {
                self.check_product(&product, &wanted);
            }
            self.check_tape(&bodies, &x, &expected);
        }
    }

    /// The function's values, and its pullback of the weights, which are found in several ways.
    fn check_function(
        &self,
        f: &Function,
        x: &[f64],
        expected: &[f64],
        weights: &[f64],
    ) -> Vec<f64> {
        let (mut values, mut product) = ([0.0; WIDTH], vec![0.0; WIDTH]);
        let mut workspace = f.workspace();
        f.values(&mut workspace, x, &mut values).expect("there is no branch");
        self.assert_same(&values, expected);
        f.vjp(&mut workspace, x, weights, &mut product).expect("there is no branch");
        let loaded = Function::from_bytes(&f.to_bytes()).expect("what was saved can be loaded");
        let mut again = [0.0; WIDTH];
        loaded.vjp(&mut loaded.workspace(), x, weights, &mut again).expect("the same program");
        self.assert_same(&again, &product);

        const SAMPLES: usize = 9;
        let points = x.repeat(SAMPLES);
        let batch = Batch::new(SAMPLES).variables(&points);
        let mut rows = [0.0; SAMPLES * WIDTH];
        f.batch_values(&mut f.batch_workspace(), &batch, &mut rows).expect("there is no branch");
        rows.chunks(WIDTH).for_each(|row| self.assert_same(row, expected));
        product
    }

    /// The same on a tape: values alone, since what is lost in a part is lost otherwise than in
    /// its operations.
    fn check_tape(&self, bodies: &Bodies, x: &[f64; WIDTH], expected: &[f64]) {
        let tape = Tape::new();
        let outputs = self.in_parts(bodies, tape.var_array(*x));
        self.assert_same(&outputs.map(|output| output.value()), expected);
        let recorded = outputs.iter().filter(|output| !output.is_constant());
        recorded.for_each(|output| drop(output.gradients()));
    }

    fn check_product(&self, product: &[f64], wanted: &[Flow]) {
        // Infinities of either sign can meet on one side alone.
        let admits = |(&found, wanted): (&f64, &Flow)| wanted.admits(found) || wanted.is_lost();
        let is_it = product.iter().zip(wanted).all(admits);
        assert!(is_it, "{product:?}, not {:?}, {self:?}", &wanted[..product.len()]);
    }

    fn assert_same(&self, found: &[f64], expected: &[f64]) {
        let are_same = found.iter().zip(expected).all(|(&a, &b)| same(a, b));
        assert!(are_same, "{found:?} is not {expected:?}, {self:?}");
    }
}
