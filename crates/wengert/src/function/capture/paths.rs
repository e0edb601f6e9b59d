//! The paths of a function that records anew where a branch flips.
//!
//! Paths form a tree. Two recordings agree in their comparisons up to the first that came out
//! differently, so that the first guard that fails at a point, and how it came out, tell which
//! recording to try next; where there is none yet, the closure is recorded at that point.

use crate::error::{Error, check_length};
use crate::function::draft::Draft;
use crate::function::draft::optimise::Optimise;
use crate::function::program::Program;
use crate::function::{Function, compiled};
use crate::scalar::Real;
use rustc_hash::FxHashMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};

/// A closure that records the function at a point.
pub(in crate::function) type Recorder<F> =
    Arc<dyn Fn(&[F], &[F]) -> Result<Draft<F>, Error> + Send + Sync>;

/// A guard of a path that failed, and how it came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::function) struct Fork {
    pub(in crate::function) path: u64,
    pub(in crate::function) guard: usize,
    pub(in crate::function) outcome: u64,
}

/// A recording of one path.
#[derive(Clone, Debug)]
pub(in crate::function) struct Path<F> {
    pub(in crate::function) id: u64,
    pub(in crate::function) program: Arc<Program<F>>,
}

/// The closure, and the paths recorded beyond the first.
pub(in crate::function) struct Paths<F> {
    record: Recorder<F>,
    optimise: Optimise,
    limit: usize,
    /// The number of outputs, which all paths have in common.
    outputs: usize,
    recordings: AtomicUsize,
    tree: RwLock<FxHashMap<Fork, Path<F>>>,
}

impl<F> fmt::Debug for Paths<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paths").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl<F: Real> Paths<F> {
    pub(in crate::function) fn new(
        record: Recorder<F>,
        optimise: Optimise,
        limit: usize,
        outputs: usize,
    ) -> Self {
        let (recordings, tree) = (AtomicUsize::new(1), RwLock::default());
        Self { record, optimise, limit, outputs, recordings, tree }
    }

    /// What records a path.
    pub(in crate::function) fn recorder(&self) -> Recorder<F> {
        Arc::clone(&self.record)
    }

    /// The most paths that are kept.
    pub(in crate::function) const fn limit(&self) -> usize {
        self.limit
    }

    /// How often the closure was recorded.
    pub(in crate::function) fn recordings(&self) -> usize {
        self.recordings.load(Ordering::Relaxed)
    }

    /// The path behind a fork, if it is there.
    pub(in crate::function) fn find(&self, fork: Fork) -> Option<Path<F>> {
        let tree = self.tree.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        tree.get(&fork).cloned()
    }

    /// Records the path through a point, and keeps it behind a fork. Where there are as many as
    /// may be, all but the first are forgotten: the tree grows again along the paths in use.
    pub(in crate::function) fn record(
        &self,
        fork: Fork,
        x: &[F],
        data: &[F],
    ) -> Result<Path<F>, Error> {
        let draft = (self.record)(x, data)?;
        self.recordings.fetch_add(1, Ordering::Relaxed);
        let what = "the list that the closure returns on this path";
        check_length(what, draft.outputs.len(), self.outputs)?;
        let (draft, _) = compiled::optimise(draft, self.optimise);
        let program = Arc::new(compiled::assemble(&draft)?);
        let path = Path { id: Function::<F>::next_identity(), program };
        let mut tree = self.tree.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if tree.len() + 1 >= self.limit {
            tree.clear();
        }
        if self.limit > 1 {
            tree.insert(fork, path.clone());
        }
        Ok(path)
    }
}
