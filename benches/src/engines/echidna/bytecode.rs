//! echidna with a recording that is evaluated again.
//!
//! Its best door is `record`, then `optimize` (common subexpressions, then dead operations), and
//! for each gradient `gradient_with_buf` with adjoints that are used again: it evaluates the
//! instructions and sweeps over them, and allocates what it returns. A branch that was taken while
//! recording is taken for granted.

use echidna::{BReverse, BytecodeTape};
use num_traits::Float;
use wengert_problems::{Problem, Real};

use crate::engines::Replay;

/// A recording, and the memory of its adjoints.
pub(in crate::engines) struct Bytecode {
    tape: BytecodeTape<f64>,
    adjoints: Vec<f64>,
}

impl Bytecode {
    pub(in crate::engines) fn record<P: Problem>(problem: &P) -> Self {
        let objective = |x: &[BReverse<f64>]| {
            let x: Vec<Number> = x.iter().copied().map(Number).collect();
            problem.objective(&x).0
        };
        let (mut tape, _) = echidna::record(objective, problem.point());
        tape.optimize();
        Self { tape, adjoints: Vec::new() }
    }
}

impl Replay for Bytecode {
    fn value_and_gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.copy_from_slice(&self.tape.gradient_with_buf(x, &mut self.adjoints));
        self.tape.output_value()
    }
}

#[derive(Clone, Copy)]
struct Number(BReverse<f64>);

forward_operators!(Number);

impl Real for Number {
    #[inline(always)]
    fn value(self) -> f64 {
        echidna::Scalar::value(&self.0)
    }

    #[inline(always)]
    fn constant(self, value: f64) -> Self {
        Self(BReverse::constant(value))
    }

    forward_functions!(recip sqrt sin cos exp ln tanh);

    #[inline(always)]
    fn square(self) -> Self {
        Self(self.0.powi(2))
    }
}
