//! The style sheet, in light and dark.

use super::write::FACES;
use std::fmt::Write;

/// The colours of a picture.
///
/// # Example
/// ```
/// use wengert_graph::{Picture, Snapshot, Theme};
/// let snapshot = Snapshot::new();
/// assert!(Picture::of(&snapshot).svg(Theme::Auto).contains("prefers-color-scheme: dark"));
/// assert!(!Picture::of(&snapshot).svg(Theme::Dark).contains("prefers-color-scheme"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Light or dark as the reader's system is, and light in print.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// The colours by name of class, light and dark.
///
/// The signs' blue and vermilion, and the green and purple of roles, are those of Okabe and Ito's
/// palette (2008) for all kinds of colour vision, made darker or lighter until text in them has a
/// contrast of 4.5 to its ground (WCAG 2).
struct Colours {
    page: &'static str,
    card: &'static str,
    ink: &'static str,
    faint: &'static str,
    input: &'static str,
    parameter: &'static str,
    constant: &'static str,
    operation: &'static str,
    output: &'static str,
    positive: &'static str,
    negative: &'static str,
    neutral: &'static str,
    bad: &'static str,
}

const LIGHT: Colours = Colours {
    page: "#ffffff",
    card: "#ffffff",
    ink: "#18212b",
    faint: "#5f6b7a",
    input: "#9a6a00",
    parameter: "#8549a0",
    constant: "#66717f",
    operation: "#5a6878",
    output: "#00785a",
    positive: "#0a66a8",
    negative: "#c04a00",
    neutral: "#a3adb9",
    bad: "#c8102e",
};

const DARK: Colours = Colours {
    page: "#10151c",
    card: "#19212b",
    ink: "#e8edf3",
    faint: "#9aa7b5",
    input: "#e3b341",
    parameter: "#cfa3e6",
    constant: "#9aa5b3",
    operation: "#93a4b8",
    output: "#3fcf9f",
    positive: "#6cb8f6",
    negative: "#f79a55",
    neutral: "#566272",
    bad: "#ff6b78",
};

/// The sheet of a theme.
pub(super) fn sheet(theme: Theme) -> String {
    let mut sheet = format!("<style>\n{}", shapes());
    match theme {
        Theme::Light => colours(&mut sheet, &LIGHT),
        Theme::Dark => colours(&mut sheet, &DARK),
        Theme::Auto => {
            colours(&mut sheet, &LIGHT);
            // Ink on paper: whatever the screen looks like.
            sheet.push_str("@media screen and (prefers-color-scheme: dark) {\n");
            colours(&mut sheet, &DARK);
            sheet.push_str("}\n");
        }
    }
    sheet + "</style>"
}

/// What does not depend on colours.
fn shapes() -> String {
    format!(
        "\
.wg text {{ font-family: {FACES}; font-size: 12px; font-variant-numeric: tabular-nums; }}
.wg .wg-title {{ font-size: 16px; font-weight: bold; }}
.wg .wg-name {{ font-size: 12.5px; font-weight: bold; }}
.wg .wg-key, .wg .wg-note {{ font-size: 10.5px; }}
.wg .wg-sign {{ font-size: 13px; font-weight: bold; }}
.wg .wg-box {{ stroke-width: 1.4; }}
.wg .wg-parameter .wg-box {{ stroke-dasharray: 6 2.5; }}
.wg .wg-constant .wg-box {{ stroke-dasharray: 1.5 2.5; }}
.wg .wg-output .wg-box {{ stroke-width: 2.8; }}
.wg .wg-lead {{ stroke-width: 1.4; }}
.wg .wg-frame {{ fill: none; stroke-width: 0.6; }}
.wg .wg-link {{ fill: none; stroke-linecap: round; stroke-opacity: 0.8; }}
.wg .wg-zero.wg-link {{ stroke-dasharray: 2 4; }}
.wg .wg-back {{ stroke-dasharray: 7 4; }}
"
    )
}

fn colours(sheet: &mut String, colours: &Colours) {
    let Colours { page, card, ink, faint, neutral, bad, positive, negative, .. } = colours;
    write!(
        sheet,
        "\
.wg text {{ fill: {ink}; }}
.wg .wg-page {{ fill: {page}; }}
.wg .wg-box {{ fill: {card}; }}
.wg .wg-key, .wg .wg-note {{ fill: {faint}; }}
.wg .wg-lead, .wg .wg-frame {{ stroke: {neutral}; }}
.wg .wg-link {{ stroke: {neutral}; }}
.wg .wg-positive.wg-link {{ stroke: {positive}; }}
.wg .wg-negative.wg-link {{ stroke: {negative}; }}
.wg .wg-bad.wg-link {{ stroke: {bad}; }}
.wg .wg-positive.wg-fill {{ fill: {positive}; }}
.wg .wg-negative.wg-fill {{ fill: {negative}; }}
.wg .wg-bad.wg-fill {{ fill: {bad}; }}
.wg .wg-unknown.wg-fill, .wg .wg-zero.wg-fill {{ fill: {neutral}; }}
.wg text.wg-zero {{ fill: {faint}; }}
.wg text.wg-bad {{ fill: {bad}; font-weight: bold; }}
"
    )
    .expect("a string takes all");
    for (role, colour) in roles(colours) {
        write!(
            sheet,
            "\
.wg .wg-{role} .wg-box {{ stroke: {colour}; }}
.wg .wg-{role} .wg-band {{ fill: {colour}; fill-opacity: 0.16; }}
"
        )
        .expect("a string takes all");
    }
    writeln!(sheet, ".wg .wg-alarm .wg-box {{ stroke: {bad}; stroke-width: 2.8; }}")
        .expect("a string takes all");
}

const fn roles(colours: &Colours) -> [(&'static str, &'static str); 5] {
    let Colours { input, parameter, constant, operation, output, .. } = colours;
    [
        ("input", input),
        ("parameter", parameter),
        ("constant", constant),
        ("operation", operation),
        ("output", output),
    ]
}
