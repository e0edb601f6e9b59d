//! Derivatives inside functions that are themselves differentiated.
//!
//! An inner derivative is recorded on the tape of the variables it is taken at, so that it is a
//! variable as any other: of a result that depends on it the derivatives are found by any sweep, in
//! reverse or forward, and inside another derivative of this module. So modes nest in any order and
//! to any depth.
//!
//! | | inner derivative in reverse | inner derivative forward |
//! |---|---|---|
//! | outer in reverse | [`gradient`], [`vjp`], [`jacobian`], [`hessian`] | [`jvp`], or [`Dual`] numbers of variables |
//! | outer forward | the same, swept by [`Tape::pushforward`](crate::Tape::pushforward) or recorded in a [`Function`](crate::Function) | the same; or dual numbers of dual numbers |
//!
//! The inner function is given variables of its own, which equal those of the point and stand
//! behind them on the tape. What it captures from outside is a constant to the inner derivative and
//! a variable to the outer one: two derivatives cannot be taken for each other, because what is
//! differentiated by is a node, and of dual numbers a type.
//!
//! The numbers are [`Var`]s, and no [`Active`](crate::Active)s: the inner function is called with
//! variables of the tape that the outer ones borrow, of whatever scalar, and the lifetime is what
//! keeps an inner variable from being used where its derivative was not asked for. A function that
//! is generic over [`Number`](crate::Number) is differentiated here and recorded over `Active`s
//! elsewhere.
//!
//! # Example: steps of gradient descent, differentiated by what they depend on
//! ```
//! use wengert::{gradient, nested};
//! // Minimises (w − θ)² from 0, and asks how far the result follows θ.
//! let slope = gradient(
//!     |x| {
//!         let theta = x[0];
//!         let mut w = theta.tape().expect("a variable has a tape").var(0.0);
//!         for _ in 0..3 {
//!             let inner = nested::gradient(|w| (w[0] - theta).powi(2), &[w]);
//!             w = w - 0.25 * inner[0];
//!         }
//!         w
//!     },
//!     &[5.0],
//! );
//! assert_eq!(slope, [0.875]);
//! ```
//!
//! # Source
//! Griewank & Walther, "Evaluating Derivatives" (2nd ed. 2008), chapter 10. Siskind & Pearlmutter,
//! "Perturbation Confusion and Referential Transparency" (2005).

use crate::derive::pull_back;
use crate::error::{Error, Kind, check_length, expect};
use crate::record::Var;
use crate::scalar::{Dual, Evaluate, Scalar};

/// Variables of their own at a point: each is the product of one of the point's with 1.
#[track_caller]
fn copies<'t, F: Scalar>(at: &[Var<'t, F>]) -> Result<Vec<Var<'t, F>>, Error> {
    let tape = Var::common_tape(at)?;
    let copy = |var: &Var<'t, F>| match (tape, var.is_constant()) {
        (Some(tape), true) => Ok(tape.var(var.value)),
        (Some(_), false) => Ok(*var * F::one()),
        (None, _) => Err(Kind::Constant.into()),
    };
    at.iter().map(copy).collect()
}

