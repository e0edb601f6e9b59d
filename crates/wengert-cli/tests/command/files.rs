//! Files: read, drawn, and missing.

use assert_cmd::Command;
use std::fs;
use std::path::Path;

fn wengert(arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("wengert"));
    command.args(arguments);
    command
}

#[track_caller]
fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("there is a place for files")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the path is text")
}

#[test]
fn an_expression_can_stand_in_a_file() {
    let folder = folder();
    let file = folder.path().join("neuron.wgt");
    fs::write(&file, "# one neuron\nn = x*w;\no = tanh(n);\n").expect("it is written");
    let output = wengert(&["grad", text(&file), "x=0", "w=3"]).assert().success();
    let output = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
    assert!(output.starts_with("o = 0\n") && output.contains("  x      0      3\n"), "{output}");
}

#[test]
fn errors_in_a_file_name_it_and_the_line() {
    let folder = folder();
    let file = folder.path().join("wrong.wgt");
    fs::write(&file, "n = x*w;\no = tahn(n)\n").expect("it is written");
    let failure = wengert(&["grad", text(&file)]).assert().code(3);
    let error = String::from_utf8_lossy(&failure.get_output().stderr).into_owned();
    assert!(error.contains("wrong.wgt:2:5") && error.contains("2 | o = tahn(n)"), "{error}");
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder = folder();
    let missing = folder.path().join("missing.wgt");
    let failure = wengert(&["grad", text(&missing)]).assert().code(5);
    let error = String::from_utf8_lossy(&failure.get_output().stderr).into_owned();
    assert!(error.starts_with("error: cannot read ") && error.contains("missing.wgt"), "{error}");
    let binary = folder.path().join("binary.wgt");
    fs::write(&binary, [0xff, 0xfe]).expect("it is written");
    wengert(&["grad", text(&binary)]).assert().code(5);
}

/// The SVG of `wengert table` with a plot.
fn plotted(arguments: &[&str]) -> String {
    let folder = folder();
    let file = folder.path().join("plot.svg");
    let arguments = [&["table"], arguments, &["--plot", text(&file)]].concat();
    wengert(&arguments).assert().success();
    fs::read_to_string(&file).expect("it was drawn")
}

#[test]
fn a_single_point_is_seen() {
    assert_eq!(plotted(&["x^2", "x=1..1..1"]).matches("<circle ").count(), 2);
    assert_eq!(plotted(&["x^2", "x=1..2..1"]).matches("<circle ").count(), 0);
}

#[test]
fn a_curve_that_begins_with_a_gap_is_drawn() {
    // Not at −1, −0.5 and 0; at 0.5 and 1, where there is one line each.
    let svg = plotted(&["ln(x)", "x=-1..1..0.5"]);
    assert_eq!(svg.matches("<circle ").count(), 0);
}

#[test]
fn numbers_at_the_axes_are_short() {
    let svg = plotted(&["1e300*x", "x=0..1..0.5"]);
    assert!(svg.contains("5e299") && !svg.contains("00000000"), "{svg}");
}

#[test]
fn a_constant_has_a_picture() {
    let folder = folder();
    let file = folder.path().join("constant.svg");
    wengert(&["grad", "o = 2 + 3", "--svg", text(&file)]).assert().success();
    let svg = fs::read_to_string(&file).expect("it was drawn");
    assert!(svg.contains(">o</text>") && svg.contains(">5</text>"), "{svg}");
}

#[test]
fn a_plot_is_a_picture_of_all_curves() {
    let folder = folder();
    let file = folder.path().join("plot.svg");
    let range = ["table", "o = sin(w*x)", "x=0..3..0.01", "w=2", "--csv", "--plot", text(&file)];
    wengert(&range).assert().success();
    let svg = fs::read_to_string(&file).expect("it was drawn");
    let picture = roxmltree::Document::parse(&svg).expect("it is XML");
    let texts: Vec<_> =
        picture.descendants().filter_map(|node| node.text()).map(str::trim).collect();
    assert!(["x", "o", "d/dx", "d/dw"].iter().all(|head| texts.contains(head)), "{texts:?}");
    let curves = picture.descendants().filter(|node| node.has_tag_name("polyline"));
    let longest = curves.filter_map(|curve| curve.attribute("points"));
    assert_eq!(longest.filter(|points| points.split_whitespace().count() > 250).count(), 3);
}

