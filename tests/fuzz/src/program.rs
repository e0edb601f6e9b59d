//! What a program can do.

use crate::numbers::Number;
use arbitrary::{Arbitrary, Unstructured};

/// The program that `bytes` stand for.
pub fn program(bytes: &[u8]) -> Vec<Step> {
    const LONGEST: usize = 200;
    let mut bytes = Unstructured::new(bytes);
    let step = || if bytes.is_empty() { None } else { Step::arbitrary(&mut bytes).ok() };
    std::iter::from_fn(step).take(LONGEST).collect()
}

#[derive(Arbitrary, Clone, Debug)]
pub enum Step {
    Record(Record),
    Read(Read),
    /// Records, in vain, while a view lives; `leak` then forgets the view without dropping it.
    UnderView {
        leak: bool,
        records: Vec<Record>,
        read: Read,
    },
    Mark,
    Rewind(u8),
    RewindForeign,
    Reset,
    /// A limit of so many nodes and so many bytes more.
    Limit(Option<[u8; 2]>),
    Reserve(Room),
    Parameters(Change),
}

/// Appends nodes.
#[derive(Arbitrary, Clone, Debug)]
pub enum Record {
    Input(Number),
    Inputs(u8),
    /// An operation by a door that returns errors.
    Try(u8, Vec<Pick>),
    /// An operation by a door that panics.
    Operate(Operator, [Pick; 3]),
    Iterate(Fold, [(Item, [Pick; 2]); 3]),
    Label(Pick, String),
    Parameters,
}

/// A variable or a number.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Pick {
    /// A node, counted from the last one backwards.
    Recent(u8),
    /// A node, counted from the first one.
    Early(u8),
    Constant(Number),
    Foreign,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Operator {
    Add,
    AddAssign,
    Sub,
    SubFromNumber,
    Mul,
    MulByReference,
    Div,
    Rem,
    Neg,
    Sin,
    Powi(i32),
    Powf,
    Max,
    Clamp,
    MulAdd,
    Sum,
    Product,
    LogSumExp,
    Dot,
    DotOfUnequal,
    LinearCombination,
    Polynomial,
    Horner,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Fold {
    Sum,
    Product,
}

/// What an iterator under a fold yields, and records on the way.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Item {
    First,
    Quotient,
    Sum,
    IteratedProduct,
    Panic,
}

/// Reads what is recorded.
#[derive(Arbitrary, Clone, Debug)]
pub enum Read {
    Gradients(Pick),
    Pullback(Vec<(Pick, Number)>),
    Pushforward(Vec<(Pick, Number)>),
    /// Gradients of an earlier sweep.
    Earlier(u8, Pick),
    Listing,
    Everything,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Room {
    Some(u8),
    TooMuch,
}

/// Changes the set of parameters.
#[derive(Arbitrary, Clone, Debug)]
pub enum Change {
    Insert(String, Number),
    Remove(u8),
    Set(u8, Number),
}
