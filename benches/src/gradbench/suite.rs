//! The cases, smallest first within each problem.

use wengert_problems::{
    MixtureSize,
    gradbench::{BundleAdjustment, Gmm, Llsq, Lse, Lstm, LstmSize, RungeKutta},
};

use super::case::{Case, Scalar};

/// A case that can be made.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The name of the problem.
    pub problem: &'static str,
    /// The size, as GradBench writes it where it has a name for it.
    pub size: &'static str,
    make: fn() -> Box<dyn Case>,
}

impl Entry {
    /// The name of the problem's group of measurements.
    pub fn group(&self) -> String {
        format!("gradbench-{}", self.problem)
    }

    /// The case.
    pub fn case(&self) -> Box<dyn Case> {
        (self.make)()
    }
}

/// One row: a problem, a size, and how it is made.
macro_rules! suite {
    ($($problem:literal $size:literal $make:expr;)*) => {
        [$(Entry { problem: $problem, size: $size, make: || Box::new($make) }),*]
    };
}

/// All cases. The problem `ode-zero` is `ode` where the last component does not depend on the
/// variables, so that the gradient is exactly zero and only a recording is measured.
pub const SUITE: [Entry; 18] = suite! {
    "lse" "n=2500" Scalar(Lse::new(2_500));
    "lse" "n=80000" Scalar(Lse::new(80_000));
    "lse" "n=1280000" Scalar(Lse::new(1_280_000));
    "llsq" "n=64,m=128" Scalar(Llsq::new(128, 64));
    "llsq" "n=1024,m=128" Scalar(Llsq::new(128, 1_024));
    "llsq" "n=16392,m=128" Scalar(Llsq::new(128, 16_392));
    "ode" "n=8,s=1000" Scalar(RungeKutta::new(8, 1_000));
    "ode-zero" "n=1000,s=10" Scalar(RungeKutta::below_one(1_000, 10));
    "ode-zero" "n=10000,s=10" Scalar(RungeKutta::below_one(10_000, 10));
    "ode-zero" "n=100000,s=10" Scalar(RungeKutta::below_one(100_000, 10));
    "gmm" "d=2,k=5,n=1000" Scalar(gmm(2, 5));
    "gmm" "d=10,k=25,n=1000" Scalar(gmm(10, 25));
    "gmm" "d=32,k=50,n=1000" Scalar(gmm(32, 50));
    "lstm" "l=2,c=1024" Scalar(lstm(2, 1_024));
    "lstm" "l=4,c=4096" Scalar(lstm(4, 4_096));
    "lstm" "l=6,c=8192" Scalar(lstm(6, 8_192));
    "ba" "n=49,m=7776,p=31843" BundleAdjustment::new([49, 7_776, 31_843]);
    "ba" "n=257,m=65132,p=225911" BundleAdjustment::new([257, 65_132, 225_911]);
};

fn gmm(dimensions: usize, components: usize) -> Gmm {
    Gmm::new(MixtureSize { dimensions, components, samples: 1_000 })
}

fn lstm(layers: usize, items: usize) -> Lstm {
    Lstm::new(LstmSize { layers, width: 14, items })
}
