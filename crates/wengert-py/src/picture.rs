//! Pictures, pages, explanations and diagnoses of values: those of wengert-graph.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use wengert::{Gradients, Tape};
use wengert_graph::{Picture, Place, Snapshot, Theme};

use crate::graph::Node;
use crate::record::Recorded;
use crate::value::Value;

/// A value's graph, with the gradients that it has now, and what its nodes are there.
fn snapshot(
    root: &Arc<Node>,
) -> PyResult<(Snapshot, Vec<wengert_graph::NodeIndex>, Vec<Arc<Node>>)> {
    let tape = Tape::new();
    let recorded = Recorded::on(&tape, root)?;
    let mut snapshot = Snapshot::of(&tape.view());
    let Recorded { nodes, vars } = recorded;
    let has_grad = |node: &Arc<Node>| node.grad().is_some();
    if nodes.iter().any(|node| node.is_by_hand()) {
        for (node, &var) in nodes.iter().zip(&vars) {
            if let Some(grad) = node.grad() {
                snapshot.set_adjoint(var, grad);
            }
        }
    } else if nodes.iter().all(has_grad) {
        // A sweep's: they cannot be wrong, but may be those of a value that uses this one.
        let mut gradients = Gradients::zeros(&tape);
        for (node, &var) in nodes.iter().zip(&vars) {
            gradients[var] = node.grad().unwrap_or(0.0);
        }
        snapshot = snapshot.with_gradients(&gradients);
    }
    for (node, &var) in nodes.iter().zip(&vars) {
        if let Some(place) = &node.place {
            let (file, line) = (place.file.as_ref().into(), place.line);
            snapshot.set_place(var, Place { file, line, column: 1 });
        }
    }
    let indices = vars.into_iter().map(Into::into).collect();
    Ok((snapshot, indices, nodes))
}

#[pymethods]
impl Value {
    /// The graph of what this was computed from, as SVG, with the gradients that are known.
    ///
    /// Returns
    /// -------
    /// str
    ///     An SVG document.
    ///
    /// Examples
    /// --------
    /// >>> (wengert.Value(2.0, label="x") * 3).svg().startswith("<svg")
    /// True
    fn svg(&self) -> PyResult<String> {
        let (snapshot, ..) = snapshot(&self.0)?;
        Ok(Picture::of(&snapshot).svg(Theme::Auto))
    }

    /// The picture for a notebook, which makes it no wider than its column.
    fn _repr_svg_(&self) -> PyResult<String> {
        let fitting = "<svg style=\"max-width: 100%; height: auto\" ";
        Ok(self.svg()?.replacen("<svg ", fitting, 1))
    }

    /// The graph as a page that plays the forward pass and the backward sweep step by step.
    ///
    /// Examples
    /// --------
    /// >>> page = (wengert.Value(2.0, label="x") * 3).page()
    /// >>> page.html[:15]
    /// '<!DOCTYPE html>'
    fn page(&self) -> PyResult<Page> {
        let (snapshot, ..) = snapshot(&self.0)?;
        Ok(Page { html: Picture::of(&snapshot).html(Theme::Auto) })
    }

    /// The chain rule, worked out: each derivative as a formula and as a number.
    ///
    /// A notebook shows it as formulas; `print` shows it as text.
    ///
    /// Examples
    /// --------
    /// >>> x = wengert.Value(4.0, label="x")
    /// >>> y = x.sqrt(); y.label = "y"
    /// >>> print(str(y.explain()).splitlines()[-1].strip())
    /// ∂y/∂x = 1/(2 · √x) = 0.2500
    fn explain(&self) -> PyResult<Explanation> {
        let (snapshot, indices, _) = snapshot(&self.0)?;
        let root = *indices.last().expect("a value is below itself");
        let explanation = snapshot.explain(root);
        Ok(Explanation { text: explanation.to_string(), markdown: explanation.to_markdown() })
    }