#[test]
fn a_plot_has_a_title_and_a_legend_above_its_curves() {
    let svg = plotted(&["o = sin(w*x)", "x=0..3..0.01", "w=2"]);
    let picture = roxmltree::Document::parse(&svg).expect("it is XML");
    let height = |node: roxmltree::Node<'_, '_>, name| node.attribute(name)?.parse::<f64>().ok();
    let texts = picture.descendants().filter(|node| node.has_tag_name("text"));
    let words = ["o = sin(w * x)", "o", "d/dx", "d/dw"];
    let heads: Vec<f64> = texts
        .filter(|node| node.text().is_some_and(|text| words.contains(&text.trim())))
        .filter_map(|node| height(node, "y"))
        .collect();
    assert_eq!(heads.len(), 4, "{svg}");
    let curves = picture.descendants().filter_map(|node| node.attribute("points"));
    let points = curves.filter(|points| points.split_whitespace().count() > 250);
    let highest = points.flat_map(|points| {
        points.split_whitespace().filter_map(|p| p.split_once(',')?.1.parse::<f64>().ok())
    });
    let top = highest.fold(f64::INFINITY, f64::min);
    assert!(heads.iter().all(|head| *head < top), "{heads:?} are above {top}");
}

#[test]
fn a_plot_of_several_outputs_has_a_curve_for_each_value_and_derivative() {
    let svg = plotted(&["[x*y, sin(x)]", "x=0..3..0.01", "y=2"]);
    let picture = roxmltree::Document::parse(&svg).expect("it is XML");
    let texts: Vec<&str> = picture.descendants().filter_map(|node| node.text()).collect();
    let heads = ["x * y", "sin(x)", "d(x * y)/dx", "d(x * y)/dy", "d(sin(x))/dx", "d(sin(x))/dy"];
    for head in heads {
        assert!(texts.iter().any(|text| text.trim() == head), "{head} is among {texts:?}");
    }
    let widths = picture.descendants().filter(|node| {
        let points = node.attribute("points").unwrap_or_default();
        points.split_whitespace().count() > 250
    });
    let widths: Vec<_> = widths.filter_map(|node| node.attribute("stroke-width")).collect();
    assert_eq!(widths, ["7", "7", "4", "4", "4", "4"]);
    let many = format!("[{}]", vec!["x"; 51].join(", "));
    let failure = wengert(&["table", &many, "x=0..1..1", "--plot", "p.svg"]).assert().code(2);
    let error = String::from_utf8_lossy(&failure.get_output().stderr).into_owned();
    assert!(error.contains("--plot would draw 102 curves, the limit is 100"), "{error}");
}

/// An expression of 601 nodes, whose picture shows groups.
fn long() -> String {
    let terms: Vec<String> = (1..=200).map(|i| format!("sin(x*{i})")).collect();
    terms.join(" + ")
}

#[test]
fn a_group_can_be_opened_in_every_picture() {
    let folder = folder();
    let [dot, chart] = ["graph.dot", "graph.mmd"].map(|name| folder.path().join(name));
    let arguments = ["grad", &long(), "x=1", "--nodes", "--dot", text(&dot), "--mermaid"];
    let drawn = |more: &[&str]| {
        let arguments = [&arguments[..], &[text(&chart)], more].concat();
        let run = wengert(&arguments).assert().success();
        let table = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
        [table, read(&dot), read(&chart)].map(|text| text.lines().count())
    };
    let closed = drawn(&[]);
    let group = first_group(&read(&dot));
    let opened = drawn(&["--open", &group]);
    assert!(closed.iter().zip(opened).all(|(closed, opened)| opened > *closed), "{closed:?}");
    let mut failure = wengert(&[&arguments[..], &[text(&chart), "--open", "nothing"]].concat());
    let error = failure.assert().code(2);
    let error = String::from_utf8_lossy(&error.get_output().stderr).into_owned();
    assert!(error.contains("no group `nothing`, but") && error.contains(&group), "{error}");
    let failure = wengert(&["grad", "x", "x=1", "--open", "all"]).assert().code(2);
    let error = String::from_utf8_lossy(&failure.get_output().stderr).into_owned();
    assert!(error.contains("opened in no picture"), "{error}");
}

fn read(file: &std::path::Path) -> String {
    fs::read_to_string(file).expect("it was written")
}

/// The name of the first box that is a group.
fn first_group(dot: &str) -> String {
    let line = dot.lines().find(|line| line.contains("box3d")).expect("there is a group");
    let (_, rest) = line.split_once("label=\"").expect("it has a name");
    rest.split("\\n").next().expect("it has a name").to_owned()
}

#[test]
fn a_pole_leaves_the_rest_to_be_seen() {
    let svg = plotted(&["1/x", "x=-2..2..0.01"]);
    assert!(svg.contains("curves go on beyond the axis"));
    assert!(!plotted(&["x^3", "x=-2..2..0.01"]).contains("beyond the axis"));
}

