//! What modes that record an observation once have in common.

use wengert::{Function, FunctionBuilder, Var};
use wengert_problems::gradbench::{CAMERA, OBSERVATION, observe, of_weight};

/// An observation's variables when it is recorded: a camera that is turned, and a point ahead.
const TYPICAL: [f64; OBSERVATION] =
    [0.1, 0.2, 0.3, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.1, 0.1, 0.1, 0.2, 1.0, 1.0];

/// A camera is turned or it is not, which is decided by a comparison.
const PATHS: usize = 2;

/// What an observation's replays answer: there is no third way to turn a camera.
pub(super) const ON_A_PATH: &str = "every slice has its length, and both paths are recorded";

/// The two residuals of the picture, by an observation's variables; its feature is data.
pub(super) fn picture() -> Function {
    builder().record_paths(PATHS, &TYPICAL, |x, feature| residuals(x, feature).to_vec())
}

/// The residual of a weight.
pub(super) fn constraint() -> Function {
    Function::record(&[1.0], |weight| of_weight(weight[0]))
}

fn builder() -> FunctionBuilder {
    Function::builder().data(&[0.0; 2])
}

fn residuals<'t>(x: &[Var<'t>], feature: &[Var<'t>]) -> [Var<'t>; 2] {
    let (camera, x) = x.split_at(CAMERA);
    let (point, weight) = x.split_at(3);
    let [across, down, _] = observe(camera, point, weight[0], [feature[0], feature[1]]);
    [across, down]
}
