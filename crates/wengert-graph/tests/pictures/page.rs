//! What the page holds, without a browser: `.ci/browser.py` uses it with one.

use crate::support::{chain, has_class, parse, svg, text};
use wengert::{Tape, Var};
use wengert_graph::{Picture, Snapshot, Theme};

#[test]
fn groups_are_drawn_opened_as_well() {
    let tape = Tape::new();
    let mut x = tape.var(0.5);
    for name in ["</template>", "second"] {
        let _scope = tape.scope(name);
        x = (0..100).fold(x, |x, _| x.sin());
    }
    let snapshot = Snapshot::of(&tape.view());
    let page = Picture::of(&snapshot).html(Theme::Auto);
    // One or the other, and both, by either way.
    assert_eq!(page.matches("<template id=\"view-").count(), 4);
    assert_eq!(page.matches("</template>").count(), 4, "no name closes a drawing");
    assert!(page.contains("\"name\":\"second\",\"parent\":0"));
}

#[test]
fn a_page_of_many_groups_is_bounded() {
    let page = Picture::of(&chain(20_000)).html(Theme::Auto);
    assert!(page.len() < 4_000_000, "{}", page.len());
}

#[test]
fn a_gradient_that_contradicts_the_chain_rule_is_marked() {
    let tape = Tape::new();
    let [x, w] = [tape.var(2.0).label("x"), tape.var(-3.0).label("w")];
    let y = (x * w).label("y");
    let written = |x_grad: f64, w_grad: Option<f64>| {
        let of = move |node: wengert_graph::Node<'_>| match node.label() {
            Some("x") => Some(x_grad),
            Some("w") => w_grad,
            _ => Some(1.0),
        };
        Snapshot::of(&tape.view()).with_adjoints(of)
    };
    let marked = |snapshot: &Snapshot| {
        let svg = svg(snapshot);
        let document = parse(&svg);
        let marks = document.descendants().filter(|node| has_class(node, "wg-bad"));
        let tip = svg.contains("the chain rule gives −3.0000");
        (marks.filter(|node| text(*node) == "≠").count(), tip)
    };
    assert_eq!(marked(&written(3.0, Some(2.0))), (1, true));
    assert_eq!(marked(&written(-3.0, Some(2.0))), (0, false));
    // In text the number that the rule gives stands behind the mark.
    let wrong = written(3.0, Some(2.0));
    let picture = Picture::of(&wrong);
    assert!(picture.dot().contains("{x|data 2.0000|grad 3.0000 ≠ -3.0000}"), "{}", picture.dot());
    let chart = picture.mermaid();
    assert!(chart.contains("x<br/>data 2.0000<br/>grad 3.0000 ≠ -3.0000"), "{chart}");
    let table = picture.table();
    let told: Vec<_> = table.lines().filter(|line| line.contains('≠')).collect();
    assert_eq!(told, ["n0    x      input       2.0000  3.0000   ≠ -3.0000"], "{table}");
    assert!(table.lines().next().is_some_and(|head| head.ends_with("  chain rule")), "{table}");
    let right = Snapshot::of(&tape.view()).with_gradients(&y.gradients());
    let picture = Picture::of(&right);
    let plain = [picture.dot(), picture.mermaid(), picture.table()];
    assert!(plain.iter().all(|text| !text.contains('≠') && !text.contains("chain rule")));
    // Rounded to three digits, or not known: that is no mistake.
    assert_eq!(marked(&written(-2.995, None)), (0, false));
    // A sweep makes none, however the adjoints of a large sum cancel.
    let sum = Var::sum(&[y, -y, y * 1e-17]);
    let swept = Snapshot::of(&tape.view()).with_gradients(&sum.gradients());
    assert!(swept.contradictions().is_empty());
}
