//! Every operation at every point of its table.

use crate::apply::{self, Argument};
use crate::table::{self, Row, Table};
use crate::ulps::distance_against;
use judge::{Judge, Sample};
use wengert::OpKind;

mod exceptions;
mod judge;

#[test]
fn every_operation_agrees_with_its_table() {
    let mut judge = Judge::new("f64");
    for_each_row(|kind, row| compare(&mut judge, kind, row));
    judge.verdict();
}

#[test]
fn single_precision_agrees_with_double_at_the_same_arguments() {
    let mut judge = Judge::new("f32");
    for_each_row(|kind, row| compare_single(&mut judge, kind, row));
    judge.verdict();
}

#[test]
fn a_constant_operand_leaves_the_other_derivatives_as_they_are() {
    for_each_row(|kind, row| {
        let arguments = apply::arguments(kind, row);
        if !apply::is_reduction(kind) {
            compare_with_constants(kind, &arguments);
        }
    });
}

#[test]
fn every_operation_has_a_table() {
    let tables = table::all();
    let tabled: Vec<OpKind> = tables.iter().flat_map(|t: &Table| apply::kinds(&t.name)).collect();
    for kind in OpKind::ALL {
        let computes = !matches!(kind, OpKind::Input | OpKind::Constant);
        assert!(!computes || tabled.contains(kind), "there is no table of {kind}");
    }
}

fn for_each_row(mut visit: impl FnMut(OpKind, &Row)) {
    for table in table::all() {
        let kinds = apply::kinds(&table.name);
        assert!(!kinds.is_empty(), "the table {} is of no operation", table.name);
        assert!(!table.rows.is_empty(), "the table {} is empty", table.name);
        for kind in kinds {
            table.rows.iter().for_each(|row| visit(kind, row));
        }
    }
}

/// Compares the value of a row and each of its derivatives, found in reverse and by dual
/// numbers.
fn compare(judge: &mut Judge, kind: OpKind, row: &Row) {
    let arguments = apply::arguments(kind, row);
    let numbers: Vec<f64> = arguments.iter().map(|argument| argument.value).collect();
    let varies: Vec<bool> = arguments.iter().map(|argument| argument.varies).collect();
    let (value, gradient) = apply::reverse(kind, &numbers, &varies);
    let mut take = |column: &str, door, actual: f64, reference: f64| {
        let condition = row.conditions.get(column).copied().unwrap_or(0.0);
        let sample = Sample { kind, column, door, arguments: &numbers, condition };
        judge.take(&sample, |scale| distance_against(actual, reference, scale));
    };
    take("value", "", value, row.value);
    assert_same_zero(kind, &numbers, value, row.value);
    for (i, argument) in arguments.iter().enumerate() {
        let Some(reference) = reference(kind, row, argument) else { continue };
        let column = column(argument);
        take(&column, "", gradient[i], reference);
        take(&column, "(dual)", apply::forward(kind, &numbers, i).tangent, reference);
    }
}

/// The column of the derivatives with respect to an argument.
fn column(argument: &Argument) -> String {
    format!("d/d{}", table::without_index(&argument.name))
}

/// The derivative that the table gives, or that stands there as an argument.
fn reference(kind: OpKind, row: &Row, argument: &Argument) -> Option<f64> {
    if !argument.varies {
        return None;
    }
    if kind == OpKind::LinearCombination {
        let coefficient = argument.name.replace('x', "c");
        return row.arguments.iter().find(|(name, _)| *name == coefficient).map(|(_, c)| *c);
    }
    row.partials.get(&argument.name).copied()
}

/// The sign of a zero counts in a value; that of a derivative does not.
fn assert_same_zero(kind: OpKind, numbers: &[f64], actual: f64, reference: f64) {
    let same = actual.is_sign_positive() == reference.is_sign_positive();
    let zeros = actual == 0.0 && reference == 0.0;
    assert!(!zeros || same, "{kind}{numbers:?} is {actual:?} and not {reference:?}");
}

/// Compares the results over `f32` with those over `f64` at the arguments of a row, rounded to
/// `f32` for both. Rows that then lie beyond its range are left out.
fn compare_single(judge: &mut Judge, kind: OpKind, row: &Row) {
    let arguments = apply::arguments(kind, row);
    let single: Vec<f32> = arguments.iter().map(|argument| argument.value as f32).collect();
    let double: Vec<f64> = single.iter().map(|&number| f64::from(number)).collect();
    let varies: Vec<bool> = arguments.iter().map(|argument| argument.varies).collect();
    if apply::is_reduction(kind) || double.iter().any(|number| number.is_infinite()) {
        return;
    }
    let (value, gradient) = apply::reverse(kind, &single, &varies);
    let (exact_value, exact_gradient) = apply::reverse(kind, &double, &varies);
    let mut take = |column: &str, actual: f32, reference: f64| {
        let condition = row.conditions.get(column).copied().unwrap_or(0.0);
        let sample = Sample { kind, column, door: "", arguments: &double, condition };
        judge.take(&sample, |scale| distance_against(actual, reference as f32, scale as f32));
    };
    take("value", value, exact_value);
    for (i, argument) in arguments.iter().enumerate() {
        take(&column(argument), gradient[i], exact_gradient[i]);
    }
}

/// Records the operation with each choice of its arguments as constants.
fn compare_with_constants(kind: OpKind, arguments: &[Argument]) {
    let numbers: Vec<f64> = arguments.iter().map(|argument| argument.value).collect();
    let varies: Vec<bool> = arguments.iter().map(|argument| argument.varies).collect();
    let (value, gradient) = apply::reverse(kind, &numbers, &varies);
    for choice in 0..1 << arguments.len() {
        let chosen = |i: usize| varies[i] && choice >> i & 1 == 1;
        let chosen: Vec<bool> = (0..arguments.len()).map(chosen).collect();
        let (again, partly) = apply::reverse(kind, &numbers, &chosen);
        assert!(is_same(value, again), "the value of {kind}{numbers:?}");
        for i in (0..arguments.len()).filter(|&i| chosen[i]) {
            let same = is_same(gradient[i], partly[i]);
            assert!(same, "argument {i} of {kind}{numbers:?} with variables {chosen:?}");
        }
    }
}

fn is_same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}
