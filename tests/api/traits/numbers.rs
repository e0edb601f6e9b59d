//! The traits around `Float`: numbers, casts, powers, and what they take by reference.

use super::Probe;
use num_traits::real::Real;
use num_traits::{
    FromPrimitive, Inv, MulAdd, MulAddAssign, Num, NumAssign, NumAssignRef, NumCast, NumRef, One,
    Pow, RefNum, Signed, ToPrimitive, Zero,
};
use wengert::{Dual, Tape, Var};

#[test]
fn zero_and_one_are_constants() {
    let (zero, one) = (Var::<f64>::zero(), Var::<f64>::one());
    assert!(zero.is_zero() && one.is_one() && zero.is_constant() && one.is_constant());
    assert!(Dual::<f64>::zero().is_zero() && Dual::<f64>::one().is_one());
    let tape = Tape::new();
    let mut x = tape.var(3.0);
    assert!(!x.is_zero() && !x.is_one());
    x.set_zero();
    assert!(x.is_zero() && x.is_constant());
    x.set_one();
    assert!(x.is_one() && x.is_constant());
}

#[test]
fn powers_take_variables_numbers_and_integers() {
    let tape = Tape::new();
    let [x, y] = tape.var_array([3.0, 2.0]);
    assert_eq!(Pow::pow(x, y).probe(), [9.0, 6.0, 9.0 * 3.0_f64.ln()]);
    assert_eq!(Pow::pow(x, 2.0).probe(), [9.0, 6.0, 0.0]);
    assert_eq!(Pow::pow(x, 2).probe(), [9.0, 6.0, 0.0]);
    assert_eq!(Pow::pow(3.0, y).probe(), [9.0, 0.0, 9.0 * 3.0_f64.ln()]);
    let x = Dual::variable(3.0);
    assert_eq!(Pow::pow(x, 2).probe(), [9.0, 6.0]);
    assert_eq!(Pow::pow(x, 2.0).probe(), [9.0, 6.0]);
    assert_eq!(Pow::pow(x, Dual::constant(2.0)).probe(), [9.0, 6.0]);
}

#[test]
fn the_inverse_and_fused_products_are_differentiated() {
    let tape = Tape::new();
    let [x, y] = tape.var_array([4.0, 2.0]);
    assert_eq!(x.inv().probe(), [0.25, -0.0625, 0.0]);
    assert_eq!(MulAdd::mul_add(x, y, y).probe(), [10.0, 2.0, 5.0]);
    let mut z = x;
    z.mul_add_assign(y, x);
    assert_eq!(z.probe(), [12.0, 3.0, 4.0]);
    let mut dual = Dual::variable(4.0);
    dual.mul_add_assign(Dual::constant(2.0), Dual::variable(1.0));
    assert_eq!(dual.probe(), [9.0, 3.0]);
    assert_eq!(Dual::variable(4.0).inv().probe(), [0.25, -0.0625]);
}

#[test]
fn casts_away_are_those_of_the_value() {
    let tape = Tape::new();
    for x in [0.0, -2.75, 3e9, 1e20, 1e300, f64::NAN, f64::INFINITY] {
        let var = tape.var(x);
        assert_eq!(var.to_i32(), x.to_i32());
        assert_eq!(var.to_i64(), x.to_i64());
        assert_eq!(var.to_u8(), x.to_u8());
        assert_eq!(var.to_u64(), x.to_u64());
        assert_eq!(var.to_i128(), x.to_i128());
        assert_eq!(var.to_u128(), x.to_u128());
        assert_eq!(var.to_usize(), x.to_usize());
        assert_eq!(var.to_f64().map(f64::to_bits), Some(x.to_bits()));
        assert_eq!(var.to_f32().map(f32::to_bits), Some((x as f32).to_bits()));
        assert_eq!(Dual::variable(x).to_i128(), x.to_i128());
    }
}

