//! The diagnosis in words.

use super::{Diagnosis, Finding, LISTED, Line, Quantity, VANISHING};
use crate::explain::names::Names;
use crate::text::label::visible;
use crate::text::number::{count, typeset};
use crate::{Argument, NodeIndex};
use std::fmt;

impl fmt::Display for Diagnosis<'_> {
    /// A paragraph for each thing found, or one that says that nothing was.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let story = Story { diagnosis: self, names: Names::new(self.snapshot) };
        let paragraphs = story.paragraphs();
        f.write_str(&paragraphs.join("\n\n"))?;
        f.write_str("\n")
    }
}

struct Story<'d> {
    diagnosis: &'d Diagnosis<'d>,
    names: Names<'d>,
}

impl Story<'_> {
    fn paragraphs(&self) -> Vec<String> {
        let Diagnosis { findings, largest, independent, lines, .. } = self.diagnosis;
        let mut paragraphs = vec![self.summary()];
        paragraphs.extend(findings.iter().enumerate().map(|(at, each)| self.finding(at, each)));
        paragraphs.extend((!largest.is_empty()).then(|| self.adjoints()));
        paragraphs.extend((!independent.is_empty()).then(|| self.independent()));
        let kinks = self.diagnosis.kinks();
        paragraphs.extend((!kinks.is_empty()).then(|| self.kinks(kinks)));
        let equalities = self.diagnosis.equalities();
        paragraphs.extend((!equalities.is_empty()).then(|| self.equalities(equalities)));
        paragraphs.extend((!lines.is_empty()).then(|| self.lines()));
        paragraphs
    }

    fn summary(&self) -> String {
        let Diagnosis { snapshot, findings, .. } = self.diagnosis;
        let nodes = count(snapshot.len());
        let adjoints = if snapshot.has_gradients() { " and adjoints" } else { "" };
        match findings.len() {
            0 => format!("All values{adjoints} of {nodes} nodes are finite."),
            _ => format!("Not all values{adjoints} of {nodes} nodes are finite."),
        }
    }

    fn finding(&self, at: usize, finding: &Finding) -> String {
        let snapshot = self.diagnosis.snapshot;
        let operation = snapshot.node(finding.operation);
        let mut lines = vec![self.headline(at, finding), self.equation(finding.operation)];
        lines.extend(operation.place().map(|place| format!("at {place}")));
        let scope = operation.scope();
        lines.extend((!scope.is_empty()).then(|| format!("in {}", visible(&scope.join("/")))));
        lines.push(self.operands(finding));
        lines.push(finding.cause.sentence(&visible(operation.operation().name())));
        lines.extend((!operation.operation().is_leaf()).then(|| self.inputs(&finding.inputs)));
        lines.retain(|line| !line.is_empty());
        lines.join("\n  ")
    }

    fn headline(&self, at: usize, finding: &Finding) -> String {
        let name = self.names.name(finding.node);
        let number = typeset(finding.number);
        match (finding.quantity, at) {
            (Quantity::Value, 0) => {
                format!("The first value that is not finite is that of {name}: {number}")
            }
            (Quantity::Value, _) => format!("The first NaN comes after it, in {name}"),
            (Quantity::Adjoint, _) => format!(
                "The first adjoint that is not finite, from the output back, is that of {name}: \
                 {number}"
            ),
        }
    }

    /// `y = ln(x) = NaN`
    fn equation(&self, node: NodeIndex) -> String {
        let snapshot = self.diagnosis.snapshot;
        let name = self.names.name(node);
        let value = typeset(snapshot.node(node).value());
        match snapshot.formula(node, &self.names) {
            Some(formula) => format!("{name} = {formula} = {value}"),
            None => {
                format!("{name} = {value}, {}", visible(snapshot.node(node).operation().name()))
            }
        }
    }

    /// `where x = −1.0000`, and for an adjoint what is multiplied.
    fn operands(&self, finding: &Finding) -> String {
        let snapshot = self.diagnosis.snapshot;
        let operation = snapshot.node(finding.operation);
        let mut parts: Vec<String> = Vec::new();
        for argument in operation.arguments() {
            if let Argument::Node { node, .. } = *argument {
                parts.push(format!(
                    "{} = {}",
                    self.names.name(node),
                    typeset(snapshot.node(node).value())
                ));
            }
        }
        parts.dedup();
        self.shorten(&mut parts);
        if finding.quantity == Quantity::Adjoint {
            let edge = operation.edges().find(|edge| edge.from == finding.node);
            parts.extend(edge.map(|edge| {
                let adjoint = typeset(operation.adjoint().unwrap_or(0.0));
                format!("its adjoint {adjoint} times the derivative {}", typeset(edge.partial))
            }));
        }
        if parts.is_empty() { String::new() } else { format!("where {}", parts.join(", ")) }
    }

    /// Of a long list its head, and how many more there are.
    fn shorten(&self, parts: &mut Vec<String>) {
        let more = parts.len().saturating_sub(LISTED);
        if more > 0 {
            parts.truncate(LISTED);
            parts.push(format!("and {} more", count(more)));
        }
    }

    fn inputs(&self, inputs: &[NodeIndex]) -> String {
        let snapshot = self.diagnosis.snapshot;
        let of = |&at: &NodeIndex| {
            format!("{} = {}", self.names.name(at), typeset(snapshot.node(at).value()))
        };
        let more = inputs.len().saturating_sub(LISTED);
        let mut parts: Vec<String> = inputs.iter().take(LISTED).map(of).collect();
        parts.extend((more > 0).then(|| format!("and {} more", count(more))));
        match inputs.len() {
            0 => "No input leads there.".to_owned(),
            _ => format!("Inputs that lead there: {}", parts.join(", ")),
        }
    }

    fn adjoints(&self) -> String {
        let Diagnosis { largest, vanishing, vanishing_count, .. } = self.diagnosis;
        let mut text = format!("Largest adjoints: {}", self.listed_adjoints(largest));
        if !vanishing.is_empty() {
            let (total, list) = (count(*vanishing_count), self.listed_adjoints(vanishing));
            text += &format!("\nVanishing, below {VANISHING:e} of the largest: {total}: {list}");
        }
        text
    }

    fn listed_adjoints(&self, nodes: &[NodeIndex]) -> String {
        let snapshot = self.diagnosis.snapshot;
        let of = |&at: &NodeIndex| {
            let adjoint = snapshot.node(at).adjoint().unwrap_or(0.0);
            format!("{} {}", self.names.name(at), typeset(adjoint))
        };
        nodes.iter().map(of).collect::<Vec<_>>().join(", ")
    }

    fn independent(&self) -> String {
        let inputs = &self.diagnosis.independent;
        let mut names: Vec<String> =
            inputs.iter().take(LISTED).map(|&at| self.names.name(at)).collect();
        let more = inputs.len().saturating_sub(LISTED);
        names.extend((more > 0).then(|| format!("and {} more", count(more))));
        format!("No output depends on these inputs: {}", names.join(", "))
    }

    fn kinks(&self, kinks: &[NodeIndex]) -> String {
        let mut text = String::from("Kinks that were met, where derivatives are conventions:");
        for &kink in kinks.iter().take(LISTED) {
            text += &format!("\n  {}", self.equation(kink));
        }
        let more = kinks.len().saturating_sub(LISTED);
        if more > 0 {
            text += &format!("\n  and {} more", count(more));
        }
        text
    }

    fn equalities(&self, equalities: &[String]) -> String {
        let mut text = String::from(
            "Equalities that held, so that the derivative is that of a branch of measure zero:",
        );
        let more = equalities.len().saturating_sub(LISTED);
        for equality in equalities.iter().take(LISTED) {
            text += &format!("\n  {}", visible(equality));
        }
        if more > 0 {
            text += &format!("\n  and {} more", count(more));
        }
        text
    }

    fn lines(&self) -> String {
        let mut text = String::from("Lines that take most memory:");
        for Line { file, line, nodes, bytes } in &self.diagnosis.lines {
            text += &format!("\n  {file}:{line}  {} nodes, {} bytes", count(*nodes), count(*bytes));
        }
        text
    }
}
