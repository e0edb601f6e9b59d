//! What can be asked for.

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};

const EXIT_CODES: &str = "Exit codes:
  0  done
  1  --check found derivatives that differ, or a kink
  2  wrong options, or values that do not fit the expression
  3  an expression that cannot be read or recorded
  4  grad: a value or a derivative that is not finite
  5  a file that cannot be read or written";

const GRAD_EXAMPLES: &str = "Examples:
  wengert grad \"x^2 + sin(y)\" x=3 y=pi/2
  wengert grad \"n = x1*w1 + x2*w2 + b; tanh(n)\" x1=2 x2=0 w1=-3 w2=1 b=6.8814
  wengert grad \"log_sum_exp(x, y, z)\" x=1 y=2 z=3 --hessian --check
  wengert grad \"n = x*w + b; o = tanh(n)\" x=2 w=-3 b=6.5 --explain --svg neuron.svg
  wengert grad \"[x·y, sin x]\" x=2 y=3
  wengert grad \"dot(x, w) + norm(x)\" x=[1,2,3] w=[4,5,6]
  wengert grad neuron.wgt x1=2 x2=0 w1=-3 w2=1 b=6.8814 --json
  echo \"x*y\" | wengert grad - x=2 y=3

Names that the expression does not define are its inputs; each is given a value, or a vector of
them. `;` and line ends part statements, `#` begins a comment, and `wengert functions` lists the
functions.";

const TABLE_EXAMPLES: &str = "Examples:
  wengert table \"sin(x)/x\" x=0.5..3..0.5
  wengert table \"x^2*y\" x=0..1..0.1 y=1..3..1 --csv > grid.csv
  wengert table \"tanh(w*x)\" x=-3..3..0.01 w=2 --csv --plot tanh.svg

Several ranges make a grid of all their combinations, in which the last one runs fastest.";

/// Values and derivatives of an expression, by reverse-mode automatic differentiation
#[derive(Debug, Parser)]
#[command(name = "wengert", version, after_help = EXIT_CODES, max_term_width = 100)]
#[command(disable_help_subcommand = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The value of an expression at a point, and its derivatives
    Grad(GradOptions),
    /// Values and derivatives of an expression over a grid
    Table(TableOptions),
    /// List the functions and constants of expressions
    Functions,
    /// Write a script that completes the command in a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write a page of the manual, in roff
    Man {
        /// The subcommand that it is about
        #[arg(value_parser = ["grad", "table", "functions", "completions", "man"])]
        subcommand: Option<String>,
    },
}

/// The expression, which every command takes in the same way.
#[derive(Args, Debug)]
pub(crate) struct Expression {
    /// The expression; or FILE.wgt, which contains it; or - for standard input
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) text: String,
}

#[derive(Args, Debug)]
#[command(after_help = GRAD_EXAMPLES, after_long_help = format!("{GRAD_EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct GradOptions {
    #[command(flatten)]
    pub(crate) expression: Expression,
    /// The value of an input: a number, an expression of constants such as pi/2, or a vector
    /// such as [1,2,3]
    #[arg(value_name = "NAME=VALUE")]
    pub(crate) values: Vec<String>,
    /// Also the second derivatives, as a matrix
    #[arg(long)]
    pub(crate) hessian: bool,
    /// Also compare the derivatives with finite differences and with forward mode, second ones
    /// (--hessian) with differences of the gradient, and tell of kinks
    #[arg(long)]
    pub(crate) check: bool,
    /// Also work out the chain rule, step by step
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "text")]
    pub(crate) explain: Option<Explain>,
    /// Also tell where numbers come from that are not finite, and what else is worth knowing
    #[arg(long)]
    pub(crate) diagnose: bool,
    /// Also list the nodes of the graph
    #[arg(long)]
    pub(crate) nodes: bool,
    /// Write JSON, with all digits
    #[arg(long)]
    pub(crate) json: bool,
    /// Significant digits of the tables
    #[arg(long, value_name = "N", default_value_t = 6)]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=17))]
    pub(crate) digits: u8,
    #[command(flatten)]
    pub(crate) pictures: Pictures,
}

/// How a derivation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Explain {
    /// Plain text
    Text,
    /// Markdown with LaTeX
    Markdown,
}

