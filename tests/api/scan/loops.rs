//! Loops of every shape, as a `Scan` and written flat.

use wengert::scan::{ScanBuilder, ScanStep, ScanWorkspace};
use wengert::{Function, Optimise, Scan, Var};

type Step = for<'a, 't> fn(ScanStep<'a, 't>) -> (Vec<Var<'t>>, Vec<Var<'t>>);

/// A loop: what its step is computed from, and the step.
#[derive(Clone, Copy)]
pub(super) struct Loop {
    pub(super) name: &'static str,
    pub(super) shared: &'static [f64],
    pub(super) state: &'static [f64],
    variables: &'static [f64],
    data: &'static [f64],
    step: Step,
    is_summed: bool,
}

/// Inputs of a number of steps.
pub(super) struct Point {
    pub(super) steps: usize,
    pub(super) variables: Vec<f64>,
    pub(super) data: Vec<f64>,
}

fn growth<'t>(step: ScanStep<'_, 't>) -> (Vec<Var<'t>>, Vec<Var<'t>>) {
    let (rate, x) = (step.shared[0], step.state[0]);
    (vec![x + rate * x * (1.0 - x)], vec![])
}

/// Predators and prey, with what is let in and the step's length given.
fn pursuit<'t>(step: ScanStep<'_, 't>) -> (Vec<Var<'t>>, Vec<Var<'t>>) {
    let ([a, b, c, d], [x, y]) =
        ([0, 1, 2, 3].map(|i| step.shared[i]), [0, 1].map(|i| step.state[i]));
    let (h, seen) = (step.data[0], step.data[1]);
    let next = [x + h * (a - b * y) * x + step.variables[0], y + h * (c * x - d) * y];
    let error = next[0].ln() - seen;
    (next.to_vec(), vec![error * error, (x * y).sin()])
}

/// No state, and a sum of many terms.
fn residual<'t>(step: ScanStep<'_, 't>) -> (Vec<Var<'t>>, Vec<Var<'t>>) {
    let line = step.shared[0] * step.data[0] + step.shared[1];
    (vec![], vec![(line - step.data[1]).powi(2), line.exp()])
}

/// States that change places, one that is constant, and one that stays.
fn exchange<'t>(step: ScanStep<'_, 't>) -> (Vec<Var<'t>>, Vec<Var<'t>>) {
    let [x, y, z, w] = [0, 1, 2, 3].map(|i| step.state[i]);
    (vec![y, x * w, Var::constant(3.0), w], vec![z * x, x, step.variables[0]])
}

/// An operation that keeps weights for its sweep, and no shared variable.
fn softest<'t>(step: ScanStep<'_, 't>) -> (Vec<Var<'t>>, Vec<Var<'t>>) {
    let all: Vec<_> = [step.state, step.variables].concat();
    let soft = Var::log_sum_exp(&all);
    let sum = all.iter().map(|x| x.sin() * soft).sum::<Var<'_>>();
    (vec![soft * 0.5, sum.tanh()], vec![sum])
}

/// Nothing but numbers that are handed on.
fn idle<'t>(step: ScanStep<'_, 't>) -> (Vec<Var<'t>>, Vec<Var<'t>>) {
    (step.state.to_vec(), step.data.to_vec())
}

/// Wide rows, of which few steps make a run.
fn wide<'t>(step: ScanStep<'_, 't>) -> (Vec<Var<'t>>, Vec<Var<'t>>) {
    let sum = Var::dot(step.variables, step.data);
    (vec![step.state[0] * 0.9 + sum], step.variables.iter().map(|&v| v * step.state[0]).collect())
}

/// One output, and of everything something.
fn tracking<'t>(step: ScanStep<'_, 't>) -> (Vec<Var<'t>>, Vec<Var<'t>>) {
    let ([a, b], [x, y]) = ([0, 1].map(|i| step.shared[i]), [0, 1].map(|i| step.state[i]));
    let next = (x * a + y.tanh() * b) * 0.5 + step.variables[0];
    let error = next - step.data[0] / (1.0 + x * x);
    (vec![next, x - y * 0.1], vec![error * error])
}

/// Far more shared variables than anything else, and an operation that keeps weights for its sweep.
fn attention<'t>(step: ScanStep<'_, 't>) -> (Vec<Var<'t>>, Vec<Var<'t>>) {
    let (keys, values) = step.shared.split_at(20);
    let scores: Vec<_> = keys.iter().map(|&key| (key * step.state[0]).sin()).collect();
    let (soft, seen) = (Var::log_sum_exp(&scores), Var::dot(values, &scores));
    (vec![soft.tanh() + step.variables[0], seen * 0.1], vec![seen - step.data[0] * soft])
}

const SHARED: &[f64] = &[0.4; 40];
const WIDE: &[f64] = &[0.3; 300];

