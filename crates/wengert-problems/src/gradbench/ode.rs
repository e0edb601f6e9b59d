//! A system of differential equations by the classical fourth-order method of Runge and Kutta.

mod adjoint;

use super::Split;
use crate::{Problem, Real, inputs};

/// y(2) of y′₀ = x₀ and y′ᵢ = xᵢ yᵢ₋₁ with y(0) = 0; the objective is its last component.
///
/// In one step the solution reaches four components further, so after s steps those from 4 s
/// on are still exactly zero, and so is the gradient of the last if it is one of them.
#[derive(Clone, Debug)]
pub struct RungeKutta {
    steps: usize,
    point: Vec<f64>,
}

/// Where the solution is wanted.
const END: f64 = 2.0;

/// The method's weights of the four slopes.
const WEIGHTS: [f64; 4] = [1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0];

impl RungeKutta {
    /// The system with factors of one's own, one at least, in `steps` steps, one at least.
    pub fn at(point: Vec<f64>, steps: usize) -> Self {
        assert!(steps >= 1, "no step leads to the end");
        assert!(!point.is_empty(), "a system without equations");
        Self { steps, point }
    }

    /// The system with fixed-seed factors in [0.5, 1.5).
    pub fn new(equations: usize, steps: usize) -> Self {
        Self::at(inputs::uniform(13, 0.5..1.5, equations), steps)
    }

    /// The system with fixed-seed factors in [0, 1).
    pub fn below_one(equations: usize, steps: usize) -> Self {
        Self::at(inputs::uniform(14, 0.0..1.0, equations), steps)
    }

    /// The number of steps.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// All components of the solution at the end.
    pub fn solution<T: Real>(&self, x: &[T]) -> Vec<T> {
        let mut y = vec![x[0].constant(0.0); x.len()];
        let mut slopes = Slopes::for_equations(x.len());
        for _ in 0..self.steps {
            step(x, &mut y, self.step_size(), &mut slopes);
        }
        y
    }

    /// One step of the method, of which `y` is the beginning and then the end.
    pub fn advance<T: Real>(&self, x: &[T], y: &mut [T]) {
        step(x, y, self.step_size(), &mut Slopes::for_equations(x.len()));
    }

    fn step_size(&self) -> f64 {
        END / self.steps as f64
    }
}

/// The four slopes of a step, and where they are taken; the memory is used again for the next.
struct Slopes<T> {
    k: [Vec<T>; 4],
    place: Vec<T>,
}

impl<T: Copy> Slopes<T> {
    fn for_equations(equations: usize) -> Self {
        let room = || Vec::with_capacity(equations);
        Self { k: [room(), room(), room(), room()], place: room() }
    }
}

/// One step of size `h`, of which `y` is the beginning and then the end.
fn step<T: Real>(x: &[T], y: &mut [T], h: f64, slopes: &mut Slopes<T>) {
    let Slopes { k: [k1, k2, k3, k4], place } = slopes;
    slope(x, y, k1);
    slope(x, moved(y, k1, h / 2.0, place), k2);
    slope(x, moved(y, k2, h / 2.0, place), k3);
    slope(x, moved(y, k3, h, place), k4);
    let [w1, w2, w3, w4] = WEIGHTS.map(|weight| weight * h);
    let weights = [1.0, w1, w2, w3, w4];
    for ((((y, &k1), &k2), &k3), &k4) in y.iter_mut().zip(&*k1).zip(&*k2).zip(&*k3).zip(&*k4) {
        *y = T::linear_combination(&weights, &[*y, k1, k2, k3, k4]);
    }
}

/// y′ at `y`.
fn slope<T: Real>(x: &[T], y: &[T], slope: &mut Vec<T>) {
    slope.clear();
    slope.push(x[0]);
    slope.extend(x[1..].iter().zip(y).map(|(&x, &y)| x * y));
}

/// y + h k.
fn moved<'p, T: Real>(y: &[T], k: &[T], h: f64, place: &'p mut Vec<T>) -> &'p [T] {
    place.clear();
    place.extend(y.iter().zip(k).map(|(&y, &k)| k.scaled_add(h, y)));
    place
}

impl Split for RungeKutta {}

impl Problem for RungeKutta {
    fn name(&self) -> &'static str {
        "ode"
    }

    fn point(&self) -> &[f64] {
        &self.point
    }

    fn objective<T: Real>(&self, x: &[T]) -> T {
        *self.solution(x).last().expect("there is one equation at least")
    }

    fn gradient(&self, x: &[f64], gradient: &mut [f64]) {
        adjoint::gradient(self, x, gradient);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle;

    #[test]
    fn gradient_agrees_with_every_oracle() {
        oracle::assert_gradient(&RungeKutta::new(1, 1));
        oracle::assert_gradient(&RungeKutta::new(5, 4));
        oracle::assert_gradient(&RungeKutta::below_one(4, 3));
    }

    /// The solution is a polynomial: yᵢ(t) = x₀ … xᵢ tⁱ⁺¹ / (i + 1)!, which a method of fourth
    /// order meets exactly in its first four components.
    #[test]
    fn the_first_four_components_are_exact() {
        let problem = RungeKutta::new(4, 3);
        let mut exact = 1.0;
        for (i, y) in problem.solution(problem.point()).into_iter().enumerate() {
            exact *= problem.point()[i] * END / (i + 1) as f64;
            assert!((y - exact).abs() < 1e-12);
        }
    }

    #[test]
    fn beyond_the_reach_of_the_steps_the_gradient_is_zero() {
        let problem = RungeKutta::below_one(41, 10);
        let gradient = oracle::by_tape(&problem, problem.point());
        assert_eq!(gradient, [0.0; 41]);
        let mut written = [f64::NAN; 41];
        problem.gradient(problem.point(), &mut written);
        assert_eq!(written, [0.0; 41]);
        let reached = RungeKutta::below_one(40, 10);
        assert!(oracle::by_tape(&reached, reached.point()).iter().all(|&slope| slope > 0.0));
    }
}