/// The gradient of `f` at variables, as variables.
///
/// # Panics
/// If all of the point are constants (record one of them with [`Tape::var`](crate::Tape::var)), if
/// variables belong to different tapes, or if the tape is full.
///
/// # Complexity
/// Recording `f`, and a node or two for each partial derivative of what depends on the point.
///
/// # Example: the derivative of a derivative
/// ```
/// use wengert::{Tape, nested};
/// let tape = Tape::new();
/// let x = tape.var(2.0);
/// let slope = nested::gradient(|x| x[0].powi(3), &[x])[0];
/// assert_eq!(slope.value(), 12.0);
/// assert_eq!(slope.gradients()[x], 12.0);
/// ```
#[track_caller]
pub fn gradient<'t, F, G>(f: G, at: &[Var<'t, F>]) -> Vec<Var<'t, F>>
where
    F: Scalar,
    G: FnOnce(&[Var<'t, F>]) -> Var<'t, F>,
{
    value_and_gradient(f, at).1
}

/// The value of `f` and its gradient at variables, as variables.
///
/// # Panics
/// As [`gradient`].
///
/// # Example: x·d/dy(x + y) is x, whatever y is
/// ```
/// use wengert::{Tape, nested};
/// let tape = Tape::new();
/// let x = tape.var(3.0);
/// let (sum, inner) = nested::value_and_gradient(|y| x + y[0], &[x]);
/// assert_eq!((sum.value(), inner[0].value()), (6.0, 1.0));
/// assert_eq!((x * inner[0]).gradients()[x], 1.0);
/// ```
#[track_caller]
pub fn value_and_gradient<'t, F, G>(f: G, at: &[Var<'t, F>]) -> (Var<'t, F>, Vec<Var<'t, F>>)
where
    F: Scalar,
    G: FnOnce(&[Var<'t, F>]) -> Var<'t, F>,
{
    let inner = expect(copies(at));
    let output = f(&inner);
    (output, output.derivatives(&inner))
}

/// The Jacobian of `f` at variables, a row for each output, as variables.
///
/// # Panics
/// As [`gradient`].
///
/// # Example
/// ```
/// use wengert::{Tape, nested};
/// let tape = Tape::new();
/// let [x, y] = tape.var_array([2.0, 3.0]);
/// let rows = nested::jacobian(|v| vec![v[0] * v[1], v[0] * v[0]], &[x, y]);
/// assert_eq!(rows[0][0].value(), 3.0);
/// assert_eq!(rows[1][0].gradients()[x], 2.0);
/// ```
#[track_caller]
pub fn jacobian<'t, F, G>(f: G, at: &[Var<'t, F>]) -> Vec<Vec<Var<'t, F>>>
where
    F: Scalar,
    G: FnOnce(&[Var<'t, F>]) -> Vec<Var<'t, F>>,
{
    let inner = expect(copies(at));
    f(&inner).iter().map(|output| output.derivatives(&inner)).collect()
}

/// The Hessian of `f` at variables, a row for each, as variables: the gradient, recorded, and the
/// gradient of each of its entries. An entry and its mirror image are one variable.
///
/// # Panics
/// As [`gradient`].
///
/// # Complexity
/// Recording `f` and its gradient, and for each variable a walk over both that records the row's
/// entries from the diagonal on.
///
/// # Example: the determinant of a Hessian, and its gradient
/// ```
/// use wengert::{Tape, nested};
/// let tape = Tape::new();
/// let [x, y] = tape.var_array([2.0, 3.0]);
/// let rows = nested::hessian(|v| v[0] * v[0] * v[1], &[x, y]);
/// let determinant = rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0];
/// assert_eq!(determinant.value(), -16.0); // −4x²
/// assert_eq!(determinant.gradients()[x], -16.0);
/// ```
#[track_caller]
pub fn hessian<'t, F, G>(f: G, at: &[Var<'t, F>]) -> Vec<Vec<Var<'t, F>>>
where
    F: Scalar,
    G: FnOnce(&[Var<'t, F>]) -> Var<'t, F>,
{
    let inner = expect(copies(at));
    let slopes = f(&inner).derivatives(&inner);
    let mut rows: Vec<Vec<Var<'t, F>>> = Vec::with_capacity(inner.len());
    for (i, slope) in slopes.iter().enumerate() {
        let mut row: Vec<_> = rows.iter().map(|above| above[i]).collect();
        row.extend(slope.derivatives(&inner[i..]));
        rows.push(row);
    }
    rows
}

/// The gradient of `f` at variables, and the product of its Hessian with `v`, as variables: the
/// gradient of the gradient's product with `v`.
///
/// # Errors
/// If `v` has not as many entries as there are variables.
///
/// # Panics
/// As [`gradient`].
///
/// # Complexity
/// Recording `f`, its gradient, and the gradient of that, whatever the number of variables.
///
/// # Example: curvature along a line, and how it changes with the point
/// ```
/// use wengert::{Tape, nested};
/// let tape = Tape::new();
/// let [x, along] = tape.var_array([2.0, 10.0]);
/// let (_, product) = nested::hessian_vector_product(|v| v[0].powi(3), &[x], &[along])?;
/// let gradients = product[0].gradients();
/// assert_eq!((product[0].value(), gradients[x], gradients[along]), (120.0, 60.0, 12.0));
/// # Ok::<(), wengert::Error>(())
/// ```
#[track_caller]
#[allow(clippy::type_complexity, reason = "the gradient and the product")]
pub fn hessian_vector_product<'t, F, G>(
    f: G,
    at: &[Var<'t, F>],
    v: &[Var<'t, F>],
) -> Result<(Vec<Var<'t, F>>, Vec<Var<'t, F>>), Error>
where
    F: Scalar,
    G: FnOnce(&[Var<'t, F>]) -> Var<'t, F>,
{
    check_length("the vector", v.len(), at.len())?;
    let inner = expect(copies(at));
    let slopes = f(&inner).derivatives(&inner);
    let product = pull_back_weighted(&slopes, v, &inner)?;
    Ok((slopes, product))
}

/// The derivatives by `inner` of the sum of `outputs`, each weighted by its entry of `v`.
#[track_caller]
fn pull_back_weighted<'t, F: Scalar>(
    outputs: &[Var<'t, F>],
    v: &[Var<'t, F>],
    inner: &[Var<'t, F>],
) -> Result<Vec<Var<'t, F>>, Error> {
    let seeds: Vec<_> = outputs.iter().copied().zip(v.iter().copied()).collect();
    pull_back(&seeds, inner)
}

/// The outputs of `f` at variables, and the product of `v`, an entry for each output, with the
/// Jacobian, as variables.
///
/// # Errors
/// If `v` has not as many entries as there are outputs.
///
/// # Panics
/// As [`gradient`].
///
/// # Example
/// ```
/// use wengert::{Tape, nested};
/// let tape = Tape::new();
/// let [x, weight] = tape.var_array([2.0, 5.0]);
/// let (_, product) = nested::vjp(|x| vec![x[0] * x[0]], &[x], &[weight])?;
/// let gradients = product[0].gradients();
/// assert_eq!((product[0].value(), gradients[x], gradients[weight]), (20.0, 10.0, 4.0));
/// # Ok::<(), wengert::Error>(())
/// ```
#[track_caller]
#[allow(clippy::type_complexity, reason = "the outputs and the product")]
pub fn vjp<'t, F, G>(
    f: G,
    at: &[Var<'t, F>],
    v: &[Var<'t, F>],
) -> Result<(Vec<Var<'t, F>>, Vec<Var<'t, F>>), Error>
where
    F: Scalar,
    G: FnOnce(&[Var<'t, F>]) -> Vec<Var<'t, F>>,
{
    let inner = expect(copies(at));
    let outputs = f(&inner);
    check_length("the vector", v.len(), outputs.len())?;
    let product = pull_back_weighted(&outputs, v, &inner)?;
    Ok((outputs, product))
}

/// The outputs of `f` at variables, and the product of the Jacobian with `v`, an entry for each
/// variable, as variables: forward, over dual numbers of variables.
///
/// # Errors
/// If `v` has not as many entries as there are variables.
///
/// # Panics
/// If variables belong to different tapes, or if the tape is full.
///
/// # Example: reverse over forward
/// ```
/// use wengert::{Tape, nested};
/// let tape = Tape::new();
/// let x = tape.var(2.0);
/// let (_, slope) = nested::jvp(|x| vec![x[0] * x[0] * x[0]], &[x], &[1.0.into()])?;
/// assert_eq!(slope[0].value(), 12.0);
/// assert_eq!(slope[0].gradients()[x], 12.0);
/// # Ok::<(), wengert::Error>(())
/// ```
#[track_caller]
#[allow(clippy::type_complexity, reason = "the outputs and the product")]
pub fn jvp<'t, F, G>(
    f: G,
    at: &[Var<'t, F>],
    v: &[Var<'t, F>],
) -> Result<(Vec<Var<'t, F>>, Vec<Var<'t, F>>), Error>
where
    F: Scalar,
    G: FnOnce(&[Dual<Var<'t, F>>]) -> Vec<Dual<Var<'t, F>>>,
{
    check_length("the vector", v.len(), at.len())?;
    let inputs: Vec<_> = at.iter().zip(v).map(|(&value, &along)| Dual::new(value, along)).collect();
    let outputs = f(&inputs);
    // The derivative of NaN is NaN, whatever the partials say.
    let tangents = outputs.iter().map(|output| output.value.seeded(output.tangent)).collect();
    Ok((outputs.iter().map(|output| output.value).collect(), tangents))
}

impl<'t, F: Scalar> Var<'t, F> {
    /// The derivatives of this variable by others of its tape, as variables: the reverse sweep,
    /// recorded.
    ///
    /// They are by the nodes `xs` themselves, wherever those are used. An inner derivative at a
    /// point that the function also captures is [`nested::gradient`](gradient).
    ///
    /// # Panics
    /// If one of `xs` is a constant or belongs to another tape, if an operation has no derivative
    /// of so high an order, or if the tape is full.
    ///
    /// # Complexity
    /// Walks the nodes from the first of `xs` to this one, and records a node or two for each
    /// partial derivative of those that lie between them.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(2.0_f64);
    /// let second = x.sin().derivatives(&[x])[0].derivatives(&[x])[0];
    /// assert_eq!(second.value(), -2.0_f64.sin());
    /// ```
    #[must_use = "the operations are recorded, but their results go unused"]
    #[track_caller]
    pub fn derivatives(&self, xs: &[Self]) -> Vec<Self> {
        expect(pull_back(&[(*self, Self::constant(F::one()))], xs))
    }
}
