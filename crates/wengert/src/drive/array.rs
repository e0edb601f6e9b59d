//! The one-call derivatives at points of a fixed length: arrays in, arrays out.
//!
//! The closure takes its variables apart by pattern, and lengths are checked by the compiler.
//!
//! # Example
//! ```
//! use wengert::array::{gradient, jacobian};
//! assert_eq!(gradient(|[x, y]| x * y, [2.0, 3.0]), [3.0, 2.0]);
//! assert_eq!(jacobian(|[x, y]| [x * y, x + y, 2 * x], [2.0, 3.0]), [[3.0, 2.0], [1.0, 1.0], [2.0, 0.0]]);
//! ```

use crate::record::Var;

/// The variables as the array that they are.
fn taken<'t, const N: usize>(x: &[Var<'t>]) -> [Var<'t>; N] {
    std::array::from_fn(|i| x[i])
}

fn row<const N: usize>(numbers: &[f64]) -> [f64; N] {
    std::array::from_fn(|i| numbers[i])
}

/// The gradient of f: Rᴺ → R at `x`: see [`gradient`](crate::gradient).
///
/// # Example
/// ```
/// assert_eq!(wengert::array::gradient(|[x, y]| x * y + x.sin(), [0.0, 3.0]), [4.0, 0.0]);
/// ```
#[track_caller]
pub fn gradient<const N: usize, G>(f: G, x: [f64; N]) -> [f64; N]
where
    G: for<'t> FnOnce([Var<'t>; N]) -> Var<'t>,
{
    value_and_gradient(f, x).1
}

/// The value and the gradient of f: Rᴺ → R at `x`: see
/// [`value_and_gradient`](crate::value_and_gradient).
///
/// # Example
/// ```
/// let found = wengert::array::value_and_gradient(|[x, y]| x * y, [2.0, 3.0]);
/// assert_eq!(found, (6.0, [3.0, 2.0]));
/// ```
#[track_caller]
pub fn value_and_gradient<const N: usize, G>(f: G, x: [f64; N]) -> (f64, [f64; N])
where
    G: for<'t> FnOnce([Var<'t>; N]) -> Var<'t>,
{
    let (value, gradient) = super::value_and_gradient(|x| f(taken(x)), &x);
    (value, row(&gradient))
}

/// The Jacobian of f: Rᴺ → Rᴹ at `x`, ∂fᵢ/∂xⱼ at `[i][j]`: see [`jacobian`](crate::jacobian).
///
/// # Example
/// ```
/// let jacobian = wengert::array::jacobian(|[x, y]| [x * y, x + y], [2.0, 3.0]);
/// assert_eq!(jacobian, [[3.0, 2.0], [1.0, 1.0]]);
/// ```
#[track_caller]
pub fn jacobian<const N: usize, const M: usize, G>(f: G, x: [f64; N]) -> [[f64; N]; M]
where
    G: for<'t> FnOnce([Var<'t>; N]) -> [Var<'t>; M],
{
    value_and_jacobian(f, x).1
}

/// The values and the Jacobian of f: Rᴺ → Rᴹ at `x`, by one recording: see
/// [`value_and_jacobian`](crate::value_and_jacobian).
///
/// # Example
/// ```
/// let (values, jacobian) =
///     wengert::array::value_and_jacobian(|[x, y]| [x * y, x + y], [2.0, 3.0]);
/// assert_eq!((values, jacobian), ([6.0, 5.0], [[3.0, 2.0], [1.0, 1.0]]));
/// ```
#[track_caller]
pub fn value_and_jacobian<const N: usize, const M: usize, G>(
    f: G,
    x: [f64; N],
) -> ([f64; M], [[f64; N]; M])
where
    G: for<'t> FnOnce([Var<'t>; N]) -> [Var<'t>; M],
{
    let (values, jacobian) = super::value_and_jacobian(|x| f(taken(x)).to_vec(), &x);
    (row(&values), std::array::from_fn(|i| row(&jacobian[i])))
}

/// The Hessian of f: Rᴺ → R at `x`, symmetric to the last bit: see [`hessian`](crate::hessian).
///
/// # Example
/// ```
/// let hessian = wengert::array::hessian(|[x, y]| x * x * y, [2.0, 3.0]);
/// assert_eq!(hessian, [[6.0, 4.0], [4.0, 0.0]]);
/// ```
#[track_caller]
pub fn hessian<const N: usize, G>(f: G, x: [f64; N]) -> [[f64; N]; N]
where
    G: for<'t> FnOnce([Var<'t>; N]) -> Var<'t>,
{
    let hessian = super::hessian(|x| f(taken(x)), &x);
    std::array::from_fn(|i| row(&hessian[i]))
}
