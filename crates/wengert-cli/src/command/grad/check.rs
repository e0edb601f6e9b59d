//! `--check`: derivatives compared with what is found without their rules.

use super::difference::{self, Slopes};
use super::{Point, hessian};
use crate::command::failure::Failure;
use crate::command::source::Source;
use std::cell::RefCell;
use wengert::Var;
use wengert::check::Report;
use wengert_cli::Evaluation;

/// The operations of all evaluations: about half a minute.
const STEPS: usize = 1_000_000_000;
/// How often the function is evaluated for an input: by the engine, as it documents, and here.
const EVALUATIONS: usize = 24 + difference::EVALUATIONS;
/// A gradient costs about so many values.
const GRADIENT: usize = 4;

/// What the check of one output found.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) inputs: Vec<Comparison>,
    /// How far reverse sweep, forward sweep and dual numbers are apart.
    pub(super) sweep_gap: f64,
    pub(super) second: Option<Second>,
    report: Report,
}

/// A derivative and the difference quotient.
#[derive(Debug)]
pub(super) struct Comparison {
    /// What it is by: an input, or two for a second derivative.
    pub(super) name: String,
    pub(super) derivative: f64,
    pub(super) difference: f64,
    pub(super) uncertainty: f64,
    pub(super) verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    Agrees,
    Differs,
    /// There is nothing to compare with, as at the edge of the domain.
    Unknown,
    /// The derivatives below and above are two: there is none.
    Kink([f64; 2]),
}

/// What the check of second derivatives found.
#[derive(Debug)]
pub(super) struct Second {
    pub(super) entries: usize,
    /// The entries that do not agree.
    pub(super) failures: Vec<Comparison>,
    /// How far entries are apart that should be equal, relative to the largest of all.
    pub(super) asymmetry: f64,
}

impl Second {
    pub(super) fn is_ok(&self) -> bool {
        self.failures.is_empty() && self.asymmetry <= Report::SWEEP_TOLERANCE
    }
}

impl Check {
    /// Compares the derivatives of an output, and its Hessian, if there is one.
    pub(super) fn at(
        source: &Source,
        point: &Point,
        nodes: usize,
        output: usize,
        hessian: Option<&[Vec<f64>]>,
    ) -> Result<Self, Failure> {
        let evaluations = if hessian.is_some() { EVALUATIONS * GRADIENT } else { EVALUATIONS };
        let evaluations = point.x.len().saturating_mul(evaluations);
        let steps = evaluations.saturating_mul(nodes);
        if steps > STEPS {
            let message = format!(
                "--check evaluates {nodes} nodes {evaluations} times, {steps} steps: the limit \
                 is {STEPS}"
            );
            return Err(Failure::Usage(message));
        }
        let numbers = RefCell::new(Evaluation::of(&source.program));
        let function = Checked { source, point, output, numbers };
        let report = wengert::check_gradient(|x| function.record(x), &point.x);
        let first = |&input: &usize| {
            let found = &report.inputs[input];
            let is_ok = found.excess() <= Report::DIFFERENCE_TOLERANCE;
            Comparison {
                name: source.program.inputs()[input].clone(),
                derivative: found.derivative,
                difference: found.difference,
                uncertainty: found.uncertainty,
                verdict: verdict(is_ok, found.difference, &function.slopes(input)),
            }
        };
        let inputs = point.order.iter().map(first).collect();
        let second = hessian.map(|rows| function.second(rows));
        Ok(Self { inputs, sweep_gap: report.sweep_gap(), second, report })
    }

    /// The operations at a kink, by name and arguments: there, derivatives are conventions.
    pub(super) fn kinks(&self) -> impl Iterator<Item = String> {
        self.report.kinks.iter().map(|kink| {
            let numbers: Vec<String> = kink.arguments.iter().map(f64::to_string).collect();
            format!("{}({})", kink.kind, numbers.join(", "))
        })
    }

    pub(super) fn is_ok(&self) -> bool {
        let agrees = |input: &Comparison| input.verdict == Verdict::Agrees;
        self.report.is_ok()
            && self.inputs.iter().all(agrees)
            && self.second.as_ref().is_none_or(Second::is_ok)
    }
}

fn verdict(is_ok: bool, difference: f64, slopes: &Slopes) -> Verdict {
    match slopes.kink() {
        Some(sides) => Verdict::Kink(sides),
        None if difference.is_nan() => Verdict::Unknown,
        None if is_ok => Verdict::Agrees,
        None => Verdict::Differs,
    }
}

