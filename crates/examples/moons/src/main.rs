//! A multilayer perceptron learns to tell two moons apart, and draws what it has learnt. The loss
//! of one point is recorded once, with the point as data, and evaluated in every epoch at all.
//!
//! ```text
//! cargo run --release -p moons
//! cargo run --release -p moons -- --epochs 500 --seed 3 --out moons.svg
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
use network::{Network, random_weights};
use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use wengert::{Batch, Function, Var};

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
    let mut weights = random_weights(&mut random);
    println!("data       {} points in two moons, noise {}", points.len(), data::NOISE);
    println!("network    2-{0}-{0}-1 with tanh, {1} weights", network::HIDDEN, weights.len());

    let losses = train(&mut weights, &points, options.epochs)?;

    let trained = Network::of_numbers(&weights);
    picture::draw(&options.out, &points, &trained, &losses)
        .map_err(|error| format!("cannot draw {}: {error}", options.out.display()))?;
    println!("picture    {}", options.out.display());
    Ok(judge(&trained, &points))
}

/// The loss of one point: the weights as variables, the point as data.
fn loss_of_a_point(weights: &[f64], points: &[Point]) -> Function {
    Function::builder().data(&points[0].numbers()).record_with_data(weights, |weights, point| {
        let [x, y, moon] = [point[0], point[1], point[2]];
        Network::new(weights).loss(&[x, y], moon)
    })
}

/// Minimises the mean loss, and returns what it was in each epoch.
fn train(weights: &mut [f64], points: &[Point], epochs: u32) -> Result<Vec<f64>, Box<dyn Error>> {
    let loss = loss_of_a_point(weights, points);
    let decay = Function::record(weights, |weights| DECAY * Var::squared_norm(weights));
    println!("function   {} operations in {} bytes", loss.len(), loss.bytes());
    let (mut of_points, mut of_decay) = (loss.batch_workspace(), decay.workspace());

    let data: Vec<f64> = points.iter().flat_map(Point::numbers).collect();
    let mut gradient = [vec![0.0; weights.len()], vec![0.0; weights.len()]];
    let mut adam = Adam::new(LEARNING_RATE, weights.len());
    let mut losses = Vec::new();
    let bar = progress(epochs)?;
    for _ in 0..epochs {
        let [mean, rest] = &mut gradient;
        let batch = Batch::new(points.len()).shared_variables(weights).data(&data);
        let sum = loss.batch_gradient(&mut of_points, &batch, mean, &mut [])?;
        let penalty = decay.value_and_gradient(&mut of_decay, &*weights, rest)?;
        for (mean, rest) in mean.iter_mut().zip(rest) {
            *mean = *mean / points.len() as f64 + *rest;
        }
        adam.step(weights, &gradient[0]);
        losses.push(sum / points.len() as f64 + penalty);
        bar.set_message(format!("{:.4}", losses[losses.len() - 1]));
        bar.inc(1);
    }
    bar.finish_and_clear();
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

fn judge(trained: &Network<'_>, points: &[Point]) -> ExitCode {
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
