//! Loops that are compiled for each set of vector instructions.

use crate::instructions::{Simd, Vectorized};
use std::marker::PhantomData;

/// A loop over what a kernel works on.
pub(super) trait Body<R> {
    fn run(run: R);
}

/// Runs a loop as it was compiled for a set of instructions.
#[inline(always)]
pub(super) fn run<B: Body<R>, R, S: Simd>(simd: S, run: R) {
    simd.vectorize(Call { run, body: PhantomData::<B> });
}

struct Call<B, R> {
    run: R,
    body: PhantomData<B>,
}

impl<B: Body<R>, R> Vectorized for Call<B, R> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        B::run(self.run);
    }
}
