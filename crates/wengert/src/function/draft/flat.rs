//! Calls of functions and loops taken apart: the steps of what is called, in place of the call.
//!
//! It is for what looks at each operation, and for derivatives of an order that a call does not
//! give.

use super::constants::Constants;
use super::{Draft, Source, Step, check_size};
use crate::error::Error;
use crate::function::derive::record::{Derivation, VectorAs, derive};
use crate::function::known::Known;
use crate::function::opcode::Opcode;
use crate::operation::{Called, Role};
use crate::scalar::Real;
use rustc_hash::FxHashMap;

/// A draft without calls of functions, and in which of those calls its steps were.
pub(in crate::function) struct Flat<F> {
    pub(in crate::function) draft: Draft<F>,
    pub(in crate::function) within: Within,
}

/// Calls, and which of them each step lies in.
#[derive(Clone, Debug, Default)]
pub(in crate::function) struct Within {
    /// The call around each, and its name.
    calls: Vec<(Option<usize>, String)>,
    pub(in crate::function) of_steps: Vec<Option<usize>>,
}

impl Within {
    /// The names of the calls in which a step lies, the outermost first.
    pub(in crate::function) fn path(&self, step: usize) -> Vec<&str> {
        let mut next = self.of_steps.get(step).copied().flatten();
        let mut path = Vec::new();
        while let Some(call) = next {
            path.push(&*self.calls[call].1);
            next = self.calls[call].0;
        }
        path.reverse();
        path
    }
}

/// Takes calls of functions apart, if there are any.
///
/// # Errors
/// If there are too many steps, or a function that is called has no derivative of the order.
#[track_caller]
pub(in crate::function) fn flat<F: Real>(draft: Draft<F>) -> Result<Flat<F>, Error> {
    if !has_callees::<F>(&draft.calls) {
        return Ok(Flat { draft, within: Within::default() });
    }
    let mut all = Draft::with_inputs(draft.variables.clone(), draft.data.clone());
    all.notes.clone_from(&draft.notes);
    let inputs: Vec<Source> = (0..draft.inputs()).map(Source::value).collect();
    let mut expansion = Expansion {
        draft: all,
        constants: Constants::default(),
        within: Within::default(),
        counts: FxHashMap::default(),
    };
    let places = expansion.steps(&draft, inputs, None)?;
    let Expansion { draft: mut all, constants, within, .. } = expansion;
    (all.outputs, all.guards) = (draft.outputs, draft.guards);
    all.map_roots(|source| places.of(source));
    all.constants = constants.list;
    Ok(Flat { draft: all, within })
}

/// Whether functions or loops are among what is called.
pub(in crate::function) fn has_callees<F: Real>(calls: &[Called]) -> bool {
    calls.iter().any(|called| Known::<F>::of(called).is_some())
}

struct Expansion<F> {
    draft: Draft<F>,
    constants: Constants<F>,
    within: Within,
    /// How often each function was met: calls are counted.
    counts: FxHashMap<*const (), usize>,
}

/// Where the values and the constants of a draft are found in another.
struct Places {
    values: Vec<Source>,
    constants: Vec<Source>,
}

impl Places {
    fn of(&self, source: Source) -> Source {
        let all = if source.is_constant() { &self.constants } else { &self.values };
        all[source.index()].negated_as(source)
    }
}

impl<F: Real> Expansion<F> {
    /// Appends the steps of a draft whose inputs are found as told.
    #[track_caller]
    fn steps(
        &mut self,
        draft: &Draft<F>,
        inputs: Vec<Source>,
        within: Option<usize>,
    ) -> Result<Places, Error> {
        let constants = draft.constants.iter().map(|&c| self.constants.source(c)).collect();
        let mut places = Places { values: inputs, constants };
        // What the calls that were taken apart give, by the value that stands for the call.
        let mut results: FxHashMap<usize, Vec<Source>> = FxHashMap::default();
        for (index, &step) in draft.steps.iter().enumerate() {
            let sources = draft.operands_of(index);
            if step.opcode == Opcode::Output
                && let Some(results) = results.get(&sources[0].index())
            {
                places.values.push(results[step.detail as usize]);
                continue;
            }
            let operands: Vec<Source> = sources.iter().map(|&source| places.of(source)).collect();
            if step.opcode == Opcode::Call {
                let called = &draft.calls[step.detail as usize];
                if let Some(known) = Known::of(called) {
                    let outputs = self.call(called, known, operands, within)?;
                    results.insert(places.values.len(), outputs);
                    // Nobody asks for the call but its outputs.
                    places.values.push(Source::value(0));
                    continue;
                }
            }
            let source = self.step(draft, step, &operands, within)?;
            places.values.push(source);
        }
        Ok(places)
    }

    /// Appends a step as it is.
    fn step(
        &mut self,
        from: &Draft<F>,
        mut step: Step,
        operands: &[Source],
        within: Option<usize>,
    ) -> Result<Source, Error> {
        let given = self.draft.values().max(self.draft.operands.len()) + operands.len() + 1;
        check_size(given, Source::MOST)?;
        if step.opcode == Opcode::Call {
            step.detail = self.draft.number_of(&from.calls[step.detail as usize]);
        }
        self.within.of_steps.push(within);
        Ok(self.draft.push(step, operands))
    }

    /// Appends the steps of a function or loop that is called, and returns where its outputs are found.
    #[track_caller]
    fn call(
        &mut self,
        called: &Called,
        known: Known<'_, F>,
        operands: Vec<Source>,
        around: Option<usize>,
    ) -> Result<Vec<Source>, Error> {
        let count = self.counts.entry(known.address()).or_default();
        *count += 1;
        self.within.calls.push((around, format!("{} {count}", called.name())));
        let within = Some(self.within.calls.len() - 1);
        let draft = draft_of(known.draft()?, called.role())?;
        let [x, _, first, second] = called.split(&operands);
        let inputs = match called.role() {
            Role::Value => operands,
            Role::Reverse | Role::Forward => [x, first].concat(),
            // Along x alone.
            Role::SecondOrder => {
                let still = vec![self.constants.source(F::zero()); first.len()];
                [x, first, second, &still].concat()
            }
        };
        let places = self.steps(&draft, inputs, within)?;
        Ok(draft.outputs.iter().map(|&output| places.of(output)).collect())
    }
}

/// The steps of what is called, over its inputs but for the operation's outputs.
#[track_caller]
fn draft_of<F: Real>(value: Draft<F>, role: Role) -> Result<Draft<F>, Error> {
    let apart = || Ok::<_, Error>(flat(value.clone())?.draft);
    let vjp = Derivation::Vjp(VectorAs::Variables);
    let jvp = Derivation::Jvp(VectorAs::Variables);
    match role {
        Role::Value => Ok(value),
        Role::Reverse => derive(&apart()?, vjp),
        Role::Forward => derive(&apart()?, jvp),
        Role::SecondOrder => derive(&derive(&apart()?, vjp)?, jvp),
    }
}
