//! `--plot`: values and derivatives as curves over the one range.

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

/// The size for which lengths are given here; on another, all are scaled. Plotters rounds to whole
/// pixels, so that curves are smooth where there are many of them.
pub(crate) const SIZE: (u32, u32) = (2400, 1400);
/// A curve is drawn with at most so many columns of points, a few for each pixel.
const COLUMNS: usize = 2400;
/// Most curves: of more than this nobody could tell one from the other.
const CURVES: usize = 100;

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

/// The size of letters.
const LETTERS: f64 = 36.0;
/// The size of the title's letters.
const TITLE: f64 = 46.0;
/// Most lines of the legend; the curves that have no room there are counted.
const LEGEND: usize = 4;

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
    /// How many of them are values; the derivatives follow.
    outputs: usize,
    size: (u32, u32),
    /// How much larger it is than lengths are given for.
    scale: f64,
}

impl Plot {
    pub(super) fn new(
        path: &Path,
        size: (u32, u32),
        grid: &Grid,
        outputs: usize,
    ) -> Result<Self, Failure> {
        let ranges = grid.ranged().count();
        if ranges != 1 {
            let message = format!("--plot needs one range, given {ranges}");
            return Err(Failure::Usage(message));
        }
        let curves = outputs * (1 + grid.given().count());
        if curves > CURVES {
            let message = format!("--plot would draw {curves} curves, the limit is {CURVES}");
            return Err(Failure::Usage(message));
        }
        let (stride, curves) = (grid.len().div_ceil(COLUMNS), vec![Curve::default(); curves]);
        let path = path.to_owned();
        let file = File::create(&path).map_err(|error| failure(&path, &error))?;
        let [wide, high] = [size.0, size.1].map(f64::from);
        let scale = (wide / f64::from(SIZE.0)).min(high / f64::from(SIZE.1));
        Ok(Self { path, file, stride, seen: 0, curves, outputs, size, scale })
    }

    /// Takes a row of the table: the coordinate, the values, the derivatives.
    pub(super) fn add(&mut self, row: &[f64]) {
        let begins = self.seen.is_multiple_of(self.stride);
        self.seen += 1;
        for (curve, &y) in self.curves.iter_mut().zip(&row[1..]) {
            curve.add(row[0], y, begins);
        }
    }

    /// Draws what was taken, under a title.
    pub(super) fn draw(mut self, title: &str, heads: &[String]) -> Result<(), Failure> {
        self.curves.iter_mut().for_each(Curve::end);
        let mut svg = String::new();
        self.try_draw(title, heads, &mut svg).map_err(|error| failure(&self.path, &*error))?;
        self.file.write_all(svg.as_bytes()).map_err(|error| failure(&self.path, &error))
    }

    fn try_draw(
        &self,
        title: &str,
        heads: &[String],
        svg: &mut String,
    ) -> Result<(), Box<dyn Error>> {
        let area = SVGBackend::with_string(svg, self.size).into_drawing_area();
        area.fill(&WHITE)?;
        let (xs, ys) = (self.range(|point| point.0), self.range(|point| point.1));
        let shown = without_poles(&self.heights(), ys.clone());
        let head = self.draw_head(&area, title, &heads[1..], shown != ys)?;
        let (_, below) = area.split_vertically(head);
        let [x_step, y_step] = [&xs, &shown].map(|range| (range.end - range.start) / TICKS);
        let (x_label, y_label) = (|x: &f64| label(*x, x_step), |y: &f64| label(*y, y_step));
        let mut chart = self.chart(&below, xs, shown.clone())?;
        let text: TextStyle<'_> = ("sans-serif", self.px(LETTERS)).into();
        let mut mesh = chart.configure_mesh();
        mesh.x_label_formatter(&x_label).y_label_formatter(&y_label);
        mesh.label_style(text.clone()).axis_desc_style(text).x_desc(&heads[0]);
        mesh.light_line_style(TRANSPARENT).bold_line_style(BLACK.mix(0.12)).draw()?;
        for (number, curve) in self.curves.iter().enumerate() {
            self.draw_curve(&mut chart, &curve.within(&shown), number)?;
        }
        area.present()?;
        Ok(())
    }

