//! Every operation of one or two variables at every point of its table, through a recorded
//! function: by itself and in a batch.
//!
//! `cargo test -p wengert-tests --test reference replay -- --nocapture` prints the worst errors.

use crate::apply;
use crate::table::{self, Row, Table};
use crate::ulps::distance_against;
use std::collections::BTreeMap;
use wengert::{Batch, Function, OpKind, Var};

/// What the documentation promises of the values of vector functions, in units in the last place.
const VECTOR: f64 = 2.0;

/// The bar of all other values and of derivatives, in units in the last place.
const BAR: f64 = 4.0;

/// The operations that a replay computes by functions of its own.
const VECTORS: [&str; 27] = [
    "exp",
    "exp2",
    "exp_m1",
    "ln",
    "ln_1p",
    "log2",
    "log10",
    "sin",
    "cos",
    "tan",
    "sinh",
    "cosh",
    "tanh",
    "sigmoid",
    "softplus",
    "asin",
    "acos",
    "atan",
    "cbrt",
    "erf",
    "erfc",
    "erfcx",
    "normal_cdf",
    "normal_pdf",
    "pow",
    "atan2",
    "hypot",
];

/// The operations of one or two variables, with their tables.
fn tables() -> Vec<(OpKind, Table)> {
    let of = |table: Table| {
        let kind = apply::kinds(&table.name).into_iter().find(|kind| !apply::is_reduction(*kind));
        kind.map(|kind| (kind, table))
    };
    let is_small =
        |(_, table): &(OpKind, Table)| table.rows[0].arguments.len() <= 2 && table.name != "powi";
    table::all().into_iter().filter_map(of).filter(is_small).collect()
}

/// The recording of an operation, at arguments that are in every domain's middle.
fn function(kind: OpKind, arity: usize) -> Function {
    Function::record(&vec![0.5; arity], |x: &[Var<'_>]| {
        Var::try_apply(kind, x).unwrap_or_else(|error| panic!("{kind}: {error}"))
    })
}

/// Values and gradients of all points at once, which are those one by one to the last bit.
fn evaluate(kind: OpKind, points: &[Vec<f64>]) -> (Vec<f64>, Vec<f64>) {
    let (f, all) = (function(kind, points[0].len()), points.concat());
    let (mut values, mut rows) = (vec![0.0; points.len()], vec![0.0; all.len()]);
    let batch = Batch::new(points.len()).variables(&all);
    f.batch_gradients(&mut f.batch_workspace(), &batch, &mut values, &mut rows).unwrap();
    let (mut workspace, mut gradient) = (f.workspace(), vec![0.0; points[0].len()]);
    for (i, x) in points.iter().enumerate() {
        let value = f.value_and_gradient(&mut workspace, x, &mut gradient).unwrap();
        assert!(is_same(value, values[i]), "{kind}{x:?}: {value:?}, {:?}", values[i]);
        let row = &rows[i * x.len()..][..x.len()];
        let same = gradient.iter().zip(row).all(|(&a, &b)| is_same(a, b));
        assert!(same, "d{kind}{x:?}: {gradient:?}, {row:?}");
    }
    (values, rows)
}

fn is_same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

/// The errors that were seen: of values, and of derivatives.
#[derive(Default)]
struct Verdict {
    worst: BTreeMap<&'static str, [f64; 2]>,
    failures: Vec<String>,
}

impl Verdict {
    /// Takes an error, and that of a recording on a tape, whose exceptions are a replay's too.
    fn take(&mut self, kind: OpKind, column: usize, x: &[f64], [error, on_tape]: [f64; 2]) {
        let is_vector = column == 0 && VECTORS.contains(&kind.name());
        if error <= on_tape && !is_vector {
            return;
        }
        let worst = &mut self.worst.entry(kind.name()).or_default()[column];
        *worst = worst.max(error);
        if error > if is_vector { VECTOR } else { BAR } {
            let what = ["the value", "a derivative"][column];
            self.failures.push(format!("{what} of {kind}{x:?} is off by {error}"));
        }
    }
}

/// Takes the value and derivatives of a row, as a replay and as a tape found them.
fn compare(verdict: &mut Verdict, kind: OpKind, row: &Row, value: f64, slopes: &[f64]) {
    let arguments = apply::arguments(kind, row);
    let x: Vec<f64> = arguments.iter().map(|argument| argument.value).collect();
    let (on_tape, tape_slopes) = apply::reverse(kind, &x, &vec![true; x.len()]);
    let condition = |column: &str| row.conditions.get(column).copied().unwrap_or(0.0);
    let scale = condition("value");
    let errors = [value, on_tape].map(|y| distance_against(y, row.value, scale));
    verdict.take(kind, 0, &x, errors);
    for (argument, pair) in arguments.iter().zip(slopes.iter().zip(&tape_slopes)) {
        let Some(&reference) = row.partials.get(&argument.name) else { continue };
        let column = format!("d/d{}", argument.name);
        let scale = condition(&column);
        let errors = [*pair.0, *pair.1].map(|slope| distance_against(slope, reference, scale));
        verdict.take(kind, 1, &x, errors);
    }
}

#[test]
fn replays_keep_the_promised_accuracy() {
    let mut verdict = Verdict::default();
    for (kind, table) in tables() {
        let point = |row| apply::arguments(kind, row).iter().map(|x| x.value).collect();
        let points: Vec<Vec<f64>> = table.rows.iter().map(point).collect();
        let (values, slopes) = evaluate(kind, &points);
        let slopes = slopes.chunks(points[0].len());
        for ((row, &value), slopes) in table.rows.iter().zip(&values).zip(slopes) {
            compare(&mut verdict, kind, row, value, slopes);
        }
    }
    let Verdict { worst, failures } = verdict;
    println!(
        "worst errors in units in the last place, where a tape's is less or values are vectors'"
    );
    println!("  operation      value derivative");
    worst.iter().for_each(|(name, [value, slope])| println!("  {name:14} {value:5} {slope:10}"));
    assert!(failures.is_empty(), "{} results:\n{}", failures.len(), failures.join("\n"));
    // What the documentation tells of the points of these tables.
    let values = VECTORS.iter().filter_map(|name| Some((name, worst.get(name)?[0])));
    values.for_each(|(name, value)| assert!(value <= 1.0, "{name} is off by {value}"));
}

#[test]
fn every_vector_function_has_a_table() {
    let names: Vec<&str> = tables().iter().map(|(kind, _)| kind.name()).collect();
    VECTORS.iter().for_each(|name| assert!(names.contains(name), "{name} has no table"));
}
