//! One call for a derivative of a plain closure, with a tape that nobody sees.
//!
//! Each call records the closure once on a tape of its own and sweeps; the tape's memory is kept for
//! the thread's next call ([`release_memory`]). The closure has to work for a tape of any lifetime, so that the compiler keeps its variables from leaving: a handle kept
//! from one call and used in another, or in a call within a call, does not compile.
//! To evaluate the same function many times, keep a [`Tape`] and [`reset`](Tape::reset) it.
//!
//! These functions are for `f64`, so that literals in a closure have a type; other scalars have their
//! own [`Tape`].

/// The same at points of a fixed length.
pub mod array;
mod kept;
mod steps;

pub use kept::release_memory;
pub use steps::{Checkpointing, LoopGradient, Step};

use crate::error::{Error, check_length, expect};
use crate::gradients::Gradients;
use crate::index::NodeIndex;
use crate::operation::Order;
use crate::record::Var;
use crate::scalar::Dual;
use crate::store::Tape;
use crate::sweep::{self, Lifted};
use kept::Lent;
use num_traits::One;

/// The gradient of f: Rⁿ → R at `x`.
///
/// # Panics
/// If the output belongs to another tape.
///
/// # Complexity
/// One recording and one reverse sweep, whatever n. The memory is kept for this thread's next call
/// ([`release_memory`]).
///
/// # Example
/// ```
/// let gradient = wengert::gradient(|x| x[0] * x[1] + x[0].sin(), &[0.0, 3.0]);
/// assert_eq!(gradient, [4.0, 0.0]);
/// ```
#[track_caller]
pub fn gradient<G>(f: G, x: &[f64]) -> Vec<f64>
where
    G: for<'t> FnOnce(&[Var<'t>]) -> Var<'t>,
{
    value_and_gradient(f, x).1
}

/// The value and the gradient of f: Rⁿ → R at `x`.
///
/// # Panics
/// If the output belongs to another tape.
///
/// # Complexity
/// One recording and one reverse sweep, whatever n.
///
/// # Example
/// ```
/// let (value, gradient) = wengert::value_and_gradient(|x| x[0] * x[1], &[2.0, 3.0]);
/// assert_eq!((value, gradient), (6.0, vec![3.0, 2.0]));
/// ```
#[track_caller]
pub fn value_and_gradient<G>(f: G, x: &[f64]) -> (f64, Vec<f64>)
where
    G: for<'t> FnOnce(&[Var<'t>]) -> Var<'t>,
{
    let mut lent = Lent::take();
    let Lent { tape, gradients } = &mut lent;
    let inputs = tape.vars(x);
    let output = f(&inputs);
    expect(Var::check_tape([output], tape));
    output.gradients_into(gradients);
    (output.value(), gradients.wrt(&inputs))
}

/// The Jacobian of f: Rⁿ → Rᵐ at `x`: m rows of n, ∂fᵢ/∂xⱼ at `[i][j]`.
///
/// # Panics
/// If an output belongs to another tape.
///
/// # Complexity
/// One recording, and a sweep for every eight outputs, or a forward one for every eight variables
/// where those are fewer; it takes eight numbers for each node, and one where it is a sweep or two.
///
/// # Example
/// ```
/// let jacobian = wengert::jacobian(|x| vec![x[0] * x[1], x[0] + x[1]], &[2.0, 3.0]);
/// assert_eq!(jacobian, [[3.0, 2.0], [1.0, 1.0]]);
/// ```
#[track_caller]
pub fn jacobian<G>(f: G, x: &[f64]) -> Vec<Vec<f64>>
where
    G: for<'t> FnOnce(&[Var<'t>]) -> Vec<Var<'t>>,
{
    value_and_jacobian(f, x).1
}

