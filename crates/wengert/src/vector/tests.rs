//! Against tables of rightly rounded values; `cargo test -p wengert vector -- --nocapture` prints
//! the worst error of each function.

use functions::{Function, all};
use std::path::{Path, PathBuf};

mod functions;
mod special;

/// The bar, in units in the last place.
const ALLOWED: u64 = 2;

fn reference(folder: &str, name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference");
    root.join(folder).join(name).with_extension("tsv")
}

/// Arguments and the value of each row of a table; what follows in a row is left.
fn rows(path: &Path, arity: usize) -> Vec<(Vec<f64>, f64)> {
    let Ok(text) = std::fs::read_to_string(path) else { return Vec::new() };
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| row(line, arity)).collect()
}

fn row(line: &str, arity: usize) -> (Vec<f64>, f64) {
    let fields = line.split('\t').take(arity + 1);
    let mut numbers: Vec<f64> = fields.map(|field| field.parse().expect("a number")).collect();
    let value = numbers.pop().expect("a value");
    (numbers, value)
}

/// How many floats lie between two.
fn distance(a: f64, b: f64) -> u64 {
    let ordinal = |x: f64| {
        let size = x.abs().to_bits() as i64;
        if x.is_sign_negative() { -size } else { size }
    };
    match (a.is_nan(), b.is_nan()) {
        (true, true) => 0,
        (false, false) => ordinal(a).abs_diff(ordinal(b)),
        _ => u64::MAX,
    }
}

/// Same bits, all NaN being one.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

fn points(function: &Function) -> Vec<(Vec<f64>, f64)> {
    let mut rows_of_both = rows(&reference("dense", function.name), function.arity);
    assert!(rows_of_both.len() > 100, "{} has a table", function.name);
    rows_of_both.extend(rows(&reference("tables", function.name), function.arity));
    rows_of_both
}

#[test]
fn every_function_is_within_two_units_in_the_last_place() {
    for function in all() {
        let rows = points(&function);
        let errors = rows.iter().map(|(arguments, value)| {
            let actual = function.one(arguments);
            let signs = actual.is_sign_negative() == value.is_sign_negative();
            let right_sign = signs || value.is_nan() || *value != 0.0;
            assert!(right_sign, "{}{arguments:?} is {actual:?} for {value:?}", function.name);
            (distance(actual, *value), arguments)
        });
        let (worst, at) = errors.max_by_key(|(error, _)| *error).expect("a row");
        println!("{:12} {worst} at {at:?}, {} points", function.name, rows.len());
        assert!(worst <= ALLOWED, "{}{at:?} is off by {worst}", function.name);
    }
}

#[test]
fn a_result_depends_neither_on_the_width_nor_on_its_neighbours() {
    for function in all() {
        let mut rows = points(&function);
        for special in special::ARGUMENTS {
            let many = rows.len() as u64;
            let place = special.to_bits() % many;
            rows.insert(place as usize, (vec![special; function.arity], 0.0));
        }
        let arguments: Vec<Vec<f64>> = rows.into_iter().map(|(arguments, _)| arguments).collect();
        let alone: Vec<f64> = arguments.iter().map(|row| function.one(row)).collect();
        for width in function.widths {
            for ((row, &alone), together) in arguments.iter().zip(&alone).zip(width(&arguments)) {
                assert!(same(alone, together), "{}{row:?}: {alone:?}, {together:?}", function.name);
            }
        }
    }
}
