//! A call option priced in Heston's model with all its sensitivities: one step of a path is recorded,
//! and paths are evaluated in batches over many sequences of random numbers.
//!
//! ```text
//! cargo run --release -p heston
//! cargo run --release -p heston --features rayon -- --threads 2 --paths 1000000
//! ```
//!
//! Everything is held against two other answers: central differences of the same simulation,
//! and the known price, an integral whose derivatives are found on a tape.

mod estimate;
mod formula;
mod model;
mod simulate;

use clap::{Parser, value_parser};
use indicatif::{ProgressBar, ProgressStyle};
use model::{MATURITY, Market, Model, NAMES, POINT, STRIKE, VARIABLES};
use simulate::{BATCH, Outcome, Paths, simulate};
use std::error::Error;
use std::process::ExitCode;

/// Price a call option in Heston's model, with all sensitivities by one recorded step
#[derive(Debug, Parser)]
struct Options {
    /// How many paths to simulate
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    #[arg(value_parser = value_parser!(u32).range(1000..))]
    paths: u32,
    /// The time steps of a path, an even number
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = even)]
    steps: usize,
    /// The seed of the random numbers
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The threads that share the work; the result is the same for any number
    #[cfg(feature = "rayon")]
    #[arg(long, value_name = "N", default_value_t = 1)]
    threads: usize,
}

fn even(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(steps @ 2..=10_000) if steps % 2 == 0 => Ok(steps),
        _ => Err("wanted is an even number from 2 to 10000".to_owned()),
    }
}

/// How many standard errors an estimate may be from the known number: in a million tables like
/// this one, there are some five in which one of the numbers is further away.
const ERRORS: f64 = 5.0;
/// How far a difference may be from a derivative, as a part of it,
const ROUNDING: f64 = 1e-6;
/// and for how many paths it may be anything, because they end on either side of the strike.
const CROSSINGS: f64 = 5.0;

fn main() -> ExitCode {
    run(&Options::parse()).unwrap_or_else(|error| fail(&error.to_string()))
}

fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    #[cfg(feature = "rayon")]
    rayon::ThreadPoolBuilder::new().num_threads(options.threads).build_global()?;
    let (paths, coarse) = (Paths::new(options.steps), Paths::new(options.steps / 2));
    describe(options, &paths);

    let bar = progress(options.paths)?;
    let count = options.paths as usize;
    let done = |paths| bar.inc(paths as u64);
    let outcome = simulate(paths, coarse, count, options.seed, done)?;
    bar.finish_and_clear();

    let (price, sensitivities) =
        wengert::value_and_gradient(|x| formula::price(&Model::of(x)), &POINT);
    print(&outcome, price, &sensitivities);
    Ok(judge(&outcome, price, &sensitivities, count))
}

fn describe(options: &Options, paths: &Paths) {
    let Market { start, path, .. } = &paths.market;
    let (operations, bytes) = (path.step().len(), start.bytes() + path.bytes());
    println!("option     a call at {STRIKE} in {MATURITY} year, in Heston's model");
    println!("loop       {VARIABLES} variables, {} normal numbers as data", paths.market.numbers());
    println!("           {operations} operations a step, all in {bytes} bytes");
    println!("paths      {} of {} steps, {BATCH} a batch", options.paths, options.steps);
}

/// A bar on standard error, which stays silent where that is no terminal.
fn progress(paths: u32) -> Result<ProgressBar, Box<dyn Error>> {
    let style = ProgressStyle::with_template("{bar:40} path {pos} of {len}, {eta} to go")?;
    Ok(ProgressBar::new(paths.into()).with_style(style))
}

fn print(outcome: &Outcome, price: f64, sensitivities: &[f64]) {
    let Outcome { estimates, corrections, differences, times, .. } = outcome;
    let seconds = times.map(|time| time.as_secs_f64());
    println!("seconds    {:.2} for values and gradients", seconds[0]);
    println!("           {:.2} for central differences, {} values\n", seconds[1], 2 * VARIABLES);

    let [head, sweep, error, bias] = ["", "simulated", "± error", "bias of steps"];
    let [known, difference] = ["known", "difference"];
    println!("{head:<24}  {sweep:>11}  {error:>8}  {bias:>13}  {known:>11}  {difference:>15}");
    let row = |name: &str, i: usize, known: f64| {
        let (mean, error, bias) = (estimates[i].mean, estimates[i].error(), corrections[i].mean);
        print!("{name:<24}  {mean:>11.5}  {error:>8.5}  {:>13.5}  {known:>11.5}", -bias);
    };
    row("price", 0, price);
    println!();
    for i in 0..VARIABLES {
        row(NAMES[i], i + 1, sensitivities[i]);
        println!("  {:>15.9}", differences[i]);
    }
    println!();
}

/// Whether everything agrees.
fn judge(outcome: &Outcome, price: f64, sensitivities: &[f64], paths: usize) -> ExitCode {
    let verdict = compare_with_known(outcome, price, sensitivities)
        .and_then(|()| compare_with_differences(outcome, paths));
    if let Err(reason) = verdict {
        return fail(&reason);
    }
    println!("verdict    all agree: with the known numbers within {ERRORS} standard errors,");
    println!("           with the differences as closely as those can");
    ExitCode::SUCCESS
}

fn compare_with_known(outcome: &Outcome, price: f64, sensitivities: &[f64]) -> Result<(), String> {
    let names = std::iter::once("price").chain(NAMES);
    let known = std::iter::once(&price).chain(sensitivities);
    for ((name, known), estimate) in names.zip(known).zip(&outcome.corrected) {
        let distance = (estimate.mean - known).abs();
        within(distance, ERRORS * estimate.error(), name, "the known number")?;
    }
    Ok(())
}

fn compare_with_differences(outcome: &Outcome, paths: usize) -> Result<(), String> {
    let estimates = &outcome.estimates[1..];
    for ((name, difference), estimate) in NAMES.iter().zip(outcome.differences).zip(estimates) {
        let crossings = CROSSINGS * estimate.deviation() / paths as f64;
        let distance = (difference - estimate.mean).abs();
        let allowed = ROUNDING * estimate.mean.abs() + crossings;
        within(distance, allowed, name, "the central difference")?;
    }
    Ok(())
}

fn within(distance: f64, allowed: f64, name: &str, what: &str) -> Result<(), String> {
    // NaN is not within anything.
    if distance <= allowed {
        return Ok(());
    }
    Err(format!("{name}: {distance:e} from {what}, allowed are {allowed:e}"))
}

fn fail(reason: &str) -> ExitCode {
    eprintln!("error: {reason}");
    ExitCode::FAILURE
}
