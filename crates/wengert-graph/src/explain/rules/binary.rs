//! Functions of two variables, either of which may be a number.

use crate::explain::expression::{
    Condition, Expr, apply, digamma, equal, exp, greater, less, ln, root, sgn, trunc, when,
};
use wengert::OpKind;

/// The formula, and its derivatives by the first and by the second argument.
pub(super) fn rule(kind: OpKind, first: &Expr, second: &Expr) -> Option<(Expr, Expr, Expr)> {
    let x = || first.clone();
    let y = || second.clone();
    let one = || Expr::Number(1.0);
    let zero = || Expr::Number(0.0);
    Some(match kind {
        OpKind::Add => (x() + y(), one(), one()),
        OpKind::Sub => (x() - y(), one(), -one()),
        // Of the chain rule, in which 0 · ∞ is 0.
        OpKind::Mul | OpKind::Chain => (x() * y(), y(), x()),
        OpKind::Div => (x() / y(), one() / y(), -(x() / y().squared())),
        OpKind::Rem => {
            (apply("mod", r"\operatorname{mod}", vec![x(), y()]), one(), -trunc(x() / y()))
        }
        OpKind::Pow | OpKind::Powi => {
            (x().raised_to(y()), power_rule(x(), y()), x().raised_to(y()) * ln(x()))
        }
        OpKind::Hypot => {
            let length = || root(x().squared() + y().squared());
            (length(), x() / length(), y() / length())
        }
        OpKind::Log => {
            (ln(x()) / ln(y()), one() / (x() * ln(y())), -(ln(x()) / (y() * ln(y()).squared())))
        }
        OpKind::Atan2 => {
            let square = || x().squared() + y().squared();
            let angle = apply("atan2", r"\operatorname{atan2}", vec![x(), y()]);
            (angle, y() / square(), -(x() / square()))
        }
        OpKind::Max => {
            let (left, right) = choice(x(), y(), greater);
            (apply("max", r"\max", vec![x(), y()]), left, right)
        }
        OpKind::Min => {
            let (left, right) = choice(x(), y(), less);
            (apply("min", r"\min", vec![x(), y()]), left, right)
        }
        OpKind::Copysign => {
            let signed = |x: Expr| apply("copysign", r"\operatorname{copysign}", vec![x, y()]);
            (signed(x()), sgn(x()) * signed(one()), zero())
        }
        OpKind::LeakyRelu => {
            let positive = || greater(x(), 0.0);
            let (slope, below) = (when(positive(), 1.0, y()), when(positive(), 0.0, x()));
            (when(positive(), x(), y() * x()), slope, below)
        }
        OpKind::LogBeta => {
            let both = || x() + y();
            let slope = |x: Expr| digamma(x) - digamma(both());
            (apply("ln B", r"\ln\mathrm{B}", vec![x(), y()]), slope(x()), slope(y()))
        }
        OpKind::GammaP | OpKind::GammaQ => {
            let of = |text, latex| apply(text, latex, vec![y(), x()]);
            let gamma = apply("Γ", r"\Gamma", vec![y()]);
            let density = exp((y() - 1.0) * ln(x()) - x()) / gamma;
            if kind == OpKind::GammaP {
                (of("P", "P"), density, of("∂P/∂a", r"\frac{\partial P}{\partial a}"))
            } else {
                (of("Q", "Q"), -density, of("∂Q/∂a", r"\frac{\partial Q}{\partial a}"))
            }
        }
        OpKind::Xlogy => (x() * ln(y()), ln(y()), x() / y()),
        OpKind::Xlog1py => (x() * ln(1.0 + y()), ln(1.0 + y()), x() / (1.0 + y())),
        OpKind::LogAddExp => {
            let total = || exp(x()) + exp(y());
            (ln(total()), exp(x()) / total(), exp(y()) / total())
        }
        OpKind::LogDiffExp => {
            let rest = || exp(x()) - exp(y());
            (ln(rest()), exp(x()) / rest(), -(exp(y()) / rest()))
        }
        _ => return None,
    })
}

/// y·xʸ⁻¹, worked out where the exponent is a number.
fn power_rule(x: Expr, y: Expr) -> Expr {
    match y {
        Expr::Number(0.0) => Expr::Number(0.0),
        Expr::Number(n) => n * x.raised_to(n - 1.0),
        y => y.clone() * x.raised_to(y - 1.0),
    }
}

/// The derivatives of `max` or `min`: 1 for the one chosen, half for each in a tie.
fn choice<R: Into<Expr>>(x: Expr, y: R, wins: impl Fn(Expr, Expr) -> Condition) -> (Expr, Expr) {
    let y = y.into();
    let tie = || when(equal(x.clone(), y.clone()), 0.5, 0.0);
    let left = when(wins(x.clone(), y.clone()), 1.0, tie());
    let right = when(wins(y.clone(), x.clone()), 1.0, tie());
    (left, right)
}
