//! The picture: what one camera saw, and the points from above, before and after.

use crate::scene::Scene;
use plotters::coord::Shift;
use plotters::prelude::*;
use std::error::Error;
use std::ops::Range;
use std::path::Path;

const SIZE: (u32, u32) = (2000, 1060);
// Every eye can tell blue from orange.
const BEFORE: RGBColor = RGBColor(190, 72, 0);
const AFTER: RGBColor = RGBColor(0, 84, 150);

type Result<T> = std::result::Result<T, Box<dyn Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// A point of the plane.
type Place = (f64, f64);

/// Draws two panels into an SVG file, in a directory that is made if need be.
pub(crate) fn draw(file: &Path, scene: &Scene, solved: &[f64]) -> Result<()> {
    if let Some(directory) = file.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let area = SVGBackend::new(file, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let (left, right) = area.split_horizontally(SIZE.0 / 2);

    // Of the last camera, with y downward as in images.
    let image = |pixels: &[f64]| -> Vec<Place> {
        let each = pixels.len() / scene.cameras;
        pixels[pixels.len() - each..].chunks(2).map(|at| (at[0], -at[1])).collect()
    };
    let panel = Panel { title: "What the last camera saw", unit: "pixels", truth: "seen" };
    let pixels = [image(&scene.project(&scene.start)), image(&scene.project(solved))];
    panel.draw(&left, &image(&scene.seen), &pixels)?;

    let above = |x: &[f64]| scene.points(x).chunks(3).map(|at| (at[0], at[2])).collect::<Vec<_>>();
    let panel = Panel { title: "The points from above", unit: "lengths", truth: "true" };
    panel.draw(&right, &above(&scene.truth), &[above(&scene.start), above(solved)])?;
    area.present()?;
    Ok(())
}

/// What panels differ in.
struct Panel {
    title: &'static str,
    unit: &'static str,
    truth: &'static str,
}

impl Panel {
    /// Each point as it is, with where it was guessed to be and where it was found.
    fn draw(&self, area: &Area<'_>, truth: &[Place], found: &[Vec<Place>; 2]) -> Result<()> {
        let (x, y) = frame(truth.iter().chain(&found[0]));
        let mut chart = ChartBuilder::on(area)
            .caption(self.title, ("sans-serif", 40))
            .margin(30)
            .x_label_area_size(80)
            .y_label_area_size(100)
            .build_cartesian_2d(x, y)?;
        let text = ("sans-serif", 28);
        let mut mesh = chart.configure_mesh();
        mesh.disable_mesh().label_style(text).x_desc(self.unit).draw()?;
        let [before, after] = found;
        let error = |(&a, &b)| PathElement::new([a, b], BEFORE.mix(0.5).stroke_width(3));
        chart.draw_series(truth.iter().zip(before).map(error))?;
        let before = before.iter().copied().map(guessed);
        chart.draw_series(before)?.label("guessed").legend(guessed);
        chart.draw_series(after.iter().copied().map(found_at))?.label("found").legend(found_at);
        chart.draw_series(truth.iter().copied().map(ring))?.label(self.truth).legend(ring);
        let mut legend = chart.configure_series_labels();
        legend.position(SeriesLabelPosition::UpperRight).legend_area_size(30).margin(20);
        legend.label_font(text).background_style(WHITE.mix(0.85)).border_style(BLACK).draw()?;
        Ok(())
    }
}

// Marks differ in shape as well as in colour, for prints in grey.

fn guessed<C>(at: C) -> TriangleMarker<C, i32> {
    TriangleMarker::new(at, 9, BEFORE.filled())
}

fn found_at<C>(at: C) -> Circle<C, i32> {
    Circle::new(at, 6, AFTER.filled())
}

fn ring<C>(at: C) -> Circle<C, i32> {
    Circle::new(at, 12, BLACK.stroke_width(2))
}

/// Room for all places, with a margin.
fn frame<'p>(places: impl Iterator<Item = &'p Place> + Clone) -> (Range<f64>, Range<f64>) {
    let range = |coordinates: &mut dyn Iterator<Item = f64>| {
        let (low, high) =
            coordinates.fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)));
        let margin = 0.1 * (high - low);
        low - margin..high + 2.0 * margin
    };
    (range(&mut places.clone().map(|at| at.0)), range(&mut places.map(|at| at.1)))
}
