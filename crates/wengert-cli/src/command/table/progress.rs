//! How far a long run has come.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stdout};
use std::time::Duration;

/// A bar on standard error, for runs that last.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    /// Whether the table itself runs over the terminal.
    is_seen: bool,
}

impl Progress {
    /// What is done sooner needs no bar.
    const PATIENCE: Duration = Duration::from_millis(500);

    pub(super) fn new(points: usize) -> Self {
        let template = "{bar:40} {human_pos} of {human_len} points, {eta} left";
        let style = ProgressStyle::with_template(template).expect("the template is well-formed");
        let bar = ProgressBar::with_draw_target(Some(points as u64), ProgressDrawTarget::hidden());
        Self { bar: bar.with_style(style), is_seen: stdout().is_terminal() }
    }

    pub(super) fn advance(&self, points: usize) {
        self.bar.inc(points as u64);
        if self.bar.is_hidden() && !self.is_seen && self.bar.elapsed() > Self::PATIENCE {
            // It stays hidden where standard error is no terminal.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
