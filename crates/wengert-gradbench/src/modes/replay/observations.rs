//! Bundle adjustment: one recording of an observation, replayed for one after the other.

use wengert::{Function, Workspace};
use wengert_problems::gradbench::{BundleAdjustment, OBSERVATION};

use crate::modes::{
    Jacobian,
    observer::{self, ON_A_PATH, Observe, Observers},
};

/// Observers of so many threads, which share the recordings.
pub(in crate::modes) fn observers(threads: usize) -> impl Jacobian {
    let (picture, constraint) = (observer::picture(), observer::constraint());
    Observers::new(threads, || Observer {
        picture: (picture.clone(), picture.workspace()),
        constraint: (constraint.clone(), constraint.workspace()),
    })
}

/// The recordings, each with the memory of one thread.
struct Observer {
    picture: (Function, Workspace),
    constraint: (Function, Workspace),
}

impl Observe for Observer {
    fn observe(
        &mut self,
        problem: &BundleAdjustment,
        i: usize,
        rows: &mut [f64],
        of_weight: &mut f64,
    ) {
        let (x, feature) = (problem.variables(i), problem.feature(i));
        let (picture, workspace) = &mut self.picture;
        picture.jacobian(workspace, (&x, &feature), rows).expect(ON_A_PATH);
        let (constraint, workspace) = &mut self.constraint;
        let (weight, slope) = (&x[OBSERVATION - 1..], std::slice::from_mut(of_weight));
        constraint.gradient(workspace, weight, slope).expect(ON_A_PATH);
    }
}
