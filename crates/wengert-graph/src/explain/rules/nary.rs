//! Functions of three and of any number of variables.

use super::Operands;
use crate::explain::expression::{
    Condition, Expr, Letter, apply, equal, exp, greater, less, less_or_equal, ln, product, root,
    sum, when,
};
use wengert::OpKind;

/// So many terms are written out; of a longer list the first ones, the last and an ellipsis.
const WRITTEN: usize = 6;

/// The formula.
pub(super) fn value(kind: OpKind, xs: Operands<'_>) -> Option<Expr> {
    let count = xs.len();
    let square = |i| xs.at(i).squared();
    Some(match kind {
        OpKind::MulAdd if count == 3 => xs.at(0) * xs.at(1) + xs.at(2),
        OpKind::Clamp if count == 3 => {
            apply("clamp", r"\operatorname{clamp}", (0..3).map(|i| xs.at(i)).collect())
        }
        OpKind::BetaInc if count == 3 => beta_inc(xs, 0),
        OpKind::SelectLess | OpKind::SelectLessOrEqual | OpKind::SelectEqual if count == 4 => {
            when(condition(kind, xs)?, xs.at(2), xs.at(3))
        }
        OpKind::Sum => total(count, |i| xs.at(i)),
        OpKind::Mean => total(count, |i| xs.at(i)) / count as f64,
        OpKind::Product => product(written(count, |i| xs.at(i))),
        // Of a linear combination, the coefficients stand before the variables.
        OpKind::Dot | OpKind::LinearCombination => {
            total(count / 2, |i| xs.at(i) * xs.at(count / 2 + i))
        }
        // Of a part, the partial derivatives stand before the variables; what it computes is not
        // known here.
        OpKind::Preaccumulated => {
            apply("part", r"\mathrm{part}", (count / 2..count).map(|i| xs.at(i)).collect())
        }
        OpKind::SquaredNorm => total(count, square),
        OpKind::Norm => root(total(count, square)),
        OpKind::LogSumExp => ln(total(count, |i| exp(xs.at(i)))),
        OpKind::Polynomial | OpKind::Horner if count > 0 => {
            total(count - 1, |k| xs.at(k + 1) * power(xs.at(0), k))
        }
        _ => return None,
    })
}

/// The incomplete beta function I(x; a, b), or its derivative by a parameter, which has no formula.
fn beta_inc(xs: Operands<'_>, i: usize) -> Expr {
    let (text, latex) = match i {
        0 => ("I", "I"),
        1 => ("∂I/∂a", r"\frac{\partial I}{\partial a}"),
        _ => ("∂I/∂b", r"\frac{\partial I}{\partial b}"),
    };
    apply(text, latex, (0..3).map(|i| xs.at(i)).collect())
}

/// The derivative by the argument at position `i`; `y` is the name of the result.
pub(super) fn partial(kind: OpKind, xs: Operands<'_>, i: usize, y: Expr) -> Option<Expr> {
    let count = xs.len();
    Some(match (kind, i) {
        (OpKind::MulAdd, 0 | 1) if count == 3 => xs.at(1 - i),
        (OpKind::MulAdd, 2) | (OpKind::Sum, _) => Expr::Number(1.0),
        (OpKind::Clamp, 0) if count == 3 => between(xs.at(0), xs.at(1), xs.at(2)),
        (OpKind::BetaInc, 0) if count == 3 => {
            let (x, a, b) = (xs.at(0), xs.at(1), xs.at(2));
            let powers = (a.clone() - 1.0) * ln(x.clone()) + (b.clone() - 1.0) * ln(1.0 - x);
            exp(powers - apply("ln B", r"\ln\mathrm{B}", vec![a, b]))
        }
        (OpKind::BetaInc, _) if count == 3 => beta_inc(xs, i),
        (OpKind::SelectLess | OpKind::SelectLessOrEqual | OpKind::SelectEqual, _) => match i {
            2 => when(condition(kind, xs)?, 1.0, 0.0),
            3 => when(condition(kind, xs)?, 0.0, 1.0),
            _ => Expr::Number(0.0),
        },
        (OpKind::Mean, _) => Expr::Number(1.0) / count as f64,
        (OpKind::Product, _) => {
            product(written(count - 1, |other| xs.at(other + usize::from(other >= i))))
        }
        (OpKind::Dot | OpKind::LinearCombination | OpKind::Preaccumulated, _) => {
            xs.at((i + count / 2) % count)
        }
        (OpKind::SquaredNorm, _) => 2.0 * xs.at(i),
        (OpKind::Norm, _) => xs.at(i) / y,
        (OpKind::LogSumExp, _) => exp(xs.at(i) - y),
        (OpKind::Polynomial | OpKind::Horner, 0) => slope(xs),
        (OpKind::Horner, _) => power(xs.at(0), i - 1),
        _ => return None,
    })
}

/// Σ c·x·y, whose terms are a coefficient and two factors each.
pub(super) fn products(xs: Operands<'_>) -> Expr {
    total(xs.len() / 3, |k| xs.at(3 * k) * xs.at(3 * k + 1) * xs.at(3 * k + 2))
}

/// The derivative of [`products`] by a factor; a coefficient has none.
pub(super) fn products_partial(xs: Operands<'_>, i: usize) -> Option<Expr> {
    let other = match i % 3 {
        1 => i + 1,
        2 => i - 1,
        _ => return None,
    };
    Some(xs.at(i / 3 * 3) * xs.at(other))
}

/// What a selection decides by.
fn condition(kind: OpKind, xs: Operands<'_>) -> Option<Condition> {
    Some(match kind {
        OpKind::SelectLess => less(xs.at(0), xs.at(1)),
        OpKind::SelectLessOrEqual => less_or_equal(xs.at(0), xs.at(1)),
        OpKind::SelectEqual => equal(xs.at(0), xs.at(1)),
        _ => return None,
    })
}

/// The derivative of x held between two bounds.
fn between(x: Expr, low: Expr, high: Expr) -> Expr {
    let above_low = greater(x.clone(), low);
    when(above_low, when(less(x, high), 1.0, 0.0), 0.0)
}

/// The derivative of Σ cₖ·xᵏ by x: Σ k·cₖ·xᵏ⁻¹.
fn slope(xs: Operands<'_>) -> Expr {
    let term = |k: usize| scaled((k + 1) as f64, xs.at(k + 2)) * power(xs.at(0), k);
    total(xs.len().saturating_sub(2), term)
}

/// k·c, worked out where c is a number.
fn scaled(k: f64, c: Expr) -> Expr {
    match c {
        Expr::Number(c) => Expr::Number(k * c),
        c => k * c,
    }
}

fn power(x: Expr, k: usize) -> Expr {
    if k == 0 { Expr::Number(1.0) } else { x.raised_to(k as f64) }
}

/// The sum of `count` terms.
fn total(count: usize, term: impl Fn(usize) -> Expr) -> Expr {
    sum(written(count, term))
}

/// The terms that are written out of `count`.
pub(super) fn written(count: usize, term: impl Fn(usize) -> Expr) -> Vec<Expr> {
    if count <= WRITTEN {
        return (0..count).map(term).collect();
    }
    let mut terms: Vec<Expr> = (0..WRITTEN - 2).map(&term).collect();
    terms.extend([Expr::Letter(Letter::Ellipsis), term(count - 1)]);
    terms
}
