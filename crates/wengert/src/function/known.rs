//! What the library knows of what is called: functions and loops, which lie in each other.

use super::Function;
use super::callee::Callee;
use super::draft::{Draft, Source};
use super::opcode::Opcode;
use super::program::decode::decode;
use super::scan::called::Looped;
use crate::error::{Error, Kind};
use crate::operation::Called;
use crate::scalar::Real;
use std::sync::Arc;

/// How deep calls may lie within each other: an evaluation goes into each by a call of its own.
pub(in crate::function) const DEEPEST: usize = 64;

/// A function as others call it.
#[derive(Debug)]
pub(in crate::function) struct Calling<F: Real> {
    pub(in crate::function) callee: Arc<Callee<F>>,
    /// What the outputs of the function are.
    pub(in crate::function) outputs: Vec<End<F>>,
    /// What its guards compare, in their order.
    pub(in crate::function) guards: Vec<[End<F>; 2]>,
}

/// Where a number is found, for who calls.
#[derive(Clone, Copy, Debug)]
pub(in crate::function) enum End<F> {
    /// Among the variables and, behind them, the data.
    Input(usize),
    Constant(F),
    /// Among what the operation gives.
    Result(usize),
}

impl<F: Real> Calling<F> {
    /// The inner values are saved for the sweep, or computed again.
    ///
    /// # Errors
    /// If calls lie too deep in each other.
    pub(in crate::function) fn of(function: &Function<F>, saves: bool) -> Result<Self, Error> {
        let mut draft = decode(&function.program);
        let mut results: Vec<Source> =
            draft.roots().filter(|&root| is_result(&draft, root)).collect();
        results.sort_unstable();
        results.dedup();
        let end = |source: Source| match source.as_value() {
            None => End::Constant(draft.constants[source.index()]),
            Some(value) => match results.binary_search(&source) {
                Ok(position) => End::Result(position),
                Err(_) => End::Input(value),
            },
        };
        let outputs = draft.outputs.iter().map(|&output| end(output)).collect();
        let guards = draft.guards.iter().map(|guard| guard.operands.map(end)).collect();
        draft.take_data_as_variables();
        (draft.outputs, draft.guards) = (results, Vec::new());
        let callee = callee(&function.name, &draft)?.saving(saves);
        Ok(Self { callee: Arc::new(callee), outputs, guards })
    }
}

fn is_result<F: Real>(draft: &Draft<F>, source: Source) -> bool {
    source.as_value().is_some_and(|value| value >= draft.inputs())
}

/// The function of a draft of variables alone, as an operation.
///
/// # Errors
/// If calls lie too deep in each other, or the draft is too large.
pub(in crate::function) fn callee<F: Real>(
    name: &Arc<str>,
    draft: &Draft<F>,
) -> Result<Callee<F>, Error> {
    let depth = depth::<F>(&draft.calls) + 1;
    if depth > DEEPEST {
        return Err(Kind::CallDepth { given: depth, limit: DEEPEST }.into());
    }
    Callee::new(name, draft, depth, operations(draft))
}

/// The operations that an evaluation makes, those of functions that are called with them.
pub(in crate::function) fn operations<F: Real>(draft: &Draft<F>) -> usize {
    let called = draft.steps.iter().filter(|step| step.opcode == Opcode::Call);
    let known = called.filter_map(|step| Known::<F>::of(&draft.calls[step.detail as usize]));
    known.fold(draft.steps.len(), |sum, known| sum.saturating_add(known.operations()))
}

/// How deep calls of functions lie in each other.
pub(in crate::function) fn depth<F: Real>(calls: &[Called]) -> usize {
    calls.iter().filter_map(Known::<F>::of).map(Known::depth).max().unwrap_or(0)
}

/// What is called, if it is made of the library's operations.
#[derive(Clone, Copy, Debug)]
pub(in crate::function) enum Known<'c, F: Real> {
    Function(&'c Callee<F>),
    Loop(&'c Looped<F>),
}

impl<'c, F: Real> Known<'c, F> {
    pub(in crate::function) fn of(called: &'c Called) -> Option<Self> {
        let function = called.downcast().map(Self::Function);
        function.or_else(|| called.downcast().map(Self::Loop))
    }

    fn operations(self) -> usize {
        match self {
            Self::Function(callee) => callee.operations(),
            Self::Loop(looped) => looped.operations(),
        }
    }

    fn depth(self) -> usize {
        self.functions().map(Callee::depth).max().unwrap_or(0)
    }

    /// The functions that it is made of: itself, or what a loop does at each step and at its end.
    fn functions(self) -> impl Iterator<Item = &'c Callee<F>> {
        let (first, second) = match self {
            Self::Function(callee) => (callee, None),
            Self::Loop(looped) => (looped.step(), looped.end()),
        };
        std::iter::once(first).chain(second)
    }

    /// The operations of a value.
    ///
    /// # Errors
    /// If an operation of a user's own fails where a loop's step was recorded.
    #[track_caller]
    pub(in crate::function) fn draft(self) -> Result<Draft<F>, Error> {
        match self {
            Self::Function(callee) => Ok(decode(callee.program())),
            Self::Loop(looped) => looped.draft(),
        }
    }

    /// What tells it from others.
    pub(in crate::function) const fn address(self) -> *const () {
        match self {
            Self::Function(callee) => std::ptr::from_ref(callee).cast(),
            Self::Loop(looped) => std::ptr::from_ref(looped).cast(),
        }
    }
}

/// The functions that some calls lead to, each once and behind those that it calls.
pub(in crate::function) fn callees<F: Real>(calls: &[Called]) -> Vec<&Callee<F>> {
    let mut found = Vec::new();
    find(calls, &mut found);
    found
}

fn find<'c, F: Real>(calls: &'c [Called], found: &mut Vec<&'c Callee<F>>) {
    for callee in calls.iter().filter_map(Known::<F>::of).flat_map(Known::functions) {
        if !found.iter().any(|known| std::ptr::eq(*known, callee)) {
            find(&callee.program().calls, found);
            found.push(callee);
        }
    }
}
