//! `wengert table`: a grid of points.

mod evaluate;
mod grid;
mod plot;
mod sheet;

use super::failure::{Failure, Outcome};
use super::options::TableOptions;
use super::source::Source;
use super::values::Values;
use evaluate::{Batch, Evaluator};
use grid::Grid;
use indicatif::{ProgressBar, ProgressStyle};
use plot::Plot;
use sheet::Sheet;
use std::io::{IsTerminal, Write};

/// How many points are evaluated before they are written.
const BATCH: usize = 1024;

pub(crate) fn run(options: &TableOptions, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let source = Source::read(&options.expression)?;
    let values = Values::new(&options.values, &source.program)?;
    let grid = Grid::new(&values, source.program.inputs().len())?;
    let mut plot = options.plot.as_deref().map(|file| Plot::new(file, &grid)).transpose()?;
    let heads = heads(&source, &grid);
    let mut sheet = Sheet::begin(options.csv, options.digits, &heads, out)?;
    let mut evaluator = Evaluator::new(&source.program);
    let mut batch = Batch::default();
    let bar = progress(grid.len());
    for first in (0..grid.len()).step_by(BATCH) {
        let points = grid.points(first..grid.len().min(first + BATCH));
        evaluator.evaluate(&points, &mut batch).map_err(|error| source.failure(error))?;
        for point in 0..batch.values.len() {
            let row = row(&grid, &points, &batch, point);
            if let Some(plot) = &mut plot {
                plot.add(&row);
            }
            sheet.write(row)?;
        }
        bar.inc(batch.values.len() as u64);
    }
    bar.finish_and_clear();
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

/// A bar on standard error where a run is long; none where the table itself runs over the
/// terminal.
fn progress(points: usize) -> ProgressBar {
    const LONG: usize = 100_000;
    if points < LONG || std::io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let template = "{bar:40} {human_pos} of {human_len} points, {eta} left";
    let style = ProgressStyle::with_template(template).expect("the template is well-formed");
    ProgressBar::new(points as u64).with_style(style)
}