    /// Where a number that is not finite comes from, and what else is worth knowing.
    ///
    /// Returns
    /// -------
    /// str
    ///     The operations where NaN or infinity arose, with their operands; with
    ///     :func:`wengert.record_sources` also their lines.
    ///
    /// Examples
    /// --------
    /// >>> x = wengert.Value(-1.0, label="x")
    /// >>> "NaN" in x.log().diagnose()
    /// True
    fn diagnose(&self) -> PyResult<String> {
        let (snapshot, ..) = snapshot(&self.0)?;
        Ok(snapshot.diagnose().to_string())
    }

    /// Holds gradients that were set by hand against the chain rule.
    ///
    /// Returns
    /// -------
    /// list of (Value, float, float)
    ///     Each value whose gradient contradicts those of the values computed from it, the
    ///     gradient that it has, and what the chain rule says.
    ///
    /// Examples
    /// --------
    /// >>> x = wengert.Value(2.0, label="x")
    /// >>> y = x * 3
    /// >>> y.grad, x.grad = 1.0, 2.0
    /// >>> y.check()
    /// [(Value(2.0, label='x'), 2.0, 3.0)]
    fn check(&self) -> PyResult<Vec<(Self, f64, f64)>> {
        let (snapshot, indices, nodes) = snapshot(&self.0)?;
        let wrong = snapshot.contradictions().into_iter().filter_map(|(at, expected)| {
            let position = indices.iter().position(|&index| index == at)?;
            let node = &nodes[position];
            Some((Self(Arc::clone(node)), node.grad()?, expected))
        });
        Ok(wrong.collect())
    }
}

/// A page of HTML that plays the forward pass and the sweep; a notebook shows it in a frame.
///
/// Examples
/// --------
/// >>> page = wengert.Value(2.0).tanh().page()
/// >>> "<iframe" in page._repr_html_()
/// True
#[pyclass(frozen, module = "wengert")]
pub(crate) struct Page {
    /// str: The document, which needs nothing else.
    ///
    /// Examples
    /// --------
    /// >>> "<script" in wengert.Value(2.0).tanh().page().html
    /// True
    #[pyo3(get)]
    html: String,
}

#[pymethods]
impl Page {
    fn _repr_html_(&self) -> String {
        let escaped = self.html.replace('&', "&amp;").replace('"', "&quot;");
        format!(
            "<iframe srcdoc=\"{escaped}\" style=\"width: 100%; height: 32em; border: 0\" \
             sandbox=\"allow-scripts\"></iframe>"
        )
    }

    /// Writes the page to a file.
    ///
    /// Parameters
    /// ----------
    /// path : path-like
    ///     The file, which is replaced.
    ///
    /// Examples
    /// --------
    /// >>> import os, tempfile
    /// >>> with tempfile.TemporaryDirectory() as folder:
    /// ...     path = os.path.join(folder, "tanh.html")
    /// ...     wengert.Value(2.0).tanh().page().save(path)
    /// ...     os.path.exists(path)
    /// True
    fn save(&self, path: PathBuf) -> PyResult<()> {
        Ok(fs::write(path, &self.html)?)
    }
}

impl Page {
    pub(crate) const fn new(html: String) -> Self {
        Self { html }
    }
}

/// The chain rule worked out: a notebook shows formulas, `print` shows text.
///
/// Examples
/// --------
/// >>> explanation = wengert.Value(4.0, label="x").sqrt().explain()
/// >>> "frac" in explanation.markdown
/// True
#[pyclass(frozen, module = "wengert")]
pub(crate) struct Explanation {
    text: String,
    /// str: The derivation as Markdown, its formulas in LaTeX.
    ///
    /// Examples
    /// --------
    /// >>> "partial" in wengert.Value(4.0, label="x").sqrt().explain().markdown
    /// True
    #[pyo3(get)]
    markdown: String,
}

#[pymethods]
impl Explanation {
    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> &str {
        &self.text
    }

    fn _repr_markdown_(&self) -> &str {
        &self.markdown
    }
}
