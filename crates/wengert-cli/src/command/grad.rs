//! `wengert grad`: one point.

mod check;
mod difference;
mod hessian;
mod json;
mod pictures;
mod several;
mod text;

use super::failure::{Failure, Outcome, warn};
use super::options::GradOptions;
use super::source::Source;
use super::values::{self, Values};
use check::Check;
use pictures::Graph;
use std::io::Write;
use wengert::{Gradients, Tape, Var};
use wengert_cli::Recorded;

/// Everything that is told of one point.
#[derive(Debug)]
struct Answer {
    /// The name of the result, if it has one.
    output: Option<String>,
    value: f64,
    /// In the order in which their values were given.
    inputs: Vec<Quantity>,
    /// The named steps before the result.
    steps: Vec<Quantity>,
    hessian: Option<Vec<Vec<f64>>>,
    check: Option<Check>,
    /// The chain rule, worked out.
    explanation: Option<String>,
    /// The nodes of the graph as a table.
    nodes: Option<String>,
    /// What is worth knowing of the graph.
    diagnosis: Option<String>,
}

/// A name, its value, and the derivative of the result with respect to it.
#[derive(Clone, Debug)]
struct Quantity {
    name: String,
    value: f64,
    derivative: f64,
}

/// The point: a number for each input, in the order of the program and in that of the options.
#[derive(Debug)]
struct Point {
    /// In the order of the program.
    x: Vec<f64>,
    /// The positions of inputs, in the order in which they were given.
    order: Vec<usize>,
}

impl Point {
    fn read(options: &GradOptions, source: &Source) -> Result<Self, Failure> {
        let values = Values::new(&options.values, &source.program)?;
        let mut x = vec![0.0; source.program.inputs().len()];
        for given in values.iter() {
            x[given.input] = values::number(given.name, given.text)?;
        }
        Ok(Self { x, order: values.iter().map(|given| given.input).collect() })
    }
}

pub(crate) fn run(options: &GradOptions, out: &mut dyn Write) -> Result<Outcome, Failure> {
    pictures::check(options)?;
    let source = Source::read(&options.expression, &options.values)?;
    let point = Point::read(options, &source)?;
    let tape = Tape::new();
    let inputs = tape.vars(&point.x);
    let recorded = source.program.record(&inputs).map_err(|error| source.failure(error))?;
    recorded.label();
    if source.program.is_list() {
        return several::run(options, &source, &point, &tape, &recorded, out);
    }
    if options.explain.is_some() {
        pictures::check_explanation(tape.len())?;
    }
    name(recorded.output());
    let gradients = recorded.output().gradients();
    let graph = Graph::of(&source, &tape, recorded.output(), &gradients);
    let rows = options.hessian.then(|| hessian::at(&source, &point, tape.len())).transpose()?;
    let check = || Check::at(&source, &point, tape.len(), 0, rows.as_deref());
    let answer = Answer {
        output: source.program.output_name().map(str::to_owned),
        value: recorded.output().value(),
        inputs: quantities_of_inputs(&source, &point, &inputs, &gradients),
        steps: steps(&source, &recorded, &gradients),
        check: options.check.then(check).transpose()?,
        hessian: rows,
        explanation: options.explain.map(|how| graph.explain(how)),
        nodes: options.nodes.then(|| graph.nodes(&options.pictures.open)).transpose()?,
        diagnosis: options.diagnose.then(|| graph.diagnose()),
    };
    let told = tell(&answer, &source, options, out);
    graph.draw(&options.pictures)?;
    told?;
    Ok(judge(&answer, &source, &recorded))
}

fn tell(
    answer: &Answer,
    source: &Source,
    options: &GradOptions,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if options.json {
        json::write(answer, source, out)?;
    } else {
        text::write(answer, options.digits, out)?;
    }
    // What is said to standard error comes behind it.
    Ok(out.flush()?)
}

/// What the result is called where it has no name.
const VALUE: &str = "value";

/// Names the result for pictures and derivations, if nothing else did.
fn name(output: Var<'_>) {
    if let (Some(tape), Some(id)) = (output.tape(), output.id())
        && tape.view().label(id).is_none()
    {
        output.label(VALUE);
    }
}

/// The derivative with respect to a variable; zero where the result depends on none.
fn derivative(gradients: &Gradients, var: Var<'_>) -> f64 {
    gradients.get(var).unwrap_or(0.0)
}

fn quantities_of_inputs(
    source: &Source,
    point: &Point,
    inputs: &[Var<'_>],
    gradients: &Gradients,
) -> Vec<Quantity> {
    let quantity = |&input: &usize| Quantity {
        name: source.program.inputs()[input].clone(),
        value: point.x[input],
        derivative: derivative(gradients, inputs[input]),
    };
    point.order.iter().map(quantity).collect()
}

fn steps(source: &Source, recorded: &Recorded<'_, '_>, gradients: &Gradients) -> Vec<Quantity> {
    let named = source.program.definitions().iter().zip(recorded.definitions());
    let count = named.len() - usize::from(source.program.output_name().is_some());
    let quantity = |(definition, var): (&wengert_cli::Definition, Var<'_>)| Quantity {
        name: definition.name().to_owned(),
        value: var.value(),
        derivative: derivative(gradients, var),
    };
    named.take(count).map(quantity).collect()
}

/// How the run ends, and what there is to say about numbers that are none.
fn judge(answer: &Answer, source: &Source, recorded: &Recorded<'_, '_>) -> Outcome {
    let mut is_finite = answer.value.is_finite();
    if !is_finite {
        let place = recorded.first_non_finite().map(|(span, value)| {
            format!("; the first number that is not finite is {value}, of {}", source.place(span))
        });
        warn(&format!("the value is {}{}", answer.value, place.unwrap_or_default()));
    }
    for input in answer.inputs.iter().filter(|input| !input.derivative.is_finite()) {
        is_finite = false;
        let Quantity { name, derivative, .. } = input;
        warn(&format!("the derivative with respect to `{name}` is {derivative}"));
    }
    match &answer.check {
        Some(check) if !check.is_ok() => Outcome::Differs,
        _ if !is_finite => Outcome::NotFinite,
        _ => Outcome::Done,
    }
}
