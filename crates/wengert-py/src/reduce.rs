//! Operations on numbers by name, and on many at once, each one node.

use pyo3::prelude::*;
use wengert::OpKind;

use crate::errors::wrong_value;
use crate::graph::{Operands, evaluate};
use crate::trace;
use crate::value::{Value, apply, expect_operand, named};

/// The operation `name` of values, which is a value, or of numbers alone, which is a number.
/// What `wengert.erf` and its like call for each element of an array.
#[pyfunction]
#[pyo3(signature = (name, *operands))]
pub(crate) fn _apply<'py>(
    py: Python<'py>,
    name: &str,
    operands: Vec<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (kind, arity) =
        named(name).ok_or_else(|| wrong_value(format!("there is no operation '{name}'")))?;
    if operands.len() != arity {
        let given = operands.len();
        return Err(wrong_value(format!("{name} takes {arity} operands, given {given}")));
    }
    result(py, kind, operands)
}

/// One operation over many operands: `sum`, `product`, `mean`, `dot`, `norm`, `squared_norm`,
/// `log_sum_exp`, `polynomial`.
#[pyfunction]
pub(crate) fn _reduce<'py>(
    py: Python<'py>,
    name: &str,
    operands: Vec<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let kind = OpKind::from_name(name)
        .ok_or_else(|| wrong_value(format!("there is no operation '{name}'")))?;
    result(py, kind, operands)
}

fn result<'py>(
    py: Python<'py>,
    kind: OpKind,
    operands: Vec<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let operands: Operands = operands.iter().map(expect_operand).collect::<PyResult<_>>()?;
    if operands.iter().all(|operand| operand.node().is_none()) {
        return Ok(evaluate(kind, &operands)?.into_pyobject(py)?.into_any());
    }
    Ok(Bound::new(py, apply(py, kind, operands)?)?.into_any())
}

/// A comparison of values that :func:`where` decides by, anew at every evaluation.
///
/// It comes from :func:`wengert.less` and its like. ``~`` is its negation; as a ``bool`` it is
/// an ordinary comparison, which a traced function freezes.
///
/// Examples
/// --------
/// >>> x = wengert.Value(-2.0)
/// >>> wengert.where(wengert.less(x, 0), -x, x)
/// Value(2.0)
#[pyclass(frozen, module = "wengert")]
pub(crate) struct Condition {
    kind: OpKind,
    operands: [crate::graph::Operand; 2],
    is_negated: bool,
}

#[pymethods]
impl Condition {
    fn __invert__(&self) -> Self {
        Self { is_negated: !self.is_negated, operands: self.operands.clone(), kind: self.kind }
    }

    fn __bool__(&self, py: Python<'_>) -> PyResult<bool> {
        let relation = match self.kind {
            OpKind::SelectLess => trace::Relation::Less,
            OpKind::SelectLessOrEqual => trace::Relation::LessOrEqual,
            _ => trace::Relation::Equal,
        };
        trace::compare(py, relation, self.operands.clone()).map(|answer| answer != self.is_negated)
    }

    fn __repr__(&self) -> String {
        let [left, right] = self.operands.each_ref().map(|operand| operand.value());
        let relation = match self.kind {
            OpKind::SelectLess => "<",
            OpKind::SelectLessOrEqual => "<=",
            _ => "==",
        };
        let not = if self.is_negated { "~" } else { "" };
        format!("{not}Condition({left:?} {relation} {right:?})")
    }
}

/// The condition that two operands are in a relation.
#[pyfunction]
pub(crate) fn _condition(
    relation: &str,
    left: &Bound<'_, PyAny>,
    right: &Bound<'_, PyAny>,
) -> PyResult<Condition> {
    let operands = [expect_operand(left)?, expect_operand(right)?];
    let kind = match relation {
        "<" => OpKind::SelectLess,
        "<=" => OpKind::SelectLessOrEqual,
        "==" => OpKind::SelectEqual,
        _ => return Err(wrong_value(format!("there is no relation '{relation}'"))),
    };
    Ok(Condition { kind, operands, is_negated: false })
}

/// `a` where the condition holds, else `b`: a decision that stays part of the recording.
#[pyfunction]
pub(crate) fn _select(
    condition: &Condition,
    a: &Bound<'_, PyAny>,
    b: &Bound<'_, PyAny>,
) -> PyResult<Value> {
    let (a, b) = if condition.is_negated { (b, a) } else { (a, b) };
    let [left, right] = condition.operands.clone();
    let operands = Operands::from_vec(vec![left, right, expect_operand(a)?, expect_operand(b)?]);
    apply(a.py(), condition.kind, operands)
}
