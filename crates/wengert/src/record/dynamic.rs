//! Operations chosen at run time: what a parser, a fuzzer or a listing records.

use super::Var;
use crate::error::{Error, Kind};
use crate::ops::{OpKind, Which, for_each_operation, rules};
use crate::scalar::{Evaluate, Scalar};

macro_rules! generate {
    (
        unary { $($u:ident $u_name:literal,)* }
        binary { $($b:ident $b_const:ident $const_b:ident $b_name:literal,)* }
        nary { $($n:ident $n_name:literal,)* }
    ) => {
        impl<'t, F: Scalar> Var<'t, F> {
            /// Records the operation `kind` on arguments in the order in which a listing has
            /// them: the counterpart of [`NodeView::arguments`](crate::view::NodeView::arguments), and
            /// the way to all operations that returns an error instead of panicking.
            ///
            /// # Errors
            /// If the number of arguments does not fit, if an argument has to be a constant and
            /// is none (an exponent of `powi`, coefficients), if variables belong to different
            /// tapes, if a clamp's bounds are out of order, or if the tape is full. `input` is
            /// no operation: see [`Tape::try_var`](crate::Tape::try_var).
            ///
            /// # Example
            /// ```
            /// use wengert::{OpKind, Tape, Var};
            /// let tape = Tape::new();
            /// let x = tape.var(3.0);
            /// let y = Var::try_apply(OpKind::Mul, &[x, 2.0.into()])?;
            /// assert_eq!(y.value(), 6.0);
            /// let error = Var::try_apply(OpKind::Mul, &[x]).unwrap_err();
            /// assert_eq!(error.to_string(), "`mul` takes 2 arguments, given 1");
            /// # Ok::<(), wengert::Error>(())
            /// ```
            #[track_caller]
            pub fn try_apply(kind: OpKind, arguments: &[Self]) -> Result<Self, Error> {
                let given = arguments.len();
                let arity = |wanted| Error::from(Kind::Arity { kind, given, wanted });
                match (kind, arguments) {
                    $((OpKind::$u, &[x]) => x.try_unary::<rules::$u>(),)*
                    $((OpKind::$b, &[x, y]) => x.try_binary::<rules::$b>(y),)*
                    (OpKind::Powi, &[x, n]) => x.try_power(exponent(n)?),
                    (OpKind::MulAdd, &[x, y, z]) => x.try_fused(y, z),
                    (OpKind::Clamp, &[x, low, high]) => x.try_clamp(low, high),
                    (OpKind::BetaInc, &[x, a, b]) => x.try_beta_inc(a, b),
                    (OpKind::Dot, _) if given % 2 == 1 => Err(arity("an even number of arguments")),
                    (OpKind::Horner, []) => Err(arity("at least 1 argument")),
                    (
                        OpKind::SelectLess | OpKind::SelectLessOrEqual | OpKind::SelectEqual, xs,
                    ) if xs.len() != 4 => Err(arity("4 arguments")),
                    $((OpKind::$n, xs) => Self::try_nary::<rules::$n>(xs, &[]),)*
                    (OpKind::LogSumExp, xs) => Self::try_log_sum_exp(xs),
                    (OpKind::Chain, &[x, y]) => x.try_binary::<rules::Chain>(y),
                    (OpKind::Derivative, [_, _, ..]) => {
                        Which::by_rules();
                        Self::try_nary::<rules::Derivative>(arguments, &[])
                    }
                    (OpKind::LinearCombination, xs) if given % 2 == 0 => {
                        let (coefficients, xs) = xs.split_at(given / 2);
                        Self::try_linear_combination(&constants(kind, coefficients)?, xs)
                    }
                    (OpKind::LinearCombination, _) => Err(arity("an even number of arguments")),
                    (OpKind::Polynomial, [x, coefficients @ ..]) => {
                        x.try_polynomial(&constants(kind, coefficients)?)
                    }
                    (OpKind::Polynomial, []) => Err(arity("at least 1 argument")),
                    (OpKind::Constant, &[x]) if x.is_constant() => Ok(x),
                    $((OpKind::$u, _) => Err(arity("1 argument")),)*
                    $((OpKind::$b, _) => Err(arity("2 arguments")),)*
                    (OpKind::Powi | OpKind::Chain, _) => Err(arity("2 arguments")),
                    (OpKind::Derivative, _) => Err(arity("at least 2 arguments")),
                    (OpKind::Preaccumulated, _) => {
                        Err(arity("a part and its inputs: record it with `Var::preaccumulate`"))
                    }
                    (OpKind::MulAdd | OpKind::Clamp | OpKind::BetaInc, _) => {
                        Err(arity("3 arguments"))
                    }
                    (OpKind::Constant, _) => Err(arity("1 constant")),
                    (OpKind::Custom, _) => {
                        Err(arity("no arguments: record it with `Number::call`"))
                    }
                    (OpKind::Input, _) => Err(arity("no arguments: record it with `Tape::var`")),
                }
            }
        }
    };
}
for_each_operation!(generate);

/// The exponent of `powi`.
fn exponent<F: Scalar>(n: Var<'_, F>) -> Result<i32, Error> {
    let integer = n.value.to_i32().filter(|&i| F::lit(f64::from(i)) == n.value);
    integer
        .filter(|_| n.is_constant())
        .ok_or_else(|| Kind::NotInteger { kind: OpKind::Powi }.into())
}

/// The values of arguments that have to be constants.
fn constants<F: Scalar>(kind: OpKind, arguments: &[Var<'_, F>]) -> Result<Vec<F>, Error> {
    let constant = |argument: &Var<'_, F>| {
        let value = argument.is_constant().then_some(argument.value);
        value.ok_or_else(|| Kind::NotConstant { kind }.into())
    };
    arguments.iter().map(constant).collect()
}
