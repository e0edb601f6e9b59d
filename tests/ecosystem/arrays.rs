//! Arrays, spectra, tables and complex numbers: ndarray, rustfft, interp, num-complex.

use interp::{InterpMode, interp};
use ndarray::{Array1, Array2, LinalgScalar, ScalarOperand};
use num_complex::Complex;
use num_traits::{Float, FromPrimitive};
use rustfft::{FftNum, FftPlanner};

fn number<T: FromPrimitive>(x: f64) -> T {
    T::from_f64(x).expect("a float is a constant of every float")
}

/// A layer of a network: products of matrices, and arrays times numbers.
fn layer<T: Float + LinalgScalar + ScalarOperand + FromPrimitive>(x: &[T]) -> T {
    let weights = Array2::from_shape_fn((3, 4), |(i, j)| x[(i * j + i) % 5] - number(0.1));
    let input = Array1::from_shape_fn(4, |i| x[i]) * x[4];
    let hidden = (weights.dot(&input) * number::<T>(0.5) + x[1]).mapv(Float::tanh);
    let gram = weights.dot(&weights.t());
    hidden.dot(&gram.dot(&hidden)) / number(3.0)
}

/// How much of a signal lies in three of its frequencies.
fn spectrum<T: FftNum + Float>(x: &[T]) -> T {
    let sample = |k: usize| {
        let k: T = number(k as f64);
        Complex::new((x[0] * k).sin() * x[1] + (x[2] * k).cos(), T::zero())
    };
    let mut signal: Vec<Complex<T>> = (0..24).map(sample).collect();
    FftPlanner::new().plan_fft_forward(signal.len()).process(&mut signal);
    let power = |k: usize| signal[k].norm_sqr();
    (power(1) + number::<T>(2.0) * power(3) + power(5)).ln()
}

/// A table whose entries and whose place are variables.
fn table<T: Float + FromPrimitive>(x: &[T]) -> T {
    let places = [0.0, 1.0, 2.5, 4.0].map(number::<T>);
    let entries = [x[0], x[1] * x[1], x[2], x[0] * x[2]];
    let inside = interp(&places, &entries, x[3], &InterpMode::Extrapolate);
    inside * interp(&places, &entries, number(5.0), &InterpMode::Extrapolate)
}

/// Functions of complex numbers.
fn complex<T: Float>(x: &[T]) -> T {
    let (z, w) = (Complex::new(x[0], x[1]), Complex::new(x[2], x[0] * x[1]));
    let power = z.powc(w) * w.tanh() / z.sqrt();
    (power + z.exp().ln() * w.sin()).norm() + z.arg()
}

mod tests {
    use crate::differentiates;
    differentiates! { layer at [0.3, -0.7, 1.1, 0.4, -0.9] }
    differentiates! { spectrum at [0.8, 1.5, 1.3] }
    differentiates! { table at [0.3, -0.7, 1.1, 1.7] }
    differentiates! { complex at [0.3, -0.7, 1.1] }
}
