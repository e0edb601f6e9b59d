//! What is drawn: elements, each a node or a group of nodes, and the links between them.

mod circle;
mod collapse;
mod leaves;
mod partition;
mod pattern;
mod select;

pub use select::Selection;

use crate::{NodeIndex, Snapshot};
use partition::Partition;

/// Up to this many nodes, a picture shows each; above, it collapses them to at most as many
/// elements.
///
/// # Example
/// ```
/// use wengert_graph::{LIMIT, Picture, Snapshot};
/// let tape = wengert::Tape::new();
/// let x = tape.var(0.5);
/// let _ = (0..1000).fold(x, |y, _| y.sin());
/// assert!(Picture::of(&Snapshot::of(&tape.view())).elements().len() <= LIMIT);
/// ```
pub const LIMIT: usize = 150;

/// What a picture shows: the nodes of a [`Snapshot`] or groups of them, and what links them.
///
/// A tape of up to [`LIMIT`] nodes is shown node by node. A larger one is collapsed: by scope;
/// then, what stands in no scope, by repeated pattern, that is by what an operation computes from
/// what, and inputs by what uses them. Few labelled nodes and few outputs stay for themselves.
///
/// No element uses another in a circle, and each stands behind all that it uses: a recording is a
/// sequence, also where the program that made it was a loop. Of a long loop the last round is
/// shown, and what came before as one group. [`Picture::open`] shows what is in a group.
///
/// # Example: a picture of a large tape
/// ```
/// use wengert_graph::{LIMIT, Picture, Snapshot};
/// let tape = wengert::Tape::new();
/// let x = tape.var(0.5);
/// (0..1000).fold(x, |y, _| (y * x).sin());
/// let snapshot = Snapshot::of(&tape.view());
/// assert!(Picture::of(&snapshot).elements().len() <= LIMIT);
/// assert_eq!(Picture::everything(&snapshot).elements().len(), 2001);
/// ```
#[derive(Clone, Debug)]
pub struct Picture<'s> {
    snapshot: &'s Snapshot,
    partition: Partition,
    elements: Vec<Element>,
    links: Vec<Link>,
}

/// One box of a [`Picture`].
///
/// # Example
/// ```
/// use wengert_graph::{Element, Picture, Snapshot};
/// let tape = wengert::Tape::new();
/// let (x, y) = (tape.var(2.0).label("x"), tape.var(3.0).label("y"));
/// let z = (x * y).label("z");
/// let snapshot = Snapshot::of(&tape.view()).with_gradients(&z.gradients());
/// let picture = Picture::of(&snapshot);
/// assert_eq!(picture.elements()[0], Element::Node { node: x.into(), hidden: 0 });
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Element {
    /// A node of the snapshot.
    Node {
        /// The node.
        node: NodeIndex,
        /// How many of its arguments are nodes that the picture leaves out.
        hidden: usize,
    },
    /// Nodes that are shown as one.
    Group(Group),
}

/// Nodes that are shown as one, and what can be said of them together.
///
/// # Example
/// ```
/// use wengert_graph::{Element, Picture, Snapshot};
/// let tape = wengert::Tape::new();
/// let x = tape.var(0.5);
/// let scope = tape.scope("steps");
/// let _ = (0..1000).fold(x, |y, _| y.sin());
/// let snapshot = Snapshot::of(&tape.view());
/// let picture = Picture::of(&snapshot);
/// let groups: Vec<_> = picture
///     .elements()
///     .iter()
///     .filter_map(|element| match element {
///         Element::Group(group) => Some(group),
///         Element::Node { .. } => None,
///     })
///     .collect();
/// assert!(groups[0].nodes > 900);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What they have in common: a scope, an operation, the first and the last of their labels.
    /// No other element of the picture has this name.
    pub name: String,
    /// Why they are one group.
    pub by: Grouping,
    /// The number of nodes.
    pub nodes: usize,
    /// The line of the source that recorded all of them, `src/model.rs:12`, if it is one and the
    /// recording kept it.
    pub line: Option<String>,
    /// The number of nodes whose value or adjoint is not finite.
    pub non_finite: usize,
    /// The largest size of an adjoint among them, if they have adjoints.
    pub largest_adjoint: Option<f64>,
}

