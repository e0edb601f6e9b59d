//! An evaluation ends when its workspace's flag goes up, and leaves nothing to the next.
//!
//! The flag is raised by an operation of the function itself, at a call of its own choosing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use wengert::custom::{Failure, Operation};
use wengert::scan::ScanWorkspace;
use wengert::{Batch, Error, Function, Number, Scan, Var};

/// x³, which raises a flag at one of its calls.
#[derive(Default)]
struct Cube {
    calls: AtomicUsize,
    last: AtomicUsize,
    flag: Arc<AtomicBool>,
}

impl Operation for Cube {
    fn name(&self) -> &str {
        "cube"
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        (inputs == 1).then_some(1)
    }
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        y[0] = x[0].powi(3);
        if self.calls.fetch_add(1, Ordering::Relaxed) + 1 == self.last.load(Ordering::Relaxed) {
            self.flag.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
    fn vjp(&self, x: &[f64], _: &[f64], weights: &[f64], product: &mut [f64]) {
        product[0] = 3.0 * x[0] * x[0] * weights[0];
    }
}

impl Cube {
    /// The flag goes up at the call of that number, counted from now on.
    fn raise_at(&self, call: usize) {
        self.flag.store(false, Ordering::Relaxed);
        self.calls.store(0, Ordering::Relaxed);
        self.last.store(call, Ordering::Relaxed);
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

fn cubed<'t>(cube: &Arc<Cube>, x: Var<'t>) -> Var<'t> {
    let operation: Arc<dyn Operation> = Arc::clone(cube) as _;
    Var::call(&operation, &[x])[0]
}

/// A loop of steps that share a variable, within a budget: each is evaluated more than once.
struct Loop {
    scan: Scan,
    cube: Arc<Cube>,
}

const STEPS: usize = 8000;
const INPUTS: [f64; 2] = [0.999_9, 0.5];

impl Loop {
    fn new() -> Self {
        let cube = Arc::new(Cube::default());
        let scan = Scan::builder().shared(&[1.0]).state(&[0.5]).record(|step| {
            let (rate, x) = (step.shared[0], step.state[0]);
            (vec![rate * x + 0.001 * cubed(&cube, x)], vec![])
        });
        Self { scan, cube }
    }

    fn gradient(&self, workspace: &mut ScanWorkspace) -> Result<[u64; 3], Error> {
        let mut gradient = [0.0; 2];
        let value = self.scan.value_and_gradient(workspace, STEPS, &INPUTS, &mut gradient)?;
        Ok([value, gradient[0], gradient[1]].map(f64::to_bits))
    }
}

#[test]
fn a_loop_ends_on_its_way_there_and_on_its_way_back() {
    let it = Loop::new();
    let cube = &it.cube;
    let new = || it.scan.workspace_within(STEPS, 2000).expect("the budget holds some states");
    let expected = it.gradient(&mut new()).expect("nothing is in the way");

    let mut workspace = new();
    workspace.interrupt_by(Some(Arc::clone(&cube.flag)));
    cube.raise_at(usize::MAX);
    assert_eq!(it.gradient(&mut workspace), Ok(expected));
    let all = cube.calls();
    assert!(all > 2 * STEPS, "steps are evaluated again: {all} calls");
    // At the first step, halfway there, at the turn, and in several places on the way back.
    for call in [1, STEPS / 2, STEPS, STEPS + 1, STEPS + 700, all / 2, all - 700] {
        cube.raise_at(call);
        let error = it.gradient(&mut workspace).expect_err("the flag goes up");
        assert!(error.is_interrupted(), "{error}");
        assert!(cube.calls() < call + 3000, "went on to {} from {call}", cube.calls());
        cube.raise_at(usize::MAX);
        assert_eq!(it.gradient(&mut workspace), Ok(expected), "after an end at {call}");
    }
    workspace.interrupt_by(None);
    cube.raise_at(1);
    assert_eq!(it.gradient(&mut workspace), Ok(expected), "a flag that was taken back");
}

#[test]
fn a_batch_ends_between_its_leaves() {
    let cube = &Arc::new(Cube::default());
    let f = Function::record(&[0.5], |x| cubed(cube, x[0]) * 2.0);
    let points: Vec<f64> = (0..10_000).map(|i| f64::from(i) * 1e-4).collect();
    let batch = Batch::new(points.len()).variables(&points);
    let mut workspace = f.batch_workspace();
    let gradient = |workspace: &mut _| {
        let mut each = vec![0.0; points.len()];
        let sum = f.batch_gradient(workspace, &batch, &mut [], &mut each)?;
        Ok::<_, Error>((sum.to_bits(), each))
    };
    let expected = gradient(&mut workspace).expect("nothing is in the way");

    workspace.interrupt_by(Some(Arc::clone(&cube.flag)));
    for mut workspace in [workspace, f.batch_workspace().parallel()] {
        workspace.interrupt_by(Some(Arc::clone(&cube.flag)));
        cube.raise_at(3000);
        let error = gradient(&mut workspace).expect_err("the flag goes up");
        assert!(error.is_interrupted(), "{error}");
        assert!(cube.calls() < 9000, "{} calls", cube.calls());
        cube.raise_at(usize::MAX);
        assert_eq!(gradient(&mut workspace).as_ref(), Ok(&expected));
    }
}

#[test]
fn a_batch_of_loops_ends_within_a_loop() {
    let Loop { scan, cube } = &Loop::new();
    let starts: Vec<f64> = (0..16).map(|i| 0.1 + 0.01 * f64::from(i)).collect();
    let batch = Batch::new(starts.len()).shared_variables(&INPUTS[..1]).variables(&starts);
    let mut workspace = scan.batch_workspace_within(STEPS, 20_000).expect("it holds some states");
    let gradient = |workspace: &mut _| {
        let (mut shared, mut each) = ([0.0], [0.0; 16]);
        let sum = scan.batch_gradient(workspace, STEPS, &batch, &mut shared, &mut each)?;
        Ok::<_, Error>((sum.to_bits(), shared[0].to_bits(), each))
    };
    let expected = gradient(&mut workspace).expect("nothing is in the way");
    workspace.interrupt_by(Some(Arc::clone(&cube.flag)));
    // Lanes are called one by one: the first eight loops take eight times the calls of one.
    for call in [4 * STEPS, 12 * STEPS] {
        cube.raise_at(call);
        let error = gradient(&mut workspace).expect_err("the flag goes up");
        assert!(error.is_interrupted(), "{error}");
        assert!(cube.calls() < call + 20_000, "went on to {} from {call}", cube.calls());
        cube.raise_at(usize::MAX);
        assert_eq!(gradient(&mut workspace), Ok(expected), "after an end at {call}");
    }
}
