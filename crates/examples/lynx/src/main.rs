//! Lotka's and Volterra's equation fitted to twenty years of hares and lynxes, by Newton's method
//! with exact second derivatives through a hundred thousand steps, within a budget of bytes.
//!
//! ```text
//! cargo run --release -p lynx
//! cargo run --release -p lynx -- --steps 50000 --budget 20000
//! ```

mod model;
mod pelts;
mod picture;

use clap::{Parser, value_parser};
use indicatif::{ProgressBar, ProgressStyle};
use model::{GUESS, Model, NAMES, VARIABLES};
use nalgebra::{SMatrix, SVector};
use std::error::Error;
use std::path::PathBuf;

/// Fit a predator-prey equation to the pelts of twenty years
#[derive(Debug, Parser)]
struct Options {
    /// The steps of a year
    #[arg(long, value_name = "N", default_value_t = 5000)]
    #[arg(value_parser = value_parser!(u32).range(20..))]
    steps: u32,
    /// The bytes for what the sweep keeps
    #[arg(long, value_name = "BYTES", default_value_t = 100_000)]
    budget: usize,
    /// Where the picture is drawn
    #[arg(long, value_name = "FILE", default_value = "target/lynx.svg")]
    picture: PathBuf,
}

/// The most steps of Newton's method.
const MOST: u64 = 60;

/// A fit, with its loss and the standard errors of the variables.
struct Fit {
    at: [f64; VARIABLES],
    loss: f64,
    errors: [f64; VARIABLES],
}

/// Newton's method, damped where it would not fall (Levenberg).
fn fit(model: &Model, budget: usize) -> Result<Fit, Box<dyn Error>> {
    let style = ProgressStyle::with_template("{bar:30} {pos:>2} steps of Newton's, loss {msg}")?;
    let bar = ProgressBar::new(MOST).with_style(style);
    let (mut at, mut damping) = (GUESS, 1.0);
    for _ in 0..MOST {
        let (loss, gradient, rows) = model.differentiate(&at, budget)?;
        bar.set_message(format!("{loss:.9}"));
        bar.inc(1);
        let matrix = SMatrix::<f64, VARIABLES, VARIABLES>::from_fn(|i, j| rows[i][j]);
        let gradient = SVector::from(gradient);
        let scale = matrix.map_diagonal(f64::abs);
        let moved = loop {
            let damped = matrix + SMatrix::from_diagonal(&(scale * damping));
            let step = damped.cholesky().map(|damped| damped.solve(&gradient));
            let moved = step.map(|step| std::array::from_fn(|i| at[i] - step[i]));
            if let Some(moved) = moved
                && model.value(&moved, budget)? <= loss
            {
                break moved;
            }
            damping *= 4.0;
            if damping > 1e12 {
                break at;
            }
        };
        let change = at.iter().zip(&moved).map(|(x, y)| (x - y).abs() / x.abs()).sum::<f64>();
        (at, damping) = (moved, damping * 0.1);
        if change < 1e-10 {
            break;
        }
    }
    bar.finish();
    let (loss, _, rows) = model.differentiate(&at, budget)?;
    // Half the second derivatives of a sum of squares, by the variance of one of its terms.
    let matrix = SMatrix::<f64, VARIABLES, VARIABLES>::from_fn(|i, j| 0.5 * rows[i][j]);
    let freedom = (2 * pelts::PELTS.len() - VARIABLES) as f64;
    let inverse = matrix.try_inverse().ok_or("the data do not tell the variables apart")?;
    let errors = std::array::from_fn(|i| (inverse[(i, i)] * loss / freedom).sqrt());
    Ok(Fit { at, loss, errors })
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let model = Model::new(options.steps as usize)?;
    let fit = fit(&model, options.budget)?;
    println!("{} steps, {} bytes kept", model.steps(), options.budget);
    for (name, (x, error)) in NAMES.iter().zip(fit.at.iter().zip(fit.errors)) {
        println!("{name:>14} {x:9.5} ± {error:.5}");
    }
    println!("{:>14} {:9.5}", "loss", fit.loss);
    picture::draw(&options.picture, &model.path(&fit.at)?, model.steps_a_year)?;
    println!("drawn: {}", options.picture.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fit_is_known_and_no_matter_of_the_budget() {
        let model = Model::new(20).unwrap();
        let [one, other] = [5000, 1_000_000].map(|budget| fit(&model, budget).unwrap());
        assert_eq!(one.at.map(f64::to_bits), other.at.map(f64::to_bits));
        // Carpenter's means, by sampling, with errors of the logarithms too: "Predator-prey
        // population dynamics: the Lotka-Volterra model in Stan" (2018).
        for (fitted, known) in one.at.into_iter().zip([0.55, 0.028, 0.80, 0.024]) {
            assert!((fitted / known - 1.0).abs() < 0.05, "{fitted} and {known}");
        }
    }

    #[test]
    fn the_gradient_is_zero_at_the_fit_and_agrees_with_differences_elsewhere() {
        let model = Model::new(20).unwrap();
        let (_, gradient, rows) = model.differentiate(&GUESS, 500).unwrap();
        for i in 0..VARIABLES {
            let h = 1e-5 * GUESS[i];
            let [below, above] = [-h, h].map(|h| {
                let mut at = GUESS;
                at[i] += h;
                model.differentiate(&at, 500).unwrap()
            });
            let slope = (above.0 - below.0) / (2.0 * h);
            assert!((slope - gradient[i]).abs() < 1e-6 * (1.0 + slope.abs()), "{slope}");
            for ((above, below), given) in above.1.iter().zip(below.1).zip(rows[i]) {
                let second = (above - below) / (2.0 * h);
                let near = (second - given).abs() < 1e-5 * (1.0 + second.abs());
                assert!(near, "{second} and {given}");
            }
        }
    }
}
