//! A multilayer perceptron learns to tell two moons apart, on one tape that is recorded anew in
//! every epoch, and draws what it has learnt.
//!
//! ```text
//! cargo run --release --example moons
//! cargo run --release --example moons -- --epochs 500 --seed 3 --out moons.svg
//! ```

mod adam;
mod data;
mod network;
mod picture;
mod regions;

use adam::Adam;
use clap::{Parser, value_parser};
use data::{Point, two_moons};
use indicatif::{ProgressBar, ProgressStyle};
use network::{Network, Weights};
use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use wengert::{Gradients, Parameters, Tape, Var};

/// Train a small network on two moons of points, and draw its decision boundary
#[derive(Debug, Parser)]
struct Options {
    /// How often to go over the points
    #[arg(long, value_name = "N", default_value_t = 300)]
    #[arg(value_parser = value_parser!(u32).range(1..))]
    epochs: u32,
    /// The seed of the points and of the first weights
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Where to write the picture
    #[arg(long, value_name = "FILE", default_value = "target/moons.svg")]
    out: PathBuf,
}

/// The accuracy that the training has to reach.
const GOAL: f64 = 0.99;
const LEARNING_RATE: f64 = 0.02;
/// How much the sum of the squared weights adds to the loss: enough for a network that is only
/// sure of itself where there are points.
const DECAY: f64 = 1e-3;

fn main() -> ExitCode {
    run(&Options::parse()).unwrap_or_else(|error| fail(&error.to_string()))
}

fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(options.seed);
    let points = two_moons(&mut random);
    let mut parameters = Parameters::new();
    let network = Network::new(&mut parameters, &mut random);
    println!("data       {} points in two moons, noise {}", points.len(), data::NOISE);
    println!("network    2-{0}-{0}-1 with tanh, {1} weights", network::HIDDEN, parameters.len());

    let losses = train(&network, &mut parameters, &points, options.epochs)?;

    // The same network on constants predicts, and records nothing.
    let trained = network.weights(|id| Var::constant(parameters[id]));
    picture::draw(&options.out, &points, &trained, &losses)
        .map_err(|error| format!("cannot draw {}: {error}", options.out.display()))?;
    println!("picture    {}", options.out.display());
    Ok(judge(&trained, &points))
}

/// Minimises the loss, and returns what it was in each epoch.
fn train(
    network: &Network,
    parameters: &mut Parameters,
    points: &[Point],
    epochs: u32,
) -> Result<Vec<f64>, Box<dyn Error>> {
    let (mut tape, mut gradients) = (Tape::new(), Gradients::new());
    let mut adam = Adam::new(LEARNING_RATE, parameters.len());
    let mut losses = Vec::new();
    let bar = progress(epochs)?;
    for _ in 0..epochs {
        tape.reset();
        let recorded = parameters.record(&tape);
        let decay = DECAY * Var::squared_norm(&recorded.iter().collect::<Vec<_>>());
        let loss = network.weights(|id| recorded.var(id)).loss(points) + decay;
        loss.gradients_into(&mut gradients);
        losses.push(loss.value());
        let gradient = recorded.gradient(&gradients)?;
        adam.step(parameters.values_mut(), gradient);
        bar.set_message(format!("{:.4}", loss.value()));
        bar.inc(1);
    }
    bar.finish_and_clear();
    println!("tape       {} nodes, in the same memory in every epoch", tape.len());
    if let [first, .., last] = losses[..] {
        println!("loss       {first:.4} at first, {last:.4} at last");
    }
    Ok(losses)
}

/// A bar on standard error, which stays silent where that is no terminal.
fn progress(epochs: u32) -> Result<ProgressBar, Box<dyn Error>> {
    let style = ProgressStyle::with_template("{bar:40} epoch {pos} of {len}, loss {msg}")?;
    Ok(ProgressBar::new(epochs.into()).with_style(style))
}

fn judge(trained: &Weights<'_>, points: &[Point]) -> ExitCode {
    let accuracy = trained.accuracy(points);
    println!("accuracy   {:.1} %", 100.0 * accuracy);
    if accuracy < GOAL {
        return fail(&format!("the accuracy is below {} %; more epochs may help", 100.0 * GOAL));
    }
    ExitCode::SUCCESS
}

fn fail(reason: &str) -> ExitCode {
    eprintln!("error: {reason}");
    ExitCode::FAILURE
}
