//! Equality and order of variables: those of their values, also against plain numbers.
//!
//! Each comparison is noted on a tape that keeps guards, with the line of the program that made
//! it; the default methods of the traits would name a line of the standard library, so none is
//! left to default.

use super::Var;
use crate::ops::{Comparison, Operand};
use crate::scalar::{Dual, Scalar};
use crate::store::{Guard, GuardPlace, Tape};
use std::cmp::Ordering;
use std::panic::Location;

impl<'t, F: Scalar> Var<'t, F> {
    /// Notes that the program asks `comparison` of this variable and `other`.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn note(&self, comparison: Comparison, other: &Self) {
        let here = Location::caller();
        self.note_on_tapes(comparison, other, |tape| tape.guards.place(here));
    }

    /// As [`Var::note`], of a comparison that stands elsewhere.
    pub(crate) fn note_at(&self, comparison: Comparison, other: &Self, place: &GuardPlace) {
        self.note_on_tapes(comparison, other, |_| place.clone());
    }

    #[inline(always)]
    fn note_on_tapes(
        &self,
        comparison: Comparison,
        other: &Self,
        place: impl Fn(&Tape<F>) -> GuardPlace,
    ) {
        if let Some(tape) = self.tape() {
            self.note_on(tape, comparison, other, &place);
        }
        if let Some(tape) = other.tape() {
            // To each of two tapes the variable of the other is a constant.
            if !self.is_on(tape) {
                self.note_on(tape, comparison, other, &place);
            }
        }
    }

    #[inline(always)]
    fn note_on(
        &self,
        tape: &Tape<F>,
        comparison: Comparison,
        other: &Self,
        place: impl Fn(&Tape<F>) -> GuardPlace,
    ) {
        if tape.guards.are_noted() {
            let operand = |var: &Self| {
                if var.is_on(tape) {
                    Operand::Node(var.raw_index())
                } else {
                    Operand::Constant(var.value)
                }
            };
            tape.guards.note(Guard {
                comparison,
                operands: [operand(self), operand(other)],
                then: (self.value, other.value),
                place: place(tape),
            });
        }
    }

    /// The value, for a question about it alone.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn asked(&self, comparison: Comparison) -> F {
        self.note(comparison, &Self::constant(F::zero()));
        self.value
    }
}

/// The operators of equality and order of `$left` and `$right`, by way of variables of `$number`.
macro_rules! comparisons {
    ([$($generics:tt)*] $left:ty, $right:ty, $number:ty) => {
        impl<$($generics)*> PartialEq<$right> for $left {
            #[inline]
            #[track_caller]
            fn eq(&self, other: &$right) -> bool {
                let (x, y) = (Var::<$number>::from(*self), Var::<$number>::from(*other));
                x.note(Comparison::Equal, &y);
                x.value == y.value
            }
            #[inline]
            #[track_caller]
            #[allow(clippy::partialeq_ne_impl, reason = "the default would note its own line")]
            fn ne(&self, other: &$right) -> bool {
                let (x, y) = (Var::<$number>::from(*self), Var::<$number>::from(*other));
                x.note(Comparison::Equal, &y);
                x.value != y.value
            }
        }
        impl<$($generics)*> PartialOrd<$right> for $left {
            #[inline]
            #[track_caller]
            fn partial_cmp(&self, other: &$right) -> Option<Ordering> {
                let (x, y) = (Var::<$number>::from(*self), Var::<$number>::from(*other));
                x.note(Comparison::Order, &y);
                x.value.partial_cmp(&y.value)
            }
            comparisons! { @order $right, $number; lt Less < ; le LessOrEqual <= ; }
            comparisons! { @reversed $right, $number; gt Less > ; ge LessOrEqual >= ; }
        }
    };
    (@order $right:ty, $number:ty; $($method:ident $comparison:ident $operator:tt;)*) => {$(
        #[inline]
        #[track_caller]
        fn $method(&self, other: &$right) -> bool {
            let (x, y) = (Var::<$number>::from(*self), Var::<$number>::from(*other));
            x.note(Comparison::$comparison, &y);
            x.value $operator y.value
        }
    )*};
    (@reversed $right:ty, $number:ty; $($method:ident $comparison:ident $operator:tt;)*) => {$(
        #[inline]
        #[track_caller]
        fn $method(&self, other: &$right) -> bool {
            let (x, y) = (Var::<$number>::from(*self), Var::<$number>::from(*other));
            y.note(Comparison::$comparison, &x);
            x.value $operator y.value
        }
    )*};
}

comparisons! { ['t, F: Scalar] Var<'t, F>, Var<'t, F>, F }
comparisons! { ['t, F: Scalar] Var<'t, F>, F, F }
// Not with an integer on the left: `count == text.parse()?` would no longer know its type in
// programs that use this library.
comparisons! { ['t] Var<'t, f64>, i32, f64 }
comparisons! { ['t] Var<'t, f32>, i16, f32 }
comparisons! { ['t] f64, Var<'t, f64>, f64 }
comparisons! { ['t] f32, Var<'t, f32>, f32 }
comparisons! { ['t, F: Scalar] Dual<F>, Var<'t, Dual<F>>, Dual<F> }