/// The values and the Jacobian of f: Rⁿ → Rᵐ at `x`, by one recording.
///
/// # Complexity
/// As [`jacobian`]: the values are there anyway.
///
/// # Example
/// ```
/// let (values, jacobian) =
///     wengert::value_and_jacobian(|x| vec![x[0] * x[1], x[0] + x[1]], &[2.0, 3.0]);
/// assert_eq!((values, jacobian), (vec![6.0, 5.0], vec![vec![3.0, 2.0], vec![1.0, 1.0]]));
/// ```
#[track_caller]
pub fn value_and_jacobian<G>(f: G, x: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>)
where
    G: for<'t> FnOnce(&[Var<'t>]) -> Vec<Var<'t>>,
{
    let mut lent = Lent::take();
    let Lent { tape, gradients } = &mut lent;
    let inputs = tape.vars(x);
    let outputs = f(&inputs);
    expect(Var::check_tape(outputs.iter().copied(), tape));
    let (n, m) = (inputs.len(), outputs.len());
    let jacobian = match (m <= n, m.min(n)) {
        (true, ..FEW) => by_rows(&inputs, &outputs, gradients),
        (false, ..FEW) => by_columns(tape, &inputs, &outputs),
        _ => in_lanes(tape, &inputs, &outputs),
    };
    (outputs.iter().map(Var::value).collect(), jacobian)
}

/// Fewer directions than these are swept one by one, in memory that is kept: lanes would be idle.
const FEW: usize = 3;

fn by_rows(inputs: &[Var<'_>], outputs: &[Var<'_>], gradients: &mut Gradients) -> Vec<Vec<f64>> {
    let row = |output: &Var<'_>| {
        output.gradients_into(gradients);
        gradients.wrt(inputs)
    };
    outputs.iter().map(row).collect()
}

fn by_columns<'t>(tape: &'t Tape, inputs: &[Var<'t>], outputs: &[Var<'t>]) -> Vec<Vec<f64>> {
    let mut jacobian = vec![vec![0.0; inputs.len()]; outputs.len()];
    let mut tangents = crate::Tangents::new();
    for (column, &input) in inputs.iter().enumerate() {
        expect(tape.pushforward_into(&[(input, 1.0)], &mut tangents));
        for (row, &output) in jacobian.iter_mut().zip(outputs) {
            row[column] = tangents[output];
        }
    }
    jacobian
}

/// The Jacobian by eight directions a pass, from whichever side there are fewer.
fn in_lanes(tape: &Tape, inputs: &[Var<'_>], outputs: &[Var<'_>]) -> Vec<Vec<f64>> {
    let (n, m) = (inputs.len(), outputs.len());
    let mut jacobian = vec![vec![0.0; n]; m];
    let unit = |i, j| if i == j { 1.0 } else { 0.0 };
    if m <= n {
        tape.pull_lanes(outputs, inputs, m, unit, |row, column, found| {
            jacobian[row][column] = found;
        });
    } else {
        tape.push_lanes(inputs, outputs, n, unit, |column, row, found| {
            jacobian[row][column] = found;
        });
    }
    jacobian
}

/// The values of f: Rⁿ → Rᵐ at `x`, and the vector-Jacobian product vᵀJ for `v` of length m.
///
/// # Errors
/// If `v` has another length than the output of f, or an output belongs to another tape.
///
/// # Complexity
/// One recording and one reverse sweep, whatever n and m.
///
/// # Example
/// ```
/// let (values, product) =
///     wengert::vjp(|x| vec![x[0] * x[1], x[0] + x[1]], &[2.0, 3.0], &[1.0, 10.0])?;
/// assert_eq!((values, product), (vec![6.0, 5.0], vec![13.0, 12.0]));
/// # Ok::<(), wengert::Error>(())
/// ```
#[track_caller]
pub fn vjp<G>(f: G, x: &[f64], v: &[f64]) -> Result<(Vec<f64>, Vec<f64>), Error>
where
    G: for<'t> FnOnce(&[Var<'t>]) -> Vec<Var<'t>>,
{
    let mut lent = Lent::take();
    let Lent { tape, gradients } = &mut lent;
    let inputs = tape.vars(x);
    let outputs = f(&inputs);
    check_length("the vector", v.len(), outputs.len())?;
    let seeds: Vec<_> = outputs.iter().copied().zip(v.iter().copied()).collect();
    tape.pullback_into(&seeds, gradients)?;
    Ok((outputs.iter().map(Var::value).collect(), gradients.wrt(&inputs)))
}

