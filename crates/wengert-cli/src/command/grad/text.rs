//! What is told on a terminal.

use super::check::{Comparison, Second, Verdict};
use super::{Answer, Check, Quantity};
use crate::command::columns::{self, Column};
use crate::command::number;
use std::io::{self, Write};

pub(super) fn write(answer: &Answer, digits: u8, out: &mut dyn Write) -> io::Result<()> {
    let name = answer.output.as_deref().unwrap_or(super::VALUE);
    writeln!(out, "{name} = {}", number::significant(answer.value, digits))?;
    quantities("input", &answer.inputs, digits, out)?;
    quantities("step", &answer.steps, digits, out)?;
    let has_inputs = !answer.inputs.is_empty();
    if let Some(rows) = answer.hessian.as_ref().filter(|_| has_inputs) {
        hessian(&answer.inputs, rows, digits, out)?;
    }
    if let Some(check) = answer.check.as_ref().filter(|_| has_inputs) {
        comparison(check, digits, out)?;
    }
    let texts = [&answer.nodes, &answer.explanation, &answer.diagnosis];
    for text in texts.into_iter().flatten() {
        write!(out, "\n{text}")?;
    }
    Ok(())
}

fn quantities(
    head: &str,
    quantities: &[Quantity],
    digits: u8,
    out: &mut dyn Write,
) -> io::Result<()> {
    if quantities.is_empty() {
        return Ok(());
    }
    let names = quantities.iter().map(|quantity| quantity.name.as_str());
    let values = number::column(quantities.iter().map(|quantity| quantity.value), digits);
    let derivatives = quantities.iter().map(|quantity| quantity.derivative);
    let derivatives = number::column(derivatives, digits);
    writeln!(out)?;
    let columns = [
        Column::of_names(head, names),
        Column::new("value", values),
        Column::new("derivative", derivatives),
    ];
    columns::write(&columns, out)
}

fn hessian(
    inputs: &[Quantity],
    rows: &[Vec<f64>],
    digits: u8,
    out: &mut dyn Write,
) -> io::Result<()> {
    let names = inputs.iter().map(|input| input.name.as_str());
    let mut columns = vec![Column::of_names("Hessian", names)];
    for (position, input) in inputs.iter().enumerate() {
        let numbers = rows.iter().map(|row| row[position]);
        columns.push(Column::new(&input.name, number::column(numbers, digits)));
    }
    writeln!(out)?;
    columns::write(&columns, out)
}

/// How much is told of what there may be any number of.
const SHOWN: usize = 20;

/// The comparison of first derivatives, and of second ones if they were compared.
pub(super) fn comparison(check: &Check, digits: u8, out: &mut dyn Write) -> io::Result<()> {
    comparisons("check", &check.inputs, digits, out)?;
    let gap = number::significant(check.sweep_gap, 2);
    writeln!(out, "\nreverse sweep, forward sweep and dual numbers are {gap} apart, relatively")?;
    let kinks: Vec<String> = check.kinks().collect();
    for kink in kinks.iter().take(SHOWN) {
        writeln!(out, "at a kink: {kink}, where derivatives are conventions")?;
    }
    if kinks.len() > SHOWN {
        writeln!(out, "and {} more", kinks.len() - SHOWN)?;
    }
    match &check.second {
        Some(second) => second_derivatives(second, digits, out),
        None => Ok(()),
    }
}

/// What does not agree, if anything does not.
fn second_derivatives(second: &Second, digits: u8, out: &mut dyn Write) -> io::Result<()> {
    let failures = &second.failures[..second.failures.len().min(SHOWN)];
    if !failures.is_empty() {
        comparisons("check", failures, digits, out)?;
    }
    let (entries, failed) = (second.entries, second.failures.len());
    let agree = entries - failed;
    writeln!(out, "\n{agree} of {entries} second derivatives agree with slopes of the gradient")?;
    let gap = number::significant(second.asymmetry, 2);
    writeln!(out, "second derivatives in either order are {gap} apart, relatively")
}

fn comparisons(
    head: &str,
    found: &[Comparison],
    digits: u8,
    out: &mut dyn Write,
) -> io::Result<()> {
    let numbers = |number: fn(&Comparison) -> f64| number::column(found.iter().map(number), digits);
    let verdict = |found: &Comparison| match found.verdict {
        Verdict::Agrees => "agrees".to_owned(),
        Verdict::Differs => "differs".to_owned(),
        Verdict::Unknown => "unknown: there is no difference quotient".to_owned(),
        Verdict::Kink(sides) => {
            let [below, above] = sides.map(|side| number::significant(side, digits.min(6)));
            format!("kink: {below} below, {above} above")
        }
    };
    let uncertainty = |found: &Comparison| format!("{:.1e}", found.uncertainty);
    writeln!(out)?;
    let columns = [
        Column::of_names(head, found.iter().map(|found| found.name.as_str())),
        Column::new("derivative", numbers(|found| found.derivative)),
        Column::new("difference", numbers(|found| found.difference)),
        Column::new("±", found.iter().map(uncertainty).collect()),
        Column::new("", found.iter().map(verdict).collect()),
    ];
    columns::write(&columns, out)
}
