//! The gradient by the discrete adjoint of the method: forward with the steps kept, then back.

use super::{RungeKutta, Slopes, WEIGHTS, moved, slope, step};

/// Overwrites `gradient` with that of the last component.
pub(super) fn gradient(problem: &RungeKutta, x: &[f64], gradient: &mut [f64]) {
    gradient.fill(0.0);
    let h = problem.step_size();
    let beginnings = beginnings(problem, x);
    let mut pass = Pass::new(x, h, gradient);
    let mut adjoint = vec![0.0; x.len()];
    adjoint[x.len() - 1] = 1.0;
    for y in beginnings.chunks_exact(x.len()).rev() {
        pass.back(y, &mut adjoint);
    }
}

/// Where each step begins, one behind the other.
fn beginnings(problem: &RungeKutta, x: &[f64]) -> Vec<f64> {
    let mut y = vec![0.0; x.len()];
    let mut slopes = Slopes::for_equations(x.len());
    let mut all = Vec::with_capacity(problem.steps * x.len());
    for _ in 0..problem.steps {
        all.extend_from_slice(&y);
        step(x, &mut y, problem.step_size(), &mut slopes);
    }
    all
}

/// What one step after another reads and adds to.
struct Pass<'x> {
    x: &'x [f64],
    h: f64,
    gradient: &'x mut [f64],
    /// Where the last three slopes of the step are taken.
    places: [Vec<f64>; 3],
    slope: Vec<f64>,
    /// The adjoint of a slope, and that of the place where it is taken.
    of_slope: Vec<f64>,
    of_place: Vec<f64>,
}

impl<'x> Pass<'x> {
    fn new(x: &'x [f64], h: f64, gradient: &'x mut [f64]) -> Self {
        let zeros = vec![0.0; x.len()];
        Self {
            x,
            h,
            gradient,
            places: [zeros.clone(), zeros.clone(), zeros.clone()],
            slope: zeros.clone(),
            of_slope: zeros.clone(),
            of_place: zeros,
        }
    }

    /// One step that began at `y`: `adjoint` is that of its end, and then that of its beginning.
    fn back(&mut self, y: &[f64], adjoint: &mut [f64]) {
        self.take_places(y);
        let of_end = adjoint.to_vec();
        self.of_place.fill(0.0);
        // A slope acts on the end by its weight, and on the place of the next slope by the way
        // that is gone along it.
        for (stage, way) in [(3, 0.0), (2, self.h), (1, self.h / 2.0), (0, self.h / 2.0)] {
            let weight = WEIGHTS[stage] * self.h;
            for (i, of_slope) in self.of_slope.iter_mut().enumerate() {
                *of_slope = weight * of_end[i] + way * self.of_place[i];
            }
            self.pull_back_slope(stage, y);
            for (adjoint, of_place) in adjoint.iter_mut().zip(&self.of_place) {
                *adjoint += of_place;
            }
        }
    }

    fn take_places(&mut self, y: &[f64]) {
        let Self { x, h, places: [second, third, fourth], slope: k, .. } = self;
        slope(x, y, k);
        moved(y, k, *h / 2.0, second);
        slope(x, second, k);
        moved(y, k, *h / 2.0, third);
        slope(x, third, k);
        moved(y, k, *h, fourth);
    }

    /// From the adjoint of a slope to those of its place and of the factors.
    fn pull_back_slope(&mut self, stage: usize, y: &[f64]) {
        let place = if stage == 0 { y } else { &self.places[stage - 1] };
        self.gradient[0] += self.of_slope[0];
        for i in 1..self.x.len() {
            self.gradient[i] += self.of_slope[i] * place[i - 1];
            self.of_place[i - 1] = self.of_slope[i] * self.x[i];
        }
        self.of_place[self.x.len() - 1] = 0.0;
    }
}
