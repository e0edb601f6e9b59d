//! Many loops at once are the loops one by one, with the same bits for any number of threads.

use super::loops::{Loop, Point, bits, loops};
use rayon::ThreadPoolBuilder;
use wengert::scan::ScanBatchWorkspace;
use wengert::{Batch, Scan};

/// Samples of a loop: what they share, and what each has of its own.
struct Samples {
    count: usize,
    steps: usize,
    shared: Vec<f64>,
    variables: Vec<f64>,
    data: Vec<f64>,
}

impl Samples {
    /// The steps' shared variables are shared by the samples too, and nothing else.
    fn of(case: Loop, count: usize, steps: usize) -> Self {
        let (shared, data) = (case.shared.to_vec(), Vec::new());
        let mut samples = Self { count, steps, shared, variables: Vec::new(), data };
        for sample in 0..count {
            let near = |x: &f64| x * (1.0 + 0.01 * (sample as f64).sin());
            let Point { variables, data, .. } = case.point(steps);
            samples.variables.extend(variables[case.shared.len()..].iter().map(near));
            samples.data.extend(data.iter().map(near));
        }
        samples
    }

    fn batch(&self) -> Batch<'_> {
        let Self { count, shared, variables, data, .. } = self;
        Batch::new(*count).shared_variables(shared).variables(variables).data(data)
    }

    /// The variables and data of a sample.
    fn sample(&self, i: usize) -> (Vec<f64>, Vec<f64>) {
        let row = |all: &[f64]| {
            let len = all.len() / self.count;
            all[i * len..(i + 1) * len].to_vec()
        };
        ([self.shared.clone(), row(&self.variables)].concat(), row(&self.data))
    }
}

/// The sum, the summed and the own derivatives, then values and gradients sample by sample.
fn answer(scan: &Scan, workspace: &mut ScanBatchWorkspace, of: &Samples) -> Vec<f64> {
    let n = scan.num_variables(of.steps);
    let (mut shared, mut each) = (of.shared.clone(), of.variables.clone());
    let (mut values, mut rows) = (vec![0.0; of.count], vec![0.0; of.count * n]);
    let batch = of.batch();
    let sum = scan.batch_gradient(workspace, of.steps, &batch, &mut shared, &mut each).unwrap();
    scan.batch_gradients(workspace, of.steps, &batch, &mut values, &mut rows).unwrap();
    [vec![sum], shared, each, values, rows].concat()
}

fn case(name: &str) -> Loop {
    loops().into_iter().find(|case| case.name == name).expect("there is one")
}

#[test]
fn values_are_those_one_by_one_to_the_last_bit() {
    for case in loops() {
        let scan = case.scan();
        for (count, steps) in [(0, 3), (1, 0), (3, 4), (8, 1), (19, 30), (300, 2)] {
            let samples = Samples::of(case, count, steps);
            let mut values = vec![f64::NAN; count * scan.num_outputs(steps)];
            let mut workspace = scan.batch_workspace(steps);
            scan.batch_values(&mut workspace, steps, &samples.batch(), &mut values).unwrap();
            for (i, row) in values.chunks(scan.num_outputs(steps).max(1)).enumerate().take(count) {
                let (variables, data) = samples.sample(i);
                let mut expected = vec![0.0; scan.num_outputs(steps)];
                let mut workspace = scan.workspace(steps);
                scan.values(&mut workspace, steps, (&variables, &data), &mut expected).unwrap();
                assert_eq!(bits(row), bits(&expected), "{}, {steps} steps", case.name);
            }
        }
    }
}

#[test]
fn gradients_are_those_one_by_one_to_the_last_bit() {
    for case in [case("growth"), case("tracking")] {
        let scan = case.scan();
        for (count, steps) in [(1, 0), (5, 1), (11, 40), (300, 3)] {
            let samples = Samples::of(case, count, steps);
            let (n, common) = (scan.num_variables(steps), samples.shared.len());
            let answer = answer(&scan, &mut scan.batch_workspace(steps), &samples);
            let (summed, rest) = answer.split_at(1 + common);
            let (each, rest) = rest.split_at(count * (n - common));
            let (values, rows) = rest.split_at(count);
            let mut sums = vec![0.0; 1 + common];
            for i in 0..count {
                let (variables, data) = samples.sample(i);
                let mut gradient = vec![0.0; n];
                let (mut workspace, inputs) = (scan.workspace(steps), (&variables, &data));
                let value =
                    scan.value_and_gradient(&mut workspace, steps, inputs, &mut gradient).unwrap();
                assert_eq!(value.to_bits(), values[i].to_bits());
                assert_eq!(bits(&rows[i * n..(i + 1) * n]), bits(&gradient), "{}", case.name);
                let own = &each[i * (n - common)..(i + 1) * (n - common)];
                assert_eq!(bits(own), bits(&gradient[common..]), "{}", case.name);
                sums[0] += value;
                sums[1..].iter_mut().zip(&gradient).for_each(|(sum, x)| *sum += x);
            }
            for (x, y) in summed.iter().zip(&sums) {
                assert!((x - y).abs() <= 1e-13 * (count as f64) * (1.0 + y.abs()), "{x} and {y}");
            }
        }
    }
}

#[test]
fn threads_and_budgets_change_no_bit() {
    let case = case("tracking");
    let scan = case.scan();
    for (count, steps) in [(9, 50), (700, 7), (1500, 3)] {
        let samples = Samples::of(case, count, steps);
        let alone = bits(&answer(&scan, &mut scan.batch_workspace(steps), &samples));
        for threads in [1, 2, 3, 8] {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let workspace = scan.batch_workspace_within(steps, 400 * threads).unwrap();
            let mut workspace = workspace.parallel();
            for _ in 0..2 {
                let shared = pool.install(|| answer(&scan, &mut workspace, &samples));
                assert_eq!(bits(&shared), alone, "{count} samples, {threads} threads");
            }
        }
    }
}

