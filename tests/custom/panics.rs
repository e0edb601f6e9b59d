//! A panic within an operation: the memory that an evaluation was lent is good for the next one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use wengert::custom::{Failure, Forward, Operation, SecondOrder};
use wengert::{Batch, Function, Number, Scan, Var};

/// eˣ, of which the derivative that is asked for after so many others panics.
struct Fragile(AtomicU32);

impl Fragile {
    fn count(&self) {
        let left = self.0.load(Ordering::Relaxed);
        self.0.store(left.saturating_sub(1), Ordering::Relaxed);
        assert!(left != 1, "in the middle of a sweep");
    }
}

impl Operation for Fragile {
    fn name(&self) -> &str {
        "fragile"
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        (inputs == 1).then_some(1)
    }
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        y[0] = x[0].exp();
        Ok(())
    }
    fn vjp(&self, _: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
        self.count();
        product[0] = weights[0] * y[0];
    }
    fn forward(&self) -> Option<&dyn Forward> {
        Some(self)
    }
    fn second_order(&self) -> Option<&dyn SecondOrder> {
        Some(self)
    }
}

impl Forward for Fragile {
    fn jvp(&self, _: &[f64], y: &[f64], direction: &[f64], product: &mut [f64]) {
        self.count();
        product[0] = direction[0] * y[0];
    }
}

impl SecondOrder for Fragile {
    fn hessian_vector_product(
        &self,
        _: &[f64],
        y: &[f64],
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) {
        self.count();
        product[0] = weights[0] * direction[0] * y[0];
    }
}

/// The most derivatives of the operation that a door below asks for.
const MOST: u32 = 40;

/// Asserts that `work` finds the same again after it panicked at any of the operation's derivatives.
fn survives(fragile: &Fragile, mut work: impl FnMut() -> Vec<f64>) {
    let known = work();
    assert!(known.iter().all(|number| number.is_finite()));
    let mut panics = 0;
    for countdown in 1..=MOST {
        fragile.0.store(countdown, Ordering::Relaxed);
        panics += u32::from(catch_unwind(AssertUnwindSafe(&mut work)).is_err());
        fragile.0.store(0, Ordering::Relaxed);
        assert_eq!(work(), known, "after a panic at derivative {countdown}");
    }
    assert!((1..MOST).contains(&panics), "{panics}");
}

fn fragile() -> (Arc<Fragile>, Arc<dyn Operation>) {
    let fragile = Arc::new(Fragile(AtomicU32::new(0)));
    (Arc::clone(&fragile), fragile)
}

const X: [f64; 2] = [0.5, 0.25];

#[test]
fn a_workspace_is_good_after_a_panic_in_a_sweep() {
    let (fragile, operation) = fragile();
    let f = Function::record_many(&X, |x| {
        let y = Var::call(&operation, &[x[0] * x[1]])[0];
        let z = Var::call(&operation, &[y.sin() * x[0]])[0];
        vec![y * x[0] + z * x[1], z * y]
    });
    let (mut workspace, mut dual) = (f.workspace(), f.dual_workspace());
    survives(&fragile, || {
        let mut found = vec![0.0; 10];
        f.vjp(&mut workspace, &X, &[1.0, 2.0], &mut found[..2]).unwrap();
        f.jacobian(&mut workspace, &X, &mut found[2..6]).unwrap();
        f.weighted_hessian(&mut dual, &X, &[1.0, 2.0], &mut found[6..]).unwrap();
        found
    });
    let f = Function::record(&X, |x| {
        let y = Var::call(&operation, &[x[0] * x[1]])[0];
        Var::call(&operation, &[y.sin() * x[0]])[0] * x[1] + y
    });
    let mut dual = f.dual_workspace();
    survives(&fragile, || {
        let mut found = vec![0.0; 7];
        f.hessian_vector_product(&mut dual, &X, &[1.0, 2.0], &mut found[..2]).unwrap();
        f.hessian(&mut dual, &X, &mut found[2..6]).unwrap();
        f.jvp(&mut dual, &X, &[1.0, -1.0], &mut found[6..]).unwrap();
        found
    });
}

#[test]
fn the_memory_of_a_loop_is_good_after_a_panic_in_a_sweep() {
    let (fragile, operation) = fragile();
    let scan = Scan::builder().shared(&[0.5]).state(&[0.25]).record_end(
        |step| {
            let y = Var::call(&operation, &[step.state[0] * step.shared[0]])[0];
            vec![y * 0.5 + step.state[0] * step.shared[0]]
        },
        |end| vec![Var::call(&operation, &[end.state[0]])[0] * end.shared[0]],
    );
    for mut workspace in [scan.workspace(7), scan.workspace_within(7, 160).unwrap()] {
        survives(&fragile, || {
            let mut gradient = vec![0.0; 2];
            scan.gradient(&mut workspace, 7, &X, &mut gradient).unwrap();
            gradient
        });
    }
}

#[test]
fn a_batch_is_good_after_a_panic_in_a_sweep() {
    let (fragile, operation) = fragile();
    let f = Function::record(&X, |x| {
        let y = Var::call(&operation, &[x[0] * x[1]])[0];
        y * x[0] + y.sin() * x[1]
    });
    let batch = Batch::new(3).shared_variables(&[0.5]).variables(&[0.25, 0.5, 0.75]);
    let mut workspace = f.batch_workspace();
    survives(&fragile, || {
        let mut found = vec![0.0; 4];
        let (shared, rows) = found.split_at_mut(1);
        f.batch_gradient(&mut workspace, &batch, shared, rows).unwrap();
        found
    });
}

#[test]
fn a_tape_is_good_after_a_panic_in_a_sweep() {
    let (fragile, operation) = fragile();
    let tape = wengert::Tape::new();
    let x = tape.vars(&X);
    let y = Var::call(&operation, &[x[0] * x[1]])[0];
    let z = Var::call(&operation, &[y.sin() * x[0]])[0] * x[1] + y;
    let mut gradients = z.gradients();
    survives(&fragile, || {
        tape.pullback_into(&[(z, 1.0)], &mut gradients).unwrap();
        let tangents = tape.pushforward(&[(x[0], 1.0)]).unwrap();
        vec![gradients[x[0]], gradients[x[1]], tangents[z]]
    });
}