#[test]
fn casts_into_are_constants() {
    fn constant(var: Option<Var<'_>>) -> f64 {
        let var = var.expect("the number fits");
        assert!(var.is_constant());
        var.value()
    }
    assert_eq!(constant(NumCast::from(3_u8)), 3.0);
    assert_eq!(constant(NumCast::from(2.5_f32)), 2.5);
    assert_eq!(constant(NumCast::from(u128::MAX)), u128::MAX as f64);
    assert_eq!(constant(FromPrimitive::from_i64(-7)), -7.0);
    assert_eq!(constant(FromPrimitive::from_u64(u64::MAX)), u64::MAX as f64);
    assert_eq!(constant(FromPrimitive::from_i128(i128::MIN)), i128::MIN as f64);
    assert_eq!(constant(FromPrimitive::from_u128(u128::MAX)), u128::MAX as f64);
    assert_eq!(constant(FromPrimitive::from_usize(9)), 9.0);
    assert_eq!(constant(FromPrimitive::from_f32(0.5)), 0.5);
    assert_eq!(constant(FromPrimitive::from_f64(0.1)), 0.1);
    assert_eq!(constant(Var::from_str_radix("101", 2).ok()), 5.0);
    assert!(Var::<f64>::from_str_radix("five", 10).is_err());
    let tape = Tape::new();
    assert_eq!(constant(NumCast::from(tape.var(2.0))), 2.0);
    assert_eq!(<Dual as NumCast>::from(3_u8).unwrap().probe(), [3.0, 0.0]);
    assert_eq!(Dual::<f64>::from_u128(u128::MAX).unwrap().value, u128::MAX as f64);
}

/// Horner's rule as code that borrows writes it.
fn by_reference<T: NumAssignRef + NumRef + Signed>(x: &T, coefficients: &[T]) -> T
where
    for<'a> &'a T: RefNum<T>,
{
    let mut sum = T::zero();
    for c in coefficients {
        sum *= x;
        sum += c;
    }
    &(&sum + x) - x
}

#[test]
fn code_that_borrows_is_differentiated() {
    let tape = Tape::new();
    let x = tape.var(2.0);
    let y = by_reference::<Var<'_>>(&x, &[1.0, 3.0, 5.0].map(Var::constant));
    assert_eq!((y.value(), y.gradients()[x]), (15.0, 7.0));
    let y = by_reference::<Dual>(&Dual::variable(2.0), &[1.0, 3.0, 5.0].map(Dual::constant));
    assert_eq!(y.probe(), [15.0, 7.0]);
}

#[test]
fn code_over_real_numbers_is_differentiated() {
    fn logistic<T: Real + NumAssign>(x: T) -> T {
        let mut sum = T::one();
        sum += (-x).exp();
        sum.recip()
    }
    let tape = Tape::new();
    let x = tape.var(0.0);
    let y = logistic(x);
    assert_eq!((y.value(), y.gradients()[x]), (0.5, 0.25));
}

#[test]
fn variables_and_dual_numbers_print_as_numbers_do() {
    let tape = Tape::new();
    let x = tape.var(2.5);
    assert_eq!((format!("{x}"), format!("{x:8.3}")), ("2.5".into(), "   2.500".into()));
    assert_eq!(format!("{:?} {:?}", x, Var::constant(1.0)), "n0 = 2.5 constant 1.0");
    let y = (x * x).label("y");
    let gradients = y.gradients();
    assert_eq!(format!("{y:?}"), "n1 \"y\" = 6.25");
    assert_eq!(format!("{:?}", gradients.show(x)), "n0 = 2.5, gradient 5.0");
    assert_eq!(gradients.show(tape.var(1.0)).to_string(), "n2 = 1.0, no gradient");
    assert_eq!(gradients.show(Var::constant(1.0)).to_string(), "constant 1.0, no gradient");
    let dual = Dual::new(2.0, 3.5);
    assert_eq!(format!("{dual} {dual:.1} {dual:?}"), "2 + 3.5ε 2.0 + 3.5ε 2.0+3.5ε");
}
