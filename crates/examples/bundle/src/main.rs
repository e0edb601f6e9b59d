//! Bundle adjustment: where cameras stood and where points are, from the pixels at which the cameras
//! saw the points. Six numbers a camera and three a point, by Levenberg and Marquardt's method with
//! an exact Jacobian through nalgebra's rotations.
//!
//! ```text
//! cargo run --release -p bundle
//! ```

mod picture;
mod scene;
mod solve;

use clap::Parser;
use scene::Scene;
use std::error::Error;
use std::path::PathBuf;

/// Find cameras and points from what the cameras saw
#[derive(Debug, Parser)]
struct Options {
    /// The cameras, of which the first two are known
    #[arg(long, value_name = "N", default_value_t = 6)]
    #[arg(value_parser = clap::value_parser!(u16).range(3..=50))]
    cameras: u16,
    /// The points
    #[arg(long, value_name = "N", default_value_t = 60)]
    #[arg(value_parser = clap::value_parser!(u16).range(10..=500))]
    points: u16,
    /// Where the picture is drawn
    #[arg(long, value_name = "FILE", default_value = "target/bundle.svg")]
    picture: PathBuf,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let scene = Scene::new(options.cameras.into(), options.points.into());
    let solved = solve::solve(&scene)?;
    println!("{} unknowns, {} pixels", scene.start.len(), scene.seen.len());
    println!("{} Jacobians", solved.jacobians);
    println!("off by {:8.3} pixels before", scene.pixels_off(&scene.start));
    println!("       {:8.3} after, of noise {}", scene.pixels_off(&solved.at), scene::NOISE);
    println!(
        "points off by {:.4} before, {:.4} after",
        scene.points_off(&scene.start),
        scene.points_off(&solved.at)
    );
    picture::draw(&options.picture, &scene, &solved.at)?;
    println!("drawn: {}", options.picture.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_the_noise() {
        let scene = Scene::new(4, 12);
        let solved = solve::solve(&scene).unwrap();
        assert!(scene.pixels_off(&scene.start) > 10.0 * scene::NOISE);
        // Of the residuals' freedom, what the unknowns do not take.
        let freedom = 1.0 - scene.start.len() as f64 / scene.seen.len() as f64;
        let wanted = scene::NOISE * freedom.sqrt();
        let off = scene.pixels_off(&solved.at);
        assert!((off / wanted - 1.0).abs() < 0.3, "{off}, wanted {wanted}");
        assert!(scene.points_off(&solved.at) < 0.1 * scene.points_off(&scene.start));
    }

    #[test]
    fn the_jacobian_is_that_of_differences() {
        let scene = Scene::new(3, 10);
        let (residuals, x) = (solve::residuals(&scene), &scene.start);
        let (mut w, n) = (residuals.workspace(), x.len());
        let mut jacobian = vec![0.0; residuals.num_outputs() * n];
        residuals.jacobian(&mut w, x, &mut jacobian).unwrap();
        for column in 0..n {
            let mut at = |step: f64| {
                let (mut x, mut values) = (x.clone(), vec![0.0; residuals.num_outputs()]);
                x[column] += step;
                residuals.values(&mut w, &x, &mut values).unwrap();
                values
            };
            let (above, below) = (at(1e-6), at(-1e-6));
            for (row, (a, b)) in above.iter().zip(below).enumerate() {
                let (slope, given) = ((a - b) / 2e-6, jacobian[row * n + column]);
                assert!((slope - given).abs() < 1e-3 * (1.0 + slope.abs()), "{slope}, {given}");
            }
        }
    }
}