/// Why nodes are shown as one.
///
/// # Example
/// ```
/// use wengert_graph::{Element, Grouping, Picture, Snapshot};
/// let tape = wengert::Tape::new();
/// let x = tape.var(0.5);
/// let scope = tape.scope("steps");
/// let _ = (0..1000).fold(x, |y, _| y.sin());
/// let snapshot = Snapshot::of(&tape.view());
/// let picture = Picture::of(&snapshot);
/// let groups: Vec<_> = picture
///     .elements()
///     .iter()
///     .filter_map(|element| match element {
///         Element::Group(group) => Some(group),
///         Element::Node { .. } => None,
///     })
///     .collect();
/// assert!(groups.iter().all(|group| group.by == Grouping::Scope));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// They were recorded in one scope.
    Scope,
    /// They compute the same from the same.
    Pattern,
    /// They are inputs that the same elements use.
    Use,
    /// They were recorded by one line of the source.
    Line,
    /// They are the earlier rounds of a repetition, of which the last one is shown.
    Earlier,
    /// They were recorded one after the other.
    Stretch,
    /// There was no room to show them apart.
    Rest,
}

/// That one element uses another.
///
/// # Example
/// ```
/// use wengert_graph::{Picture, Snapshot};
/// let tape = wengert::Tape::new();
/// let (x, y) = (tape.var(2.0).label("x"), tape.var(3.0).label("y"));
/// let z = (x * y).label("z");
/// let snapshot = Snapshot::of(&tape.view()).with_gradients(&z.gradients());
/// let picture = Picture::of(&snapshot);
/// let link = picture.links()[0];
/// assert_eq!((link.from, link.to, link.partial, link.contribution), (0, 2, 3.0, Some(3.0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// The element that is used, by its position in [`Picture::elements`].
    pub from: usize,
    /// The element that uses it.
    pub to: usize,
    /// How many arguments this stands for: more than one between groups, or where a node is used
    /// twice.
    pub edges: usize,
    /// The local partial derivative, summed over the arguments. Between groups it says nothing.
    pub partial: f64,
    /// What flows back along it, adjoint × partial, summed over the arguments; `None` where
    /// there is no adjoint.
    pub contribution: Option<f64>,
}

impl<'s> Picture<'s> {
    /// All nodes if they are few, else groups of them.
    ///
    /// # Complexity
    /// A few passes over the nodes and their arguments.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Picture, Snapshot};
    /// let tape = wengert::Tape::new();
    /// tape.var(3.0).sin();
    /// let snapshot = Snapshot::of(&tape.view());
    /// assert_eq!(Picture::of(&snapshot).links().len(), 1);
    /// ```
    #[must_use]
    pub fn of(snapshot: &'s Snapshot) -> Self {
        Self::from_mask(snapshot, None, LIMIT)
    }

    /// Every node, however many there are.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Picture, Snapshot};
    /// let tape = wengert::Tape::new();
    /// (0..500).fold(tape.var(3.0), |x, _| x.sin());
    /// let snapshot = Snapshot::of(&tape.view());
    /// assert_eq!(Picture::everything(&snapshot).elements().len(), 501);
    /// ```
    #[must_use]
    pub fn everything(snapshot: &'s Snapshot) -> Self {
        Self::from_mask(snapshot, None, usize::MAX)
    }

