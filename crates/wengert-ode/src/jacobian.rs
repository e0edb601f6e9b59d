//! The Jacobian by one of the blocks.

use differential_equations::linalg::Matrix;
use wengert::evaluation::{Blocks, Pool};
use wengert::{Function, Var};
use wengert_sparse::{Error, SparseJacobian, Workspace};

/// State, parameters and time.
const BLOCKS: usize = 3;

/// A recording with respect to one block, and the plan of its Jacobian.
#[derive(Debug)]
pub(crate) struct Jacobian {
    slopes: Blocks<BLOCKS>,
    plan: SparseJacobian,
    memory: Pool<(Workspace, Vec<f64>)>,
}

impl Jacobian {
    pub(crate) fn record<G>(at: [&[f64]; BLOCKS], block: usize, f: G) -> Result<Self, Error>
    where
        G: for<'t> FnOnce([&[Var<'t>]; BLOCKS]) -> Vec<Var<'t>>,
    {
        let slopes = Blocks::record(at, block, f);
        let plan = SparseJacobian::of(slopes.evaluator().function())?;
        Ok(Self { slopes, plan, memory: Pool::default() })
    }

    pub(crate) const fn function(&self) -> &Function {
        self.slopes.evaluator().function()
    }

    pub(crate) const fn colors(&self) -> usize {
        self.plan.colors()
    }

    /// The values alone.
    pub(crate) fn values(&self, at: [&[f64]; BLOCKS], values: &mut [f64]) -> Result<(), Error> {
        Ok(self.slopes.at(at, |f, inputs| f.values(inputs, values))?)
    }

    /// Writes the entries into a matrix of which all others stay zero.
    pub(crate) fn write(
        &self,
        at: [&[f64]; BLOCKS],
        matrix: &mut Matrix<f64>,
    ) -> Result<(), Error> {
        let (function, structure) = (self.function(), self.plan.structure());
        let new = || (self.plan.workspace(function), vec![0.0; structure.len()]);
        self.memory.with(new, |(workspace, entries)| {
            self.slopes
                .at(at, |_, inputs| self.plan.evaluate(function, workspace, inputs, entries))?;
            for (place, &entry) in structure.triplets().zip(&*entries) {
                matrix[place] = entry;
            }
            Ok(())
        })
    }
}
