//! One neuron: its gradient worked by hand, found by a reverse sweep, found again with tanh
//! taken apart, held against PyTorch's, and drawn.
//!
//! ```text
//! cargo run -p neuron
//! cargo run -p neuron -- --x1 3 --b=-2 --out pictures
//! ```

mod by_hand;
mod graph;
mod model;
mod page;
mod pytorch;

use clap::Parser;
use model::{Inputs, Neuron, rebuilt_tanh};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wengert::{Gradients, Tape, Var};

/// Differentiate one neuron by hand and by sweep, compare with PyTorch, and draw the graph
#[derive(Debug, Parser)]
struct Options {
    #[command(flatten)]
    inputs: Inputs,
    /// The folder to write the pictures to
    #[arg(long, value_name = "FOLDER", default_value = "target/neuron")]
    out: PathBuf,
}

fn main() -> ExitCode {
    let Options { inputs, out } = Options::parse();
    println!("One neuron: o = tanh(x1·w1 + x2·w2 + b)");
    let tape = Tape::new();
    let neuron = Neuron::record(&tape, &inputs, Var::tanh);
    show_values(&tape, &neuron);
    let by_hand = show_by_hand(&tape, &neuron);
    let sweep = show_sweep(&neuron, &by_hand);
    show_rebuilt(&inputs, &neuron, &sweep);
    let verdict = pytorch::compare(&inputs);
    let drawn = graph::write(&out, &tape, &neuron, &by_hand, &sweep);
    show_files(&out, drawn).unwrap_or(verdict)
}

fn show_values(tape: &Tape, neuron: &Neuron<'_>) {
    page::heading("1. Forward: the values");
    println!("   {:<10}  {:<14}  {:>9}", "node", "formula", "value");
    for (name, formula, var) in neuron.nodes() {
        println!("   {name:<10}  {formula:<14}  {:>9}", page::number(var.value()));
    }
    page::note("The tape has recorded them, one line a node: operation, operands ; value.");
    page::lines(&tape.to_string(), 0);
}

fn show_by_hand(tape: &Tape, neuron: &Neuron<'_>) -> Gradients {
    page::heading(
        "2. Backward by hand: from the output to the inputs, one rule for each operation",
    );
    let by_hand = by_hand::gradient(tape, neuron);
    by_hand::explain(neuron, &by_hand);
    by_hand
}

fn show_sweep(neuron: &Neuron<'_>, by_hand: &Gradients) -> Gradients {
    page::heading("3. Backward by one reverse sweep: o.gradients()");
    let sweep = neuron.o.gradients();
    page::columns(["by hand", "sweep"]);
    for (name, _, var) in neuron.nodes() {
        page::row(name, [by_hand[var], sweep[var]]);
    }
    sweep
}

fn show_rebuilt(inputs: &Inputs, neuron: &Neuron<'_>, sweep: &Gradients) {
    page::heading("4. The same, with tanh(n) recorded as (eⁿ - e⁻ⁿ) / (eⁿ + e⁻ⁿ)");
    let tape = Tape::new();
    let rebuilt = Neuron::record(&tape, inputs, rebuilt_tanh);
    let gradients = rebuilt.o.gradients();
    page::columns(["tanh", "rebuilt"]);
    let pairs = neuron.nodes().into_iter().zip(rebuilt.nodes());
    for ((name, _, var), (.., also)) in pairs.take(Neuron::INPUTS) {
        page::row(name, [sweep[var], gradients[also]]);
    }
    page::note("Where tanh was one operation, six are now on the tape:");
    page::lines(&tape.to_string(), rebuilt.n.id().map_or(0, |n| n.index() + 1));
}

/// Names the pictures; fails if they could not be written.
fn show_files(folder: &Path, drawn: std::io::Result<Vec<PathBuf>>) -> Option<ExitCode> {
    page::heading("6. The graph, drawn: open a page in a browser, and play it");
    match drawn {
        Ok(files) => {
            files.iter().for_each(|file| println!("   {}", file.display()));
            None
        }
        Err(error) => {
            eprintln!("error: cannot write to {}: {error}", folder.display());
            Some(ExitCode::FAILURE)
        }
    }
}
