//! Adjoints that somebody wrote down, held against the chain rule.

use super::{NodeIndex, Role, Snapshot};
use crate::snapshot::chain;
use std::collections::BTreeMap;

/// So far may an adjoint be from the sum, as a share of what is added: people round to
/// three digits.
const ROUNDING: f64 = 5e-3;

impl Snapshot {
    /// The adjoints that contradict the chain rule, each with what the rule gives: the sum over the
    /// uses of the node, adjoint of the user times local derivative.
    ///
    /// Each step is looked at by itself, with the adjoints of the users as they were given, so that
    /// one mistake is found once, where it was made. Nodes of which some user has no adjoint are
    /// not looked at, nor are outputs; neither are adjoints of a sweep.
    ///
    /// # Complexity
    /// One pass over the nodes and their arguments, where adjoints were set by hand.
    ///
    /// # Example: a derivative of a square without its 2
    /// ```
    /// use wengert_graph::Snapshot;
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0).label("x");
    /// let y = x.powi(2).label("y");
    /// let snapshot = Snapshot::of(&tape.view())
    ///     .with_adjoints(|node| Some(if node.name() == "y" { 1.0 } else { 3.0 }));
    /// let [(node, by_the_rule)] = snapshot.contradictions()[..] else { panic!("one is wrong") };
    /// assert_eq!((node, by_the_rule), (x.id().unwrap().into(), 6.0));
    /// ```
    #[must_use]
    pub fn contradictions(&self) -> Vec<(NodeIndex, f64)> {
        if !self.is_by_hand {
            return Vec::new();
        }
        // Of each node that is used, the sum, and the sum of sizes; `None` where one is unknown.
        let mut sums: BTreeMap<NodeIndex, Option<[f64; 2]>> = BTreeMap::new();
        for node in self.nodes() {
            for edge in node.edges() {
                let sum = sums.entry(edge.from).or_insert(Some([0.0; 2]));
                *sum = sum.zip(node.adjoint()).map(|([sum, size], adjoint)| {
                    let term = chain(adjoint, edge.partial);
                    [sum + term, size + term.abs()]
                });
            }
        }
        let contradicts = |(at, sum): (NodeIndex, Option<[f64; 2]>)| {
            let ([sum, size], given) = (sum?, self.node(at).adjoint()?);
            let is_output = self.node(at).role() == Role::Output;
            let is_known = sum.is_finite() && given.is_finite() && !is_output;
            (is_known && (given - sum).abs() > ROUNDING * size).then_some((at, sum))
        };
        sums.into_iter().filter_map(contradicts).collect()
    }
}
