//! A list of outputs: their values and the Jacobian.

use super::check::Check;
use super::json::{self, Number};
use super::pictures::Graph;
use super::{Point, text};
use crate::command::columns::{self, Column};
use crate::command::failure::{Failure, Outcome, warn};
use crate::command::number;
use crate::command::options::GradOptions;
use crate::command::source::Source;
use serde::Serialize;
use std::io::Write;
use wengert::{Tape, Var};
use wengert_cli::{Recorded, shorten};

/// The steps of all sweeps: about half a minute.
const STEPS: usize = 1_000_000_000;
/// The outputs, and the entries of the Jacobian, that can still be looked at.
const OUTPUTS: usize = 100_000;
const ENTRIES: usize = 1_000_000;

/// Everything that is told of several outputs.
struct Answer {
    /// The outputs as text.
    names: Vec<String>,
    values: Vec<f64>,
    inputs: Vec<(String, f64)>,
    steps: Vec<(String, f64)>,
    /// A row for each output, in the order in which the values were given.
    jacobian: Vec<Vec<f64>>,
    checks: Vec<Check>,
    nodes: Option<String>,
}

pub(super) fn run(
    options: &GradOptions,
    source: &Source,
    point: &Point,
    tape: &Tape,
    recorded: &Recorded<'_, '_>,
    out: &mut dyn Write,
) -> Result<Outcome, Failure> {
    check_options(options, source)?;
    check_size(point.x.len(), source.program.output_count())?;
    let outputs: Vec<Var<'_>> = recorded.outputs().collect();
    let graph = Graph::of_several(source, tape, &outputs);
    let check = |output| Check::at(source, point, tape.len().max(1) * outputs.len(), output, None);
    let checks = if options.check { 0..outputs.len() } else { 0..0 };
    let names = source.program.inputs();
    let definitions = source.program.definitions().iter().zip(recorded.definitions());
    let answer = Answer {
        names: source.program.output_texts().map(|text| text.to_string()).collect(),
        values: outputs.iter().map(|output| output.value()).collect(),
        inputs: point.order.iter().map(|&input| (names[input].clone(), point.x[input])).collect(),
        steps: definitions.map(|(step, var)| (step.name().to_owned(), var.value())).collect(),
        jacobian: jacobian(source, point, tape.len())?,
        checks: checks.map(check).collect::<Result<_, _>>()?,
        nodes: options.nodes.then(|| graph.nodes(&options.pictures.open)).transpose()?,
    };
    let told = match options.json {
        true => answer.write_json(source, out),
        false => answer.write(options.digits, out).map_err(Failure::from),
    };
    let told = told.and_then(|()| Ok(out.flush()?));
    graph.draw(&options.pictures)?;
    told?;
    Ok(answer.judge(source, recorded))
}

/// What is asked of one output.
fn check_options(options: &GradOptions, source: &Source) -> Result<(), Failure> {
    let asked = [
        ("--hessian", options.hessian),
        ("--explain", options.explain.is_some()),
        ("--diagnose", options.diagnose),
    ];
    let Some((option, _)) = asked.iter().find(|(_, is_asked)| *is_asked) else { return Ok(()) };
    let count = source.program.output_count();
    let message = format!("{option} is of one output, and the expression is a list of {count}");
    Err(Failure::Usage(message))
}

fn check_size(inputs: usize, outputs: usize) -> Result<(), Failure> {
    if outputs > OUTPUTS {
        let message = format!("the expression is a list of {outputs}: the limit is {OUTPUTS}");
        return Err(Failure::Usage(message));
    }
    match inputs.saturating_mul(outputs) {
        0..=ENTRIES => Ok(()),
        entries => {
            let message = format!("a Jacobian of {entries} entries: the limit is {ENTRIES}");
            Err(Failure::Usage(message))
        }
    }
}

