//! Standard input, output and error.

use assert_cmd::Command;
use std::io::Read;
use std::process::Stdio;

fn wengert() -> Command {
    Command::new(assert_cmd::cargo::cargo_bin!("wengert"))
}

#[test]
fn an_expression_can_come_from_standard_input() {
    let run = wengert().args(["grad", "-", "x=2", "y=3"]).write_stdin("x * # times\n y\n").assert();
    let output = run.success().get_output().stdout.clone();
    assert!(output.starts_with(b"value = 6\n"));
    let wrong = wengert().args(["grad", "-"]).write_stdin("x *").assert().code(3);
    let error = String::from_utf8_lossy(&wrong.get_output().stderr).into_owned();
    assert!(error.contains("--> standard input:1:4"), "{error}");
}

#[test]
fn colour_is_for_terminals() {
    let plain = wengert().args(["grad", "ln(x)", "x=0"]).assert().code(4).get_output().clone();
    assert!(!plain.stdout.contains(&0x1b) && !plain.stderr.contains(&0x1b));
    let forced = wengert().args(["grad", "ln(x)", "x=0"]).env("CLICOLOR_FORCE", "1").assert();
    let forced = forced.code(4).get_output().clone();
    assert!(forced.stdout.contains(&0x1b) && forced.stderr.contains(&0x1b));
}

/// Runs the command as `wengert … | head` does.
fn run_for_a_reader_who_leaves(arguments: &[&str]) {
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("wengert"));
    command.args(arguments);
    let run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut run = run.expect("the command runs");
    let mut first = [0; 16];
    run.stdout.take().expect("it is piped").read_exact(&mut first).expect("it writes");
    let mut error = String::new();
    run.stderr.take().expect("it is piped").read_to_string(&mut error).expect("it is text");
    assert!(run.wait().expect("it ends").success() && error.is_empty(), "{error}");
}

#[test]
fn a_reader_may_leave() {
    run_for_a_reader_who_leaves(&["table", "x", "x=0..100000..1", "--csv"]);
}

#[test]
fn a_plot_is_whole_where_the_reader_left() {
    let folder = tempfile::tempdir().expect("there is a place for files");
    let file = folder.path().join("plot.svg");
    let path = file.to_str().expect("the path is text");
    run_for_a_reader_who_leaves(&["table", "x^2", "x=0..100000..1", "--csv", "--plot", path]);
    let plot = std::fs::read_to_string(&file).expect("it was drawn");
    assert!(plot.trim_end().ends_with("</svg>"), "{} bytes", plot.len());
}

#[test]
fn json_is_json_and_has_all_digits() {
    let arguments = ["grad", "x*y", "x=0.1", "y=3", "--json", "--check", "--hessian"];
    let output = wengert().args(arguments).assert().success().get_output().stdout.clone();
    let json: serde_json::Value = serde_json::from_slice(&output).expect("it is JSON");
    assert_eq!(json["value"], 0.1 * 3.0);
    assert_eq!(json["inputs"][1]["derivative"], 0.1);
    assert_eq!(json["hessian"][0][1], 1.0);
    assert_eq!(json["check"]["ok"], true);
}

#[test]
fn a_table_in_csv_is_read_back() {
    let run = wengert().args(["table", "x*y", "x=0..1..0.1", "y=1..3..1", "--csv"]).assert();
    let output = run.success().get_output().stdout.clone();
    let mut table = csv::Reader::from_reader(output.as_slice());
    assert_eq!(table.headers().expect("there are heads"), vec!["x", "y", "value", "d/dx", "d/dy"]);
    let rows: Vec<[f64; 5]> = table.deserialize().map(|row| row.expect("five numbers")).collect();
    assert_eq!(rows.len(), 33);
    assert!(rows.iter().all(|[x, y, value, dx, dy]| (x * y, y, x) == (*value, dx, dy)));
}

/// What the command writes about itself.
#[track_caller]
fn page(arguments: &[&str]) -> String {
    let output = wengert().args(arguments).assert().success().get_output().stdout.clone();
    String::from_utf8(output).expect("it is text").replace('\\', "")
}

#[track_caller]
fn check_names(page: &str, names: &[&str]) {
    let missing: Vec<_> = names.iter().filter(|name| !page.contains(**name)).collect();
    assert!(missing.is_empty(), "{missing:?} are not named");
}

