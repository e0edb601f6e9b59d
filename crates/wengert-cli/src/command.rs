//! The command: what was asked for, done, and told.

mod about;
mod arguments;
mod columns;
mod failure;
mod grad;
mod number;
mod options;
mod source;
mod table;
mod values;

use clap::Parser;
use failure::{Failure, Outcome};
use options::{Command, Options};
use std::io::Write;
use std::process::ExitCode;

/// Runs the command that the program's arguments ask for.
pub(crate) fn main() -> ExitCode {
    let options = Options::parse();
    let mut out = std::io::BufWriter::new(anstream::stdout().lock());
    let outcome = run(&options, &mut out).and_then(|outcome| Ok((outcome, out.flush()?)));
    match outcome {
        Ok((outcome, ())) => outcome.into(),
        Err(failure) => failure.tell(),
    }
}

fn run(options: &Options, out: &mut dyn Write) -> Result<Outcome, Failure> {
    match &options.command {
        Command::Grad(options) => grad::run(options, out),
        Command::Table(options) => table::run(options, out),
        Command::Functions => about::functions(out),
        Command::Completions { shell } => about::completions(*shell, out),
        Command::Man { subcommand } => about::man(subcommand.as_deref(), out),
    }
}
