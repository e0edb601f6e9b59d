//! The comparisons on which the path depends, a line each, between picture and legend.

use super::write::Svg;
use crate::Picture;
use crate::draw::guards;
use crate::text::label::{shortened, visible};
use crate::text::width::width;

/// The height of a line, and the room above the first.
const LINE: f64 = 17.0;
const ROOM: f64 = 18.0;

/// Most characters of a line; hovering shows it whole.
const LONGEST: usize = 120;

/// The lines, each with what hovering shows.
pub(super) struct Guards(Vec<(String, String)>);

impl Guards {
    pub(super) fn of(picture: &Picture<'_>) -> Self {
        let snapshot = picture.snapshot();
        let line = |(number, guard): (usize, &crate::Guard)| {
            let text =
                format!("◇{number}  {}  ({})", visible(&guard.text), visible(&guard.short_place()));
            (shortened(&text, LONGEST).into_owned(), guard.to_string())
        };
        let mut lines: Vec<(String, String)> = guards::listed(snapshot).map(line).collect();
        if !lines.is_empty() {
            let head = "This path was recorded because".to_owned();
            lines.insert(
                0,
                (head, "Where one of these comes out differently, so does the path".into()),
            );
        }
        let more = guards::more(snapshot);
        if more > 0 {
            lines.push((format!("and {more} more comparisons"), String::new()));
        }
        Self(lines)
    }

    pub(super) fn height(&self) -> f64 {
        if self.0.is_empty() { 0.0 } else { ROOM + LINE * self.0.len() as f64 }
    }

    pub(super) fn width(&self) -> f64 {
        self.0.iter().map(|(text, _)| width(text, 12.0)).fold(0.0, f64::max)
    }

    pub(super) fn write(&self, svg: &mut Svg, left: f64, top: f64) {
        for (at, (text, tip)) in self.0.iter().enumerate() {
            let class = if at == 0 { "wg-note" } else { "wg-guard" };
            svg.open("<g>");
            svg.tip(tip);
            svg.text(class, left, top + ROOM + LINE * (at as f64 + 0.5), text);
            svg.close("</g>");
        }
    }
}