/// The initial state can be shared too, as can the data of the first steps.
#[test]
fn what_is_shared_reaches_as_far_as_it_is_given() {
    let scan = case("tracking").scan();
    let Point { variables, data, .. } = case("tracking").point(3);
    let answers: Vec<_> = [0, 2, 4, 5, 7]
        .into_iter()
        .map(|common| {
            let (shared, own) = variables.split_at(common);
            let (first, rest) = data.split_at(common.min(3));
            let (own, rest) = ([own, own].concat(), [rest, rest].concat());
            let batch = Batch::new(2).shared_variables(shared).variables(&own);
            let batch = batch.shared_data(first).data(&rest);
            let (mut sums, mut each) = (vec![0.0; common], vec![0.0; own.len()]);
            let mut workspace = scan.batch_workspace(3);
            let sum = scan.batch_gradient(&mut workspace, 3, &batch, &mut sums, &mut each).unwrap();
            sums.iter_mut().for_each(|sum| *sum *= 0.5);
            [vec![sum], sums, each[..7 - common].to_vec()].concat()
        })
        .collect();
    assert!(answers.iter().all(|answer| bits(answer) == bits(&answers[0])), "{answers:?}");
}

#[test]
fn a_guard_names_the_sample_and_the_step() {
    let scan = Scan::builder().state(&[10.0]).record(|step| {
        let x = step.state[0];
        (vec![if x > 0.5 { x - 1.0 } else { x }], vec![])
    });
    let states: Vec<f64> = (0..20).map(|i| 40.0 - f64::from(i)).collect();
    let batch = Batch::new(20).variables(&states);
    let mut gradient = [0.0; 20];
    let mut workspace = scan.batch_workspace(100);
    let mut try_steps =
        |steps| scan.batch_gradient(&mut workspace, steps, &batch, &mut [], &mut gradient);
    assert_eq!(try_steps(21), Ok(states.iter().map(|x| x - 21.0).sum()));
    let text = try_steps(30).unwrap_err().to_string();
    // The first of the samples that are side by side, at the first step at which one strays.
    assert!(text.contains("for sample 15 in step 25"), "{text}");
    let text = try_steps(22).unwrap_err().to_string();
    assert!(text.contains("for sample 19 in step 21"), "{text}");
    assert!(try_steps(21).is_ok());
}

#[test]
fn what_is_lost_in_one_sample_is_lost_in_no_other() {
    let scan = Scan::builder()
        .state(&[4.0])
        .data(&[1.0])
        .record_sum(|step| (vec![step.state[0] * 0.5], vec![step.state[0].sqrt() * step.data[0]]));
    let states = [4.0, 0.0, -1.0, 4.0];
    let data = [1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0];
    let batch = Batch::new(4).variables(&states).data(&data);
    let mut gradient = [0.0; 4];
    let mut workspace = scan.batch_workspace(2);
    scan.batch_gradient(&mut workspace, 2, &batch, &mut [], &mut gradient).unwrap();
    for (i, gradient) in gradient.into_iter().enumerate() {
        let mut alone = [0.0];
        let inputs = (&states[i..=i], &data[2 * i..2 * i + 2]);
        scan.gradient(&mut scan.workspace(2), 2, inputs, &mut alone).unwrap();
        assert!(gradient.to_bits() == alone[0].to_bits() || gradient.is_nan() && alone[0].is_nan());
    }
    assert_eq!(gradient[1], 0.0);
    assert!(gradient[2].is_nan());
}

#[test]
fn misuse_of_a_batch_is_an_error() {
    let scan = case("tracking").scan();
    let samples = Samples::of(case("tracking"), 3, 2);
    let (mut shared, mut each) = ([0.0; 2], [0.0; 12]);
    let mut try_with = |workspace: &mut ScanBatchWorkspace, steps, batch: &Batch<'_>| {
        let result = scan.batch_gradient(workspace, steps, batch, &mut shared, &mut each);
        result.map_err(|error| error.to_string())
    };
    let mut workspace = scan.batch_workspace(2);
    assert!(try_with(&mut workspace, 2, &samples.batch()).is_ok());
    let text = try_with(&mut workspace, 3, &samples.batch()).unwrap_err();
    assert_eq!(text, "the slice of each sample's variables has length 12, wanted is 15");
    let text = try_with(&mut workspace, 2, &samples.batch().data(&[1.0])).unwrap_err();
    assert_eq!(text, "the slice of each sample's data has length 1, wanted is 6");
    let text = try_with(&mut workspace, 2, &samples.batch().shared_variables(&[1.0; 9]));
    assert_eq!(text.unwrap_err(), "the batch shares 9 variables, the function has 6 of them");
    let text = try_with(&mut scan.batch_workspace(1), 2, &samples.batch()).unwrap_err();
    assert!(
        text.starts_with("the loop is to make 2 steps, its workspace was made for 1"),
        "{text}"
    );
    let other = case("growth").scan();
    let text = try_with(&mut other.batch_workspace(2), 2, &samples.batch()).unwrap_err();
    assert!(text.starts_with("the workspace was made by another function or loop"), "{text}");
    let text = scan.batch_workspace_within(2, 100).unwrap_err().to_string();
    assert!(text.starts_with("the budget is 100 bytes, and the state at one checkpoint takes 384"));
}
