//! The pairs of variables that meet in an operation that is not linear in both.

use super::domains::{Domains, has_derivative};
use super::sets::{EMPTY, SetId, Walk};
use super::table::key;
use crate::function::draft::{Draft, Step};
use crate::function::linear::is_piecewise_linear;
use crate::function::opcode::Opcode;
use crate::scalar::Real;
use rustc_hash::FxBuildHasher;
use std::collections::HashSet;

/// Two sets, each variable of one with each of the other.
type Meeting = (SetId, SetId);

/// The positions of the Hessian's entries, in any order, some of them more than once.
pub(super) fn entries<F: Real>(draft: &Draft<F>, domains: &Domains) -> Vec<u64> {
    let meetings = meetings(draft, domains);
    let mut walk = Walk::of(&domains.sets);
    let (mut keys, mut left, mut right) = (Keys::default(), Vec::new(), Vec::new());
    // The walks through whole squares, ascending.
    let mut squares = Vec::new();
    for &(a, b) in meetings.iter().rev() {
        // Both were met in one square, which has every pair of theirs. Sets grow along a
        // recording, and the last of them have most of the others in them.
        let last = walk.last(a);
        if last == walk.last(b) && squares.binary_search(&last).is_ok() {
            continue;
        }
        left.clear();
        right.clear();
        walk.elements(&domains.sets, a, &mut left);
        if a == b {
            squares.push(walk.last(a));
            keys.pairs(&left, &left);
        } else {
            walk.elements(&domains.sets, b, &mut right);
            keys.pairs(&left, &right);
            keys.pairs(&right, &left);
        }
    }
    keys.list
}

/// Entries, of which those that were given twice are dropped from time to time.
#[derive(Default)]
struct Keys {
    list: Vec<u64>,
    /// How many there were when they were last dropped.
    distinct: usize,
}

impl Keys {
    fn pairs(&mut self, rows: &[u32], columns: &[u32]) {
        for &row in rows {
            self.list.extend(columns.iter().map(|&column| key(row, column)));
        }
        if self.list.len() > 2 * self.distinct.max(1 << 20) {
            self.list.sort_unstable();
            self.list.dedup();
            self.distinct = self.list.len();
        }
    }
}

/// The sets that meet, each two once, in the order of the recording.
pub(super) fn meetings<F: Real>(draft: &Draft<F>, domains: &Domains) -> Vec<Meeting> {
    let matters = influential(draft, domains);
    let (mut list, mut known) = (Vec::new(), HashSet::with_hasher(FxBuildHasher));
    let mut add = |a: SetId, b: SetId| {
        let meeting = (a.min(b), a.max(b));
        if meeting.0 != EMPTY && known.insert(meeting) {
            list.push(meeting);
        }
    };
    for (step, matters) in matters.into_iter().enumerate() {
        if matters {
            operation(draft, domains, step, &mut add);
        }
    }
    list
}

/// Which operands of an operation meet: every two of them but for those told apart here.
fn operation<F: Real>(
    draft: &Draft<F>,
    domains: &Domains,
    step: usize,
    add: &mut impl FnMut(SetId, SetId),
) {
    use Opcode as O;
    let Step { opcode, detail } = draft.steps[step];
    if is_piecewise_linear(opcode) || opcode == O::Powi && (detail == 0 || detail == 1) {
        return;
    }
    let operands = draft.range_of(step);
    let set = |k: usize| domains.of_operand(draft, operands.start + k);
    match opcode {
        O::Mul | O::MulAdd | O::LeakyRelu | O::Chain => add(set(0), set(1)),
        O::Products | O::Chains => {
            for k in (0..operands.len()).step_by(2) {
                add(set(k), set(k + 1));
            }
        }
        // x/y, x·ln y and x·ln(1 + y) are linear in x.
        O::Div | O::Xlogy | O::Xlog1py => {
            add(set(0), set(1));
            add(set(1), set(1));
        }
        // Linear in the coefficients, which stand behind the variable.
        O::Horner => {
            for k in 0..operands.len() {
                add(set(0), set(k));
            }
        }
        _ if operands.len() <= 2 => {
            for k in 0..operands.len() {
                (0..=k).for_each(|other| add(set(other), set(k)));
            }
        }
        _ => {
            // All of them with all: the set of the result.
            let result = domains.of_value(draft.inputs() + step);
            add(result, result);
        }
    }
}

/// The steps through which something influences an output.
fn influential<F: Real>(draft: &Draft<F>, domains: &Domains) -> Vec<bool> {
    let inputs = draft.inputs();
    let mut matters = vec![false; draft.steps.len()];
    let mark = |matters: &mut Vec<bool>, value: Option<usize>| {
        if let Some(step) = value.and_then(|value| value.checked_sub(inputs)) {
            matters[step] = true;
        }
    };
    draft.outputs.iter().for_each(|output| mark(&mut matters, output.as_value()));
    for step in (0..draft.steps.len()).rev() {
        if matters[step] {
            let opcode = draft.steps[step].opcode;
            for (k, operand) in draft.range_of(step).enumerate() {
                if has_derivative(opcode, k) && !domains.is_idle(operand) {
                    mark(&mut matters, draft.operands[operand].as_value());
                }
            }
        }
    }
    matters
}