/// Files to draw the graph into.
#[derive(Args, Debug)]
#[command(next_help_heading = "Pictures of the graph")]
pub(crate) struct Pictures {
    /// Draw the graph as SVG
    #[arg(long, value_name = "FILE.svg", value_parser = file("SVG"))]
    pub(crate) svg: Option<PathBuf>,
    /// Draw the graph as PNG
    #[cfg(feature = "png")]
    #[arg(long, value_name = "FILE.png", value_parser = file("PNG"))]
    pub(crate) png: Option<PathBuf>,
    /// Draw the graph as a page that plays the sweeps, and answers when pointed at
    #[arg(long, value_name = "FILE.html", value_parser = file("HTML"))]
    pub(crate) html: Option<PathBuf>,
    /// Write the graph in DOT, the language of Graphviz
    #[arg(long, value_name = "FILE.dot", value_parser = file("DOT"))]
    pub(crate) dot: Option<PathBuf>,
    /// Write the graph in Mermaid
    #[arg(long, value_name = "FILE.mmd", value_parser = file("Mermaid"))]
    pub(crate) mermaid: Option<PathBuf>,
    /// Show what is in a group, by its name; again for a group within it
    #[arg(long, value_name = "GROUP")]
    pub(crate) open: Vec<String>,
}

#[derive(Args, Debug)]
#[command(after_help = TABLE_EXAMPLES)]
#[command(after_long_help = format!("{TABLE_EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct TableOptions {
    #[command(flatten)]
    pub(crate) expression: Expression,
    /// The values of an input, FIRST..LAST..STEP, or its one value
    #[arg(value_name = "NAME=RANGE")]
    pub(crate) values: Vec<String>,
    /// Write comma-separated values, with all digits
    #[arg(long)]
    pub(crate) csv: bool,
    /// Draw values and derivatives over the one range
    #[arg(long, value_name = "FILE.svg", value_parser = file("SVG"))]
    pub(crate) plot: Option<PathBuf>,
    /// The size of the plot, in pixels
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "2400x1400", requires = "plot")]
    #[arg(value_parser = size)]
    pub(crate) plot_size: (u32, u32),
    /// Significant digits of the table
    #[arg(long, value_name = "N", default_value_t = 6)]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=17))]
    pub(crate) digits: u8,
}

/// The two sides of a picture, `1200x800`.
fn size(text: &str) -> Result<(u32, u32), String> {
    const SIDES: std::ops::RangeInclusive<u32> = 200..=20_000;
    let side = |text: &str| text.parse().ok().filter(|side| SIDES.contains(side));
    let sides = text.split_once(['x', '×']).and_then(|(wide, high)| side(wide).zip(side(high)));
    sides.ok_or_else(|| {
        let (least, most) = (SIDES.start(), SIDES.end());
        format!("width and height from {least} to {most}, as in 1200x800")
    })
}

/// The endings by which formats are known, the one to recommend first.
const ENDINGS: [(&str, &[&str]); 5] = [
    ("SVG", &["svg"]),
    ("PNG", &["png"]),
    ("HTML", &["html", "htm"]),
    ("DOT", &["dot", "gv", "txt"]),
    ("Mermaid", &["mmd", "mermaid", "md", "txt"]),
];

/// A file to write `format` to. It is not standard output, which has the answer, and its name
/// promises nothing else.
fn file(format: &'static str) -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(move |file| match file.as_os_str() == "-" {
        true => Err("standard output has the answer already, name a file".to_owned()),
        false => check_ending(&file, format).map(|()| file),
    })
}

/// A name without an ending promises nothing.
fn check_ending(file: &Path, format: &str) -> Result<(), String> {
    let Some(ending) = file.extension() else { return Ok(()) };
    let endings = ENDINGS.iter().find(|(known, _)| *known == format).map_or(&[][..], |(_, e)| e);
    match endings.iter().any(|known| ending.eq_ignore_ascii_case(known)) {
        true => Ok(()),
        false => Err(format!("what is written is {format}: end the name in `.{}`", endings[0])),
    }
}

impl Pictures {
    /// Every option that is given, with its file.
    pub(crate) fn files(&self) -> Vec<(&'static str, &Path)> {
        let files = [
            ("--svg", &self.svg),
            #[cfg(feature = "png")]
            ("--png", &self.png),
            ("--html", &self.html),
            ("--dot", &self.dot),
            ("--mermaid", &self.mermaid),
        ];
        files.into_iter().filter_map(|(option, file)| Some((option, file.as_deref()?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_is_written() {
        let accepted = [("g.svg", "SVG"), ("G.SVG", "SVG"), ("g.gv", "DOT"), ("a.b/g", "PNG")];
        for (name, format) in accepted {
            assert_eq!(check_ending(Path::new(name), format), Ok(()), "{name}");
        }
        let refused = [("z.png", "SVG"), ("p.svg", "PNG"), ("g.jpg", "SVG"), ("g.svg.gz", "SVG")];
        for (name, format) in refused {
            let message = check_ending(Path::new(name), format).expect_err(name);
            assert!(message.starts_with(&format!("what is written is {format}")), "{message}");
        }
    }
}
