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

/// As in `wengert table … | head`.
#[test]
fn a_reader_may_leave() {
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("wengert"));
    command.args(["table", "x", "x=0..100000..1", "--csv"]);
    let run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut run = run.expect("the command runs");
    let mut first = [0; 16];
    run.stdout.take().expect("it is piped").read_exact(&mut first).expect("it writes");
    let mut error = String::new();
    run.stderr.take().expect("it is piped").read_to_string(&mut error).expect("it is text");
    assert!(run.wait().expect("it ends").success() && error.is_empty(), "{error}");
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
