//! What a value saves for its derivatives: each call keeps its own, on tapes and in workspaces.

use super::operations::{Pair, pair};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use wengert::check::check_operation;
use wengert::custom::{Failure, Forward, Operation, Saving, SecondOrder};
use wengert::{Batch, Dual, Function, Number, Optimise, Scalar, Scan, Tape, Var};

const POINT: [f64; 3] = [0.7, -1.3, 0.4];
const OTHER: [f64; 3] = [-0.2, 0.9, 1.1];

/// [`Pair`], which saves its point, looks whether what it gets back is of the point that it is asked
/// about, and counts how often it got nothing.
#[derive(Default)]
struct Keeping {
    anew: AtomicUsize,
    from_saved: AtomicUsize,
}

impl Keeping {
    #[track_caller]
    fn look(&self, x: &[f64], saved: &[f64]) {
        assert_eq!(x, saved, "what was saved is of another point");
        self.from_saved.fetch_add(1, Relaxed);
    }

    fn counts(&self) -> (usize, usize) {
        (self.anew.swap(0, Relaxed), self.from_saved.swap(0, Relaxed))
    }
}

impl Operation for Keeping {
    fn name(&self) -> &str {
        "keeping pair"
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        Pair.outputs(inputs)
    }
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        Pair.value(x, y)
    }
    fn vjp(&self, x: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
        self.anew.fetch_add(1, Relaxed);
        Pair.vjp(x, y, weights, product);
    }
    fn forward(&self) -> Option<&dyn Forward> {
        Some(self)
    }
    fn second_order(&self) -> Option<&dyn SecondOrder> {
        Some(self)
    }
    fn saving(&self) -> Option<&dyn Saving> {
        Some(self)
    }
}

impl Forward for Keeping {
    fn jvp(&self, x: &[f64], y: &[f64], v: &[f64], product: &mut [f64]) {
        self.anew.fetch_add(1, Relaxed);
        Pair.jvp(x, y, v, product);
    }
}

impl SecondOrder for Keeping {
    fn hessian_vector_product(
        &self,
        x: &[f64],
        y: &[f64],
        weights: &[f64],
        v: &[f64],
        product: &mut [f64],
    ) {
        self.anew.fetch_add(1, Relaxed);
        Pair.hessian_vector_product(x, y, weights, v, product);
    }
}

impl Saving for Keeping {
    fn saved(&self, inputs: usize) -> usize {
        inputs
    }
    fn value_saving(&self, x: &[f64], y: &mut [f64], saved: &mut [f64]) -> Result<(), Failure> {
        saved.copy_from_slice(x);
        Pair.value(x, y)
    }
    fn vjp_saved(&self, x: &[f64], y: &[f64], saved: &[f64], w: &[f64], product: &mut [f64]) {
        self.look(x, saved);
        Pair.vjp(x, y, w, product);
    }
    fn jvp_saved(&self, x: &[f64], y: &[f64], saved: &[f64], v: &[f64], product: &mut [f64]) {
        self.look(x, saved);
        Pair.jvp(x, y, v, product);
    }
    fn hessian_vector_product_saved(
        &self,
        x: &[f64],
        y: &[f64],
        saved: &[f64],
        weights: &[f64],
        v: &[f64],
        product: &mut [f64],
    ) {
        self.look(x, saved);
        Pair.hessian_vector_product(x, y, weights, v, product);
    }
}

fn keeping() -> (Arc<Keeping>, Arc<dyn Operation>) {
    let keeping = Arc::new(Keeping::default());
    (Arc::clone(&keeping), keeping)
}

/// Three calls at three points, of the last of which one output is wanted.
fn called<F: Scalar, T: Number<F>>(operation: &Arc<dyn Operation>, x: &[T]) -> T {
    let y = T::call(operation, x);
    let z = T::call(operation, &[y[1], x[0], x[1]]);
    let last = T::call(operation, &[z[0], x[2], y[0]]);
    last[0] + z[1].sin() * y[0]
}

fn by_operations<F: Scalar, T: Number<F>>(x: &[T]) -> T {
    let y = pair(x);
    let z = pair(&[y[1], x[0], x[1]]);
    let last = pair(&[z[0], x[2], y[0]]);
    last[0] + z[1].sin() * y[0]
}

