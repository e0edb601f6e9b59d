//! The neuron beside PyTorch's, to the last digits.

use crate::model::{Inputs, Neuron, rebuilt_tanh};
use crate::{by_hand, page};
use clap::Parser;
use std::process::ExitCode;
use wengert::{Tape, Var};

/// A run of the neuron in PyTorch, in float64.
struct Run {
    title: &'static str,
    b: f64,
    /// o, and its derivatives with respect to x1, w1, x2, w2 and b.
    results: [f64; 6],
}

const NAMES: [&str; 6] = ["o", "∂o/∂x1", "∂o/∂w1", "∂o/∂x2", "∂o/∂w2", "∂o/∂b"];

const RUNS: [Run; 2] = [
    Run {
        title: "b = 6.8814",
        b: 6.8814,
        results: [
            0.7071199874301227,
            -1.4999439701304693,
            0.9999626467536462,
            0.4999813233768231,
            0.0,
            0.4999813233768231,
        ],
    },
    Run {
        title: "b = 6.8814 by way of a 32-bit float, the run that is often quoted",
        b: 6.881400108337402,
        results: [
            0.7071200415967962,
            -1.4999437403164355,
            0.9999624935442903,
            0.49998124677214517,
            0.0,
            0.49998124677214517,
        ],
    },
];

/// A way to the gradient, and how far from PyTorch's numbers it may end, in units in the last
/// place: the rebuilt tanh rounds six times where tanh rounds once.
struct Way {
    name: &'static str,
    results: fn(&Inputs) -> [f64; 6],
    allowed: u64,
}

const WAYS: [Way; 3] = [
    Way { name: "by hand", results: by_hand, allowed: 4 },
    Way { name: "sweep", results: sweep, allowed: 4 },
    Way { name: "rebuilt", results: rebuilt, allowed: 16 },
];

fn by_hand(inputs: &Inputs) -> [f64; 6] {
    let tape = Tape::new();
    let neuron = Neuron::record(&tape, inputs, Var::tanh);
    neuron.results(&by_hand::gradient(&tape, &neuron))
}

fn sweep(inputs: &Inputs) -> [f64; 6] {
    let tape = Tape::new();
    let neuron = Neuron::record(&tape, inputs, Var::tanh);
    neuron.results(&neuron.o.gradients())
}

fn rebuilt(inputs: &Inputs) -> [f64; 6] {
    let tape = Tape::new();
    let neuron = Neuron::record(&tape, inputs, rebuilt_tanh);
    neuron.results(&neuron.o.gradients())
}

/// Shows PyTorch's numbers and how far ours are from them; fails if that is too far.
pub(crate) fn compare(inputs: &Inputs) -> ExitCode {
    page::heading("5. Beside PyTorch, with differences in units in the last place");
    let defaults = Inputs::parse_from(["neuron"]);
    if *inputs != defaults {
        println!("   Not compared: PyTorch's numbers are for the default inputs.");
        return ExitCode::SUCCESS;
    }
    let [exact, rounded] = RUNS.map(|run| show_run(&run, &defaults));
    println!("   They differ because the 32-bit float nearest to b is {}.", RUNS[1].b);
    if exact && rounded {
        ExitCode::SUCCESS
    } else {
        eprintln!("error: a difference is larger than allowed");
        ExitCode::FAILURE
    }
}

/// Prints one run as a table, and returns whether all differences are small enough.
fn show_run(run: &Run, defaults: &Inputs) -> bool {
    let inputs = Inputs { b: run.b, ..defaults.clone() };
    let ours = WAYS.map(|way| (way.results)(&inputs));
    println!("   {}\n", run.title);
    println!("   {:<10}  {:>19}  {}", "", "PyTorch", cells(WAYS.map(|way| way.name)));
    let mut agree = true;
    for (i, name) in NAMES.into_iter().enumerate() {
        let theirs = run.results[i];
        let apart = ours.map(|results| ulps(results[i], theirs));
        agree &= apart.iter().zip(&WAYS).all(|(apart, way)| *apart <= way.allowed);
        println!("   {name:<10}  {theirs:>19}  {}", cells(apart));
    }
    println!("   {:<10}  {:>19}  {}\n", "allowed", "", cells(WAYS.map(|way| way.allowed)));
    agree
}

fn cells<T: std::fmt::Display>(cells: [T; 3]) -> String {
    cells.map(|cell| format!("{cell:>9}")).concat()
}

/// How many floats lie between two: 0 if they are equal, 1 if they are neighbours.
fn ulps(a: f64, b: f64) -> u64 {
    place(a).abs_diff(place(b))
}

/// The place of a float in the order of all floats, with both zeros at 0.
fn place(x: f64) -> i64 {
    let magnitude = x.abs().to_bits() as i64;
    if x.is_sign_negative() { -magnitude } else { magnitude }
}
