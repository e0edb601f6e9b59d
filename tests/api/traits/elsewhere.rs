//! Crates that know nothing of this one: `ndarray` and `num-complex`.

use crate::support::{all_near, near};
use ndarray::{Array1, Array2, Axis, Zip, arr1, arr2};
use num_complex::Complex;
use wengert::{Tape, Var};

/// Arrays of variables and of their numbers.
fn array<'t>(tape: &'t Tape, numbers: &[f64]) -> Array1<Var<'t>> {
    Array1::from(tape.vars(numbers))
}

fn gradient(y: Var<'_>, x: &Array1<Var<'_>>) -> Vec<f64> {
    y.gradients().wrt(x.as_slice().unwrap())
}

#[test]
fn arrays_have_element_wise_arithmetic() {
    let tape = Tape::new();
    let (a, b) = ([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]);
    let (x, y) = (array(&tape, &a), array(&tape, &b));
    let z = ((&x * &y - &x) / &y + &x).sum();
    // x·y/y − x/y + x = 2x − x/y
    near(z.value(), (0..3).map(|i| 2.0 * a[i] - a[i] / b[i]).sum(), 1e-15);
    all_near(&gradient(z, &x), &b.map(|b| 2.0 - 1.0 / b), 1e-15);
    let expected: Vec<f64> = (0..3).map(|i| a[i] / (b[i] * b[i])).collect();
    all_near(&gradient(z, &y), &expected, 1e-15);
}

#[test]
fn arrays_have_dot_products_means_and_variances() {
    let tape = Tape::new();
    let a = [1.0, 2.0, 4.0, 9.0];
    let x = array(&tape, &a);
    let weights = arr1(&[0.5, -1.0, 2.0, 3.0]);
    let dot = (&x * &weights.mapv(Var::constant)).sum();
    assert_eq!((dot.value(), gradient(dot, &x)), (33.5, weights.to_vec()));
    assert_eq!(gradient(x.mean().unwrap(), &x), [0.25; 4]);
    let product = x.product();
    assert_eq!((product.value(), gradient(product, &x)), (72.0, a.map(|a| 72.0 / a).to_vec()));
    // d/dxᵢ Σ (x − mean)²/n = 2(xᵢ − mean)/n
    all_near(&gradient(x.var(0.0.into()), &x), &a.map(|a| 0.5 * (a - 4.0)), 1e-15);
}

#[test]
fn arrays_map_and_zip_variables() {
    let tape = Tape::new();
    let a = [0.5, -1.0, 2.0];
    let x = array(&tape, &a);
    let y = x.mapv(|x| x.tanh()).sum();
    all_near(&gradient(y, &x), &a.map(|a| a.cosh().powi(-2)), 1e-15);
    let mut squares = x.clone();
    Zip::from(&mut squares).and(&x).for_each(|square, x| *square *= x);
    assert_eq!(gradient(squares.sum(), &x), a.map(|a| 2.0 * a));
    let folded = x.fold(Var::constant(1.0), |product, x| product * x);
    assert_eq!(gradient(folded, &x), [-2.0, 1.0, -0.5]);
}

#[test]
fn a_layer_of_a_network_over_arrays_has_its_gradient() {
    let tape = Tape::new();
    let weights = arr2(&[[0.1, -0.2, 0.3], [0.4, 0.5, -0.6]]);
    let flat = array(&tape, weights.as_slice().unwrap());
    let w: Array2<Var<'_>> = flat.clone().into_shape_with_order((2, 3)).unwrap();
    let input = arr1(&[1.0, 2.0, 3.0]);
    // Broadcasting multiplies each row by the input.
    let hidden = (&w * &input.mapv(Var::constant)).sum_axis(Axis(1)).mapv(|h| h.tanh());
    let plain = weights.dot(&input).mapv(f64::tanh);
    let values: Vec<f64> = hidden.iter().map(Var::value).collect();
    all_near(&values, plain.as_slice().unwrap(), 1e-15);
    let slopes = plain.mapv(|h| 1.0 - h * h);
    let expected: Vec<f64> = slopes.iter().flat_map(|s| input.iter().map(move |x| s * x)).collect();
    all_near(&gradient(hidden.sum(), &flat), &expected, 1e-15);
}

