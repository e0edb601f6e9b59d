//! Bundle adjustment as a case: its derivatives are the entries of a sparse Jacobian.

use std::hint::black_box;

use wengert_gradbench::modes;
use wengert_problems::gradbench::{BundleAdjustment, OBSERVATION};

use super::{
    case::{Case, Run},
    describe::{Describe, Description},
    tool::{Tool, alone},
};
use crate::engines::{Observer, Rows};

impl Case for BundleAdjustment {
    fn describe(&self) -> Description {
        Describe::describe(self)
    }

    fn operations(&self) -> usize {
        self.operations()
    }

    fn derivatives(&self) -> usize {
        self.entries()
    }

    fn start(&self, tool: Tool) -> Run<'_> {
        let problem = move || black_box(self);
        match tool {
            Tool::Plain => {
                let mut residuals = vec![0.0; 3 * self.observations()];
                Box::new(move |_| problem().objective(black_box(&mut residuals)))
            }
            Tool::HandWritten => Box::new(move |entries| problem().jacobian(entries)),
            Tool::Wengert(mode) => {
                let mut mode = modes::jacobian(&alone(mode));
                Box::new(move |entries| mode.entries(problem(), entries))
            }
            Tool::Rival(rival) => {
                let mut observer = rival.observer(self.operations() / self.observations());
                Box::new(move |entries| observe_all(observer.as_mut(), problem(), entries))
            }
        }
    }
}

/// The entries of all observations, one after the other.
fn observe_all(observer: &mut dyn Observer, problem: &BundleAdjustment, entries: &mut [f64]) {
    let (blocks, weights) = problem.split_entries(entries);
    let mut rows: Rows = Rows::default();
    for (i, (block, weight)) in blocks.chunks_exact_mut(2 * OBSERVATION).zip(weights).enumerate() {
        observer.observe(problem, i, &mut rows);
        block[..OBSERVATION].copy_from_slice(&rows[0]);
        block[OBSERVATION..].copy_from_slice(&rows[1]);
        *weight = rows[2][OBSERVATION - 1];
    }
}
