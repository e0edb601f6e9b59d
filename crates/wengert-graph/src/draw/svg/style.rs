//! The style sheet, in light and dark.

use super::write::FACES;
use crate::Role;
use crate::draw::colour::{Colours, DARK, LIGHT};
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
.wg .wg-operand {{ font-size: 11px; font-style: italic; paint-order: stroke; stroke-width: 3px; stroke-linejoin: round; }}
.wg .wg-sign {{ font-size: 13px; font-weight: bold; }}
.wg .wg-box {{ stroke-width: 1.4; }}
.wg .wg-parameter .wg-box {{ stroke-dasharray: 6 2.5; }}
.wg .wg-constant .wg-box {{ stroke-dasharray: 1.5 2.5; }}
.wg .wg-output .wg-box {{ stroke-width: 2.8; }}
.wg .wg-lead {{ stroke-width: 1.4; }}
.wg .wg-frame {{ fill: none; stroke-width: 0.6; }}
.wg .wg-link {{ fill: none; stroke-linecap: round; stroke-opacity: 0.8; }}
.wg .wg-zero.wg-link {{ stroke-dasharray: 2 4; }}
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
.wg .wg-operand {{ stroke: {page}; }}
.wg .wg-lead, .wg .wg-frame {{ stroke: {neutral}; }}
.wg .wg-link {{ stroke: {neutral}; }}
.wg .wg-positive.wg-link {{ stroke: {positive}; }}
.wg .wg-negative.wg-link {{ stroke: {negative}; }}
.wg .wg-bad.wg-link {{ stroke: {bad}; }}
.wg .wg-positive.wg-fill {{ fill: {positive}; }}
.wg .wg-negative.wg-fill {{ fill: {negative}; }}
.wg .wg-bad.wg-fill {{ fill: {bad}; }}
.wg .wg-unknown.wg-fill, .wg .wg-zero.wg-fill {{ fill: {neutral}; }}
.wg text.wg-mark {{ fill: {ink}; }}
.wg text.wg-zero {{ fill: {faint}; }}
.wg text.wg-bad {{ fill: {bad}; font-weight: bold; }}
"
    )
    .expect("a string takes all");
    for role in Role::ALL {
        let (name, colour) = (role.name(), colours.role(role));
        write!(
            sheet,
            "\
.wg .wg-{name} .wg-box {{ stroke: {colour}; }}
.wg .wg-{name} .wg-band {{ fill: {colour}; fill-opacity: 0.16; }}
"
        )
        .expect("a string takes all");
    }
    writeln!(sheet, ".wg .wg-alarm .wg-box {{ stroke: {bad}; stroke-width: 2.8; }}")
        .expect("a string takes all");
}
