//! The right-hand side, recorded once, with a plan for its Jacobian.

use differential_equations::prelude::*;
use std::cell::RefCell;
use wengert::{Function, Var};
use wengert_sparse::{Error, SparseJacobian, Workspace};

/// u′ = 1 + u²v − 4u + α u″, v′ = 3u − u²v + α v″ between u = 1, v = 3 at both ends; u and v of a
/// point lie side by side.
fn slopes<'t>(y: &[Var<'t>]) -> Vec<Var<'t>> {
    let n = y.len() / 2;
    let diffusion = 0.02 * ((n + 1) * (n + 1)) as f64;
    let at = |i: usize, k: usize| match i {
        0 => Var::constant([1.0, 3.0][k]),
        i if i > n => Var::constant([1.0, 3.0][k]),
        i => y[2 * (i - 1) + k],
    };
    let spread = |i: usize, k: usize| (at(i - 1, k) + at(i + 1, k) - at(i, k) * 2.0) * diffusion;
    let point = |i: usize| {
        let (u, v) = (at(i, 0), at(i, 1));
        let reaction = u * u * v;
        [reaction + 1.0 - u * 4.0 + spread(i, 0), u * 3.0 - reaction + spread(i, 1)]
    };
    (1..=n).flat_map(point).collect()
}

/// The recording and the plan. The solver asks by shared reference, and by one thread.
pub(crate) struct Brusselator {
    slopes: Function,
    jacobian: SparseJacobian,
    memory: RefCell<Memory>,
}

struct Memory {
    simple: wengert::Workspace,
    sparse: Workspace,
    values: Vec<f64>,
}

impl Brusselator {
    /// With as many unknowns, two a point.
    pub(crate) fn new(unknowns: usize) -> Result<Self, Error> {
        let slopes = Function::record_many(&vec![1.0; unknowns], slopes);
        let jacobian = SparseJacobian::of(&slopes)?;
        let memory = RefCell::new(Memory {
            simple: slopes.workspace(),
            sparse: jacobian.workspace(&slopes),
            values: vec![0.0; jacobian.structure().len()],
        });
        Ok(Self { slopes, jacobian, memory })
    }

    pub(crate) const fn colors(&self) -> usize {
        self.jacobian.colors()
    }
}

/// A wave of u over a level v.
pub(crate) fn start<const N: usize>() -> [f64; N] {
    let place = |i: usize| (i / 2 + 1) as f64 / (N / 2 + 1) as f64;
    std::array::from_fn(|i| match i % 2 {
        0 => 1.0 + (std::f64::consts::TAU * place(i)).sin(),
        _ => 3.0,
    })
}

impl<const N: usize> ODE<f64, [f64; N]> for Brusselator {
    fn diff(&self, _: f64, y: &[f64; N], slopes: &mut [f64; N]) {
        let memory = &mut *self.memory.borrow_mut();
        self.slopes.values(&mut memory.simple, y, slopes).expect("it has no branches");
    }

    /// The solver keeps a whole matrix, of which other entries stay zero.
    fn jacobian(&self, _: f64, y: &[f64; N], matrix: &mut Matrix<f64>) {
        let Memory { sparse, values, .. } = &mut *self.memory.borrow_mut();
        self.jacobian.evaluate(&self.slopes, sparse, y, values).expect("it has no branches");
        for (position, &value) in self.jacobian.structure().triplets().zip(&*values) {
            matrix[position] = value;
        }
    }
}
