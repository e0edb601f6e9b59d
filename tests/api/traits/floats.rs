//! A function generic over `Float` has the same value, bit for bit, with floats, with variables
//! and with dual numbers; and the same derivative with the last two.

use crate::support::same;
use num_traits::{Float, FloatConst, Signed};
use wengert::{Dual, Tape, Var};

/// What the generic functions below may ask for.
trait Number: Float + FloatConst + Signed {}
impl<T: Float + FloatConst + Signed> Number for T {}

/// Arguments on both sides of every kink and in and out of every domain.
const POINTS: [(f64, f64); 14] = [
    (0.3, 0.7),
    (-0.3, 0.7),
    (0.6, -1.5),
    (1.7, 2.3),
    (-2.5, 3.0),
    (2.5, -3.5),
    (1.0, 1.0),
    (0.0, -0.0),
    (-0.0, 2.0),
    (40.0, 0.5),
    (-800.0, 1e-3),
    (f64::INFINITY, 1.0),
    (1e300, 1e-300),
    (f64::NAN, 1.0),
];

/// Makes a generic function of each line and checks it at every point.
macro_rules! functions {
    ($($name:ident($x:ident, $y:ident) = $body:expr;)*) => {$(
        #[test]
        fn $name() {
            fn f<T: Number>($x: T, $y: T) -> T {
                $body
            }
            for (x, y) in POINTS {
                let expected = f(x, y);
                let tape = Tape::new();
                let vars = tape.var_array([x, y]);
                let by_tape = f(vars[0], vars[1]);
                same(by_tape.value(), expected);
                same(f(Var::constant(x), Var::constant(y)).value(), expected);
                let by_duals = f(Dual::new(x, 0.5), Dual::new(y, -2.0));
                same(by_duals.value, expected);
                let tangents = tape.pushforward(&[(vars[0], 0.5), (vars[1], -2.0)]).unwrap();
                same(tangents[by_tape], by_duals.tangent);
                let (x, y) = (x as f32, y as f32);
                let tape = Tape::<f32>::default();
                same(f64::from(f(tape.var(x), tape.var(y)).value()), f64::from(f(x, y)));
            }
        }
    )*};
}

functions! {
    sum(x, y) = x + y - T::one();
    product(x, y) = x * y / T::PI();
    remainder(x, y) = x % y;
    negation(x, _y) = -x;
    floor(x, _y) = x.floor();
    ceil(x, _y) = x.ceil();
    round(x, _y) = x.round();
    trunc(x, _y) = x.trunc();
    fract(x, _y) = x.fract();
    abs(x, _y) = Float::abs(x);
    signum(x, _y) = Float::signum(x);
    signed_abs(x, _y) = Signed::abs(&x);
    signed_signum(x, _y) = Signed::signum(&x);
    mul_add(x, y) = x.mul_add(y, x);
    recip(x, _y) = x.recip();
    square(x, _y) = x.powi(2);
    cube(x, _y) = x.powi(3);
    inverse_power(x, _y) = x.powi(-5);
    power_zero(x, _y) = x.powi(0);
    powf(x, y) = x.powf(y);
    sqrt(x, _y) = x.sqrt();
    cbrt(x, _y) = x.cbrt();
    hypot(x, y) = x.hypot(y);
    exp(x, _y) = x.exp();
    exp2(x, _y) = x.exp2();
    exp_m1(x, _y) = x.exp_m1();
    ln(x, _y) = x.ln();
    ln_1p(x, _y) = x.ln_1p();
    log(x, y) = x.log(y);
    log2(x, _y) = x.log2();
    log10(x, _y) = x.log10();
    sin(x, _y) = x.sin();
    cos(x, _y) = x.cos();
    tan(x, _y) = x.tan();
    asin(x, _y) = x.asin();
    acos(x, _y) = x.acos();
    atan(x, _y) = x.atan();
    atan2(x, y) = x.atan2(y);
    sin_cos(x, _y) = { let (sin, cos) = x.sin_cos(); sin * T::E() + cos };
    sinh(x, _y) = x.sinh();
    cosh(x, _y) = x.cosh();
    tanh(x, _y) = x.tanh();
    asinh(x, _y) = x.asinh();
    acosh(x, _y) = x.acosh();
    atanh(x, _y) = x.atanh();
    max(x, y) = x.max(y);
    min(x, y) = x.min(y);
    clamp(x, _y) = x.clamp(-T::one(), T::one() + T::one());
    copysign(x, y) = x.copysign(y);
    to_degrees(x, _y) = x.to_degrees();
    to_radians(x, _y) = x.to_radians();
    positive_difference(x, y) = Float::abs_sub(x, y);
    signed_positive_difference(x, y) = Signed::abs_sub(&x, &y);
    newton(x, y) = {
        let half = (T::one() + T::one()).recip();
        let mut root = Float::abs(x) + T::one();
        for _ in 0..20 {
            root = (root + Float::abs(y) / root) * half;
        }
        root
    };
    series(x, y) = {
        let mut sum = T::zero();
        let mut term = T::one();
        for k in 1..20 {
            sum = sum + term;
            term = term * x / T::from(k).unwrap();
        }
        if sum.is_sign_negative() || sum.is_nan() { y } else { sum }
    };
}

