//! `+ − · / %` and their assigning forms.

/// The operators of a type by itself and with its numbers on the right, by value and by
/// reference. In brackets the generic parameters; then the type, and the number.
macro_rules! operators {
    ([$($generics:tt)*] $this:ty, $number:ty) => {
        $crate::notation::operators! { @each [$($generics)*] $this, $number;
            Add add AddAssign add_assign;
            Sub sub SubAssign sub_assign;
            Mul mul MulAssign mul_assign;
            Div div DivAssign div_assign;
            Rem rem RemAssign rem_assign;
        }
        $crate::notation::negation! { [$($generics)*] $this }
    };
    (@each $generics:tt $this:ty, $number:ty;
        $($operator:ident $method:ident $assign:ident $assign_method:ident;)*) => {$(
        $crate::notation::operator! {
            $generics $this, $this; $operator $method $assign $assign_method
        }
        $crate::notation::operator! {
            $generics $this, $number; $operator $method $assign $assign_method
        }
    )*};
}

/// −x, by value and by reference.
macro_rules! negation {
    ([$($generics:tt)*] $this:ty) => {
        impl<$($generics)*> Neg for $this {
            type Output = Self;
            #[inline(always)]
            #[track_caller]
            fn neg(self) -> Self {
                Self::unary::<rules::Neg>(self)
            }
        }
        impl<$($generics)*> Neg for &$this {
            type Output = $this;
            #[inline(always)]
            #[track_caller]
            fn neg(self) -> $this {
                -*self
            }
        }
    };
}

/// One operator of `$this` with `$other` on the right, in the four ways to pass two operands and
/// the two ways to assign.
macro_rules! operator {
    ([$($generics:tt)*] $this:ty, $other:ty;
        $operator:ident $method:ident $assign:ident $assign_method:ident) => {
        impl<$($generics)*> $operator<$other> for $this {
            type Output = Self;
            #[inline(always)]
            #[track_caller]
            fn $method(self, other: $other) -> Self {
                Self::binary::<rules::$operator>(self, Self::from(other))
            }
        }
        impl<$($generics)*> $operator<&$other> for $this {
            type Output = Self;
            #[inline(always)]
            #[track_caller]
            fn $method(self, other: &$other) -> Self {
                $operator::$method(self, *other)
            }
        }
        impl<$($generics)*> $operator<$other> for &$this {
            type Output = $this;
            #[inline(always)]
            #[track_caller]
            fn $method(self, other: $other) -> $this {
                $operator::$method(*self, other)
            }
        }
        impl<$($generics)*> $operator<&$other> for &$this {
            type Output = $this;
            #[inline(always)]
            #[track_caller]
            fn $method(self, other: &$other) -> $this {
                $operator::$method(*self, *other)
            }
        }
        impl<$($generics)*> $assign<$other> for $this {
            #[inline(always)]
            #[track_caller]
            fn $assign_method(&mut self, other: $other) {
                *self = $operator::$method(*self, other);
            }
        }
        impl<$($generics)*> $assign<&$other> for $this {
            #[inline(always)]
            #[track_caller]
            fn $assign_method(&mut self, other: &$other) {
                *self = $operator::$method(*self, *other);
            }
        }
    };
}

/// The operators of a number with `$this` on its right.
macro_rules! operators_on_the_right {
    ([$($generics:tt)*] $number:ty, $this:ty) => {
        $crate::notation::operators_on_the_right! {
            @each [$($generics)*] $number, $this; Add add; Sub sub; Mul mul; Div div; Rem rem;
        }
    };
    (@each $generics:tt $number:ty, $this:ty; $($operator:ident $method:ident;)*) => {$(
        $crate::notation::operator_on_the_right! {
            $generics $number, $this; $operator $method
        }
    )*};
}

/// One operator of a number with `$this` on its right, in the four ways to pass two operands.
macro_rules! operator_on_the_right {
    ([$($generics:tt)*] $number:ty, $this:ty; $operator:ident $method:ident) => {
        impl<$($generics)*> $operator<$this> for $number {
            type Output = $this;
            #[inline(always)]
            #[track_caller]
            fn $method(self, other: $this) -> $this {
                <$this>::binary::<rules::$operator>(<$this>::from(self), other)
            }
        }
        impl<$($generics)*> $operator<&$this> for $number {
            type Output = $this;
            #[inline(always)]
            #[track_caller]
            fn $method(self, other: &$this) -> $this {
                $operator::$method(self, *other)
            }
        }
        impl<$($generics)*> $operator<$this> for &$number {
            type Output = $this;
            #[inline(always)]
            #[track_caller]
            fn $method(self, other: $this) -> $this {
                $operator::$method(*self, other)
            }
        }
        impl<$($generics)*> $operator<&$this> for &$number {
            type Output = $this;
            #[inline(always)]
            #[track_caller]
            fn $method(self, other: &$this) -> $this {
                $operator::$method(*self, *other)
            }
        }
    };
}

/// The conversion from integers that the type's numbers hold exactly, and the operators with one
/// on either side. Only one integer type for each type of numbers: then `2 * x` has one meaning.
macro_rules! operators_with_integers {
    ([$($generics:tt)*] $this:ty, $integer:ty) => {
        impl<$($generics)*> From<$integer> for $this {
            #[inline(always)]
            fn from(integer: $integer) -> Self {
                Self::constant(integer.into())
            }
        }
        $crate::notation::operators_with_integers! { @each [$($generics)*] $this, $integer;
            Add add AddAssign add_assign;
            Sub sub SubAssign sub_assign;
            Mul mul MulAssign mul_assign;
            Div div DivAssign div_assign;
            Rem rem RemAssign rem_assign;
        }
        $crate::notation::operators_on_the_right! { [$($generics)*] $integer, $this }
    };
    (@each $generics:tt $this:ty, $integer:ty;
        $($operator:ident $method:ident $assign:ident $assign_method:ident;)*) => {$(
        $crate::notation::operator! {
            $generics $this, $integer; $operator $method $assign $assign_method
        }
    )*};
}

pub(crate) use {
    negation, operator, operator_on_the_right, operators, operators_on_the_right,
    operators_with_integers,
};