#[test]
fn a_plot_has_the_size_that_is_asked_for() {
    let svg = plotted(&["x^2", "x=0..1..0.1", "--plot-size", "800x500"]);
    assert!(svg.contains("width=\"800\" height=\"500\""), "{}", &svg[..200]);
    for size in ["800", "10x10", "800x-1", "1e3x1e3", "99999999x800"] {
        let arguments = ["table", "x", "x=0..1..1", "--plot", "p.svg", "--plot-size", size];
        wengert(&arguments).assert().code(2);
    }
}

#[test]
fn a_long_table_makes_a_short_plot() {
    let folder = folder();
    let file = folder.path().join("plot.svg");
    let range = ["table", "sin(1/x)", "x=0..1..0.00002", "--csv", "--plot", text(&file)];
    wengert(&range).assert().success();
    let bytes = fs::metadata(&file).expect("it was drawn").len();
    assert!((1..400_000).contains(&bytes), "{bytes}");
}

#[test]
fn a_plot_that_cannot_be_written_is_named() {
    let folder = folder();
    let file = folder.path().join("missing/plot.svg");
    let failure = wengert(&["table", "x", "x=0..1..0.5", "--plot", text(&file)]).assert().code(5);
    let error = String::from_utf8_lossy(&failure.get_output().stderr).into_owned();
    assert!(error.starts_with("error: cannot draw ") && error.contains("plot.svg"), "{error}");
    assert!(failure.get_output().stdout.is_empty(), "nothing is computed before");
}

#[test]
fn the_graph_is_drawn_into_files() {
    let folder = folder();
    let file = |name| folder.path().join(name);
    let [svg, png, html] = ["g.svg", "g.png", "g.html"].map(file);
    let [dot, mermaid] = ["g.dot", "g.mmd"].map(file);
    let mut command = wengert(&["grad", "n = x*w; o = tanh(n)", "x=2", "w=3"]);
    command.args(["--svg", text(&svg), "--png", text(&png), "--dot", text(&dot)]);
    command.args(["--mermaid", text(&mermaid), "--html", text(&html)]).assert().success();
    let svg = fs::read_to_string(&svg).expect("it was drawn");
    let picture = roxmltree::Document::parse(&svg).expect("it is XML");
    let texts: Vec<_> = picture.descendants().filter_map(|node| node.text()).collect();
    let names = ["n = x * w; o = tanh(n)", "x", "w", "n", "o"];
    assert!(names.iter().all(|name| texts.contains(name)), "{texts:?}");
    assert!(fs::read(&png).expect("it was drawn").starts_with(b"\x89PNG"));
    assert!(fs::read_to_string(&html).expect("it was drawn").starts_with("<!DOCTYPE html>"));
    assert!(fs::read_to_string(&dot).expect("it was drawn").starts_with("digraph {"));
    assert!(fs::read_to_string(&mermaid).expect("it was drawn").contains("flowchart LR"));
}

#[test]
fn a_picture_that_cannot_be_written_is_named() {
    let folder = folder();
    let file = folder.path().join("missing/graph.svg");
    let failure = wengert(&["grad", "x^2", "x=1", "--svg", text(&file)]).assert().code(5);
    let error = String::from_utf8_lossy(&failure.get_output().stderr).into_owned();
    assert!(error.starts_with("error: cannot write ") && error.contains("graph.svg"), "{error}");
}

#[test]
fn no_picture_is_written_over_another() {
    let folder = folder();
    let file = folder.path().join("graph");
    let other = folder.path().join(".").join("graph");
    let pictures = ["grad", "x", "x=1", "--svg", text(&file), "--html", text(&other)];
    let failure = wengert(&pictures).assert().code(2);
    let error = String::from_utf8_lossy(&failure.get_output().stderr).into_owned();
    assert!(error.starts_with("error: --svg and --html would both be written to "), "{error}");
    assert!(!file.exists() && failure.get_output().stdout.is_empty());
}

#[test]
fn a_file_has_the_format_that_its_name_says() {
    let folder = folder();
    let file = folder.path().join("p.png");
    for arguments in [["table", "x", "x=0..1..0.5", "--plot"], ["grad", "x", "x=1", "--svg"]] {
        let failure = wengert(&arguments).arg(&file).assert().code(2);
        let error = String::from_utf8_lossy(&failure.get_output().stderr).into_owned();
        assert!(error.contains("what is written is SVG: end the name in `.svg`"), "{error}");
        assert!(!file.exists());
    }
}
