//! One of two numbers, by a comparison that is made anew at every evaluation.

use super::{Beside, Nary, OpKind, Operands, partial_of};
use crate::scalar::{Evaluate, Scalar};

/// Connects a comparison to a rule of four operands x, y, a, b: a where the comparison of x with
/// y holds, and b elsewhere. The derivative goes to the number that was taken.
macro_rules! selections {
    ($($(#[$doc:meta])* $rule:ident $relation:ident;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $rule;
        impl Nary for $rule {
            #[inline]
            fn value<F: Scalar>(xs: impl Operands<F>, _: &[F]) -> F {
                if F::RECORDS {
                    let operands = [xs.at(0), xs.at(1), xs.at(2), xs.at(3)];
                    return F::reduced::<Self>(OpKind::$rule, &operands);
                }
                let taken = if xs.at(0).$relation(&xs.at(1)) { xs.at(2) } else { xs.at(3) };
                // The derivative of NaN is NaN, whatever it is a derivative by.
                if taken.is_nan() { xs.iter().fold(taken, |sum, x| sum + x) } else { taken }
            }
            #[inline]
            fn partials<F: Scalar>(xs: impl Operands<F>, _: Beside<'_, F>, mut emit: impl FnMut(usize, F)) {
                let (zero, one) = (F::zero(), F::one());
                if F::RECORDS {
                    let share = |position| {
                        let share = partial_of::<Self>(position);
                        F::derived(share, &[xs.at(0), xs.at(1)])
                    };
                    let shares = [zero, zero, share(0), share(1)];
                    return shares.into_iter().enumerate().for_each(|(i, share)| emit(i, share));
                }
                let holds = xs.at(0).$relation(&xs.at(1));
                let shares = if holds { [zero, zero, one, zero] } else { [zero, zero, zero, one] };
                shares.into_iter().enumerate().for_each(|(i, share)| emit(i, share));
            }
        }
    )*};
}

selections! {
    /// a where x < y, else b; so b where one is NaN
    SelectLess lt;
    /// a where x ≤ y, else b; so b where one is NaN
    SelectLessOrEqual le;
    /// a where x = y, else b; so b where one is NaN
    SelectEqual eq;
}
