//! Recording a derivative: the steps of a function over numbers that record, and the sweep.

use super::steps::Values;
use crate::derive::pull_back;
use crate::error::{Error, Kind};
use crate::function::capture::lower::{Kept, lower};
use crate::function::draft::{Draft, Source};
use crate::function::opcode::Opcode;
use crate::operation::{Order, check_calls};
use crate::ops::Which;
use crate::record::Var;
use crate::scalar::{Concrete, Dual, Evaluate, Real};
use crate::store::Tape;

/// What the vector of a product with the Jacobian is to a recorded function.
///
/// # Example
/// ```
/// use wengert::{Function, VectorAs};
/// let f = Function::record_many(&[2.0, 3.0], |x| vec![x[0] * x[1], x[0].sin()]);
/// let product = f.vjp_function(VectorAs::Data)?;
/// assert_eq!((product.num_variables(), product.num_data(), product.num_outputs()), (2, 2, 2));
/// let product = f.vjp_function(VectorAs::Variables)?;
/// assert_eq!((product.num_variables(), product.num_data(), product.num_outputs()), (4, 0, 2));
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VectorAs {
    /// Further variables, behind those of the function: derivatives of the product are by them too.
    Variables,
    /// Further data, behind that of the function.
    Data,
}

/// Which derivative is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::function) enum Derivation {
    Gradient,
    ValueAndGradient,
    Jacobian,
    Vjp(VectorAs),
    Jvp(VectorAs),
    /// The values and, behind them, the tangents along further variables.
    Moving,
}

impl Derivation {
    /// What calls have to give.
    pub(in crate::function) const fn order(self) -> Order {
        match self {
            Self::Jvp(_) | Self::Moving => Order::Forward,
            _ => Order::Reverse,
        }
    }
}

/// The draft of a derivative.
#[track_caller]
pub(in crate::function) fn derive<F: Real>(
    draft: &Draft<F>,
    derivation: Derivation,
) -> Result<Draft<F>, Error> {
    check_orders(draft)?;
    check_calls(&draft.calls, derivation.order())?;
    let (mut variables, mut data) = (draft.variables.clone(), draft.data.clone());
    let (width, vector) = match derivation {
        Derivation::Vjp(vector) => (draft.outputs.len(), vector),
        Derivation::Jvp(vector) => (draft.variables.len(), vector),
        Derivation::Moving => (draft.variables.len(), VectorAs::Variables),
        _ => (0, VectorAs::Data),
    };
    match vector {
        VectorAs::Variables => variables.resize(variables.len() + width, F::one()),
        VectorAs::Data => data.resize(data.len() + width, F::one()),
    }
    // What the rules would decide by the numbers would be noted.
    let tape = Tape::guarded();
    let (all, given) = (tape.vars(&variables), tape.vars(&data));
    let (x, more) = all.split_at(draft.variables.len());
    let (given, more_data) = given.split_at(draft.data.len());
    let vector = if more.is_empty() { more_data } else { more };
    let (outputs, kept) = match derivation {
        Derivation::Jvp(_) => forward(draft, x, given, vector, false)?,
        Derivation::Moving => forward(draft, x, given, vector, true)?,
        _ => reverse(draft, derivation, x, given, vector)?,
    };
    let derived = lower(&tape, &variables, &data, &outputs, &kept)?;
    debug_assert_eq!(derived.guards.len(), kept.len(), "no rule decides by a number that records");
    Ok(Draft { notes: draft.notes.clone(), ..derived })
}

/// What a derivative is lowered from: its outputs, and the guards of the function.
type Recorded<'t, F> = (Vec<Var<'t, F>>, Vec<Kept<'t, F>>);

#[track_caller]
fn reverse<'t, F: Real>(
    draft: &Draft<F>,
    derivation: Derivation,
    x: &[Var<'t, F>],
    data: &[Var<'t, F>],
    vector: &[Var<'t, F>],
) -> Result<Recorded<'t, F>, Error> {
    let inputs: Vec<_> = x.iter().chain(data).copied().collect();
    let values = Values::of(draft, inputs, Var::constant)?;
    let outputs: Vec<_> = draft.outputs.iter().map(|&output| values.at(output)).collect();
    let one = Var::constant(F::one());
    let derivatives = match derivation {
        Derivation::Vjp(_) => {
            let seeds: Vec<_> = outputs.iter().copied().zip(vector.iter().copied()).collect();
            pull_back(&seeds, x)?
        }
        _ => {
            let mut rows = match derivation {
                Derivation::ValueAndGradient => outputs.clone(),
                _ => Vec::new(),
            };
            for &output in &outputs {
                rows.extend(pull_back(&[(output, one)], x)?);
            }
            rows
        }
    };
    Ok((derivatives, kept(draft, |source| values.at(source))))
}

#[track_caller]
fn forward<'t, F: Real>(
    draft: &Draft<F>,
    x: &[Var<'t, F>],
    data: &[Var<'t, F>],
    vector: &[Var<'t, F>],
    with_values: bool,
) -> Result<Recorded<'t, F>, Error> {
    let moving = x.iter().zip(vector).map(|(&value, &tangent)| Dual::new(value, tangent));
    let inputs = moving.chain(data.iter().map(|&value| Dual::constant(value))).collect();
    let constant = |number| Dual::constant(Var::constant(number));
    let values = Values::of(draft, inputs, constant)?;
    // The derivative of NaN is NaN, whatever the partials say.
    let tangent = |&output: &Source| {
        let Dual { value, tangent } = values.at(output);
        value.seeded(tangent)
    };
    let tangents = draft.outputs.iter().map(tangent);
    let valued = if with_values { &draft.outputs[..] } else { &[] };
    let outputs = valued.iter().map(|&output| values.at(output).value).chain(tangents).collect();
    Ok((outputs, kept(draft, |source| values.at(source).value)))
}

fn kept<'t, F: Real>(draft: &Draft<F>, at: impl Fn(Source) -> Var<'t, F>) -> Vec<Kept<'t, F>> {
    draft.guards.iter().map(|guard| (guard.clone(), guard.operands.map(&at))).collect()
}

/// Refuses derivatives of operations that no rule has.
fn check_orders<F: Real>(draft: &Draft<F>) -> Result<(), Error> {
    for (step, at) in draft.steps.iter().zip(0..) {
        let [code, arguments @ ..] = draft.operands_of(at) else { continue };
        if step.opcode != Opcode::Derivative || !code.is_constant() {
            continue;
        }
        let Some(which) = Which::from_code(draft.constants[code.index()].as_f64()) else {
            continue;
        };
        let mut next = (0..arguments.len().min(3)).filter_map(|i| which.by(i));
        if next.any(|next| !next.is_known()) {
            return Err(Kind::DerivativeOrder { limit: Which::LIMIT }.into());
        }
    }
    Ok(())
}
