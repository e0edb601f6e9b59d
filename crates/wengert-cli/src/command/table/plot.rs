//! `--plot`: value and derivatives as curves over the one range.

use super::grid::Grid;
use crate::command::failure::Failure;
use crate::command::number;
use plotters::coord::{Shift, types::RangedCoordf64};
use plotters::prelude::*;
use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Plotters rounds to whole pixels, so that curves are smooth where there are many of them.
const SIZE: (u32, u32) = (2400, 1400);
/// A curve is drawn with at most so many columns of points, a few for each pixel.
const COLUMNS: usize = 2400;

/// Colours that are told apart by every eye, after Okabe and Ito
/// (<https://jfly.uni-koeln.de/color/>), the darkest for the value itself.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 0, 0),
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
];

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// The rows of a table, thinned to what a picture can show.
#[derive(Debug)]
pub(super) struct Plot {
    path: PathBuf,
    /// Opened before anything is computed, which may take long.
    file: File,
    /// How many rows share a column of the picture.
    stride: usize,
    /// How many rows were seen.
    seen: usize,
    /// Of each curve, what is drawn.
    curves: Vec<Curve>,
}

impl Plot {
    pub(super) fn new(path: &Path, grid: &Grid) -> Result<Self, Failure> {
        let ranges = grid.ranged().count();
        if ranges != 1 {
            let message = format!("--plot needs one range, given {ranges}");
            return Err(Failure::Usage(message));
        }
        let stride = grid.len().div_ceil(COLUMNS);
        let curves = vec![Curve::default(); 1 + grid.given().count()];
        let path = path.to_owned();
        let file = File::create(&path).map_err(|error| failure(&path, &error))?;
        Ok(Self { path, file, stride, seen: 0, curves })
    }

    /// Takes a row of the table: the coordinate, the value, the derivatives.
    pub(super) fn add(&mut self, row: &[f64]) {
        let begins = self.seen.is_multiple_of(self.stride);
        self.seen += 1;
        for (curve, &y) in self.curves.iter_mut().zip(&row[1..]) {
            curve.add(row[0], y, begins);
        }
    }

    /// Draws what was taken.
    pub(super) fn draw(mut self, heads: &[String]) -> Result<(), Failure> {
        self.curves.iter_mut().for_each(Curve::end);
        let mut svg = String::new();
        self.try_draw(heads, &mut svg).map_err(|error| failure(&self.path, &*error))?;
        self.file.write_all(svg.as_bytes()).map_err(|error| failure(&self.path, &error))
    }

    fn try_draw(&self, heads: &[String], svg: &mut String) -> Result<(), Box<dyn Error>> {
        let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let [xs, ys] = self.ranges();
        let [x_step, y_step] = [&xs, &ys].map(|range| (range.end - range.start) / TICKS);
        let (x_label, y_label) = (|x: &f64| label(*x, x_step), |y: &f64| label(*y, y_step));
        let mut chart = chart(&area, xs, ys)?;
        let text: TextStyle<'_> = ("sans-serif", 36).into();
        let mut mesh = chart.configure_mesh();
        mesh.x_label_formatter(&x_label).y_label_formatter(&y_label);
        mesh.label_style(text.clone()).axis_desc_style(text.clone()).x_desc(&heads[0]);
        mesh.light_line_style(TRANSPARENT).bold_line_style(BLACK.mix(0.12)).draw()?;
        for (number, (curve, head)) in self.curves.iter().zip(&heads[1..]).enumerate() {
            draw_curve(&mut chart, curve, head, number)?;
        }
        let mut legend = chart.configure_series_labels();
        legend.legend_area_size(70).margin(24).label_font(text).border_style(BLACK.mix(0.3));
        legend.background_style(WHITE.mix(0.85)).draw()?;
        area.present()?;
        Ok(())
    }

    /// What is seen of both axes, with some room.
    fn ranges(&self) -> [Range<f64>; 2] {
        let points = || self.curves.iter().flat_map(|curve| curve.pieces.iter().flatten());
        [points().map(|point| point.0).collect(), points().map(|point| point.1).collect()]
            .map(|numbers: Vec<f64>| with_room(&numbers))
    }
}

fn failure(path: &Path, error: &dyn Error) -> Failure {
    Failure::File(format!("cannot draw {}: {error}", path.display()))
}

/// About so many numbers stand at an axis.
const TICKS: f64 = 10.0;

/// The text of a number at an axis whose numbers are about so far apart.
fn label(x: f64, step: f64) -> String {
    if x.abs() < 1e-6 * step {
        return "0".to_owned();
    }
    let digits = x.abs().log10().floor() - step.log10().floor() + 2.0;
    number::significant(x, digits.clamp(1.0, 17.0) as u8)
}

fn with_room(numbers: &[f64]) -> Range<f64> {
    let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let width = high - low;
    if !width.is_finite() {
        // No number at all, or numbers that are too far apart to subtract.
        return if low.is_finite() { f64::MIN / 4.0..f64::MAX / 4.0 } else { 0.0..1.0 };
    }
    let room = if width > 0.0 { 0.04 * width } else { 0.5 * low.abs().max(1.0) };
    low - room..high + room
}

