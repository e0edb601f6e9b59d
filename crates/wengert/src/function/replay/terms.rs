//! Sums, term by term.

use crate::function::element::Element;
use crate::function::program::columns::Join;
use crate::ops::rules;

/// A sum with one more number, or one that begins with it.
#[inline(always)]
pub(super) fn add<F, E: Element<F>>(sum: E, term: E, is_first: bool, is_negated: bool) -> E {
    match (is_first, is_negated) {
        (true, false) => term,
        (true, true) => E::negated(term),
        (false, false) => sum + term,
        (false, true) => sum - term,
    }
}

/// A sum with one more product, or one that begins with it. With `FUSED` there are products that are
/// rounded with the sum.
#[inline(always)]
pub(super) fn accumulate<F, E: Element<F>, const FUSED: bool>(
    sum: E,
    [a, b]: [E; 2],
    is_first: bool,
    join: Join,
) -> E {
    if FUSED && join.is_fused && !is_first {
        let [sum] = E::ternary::<rules::MulAdd, 1>(
            [if join.is_negated { a.negated() } else { a }],
            [b],
            [sum],
        );
        return sum;
    }
    add(sum, a * b, is_first, join.is_negated)
}