#[test]
fn predicates_look_at_the_value() {
    let tape = Tape::new();
    for x in POINTS.map(|(x, _)| x).into_iter().chain([f64::NEG_INFINITY, 1e-310, -1e-310]) {
        let (var, dual) = (tape.var(x), Dual::variable(x));
        assert_eq!((var.is_nan(), dual.is_nan()), (x.is_nan(), x.is_nan()));
        assert_eq!((var.is_infinite(), dual.is_finite()), (x.is_infinite(), x.is_finite()));
        assert_eq!((var.is_finite(), dual.is_infinite()), (x.is_finite(), x.is_infinite()));
        assert_eq!((var.is_normal(), dual.is_normal()), (x.is_normal(), x.is_normal()));
        assert_eq!((var.classify(), dual.classify()), (x.classify(), x.classify()));
        assert_eq!(var.is_sign_positive(), x.is_sign_positive());
        assert_eq!(dual.is_sign_negative(), x.is_sign_negative());
        let decoded = x.integer_decode();
        assert_eq!((var.integer_decode(), dual.integer_decode()), (decoded, decoded));
        let signs = |x: &dyn Fn() -> (bool, bool)| x();
        let of_float = signs(&|| (Signed::is_positive(&x), Signed::is_negative(&x)));
        assert_eq!(signs(&|| (var.is_positive(), var.is_negative())), of_float, "{x}");
        assert_eq!(signs(&|| (dual.is_positive(), dual.is_negative())), of_float, "{x}");
    }
}

/// Each constant of a trait with variables, dual numbers and floats.
macro_rules! constants {
    ($trait:ident: $($name:ident)*) => {$(
        let expected = <f64 as $trait>::$name();
        let var = <Var<'_> as $trait>::$name();
        assert!(var.is_constant());
        same(var.value(), expected);
        let dual = <Dual as $trait>::$name();
        same(dual.value, expected);
        assert_eq!(dual.tangent, 0.0);
        let single = <Var<'_, f32> as $trait>::$name().value();
        same(f64::from(single), f64::from(<f32 as $trait>::$name()));
    )*};
}

#[test]
fn constants_are_those_of_the_scalar() {
    constants! { Float: nan infinity neg_infinity neg_zero min_value min_positive_value max_value
    epsilon }
    constants! { FloatConst: E FRAC_1_PI FRAC_1_SQRT_2 FRAC_2_PI FRAC_2_SQRT_PI FRAC_PI_2
    FRAC_PI_3 FRAC_PI_4 FRAC_PI_6 FRAC_PI_8 LN_10 LN_2 LOG10_E LOG2_E PI SQRT_2 TAU LOG10_2
    LOG2_10 }
}

#[test]
fn what_only_the_trait_has_is_differentiated() {
    let tape = Tape::new();
    let [x, y] = tape.var_array([3.0, 2.0]);
    let slope = |z: Var<'_>| z.gradients().wrt(&[x, y]);
    assert_eq!(slope(Float::to_degrees(x)), [180.0 / std::f64::consts::PI, 0.0]);
    assert_eq!(slope(Float::to_radians(x)), [std::f64::consts::PI / 180.0, 0.0]);
    assert_eq!(slope(Float::abs_sub(x, y)), [1.0, -1.0]);
    assert_eq!(slope(Float::abs_sub(y, x)), [0.0, 0.0]);
    assert_eq!(slope(Signed::abs_sub(&x, &y)), [1.0, -1.0]);
    assert_eq!(slope(Float::clamp(x, 0.0.into(), 5.0.into())), [1.0, 0.0]);
    assert_eq!(slope(Float::mul_add(x, y, y)), [2.0, 4.0]);
}
