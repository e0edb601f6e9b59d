//! What a recording keeps for its sparse matrices.

use std::sync::OnceLock;

use wengert::Real;
use wengert::evaluation::Pool;
use wengert_sparse::{Error, SparseHessian, SparseJacobian, Workspace};

/// What is known of a recording's matrices: a plan once it was asked for, and memory.
#[derive(Debug)]
pub(super) struct Plans<F: Real> {
    pub(super) jacobian: OnceLock<Result<SparseJacobian, Error>>,
    pub(super) hessian: OnceLock<Result<SparseHessian, Error>>,
    pub(super) jacobians: Pool<Workspace<F>>,
    pub(super) hessians: Pool<Workspace<F>>,
}

impl<F: Real> Default for Plans<F> {
    fn default() -> Self {
        let (jacobian, hessian) = Default::default();
        Self { jacobian, hessian, jacobians: Pool::default(), hessians: Pool::default() }
    }
}
