//! The sign of an operation, as it stands in the round node before a value.

use super::number::typeset_constant;
use super::operands::Lettered;
use crate::{Argument, Node};
use wengert::OpKind;

/// The operation in the notation of textbooks, with the constants that it holds: `×`, `tanh`,
/// `+ 1`, `2 −`; with letters for operands that cannot change places: `a − b`.
pub(crate) fn sign(node: Node<'_>) -> String {
    if let Some(letters) = Lettered::of(node) {
        return letters.formula;
    }
    let operation = node.operation();
    let sign = operation.kind().map_or_else(|| named(operation.name()), |kind| plain(kind));
    match (operation.kind(), node.arguments()) {
        (Some(OpKind::Powi), [_, Argument::Constant(n)]) => superscript(*n),
        // Its constants are partial derivatives.
        (Some(OpKind::Preaccumulated), _) => sign.to_owned(),
        (Some(OpKind::Add | OpKind::Mul), [Argument::Constant(c), _]) => with(sign, *c),
        (_, [_, Argument::Constant(c)]) => with(sign, *c),
        (_, [Argument::Constant(c), _]) => format!("{} {sign}", typeset_constant(*c)),
        _ => sign.to_owned(),
    }
}

/// The sign with a constant behind it, which is in brackets where it begins with a minus.
fn with(sign: &str, c: f64) -> String {
    let c = typeset_constant(c);
    if c.starts_with('−') { format!("{sign} ({c})") } else { format!("{sign} {c}") }
}

/// `x²` for a small exponent, else `x^12`.
fn superscript(n: f64) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raised = |c: char| c.to_digit(10).map_or('⁻', |digit| DIGITS[digit as usize]);
    format!("x{}", typeset_constant(n).chars().map(raised).collect::<String>())
}

/// The sign of an operation that is none of a tape; one of a program has one of its own.
fn named(name: &str) -> &str {
    if name == "products" { "Σ ±x·y" } else { name }
}

/// The sign without constants; operations with no sign of their own have their name.
const fn plain(kind: OpKind) -> &'static str {
    match kind {
        OpKind::Add => "+",
        OpKind::Sub => "−",
        OpKind::Mul | OpKind::Chain => "×",
        OpKind::Div => "÷",
        OpKind::Neg => "−x",
        OpKind::Recip => "1/x",
        OpKind::Rem => "mod",
        OpKind::Pow => "xʸ",
        OpKind::Sqrt => "√",
        OpKind::Cbrt => "∛",
        OpKind::Exp => "eˣ",
        OpKind::Exp2 => "2ˣ",
        OpKind::Abs => "|x|",
        OpKind::Sum => "Σ",
        OpKind::Product => "Π",
        OpKind::Dot => "Σ x·y",
        OpKind::Norm => "‖x‖",
        OpKind::SquaredNorm => "‖x‖²",
        OpKind::LinearCombination => "Σ c·x",
        OpKind::Polynomial => "Σ c·xᵏ",
        OpKind::Horner => "Σ a·xᵏ",
        OpKind::LogSumExp => "ln Σ eˣ",
        OpKind::MulAdd => "x·y + z",
        OpKind::Preaccumulated => "part",
        _ => kind.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::sign;
    use crate::Snapshot;

    #[track_caller]
    fn assert_sign(f: impl for<'t> Fn(wengert::Var<'t>) -> wengert::Var<'t>, expected: &str) {
        let tape = wengert::Tape::new();
        let y = f(tape.var(0.5));
        let snapshot = Snapshot::of(&tape.view());
        assert_eq!(sign(snapshot.node(y.id().unwrap())), expected);
    }

    #[test]
    fn signs_are_those_of_textbooks() {
        assert_sign(|x| x * x, "×");
        assert_sign(|x| x.tanh(), "tanh");
        assert_sign(|x| x + 1.0, "+ 1");
        assert_sign(|x| -2.5 * x, "× (−2.5)");
        assert_sign(|x| 1.0 / x, "1 ÷");
        assert_sign(|x| x - 3.0, "− 3");
        assert_sign(|x| x.powi(-12), "x⁻¹²");
        assert_sign(|x| wengert::statement!(|x| (x * 2.0).exp()), "part");
    }
}
