//! The picture: what was counted, and the path that was fitted.

use crate::pelts::{FIRST, PELTS};
use plotters::prelude::*;
use std::error::Error;
use std::path::Path;

/// Plotters rounds to whole pixels, so that curves are smooth where there are many of them.
const SIZE: (u32, u32) = (1800, 900);
// Every eye can tell blue from orange.
const COLOURS: [RGBColor; 2] = [RGBColor(0, 84, 150), RGBColor(190, 72, 0)];
const KINDS: [&str; 2] = ["hares", "lynxes"];

/// Draws populations over the years into an SVG file, in a directory that is made if need be.
pub(crate) fn draw(
    file: &Path,
    path: &[[f64; 2]],
    steps_a_year: usize,
) -> Result<(), Box<dyn Error>> {
    if let Some(directory) = file.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let area = SVGBackend::new(file, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let first = f64::from(FIRST);
    let mut chart = ChartBuilder::on(&area)
        .caption("Pelts taken in, and the fit", ("sans-serif", 40))
        .margin(30)
        .x_label_area_size(80)
        .y_label_area_size(110)
        .build_cartesian_2d(first - 0.3..first + 20.3, 0.0..90.0)?;
    chart
        .configure_mesh()
        .disable_mesh()
        .label_style(("sans-serif", 30))
        .x_label_formatter(&|year| format!("{year:.0}"))
        .y_label_formatter(&|pelts| format!("{pelts:.0}"))
        .y_desc("thousands")
        .draw()?;
    let every = (steps_a_year / 100).max(1);
    for (kind, colour) in COLOURS.into_iter().enumerate() {
        let points = path.iter().enumerate().step_by(every);
        let line = points.map(|(i, at)| (first + i as f64 / steps_a_year as f64, at[kind]));
        let line = LineSeries::new(line, colour.stroke_width(4));
        chart
            .draw_series(line)?
            .label(KINDS[kind])
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(4)));
        let counted = PELTS.iter().enumerate();
        let circle = |(year, at): (usize, &[f64; 2])| {
            Circle::new((first + year as f64, at[kind]), 8, colour.filled())
        };
        chart.draw_series(counted.map(circle))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .label_font(("sans-serif", 30))
        .border_style(BLACK)
        .draw()?;
    area.present()?;
    Ok(())
}
