//! `wengert table`: a grid of points.

mod evaluate;
mod grid;
mod plot;
mod progress;
mod sheet;

use super::failure::{Failure, Outcome};
use super::options::TableOptions;
use super::source::Source;
use super::values::Values;
use evaluate::{Batch, Evaluator};
use grid::Grid;
use plot::Plot;
use progress::Progress;
use sheet::Sheet;
use std::io::Write;

/// The steps that are evaluated before their points are written: milliseconds.
const STEPS: usize = 1 << 20;
/// The points of a batch.
const POINTS: usize = 1024;

pub(crate) fn run(options: &TableOptions, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let source = Source::read(&options.expression)?;
    let values = Values::new(&options.values, &source.program)?;
    let grid = Grid::new(&values, source.program.inputs().len())?;
    let mut plot = options.plot.as_deref().map(|file| Plot::new(file, &grid)).transpose()?;
    let heads = heads(&source, &grid);
    let mut sheet = Sheet::begin(options.csv, options.digits, &heads, out)?;
    let mut evaluator = Evaluator::new(&source.program);
    let mut batch = Batch::default();
    let progress = Progress::new(grid.len());
    let size = (STEPS / source.program.size()).clamp(1, POINTS);
    for first in (0..grid.len()).step_by(size) {
        let points = grid.points(first..grid.len().min(first + size));
        evaluator.evaluate(&points, &mut batch).map_err(|error| source.failure(error))?;
        for point in 0..batch.values.len() {
            let row = row(&grid, &points, &batch, point);
            if let Some(plot) = &mut plot {
                plot.add(&row);
            }
            sheet.write(row)?;
        }
        progress.advance(batch.values.len());
    }
    progress.end();
    sheet.end()?;
    if let Some(plot) = plot {
        plot.draw(&heads)?;
    }
    Ok(Outcome::Done)
}

/// The names of the columns: coordinates, the result, derivatives.
fn heads(source: &Source, grid: &Grid) -> Vec<String> {
    let names = source.program.inputs();
    let result = source.program.output_name().unwrap_or("value").to_owned();
    let coordinates = grid.ranged().map(|input| names[input].clone());
    let derivatives = grid.given().map(|input| format!("d/d{}", names[input]));
    coordinates.chain([result]).chain(derivatives).collect()
}

/// The numbers of one point, in the order of the columns.
fn row(grid: &Grid, points: &[f64], batch: &Batch, point: usize) -> Vec<f64> {
    let inputs = grid.inputs();
    let (x, gradient) = (&points[point * inputs..], &batch.gradients[point * inputs..]);
    let coordinates = grid.ranged().map(|input| x[input]);
    let derivatives = grid.given().map(|input| gradient[input]);
    coordinates.chain([batch.values[point]]).chain(derivatives).collect()
}
