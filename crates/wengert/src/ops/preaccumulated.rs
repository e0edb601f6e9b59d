//! What is known of a part of a computation that was swept as soon as it was recorded.

use super::{Beside, Nary, Operands};
use crate::scalar::{Evaluate, Scalar};

/// A value with its partial derivatives, which stand as constants beside the operands.
///
/// How the value was computed is on no tape: there is none at other operands, and no derivative of
/// the partial derivatives. Who would need them refuses the operation
/// ([`Kind::Preaccumulated`](crate::error::Kind)), or sees to it that the part is recorded whole.
pub(crate) struct Preaccumulated;
impl Nary for Preaccumulated {
    fn value<F: Scalar>(_: impl Operands<F>, _: &[F]) -> F {
        F::lit(f64::NAN)
    }
    #[inline]
    fn partials<F: Scalar>(
        _: impl Operands<F>,
        Beside { constants: partials, .. }: Beside<'_, F>,
        mut emit: impl FnMut(usize, F),
    ) {
        for (i, &partial) in partials.iter().enumerate() {
            emit(i, partial);
        }
    }
}
