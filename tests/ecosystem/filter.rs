//! A Kalman filter: adskalman.

use adskalman::{
    KalmanFilterNoControl, ObservationModel, StateAndCovariance, TransitionModelLinearNoControl,
};
use nalgebra::{Matrix1, Matrix1x2, Matrix2, RealField, U1, U2, Vector1, Vector2, convert};

fn number<T: RealField + Copy>(x: f64) -> T {
    convert(x)
}

/// A body that moves with nearly constant speed.
struct Motion<T: RealField> {
    step: Matrix2<T>,
    transposed: Matrix2<T>,
    noise: Matrix2<T>,
}

impl<T: RealField> TransitionModelLinearNoControl<T, U2> for Motion<T> {
    fn F(&self) -> &Matrix2<T> {
        &self.step
    }
    fn FT(&self) -> &Matrix2<T> {
        &self.transposed
    }
    fn Q(&self) -> &Matrix2<T> {
        &self.noise
    }
}

/// Its place is seen, with noise.
struct Sight<T: RealField> {
    matrix: Matrix1x2<T>,
    transposed: Vector2<T>,
    noise: Matrix1<T>,
}

impl<T: RealField> ObservationModel<T, U2, U1> for Sight<T> {
    fn H(&self) -> &Matrix1x2<T> {
        &self.matrix
    }
    fn HT(&self) -> &Vector2<T> {
        &self.transposed
    }
    fn R(&self) -> &Matrix1<T> {
        &self.noise
    }
}

/// What is left between ten sights and the filter's states: of the noises, the time step and the
/// first state.
fn kalman<T: RealField + Copy>(x: &[T]) -> T {
    let step = Matrix2::new(T::one(), x[2], T::zero(), T::one());
    let noise = Matrix2::from_diagonal(&Vector2::new(x[0], x[0] * x[2]));
    let motion = Motion { step, transposed: step.transpose(), noise };
    let matrix = Matrix1x2::new(T::one(), T::zero());
    let sight = Sight { matrix, transposed: matrix.transpose(), noise: Matrix1::new(x[1]) };
    let filter = KalmanFilterNoControl::new(&motion, &sight);
    let mut state = StateAndCovariance::new(Vector2::new(x[3], x[4]), Matrix2::identity());
    let mut sum = T::zero();
    for k in 0..10 {
        let seen = number(0.3 * f64::from(k) + 0.1 * f64::from(k * k % 7));
        state = filter.step(&state, &Vector1::new(seen)).expect("the noise is positive");
        let residual = state.state()[0] - seen;
        sum += residual * residual / state.covariance()[(0, 0)];
    }
    sum
}

mod tests {
    use crate::differentiates;
    differentiates! { kalman at [0.2, 0.5, 0.9, 0.1, 0.4] }
}