    /// A length in pixels, at least one.
    fn px(&self, length: f64) -> i32 {
        (length * self.scale).round().max(1.0) as i32
    }

    /// The title and below it the legend, so that neither lies on a curve; returns their height.
    fn draw_head(
        &self,
        area: &Area<'_>,
        title: &str,
        heads: &[String],
        is_cut: bool,
    ) -> Result<i32, Box<dyn Error>> {
        let (left, right) = (self.px(60.0), self.size.0 as i32 - self.px(60.0));
        let wide = f64::from(right - left) / self.scale;
        let title = shortened(title, (wide / (0.6 * TITLE)) as usize);
        let style = ("sans-serif", self.px(TITLE)).into_font().style(FontStyle::Bold);
        area.draw_text(&title, &style.into(), (left, self.px(34.0)))?;
        let text: TextStyle<'_> = ("sans-serif", self.px(LETTERS)).into();
        let (sample, line) = (self.px(70.0), self.px(54.0));
        let (mut x, mut y, mut lines) = (left, self.px(110.0), 1);
        let mut entries: Vec<(String, Option<ShapeStyle>)> = Vec::new();
        entries.extend(
            heads
                .iter()
                .enumerate()
                .map(|(number, head)| (shortened(head, 40), Some(self.style(number)))),
        );
        if is_cut {
            entries.push(("curves go on beyond the axis".to_owned(), None));
        }
        for (at, (head, style)) in entries.iter().enumerate() {
            let needed = sample + self.px(0.62 * LETTERS * (head.chars().count() + 3) as f64);
            if x > left && x + needed > right {
                (x, y, lines) = (left, y + line, lines + 1);
            }
            if lines > LEGEND {
                let more = format!("and {} more", entries.len() - at);
                area.draw_text(&more, &text, (left, y))?;
                break;
            }
            if let Some(style) = style {
                let middle = y + self.px(LETTERS / 2.0);
                let ends = vec![(x, middle), (x + sample - self.px(14.0), middle)];
                area.draw(&PathElement::new(ends, *style))?;
            }
            area.draw_text(head, &text, (x + sample, y))?;
            x += needed;
        }
        Ok(y + line)
    }

    fn style(&self, number: usize) -> ShapeStyle {
        // Values are broad lines, and each round of colours is narrower than the one before.
        let broad = if number < self.outputs { 7.0 } else { 4.0 };
        let width = broad - (number / COLOURS.len()) as f64;
        COLOURS[number % COLOURS.len()].stroke_width(self.px(width.max(1.0)) as u32)
    }

    fn heights(&self) -> Vec<f64> {
        self.points().map(|point| point.1).collect()
    }

    fn points(&self) -> impl Iterator<Item = &(f64, f64)> {
        self.curves.iter().flat_map(|curve| curve.pieces.iter().flatten())
    }

    /// What is seen of an axis, with some room.
    fn range(&self, coordinate: impl Fn(&(f64, f64)) -> f64) -> Range<f64> {
        with_room(&self.points().map(coordinate).collect::<Vec<_>>())
    }

    fn chart<'a, 'b>(
        &self,
        area: &'a Area<'b>,
        xs: Range<f64>,
        ys: Range<f64>,
    ) -> Result<Chart<'a, 'b>, Box<dyn Error>> {
        let step = (ys.end - ys.start) / TICKS;
        let longest = [ys.start, ys.end].map(|y| label(y, step).chars().count()).into_iter().max();
        // The width of a digit, and some room.
        let wide = 50 + 21 * longest.unwrap_or(0);
        let mut builder = ChartBuilder::on(area);
        builder.margin(self.px(30.0)).margin_right(self.px(60.0));
        builder.x_label_area_size(self.px(100.0)).y_label_area_size(self.px(wide.max(150) as f64));
        Ok(builder.build_cartesian_2d(xs, ys)?)
    }

    fn draw_curve(
        &self,
        chart: &mut Chart<'_, '_>,
        pieces: &[Vec<(f64, f64)>],
        number: usize,
    ) -> Result<(), Box<dyn Error>> {
        let style = self.style(number);
        // A line of one point would not be seen.
        let alone = pieces.iter().filter(|piece| piece.len() == 1).flatten();
        let radius = self.px(if number < self.outputs { 11.0 } else { 7.0 });
        chart.draw_series(alone.map(|&point| Circle::new(point, radius, style.filled())))?;
        chart.draw_series(pieces.iter().map(|piece| PathElement::new(piece.clone(), style)))?;
        Ok(())
    }
}

