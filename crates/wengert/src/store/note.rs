//! What the reader of a recording should know and cannot see in its numbers.

use super::{Guard, Node, Recording};
use crate::ops::{Comparison, Op};
use crate::scalar::Scalar;
use std::fmt;
use std::panic::Location;

/// Something about a recording that its numbers do not show, with its line: see
/// [`OptimiserReport::notes`](crate::optimiser::OptimiserReport::notes). `Display` tells it in a sentence.
///
/// # Example
/// ```
/// use wengert::Function;
/// use wengert::view::NoteKind;
/// let f = Function::record(&[0.0, 2.0], |x| if x[0] == 0.0 { x[0] } else { x[0] * x[1] });
/// let note = &f.report().notes()[0];
/// assert_eq!((note.kind, note.text.as_str()), (NoteKind::Equality, "0.0 == 0.0 is true"));
/// assert!(note.place.as_ref().unwrap().contains(".rs:"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Note {
    /// What it is about.
    pub kind: NoteKind,
    /// What happened, with the numbers of the first time.
    pub text: String,
    /// The file, line and column of the program, where they are known.
    pub place: Option<String>,
    /// How often it happened there.
    pub times: usize,
}

/// What a [`Note`] is about.
///
/// # Example
/// ```
/// use wengert::Function;
/// use wengert::view::NoteKind;
/// let f = Function::record(&[2.0], |x| x[0] * x[0].value());
/// assert_eq!(f.report().notes()[0].kind, NoteKind::Frozen);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NoteKind {
    /// A number left the recording, so that nobody sees what became of it. What depends on it (a
    /// branch, an index, a factor) is frozen as it was.
    Frozen,
    /// Two variables, or a variable and a number, were equal, and the program asked. The branch
    /// is one of measure zero, and its derivative may have nothing to do with that beside it.
    Equality,
}

impl NoteKind {
    const fn reason(self) -> &'static str {
        match self {
            Self::Frozen => "what depends on it stays as it was",
            Self::Equality => "the derivative is that of this branch, not of what lies beside it",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, text, place, times } = self;
        f.write_str(text)?;
        if let Some(place) = place {
            write!(f, ", at {place}")?;
        }
        if *times > 1 {
            write!(f, " ({times} times)")?;
        }
        write!(f, ": {}", kind.reason())
    }
}

impl Note {
    /// That an equality held.
    pub(crate) fn equality<F: Scalar>(
        comparison: Comparison,
        numbers: (F, F),
        place: Option<String>,
    ) -> Self {
        let mut text = String::new();
        comparison.write(&mut text, numbers).expect("a string takes all that is written");
        Self { kind: NoteKind::Equality, text, place, times: 1 }
    }
}

/// Puts notes of one kind and place together: the first stands for all.
pub(crate) fn gather(notes: Vec<Note>) -> Vec<Note> {
    let mut gathered: Vec<Note> = Vec::new();
    for note in notes {
        let same = |other: &&mut Note| other.kind == note.kind && other.place == note.place;
        match gathered.iter_mut().find(same) {
            Some(other) => other.times += note.times,
            None => gathered.push(note),
        }
    }
    gathered
}

/// How a number leaves a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Value,
    Printed,
    View,
    Sweep,
}

impl Way {
    const fn text(self) -> &'static str {
        match self {
            Self::Value => "left the recording as a plain number, by `value()`",
            Self::Printed => "left the recording as text",
            Self::View => "the recording was read by a view or a listing",
            Self::Sweep => "derivatives left the recording, by a sweep",
        }
    }
}

/// A number, or more, that left a recording at some place, so many times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Departure<F> {
    pub(super) way: Way,
    /// That of the first time.
    pub(super) number: Option<F>,
    pub(super) place: Option<&'static Location<'static>>,
    pub(super) times: usize,
}

impl<F: Scalar> Departure<F> {
    pub(super) fn note(self) -> Note {
        let Self { way, number, place, times } = self;
        let text = match number {
            Some(number) => format!("{number:?} {}", way.text()),
            None => way.text().to_owned(),
        };
        Note { kind: NoteKind::Frozen, text, place: place.map(ToString::to_string), times }
    }
}

/// The equalities that held: those that were asked, and those that a selection among some nodes
/// decided by. A number is always equal to itself, and that is not counted.
pub(crate) fn equalities<F: Scalar>(
    guards: &[Guard<F>],
    recording: Recording<'_, F>,
    among: impl Iterator<Item = usize>,
    place: impl Fn(usize) -> Option<String>,
) -> Vec<Note> {
    let asked = guards.iter().filter(|guard| guard.is_equality());
    let asked = asked
        .map(|guard| Note::equality(guard.comparison, guard.then, Some(guard.place.to_string())));
    let selected = among.filter_map(|at| {
        let numbers = tie(&recording.nodes[at], recording)?;
        Some(Note::equality(Comparison::Equal, numbers, place(at)))
    });
    gather(asked.chain(selected).collect())
}

/// The numbers that a selection found equal, if it did.
fn tie<F: Scalar>(node: &Node<F>, recording: Recording<'_, F>) -> Option<(F, F)> {
    let Op::SelectEqual(operands) = node.op else { return None };
    let operands = operands.of(recording.pools.operands);
    let [left, right] = [operands[0], operands[1]];
    let value = |at: crate::index::NodeIndex| recording.nodes[at.index()].value;
    (left != right && value(left) == value(right)).then(|| (value(left), value(right)))
}
