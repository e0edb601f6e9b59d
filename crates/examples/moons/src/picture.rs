//! The picture: what the network has learnt, and how its loss fell.

use crate::data::Point;
use crate::network::Network;
use crate::regions::{Frame, levels, regions};
use plotters::coord::{Shift, types::RangedCoordf64};
use plotters::prelude::*;
use std::error::Error;
use std::path::Path;
use wengert::Var;

/// Plotters rounds to whole pixels, so that curves are smooth where there are many of them.
const SIZE: (u32, u32) = (2400, 960);
/// The part of the plane that is shown.
const FRAME: Frame = Frame { x: (-1.5, 2.5), y: (-1.2, 1.7) };

// Every eye can tell blue from orange.
const LOWER: RGBColor = RGBColor(0, 84, 150);
const UPPER: RGBColor = RGBColor(190, 72, 0);

type Result<T> = std::result::Result<T, Box<dyn Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Draws three panels into an SVG file, in a directory that is made if need be.
pub(crate) fn draw(
    file: &Path,
    points: &[Point],
    trained: &Network<'_>,
    losses: &[f64],
) -> Result<()> {
    if let Some(directory) = file.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let area = SVGBackend::new(file, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let (boundary, rest) = area.split_horizontally(1260);
    let (scale, loss) = rest.split_horizontally(190);
    draw_boundary(&boundary, points, trained)?;
    draw_scale(&scale)?;
    draw_losses(&loss, losses)?;
    area.present()?;
    Ok(())
}

/// What the panels have in common, so that their frames stand at the same height.
fn panel<'a, 'b>(area: &'a Area<'b>, title: &str) -> ChartBuilder<'a, 'b, SVGBackend<'b>> {
    let mut panel = ChartBuilder::on(area);
    panel.caption(title, ("sans-serif", 40)).margin_top(20).margin_bottom(10);
    panel.x_label_area_size(90);
    panel
}

fn text() -> TextStyle<'static> {
    ("sans-serif", 32).into()
}

/// The points, over the probability that the network gives to the upper moon.
fn draw_boundary(area: &Area<'_>, points: &[Point], trained: &Network<'_>) -> Result<()> {
    let Frame { x, y } = FRAME;
    let mut chart = panel(area, "Decision boundary")
        .margin_left(20)
        .y_label_area_size(110)
        .build_cartesian_2d(x.0..x.1, y.0..y.1)?;
    chart.draw_series([Rectangle::new([(x.0, y.0), (x.1, y.1)], shade(0.0).filled())])?;
    let regions = regions(&FRAME, |at| trained.logit(&at.map(Var::constant)).sigmoid().value())?;
    for region in &regions {
        chart.draw_series([Polygon::new(region.ring.as_slice(), shade(region.level))])?;
    }
    let boundary = regions.iter().filter(|region| region.level == 0.5);
    // Where a ring runs outside the frame, it only closes its region.
    let pieces = boundary.flat_map(|region| region.ring.split(|at| !FRAME.contains(at)));
    chart.draw_series(pieces.map(|piece| PathElement::new(piece, BLACK.stroke_width(3))))?;
    draw_points(&mut chart, points)?;
    let mut mesh = chart.configure_mesh();
    mesh.disable_mesh().label_style(text()).axis_desc_style(text());
    mesh.x_desc("x").y_desc("y").draw()?;
    Ok(())
}

/// The moons differ in shape as well as in colour, for prints in grey.
fn draw_points<'a, 'b: 'a>(chart: &mut Chart<'a, 'b>, points: &[Point]) -> Result<()> {
    let moon = |moon| points.iter().filter(move |p| p.moon == moon).map(|p| (p.at[0], p.at[1]));
    chart.draw_series(moon(1.0).map(circle))?.label("upper moon").legend(circle);
    chart.draw_series(moon(0.0).map(triangle))?.label("lower moon").legend(triangle);
    let mut legend = chart.configure_series_labels();
    legend.position(SeriesLabelPosition::UpperLeft).legend_area_size(24).margin(24);
    legend.label_font(text()).background_style(WHITE.mix(0.85)).draw()?;
    Ok(())
}

fn circle<C>(at: C) -> Circle<C, i32> {
    Circle::new(at, 10, UPPER.filled())
}

fn triangle<C>(at: C) -> TriangleMarker<C, i32> {
    TriangleMarker::new(at, 14, LOWER.filled())
}

/// The shades and their probabilities.
fn draw_scale(area: &Area<'_>) -> Result<()> {
    let mut chart = panel(area, " ")
        .right_y_label_area_size(110)
        .margin_left(20)
        .build_cartesian_2d(0.0..1.0, 0.0..1.0)?;
    let step = |level| Rectangle::new([(0.0, level), (1.0, 1.0)], shade(level).filled());
    chart.draw_series(levels().map(step))?;
    let mut mesh = chart.configure_mesh();
    mesh.disable_mesh().disable_x_axis().label_style(text()).axis_desc_style(text());
    mesh.y_desc("probability of the upper moon").draw()?;
    Ok(())
}

fn draw_losses(area: &Area<'_>, losses: &[f64]) -> Result<()> {
    let highest = losses.iter().copied().fold(0.0, f64::max);
    let mut chart = panel(area, "Training")
        .margin_left(30)
        .y_label_area_size(110)
        .margin_right(40)
        .build_cartesian_2d(0..losses.len(), 0.0..1.05 * highest)?;
    let mut mesh = chart.configure_mesh();
    mesh.light_line_style(TRANSPARENT).label_style(text()).axis_desc_style(text());
    mesh.x_desc("epoch").y_desc("loss").draw()?;
    let curve = losses.iter().copied().enumerate();
    chart.draw_series(LineSeries::new(curve, BLACK.stroke_width(4)))?;
    Ok(())
}

/// From the lower moon's colour over white to the upper moon's: the middle of the tenth that
/// begins at `level`.
fn shade(level: f64) -> RGBColor {
    let distance = 2.0 * (level + 0.05) - 1.0;
    let RGBColor(r, g, b) = if distance > 0.0 { UPPER } else { LOWER };
    let mix = |c: u8| (255.0 - 0.6 * distance.abs() * (255.0 - f64::from(c))).round() as u8;
    RGBColor(mix(r), mix(g), mix(b))
}