#[test]
fn completions_name_every_option() {
    for shell in ["bash", "zsh", "fish"] {
        let script = page(&["completions", shell]);
        check_names(&script, &["hessian", "check", "json", "explain", "csv", "plot", "svg"]);
    }
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    check_names(&page(&["man"]), &["wengert-grad(1)", "wengert-table(1)", "Exit codes"]);
    check_names(&page(&["man", "grad"]), &["wengert-grad", "--hessian", "--explain", "Examples"]);
    check_names(&page(&["man", "table"]), &["wengert-table", "--csv", "--plot", "Exit codes"]);
}

#[test]
fn a_derivation_can_be_markdown() {
    let arguments = ["grad", "sqrt(x)", "x=4", "--explain=markdown"];
    let output = wengert().args(arguments).assert().success().get_output().stdout.clone();
    let text = String::from_utf8(output).expect("it is text");
    assert!(text.contains("## Backward") && text.contains(r"\frac{1}{2 \cdot \sqrt{x}}"), "{text}");
}

/// The output and the formulas of a derivation: `name = formula` for each step.
#[track_caller]
fn derivation(expression: &str, values: &[&str]) -> (f64, Vec<String>, Vec<String>) {
    let run = wengert().args(["grad", expression, "--json", "--explain"]).args(values).assert();
    let output = run.success().get_output().stdout.clone();
    let json: serde_json::Value = serde_json::from_slice(&output).expect("it is JSON");
    let text = json["explanation"].as_str().expect("there is a derivation");
    let (forward, backward) = text.split_once("Backward").expect("there are two passes");
    let steps = forward.lines().filter(|line| line.matches(" = ").count() == 2);
    let steps = steps.filter_map(|line| Some(line.trim().rsplit_once(" = ")?.0.to_owned()));
    let partials = backward.lines().filter_map(|line| line.split(" = ").nth(1));
    let partials = partials.map(|formula| formula.rsplit(" · ").next().unwrap_or(formula));
    let value = json["value"].as_f64().expect("the value is finite");
    (value, steps.collect(), partials.map(str::to_owned).collect())
}

#[test]
fn a_derivation_can_be_typed_back() {
    let expressions = [
        "n = x*w + b; o = tanh(n)",
        "sqrt(x) / cbrt(w) - b",
        "exp(-x^2) * abs(w) + floor(b)",
        "ln(x) + log2(w) + log10(b) + x^-1",
        "asin(x/4) + acosh(w) + sigmoid(b) + atan2(x, w)",
        "normal_cdf(x) - normal_pdf(w) + digamma(b)",
        "hypot(x, w) * ceil(b) + mean(x, w, b)",
        "1e-9*x + gelu(w) + exp_m1(b)",
        "max(x, w) % b",
    ];
    for expression in expressions {
        let values = ["x=2", "w=3", "b=1.5"];
        let (value, steps, _) = derivation(expression, &values);
        let mut again = wengert();
        again.args(["grad", "-", "--json"]).args(values).write_stdin(steps.join("\n"));
        let again = again.output().expect("the command runs");
        let error = String::from_utf8_lossy(&again.stderr).into_owned();
        assert!(again.status.success(), "{steps:?}: {error}");
        let json: serde_json::Value = serde_json::from_slice(&again.stdout).expect("it is JSON");
        let found = json["value"].as_f64().expect("the value is finite");
        assert!((found - value).abs() <= 1e-12 * value.abs(), "{steps:?}: {found}, not {value}");
    }
}

#[test]
fn the_rules_of_a_derivation_can_be_typed_back() {
    let (_, _, rules) = derivation("n = x*w + b; o = tanh(n)", &["x=2", "w=3", "b=1.5"]);
    assert!(rules.contains(&"1 − tanh²(n)".to_owned()), "{rules:?}");
    let run = wengert().args(["grad", "1 − tanh²(n)", "n=0.5", "--json"]).assert().success();
    let json: serde_json::Value = serde_json::from_slice(&run.get_output().stdout).expect("JSON");
    let wanted = 1.0 - 0.5_f64.tanh().powi(2);
    assert!((json["value"].as_f64().expect("a number") - wanted).abs() < 1e-15);
}