/// The values of f: Rⁿ → Rᵐ at `x`, and the Jacobian-vector product Jv for `v` of length n.
///
/// # Errors
/// If `v` has another length than `x`, or an output belongs to another tape.
///
/// # Complexity
/// One recording and one forward sweep, whatever n and m.
///
/// # Example
/// ```
/// let (values, product) =
///     wengert::jvp(|x| vec![x[0] * x[1], x[0] + x[1]], &[2.0, 3.0], &[1.0, 10.0])?;
/// assert_eq!((values, product), (vec![6.0, 5.0], vec![23.0, 11.0]));
/// # Ok::<(), wengert::Error>(())
/// ```
#[track_caller]
pub fn jvp<G>(f: G, x: &[f64], v: &[f64]) -> Result<(Vec<f64>, Vec<f64>), Error>
where
    G: for<'t> FnOnce(&[Var<'t>]) -> Vec<Var<'t>>,
{
    check_length("the vector", v.len(), x.len())?;
    let lent = Lent::take();
    let tape = &lent.tape;
    let inputs = tape.vars(x);
    let outputs = f(&inputs);
    Var::check_tape(outputs.iter().copied(), tape)?;
    let seeds: Vec<_> = inputs.iter().copied().zip(v.iter().copied()).collect();
    let tangents = tape.pushforward(&seeds)?;
    let read = |output: &Var<'_>| tangents[*output];
    Ok((outputs.iter().map(Var::value).collect(), outputs.iter().map(read).collect()))
}

/// The Hessian of f: Rⁿ → R at `x`: n rows of n, symmetric to the last bit.
///
/// # Panics
/// If the output belongs to another tape.
///
/// # Complexity
/// One recording, then n times an evaluation and a reverse sweep over dual numbers (each about
/// three times the price of plain ones). For one direction of it, see
/// [`hessian_vector_product`].
///
/// [`Function::hessian`](crate::Function::hessian) goes along eight directions a pass, and along no
/// more of them than the pattern needs. Recorded, optimised and used once, it takes less than this
/// from about sixteen variables on (0.8 times as long for Rosenbrock's function at 16, 0.4 at 32,
/// 0.2 at 128), and used again from fewer on. The figures are in `docs/BENCHMARKS.md`.
///
/// # Example
/// ```
/// let hessian = wengert::hessian(|x| x[0] * x[0] * x[1], &[2.0, 3.0]);
/// assert_eq!(hessian, [[6.0, 4.0], [4.0, 0.0]]);
/// ```
#[track_caller]
pub fn hessian<G>(f: G, x: &[f64]) -> Vec<Vec<f64>>
where
    G: for<'t> FnOnce(&[Var<'t>]) -> Var<'t>,
{
    let mut second = expect(SecondOrder::record(f, x, &SecondOrder::BOTH));
    let mut direction = vec![0.0; x.len()];
    let mut hessian = Vec::with_capacity(x.len());
    for i in 0..x.len() {
        direction[i] = 1.0;
        hessian.push(second.along(&direction));
        direction[i] = 0.0;
    }
    mirror_upper(&mut hessian);
    hessian
}

/// Copies the upper triangle to the lower: the two agree but for rounding.
fn mirror_upper(matrix: &mut [Vec<f64>]) {
    for i in 1..matrix.len() {
        let (above, below) = matrix.split_at_mut(i);
        for (j, row) in above.iter().enumerate() {
            below[0][j] = row[i];
        }
    }
}

/// The gradient of f: Rⁿ → R at `x`, and its Hessian times `v`, of length n.
///
/// Forward over reverse: a reverse sweep over dual numbers whose tangents are seeded with `v`
/// (Pearlmutter, "Fast exact multiplication by the Hessian", 1994). The value comes with it by
/// [`value_gradient_and_hessian_vector_product`].
///
/// # Errors
/// If `v` has another length than `x`, or the output belongs to another tape.
///
/// # Complexity
/// One recording, and an evaluation and reverse sweep over dual numbers, whatever n.
///
/// # Example
/// ```
/// let (gradient, product) =
///     wengert::hessian_vector_product(|x| x[0] * x[0] * x[1], &[2.0, 3.0], &[1.0, 10.0])?;
/// assert_eq!((gradient, product), (vec![12.0, 4.0], vec![46.0, 4.0]));
/// # Ok::<(), wengert::Error>(())
/// ```
#[track_caller]
pub fn hessian_vector_product<G>(f: G, x: &[f64], v: &[f64]) -> Result<(Vec<f64>, Vec<f64>), Error>
where
    G: for<'t> FnOnce(&[Var<'t>]) -> Var<'t>,
{
    let (_, gradient, product) = value_gradient_and_hessian_vector_product(f, x, v)?;
    Ok((gradient, product))
}

