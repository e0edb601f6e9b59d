//! A sum over samples, with its term recorded.

use std::hint::black_box;

use rayon::ThreadPoolBuilder;
use wengert::{Batch, BatchWorkspace, Function};
use wengert_problems::Sampled;

use super::way::{Run, Way};

/// What no lengths that fit can bring about.
const FITS: &str = "the lengths fit, and no comparison comes out differently";

/// A problem, and its term as a function of parameters, with a sample as data.
pub(super) struct Case<'p, P> {
    problem: &'p P,
    function: Function,
}

impl<'p, P: Sampled> Case<'p, P> {
    pub(super) fn new(problem: &'p P) -> Self {
        let first = &problem.data()[..problem.width()];
        let function = Function::builder()
            .data(first)
            .record_with_data(problem.parameters(), |x, data| problem.whole_term(x, data));
        Self { problem, function }
    }

    pub(super) fn problem(&self) -> &'p P {
        self.problem
    }

    /// A way to the sum, with all the memory it takes.
    pub(super) fn start(&self, way: Way) -> Run<'_> {
        let (problem, x) = (self.problem, self.problem.parameters());
        match way {
            Way::Plain => Box::new(|_| problem.sum(black_box(x))),
            Way::PlainEach => Box::new(|_| problem.sum_of_whole_terms(black_box(x))),
            Way::HandWritten => Box::new(|gradient| {
                problem.gradient(black_box(x), gradient);
                f64::NAN
            }),
            Way::ReplayEach => self.replay_each(),
            Way::BatchValues => self.batch_values(),
            Way::BatchGradient => self.batch_gradient(self.function.batch_workspace()),
            Way::TwoThreads => self.two_threads(),
        }
    }

    fn replay_each(&self) -> Run<'_> {
        let Self { problem, function } = self;
        let x = problem.parameters();
        let mut workspace = function.workspace();
        let mut each = vec![0.0; x.len()];
        Box::new(move |gradient| {
            gradient.fill(0.0);
            let terms = problem.rows().map(|data| {
                let inputs = (black_box(x), data);
                let term = function.value_and_gradient(&mut workspace, inputs, &mut each);
                gradient.iter_mut().zip(&each).for_each(|(sum, slope)| *sum += slope);
                term.expect(FITS)
            });
            terms.sum()
        })
    }

    fn batch(&self) -> Batch<'p> {
        let problem = self.problem;
        let samples = problem.rows().len();
        Batch::new(samples).shared_variables(black_box(problem.parameters())).data(problem.data())
    }

    fn batch_values(&self) -> Run<'_> {
        let mut workspace = self.function.batch_workspace();
        let mut values = vec![0.0; self.problem.rows().len()];
        Box::new(move |_| {
            let result = self.function.batch_values(&mut workspace, &self.batch(), &mut values);
            result.expect(FITS);
            values.iter().sum()
        })
    }

    fn batch_gradient(&self, mut workspace: BatchWorkspace) -> Run<'_> {
        Box::new(move |gradient| {
            let batch = self.batch();
            self.function.batch_gradient(&mut workspace, &batch, gradient, &mut []).expect(FITS)
        })
    }

    fn two_threads(&self) -> Run<'_>
    where
        P: 'p,
    {
        let pool = ThreadPoolBuilder::new().num_threads(2).build().expect("two threads start");
        let mut workspace = self.function.batch_workspace().parallel();
        Box::new(move |gradient| {
            let (function, batch) = (&self.function, self.batch());
            pool.install(|| function.batch_gradient(&mut workspace, &batch, gradient, &mut []))
                .expect(FITS)
        })
    }
}
