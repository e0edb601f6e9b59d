//! What the optimiser did.

use crate::function::draft::{Draft, Source, Step};
use crate::scalar::Real;
use crate::store::Note;
#[cfg(feature = "serde")]
use crate::store::gather;
use std::fmt;

/// A pass of the optimiser.
///
/// # Example
/// ```
/// let f = wengert::Function::record(&[2.0], |x| x[0] * 1.0 + x[0] * 1.0);
/// let passes = f.report().passes();
/// assert_eq!(passes[0].pass, wengert::optimiser::Pass::Recorded);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pass {
    /// The recording as it was, before any pass.
    Recorded,
    /// Constant folding.
    Constants,
    /// Algebraic identities.
    Identities,
    /// Common subexpressions.
    Subexpressions,
    /// Logarithms of sums of exponentials.
    LogSumExp,
    /// Dead operations.
    Dead,
    /// Fusion of sums of products.
    Fusion,
    /// A saved function as it was loaded.
    Loaded,
    /// The packed program: instructions instead of operations.
    Packed,
}

impl Pass {
    /// What the pass does, in a few words.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::optimiser::Pass::Dead.reason(), "no output and no guard depends on them");
    /// ```
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Recorded => "as the closure recorded them",
            Self::Constants => "their operands are constants",
            Self::Identities => "they change no number, or a simpler operation gives the same",
            Self::Subexpressions => "the same was computed before",
            Self::LogSumExp => "written by hand, now one operation",
            Self::Dead => "no output and no guard depends on them",
            Self::Fusion => "terms of a sum of products, now one operation",
            Self::Loaded => "as they were saved",
            Self::Packed => "operations of one kind side by side are one instruction",
        }
    }
}

/// Operations and bytes after a pass.
///
/// # Example
/// ```
/// let f = wengert::Function::record(&[2.0], |x| x[0] * 1.0 + x[0] * 1.0);
/// let passes = f.report().passes();
/// assert_eq!(passes[0].operations, 3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PassReport {
    /// The pass.
    pub pass: Pass,
    /// Operations after it; after packing, instructions.
    pub operations: usize,
    /// Bytes that they take after it.
    pub bytes: usize,
}

/// What the optimiser did with a recording, pass by pass, and what else is to be told of it.
/// `Display` writes a table, and a line for each note.
///
/// # Example
/// ```
/// let f = wengert::Function::record(&[1.0, 2.0], |x| x[0] * x[1] + (x[0] * x[1]).sin());
/// let report = f.report();
/// assert_eq!(report.passes()[0].operations, 4);
/// assert_eq!(f.len(), 3);
/// println!("{report}");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptimiserReport {
    passes: Vec<PassReport>,
    notes: Vec<Note>,
}

impl OptimiserReport {
    pub(in crate::function) fn starting_with<F: Real>(draft: &Draft<F>) -> Self {
        let mut report = Self { passes: Vec::with_capacity(8), notes: draft.notes.clone() };
        report.note(Pass::Recorded, draft);
        report
    }

    /// The report of a function that was loaded: the optimiser had its turn before it was saved.
    #[cfg(feature = "serde")]
    pub(in crate::function) fn of_loaded<F: Real>(draft: &Draft<F>) -> Self {
        let mut report = Self { passes: Vec::new(), notes: equalities(draft) };
        report.note(Pass::Loaded, draft);
        report
    }

    pub(in crate::function) fn note<F: Real>(&mut self, pass: Pass, draft: &Draft<F>) {
        self.push(pass, draft.steps.len(), draft.bytes());
    }

    pub(in crate::function) fn push(&mut self, pass: Pass, operations: usize, bytes: usize) {
        self.passes.push(PassReport { pass, operations, bytes });
    }

    /// Notes a pass by what it saved of what the pass before left.
    pub(in crate::function) fn save(&mut self, pass: Pass, saved: Saved) {
        let before = self.passes[self.passes.len() - 1];
        let operations = before.operations - saved.operations;
        let bytes = before.bytes.saturating_add_signed(-saved.bytes);
        self.push(pass, operations, bytes);
    }

    /// The passes in order, the recording before any of them first.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[2.0], |x| x[0] * 1.0 + x[0] * 1.0);
    /// let passes = f.report().passes();
    /// assert!(passes.len() > 1);
    /// ```
    #[must_use]
    pub fn passes(&self) -> &[PassReport] {
        &self.passes
    }

    /// What the numbers of the function do not show: what left the recording as a plain number,
    /// so that what depends on it is frozen, and equalities of variables that held. Of a function
    /// that records its paths they are those of the first path; of a loaded one, such equalities
    /// as are guards.
    ///
    /// # Example
    /// ```
    /// use wengert::Function;
    /// use wengert::view::NoteKind;
    /// let f = Function::record(&[3.0], |x| if x[0].value() > 2.0 { x[0] } else { -x[0] });
    /// let note = &f.report().notes()[0];
    /// assert_eq!(note.kind, NoteKind::Frozen);
    /// assert_eq!(note.text, "3.0 left the recording as a plain number, by `value()`");
    /// ```
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }
}

/// The equalities that held, as far as they are guards.
#[cfg(feature = "serde")]
fn equalities<F: Real>(draft: &Draft<F>) -> Vec<Note> {
    let guards = draft.guards.iter();
    let held = guards.filter(|guard| guard.comparison.is_equality(guard.then));
    let notes = held
        .map(|guard| Note::equality(guard.comparison, guard.then, Some(guard.place.to_string())));
    gather(notes.collect())
}

impl fmt::Display for OptimiserReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<15}{:>12}{:>14}  why", "pass", "operations", "bytes")?;
        for PassReport { pass, operations, bytes } in &self.passes {
            let (name, reason) = (format!("{pass:?}").to_lowercase(), pass.reason());
            writeln!(f, "{name:<15}{operations:>12}{bytes:>14}  {reason}")?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        Ok(())
    }
}

/// Operations and bytes that a rule saved.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::function) struct Saved {
    operations: usize,
    bytes: isize,
}

impl Saved {
    /// Notes that an operation with so many operands is gone.
    pub(in crate::function) fn count(&mut self, operands: usize) {
        self.operations += 1;
        self.bytes += (size_of::<Step>() + size_of::<u32>()) as isize;
        self.shrink(operands, 0);
    }

    /// Notes that an operation has fewer operands than before.
    pub(in crate::function) fn shrink(&mut self, before: usize, after: usize) {
        self.bytes += (before as isize - after as isize) * size_of::<Source>() as isize;
    }
}

/// What each rule of the simplifier saved.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::function) struct Savings {
    pub(in crate::function) constants: Saved,
    pub(in crate::function) identities: Saved,
    pub(in crate::function) subexpressions: Saved,
}
