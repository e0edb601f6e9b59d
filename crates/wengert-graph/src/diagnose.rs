//! Where a NaN came from, and what else is worth knowing of a recording.
//!
//! Every question is one pass over the nodes, up for values and down for adjoints; nothing
//! recurses, and nothing is kept but a flag a node.

mod cause;
mod finding;
mod memory;
mod report;

use crate::{Argument, Node, NodeIndex, Role, Snapshot};
pub use cause::Cause;
pub use finding::{Finding, Quantity};
pub use memory::Line;

/// So many nodes and lines are listed of each sort.
const LISTED: usize = 5;

/// An adjoint is taken to vanish below this fraction of the largest one: the relative precision
/// of `f64` is 2.2 · 10⁻¹⁶, so that a step along it is about to be lost beside the others.
const VANISHING: f64 = 1e-12;

/// What [`Snapshot::diagnose`] found. `Display` tells it.
///
/// # Example
/// ```
/// use wengert_graph::{Snapshot};
/// let tape = wengert::Tape::new();
/// let y = tape.var(0.0).ln();
/// let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
/// let diagnosis = snapshot.diagnose();
/// assert!(diagnosis.findings().count() > 0);
/// ```
#[derive(Clone, Debug)]
pub struct Diagnosis<'s> {
    snapshot: &'s Snapshot,
    findings: Vec<Finding>,
    largest: Vec<NodeIndex>,
    vanishing: Vec<NodeIndex>,
    vanishing_count: usize,
    independent: Vec<NodeIndex>,
    kinks: Vec<NodeIndex>,
    lines: Vec<Line>,
}

impl Snapshot {
    /// Looks for trouble: the first value and the first adjoint that are not finite, and where
    /// they come from; the largest adjoints and those that vanish; inputs on which no output
    /// depends; kinks that were met, equalities of variables that held, and the lines of the program that take most
    /// memory, if the recording kept them.
    ///
    /// # Complexity
    /// A few passes over the nodes; a flag a node beside the snapshot.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::Snapshot;
    /// use wengert_graph::diagnosis::Cause;
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0).label("x");
    /// let y = (x - 4.0).ln().label("y");
    /// let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    /// let diagnosis = snapshot.diagnose();
    /// let finding = diagnosis.findings().next().unwrap();
    /// assert_eq!((finding.node, finding.cause), (y.id().unwrap().into(), Cause::Domain));
    /// assert!(diagnosis.to_string().contains("y = ln(n1) = NaN"));
    /// ```
    #[must_use]
    pub fn diagnose(&self) -> Diagnosis<'_> {
        let findings = finding::find(self);
        let (largest, vanishing, vanishing_count) = extremes(self);
        let independent = independent(self);
        let kinks = kinks(self);
        let lines = memory::lines(self);
        Diagnosis {
            snapshot: self,
            findings,
            largest,
            vanishing,
            vanishing_count,
            independent,
            kinks,
            lines,
        }
    }
}