fn jacobian(source: &Source, point: &Point, nodes: usize) -> Result<Vec<Vec<f64>>, Failure> {
    let (inputs, outputs) = (point.x.len(), source.program.output_count());
    let steps = inputs.min(outputs).saturating_mul(nodes);
    if steps > STEPS {
        let message = format!(
            "the Jacobian takes {} sweeps of {nodes} nodes, {steps} steps: the limit is {STEPS}",
            inputs.min(outputs)
        );
        return Err(Failure::Usage(message));
    }
    let rows = wengert::jacobian(|x| record(source, x), &point.x);
    let in_order = |row: &Vec<f64>| point.order.iter().map(|&input| row[input]).collect();
    Ok(rows.iter().map(in_order).collect())
}

/// The outputs at the point, where nothing was refused.
fn record<'t>(source: &Source, x: &[Var<'t>]) -> Vec<Var<'t>> {
    let recorded = source.program.record(x);
    recorded.map_or_else(|_| Vec::new(), |recorded| recorded.outputs().collect())
}

impl Answer {
    fn write(&self, digits: u8, out: &mut dyn Write) -> std::io::Result<()> {
        let values = Column::new("value", number::column(self.values.iter().copied(), digits));
        columns::write(&[self.column_of_outputs("output"), values], out)?;
        for (head, quantities) in [("input", &self.inputs), ("step", &self.steps)] {
            if !quantities.is_empty() {
                writeln!(out)?;
                let names =
                    Column::of_names(head, quantities.iter().map(|(name, _)| name.as_str()));
                let values = number::column(quantities.iter().map(|(_, value)| *value), digits);
                columns::write(&[names, Column::new("value", values)], out)?;
            }
        }
        if !self.inputs.is_empty() {
            writeln!(out)?;
            self.write_jacobian(digits, out)?;
        }
        for (name, check) in self.names.iter().zip(&self.checks) {
            writeln!(out, "\n{}", shorten(name))?;
            text::comparison(check, digits, out)?;
        }
        self.nodes.as_ref().map_or(Ok(()), |nodes| write!(out, "\n{nodes}"))
    }

    fn column_of_outputs(&self, head: &str) -> Column {
        Column::of_names(head, self.names.iter().map(String::as_str))
    }

    fn write_jacobian(&self, digits: u8, out: &mut dyn Write) -> std::io::Result<()> {
        let mut columns = vec![self.column_of_outputs("Jacobian")];
        for (position, (name, _)) in self.inputs.iter().enumerate() {
            let numbers = self.jacobian.iter().map(|row| row[position]);
            columns.push(Column::new(name, number::column(numbers, digits)));
        }
        columns::write(&columns, out)
    }

    fn write_json(&self, source: &Source, out: &mut dyn Write) -> Result<(), Failure> {
        let named =
            |(name, value): &(String, f64)| Named { name: name.clone(), value: Number(*value) };
        let outputs = self.names.iter().cloned().zip(self.values.iter().copied());
        let document = Document {
            expression: source.program.to_string(),
            outputs: outputs.map(|output| named(&output)).collect(),
            inputs: self.inputs.iter().map(named).collect(),
            steps: self.steps.iter().map(named).collect(),
            jacobian: self.jacobian.iter().map(|row| json::row(row)).collect(),
            checks: self.checks.iter().map(json::check).collect(),
            nodes: self.nodes.as_deref(),
        };
        json::write_document(&document, out)
    }

    fn judge(&self, source: &Source, recorded: &Recorded<'_, '_>) -> Outcome {
        let numbers = self.values.iter().chain(self.jacobian.iter().flatten());
        let is_finite = numbers.into_iter().all(|number| number.is_finite());
        if let Some((span, value)) = recorded.first_non_finite() {
            let place = source.place(span);
            warn(&format!("the first number that is not finite is {value}, of {place}"));
        } else if !is_finite {
            warn("there are derivatives that are not finite");
        }
        match self.checks.iter().all(Check::is_ok) {
            false => Outcome::Differs,
            true if !is_finite => Outcome::NotFinite,
            true => Outcome::Done,
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    expression: String,
    outputs: Vec<Named>,
    inputs: Vec<Named>,
    steps: Vec<Named>,
    jacobian: Vec<Vec<Number>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checks: Vec<json::Check<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nodes: Option<&'a str>,
}

#[derive(Serialize)]
struct Named {
    name: String,
    value: Number,
}
