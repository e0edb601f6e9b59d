//! From the graph of values to the engine's tape.

use std::collections::HashMap;
use std::sync::Arc;

use pyo3::PyResult;
use wengert::{Real, Tape, Var};

use crate::errors::{misplaced, raise, wrong_value};
use crate::graph::{Node, Operand, below};
use crate::trace::{Comparison, Relation, Trace};

/// What a value is computed from, on a tape of its own.
pub(crate) struct Recorded<'t> {
    pub(crate) nodes: Vec<Arc<Node>>,
    pub(crate) vars: Vec<Var<'t>>,
}

impl<'t> Recorded<'t> {
    /// Records everything that `root`, the last of the nodes, is computed from.
    ///
    /// A node whose operands are numbers alone, as the maximum of two constants, is a leaf.
    pub(crate) fn on(tape: &'t Tape, root: &Arc<Node>) -> PyResult<Self> {
        let nodes = below(root);
        let mut vars: Vec<Var<'t>> = Vec::with_capacity(nodes.len());
        let mut positions = HashMap::with_capacity(nodes.len());
        for (position, node) in nodes.iter().enumerate() {
            let var = if node.operands().iter().all(|operand| operand.node().is_none()) {
                tape.try_var(node.data()).map_err(|error| raise(&error))?
            } else {
                apply(node, |operand| vars[positions[&Arc::as_ptr(operand)]])?
            };
            check_current(node, var.value())?;
            positions.insert(Arc::as_ptr(node), position);
            vars.push(match node.label() {
                Some(label) => var.label(label),
                None => var,
            });
        }
        Ok(Self { nodes, vars })
    }

    /// The variable of the root.
    pub(crate) fn root(&self) -> Var<'t> {
        *self.vars.last().expect("a value is below itself")
    }
}

/// Records one operation.
fn apply<'t, F: Real>(node: &Node, var: impl Fn(&Arc<Node>) -> Var<'t, F>) -> PyResult<Var<'t, F>> {
    let arguments: smallvec::SmallVec<[Var<'t, F>; 4]> = node
        .operands()
        .iter()
        .map(|operand| match operand {
            Operand::Node(node) => var(node),
            Operand::Constant(value) => Var::constant(number(*value)),
        })
        .collect();
    Var::try_apply(node.kind(), &arguments).map_err(|error| raise(&error))
}

/// The number as the engine's scalar.
pub(crate) fn number<F: Real>(value: f64) -> F {
    F::from(value).expect("every float has a nearest one of each kind")
}

/// Refuses a value whose operands were given other numbers after it was computed.
fn check_current(node: &Node, now: f64) -> PyResult<()> {
    let then = node.data();
    if then == now || (then.is_nan() && now.is_nan()) {
        return Ok(());
    }
    let label = node.label().map_or(String::new(), |label| format!(" '{label}'"));
    Err(misplaced(format!(
        "the value{label} is {then}, and would be {now} from its operands as they are now: the \
         data of one of them was set since, so compute it again"
    )))
}

/// Records a whole trace: its first nodes are the given variables.
pub(crate) fn trace<'t, F: Real>(
    trace: &Trace,
    inputs: &[Var<'t, F>],
    outputs: &[Operand],
) -> PyResult<Vec<Var<'t, F>>> {
    let mut vars: Vec<Var<'t, F>> = Vec::with_capacity(trace.nodes.len());
    vars.extend_from_slice(inputs);
    for node in &trace.nodes[inputs.len()..] {
        let var = if node.is_input() {
            Var::constant(number(node.data()))
        } else {
            apply(node, |operand| vars[operand.trace.1])?
        };
        vars.push(var);
    }
    let var = |operand: &Operand| match operand {
        Operand::Node(node) => vars[node.trace.1],
        Operand::Constant(value) => Var::constant(number(*value)),
    };
    for comparison in &trace.comparisons {
        compare(comparison, inputs, var)?;
    }
    Ok(outputs.iter().map(var).collect())
}

/// Makes a comparison again on the tape, where it becomes a guard with the line of Python.
fn compare<'t, F: Real>(
    comparison: &Comparison,
    inputs: &[Var<'t, F>],
    var: impl Fn(&Operand) -> Var<'t, F>,
) -> PyResult<()> {
    let Comparison { relation, operands, outcome, place } = comparison;
    if let Some(tape) = inputs.iter().find_map(Var::tape) {
        tape.comparisons_at(place.as_ref().map(|place| (&*place.file, place.line)));
    }
    let [left, right] = [var(&operands[0]), var(&operands[1])];
    let now = match relation {
        Relation::Less => left < right,
        Relation::LessOrEqual => left <= right,
        Relation::Equal => left == right,
    };
    if now == *outcome {
        return Ok(());
    }
    let place =
        place.as_ref().map_or(String::new(), |place| format!(" at {}:{}", place.file, place.line));
    Err(wrong_value(format!(
        "the comparison{place} comes out differently in the function's own precision: trace it \
         at a point that is further from the border"
    )))
}
