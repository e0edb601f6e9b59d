//! Calls of users' operations as they are looked at: each output is an operation of the inputs.

use crate::function::draft::flat::Within;
use crate::function::draft::{Draft, Source, Step};
use crate::function::opcode::Opcode;
use crate::operation::Called;
use crate::scalar::Real;
use rustc_hash::FxHashMap;

/// What the outputs among the steps of a trace are called, and of what.
#[derive(Clone, Debug, Default)]
pub(super) struct Outputs(FxHashMap<usize, (String, Called)>);

impl Outputs {
    pub(super) fn name(&self, step: usize) -> Option<&str> {
        self.0.get(&step).map(|(name, _)| &**name)
    }

    pub(super) fn called(&self, step: usize) -> Option<&Called> {
        self.0.get(&step).map(|(_, called)| called)
    }
}

/// A draft and its values, without the steps that are calls: the operands of an output are those of
/// its call.
pub(super) fn without_calls<F: Real>(
    draft: Draft<F>,
    values: Vec<F>,
    within: &mut Within,
) -> (Draft<F>, Vec<F>, Outputs) {
    let mut outputs = Outputs::default();
    if draft.calls.is_empty() {
        return (draft, values, outputs);
    }
    let is_call = |step: &Step| step.opcode == Opcode::Call;
    let mut steps = draft.steps.iter();
    within.of_steps.retain(|_| !steps.next().is_some_and(is_call));
    let inputs = draft.inputs();
    let mut new = Draft { constants: draft.constants.clone(), ..Draft::like(&draft) };
    (new.outputs, new.guards) = (draft.outputs.clone(), draft.guards.clone());
    let mut kept = values[..inputs].to_vec();
    let mut places: Vec<usize> = (0..inputs).collect();
    for (index, &step) in draft.steps.iter().enumerate() {
        places.push(kept.len());
        if is_call(&step) {
            continue;
        }
        let mut operands = draft.operands_of(index);
        if step.opcode == Opcode::Output {
            let call = operands[0].index() - inputs;
            operands = draft.operands_of(call);
            let called = &draft.calls[draft.steps[call].detail as usize];
            let name = called.name_of(step.detail as usize);
            outputs.0.insert(new.steps.len(), (name, called.clone()));
        }
        let operands: Vec<_> = operands.iter().map(|&source| moved(source, &places)).collect();
        new.push(step, &operands);
        kept.push(values[inputs + index]);
    }
    new.map_roots(|source| moved(source, &places));
    (new, kept, outputs)
}

/// Where a source is found among the steps that are left.
fn moved(source: Source, places: &[usize]) -> Source {
    match source.as_value() {
        Some(value) => Source::value(places[value]).negated_as(source),
        None => source,
    }
}
