//! Named parts of a computation, one within another: which node was recorded in which.

use super::Tape;
use crate::index::NodeIndex;
use crate::scalar::Scalar;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use std::fmt;
use std::hash::{BuildHasher, RandomState};

/// A scope of a tape, as a [`TapeView`](crate::view::TapeView) names it; prints as `s2`. Like a
/// [`NodeId`](crate::NodeId), it is recognised where the tape is another one, or has dropped the
/// scope.
///
/// # Example
/// ```
/// let tape = wengert::Tape::new();
/// let guard = tape.scope("layer1");
/// let x = tape.var(1.0);
/// drop(guard);
/// let scope = tape.view().scope(x.id().unwrap()).unwrap();
/// assert_eq!((scope.index(), scope.to_string()), (0, "s0".to_string()));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId {
    tape: u64,
    /// When the scope was first entered, among all that the tape ever entered.
    entered: u64,
    index: ScopeIndex,
}

/// The position of a scope among those of its tape.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
struct ScopeIndex(u32);

impl ScopeId {
    /// The position among the tape's scopes in the order in which they were first entered: a
    /// scope stands behind the one it lies in.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let _layer = tape.scope("layer1");
    /// let _neuron = tape.scope("neuron1");
    /// let x = tape.var(1.0);
    /// assert_eq!(tape.view().scope(x.id().unwrap()).unwrap().index(), 1);
    /// ```
    #[must_use]
    pub const fn index(self) -> usize {
        self.index.0 as usize
    }
}

impl fmt::Display for ScopeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s{}", self.index.0)
    }
}

impl fmt::Debug for ScopeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Holds a scope of a tape open until it is dropped: see [`Tape::scope`].
///
/// # Example
/// ```
/// let tape = wengert::Tape::new();
/// let guard = tape.scope("layer1");
/// let inside = tape.var(1.0).id().unwrap();
/// drop(guard);
/// let outside = tape.var(1.0).id().unwrap();
/// assert!(tape.view().scope(inside).is_some() && tape.view().scope(outside).is_none());
/// ```
#[derive(Debug)]
#[must_use = "a scope ends where its guard is dropped: `let _guard = tape.scope(…);`"]
pub struct ScopeGuard<'t, F: Scalar = f64> {
    tape: &'t Tape<F>,
    serial: u64,
}

impl<F: Scalar> Drop for ScopeGuard<'_, F> {
    /// Leaves the scope, with those within it that are still open.
    fn drop(&mut self) {
        self.tape.scopes.borrow_mut().leave(self.tape.len(), self.serial);
    }
}

/// A name within an enclosing scope.
type Name = (Option<ScopeIndex>, String);

/// The scopes of a tape. Entering one touches no node: only where the scope changes is noted.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    /// By position, with when they were first entered. A scope is entered after the one it lies
    /// in, and so stands behind it.
    names: Vec<(Name, u64)>,
    /// All of them, to be found by their names, which can be anybody's: so the hash is one that
    /// nobody can foresee.
    index: HashTable<ScopeIndex>,
    hash: Option<RandomState>,
    /// Nodes from the first number on, up to that of the next entry, lie in the scope; rising.
    changes: Vec<(usize, Option<ScopeIndex>)>,
    /// Those entered and not yet left, with the serial numbers of their guards.
    open: Vec<(u64, ScopeIndex)>,
    entered: u64,
}

impl Scopes {
    fn enter(&mut self, nodes: usize, name: String) -> u64 {
        self.entered += 1;
        let scope = self.intern((self.current(), name));
        self.open.push((self.entered, scope));
        self.change(nodes);
        self.entered
    }

    fn leave(&mut self, nodes: usize, serial: u64) {
        if let Some(at) = self.open.iter().rposition(|&(other, _)| other == serial) {
            self.open.truncate(at);
            self.change(nodes);
        }
    }

    fn current(&self) -> Option<ScopeIndex> {
        self.open.last().map(|&(_, scope)| scope)
    }

    fn intern(&mut self, name: Name) -> ScopeIndex {
        let Self { names, index, hash, entered, .. } = self;
        let hash = hash.get_or_insert_default();
        let at = |scope: &ScopeIndex| &names[scope.0 as usize].0;
        let is_it = |scope: &ScopeIndex| *at(scope) == name;
        match index.entry(hash.hash_one(&name), is_it, |scope| hash.hash_one(at(scope))) {
            Entry::Occupied(found) => *found.get(),
            Entry::Vacant(vacant) => {
                let next = u32::try_from(names.len()).expect("fewer than 2³² scopes");
                vacant.insert(ScopeIndex(next));
                names.push((name, *entered));
                ScopeIndex(next)
            }
        }
    }