/// The value and the gradient of f: Rⁿ → R at `x`, and its Hessian times `v`, of length n: what a
/// step of Newton's method by conjugate gradients asks for.
///
/// # Errors
/// As [`hessian_vector_product`].
///
/// # Complexity
/// As [`hessian_vector_product`]: the value is there anyway.
///
/// # Example
/// ```
/// let (value, gradient, product) = wengert::value_gradient_and_hessian_vector_product(
///     |x| x[0] * x[0] * x[1], &[2.0, 3.0], &[1.0, 10.0],
/// )?;
/// assert_eq!((value, gradient, product), (12.0, vec![12.0, 4.0], vec![46.0, 4.0]));
/// # Ok::<(), wengert::Error>(())
/// ```
#[track_caller]
pub fn value_gradient_and_hessian_vector_product<G>(
    f: G,
    x: &[f64],
    v: &[f64],
) -> Result<(f64, Vec<f64>, Vec<f64>), Error>
where
    G: for<'t> FnOnce(&[Var<'t>]) -> Var<'t>,
{
    check_length("the vector", v.len(), x.len())?;
    let mut second = SecondOrder::record(f, x, &SecondOrder::BOTH)?;
    let product = second.along(v);
    let gradient = second.adjoints[..x.len()].iter().map(|adjoint| adjoint.value).collect();
    Ok((second.value, gradient, product))
}

/// A recording over dual numbers that is evaluated and swept along several directions. Its
/// inputs are the first nodes.
pub(crate) struct SecondOrder {
    lifted: Lifted<f64>,
    /// The position of the output, or `None` where it is a constant.
    output: Option<usize>,
    /// The value of the output.
    value: f64,
    pub(crate) adjoints: Vec<Dual>,
    scratch: Vec<Dual>,
    inputs: usize,
}

impl SecondOrder {
    /// What second derivatives need.
    pub(crate) const BOTH: [Order; 2] = [Order::Forward, Order::Second];

    /// Records a function, whose calls of users' operations have to give some derivatives.
    #[track_caller]
    pub(crate) fn record<G>(f: G, x: &[f64], orders: &[Order]) -> Result<Self, Error>
    where
        G: for<'t> FnOnce(&[Var<'t>]) -> Var<'t>,
    {
        let lent = Lent::take();
        let tape = &lent.tape;
        tape.guards.keep_parts(true);
        Self::of(tape, f(&tape.vars(x)), x.len(), orders)
    }

    /// Of what was recorded with its parts kept, whose first nodes are so many inputs.
    #[track_caller]
    pub(crate) fn of(
        tape: &Tape,
        output: Var<'_>,
        inputs: usize,
        orders: &[Order],
    ) -> Result<Self, Error> {
        Var::check_tape([output], tape)?;
        let (output, value) = (output.index().map(NodeIndex::index), output.value());
        let view = tape.hold();
        orders.iter().try_for_each(|&order| view.check_calls(order))?;
        let lifted = Lifted::of(view.recording());
        drop(view);
        let (adjoints, scratch) = (Vec::new(), Vec::new());
        Ok(Self { lifted, output, value, adjoints, scratch, inputs })
    }

    /// The dual value of the output along `direction`.
    pub(crate) fn evaluate(&mut self, direction: &[f64]) -> Dual {
        for (node, &tangent) in self.lifted.nodes.iter_mut().zip(direction) {
            node.value.tangent = tangent;
        }
        self.lifted.evaluate();
        self.output.map_or_else(Dual::default, |output| self.lifted.nodes[output].value)
    }

    /// The Hessian times `direction`; `adjoints` then holds the gradient as values.
    pub(crate) fn along(&mut self, direction: &[f64]) -> Vec<f64> {
        let value = self.evaluate(direction).value;
        self.adjoints.clear();
        self.adjoints.resize(self.lifted.nodes.len(), Dual::default());
        if let Some(output) = self.output {
            // As of first derivatives, those of NaN are NaN.
            let seed = if value.is_nan() { Dual::new(value, value) } else { Dual::one() };
            self.adjoints[output] = seed;
        }
        sweep::reverse(self.lifted.recording(), &mut self.adjoints, 0, &mut self.scratch);
        self.adjoints[..self.inputs].iter().map(|adjoint| adjoint.tangent).collect()
    }
}
