//! Recording a row of a table: the names of operations, and the order of their arguments.

use crate::table::Row;
use wengert::{Dual, OpKind, Scalar, Tape, Var};

/// The operations that a table is about; none if the name means nothing.
pub(crate) fn kinds(table: &str) -> Vec<OpKind> {
    match table {
        "powf" => vec![OpKind::Pow],
        // The same function, with constant coefficients and with variable ones.
        "polynomial" => vec![OpKind::Polynomial, OpKind::Horner],
        name => OpKind::from_name(name).into_iter().collect(),
    }
}

/// Whether the operation takes lists, and sums or multiplies along them.
pub(crate) fn is_reduction(kind: OpKind) -> bool {
    use OpKind as K;
    matches!(kind, K::Sum | K::Product | K::Mean | K::Dot | K::SquaredNorm | K::Norm | K::LogSumExp)
        || matches!(kind, K::LinearCombination | K::Polynomial | K::Horner)
}

/// An argument of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) value: f64,
    /// Whether it can be a variable.
    pub(crate) varies: bool,
}

/// A row's arguments in the order in which the operation takes them.
pub(crate) fn arguments(kind: OpKind, row: &Row) -> Vec<Argument> {
    let argument = |(name, value): &(String, f64)| {
        let varies = match kind {
            OpKind::Powi => name != "n",
            OpKind::LinearCombination | OpKind::Polynomial => name.starts_with('x'),
            _ => true,
        };
        Argument { name: name.clone(), value: *value, varies }
    };
    let mut arguments: Vec<Argument> = row.arguments.iter().map(argument).collect();
    if matches!(kind, OpKind::Polynomial | OpKind::Horner) {
        // Tables have x last, recordings have it first.
        arguments.rotate_right(1);
    }
    arguments
}

/// The value of an operation and its derivatives, by a reverse sweep, with respect to those
/// arguments for which `varies` says so.
pub(crate) fn reverse<F: Scalar>(kind: OpKind, numbers: &[F], varies: &[bool]) -> (F, Vec<F>) {
    let tape = Tape::default();
    let enter = |(&number, &varies): (&F, &bool)| {
        if varies { tape.var(number) } else { Var::constant(number) }
    };
    let vars: Vec<Var<'_, F>> = numbers.iter().zip(varies).map(enter).collect();
    let output = record(kind, &vars);
    let gradients = output.gradients();
    let read = |var: &Var<'_, F>| if var.is_constant() { F::zero() } else { gradients[*var] };
    (output.value(), vars.iter().map(read).collect())
}

/// The value and the derivative with respect to one argument, by a dual number.
pub(crate) fn forward(kind: OpKind, numbers: &[f64], seeded: usize) -> Dual {
    let enter = |(i, &number): (usize, &f64)| {
        Var::constant(Dual::new(number, if i == seeded { 1.0 } else { 0.0 }))
    };
    let constants: Vec<Var<'_, Dual>> = numbers.iter().enumerate().map(enter).collect();
    record(kind, &constants).value()
}

fn record<'t, F: Scalar>(kind: OpKind, vars: &[Var<'t, F>]) -> Var<'t, F> {
    Var::try_apply(kind, vars).unwrap_or_else(|error| panic!("{kind}: {error}"))
}