    /// Some of the nodes; collapsed as by [`Picture::of`] where they are many.
    ///
    /// # Panics
    /// If the selection is of a snapshot with another number of nodes.
    ///
    /// # Example: what feeds a node
    /// ```
    /// use wengert_graph::{Picture, Selection, Snapshot};
    /// let tape = wengert::Tape::new();
    /// let [x, y] = tape.var_array([3.0, 2.0]);
    /// let u = x.sin();
    /// let _ = u * y.cos();
    /// let snapshot = Snapshot::of(&tape.view());
    /// let feeds_u = Selection::upstream(&snapshot, u.id().unwrap(), usize::MAX);
    /// assert_eq!(Picture::slice(&snapshot, &feeds_u).elements().len(), 2);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn slice(snapshot: &'s Snapshot, selection: &Selection) -> Self {
        let (given, nodes) = (selection.mask().len(), snapshot.len());
        assert!(given == nodes, "a selection among {given} nodes cannot choose among {nodes}");
        Self::from_mask(snapshot, Some(selection.mask()), LIMIT)
    }

    fn from_mask(snapshot: &'s Snapshot, mask: Option<&[bool]>, limit: usize) -> Self {
        Self::from_partition(snapshot, divide(snapshot, mask, limit))
    }

    fn from_partition(snapshot: &'s Snapshot, partition: Partition) -> Self {
        let partition = partition.in_order(snapshot);
        let (elements, links) = (partition.elements(snapshot), partition.links(snapshot));
        Self { snapshot, partition, elements, links }
    }

    /// The same with a group opened: in its place are its nodes if they are few, else smaller
    /// groups, which can be opened in their turn. `None` where no group has this name.
    ///
    /// # Complexity
    /// That of [`Picture::of`].
    ///
    /// # Example: from the whole to a part
    /// ```
    /// use wengert_graph::{Picture, Snapshot};
    /// let tape = wengert::Tape::new();
    /// let mut x = tape.var(0.5);
    /// for name in ["first half", "second half"] {
    ///     let _scope = tape.scope(name);
    ///     x = (0..100).fold(x, |x, _| x.sin());
    /// }
    /// let snapshot = Snapshot::of(&tape.view());
    /// let picture = Picture::of(&snapshot);
    /// // The input, two groups, and the output.
    /// assert_eq!(picture.elements().len(), 4);
    /// let opened = picture.open("first half").unwrap();
    /// assert_eq!(opened.elements().len(), 103);
    /// assert!(picture.open("third half").is_none());
    /// ```
    #[must_use]
    pub fn open(&self, group: &str) -> Option<Self> {
        let has_name = |element: &Element| match element {
            Element::Group(Group { name, .. }) => name == group,
            Element::Node { .. } => false,
        };
        self.elements.iter().position(has_name).map(|at| self.opened(at))
    }

    /// The same with the group at a position opened.
    pub(crate) fn opened(&self, element: usize) -> Self {
        let inner = divide(self.snapshot, Some(&self.partition.mask(element)), LIMIT);
        Self::from_partition(self.snapshot, self.partition.opened(element, &inner))
    }

    /// The snapshot it is a picture of.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Picture, Snapshot};
    /// let snapshot = Snapshot::new();
    /// assert!(Picture::of(&snapshot).snapshot().is_empty());
    /// ```
    #[must_use]
    pub const fn snapshot(&self) -> &'s Snapshot {
        self.snapshot
    }

    /// The boxes, in the order in which their first nodes were recorded.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Picture, Snapshot};
    /// assert!(Picture::of(&Snapshot::new()).elements().is_empty());
    /// ```
    #[must_use]
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// What links them: at most one link from one element to another, none to itself.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Picture, Snapshot};
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(3.0);
    /// let _ = x * x;
    /// let snapshot = Snapshot::of(&tape.view());
    /// assert_eq!(Picture::of(&snapshot).links()[0].edges, 2);
    /// ```
    #[must_use]
    pub fn links(&self) -> &[Link] {
        &self.links
    }
}

/// The chosen nodes one by one if they are no more than `limit`, else in groups. Calls of functions
/// are groups however few nodes there are, if not every node is wanted.
fn divide(snapshot: &Snapshot, mask: Option<&[bool]>, limit: usize) -> Partition {
    if snapshot.has_calls() && limit < usize::MAX {
        let calls = collapse::calls(snapshot, mask);
        if calls.len() <= limit {
            return calls;
        }
    }
    match mask.map_or(snapshot.len(), count) <= limit {
        true => Partition::singles(snapshot, mask),
        false => collapse::collapse(snapshot, mask, limit),
    }
}

/// How many are chosen.
fn count(mask: &[bool]) -> usize {
    mask.iter().filter(|is_chosen| **is_chosen).count()
}
