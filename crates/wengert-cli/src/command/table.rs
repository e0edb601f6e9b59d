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
use wengert_cli::shorten;

/// The steps that are evaluated before their points are written: milliseconds.
const STEPS: usize = 1 << 20;
/// The points of a batch.
const POINTS: usize = 1024;

pub(crate) fn run(options: &TableOptions, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let source = Source::read(&options.expression, &options.values)?;
    let values = Values::new(&options.values, &source.program)?;
    let grid = Grid::new(&values, source.program.inputs().len())?;
    let outputs = count_outputs(&source)?;
    let mut plot = options
        .plot
        .as_deref()
        .map(|file| Plot::new(file, options.plot_size, &grid, outputs))
        .transpose()?;
    let heads = heads(&source, &grid);
    let mut sheet = Sheet::begin(options.csv, options.digits, &heads, out)?;
    let mut evaluator = Evaluator::new(&source.program);
    let mut batch = Batch::default();
    let progress = Progress::new(grid.len());
    // Whoever reads the table may have seen enough of it; a plot has all of it nevertheless.
    let mut told = Ok(());
    let size = (STEPS / (source.program.size() + outputs * grid.inputs())).clamp(1, POINTS);
    for first in (0..grid.len()).step_by(size) {
        let points = grid.points(first..grid.len().min(first + size));
        evaluator.evaluate(&points, &mut batch).map_err(|error| source.failure(error))?;
        let points_of_batch = batch.values.len() / outputs;
        for point in 0..points_of_batch {
            let row = row(&grid, &points, &batch, point, outputs);
            if let Some(plot) = &mut plot {
                plot.add(&row);
            }
            told = told.and_then(|()| sheet.write(row));
            if plot.is_none() && told.is_err() {
                return told.map(|()| Outcome::Done);
            }
        }
        progress.advance(points_of_batch);
    }
    progress.end();
    told = told.and_then(|()| sheet.end());
    if let Some(plot) = plot {
        plot.draw(&source.program.to_string(), &heads)?;
    }
    told.map(|()| Outcome::Done)
}

/// The number of outputs, if a table can have as many columns as they need.
fn count_outputs(source: &Source) -> Result<usize, Failure> {
    const COLUMNS: usize = 100_000;
    let outputs = source.program.output_count();
    let columns = outputs.saturating_mul(source.program.inputs().len() + 1);
    if columns > COLUMNS {
        let message = format!("the table would have {columns} columns, the limit is {COLUMNS}");
        return Err(Failure::Usage(message));
    }
    Ok(outputs)
}

/// The names of the columns: coordinates, the results, derivatives.
fn heads(source: &Source, grid: &Grid) -> Vec<String> {
    let names = source.program.inputs();
    let mut heads: Vec<String> = grid.ranged().map(|input| names[input].clone()).collect();
    if !source.program.is_list() {
        heads.push(source.program.output_name().unwrap_or("value").to_owned());
        heads.extend(grid.given().map(|input| format!("d/d{}", names[input])));
        return heads;
    }
    let outputs = source.program.output_texts().map(|text| shorten(&text));
    let outputs: Vec<String> = outputs.collect();
    heads.extend(outputs.iter().cloned());
    for output in outputs {
        heads.extend(grid.given().map(|input| format!("d({output})/d{}", names[input])));
    }
    heads
}

/// The numbers of one point, in the order of the columns.
fn row(grid: &Grid, points: &[f64], batch: &Batch, point: usize, outputs: usize) -> Vec<f64> {
    let inputs = grid.inputs();
    let x = &points[point * inputs..];
    let values = &batch.values[point * outputs..][..outputs];
    let mut row: Vec<f64> = grid.ranged().map(|input| x[input]).collect();
    row.extend(values);
    for output in 0..outputs {
        let gradient = &batch.gradients[(point * outputs + output) * inputs..];
        row.extend(grid.given().map(|input| gradient[input]));
    }
    row
}
