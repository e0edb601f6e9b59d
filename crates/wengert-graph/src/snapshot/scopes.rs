//! The scopes of a recording: a tree, of which each node keeps one number.

use super::labels::Texts;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// Scopes nested deeper than this count as the last of these: a path is shown as a whole, and a
/// scope for each step of a recursion would make it long.
const DEEPEST: u8 = 64;

/// A scope, counted from 1; 0 is outside of all.
pub(crate) type Scope = u32;

/// All scopes, each behind the one around it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scopes {
    around: Vec<Scope>,
    depth: Vec<u8>,
    names: Texts,
    /// By the scope around and the name.
    index: HashTable<Scope>,
    hasher: DefaultHashBuilder,
}

impl Scopes {
    /// The number of scopes, which is that of the last one.
    pub(crate) fn len(&self) -> usize {
        self.around.len()
    }

    /// The scope of a name within another one: that which is there, or else a new one.
    pub(super) fn child(&mut self, around: Scope, name: &str) -> Scope {
        if self.depth(around) == usize::from(DEEPEST) {
            return around;
        }
        let Self { around: parents, names, index, hasher, .. } = self;
        let of = |scope: Scope| (parents[scope as usize - 1], names.get(scope as usize - 1));
        let hash = hasher.hash_one((around, name));
        if let Some(&scope) = index.find(hash, |&scope| of(scope) == (around, name)) {
            return scope;
        }
        // There are fewer than nodes, and of those fewer than 2³².
        let scope = parents.len() as Scope + 1;
        index.insert_unique(hash, scope, |&scope| hasher.hash_one(of(scope)));
        let depth = self.depth(around) as u8 + 1;
        self.around.push(around);
        self.depth.push(depth);
        self.names.push(name);
        scope
    }

    /// The scope around one, or 0.
    pub(crate) fn around(&self, scope: Scope) -> Scope {
        (scope as usize).checked_sub(1).map_or(0, |at| self.around[at])
    }

    /// How many scopes a node in this one lies in.
    pub(crate) fn depth(&self, scope: Scope) -> usize {
        (scope as usize).checked_sub(1).map_or(0, |at| self.depth[at].into())
    }

    /// The scope of a depth around one, or that itself where it is no deeper.
    pub(crate) fn outer(&self, mut scope: Scope, depth: usize) -> Scope {
        while self.depth(scope) > depth {
            scope = self.around(scope);
        }
        scope
    }

    /// The innermost scope around two, or 0.
    pub(crate) fn common(&self, a: Scope, b: Scope) -> Scope {
        let depth = self.depth(a).min(self.depth(b));
        let (mut a, mut b) = (self.outer(a, depth), self.outer(b, depth));
        while a != b {
            (a, b) = (self.around(a), self.around(b));
        }
        a
    }

    /// The names from the outermost scope to this one.
    pub(crate) fn path(&self, scope: Scope) -> Vec<&str> {
        let mut path = Vec::with_capacity(self.depth(scope));
        let mut next = scope;
        while next != 0 {
            path.push(self.names.get(next as usize - 1));
            next = self.around(next);
        }
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use super::{DEEPEST, Scopes};

    #[test]
    fn a_name_within_a_scope_is_one_scope() {
        let mut scopes = Scopes::default();
        let [a, b] = ["a", "b"].map(|name| scopes.child(0, name));
        let within = [scopes.child(a, "a"), scopes.child(b, "a")];
        assert_eq!([scopes.child(0, "a"), scopes.child(b, "a")], [a, within[1]]);
        assert_eq!(
            (scopes.path(within[0]), scopes.path(within[1])),
            (vec!["a"; 2], vec!["b", "a"])
        );
        assert_eq!((scopes.len(), scopes.depth(within[0]), scopes.around(b)), (4, 2, 0));
        assert!(scopes.path(0).is_empty());
    }

    #[test]
    fn a_recursion_is_cut_off() {
        let mut scopes = Scopes::default();
        let last = (0..1000).fold(0, |around, _| scopes.child(around, "step"));
        assert_eq!(scopes.len(), usize::from(DEEPEST));
        assert_eq!(scopes.path(last).len(), usize::from(DEEPEST));
    }
}
