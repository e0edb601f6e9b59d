//! What is sealed is out of sight: a trait of a user may have methods of any name.

use wengert::{Dual, Function, Real, Scalar, Tape};

/// All names that the library gave to what it needs of a scalar, and one that it may give.
trait Own: Copy {
    const NAME: &'static str;
    fn lit(c: f64) -> Self;
    fn unary(x: Self) -> Self;
    fn binary(x: Self, y: Self) -> Self;
    fn ternary(x: Self, y: Self, z: Self) -> Self;
    fn power(x: Self, n: i32) -> Self;
    fn polygamma(n: u32, x: Self) -> Self;
    fn primal_is_zero(&self) -> bool;
    fn is_all_zero(&self) -> bool;
    fn is_ordinary(&self) -> bool;
    fn chain(self, other: Self) -> Self;
    fn bits(self) -> u64;
    fn raw(self) -> u64;
    fn from_raw(raw: u64) -> Option<Self>;
    fn read(text: &str) -> Option<Self>;
    fn is_power_of_two(self) -> bool;
    fn as_f64(self) -> f64;
    fn erf(self) -> Self;
    fn erfc(self) -> Self;
    fn lgamma(self) -> Self;
    fn frac_1_sqrt_2_rest() -> Self;
}

macro_rules! own {
    ($type:ty, $make:expr) => {
        impl Own for $type {
            const NAME: &'static str = "own";
            fn lit(c: f64) -> Self {
                $make(c)
            }
            fn unary(x: Self) -> Self {
                x
            }
            fn binary(x: Self, y: Self) -> Self {
                x + y
            }
            fn ternary(x: Self, y: Self, z: Self) -> Self {
                x + y + z
            }
            fn power(x: Self, _: i32) -> Self {
                x
            }
            fn polygamma(_: u32, x: Self) -> Self {
                x
            }
            fn primal_is_zero(&self) -> bool {
                true
            }
            fn is_all_zero(&self) -> bool {
                true
            }
            fn is_ordinary(&self) -> bool {
                true
            }
            fn chain(self, other: Self) -> Self {
                self - other
            }
            fn bits(self) -> u64 {
                1
            }
            fn raw(self) -> u64 {
                2
            }
            fn from_raw(raw: u64) -> Option<Self> {
                Some($make(raw as f64))
            }
            fn read(text: &str) -> Option<Self> {
                text.parse().ok().map($make)
            }
            fn is_power_of_two(self) -> bool {
                true
            }
            fn as_f64(self) -> f64 {
                3.0
            }
            fn erf(self) -> Self {
                self
            }
            fn erfc(self) -> Self {
                self
            }
            fn lgamma(self) -> Self {
                self
            }
            fn frac_1_sqrt_2_rest() -> Self {
                $make(4.0)
            }
        }
    };
}
own!(f64, |c: f64| c);
own!(f32, |c: f64| c as f32);
own!(Dual, Dual::constant);

/// Calls each of them where the scalar's own traits are in scope too.
fn sum_of_all<F: Scalar + Own>(x: F) -> F {
    let flags = [x.primal_is_zero(), x.is_all_zero(), x.is_ordinary(), x.is_power_of_two()];
    let numbers = [
        F::lit(1.0),
        F::unary(x),
        F::binary(x, x),
        F::ternary(x, x, x),
        F::power(x, 2),
        F::polygamma(1, x),
        x.chain(x),
        F::from_raw(x.bits() + x.raw()).expect("it is some"),
        F::read("5").expect("it is some"),
        F::lit(x.as_f64()),
        x.erf(),
        x.erfc(),
        x.lgamma(),
        F::frac_1_sqrt_2_rest(),
        F::lit(flags.iter().filter(|&&flag| flag).count() as f64),
        F::lit(F::NAME.len() as f64),
    ];
    numbers.into_iter().fold(F::zero(), |sum, number| sum + number)
}

/// 1 + 3 + 5 + 3 + 4 + 4 + 3, and eleven times x.
fn expected(x: f64) -> f64 {
    23.0 + 11.0 * x
}

#[test]
fn methods_of_users_have_any_name_beside_a_scalar() {
    assert_eq!(sum_of_all(2.0_f64), expected(2.0));
    assert_eq!(sum_of_all(2.0_f32), expected(2.0) as f32);
    assert_eq!(sum_of_all(Dual::variable(2.0)).tangent, 11.0);
}

#[test]
fn methods_of_users_have_any_name_beside_a_real_number() {
    fn slope<F: Real + Own>(x: F) -> F {
        let f = Function::<F>::builder().record(&[x], |v| v[0] * F::lit(2.0) + x.erf());
        let mut gradient = [F::zero()];
        let value = f.value_and_gradient(&mut f.workspace(), &[x], &mut gradient);
        assert!(value.is_ok() && F::NAME == "own");
        gradient[0] + x.chain(x)
    }
    assert_eq!((slope(2.0_f64), slope(2.0_f32)), (2.0, 2.0));
}

#[test]
fn variables_of_a_generic_scalar_are_used_beside_them() {
    fn slope_of_square<F: Scalar + Own>(x: F) -> F {
        let tape = Tape::default();
        let x = tape.var(x);
        (x * x * F::lit(1.0)).gradients()[x]
    }
    assert_eq!(slope_of_square(3.0), 6.0);
    assert_eq!(slope_of_square(Dual::variable(3.0)).tangent, 2.0);
}
