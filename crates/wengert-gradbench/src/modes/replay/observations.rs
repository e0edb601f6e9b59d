//! Bundle adjustment: one recording of an observation, replayed for one after the other.

use wengert::{Function, Workspace};
use wengert_problems::gradbench::{BundleAdjustment, OBSERVATION};

use crate::modes::{
    Jacobian,
    observer::{self, ON_A_PATH, Observe},
    team::Team,
};

/// One replayer a thread.
pub(in crate::modes) struct Replayers {
    replayers: Vec<Replayer>,
    team: Team,
}

impl Replayers {
    pub(in crate::modes) fn new(threads: usize) -> Self {
        let (picture, constraint) = (observer::picture(), observer::constraint());
        let replayer = || Replayer {
            picture: (picture.clone(), picture.workspace()),
            constraint: (constraint.clone(), constraint.workspace()),
        };
        let replayers = std::iter::repeat_with(replayer).take(threads).collect();
        Self { replayers, team: Team::new(threads) }
    }
}

impl Jacobian for Replayers {
    fn entries(&mut self, problem: &BundleAdjustment, entries: &mut [f64]) {
        observer::share(&self.team, &mut self.replayers, problem, entries);
    }
}

/// The recordings, which threads share, with the memory of one thread.
struct Replayer {
    picture: (Function, Workspace),
    constraint: (Function, Workspace),
}

impl Observe for Replayer {
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
