//! A comparison on which the path of a function depends.

use super::{NodeIndex, Snapshot};
use std::fmt;

/// A comparison that decided which path a function took while it was recorded: an evaluation at
/// which it comes out differently takes another one. Prints as
/// `x0 (0.5000) < 2 is true, at src/model.rs:12`.
///
/// # Example
/// ```
/// use wengert::Function;
/// use wengert_graph::Snapshot;
/// let f = Function::record(&[1.0], |x| if x[0] < 2.0 { x[0].exp() } else { x[0] });
/// let snapshot = Snapshot::of_function(&f, &[0.5])?;
/// let guard = &snapshot.guards()[0];
/// assert_eq!(guard.text, "x0 (0.5000) < 2 is true");
/// assert_eq!(guard.nodes, [wengert_graph::NodeIndex::at(0)]);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The comparison and its answer, with names and values of what is compared.
    pub text: String,
    /// The nodes among what is compared.
    pub nodes: Vec<NodeIndex>,
    /// The file of the program in which it stands.
    pub file: Box<str>,
    /// The line in the file, from 1.
    pub line: u32,
}

impl Guard {
    /// The file without its folders, and the line.
    pub(crate) fn short_place(&self) -> String {
        let name = self.file.rsplit(['/', '\\']).next().unwrap_or_default();
        format!("{name}:{}", self.line)
    }

    /// The file as the compiler names it, and the line.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, at {}", self.text, self.place())
    }
}

impl Snapshot {
    /// The comparisons on which the path depends, in the order in which they were made. A tape
    /// has none: it is one path.
    ///
    /// # Example
    /// ```
    /// assert!(wengert_graph::Snapshot::new().guards().is_empty());
    /// ```
    #[must_use]
    pub fn guards(&self) -> &[Guard] {
        &self.guards
    }

    /// The equalities of variables that held, in words with values and lines. Of a tape they are
    /// known if it kept source locations.
    ///
    /// # Example
    /// ```
    /// use wengert::Function;
    /// use wengert_graph::Snapshot;
    /// let f = Function::record(&[1.0], |x| if x[0] == 1.0 { x[0].exp() } else { x[0] });
    /// let snapshot = Snapshot::of_function(&f, &[1.0])?;
    /// assert!(snapshot.equalities()[0].starts_with("x0 (1.0000) == 1 is true, at "));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn equalities(&self) -> &[String] {
        &self.equalities
    }

    /// Adds a comparison on which the path depends.
    ///
    /// # Panics
    /// If it is of a node that is not there.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Guard, Snapshot};
    /// let mut snapshot = Snapshot::new();
    /// let x = snapshot.push(wengert::OpKind::Input, 3.0, &[]);
    /// let text = "n0 (3.0000) > 0 is true".to_owned();
    /// snapshot.push_guard(Guard { text, nodes: vec![x], file: "main.rs".into(), line: 3 });
    /// assert_eq!(snapshot.guards()[0].to_string(), "n0 (3.0000) > 0 is true, at main.rs:3");
    /// ```
    #[track_caller]
    pub fn push_guard(&mut self, guard: Guard) {
        for &node in &guard.nodes {
            let _ = self.node(node);
        }
        self.guards.push(guard);
    }
}

/// A path without the detours of included files: `a/b/../c` is `a/c`.
pub(super) fn straight(file: &str) -> Box<str> {
    let mut parts: Vec<&str> = Vec::new();
    for part in file.split('/') {
        match (part, parts.last()) {
            ("..", Some(before)) if !matches!(*before, ".." | "." | "") => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/").into()
}

#[cfg(test)]
mod tests {
    use super::straight;

    #[test]
    fn paths_are_straight() {
        let paths = ["src/a.rs", "tests/x/../../src/a.rs", "../b.rs", "/../c.rs"];
        let expected = ["src/a.rs", "src/a.rs", "../b.rs", "/../c.rs"];
        assert_eq!(paths.map(|path| straight(path).into_string()), expected);
    }
}
