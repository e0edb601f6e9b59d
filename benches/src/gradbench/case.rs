//! A problem of one size, as every tool sees it.

use std::hint::black_box;

use wengert_gradbench::modes::{self, Batchable};

use super::{
    describe::{Describe, Description},
    tool::{Tool, alone},
};
use crate::engines;

/// A started tool: each call overwrites the derivatives, which the plain function leaves alone.
pub type Run<'c> = Box<dyn FnMut(&mut [f64]) + 'c>;

/// A problem of one size.
pub trait Case {
    /// How many elementary operations one evaluation of the plain function takes.
    fn operations(&self) -> usize;

    /// How many derivatives there are.
    fn derivatives(&self) -> usize;

    /// Starts a tool on this case.
    fn start(&self, tool: Tool) -> Run<'_>;

    /// The case as numbers.
    fn describe(&self) -> Description;
}

/// A problem of one number, with its gradient.
#[derive(Debug)]
pub struct Scalar<P>(pub P);

impl<P: Batchable + Describe> Case for Scalar<P> {
    fn describe(&self) -> Description {
        self.0.describe()
    }

    fn operations(&self) -> usize {
        self.0.operations()
    }

    fn derivatives(&self) -> usize {
        self.0.point().len()
    }

    fn start(&self, tool: Tool) -> Run<'_> {
        let Self(problem) = self;
        let x = || black_box(problem.point());
        match tool {
            Tool::Plain => Box::new(move |_| {
                black_box(problem.objective(x()));
            }),
            Tool::HandWritten => Box::new(move |gradient| problem.gradient(x(), gradient)),
            Tool::Wengert(mode) => {
                let mut mode = modes::gradient(problem, &alone(mode));
                Box::new(move |gradient| mode.gradient(x(), gradient))
            }
            Tool::Rival(rival) => {
                let mut engine = rival.engine::<P>(self.operations());
                Box::new(move |gradient| {
                    engines::gradient(engine.as_mut(), problem, x(), gradient);
                })
            }
        }
    }
}
