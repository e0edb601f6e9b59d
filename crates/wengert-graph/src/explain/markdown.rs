//! An explanation as Markdown with LaTeX.

use super::{Explanation, equation, latex};
use std::fmt::Write;

impl Explanation<'_> {
    /// Markdown with the formulas in LaTeX between double dollars, as GitHub, Jupyter and Pandoc
    /// read it: first the values, then the derivatives.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(4.0).label("x");
    /// let y = x.sqrt().label("y");
    /// let snapshot = wengert_graph::Snapshot::of(&tape.view());
    /// let markdown = snapshot.explain(y.id().unwrap()).to_markdown();
    /// assert!(markdown.contains(r"$$y = \sqrt{x} = 2.0000$$"));
    /// assert!(markdown.contains(r"= \frac{1}{2 \cdot \sqrt{x}} = 0.2500$$"));
    /// ```
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = String::from("## Forward: the values\n");
        for parts in self.values() {
            paragraph(&mut text, &equation(&parts, |part| latex::latex(part, &self.names), " = "));
        }
        text.push_str("\n## Backward: the chain rule, from the output\n");
        self.steps().for_each(|step| paragraph(&mut text, &step.to_latex()));
        text
    }
}

fn paragraph(text: &mut String, formula: &str) {
    writeln!(text, "\n$${formula}$$").expect("a string takes all that is written");
}
