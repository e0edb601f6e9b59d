//! Many samples at once: the sums of [`Sampled`] terms, by plain floats and by batches of one
//! recorded term. Times are those of the whole sum.

mod case;
pub mod way;

use std::{cell::LazyCell, hint::black_box};

use criterion::{BenchmarkId, Criterion, Throughput};
use wengert_problems::{Sampled, SampledVisitor, visit_sampled};

use self::{case::Case, way::Way};
use crate::{check, driver};

/// The group.
pub const BATCH: &str = "batch";

/// Checks and measures what is asked for.
///
/// # Panics
///
/// If a way's sum or gradient is wrong.
pub fn measure_all(criterion: &mut Criterion) {
    visit_sampled(&mut Measurements { criterion });
}

struct Measurements<'c> {
    criterion: &'c mut Criterion,
}

impl SampledVisitor for Measurements<'_> {
    fn visit<P: Sampled + 'static>(&mut self, problem: P) {
        let samples = problem.rows().len();
        let mut group = driver::group(self.criterion, BATCH, samples);
        group.throughput(Throughput::Elements(samples as u64));
        let case = LazyCell::new(|| Case::new(&problem));
        let mut gradient = vec![0.0; problem.parameters().len()];
        for way in Way::ALL {
            let mut started = None;
            group.bench_function(BenchmarkId::new(way.name(), problem.name()), |bencher| {
                let run = started.get_or_insert_with(|| start(&case, way));
                bencher.iter(|| run(black_box(&mut gradient)));
            });
        }
    }
}

/// A way to the sum, known to be right.
fn start<'c, P: Sampled>(case: &'c Case<'_, P>, way: Way) -> way::Run<'c> {
    let mut run = case.start(way);
    check::sum(&mut *run, way, case.problem());
    run
}

#[cfg(test)]
mod tests {
    use wengert_problems::{Heston, Mixture, MixtureSize, Perceptron};

    use super::*;

    fn assert_all_right<P: Sampled>(problem: &P) {
        let case = Case::new(problem);
        let mut gradient = vec![0.0; problem.parameters().len()];
        for way in Way::ALL {
            gradient.fill(0.0);
            start(&case, way)(&mut gradient);
            assert_eq!(gradient.iter().any(|slope| *slope != 0.0), way.is_gradient());
        }
    }

    #[test]
    fn every_way_is_right_at_small_sizes() {
        assert_all_right(&Perceptron::new(3, 300));
        let size = MixtureSize { dimensions: 3, components: 2, samples: 13 };
        assert_all_right(&Mixture::new(size));
        assert_all_right(&Heston::new(5, 11));
    }
}