#[track_caller]
fn assert_near(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-12 * a.abs().max(1.0), "{a} {b}");
    }
}

#[test]
fn tapes_keep_what_each_call_saves() {
    let (keeping, operation) = keeping();
    let mut tape = Tape::new();
    for point in [POINT, OTHER, POINT] {
        tape.reset();
        let x = tape.vars(&point);
        let found = called(&operation, &x).gradients().wrt(&x);
        assert_near(&found, &wengert::gradient(|x| by_operations(x), &point));
    }
    assert_eq!(keeping.counts(), (0, 9));
    let found = wengert::hessian(|x| called(&operation, x), &POINT);
    let wanted = wengert::hessian(|x| by_operations(x), &POINT);
    assert_near(&found.concat(), &wanted.concat());
    let (anew, from_saved) = keeping.counts();
    assert!(anew == 0 && from_saved > 0, "{anew} {from_saved}");
    // A forward sweep, and dual numbers by themselves.
    let tape = Tape::new();
    let x = tape.vars(&POINT);
    let y = called(&operation, &x);
    let moving: Vec<Dual> = POINT.iter().map(|&x| Dual::new(x, 1.0)).collect();
    let wanted = by_operations(&moving).tangent;
    let seeds: Vec<_> = x.iter().map(|&x| (x, 1.0)).collect();
    assert_near(&[tape.pushforward(&seeds).unwrap()[y]], &[wanted]);
    assert_near(&[called(&operation, &moving).tangent], &[wanted]);
    assert_eq!(keeping.counts(), (0, 6));
    assert_eq!(
        Number::call(&operation, &POINT),
        Number::call(&super::operations::pair_operation(), &POINT)
    );
}

#[test]
fn tapes_of_dual_numbers_keep_it_too() {
    let (keeping, operation) = keeping();
    let tape = Tape::<Dual>::default();
    let x = tape.vars(&[0, 1, 2].map(|i| Dual::new(POINT[i], 1.0 + i as f64)));
    let tangents = |y: Var<'_, Dual>| -> Vec<f64> {
        y.gradients().wrt(&x).iter().map(|gradient| gradient.tangent).collect()
    };
    assert_near(&tangents(called(&operation, &x)), &tangents(by_operations(&x)));
    assert_eq!(keeping.counts().0, 0);
    let tape = Tape::<f32>::default();
    let x = tape.vars(&POINT.map(|x| x as f32));
    let y = called(&operation, &x);
    let wanted = wengert::gradient(|x| by_operations(x), &POINT);
    // What is saved is rounded as the point is.
    for (found, wanted) in y.gradients().wrt(&x).iter().zip(wanted) {
        assert!((f64::from(*found) - wanted).abs() < 1e-5, "{found} {wanted}");
    }
}

#[test]
fn workspaces_keep_what_each_call_saves() {
    let (keeping, operation) = keeping();
    for optimise in [Optimise::all(), Optimise::none()] {
        let record = || Function::builder().optimise(optimise);
        let f = record().record(&POINT, |x| called(&operation, x));
        let g = record().record(&POINT, |x| by_operations(x));
        keeping.counts();
        // Two workspaces in turn.
        let mut workspaces = [f.workspace(), f.workspace()];
        for (i, x) in [POINT, OTHER, OTHER, POINT].iter().enumerate() {
            let (mut found, mut wanted) = ([0.0; 3], [0.0; 3]);
            f.gradient(&mut workspaces[i % 2], x, &mut found).unwrap();
            g.gradient(&mut g.workspace(), x, &mut wanted).unwrap();
            assert_near(&found, &wanted);
        }
        assert_eq!(keeping.counts(), (0, 12));
        let (mut found, mut wanted) = ([0.0; 9], [0.0; 9]);
        f.hessian(&mut f.dual_workspace(), &OTHER, &mut found).unwrap();
        g.hessian(&mut g.dual_workspace(), &OTHER, &mut wanted).unwrap();
        assert_near(&found, &wanted);
        assert_eq!(keeping.counts().0, 0);
        // A derivative that is recorded keeps nothing, and is right all the same.
        let gradient = f.gradient_function().unwrap();
        let mut found = [0.0; 3];
        gradient.values(&mut gradient.workspace(), &OTHER, &mut found).unwrap();
        let mut wanted = [0.0; 3];
        g.gradient(&mut g.workspace(), &OTHER, &mut wanted).unwrap();
        assert_near(&found, &wanted);
        assert!(keeping.counts().0 > 0);
    }
}