/// One output as a function of the point.
struct Checked<'a> {
    source: &'a Source,
    point: &'a Point,
    output: usize,
    /// PERF: most evaluations are of numbers, and each would ask for its memory anew.
    numbers: RefCell<Evaluation<'a>>,
}

impl Checked<'_> {
    fn record<'t>(&self, x: &[Var<'t>]) -> Var<'t> {
        if !x.iter().all(Var::is_constant) {
            return hessian::record(self.source, x, self.output);
        }
        let x: Vec<f64> = x.iter().map(|x| x.value()).collect();
        Var::constant(self.value(&x))
    }

    /// The point with another number for one input.
    fn moved(&self, input: usize, value: f64) -> Vec<f64> {
        let mut x = self.point.x.clone();
        x[input] = value;
        x
    }

    /// The value. What an operation refuses is NaN.
    fn value(&self, x: &[f64]) -> f64 {
        let mut numbers = self.numbers.borrow_mut();
        let output = numbers.at(x).ok().and_then(|mut outputs| outputs.nth(self.output));
        output.unwrap_or(f64::NAN)
    }

    fn gradient(&self, x: &[f64]) -> Vec<f64> {
        wengert::gradient(|x| hessian::record(self.source, x, self.output), x)
    }

    /// The slopes of the values.
    fn slopes(&self, input: usize) -> Slopes {
        let f = |value: f64| vec![self.value(&self.moved(input, value))];
        difference::at(f, self.point.x[input], &[self.value(&self.point.x)])[0]
    }

    /// Compares a Hessian with the slopes of the gradient, which has no second derivatives in it.
    fn second(&self, rows: &[Vec<f64>]) -> Second {
        let Point { x, order } = self.point;
        let here = self.gradient(x);
        let numbers = rows.iter().flatten().chain(&here);
        let size = numbers.map(|number| number.abs()).filter(|size| size.is_finite());
        let size = Some(size.fold(0.0, f64::max)).filter(|&size| size > 0.0).unwrap_or(1.0);
        let mut failures = Vec::new();
        for (column, &by) in order.iter().enumerate() {
            let f = |value: f64| self.gradient(&self.moved(by, value));
            let slopes = difference::at(f, x[by], &here);
            for (row, &of) in order.iter().enumerate() {
                let found = self.compare([of, by], rows[row][column], &slopes[of], size);
                failures.extend(found);
            }
        }
        let entries = order.len() * order.len();
        Second { entries, failures, asymmetry: self.asymmetry(size) }
    }

    /// An entry of the Hessian, if it does not agree with the slope of the gradient.
    fn compare(
        &self,
        inputs: [usize; 2],
        derivative: f64,
        slopes: &Slopes,
        size: f64,
    ) -> Option<Comparison> {
        let difference::Limit { value: difference, uncertainty } = slopes.central;
        let explained = (10.0 * uncertainty / size).min(1e-3);
        let excess = (derivative - difference).abs() / size - explained;
        let verdict = verdict(excess <= Report::DIFFERENCE_TOLERANCE, difference, slopes);
        let name = inputs.map(|input| self.source.program.inputs()[input].as_str()).join(" ");
        let found = Comparison { name, derivative, difference, uncertainty, verdict };
        (verdict != Verdict::Agrees).then_some(found)
    }

    /// The largest gap between entries that should be equal. They are taken from products with
    /// unit vectors: a Hessian as a whole has one of the two, twice.
    fn asymmetry(&self, size: f64) -> f64 {
        let inputs = self.point.x.len();
        let column = |position: usize| {
            let unit: Vec<f64> = (0..inputs).map(|i| f64::from(u8::from(i == position))).collect();
            let product = wengert::hessian_vector_product(
                |x| hessian::record(self.source, x, self.output),
                &self.point.x,
                &unit,
            );
            product.map_or_else(|_| vec![f64::NAN; inputs], |(_, column)| column)
        };
        let columns: Vec<Vec<f64>> = (0..inputs).map(column).collect();
        let pairs = (0..inputs).flat_map(|i| (0..i).map(move |j| (i, j)));
        let mut largest: f64 = 0.0;
        for (i, j) in pairs {
            let (one, other) = (columns[i][j], columns[j][i]);
            let is_same = one == other || (one.is_nan() && other.is_nan());
            let gap = if is_same { 0.0 } else { (one - other).abs() / size };
            // Unlike `f64::max`, this keeps a NaN.
            largest = if gap <= largest { largest } else { gap };
        }
        largest
    }
}
