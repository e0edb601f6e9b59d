//! echidna with a recording that is evaluated again.
//!
//! Its best door is `record`, then `optimize` (common subexpressions, then dead operations), and
//! for each gradient `gradient_with_buf` with adjoints that are used again: it evaluates the
//! instructions and sweeps over them, and allocates what it returns. A branch that was taken while
//! recording is taken for granted.

use echidna::{BReverse, BytecodeTape, sparse::greedy_coloring};
use num_traits::Float;
use wengert_problems::{Problem, Real};

use crate::engines::Replay;

/// A recording, and the memory of its adjoints.
#[allow(missing_debug_implementations, reason = "echidna's tape has none")]
pub struct Bytecode {
    tape: BytecodeTape<f64>,
    adjoints: Vec<f64>,
}

impl Bytecode {
    /// Records `problem` at its point.
    pub fn record<P: Problem>(problem: &P) -> Self {
        let objective = |x: &[BReverse<f64>]| {
            let x: Vec<Number> = x.iter().copied().map(Number).collect();
            problem.objective(&x).0
        };
        let (mut tape, _) = echidna::record(objective, problem.point());
        tape.optimize();
        Self { tape, adjoints: Vec::new() }
    }

    /// The Hessian's rows, one direction after another.
    pub fn hessian(&self, x: &[f64]) -> Vec<Vec<f64>> {
        self.tape.hessian(x).2
    }

    /// The Hessian's rows, eight directions at once.
    pub fn hessian_in_lanes(&self, x: &[f64]) -> Vec<Vec<f64>> {
        self.tape.hessian_vec::<8>(x).2
    }

    /// Where the Hessian has entries, and what evaluates them, given the pattern and its colours,
    /// which are found once.
    #[allow(clippy::type_complexity, reason = "the positions, and the evaluation")]
    pub fn sparse_hessian(&self) -> (Vec<(usize, usize)>, impl Fn(&[f64]) -> Vec<f64> + '_) {
        let pattern = self.tape.detect_sparsity();
        let (colors, count) = greedy_coloring(&pattern);
        let places = pattern.rows.iter().zip(&pattern.cols);
        let places = places.map(|(&row, &column)| (row as usize, column as usize)).collect();
        let entries =
            move |x: &[f64]| self.tape.sparse_hessian_with_pattern(x, &pattern, &colors, count).2;
        (places, entries)
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
