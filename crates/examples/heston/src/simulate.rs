//! The Monte-Carlo simulation: values, derivatives and central differences over the same paths.

use crate::estimate::Estimate;
use crate::model::{Market, NUMBERS, POINT, VARIABLES};
use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};
use rand_distr::{Distribution, StandardNormal};
use std::time::{Duration, Instant};
use wengert::scan::ScanBatchWorkspace;
use wengert::{Batch, Error, Workspace};

/// The paths of a batch.
pub(crate) const BATCH: usize = 4096;
/// The step of a central difference, as a part of the variable.
const BUMP: f64 = 1e-6;
/// The price, and its derivative by each variable.
pub(crate) const QUANTITIES: usize = 1 + VARIABLES;

/// What the simulation finds.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Price and derivatives.
    pub(crate) estimates: [Estimate; QUANTITIES],
    /// What is to be added to them so that the error of time steps is of second order: their
    /// difference from the same on the same path with half as many steps.
    pub(crate) corrections: [Estimate; QUANTITIES],
    /// The sums of both, path by path.
    pub(crate) corrected: [Estimate; QUANTITIES],
    pub(crate) differences: [f64; VARIABLES],
    /// The time that values with gradients took, and that of differences.
    pub(crate) times: [Duration; 2],
}

/// Simulates so many paths, and says after each batch how many it had.
pub(crate) fn simulate(
    mut paths: Paths,
    mut coarse: Paths,
    count: usize,
    seed: u64,
    progress: impl Fn(usize),
) -> Result<Outcome, Error> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut outcome = Outcome::default();
    let (mut normals, mut halved) = (Vec::new(), Vec::new());
    for first in (0..count).step_by(BATCH) {
        let samples = BATCH.min(count - first);
        let numbers = samples * paths.market.numbers();
        fill(&mut normals, numbers, &mut random);
        halve(&normals, &mut halved);

        let start = Instant::now();
        paths.differentiate(samples, &normals)?;
        outcome.times[0] += start.elapsed();
        coarse.differentiate(samples, &halved)?;
        outcome.add(&paths, &coarse);

        let start = Instant::now();
        for (i, difference) in outcome.differences.iter_mut().enumerate() {
            *difference += paths.sum_of_differences(samples, &normals, i)? / count as f64;
        }
        outcome.times[1] += start.elapsed();
        progress(samples);
    }
    Ok(outcome)
}

/// Draws so many normal numbers anew.
fn fill(normals: &mut Vec<f64>, count: usize, random: &mut Xoshiro256PlusPlus) {
    normals.resize(count, 0.0);
    normals.fill_with(|| StandardNormal.sample(random));
}

/// The numbers of half as many steps along the same path. The increments of two steps add up,
/// and their sum is normal with twice the variance.
fn halve(normals: &[f64], halved: &mut Vec<f64>) {
    halved.clear();
    for pair in normals.chunks_exact(2 * NUMBERS) {
        let (first, second) = pair.split_at(NUMBERS);
        let sums = first.iter().zip(second).map(|(a, b)| (a + b) * 0.5_f64.sqrt());
        halved.extend(sums);
    }
}

impl Outcome {
    fn add(&mut self, paths: &Paths, coarse: &Paths) {
        for (fine, coarse) in paths.quantities().zip(coarse.quantities()) {
            for (i, (fine, coarse)) in fine.zip(coarse).enumerate() {
                self.estimates[i].add(fine);
                self.corrections[i].add(fine - coarse);
                self.corrected[i].add(2.0 * fine - coarse);
            }
        }
    }
}

/// The recorded path, with memory for batches of it.
#[derive(Debug)]
pub(crate) struct Paths {
    pub(crate) market: Market,
    at_start: Workspace,
    workspace: ScanBatchWorkspace,
    values: Vec<f64>,
    /// By what a path needs of the model.
    slopes: Vec<f64>,
    gradients: Vec<f64>,
}

impl Paths {
    pub(crate) fn new(steps: usize) -> Self {
        let market = Market::new(steps);
        let workspace = market.path.batch_workspace(steps);
        #[cfg(feature = "rayon")]
        let workspace = workspace.parallel();
        let at_start = market.start.workspace();
        let [values, slopes, gradients] = [(); 3].map(|()| Vec::new());
        Self { market, at_start, workspace, values, slopes, gradients }
    }

    /// Finds the value and the gradient of each path.
    fn differentiate(&mut self, samples: usize, normals: &[f64]) -> Result<(), Error> {
        let Self { market: Market { steps, start, path }, at_start, workspace, .. } = self;
        let width = start.num_outputs();
        let (mut from, mut jacobian) = (vec![0.0; width], vec![0.0; width * VARIABLES]);
        start.values(at_start, &POINT, &mut from)?;
        start.jacobian(at_start, &POINT, &mut jacobian)?;

        self.values.resize(samples, 0.0);
        self.slopes.resize(samples * width, 0.0);
        let batch = Batch::new(samples).shared_variables(&from).data(normals);
        let (values, slopes) = (&mut self.values, &mut self.slopes);
        path.batch_gradients(workspace, *steps, &batch, values, slopes)?;

        // The chain rule from there to the model.
        self.gradients.clear();
        for slopes in self.slopes.chunks_exact(width) {
            let rows = || slopes.iter().zip(jacobian.chunks_exact(VARIABLES));
            let by = |i: usize| rows().map(|(slope, row)| slope * row[i]).sum::<f64>();
            self.gradients.extend((0..VARIABLES).map(by));
        }
        Ok(())
    }

    /// What [`Paths::differentiate`] found for each path.
    fn quantities(&self) -> impl Iterator<Item = impl Iterator<Item = f64>> {
        let gradients = self.gradients.chunks_exact(VARIABLES);
        let rows = self.values.iter().zip(gradients);
        rows.map(|(&value, gradient)| std::iter::once(value).chain(gradient.iter().copied()))
    }

    /// The central difference in one variable, summed over the paths.
    fn sum_of_differences(
        &mut self,
        samples: usize,
        normals: &[f64],
        variable: usize,
    ) -> Result<f64, Error> {
        let mut points = [POINT; 2];
        points[0][variable] *= 1.0 + BUMP;
        points[1][variable] *= 1.0 - BUMP;
        let width = points[0][variable] - points[1][variable];
        let sums = [
            self.sum_of_values(samples, normals, &points[0])?,
            self.sum_of_values(samples, normals, &points[1])?,
        ];
        Ok((sums[0] - sums[1]) / width)
    }

    fn sum_of_values(
        &mut self,
        samples: usize,
        normals: &[f64],
        point: &[f64],
    ) -> Result<f64, Error> {
        let Market { steps, start, path } = &self.market;
        let mut from = vec![0.0; start.num_outputs()];
        start.values(&mut self.at_start, point, &mut from)?;
        let batch = Batch::new(samples).shared_variables(&from).data(normals);
        path.batch_values(&mut self.workspace, *steps, &batch, &mut self.values)?;
        Ok(self.values.iter().sum())
    }
}
