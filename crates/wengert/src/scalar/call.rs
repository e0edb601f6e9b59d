//! Derivatives of users' operations, over any numbers: each is again something that is called.

use super::{Evaluate, Scalar};
use crate::error::Error;
use crate::operation::{Called, Role};

/// The vector-Jacobian product of what is called, at inputs `xs` with outputs `ys`.
///
/// # Errors
/// If the operation does not give a derivative that this needs.
#[track_caller]
pub(crate) fn vjp<F: Scalar>(
    called: &Called,
    xs: &[F],
    ys: &[F],
    weights: &[F],
) -> Result<Vec<F>, Error> {
    let [x, y, w, _] = called.split(xs);
    let by_y = vec![F::zero(); y.len()];
    Ok(match called.role() {
        Role::Value => value(called, Role::Reverse, &[xs, ys, weights])?,
        // Jᵀw, of which the weights make Hc by x and Jc by w.
        Role::Reverse => {
            let by_x = value(called, Role::SecondOrder, &[x, y, w, weights])?;
            let by_w = value(called, Role::Forward, &[x, y, weights])?;
            [by_x, by_y, by_w].concat()
        }
        // Jv, of which the weights make Hv by x and Jᵀc by v.
        Role::Forward => {
            let by_x = value(called, Role::SecondOrder, &[x, y, weights, w])?;
            let by_v = value(called, Role::Reverse, &[x, y, weights])?;
            [by_x, by_y, by_v].concat()
        }
        Role::SecondOrder => return Err(called.has_no_third()),
    })
}

/// [`vjp`], at inputs and outputs, with what was saved and weights.
///
/// # Errors
/// As [`vjp`].
#[track_caller]
pub(crate) fn vjp_of<F: Scalar>(called: &Called, lists: [&[F]; 4]) -> Result<Vec<F>, Error> {
    match (called.role(), lists) {
        (Role::Value, _) => F::vjp(called, lists),
        // Derivatives save nothing.
        (_, [xs, ys, _, weights]) => vjp(called, xs, ys, weights),
    }
}

/// The Jacobian-vector product of what is called, along the direction `moves` of its inputs.
///
/// # Errors
/// If the operation does not give a derivative that this needs.
#[track_caller]
pub(crate) fn jvp<F: Scalar>(
    called: &Called,
    xs: &[F],
    ys: &[F],
    moves: &[F],
) -> Result<Vec<F>, Error> {
    let ([x, y, first, second], [dx, _, of_first, of_second]) =
        (called.split(xs), called.split(moves));
    let sum = |lists: &[(Role, &[&[F]])]| sum(called, lists);
    match called.role() {
        Role::Value => value(called, Role::Forward, &[xs, ys, moves]),
        Role::Reverse => {
            sum(&[(Role::SecondOrder, &[x, y, first, dx]), (Role::Reverse, &[x, y, of_first])])
        }
        Role::Forward => {
            let mut flows = sum(&[(Role::Forward, &[x, y, of_first])])?;
            if dx.iter().any(|dx| !dx.is_all_zero()) {
                add_curvature(called, [x, y, first, dx], &mut flows)?;
            }
            Ok(flows)
        }
        Role::SecondOrder if dx.iter().any(|dx| !dx.is_all_zero()) => Err(called.has_no_third()),
        Role::SecondOrder => sum(&[
            (Role::SecondOrder, &[x, y, of_first, second]),
            (Role::SecondOrder, &[x, y, first, of_second]),
        ]),
    }
}

/// The derivative of the vector-Jacobian product along the direction `moves` of the inputs.
///
/// # Errors
/// If the operation does not give a derivative that this needs.
#[track_caller]
pub(crate) fn curvature<F: Scalar>(
    called: &Called,
    [xs, ys]: [&[F]; 2],
    weights: &[F],
    moves: &[F],
) -> Result<Vec<F>, Error> {
    let still = vec![F::zero(); ys.len() + weights.len()];
    let reverse = match called.role() {
        Role::Value => called.in_role(Role::Reverse)?,
        _ => return Err(called.has_no_third()),
    };
    jvp(&reverse, &[xs, ys, weights].concat(), &[], &[moves, &still].concat())
}

/// Adds the second derivative of each output along two directions, u and v.
#[track_caller]
fn add_curvature<F: Scalar>(
    called: &Called,
    [x, y, u, v]: [&[F]; 4],
    sums: &mut [F],
) -> Result<(), Error> {
    let outputs = sums.len();
    for (i, sum) in sums.iter_mut().enumerate() {
        let mut one = vec![F::zero(); outputs];
        one[i] = F::one();
        let row = value(called, Role::SecondOrder, &[x, y, &one, v])?;
        *sum = row.into_iter().zip(u).fold(*sum, |sum, (row, u)| sum.accumulate(u.push(row)));
    }
    Ok(())
}

/// What is called in another role of the same operation.
#[track_caller]
fn value<F: Scalar>(called: &Called, role: Role, lists: &[&[F]]) -> Result<Vec<F>, Error> {
    F::call(&called.in_role(role)?, &lists.concat())
}

/// A sum of products that are linear in their last list or, where that is the direction of another,
/// in all but their first two: those with a list of zeros have no part in it.
#[track_caller]
fn sum<F: Scalar>(called: &Called, lists: &[(Role, &[&[F]])]) -> Result<Vec<F>, Error> {
    let mut sums = vec![F::zero(); called.outputs()];
    for (role, lists) in lists {
        if lists[2..].iter().all(|list| list.iter().any(|number| !number.is_all_zero())) {
            let flows = value(called, *role, lists)?;
            sums.iter_mut().zip(flows).for_each(|(sum, flow)| *sum = sum.accumulate(flow));
        }
    }
    Ok(sums)
}