pub(super) fn loops() -> Vec<Loop> {
    let plain = Loop {
        name: "growth",
        shared: &[0.1],
        state: &[0.2],
        variables: &[],
        data: &[],
        step: growth,
        is_summed: false,
    };
    let pursuit = Loop {
        name: "pursuit",
        shared: &[1.1, 0.4, 0.1, 0.4],
        state: &[2.0, 1.0],
        variables: &[0.01],
        data: &[0.01, 0.5],
        step: pursuit,
        is_summed: true,
    };
    let (state, data) = (&[][..], &[0.5, 0.3][..]);
    vec![
        plain,
        pursuit,
        Loop { name: "pursuit, each", is_summed: false, ..pursuit },
        Loop {
            name: "residual",
            shared: &[0.5, 0.2],
            state,
            data,
            step: residual,
            is_summed: true,
            ..plain
        },
        Loop {
            name: "exchange",
            state: &[0.5, 1.5, 2.0, 0.99],
            variables: &[0.7],
            step: exchange,
            ..plain
        },
        Loop {
            name: "softest",
            shared: &[],
            state: &[0.5, -0.2],
            variables: &[0.3, 0.1, -0.4],
            step: softest,
            ..plain
        },
        Loop { name: "idle", state: &[0.5, 2.0], data: &[4.0], step: idle, ..plain },
        Loop {
            name: "idle sum",
            state: &[0.5],
            data: &[4.0],
            step: idle,
            is_summed: true,
            ..plain
        },
        Loop {
            name: "tracking",
            shared: &[0.7, 0.4],
            state: &[0.5, -1.0],
            variables: &[0.1],
            data: &[0.3],
            step: tracking,
            is_summed: true,
        },
        Loop {
            name: "attention",
            shared: SHARED,
            state: &[0.5, 0.2],
            variables: &[0.1],
            data: &[0.3],
            step: attention,
            is_summed: true,
        },
        Loop { name: "wide", variables: WIDE, data: WIDE, step: wide, ..plain },
    ]
}

impl Loop {
    fn builder(self) -> ScanBuilder {
        let Self { shared, state, variables, data, .. } = self;
        Scan::builder().shared(shared).state(state).variables(variables).data(data)
    }

    pub(super) fn scan(self) -> Scan {
        self.scan_of(self.builder())
    }

    /// With its operations as they were recorded.
    pub(super) fn plain_scan(self) -> Scan {
        self.scan_of(self.builder().optimise(Optimise::none()))
    }

    fn scan_of(self, builder: ScanBuilder) -> Scan {
        if self.is_summed { builder.record_sum(self.step) } else { builder.record(self.step) }
    }

    /// Inputs near those of the recording, other ones in each step.
    pub(super) fn point(self, steps: usize) -> Point {
        let near = |i: usize| move |x: &f64| x * (1.0 + 0.1 * (i as f64 * 0.7 + x).sin());
        let rows = |row: &'static [f64]| (0..steps).flat_map(move |i| row.iter().map(near(i)));
        let first = self.shared.iter().chain(self.state).copied();
        let (variables, data) = (first.chain(rows(self.variables)).collect(), rows(self.data));
        Point { steps, variables, data: data.collect() }
    }

    /// What the loop computes, step by step.
    pub(super) fn flat<'t>(self, x: &[Var<'t>], data: &[Var<'t>], steps: usize) -> Vec<Var<'t>> {
        let (shared, rest) = x.split_at(self.shared.len());
        let (state, rows) = rest.split_at(self.state.len());
        let (v, d) = (self.variables.len(), self.data.len());
        let (mut state, mut outputs) = (state.to_vec(), Vec::new());
        for i in 0..steps {
            let (variables, data) = (&rows[i * v..(i + 1) * v], &data[i * d..(i + 1) * d]);
            let (next, row) = (self.step)(ScanStep { shared, state: &state, variables, data });
            (state, outputs) = (next, [outputs, vec![row]].concat());
        }
        if self.is_summed {
            let count = self.scan().num_outputs(0);
            let column = |j: usize| outputs.iter().map(|row| row[j]).sum();
            (0..count).map(column).collect()
        } else {
            [state, outputs.concat()].concat()
        }
    }

    /// The loop written flat, as a function.
    pub(super) fn function(self, point: &Point) -> Function {
        let builder = Function::builder().data(&point.data).optimise(Optimise::none());
        builder.record_many_with_data(&point.variables, |x, d| self.flat(x, d, point.steps))
    }
}

/// The vector-Jacobian product with weights of which no two are alike.
pub(super) fn product(scan: &Scan, workspace: &mut ScanWorkspace, point: &Point) -> Vec<f64> {
    let mut product = vec![f64::NAN; point.variables.len()];
    let inputs = (&point.variables, &point.data);
    let weights = weights(scan.num_outputs(point.steps));
    scan.vjp(workspace, point.steps, inputs, &weights, &mut product).expect("the point fits");
    product
}

pub(super) fn weights(count: usize) -> Vec<f64> {
    (0..count).map(|i| (1.0 + i as f64).cos()).collect()
}

pub(super) fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|x| x.to_bits()).collect()
}

/// A path of two numbers that is pulled to a mean, and what it pays at its end.
pub(super) fn path() -> Scan {
    Scan::builder().shared(&[0.3, 1.2]).state(&[0.5, 0.1]).data(&[0.2]).record_end(
        |step| {
            let (pull, mean, x, v) = (step.shared[0], step.shared[1], step.state[0], step.state[1]);
            vec![x + 0.1 * v * step.data[0], v + pull * (mean - v) * 0.1 + 0.01 * x.sin()]
        },
        |end| {
            let paid = (end.state[0].exp() - 1.1).max(0.0) * (-end.shared[0]).exp();
            vec![paid, end.state[1] * end.shared[1]]
        },
    )
}
