//! Time against size, on logarithmic axes.

use std::{error::Error, ops::Range, path::Path};

use plotters::{coord::combinators::LogCoord, prelude::*};

use crate::{
    gradbench::{Entry, SUITE, Tool},
    table::Estimates,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A point is a number of operations and a time in milliseconds.
type Point = (f64, f64);

/// A picture with logarithmic axes.
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<LogCoord<f64>, LogCoord<f64>>>;

/// The measured points of one tool.
struct Curve {
    tool: &'static str,
    color: RGBColor,
    points: Vec<Point>,
}

/// In whole pixels, to which plotters rounds.
const SIZE: (u32, u32) = (1600, 1000);

/// Colours that can be told apart in print and by every eye (M. Okabe and K. Ito, 2008, with a brown
/// for the yellow that is none on white), in the order of tools; black is the plain function.
const COLORS: [RGBColor; 9] = [
    RGBColor(0, 0, 0),
    RGBColor(0, 158, 115),
    RGBColor(213, 94, 0),
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(128, 128, 128),
    RGBColor(110, 60, 20),
];

/// Draws each problem that was measured at two sizes or more into `directory`.
///
/// # Errors
///
/// If a file cannot be written.
pub fn draw_all(estimates: &Estimates, directory: &Path) -> Result<()> {
    for problem in problems() {
        let curves = curves(problem, estimates);
        if curves.iter().any(|curve| curve.points.len() > 1) {
            draw(problem, &curves, &directory.join(format!("{problem}.svg")))?;
        }
    }
    Ok(())
}

/// The names of the problems in their order.
fn problems() -> Vec<&'static str> {
    let mut names: Vec<_> = SUITE.iter().map(|entry| entry.problem).collect();
    names.dedup();
    names
}

fn curves(problem: &str, estimates: &Estimates) -> Vec<Curve> {
    let entries: Vec<&Entry> = SUITE.iter().filter(|entry| entry.problem == problem).collect();
    let sizes: Vec<f64> = entries.iter().map(|entry| entry.case().operations() as f64).collect();
    let tools = Tool::all().into_iter().map(Tool::name).zip(COLORS);
    let curve = |(tool, color)| {
        let time = |entry: &&Entry| estimates.median(&entry.group(), tool, entry.size);
        let pairs = sizes.iter().zip(&entries);
        let points = pairs.filter_map(|(&size, entry)| Some((size, time(entry)? * 1e-6))).collect();
        Curve { tool, color, points }
    };
    tools.map(curve).filter(|curve| !curve.points.is_empty()).collect()
}

/// The whole powers of ten around some positive numbers.
fn decades(numbers: impl Iterator<Item = f64>) -> Range<f64> {
    let (least, most) =
        numbers.fold((f64::MAX, f64::MIN_POSITIVE), |(a, b), x| (a.min(x), b.max(x)));
    10_f64.powf(least.log10().floor())..10_f64.powf(most.log10().floor() + 1.0)
}

/// A power of ten by its name; what lies between has none, as there is no room for it.
fn label(tick: f64) -> String {
    let exponent = tick.log10();
    let is_power = (exponent - exponent.round()).abs() < 1e-9;
    if is_power { format!("1e{exponent:.0}") } else { String::new() }
}

fn draw(problem: &str, curves: &[Curve], file: &Path) -> Result<()> {
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let (x, y) = (decades(points().map(|point| point.0)), decades(points().map(|point| point.1)));
    let area = SVGBackend::new(file, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(format!("{problem}: time of a gradient"), ("sans-serif", 40))
        .margin(20)
        .x_label_area_size(80)
        .y_label_area_size(120)
        .build_cartesian_2d(x.log_scale(), y.log_scale())?;
    draw_axes(&mut chart)?;
    draw_curves(&mut chart, curves)?;
    Ok(area.present()?)
}

fn draw_axes(chart: &mut Chart<'_, '_>) -> Result<()> {
    chart
        .configure_mesh()
        .x_desc("operations of the plain function")
        .y_desc("milliseconds")
        .label_style(("sans-serif", 26))
        .x_label_formatter(&|&tick| label(tick))
        .y_label_formatter(&|&tick| label(tick))
        .light_line_style(WHITE)
        .draw()?;
    Ok(())
}

/// The curves, and which tool is which.
fn draw_curves<'a, 'b: 'a>(chart: &mut Chart<'a, 'b>, curves: &[Curve]) -> Result<()> {
    for &Curve { tool, color, ref points } in curves {
        chart
            .draw_series(
                LineSeries::new(points.iter().copied(), color.stroke_width(3)).point_size(6),
            )?
            .label(tool)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 40, y)], color.stroke_width(3)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .label_font(("sans-serif", 26))
        .legend_area_size(60)
        .background_style(WHITE)
        .border_style(BLACK)
        .draw()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_names_every_tool_that_was_measured() {
        let file = std::env::temp_dir().join(format!("plot-{}.svg", std::process::id()));
        let curve = |tool, factor: f64| Curve {
            tool,
            color: COLORS[0],
            points: vec![(1e3, factor), (1e6, 1e3 * factor)],
        };
        draw("lse", &[curve("plain-f64", 1.0), curve("echidna", 6.0)], &file).expect("it is drawn");
        let svg = std::fs::read_to_string(&file).expect("it was written");
        std::fs::remove_file(&file).expect("it was written");
        for word in ["plain-f64", "echidna", "lse: time of a gradient"] {
            assert!(svg.contains(word), "{word} is missing");
        }
    }

    #[test]
    fn axes_run_from_one_power_of_ten_to_another() {
        let range = decades([40.0, 0.3, 2.0].into_iter());
        assert_eq!((label(range.start), label(range.end)), ("1e-1".into(), "1e2".into()));
        assert_eq!(label(20.0), "");
    }

    #[test]
    fn each_tool_has_a_colour_of_its_own() {
        assert_eq!(Tool::all().len(), COLORS.len());
    }

    #[test]
    fn each_problem_is_drawn_once() {
        assert_eq!(problems(), ["lse", "llsq", "ode", "ode-zero", "gmm", "lstm", "ba"]);
    }
}