fn chart<'a, 'b>(
    area: &'a DrawingArea<SVGBackend<'b>, Shift>,
    xs: Range<f64>,
    ys: Range<f64>,
) -> Result<Chart<'a, 'b>, Box<dyn Error>> {
    let step = (ys.end - ys.start) / TICKS;
    let longest = [ys.start, ys.end].map(|y| label(y, step).chars().count()).into_iter().max();
    // The width of a digit, and some room.
    let wide = 50 + 21 * longest.unwrap_or(0) as u32;
    let mut builder = ChartBuilder::on(area);
    builder.margin(30).margin_right(60).x_label_area_size(100).y_label_area_size(wide.max(150));
    Ok(builder.build_cartesian_2d(xs, ys)?)
}

fn draw_curve<'a, 'b: 'a>(
    chart: &mut Chart<'a, 'b>,
    curve: &Curve,
    head: &str,
    number: usize,
) -> Result<(), Box<dyn Error>> {
    // The value is a broad line, and each round of colours is narrower than the one before.
    let width = if number == 0 { 7 } else { 4_u32.saturating_sub((number / COLOURS.len()) as u32) };
    let style = COLOURS[number % COLOURS.len()].stroke_width(width.max(1));
    // A line of one point would not be seen.
    let alone = curve.pieces.iter().filter(|piece| piece.len() == 1).flatten();
    let radius = if number == 0 { 11 } else { 7 };
    chart.draw_series(alone.map(|&point| Circle::new(point, radius, style.filled())))?;
    let pieces = curve.pieces.iter().map(|piece| PathElement::new(piece.clone(), style));
    chart
        .draw_series(pieces)?
        .label(head)
        .legend(move |(x, y)| PathElement::new([(x, y), (x + 60, y)], style));
    Ok(())
}

/// A curve: pieces between which it is not finite.
#[derive(Clone, Debug, Default)]
struct Curve {
    pieces: Vec<Vec<(f64, f64)>>,
    /// The lowest and the highest point of the column that is being filled.
    column: Option<[(f64, f64); 2]>,
    is_broken: bool,
}

impl Curve {
    /// Takes a point; `begins` tells that it is the first one of a column.
    fn add(&mut self, x: f64, y: f64, begins: bool) {
        if begins {
            self.end();
        }
        if !y.is_finite() {
            self.end();
            self.is_broken = true;
            return;
        }
        let [low, high] = self.column.unwrap_or([(x, y); 2]);
        let low = if y < low.1 { (x, y) } else { low };
        let high = if y > high.1 { (x, y) } else { high };
        self.column = Some([low, high]);
    }

    /// Appends the column to the curve.
    fn end(&mut self) {
        let Some([low, high]) = self.column.take() else { return };
        if std::mem::take(&mut self.is_broken) || self.pieces.is_empty() {
            self.pieces.push(Vec::new());
        }
        let piece = self.pieces.last_mut().expect("a piece was just begun");
        let [first, second] = if low.0 <= high.0 { [low, high] } else { [high, low] };
        piece.push(first);
        if second != first {
            piece.push(second);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(ys: &[f64], stride: usize) -> Vec<Vec<(f64, f64)>> {
        let mut curve = Curve::default();
        for (x, &y) in ys.iter().enumerate() {
            curve.add(x as f64, y, x % stride == 0);
        }
        curve.end();
        curve.pieces
    }

    #[test]
    fn a_curve_breaks_where_it_is_not_finite() {
        let pieces = curve(&[1.0, 2.0, f64::NAN, 3.0], 1);
        assert_eq!(pieces, [vec![(0.0, 1.0), (1.0, 2.0)], vec![(3.0, 3.0)]]);
    }

    #[test]
    fn a_curve_that_begins_with_a_gap_is_one_piece() {
        let pieces = curve(&[f64::NAN, 1.0, 2.0, 3.0], 1);
        assert_eq!(pieces, [[(1.0, 1.0), (2.0, 2.0), (3.0, 3.0)]]);
    }

    #[test]
    fn labels_are_short_and_tell_apart() {
        assert_eq!(label(0.30000000000000004, 0.1), "0.3");
        assert_eq!(label(-0.0, 0.1), "0");
        assert_eq!(label(2e300, 2e299), "2e300");
        assert_eq!(label(1.0 + 3e-9, 1e-9), "1.000000003");
    }

    #[test]
    fn a_column_keeps_its_lowest_and_its_highest_point() {
        let pieces = curve(&[0.0, 9.0, 1.0, 1.0, -7.0, 2.0], 3);
        assert_eq!(pieces, [[(0.0, 0.0), (1.0, 9.0), (4.0, -7.0), (5.0, 2.0)]]);
    }

    #[test]
    fn ranges_have_room_and_are_never_empty() {
        assert_eq!(with_room(&[0.0, 100.0]), -4.0..104.0);
        assert_eq!(with_room(&[3.0]), 1.5..4.5);
        assert_eq!(with_room(&[]), 0.0..1.0);
        assert!(with_room(&[f64::MIN, f64::MAX]).end.is_finite());
    }
}