    /// Lets nodes from `nodes` on lie in the current scope.
    fn change(&mut self, nodes: usize) {
        while self.changes.last().is_some_and(|&(first, _)| first >= nodes) {
            self.changes.pop();
        }
        let before = self.changes.last().and_then(|&(_, scope)| scope);
        if before != self.current() {
            self.changes.push((nodes, self.current()));
        }
    }

    /// Keeps what is known of the first `nodes` nodes, and only the scopes that they need.
    pub(super) fn truncate(&mut self, nodes: usize) {
        if self.names.is_empty() {
            return;
        }
        // No guard is alive, because the tape is borrowed mutably: what is open was forgotten.
        self.open.clear();
        self.change(nodes);
        let last = self.changes.iter().filter_map(|&(_, scope)| scope).max();
        self.names.truncate(last.map_or(0, |scope| scope.0 as usize + 1));
        self.index.retain(|scope| Some(*scope) <= last);
    }

    fn of(&self, node: NodeIndex) -> Option<ScopeIndex> {
        let behind = self.changes.partition_point(|&(first, _)| first <= node.index());
        self.changes[..behind].last()?.1
    }

    /// The scope around the one at a position, if there is one, and its own name.
    fn name(&self, scope: ScopeIndex) -> &Name {
        &self.names[scope.0 as usize].0
    }

    /// The names from the outermost scope to this one.
    fn path(&self, scope: ScopeIndex) -> Vec<String> {
        let mut path = Vec::new();
        let mut next = Some(scope);
        while let Some((around, name)) = next.map(|scope| self.name(scope)) {
            path.push(name.clone());
            next = *around;
        }
        path.reverse();
        path
    }

    /// What the scope at a position is called outside the tape.
    fn id(&self, tape: u64, index: ScopeIndex) -> ScopeId {
        ScopeId { tape, entered: self.names[index.0 as usize].1, index }
    }

    /// The position of a scope, if it is one of the tape and still there.
    fn find(&self, tape: u64, id: ScopeId) -> Option<ScopeIndex> {
        let is_here = id.index() < self.names.len() && id == self.id(tape, id.index);
        is_here.then_some(id.index)
    }
}

impl<F: Scalar> Tape<F> {
    /// Enters a named scope: what is recorded until the guard is dropped lies in it. Scopes nest,
    /// and pictures fold them. A name entered again within the same scope is the same scope.
    ///
    /// # Complexity
    /// A search among the scopes of the tape, and an allocation for the name; nothing an
    /// operation.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(1.0);
    /// let y = {
    ///     // The name is whatever a label can be.
    ///     let _layer = tape.scope("layer1");
    ///     let _neuron = tape.scope(format!("neuron{}", 3));
    ///     x.tanh()
    /// };
    /// let view = tape.view();
    /// assert_eq!(view.scope(x.id().unwrap()), None);
    /// let scope = view.scope(y.id().unwrap()).unwrap();
    /// assert_eq!(view.scope_path(scope), ["layer1", "neuron3"]);
    /// ```
    pub fn scope(&self, name: impl Into<String>) -> ScopeGuard<'_, F> {
        let name = name.into();
        let serial = self.scopes.borrow_mut().enter(self.len(), name);
        ScopeGuard { tape: self, serial }
    }

    /// The innermost scope in which a node was recorded.
    pub(super) fn scope_of(&self, node: NodeIndex) -> Option<ScopeId> {
        let scopes = self.scopes.borrow();
        Some(scopes.id(self.identity(), scopes.of(node)?))
    }

    pub(super) fn scope_path(&self, scope: ScopeId) -> Vec<String> {
        let scopes = self.scopes.borrow();
        scopes.find(self.identity(), scope).map_or_else(Vec::new, |scope| scopes.path(scope))
    }

    /// The scope around a scope, if there is one, and its own name.
    pub(super) fn scope_name(&self, scope: ScopeId) -> Option<(Option<ScopeId>, String)> {
        let (scopes, tape) = (self.scopes.borrow(), self.identity());
        let (around, name) = scopes.name(scopes.find(tape, scope)?);
        Some((around.map(|around| scopes.id(tape, around)), name.to_string()))
    }
}
