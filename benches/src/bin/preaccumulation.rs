//! Parts as single nodes against their operations one by one:
//! `cargo run --release -p benches --bin preaccumulation`.
//!
//! Prints a row for each computation: the time of recording and sweeping it operation by operation
//! and with parts, minima of rounds that take turns, and the bytes of both recordings. With the
//! name of a way as an argument only that way runs, three times, for a tool that counts
//! instructions.

use std::hint::black_box;
use std::time::Instant;
use wengert::{Function, Gradients, Tape, Var, statement};
use wengert_problems::Problem;
use wengert_problems::gradbench::{
    BundleAdjustment, Lse, OBSERVATION, about, of_weight, picture, rotate,
};

const ROUNDS: usize = 25;

/// Records and sweeps on the tape.
type Run<'w> = Box<dyn FnMut(&mut Tape, &mut Gradients) + 'w>;

/// One way to do it.
struct Way<'w> {
    name: &'static str,
    run: Run<'w>,
}

impl<'w> Way<'w> {
    fn new(name: &'static str, run: impl FnMut(&mut Tape, &mut Gradients) + 'w) -> Self {
        Self { name, run: Box::new(run) }
    }
}

/// The least time of each way, by turns, and the bytes that it leaves on the tape.
fn measure(what: &str, pieces: usize, mut ways: [Way<'_>; 2]) {
    let (mut tape, mut gradients) = (Tape::new(), Gradients::new());
    if let Some(only) = std::env::args().nth(1) {
        for way in ways.iter_mut().filter(|way| way.name == only) {
            (0..3).for_each(|_| (way.run)(&mut tape, &mut gradients));
        }
        return;
    }
    let (mut least, mut bytes) = ([f64::INFINITY; 2], [0; 2]);
    for _ in 0..ROUNDS {
        for (i, way) in ways.iter_mut().enumerate() {
            let start = Instant::now();
            (way.run)(&mut tape, &mut gradients);
            least[i] = least[i].min(start.elapsed().as_secs_f64());
            bytes[i] = tape.stats().bytes_used;
        }
    }
    let each = |seconds: f64| 1e9 * seconds / pieces as f64;
    let [one_by_one, parts] = least.map(each);
    let share = bytes[1] as f64 / bytes[0] as f64;
    println!(
        "| {what} | {one_by_one:.1} ns | {parts:.1} ns | {:.2} × | {share:.2} × |",
        parts / one_by_one
    );
}

/// a + ln Σ exp(xᵢ − a), four terms of which are a statement.
fn lse() {
    let problem = Lse::new(80_000);
    let x = problem.point();
    let mut gradient = vec![0.0; x.len()];
    let mut other = gradient.clone();
    let largest = |x: &[Var<'_>]| {
        let by_value = |&i: &usize, &j: &usize| x[i].value().total_cmp(&x[j].value());
        (0..x.len()).max_by(by_value).expect("there are terms")
    };
    let flat = Way::new("lse-operations", |tape, gradients| {
        tape.reset();
        let vars = tape.vars(x);
        about(&vars, vars[largest(&vars)]).gradients_into(gradients);
        gradients.wrt_into(&vars, &mut gradient);
    });
    let parts = Way::new("lse-statements", |tape, gradients| {
        tape.reset();
        let vars = tape.vars(x);
        let a = vars[largest(&vars)];
        let (terms, rest) = vars.as_chunks::<4>();
        let one = |sum, &x| statement!(|sum, x, a| sum + (x - a).exp());
        let sum = rest.iter().fold(Var::constant(0.0), one);
        let total = terms.iter().fold(sum, |sum, &[x, y, z, w]| {
            statement!(|sum, x, y, z, w, a| {
                sum + ((x - a).exp() + (y - a).exp() + (z - a).exp() + (w - a).exp())
            })
        });
        (a + total.ln()).gradients_into(gradients);
        gradients.wrt_into(&vars, &mut other);
    });
    measure("lse n=80000, a term", x.len(), [flat, parts]);
}

/// A rotation as a statement: three numbers of six.
fn turn(x: [Var<'_>; 6]) -> [Var<'_>; 3] {
    fn turned<T: wengert_problems::Real>([r0, r1, r2, x, y, z]: [T; 6]) -> [T; 3] {
        rotate([r0, r1, r2], [x, y, z])
    }
    Var::statement(x, turned, turned)
}

/// The residuals of a picture as a statement: two numbers of nine.
fn see(x: [Var<'_>; 9], feature: [f64; 2]) -> [Var<'_>; 2] {
    fn seen<T: wengert_problems::Real>(x: [T; 9], feature: [f64; 2]) -> [T; 2] {
        let [u, v, w, focal, px, py, k1, k2, weight] = x;
        let [x, y] = picture([u, v, w], [focal, px, py, k1, k2]);
        [(x - feature[0]) * weight, (y - feature[1]) * weight]
    }
    Var::statement(x, |x| seen(x, feature), |x| seen(x, feature))
}

/// The Jacobian of bundle adjustment, an observation as two statements.
fn ba() {
    let problem = BundleAdjustment::new([49, 7776, 31_843]);
    let p = problem.observations();
    let mut entries = vec![0.0; problem.entries()];
    let mut other = entries.clone();
    let sweep =
        |outputs: [Var<'_>; 3], x: &[Var<'_>], block: &mut [f64], gradients: &mut Gradients| {
            for (output, row) in outputs[..2].iter().zip(block.chunks_exact_mut(OBSERVATION)) {
                output.gradients_into(gradients);
                gradients.wrt_into(x, row);
            }
            outputs[2].gradients_into(gradients);
            gradients[x[OBSERVATION - 1]]
        };
    let flat = Way::new("ba-operations", |tape, gradients| {
        let (blocks, weights) = problem.split_entries(&mut entries);
        let blocks = blocks.chunks_exact_mut(2 * OBSERVATION).zip(weights);
        for (i, (block, slope)) in blocks.enumerate() {
            tape.reset();
            let x: [Var<'_>; OBSERVATION] = tape.var_array(problem.variables(i));
            *slope = sweep(problem.residuals(i, &x), &x, block, gradients);
        }
    });
    let parts = Way::new("ba-statements", |tape, gradients| {
        let (blocks, weights) = problem.split_entries(&mut other);
        let blocks = blocks.chunks_exact_mut(2 * OBSERVATION).zip(weights);
        for (i, (block, slope)) in blocks.enumerate() {
            tape.reset();
            let x: [Var<'_>; OBSERVATION] = tape.var_array(problem.variables(i));
            let [r0, r1, r2, c0, c1, c2, focal, px, py, k1, k2, x0, y0, z0, weight] = x;
            // First, so that its sweep has nothing else to pass over.
            let constraint = of_weight(weight);
            let [u, v, w] = turn([r0, r1, r2, x0 - c0, y0 - c1, z0 - c2]);
            let seen = see([u, v, w, focal, px, py, k1, k2, weight], problem.feature(i));
            let residuals = [seen[0], seen[1], constraint];
            *slope = sweep(residuals, &x, block, gradients);
        }
    });
    measure("ba n=49, m=7776, p=31843, an observation", p, [flat, parts]);
}

/// A function of ten operations on two variables, called many times in a row.
fn calls() {
    fn ten<'t>([x, y]: [Var<'t>; 2]) -> Var<'t> {
        let r = x * y;
        let s = (r * x - y) * 0.25;
        (s * r + x) * (r - y) + s / y
    }
    const CALLS: usize = 10_000;
    let function = Function::record(&[0.5, 0.25], |x| ten([x[0], x[1]]));
    let flat = Way::new("call-operations", |tape, gradients| {
        tape.reset();
        let [x, y] = tape.var_array(black_box([0.5, 0.25]));
        let last = (0..CALLS).fold(x, |state, _| ten([state, y]) * 0.125);
        last.gradients_into(gradients);
    });
    let parts = Way::new("call-nodes", |tape, gradients| {
        tape.reset();
        let [x, y] = tape.var_array(black_box([0.5, 0.25]));
        let call = |state, _| {
            let [next] = function.call_array(&[state, y], &[]).expect("there is no comparison");
            next * 0.125
        };
        (0..CALLS).fold(x, call).gradients_into(gradients);
    });
    measure("a call of 10 operations", CALLS, [flat, parts]);
}

fn main() {
    println!("| what | one by one | as parts | time | bytes |");
    println!("|---|--:|--:|--:|--:|");
    lse();
    ba();
    calls();
}
