//! What is told on a terminal.

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
    let names = quantities.iter().map(|quantity| quantity.name.clone()).collect();
    let values = number::column(quantities.iter().map(|quantity| quantity.value), digits);
    let derivatives = quantities.iter().map(|quantity| quantity.derivative);
    let derivatives = number::column(derivatives, digits);
    writeln!(out)?;
    let columns = [
        Column::new(head, names),
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
    let names: Vec<String> = inputs.iter().map(|input| input.name.clone()).collect();
    let mut columns = vec![Column::new("Hessian", names)];
    for (position, input) in inputs.iter().enumerate() {
        let numbers = rows.iter().map(|row| row[position]);
        columns.push(Column::new(&input.name, number::column(numbers, digits)));
    }
    writeln!(out)?;
    columns::write(&columns, out)
}

fn comparison(check: &Check, digits: u8, out: &mut dyn Write) -> io::Result<()> {
    let numbers = |number: fn(&super::check::Comparison) -> f64| {
        number::column(check.inputs.iter().map(number), digits)
    };
    let verdict = |ok| if ok { "agrees" } else { "differs" }.to_owned();
    let uncertainty = |x: f64| format!("{x:.1e}");
    writeln!(out)?;
    let columns = [
        Column::new("check", check.inputs.iter().map(|input| input.name.clone()).collect()),
        Column::new("derivative", numbers(|input| input.derivative)),
        Column::new("difference", numbers(|input| input.difference)),
        Column::new("±", check.inputs.iter().map(|i| uncertainty(i.uncertainty)).collect()),
        Column::new("", check.inputs.iter().map(|input| verdict(input.is_ok)).collect()),
    ];
    columns::write(&columns, out)?;
    let gap = number::significant(check.sweep_gap, 2);
    writeln!(out, "\nreverse sweep, forward sweep and dual numbers are {gap} apart, relatively")
}
