//! Pictures, explanations and diagnoses in notebooks: what evcxr shows of a cell's value.
//!
//! The kernel calls `evcxr_display` of a value and reads from standard output what lies between
//! two lines that it knows, as the first of them says.

use crate::{Diagnosis, Explanation, Picture, Snapshot, Theme};

/// A text as the kernel reads it.
fn content(kind: &str, text: &str) -> String {
    format!("EVCXR_BEGIN_CONTENT {kind}\n{text}\nEVCXR_END_CONTENT\n")
}

impl Picture<'_> {
    /// Shows the picture in a notebook of the evcxr kernel, as SVG: a cell that ends in a picture
    /// calls this by itself.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Picture, Snapshot};
    /// let snapshot = Snapshot::new();
    /// Picture::of(&snapshot).evcxr_display();
    /// ```
    pub fn evcxr_display(&self) {
        print!("{}", self.content());
    }

    fn content(&self) -> String {
        content("image/svg+xml", &self.svg(Theme::Auto))
    }
}

impl Snapshot {
    /// Shows the picture of the recording in a notebook of the evcxr kernel: [`Picture::of`] it.
    ///
    /// # Example
    /// ```
    /// wengert_graph::Snapshot::new().evcxr_display();
    /// ```
    pub fn evcxr_display(&self) {
        Picture::of(self).evcxr_display();
    }
}

impl Explanation<'_> {
    /// Shows the derivation in a notebook of the evcxr kernel, as Markdown with its formulas set.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let y = tape.var(4.0).sqrt();
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// snapshot.explain(y.id().unwrap()).evcxr_display();
    /// ```
    pub fn evcxr_display(&self) {
        print!("{}", content("text/markdown", &self.to_markdown()));
    }
}

impl Diagnosis<'_> {
    /// Shows the diagnosis in a notebook of the evcxr kernel, as text.
    ///
    /// # Example
    /// ```
    /// wengert_graph::Snapshot::new().diagnose().evcxr_display();
    /// ```
    pub fn evcxr_display(&self) {
        print!("{}", content("text/plain", &self.to_string()));
    }
}

#[cfg(test)]
mod tests {
    use crate::{Picture, Snapshot};

    #[test]
    fn a_picture_lies_between_the_lines_that_the_kernel_knows() {
        let tape = wengert::Tape::new();
        // A label cannot end what is shown: it stays on one line of the drawing.
        let _ = tape.var(1.0).label("x\nEVCXR_END_CONTENT\n").sin();
        let snapshot = Snapshot::of(&tape.view());
        let content = Picture::of(&snapshot).content();
        let lines: Vec<&str> = content.lines().collect();
        assert_eq!(lines.first(), Some(&"EVCXR_BEGIN_CONTENT image/svg+xml"));
        assert!(lines[1].starts_with("<svg "));
        assert_eq!(lines.iter().filter(|line| **line == "EVCXR_END_CONTENT").count(), 1);
        assert_eq!(lines.last(), Some(&"EVCXR_END_CONTENT"));
    }
}
