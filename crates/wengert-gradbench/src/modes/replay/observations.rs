//! Bundle adjustment: one recording of an observation, replayed for one after the other.

use wengert::{Function, Workspace};
use wengert_problems::gradbench::{BundleAdjustment, OBSERVATION};

use crate::modes::{
    Jacobian,
    observer::{self, ON_A_PATH},
    team::Team,
};

/// The recordings, and memory for each thread.
pub(in crate::modes) struct Replayers {
    picture: Function,
    constraint: Function,
    workspaces: Vec<[Workspace; 2]>,
    team: Team,
}

impl Replayers {
    pub(in crate::modes) fn new(threads: usize) -> Self {
        let (picture, constraint) = (observer::picture(), observer::constraint());
        let workspaces = || [picture.workspace(), constraint.workspace()];
        let workspaces = std::iter::repeat_with(workspaces).take(threads).collect();
        Self { picture, constraint, workspaces, team: Team::new(threads) }
    }
}

impl Jacobian for Replayers {
    fn entries(&mut self, problem: &BundleAdjustment, entries: &mut [f64]) {
        let Self { picture, constraint, workspaces, team } = self;
        let each = problem.observations().div_ceil(workspaces.len());
        let (blocks, weights) = problem.split_entries(entries);
        let shares = blocks.chunks_mut(each * 2 * OBSERVATION).zip(weights.chunks_mut(each));
        let mut work: Vec<_> = workspaces.iter_mut().zip(shares).enumerate().collect();
        team.each(&mut work, |(share, (workspaces, (blocks, weights)))| {
            let mut replayer = Replayer { picture, constraint, workspaces };
            let blocks = blocks.chunks_exact_mut(2 * OBSERVATION);
            for (i, (block, of_weight)) in blocks.zip(weights.iter_mut()).enumerate() {
                replayer.observe(problem, *share * each + i, block, of_weight);
            }
        });
    }
}

/// The recordings with the memory of one thread.
struct Replayer<'m> {
    picture: &'m Function,
    constraint: &'m Function,
    workspaces: &'m mut [Workspace; 2],
}

impl Replayer<'_> {
    /// The entries of observation `i`.
    fn observe(
        &mut self,
        problem: &BundleAdjustment,
        i: usize,
        block: &mut [f64],
        of_weight: &mut f64,
    ) {
        let (x, feature) = (problem.variables(i), problem.feature(i));
        let [of_picture, of_constraint] = self.workspaces;
        self.picture.jacobian(of_picture, (&x, &feature), block).expect(ON_A_PATH);
        let (weight, slope) = (&x[OBSERVATION - 1..], std::slice::from_mut(of_weight));
        self.constraint.gradient(of_constraint, weight, slope).expect(ON_A_PATH);
    }
}
