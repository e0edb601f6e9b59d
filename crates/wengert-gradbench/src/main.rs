//! The tool's command: a session on standard input and output.

use std::io::{self, BufWriter};

use clap::Parser;
use wengert_gradbench::{modes::Options, session::Session};

/// Answers GradBench's messages, one JSON object a line, until the input ends.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(flatten)]
    options: Options,
}

fn main() -> io::Result<()> {
    let Arguments { options } = Arguments::parse();
    let output = BufWriter::new(io::stdout().lock());
    Session::new(options).run(io::stdin().lock(), output)
}
