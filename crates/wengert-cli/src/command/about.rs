//! What the command says about itself.

use super::columns::{self, Column};
use super::failure::{Failure, Outcome};
use super::options::Options;
use clap::CommandFactory;
use std::io::Write;
use wengert_cli::FUNCTIONS;

pub(crate) fn functions(out: &mut dyn Write) -> Result<Outcome, Failure> {
    const COLUMNS: usize = 3;
    let usages: Vec<String> = FUNCTIONS.iter().map(|function| function.usage()).collect();
    let rows = usages.len().div_ceil(COLUMNS);
    let column = |cells: &[String]| {
        let mut cells = cells.to_vec();
        cells.resize(rows, String::new());
        Column::new("", cells)
    };
    let mut columns: Vec<Column> = usages.chunks(rows).map(column).collect();
    columns[0].head = "functions".to_owned();
    columns::write(&columns, out)?;
    writeln!(out, "\n  constants: e, pi or π, tau or τ, inf or ∞")?;
    writeln!(out, "  operators, from the weakest: + -, * / %, the sign, ^ (from the right)")?;
    writeln!(out, "  also: 2x, 2 x, (a)(b), sin x, x², x**2, |x|, ⌊x⌋, ⌈x⌉, √x, ∛x, · × ÷ −")?;
    Ok(Outcome::Done)
}

pub(crate) fn completions(
    shell: clap_complete::Shell,
    out: &mut dyn Write,
) -> Result<Outcome, Failure> {
    // The generator panics where it cannot write; it can always write into memory.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Options::command(), "wengert", &mut script);
    out.write_all(&script)?;
    Ok(Outcome::Done)
}

/// The page of a subcommand, or that of the command itself.
pub(crate) fn man(subcommand: Option<&str>, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let mut command = Options::command();
    command.build();
    let page = subcommand.and_then(|name| command.find_subcommand(name)).unwrap_or(&command);
    clap_mangen::Man::new(page.clone()).render(out)?;
    Ok(Outcome::Done)
}
