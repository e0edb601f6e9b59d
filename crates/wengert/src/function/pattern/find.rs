//! Patterns from the steps of a program and, at a point, the values of its inputs and steps.

use super::cover::cover;
use super::domains::Domains;
use super::interactions;
use super::sets::Walk;
use super::table::Pattern;
use crate::function::draft::Draft;
use crate::function::program::Program;
use crate::function::program::decode::decode;
use crate::scalar::Real;

/// Where the Jacobian has entries.
pub(in crate::function) fn jacobian<F: Real>(draft: &Draft<F>, values: Option<&Vec<F>>) -> Pattern {
    let domains = Domains::of(draft, values.map(Vec::as_slice));
    let mut walk = Walk::of(&domains.sets);
    let (mut ends, mut indices) = (vec![0], Vec::new());
    for &output in &draft.outputs {
        let set = domains.of_source(output);
        if let Some(elements) = domains.sets.listed(set) {
            indices.extend_from_slice(elements);
        } else {
            let start = indices.len();
            walk.elements(&domains.sets, set, &mut indices);
            indices[start..].sort_unstable();
        }
        ends.push(indices.len());
    }
    Pattern::from_rows(draft.variables.len(), ends, indices)
}

/// Where the Hessian has entries.
pub(in crate::function) fn hessian<F: Real>(draft: &Draft<F>, values: Option<&Vec<F>>) -> Pattern {
    let domains = Domains::of(draft, values.map(Vec::as_slice));
    let keys = interactions::entries(draft, &domains);
    Pattern::from_keys(draft.variables.len(), draft.variables.len(), keys)
}

/// The variables along whose directions the whole Hessian is found.
pub(in crate::function) fn directions<F: Real>(program: &Program<F>) -> Box<[u32]> {
    let draft = decode(program);
    cover(&draft, &Domains::of(&draft, None)).into()
}