impl Diagnosis<'_> {
    /// What is not finite, and why: the first value; the first NaN, if that is another one; the
    /// first adjoint in the order of the reverse sweep.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// tape.var(3.0).sin();
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.diagnose().findings().count(), 0);
    /// ```
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter()
    }

    /// The nodes with the largest adjoints in magnitude, at most five, the largest first.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let y = x * 100.0;
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    /// assert_eq!(snapshot.diagnose().largest()[0], x.id().unwrap().into());
    /// ```
    #[must_use]
    pub fn largest(&self) -> &[NodeIndex] {
        &self.largest
    }

    /// The nodes with the smallest adjoints that are not 0 and below 10⁻¹² of the largest, at
    /// most five, the smallest first.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let y = x * 1e-20;
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    /// assert_eq!(snapshot.diagnose().vanishing(), [x.id().unwrap().into()]);
    /// ```
    #[must_use]
    pub fn vanishing(&self) -> &[NodeIndex] {
        &self.vanishing
    }

    /// The inputs and parameters on which no output depends, in recording order.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let (x, unused) = (tape.var(3.0), tape.var(4.0));
    /// x.sin();
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.diagnose().independent(), [unused.id().unwrap().into()]);
    /// ```
    #[must_use]
    pub fn independent(&self) -> &[NodeIndex] {
        &self.independent
    }

    /// The operations at a kink or a jump on which an output depends, in recording order: their
    /// derivatives are conventions, and their second derivatives those of the conventions.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let size = tape.var(0.0).abs();
    /// size.powi(2);
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.diagnose().kinks(), [size.id().unwrap().into()]);
    /// ```
    #[must_use]
    pub fn kinks(&self) -> &[NodeIndex] {
        &self.kinks
    }

    /// The equalities of variables that held where the program asked, or where a selection decided
    /// by them, with values and lines: the branch taken is one of measure zero, and its derivative
    /// may have nothing to do with the function's beside it. Of a tape they are known if it kept
    /// source locations (`Tape::record_sources`).
    ///
    /// # Example
    /// ```
    /// let mut tape = wengert::Tape::new();
    /// tape.record_sources(true);
    /// let [x, y] = tape.var_array([0.0, 5.0]);
    /// let _ = if x == 0.0 { x } else { x * y };
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert!(snapshot.diagnose().equalities()[0].starts_with("0.0 == 0.0 is true, at "));
    /// ```
    #[must_use]
    pub fn equalities(&self) -> &[String] {
        self.snapshot.equalities()
    }

    /// The lines of the program whose operations take most memory, at most five, the largest
    /// first; none where the recording did not keep them (`Tape::record_sources`).
    ///
    /// # Example
    /// ```
    /// let mut tape = wengert::Tape::new();
    /// tape.record_sources(true);
    /// let x = tape.vars(&[1.0; 1000]);
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// assert_eq!(snapshot.diagnose().lines()[0].bytes, 24_000);
    /// ```
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}

/// The nodes with the largest adjoints and those with vanishing ones, and how many vanish.
fn extremes(snapshot: &Snapshot) -> (Vec<NodeIndex>, Vec<NodeIndex>, usize) {
    let size = |&at: &NodeIndex| snapshot.node(at).adjoint().map_or(0.0, f64::abs);
    let finite = || {
        snapshot.nodes().map(Node::index).filter(|at| {
            let size = size(at);
            size > 0.0 && size.is_finite()
        })
    };
    let mut largest: Vec<NodeIndex> = Vec::with_capacity(LISTED + 1);
    finite().for_each(|at| keep(&mut largest, at, |at| -size(at)));
    let bound = largest.first().map_or(0.0, size) * VANISHING;
    let (mut vanishing, mut count) = (Vec::with_capacity(LISTED + 1), 0);
    for at in finite().filter(|at| size(at) < bound) {
        count += 1;
        keep(&mut vanishing, at, size);
    }
    (largest, vanishing, count)
}

/// Puts a node among the first few by rank, where it belongs; of equal ones the earlier stays.
fn keep(list: &mut Vec<NodeIndex>, node: NodeIndex, rank: impl Fn(&NodeIndex) -> f64) {
    let place = list.partition_point(|other| rank(other) <= rank(&node));
    if place < LISTED {
        list.insert(place, node);
        list.truncate(LISTED);
    }
}

/// The nodes at a kink from which a path leads to an output.
fn kinks(snapshot: &Snapshot) -> Vec<NodeIndex> {
    let value = |argument: &Argument| match *argument {
        Argument::Node { node, .. } => snapshot.node(node).value(),
        Argument::Constant(number) => number,
    };
    let is_at_kink = |node: &Node<'_>| {
        let arguments: Vec<f64> = node.arguments().iter().map(value).collect();
        node.operation().kind().is_some_and(|kind| kind.is_at_kink(&arguments))
    };
    let found: Vec<NodeIndex> =
        snapshot.nodes().filter(is_at_kink).map(|node| node.index()).collect();
    if found.is_empty() {
        return found;
    }
    let counts = finding::upstream(snapshot, &snapshot.outputs());
    found.into_iter().filter(|at| counts[at.position()]).collect()
}

/// The inputs and parameters from which no path leads to an output.
fn independent(snapshot: &Snapshot) -> Vec<NodeIndex> {
    let counts = finding::upstream(snapshot, &snapshot.outputs());
    let inputs =
        snapshot.nodes().filter(|node| matches!(node.role(), Role::Input | Role::Parameter));
    inputs.map(|node| node.index()).filter(|at| !counts[at.position()]).collect()
}
