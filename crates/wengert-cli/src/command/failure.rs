//! How a run ends: exit codes, and what is said to whoever asked.

use clap::builder::styling::{AnsiColor, Style};
use std::io;
use std::process::ExitCode;
use wengert_cli::{Error, Renderer};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// A run that has given its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    /// Derivatives differ from what they are compared with, or there is none, at a kink.
    Differs,
    NotFinite,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::Differs => 1,
            Outcome::NotFinite => 4,
        })
    }
}

/// A run that has none. The exit codes are those of `--help`.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Exit code 2, which clap has for wrong options.
    Usage(String),
    /// Exit code 3: the error, the text it is in, and what that is called.
    Expression { error: Error, text: String, origin: String },
    /// Exit code 5.
    File(String),
    /// Whoever reads the output has seen enough.
    Closed,
}

impl From<io::Error> for Failure {
    /// An error of writing to standard output.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::File(format!("cannot write to standard output: {error}")),
        }
    }
}

impl Failure {
    /// Writes the failure to standard error, in colour where that is a terminal.
    pub(crate) fn tell(&self) -> ExitCode {
        match self {
            Self::Usage(message) => {
                anstream::eprintln!("{ERROR}error:{ERROR:#} {message}");
                anstream::eprintln!("\nFor more information, try '--help'.");
                ExitCode::from(2)
            }
            Self::Expression { error, text, origin } => {
                anstream::eprintln!("{}", error.render(text, origin, &Renderer::styled()));
                ExitCode::from(3)
            }
            Self::File(message) => {
                anstream::eprintln!("{ERROR}error:{ERROR:#} {message}");
                ExitCode::from(5)
            }
            Self::Closed => ExitCode::SUCCESS,
        }
    }
}

/// Says something that does not end the run.
pub(crate) fn warn(message: &str) {
    anstream::eprintln!("{WARNING}warning:{WARNING:#} {message}");
}