/// The derivatives of a function's real and imaginary part, which the complex derivative f′
/// gives by Cauchy's and Riemann's equations.
#[track_caller]
fn assert_analytic(
    f: impl for<'t> Fn(Complex<Var<'t>>) -> Complex<Var<'t>>,
    value: impl Fn(Complex<f64>) -> Complex<f64>,
    slope: impl Fn(Complex<f64>) -> Complex<f64>,
) {
    for at in [Complex::new(0.6, -0.7), Complex::new(-1.2, 0.4), Complex::new(2.0, 1.5)] {
        let tape = Tape::new();
        let [x, y] = tape.var_array([at.re, at.im]);
        let w = f(Complex::new(x, y));
        let (value, slope) = (value(at), slope(at));
        all_near(&[w.re.value(), w.im.value()], &[value.re, value.im], 1e-13);
        all_near(&w.re.gradients().wrt(&[x, y]), &[slope.re, -slope.im], 1e-13);
        all_near(&w.im.gradients().wrt(&[x, y]), &[slope.im, slope.re], 1e-13);
    }
}

#[test]
fn complex_functions_over_variables_are_analytic() {
    assert_analytic(|z| z * z, |z| z * z, |z| 2.0 * z);
    assert_analytic(|z| z.inv(), |z| z.inv(), |z| -(z * z).inv());
    assert_analytic(|z| z / (z * z), |z| z.inv(), |z| -(z * z).inv());
    assert_analytic(|z| z.exp(), |z| z.exp(), |z| z.exp());
    assert_analytic(|z| z.ln(), |z| z.ln(), |z| z.inv());
    assert_analytic(|z| z.sqrt(), |z| z.sqrt(), |z| 0.5 / z.sqrt());
    assert_analytic(|z| z.sin(), |z| z.sin(), |z| z.cos());
    assert_analytic(|z| z.cosh(), |z| z.cosh(), |z| z.sinh());
    assert_analytic(|z| z.tanh(), |z| z.tanh(), |z| 1.0 - z.tanh() * z.tanh());
    assert_analytic(|z| z.atan(), |z| z.atan(), |z| (1.0 + z * z).inv());
    assert_analytic(|z| z.powi(3), |z| z.powi(3), |z| 3.0 * z * z);
    assert_analytic(|z| z.powf(2.5.into()), |z| z.powf(2.5), |z| 2.5 * z.powf(1.5));
}

#[test]
fn the_modulus_of_a_complex_polynomial_has_its_gradient() {
    // |z² + c|² at z = x + iy, c = a + ib: with u = x² − y² + a and v = 2xy + b, the gradient is
    // (4(ux + vy), 4(vx − uy), 2u, 2v).
    let point = [0.3, -0.4, 0.1, 0.2];
    let tape = Tape::new();
    let [x, y, a, b] = tape.var_array(point);
    let (z, c) = (Complex::new(x, y), Complex::new(a, b));
    let squared = (z * z + c).norm_sqr();
    let [x0, y0, a0, b0] = point;
    let (u, v) = (x0 * x0 - y0 * y0 + a0, 2.0 * x0 * y0 + b0);
    near(squared.value(), u * u + v * v, 1e-15);
    let expected = [4.0 * (u * x0 + v * y0), 4.0 * (v * x0 - u * y0), 2.0 * u, 2.0 * v];
    all_near(&squared.gradients().wrt(&[x, y, a, b]), &expected, 1e-15);
    let norm = (z * z + c).norm();
    all_near(
        &norm.gradients().wrt(&[x, y, a, b]),
        &expected.map(|g| g / (2.0 * u.hypot(v))),
        1e-15,
    );
}