#[test]
fn lanes_and_threads_have_their_own() {
    let (keeping, operation) = keeping();
    let f = Function::record(&POINT, |x| called(&operation, x));
    keeping.counts();
    let rows: Vec<f64> = (0..1500).map(|i| (f64::from(i) * 0.37).sin()).collect();
    let batch = Batch::new(500).variables(&rows);
    let (mut values, mut gradients) = (vec![0.0; 500], vec![0.0; 1500]);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut workspace = f.workspace();
            for row in rows.chunks(3) {
                f.gradient(&mut workspace, row, &mut [0.0; 3]).unwrap();
            }
        });
        f.batch_gradients(&mut f.batch_workspace(), &batch, &mut values, &mut gradients).unwrap();
    });
    assert_eq!(keeping.counts().0, 0);
    let mut workspace = f.workspace();
    for (row, found) in rows.chunks(3).zip(gradients.chunks(3)) {
        let mut gradient = [0.0; 3];
        f.gradient(&mut workspace, row, &mut gradient).unwrap();
        assert_eq!(gradient, found);
    }
}

#[test]
fn steps_of_loops_have_their_own() {
    let (keeping, operation) = keeping();
    let step = |next: &dyn for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>| {
        Scan::builder().shared(&[0.5]).state(&[0.7, 0.4]).record(|step| {
            let y = next(&[step.state[0], step.shared[0], step.state[1]]);
            (vec![y[0].tanh(), y[1].tanh()], vec![])
        })
    };
    let (f, g) = (step(&|x| Var::call(&operation, x)), step(&|x| pair(x).to_vec()));
    keeping.counts();
    let (inputs, weights, steps) = ([0.6, 0.3, 0.2], [1.0, 2.0], 300);
    let mut wanted = [0.0; 3];
    g.vjp(&mut g.workspace(steps), steps, &inputs, &weights, &mut wanted).unwrap();
    // All steps' values are kept, or those of a few at a time.
    let few = f.workspace_within(steps, f.workspace_bytes(steps) / 4).unwrap();
    for mut workspace in [f.workspace(steps), few] {
        let mut found = [0.0; 3];
        f.vjp(&mut workspace, steps, &inputs, &weights, &mut found).unwrap();
        assert_near(&found, &wanted);
    }
    assert_eq!(keeping.counts(), (0, 2 * steps));
}

/// Derivatives that differ with what was saved from those without are found.
#[test]
fn the_check_compares_both_ways() {
    struct Wrong;
    impl Operation for Wrong {
        fn name(&self) -> &str {
            "wrong"
        }
        fn outputs(&self, _: usize) -> Option<usize> {
            Some(1)
        }
        fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
            y[0] = x[0];
            Ok(())
        }
        fn vjp(&self, _: &[f64], _: &[f64], weights: &[f64], product: &mut [f64]) {
            product[0] = weights[0];
        }
        fn saving(&self) -> Option<&dyn Saving> {
            Some(self)
        }
    }
    impl Saving for Wrong {
        fn saved(&self, _: usize) -> usize {
            1
        }
        fn value_saving(&self, x: &[f64], y: &mut [f64], saved: &mut [f64]) -> Result<(), Failure> {
            saved[0] = 1.0 + f64::EPSILON;
            self.value(x, y)
        }
        fn vjp_saved(&self, _: &[f64], _: &[f64], saved: &[f64], w: &[f64], product: &mut [f64]) {
            product[0] = saved[0] * w[0];
        }
    }
    let (_, operation) = keeping();
    let report = check_operation(&operation, &POINT).unwrap();
    assert!(report.is_ok() && report.saved == Some(true), "{report}");
    let wrong: Arc<dyn Operation> = Arc::new(Wrong);
    let report = check_operation(&wrong, &[3.0]).unwrap();
    assert!(report.saved == Some(false) && !report.is_ok(), "{report}");
    assert!(report.to_string().ends_with("other bits than without\n"), "{report}");
}
