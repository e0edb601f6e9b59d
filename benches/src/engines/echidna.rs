//! The crate `echidna`, eager: statements and partials in three vectors, as Adept has them.
//! [`bytecode`] has the recordings that are evaluated again.
//!
//! Its best door is the one its `grad` uses inside: a tape that is cleared and
//! made the thread's active one while the objective runs, then
//! `Tape::reverse`, which allocates the adjoints. Keeping the tape here, where
//! `grad` keeps it in a thread-local pool, is what lets recording and sweep be
//! timed apart. A square is `powi(2)`: one partial on the tape, where a product
//! of a number with itself stores two.

mod bytecode;

use echidna::{
    Reverse, Scalar,
    tape::{Tape, TapeGuard},
};
use num_traits::Float;
use wengert_problems::{Problem, Real, gradbench::BundleAdjustment};

pub use self::bytecode::Bytecode;
use super::{Engine, Observer, Recording, Rows};

/// The engine with its tape.
#[derive(Default)]
pub(super) struct Echidna {
    tape: Tape<f64>,
}

impl<P: Problem> Engine<P> for Echidna {
    fn name(&self) -> &'static str {
        "echidna"
    }

    fn record(&mut self, problem: &P, x: &[f64], then: &mut dyn FnMut(&mut dyn Recording)) {
        let tape = &mut self.tape;
        tape.clear();
        let x: Vec<Number> = x.iter().map(|&x| variable(tape, x)).collect();
        let active = TapeGuard::new(tape);
        let y = problem.objective(&x);
        drop(active);
        then(&mut Recorded { tape, y });
    }
}

fn variable(tape: &mut Tape<f64>, value: f64) -> Number {
    let (index, value) = tape.new_variable(value);
    Number(Reverse::from_tape(value, index))
}

struct Recorded<'t> {
    tape: &'t Tape<f64>,
    y: Number,
}

impl Recording for Recorded<'_> {
    fn value(&self) -> f64 {
        self.y.value()
    }

    fn sweep(&mut self, gradient: &mut [f64]) {
        let adjoints = self.tape.reverse(self.y.0.index());
        // The variables were the first to be given an index.
        gradient.copy_from_slice(&adjoints[..gradient.len()]);
    }
}

impl Observer for Echidna {
    fn observe(&mut self, problem: &BundleAdjustment, i: usize, rows: &mut Rows) {
        let tape = &mut self.tape;
        tape.clear();
        let x = problem.variables(i).map(|x| variable(tape, x));
        let active = TapeGuard::new(tape);
        let residuals = problem.residuals(i, &x);
        drop(active);
        for (y, row) in residuals.into_iter().zip(rows) {
            // The variables were the first to be given an index.
            row.copy_from_slice(&tape.reverse(y.0.index())[..x.len()]);
        }
    }
}

#[derive(Clone, Copy)]
struct Number(Reverse<f64>);

forward_operators!(Number);

impl Real for Number {
    #[inline(always)]
    fn value(self) -> f64 {
        Scalar::value(&self.0)
    }

    #[inline(always)]
    fn constant(self, value: f64) -> Self {
        Self(Reverse::constant(value))
    }

    forward_functions!(recip sqrt sin cos exp ln tanh);

    #[inline(always)]
    fn square(self) -> Self {
        Self(self.0.powi(2))
    }
}
