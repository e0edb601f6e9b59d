//! A table for terminals: one line an element, numbers with their points in a column.

use super::contradictions::Contradictions;
use super::guards;
use crate::text::formula;
use crate::text::label::{shortened, visible};
use crate::text::number::number;
use crate::{Element, Group, Guard, Node, Picture};
use unicode_width::UnicodeWidthStr;

/// Longest label and longest operation.
const LABEL: usize = 32;
const OPERATION: usize = 48;

/// The cells of one line.
struct Line {
    id: String,
    label: String,
    operation: String,
    data: String,
    grad: String,
    /// What the chain rule gives where that is another number.
    rule: String,
}

impl Picture<'_> {
    /// The picture as a table of plain text: identifier, label, operation with its arguments,
    /// value and adjoint; of a function also the comparisons that its path depends on. Where
    /// adjoints were set by hand and contradict the chain rule, a last column has what it gives.
    ///
    /// # Example
    /// ```
    /// use wengert_graph::{Picture, Snapshot};
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(-2.5).label("x");
    /// let y = (x * 100.0).label("y");
    /// let snapshot = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    /// let lines = [
    ///     "node  label  operation         data      grad",
    ///     "n0    x      input          -2.5000  100.0000",
    ///     "n1    y      mul(x, 100)  -250.0000    1.0000",
    /// ];
    /// assert_eq!(Picture::of(&snapshot).table().lines().collect::<Vec<_>>(), lines);
    /// ```
    #[must_use]
    pub fn table(&self) -> String {
        let wrong = Contradictions::of(self.snapshot());
        let mut lines: Vec<Line> =
            self.elements().iter().map(|element| line(self, element, &wrong)).collect();
        align(&mut lines, |line| &mut line.data);
        align(&mut lines, |line| &mut line.grad);
        align(&mut lines, |line| &mut line.rule);
        let has_rule = lines.iter().any(|line| !line.rule.is_empty());
        let rule = if has_rule { "chain rule" } else { "" };
        let head = ["node", "label", "operation", "data", "grad", rule].map(str::to_owned);
        let [id, label, operation, data, grad, rule] = head;
        lines.insert(0, Line { id, label, operation, data, grad, rule });
        set(&lines) + &comparisons(self)
    }
}

/// The comparisons on which the path depends, and where they were made.
fn comparisons(picture: &Picture<'_>) -> String {
    let snapshot = picture.snapshot();
    let of = |(_, guard): (usize, &Guard)| {
        (visible(&guard.text).into_owned(), visible(&guard.place()).into_owned())
    };
    let mut lines: Vec<(String, String)> = guards::listed(snapshot).map(of).collect();
    if lines.is_empty() {
        return String::new();
    }
    let more = guards::more(snapshot);
    lines.extend((more > 0).then(|| (format!("and {more} more"), String::new())));
    lines.insert(0, ("comparison".to_owned(), "recorded at".to_owned()));
    let wide = lines.iter().map(|(text, _)| text.width()).max().unwrap_or(0);
    let line = |(text, place): &(String, String)| format!("{}  {place}", left(text, wide));
    let lines: String = lines.iter().map(|each| line(each).trim_end().to_owned() + "\n").collect();
    format!("\n{lines}")
}

fn line(picture: &Picture<'_>, element: &Element, wrong: &Contradictions) -> Line {
    match element {
        Element::Node { node, .. } => of_node(picture.snapshot().node(*node), wrong),
        Element::Group(group) => of_group(group),
    }
}

fn of_node(node: Node<'_>, wrong: &Contradictions) -> Line {
    let label = visible(node.label().unwrap_or_default()).into_owned();
    let call = formula::right_side(node);
    Line {
        id: node.index().to_string(),
        label: shortened(&label, LABEL).into_owned(),
        operation: shortened(&visible(&call), OPERATION).into_owned(),
        data: number(node.value()),
        grad: node.adjoint().map_or_else(String::new, number),
        rule: wrong.told(node.index()).unwrap_or_default(),
    }
}

fn of_group(group: &Group) -> Line {
    let bad = match group.non_finite {
        0 => String::new(),
        count => format!(", {count} not finite"),
    };
    Line {
        id: String::new(),
        label: shortened(&visible(&group.name), LABEL).into_owned(),
        operation: format!("{} nodes{bad}", group.nodes),
        data: String::new(),
        grad: group.largest_adjoint.map_or_else(String::new, |g| format!("max {}", number(g))),
        rule: String::new(),
    }
}

/// Pads numbers behind, so that points stand in a column once they are flush right; what has no
/// point is flush right itself.
fn align(lines: &mut [Line], cell: impl Fn(&mut Line) -> &mut String) {
    let behind = |text: &str| text.find('.').map_or(0, |point| text.len() - point);
    let most = lines.iter_mut().map(|line| behind(cell(line))).max().unwrap_or(0);
    for line in lines {
        let text = cell(line);
        if text.contains('.') && text.ends_with(|c: char| c.is_ascii_digit()) {
            let pad = most - behind(text);
            text.push_str(&" ".repeat(pad));
        }
    }
}

/// All lines with their columns as wide as the widest cell.
fn set(lines: &[Line]) -> String {
    let widest = |cell: fn(&Line) -> &str| lines.iter().map(|l| cell(l).width()).max().unwrap_or(0);
    let id = widest(|line| &line.id);
    let label = widest(|line| &line.label);
    let operation = widest(|line| &line.operation);
    let [data, grad] = [widest(|line| &line.data), widest(|line| &line.grad)];
    let rule = widest(|line| &line.rule);
    let mut out = String::new();
    for line in lines {
        let text = format!(
            "{}  {}  {}  {}  {}  {}",
            left(&line.id, id),
            left(&line.label, label),
            left(&line.operation, operation),
            right(&line.data, data),
            right(&line.grad, grad),
            right(&line.rule, rule)
        );
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}

fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}