type Area<'b> = DrawingArea<SVGBackend<'b>, Shift>;

/// At most so many characters of a text, on one line.
fn shortened(text: &str, limit: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(limit) {
        Some(_) => text.chars().take(limit.saturating_sub(1)).chain(['…']).collect(),
        None => text,
    }
}

/// A range that shows most of the heights, where a few would squeeze all others: those around a
/// pole. That is where the whole is many times as high as what lies between the first tenth and
/// the last.
fn without_poles(heights: &[f64], whole: Range<f64>) -> Range<f64> {
    const SQUEEZED: f64 = 12.0;
    let mut sorted = heights.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return whole };
    let [low, high] = [last / 10, last - last / 10].map(|at| sorted[at]);
    let width = high - low;
    let is_squeezed = width > 0.0 && (whole.end - whole.start) / width > SQUEEZED;
    match is_squeezed {
        true => whole.start.max(low - width)..whole.end.min(high + width),
        false => whole,
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

    /// What is seen of it between two heights: pieces that end there.
    fn within(&self, heights: &Range<f64>) -> Vec<Vec<(f64, f64)>> {
        let mut shown = Vec::new();
        for piece in &self.pieces {
            let mut part: Vec<(f64, f64)> = Vec::new();
            for (at, &point) in piece.iter().enumerate() {
                let before = at.checked_sub(1).map(|at| piece[at]);
                let crossing = before.and_then(|before| crossing(before, point, heights));
                part.extend(crossing);
                if heights.contains(&point.1) {
                    part.push(point);
                } else if !part.is_empty() {
                    shown.push(std::mem::take(&mut part));
                }
            }
            shown.extend((!part.is_empty()).then_some(part));
        }
        shown
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

/// Where the line between two points enters or leaves a range of heights. From above to below there
/// is no line: that is how a pole looks.
fn crossing(from: (f64, f64), to: (f64, f64), heights: &Range<f64>) -> Option<(f64, f64)> {
    let (inside, outside) = match [from, to].map(|point| heights.contains(&point.1)) {
        [true, false] => (from, to),
        [false, true] => (to, from),
        _ => return None,
    };
    let edge = if outside.1 < heights.start { heights.start } else { heights.end };
    let share = (edge - inside.1) / (outside.1 - inside.1);
    Some((inside.0 + share * (outside.0 - inside.0), edge))
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
    fn a_pole_does_not_squeeze_the_rest() {
        let inverse: Vec<f64> =
            (-500..=500).filter(|&i| i != 0).map(|i| 1000.0 / f64::from(i)).collect();
        let shown = without_poles(&inverse, with_room(&inverse));
        assert!(shown.start > -50.0 && shown.end < 50.0, "{shown:?}");
        // What grows and ends there is no pole.
        let grows: Vec<f64> = (0..100).map(|i| f64::from(i).powi(3)).collect();
        assert_eq!(without_poles(&grows, with_room(&grows)), with_room(&grows));
        assert_eq!(without_poles(&[], 0.0..1.0), 0.0..1.0);
    }

    #[test]
    fn a_curve_ends_at_the_edge_and_makes_no_line_through_its_pole() {
        let mut curve = Curve::default();
        for (x, y) in [(0.0, 0.0), (1.0, 4.0), (2.0, -4.0), (3.0, 0.0)] {
            curve.add(x, y, true);
        }
        curve.end();
        let shown = curve.within(&(-2.0..2.0));
        assert_eq!(shown, [[(0.0, 0.0), (0.5, 2.0)], [(2.5, -2.0), (3.0, 0.0)]]);
        assert_eq!(curve.within(&(-9.0..9.0)), curve.pieces);
    }

    #[test]
    fn ranges_have_room_and_are_never_empty() {
        assert_eq!(with_room(&[0.0, 100.0]), -4.0..104.0);
        assert_eq!(with_room(&[3.0]), 1.5..4.5);
        assert_eq!(with_room(&[]), 0.0..1.0);
        assert!(with_room(&[f64::MIN, f64::MAX]).end.is_finite());
    }
}
