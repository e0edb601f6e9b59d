//! Deep and huge expressions go through the whole command.

use assert_cmd::Command;

const MILLION: usize = 1_000_000;

/// Runs `wengert grad -` on a text; `x` is 2.
fn grad(text: String, options: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("wengert"));
    command.args(["grad", "-", "x=2"]).args(options).write_stdin(text).assert()
}

fn output(run: &assert_cmd::assert::Assert) -> String {
    String::from_utf8_lossy(&run.get_output().stdout).into_owned()
}

fn error(run: &assert_cmd::assert::Assert) -> String {
    String::from_utf8_lossy(&run.get_output().stderr).into_owned()
}

#[test]
fn a_million_brackets_are_an_expression() {
    let run = grad(format!("{}x{}", "(".repeat(MILLION), ")".repeat(MILLION)), &[]).success();
    assert!(output(&run).starts_with("value = 2\n"));
}

#[test]
fn a_million_terms_are_differentiated() {
    let run = grad(format!("x{}", "+x".repeat(MILLION - 1)), &[]).success();
    assert!(output(&run).contains("  x      2      1000000\n"));
}

#[test]
fn a_deep_graph_is_drawn_and_told() {
    let text = format!("{}x{}", "sin(".repeat(50_000), ")".repeat(50_000));
    let run = grad(text, &["--json", "--hessian", "--nodes", "--explain", "--diagnose"]).success();
    let json: serde_json::Value = serde_json::from_str(&output(&run)).expect("it is JSON");
    assert!(json["hessian"][0][0].as_f64().expect("a number").abs() < 1.0);
    let explanation = json["explanation"].as_str().expect("a text");
    assert!(explanation.lines().count() > 100_000 && explanation.contains("∂value/∂x"));
}

#[test]
fn a_million_open_brackets_are_a_short_error() {
    let run = grad("sin(".repeat(MILLION), &[]).code(3);
    let error = error(&run);
    assert!(error.starts_with("error: the end comes where") && error.len() < 2_000, "{error}");
}

#[test]
fn input_without_end_is_refused() {
    let run = grad(" ".repeat((1 << 23) + 1), &[]).code(3);
    assert!(error(&run).starts_with("error: the text has 8388609 bytes, the limit is 8388608"));
}

#[test]
fn hessians_and_checks_of_many_inputs_are_refused() {
    let names: Vec<String> = (0..1_200).map(|i| format!("x{i}")).collect();
    let values: Vec<String> = names.iter().map(|name| format!("{name}=1")).collect();
    let mut options: Vec<&str> = values.iter().map(String::as_str).collect();
    let text = format!("x*sum({})", names.join(", "));
    options.push("--hessian");
    let run = grad(text.clone(), &options).code(2);
    assert!(error(&run).starts_with("error: --hessian of 1201 inputs: the limit is 1000"));
    let last = options.len() - 1;
    options[last] = "--check";
    let long = format!("{text} + {}", "sin(x)+".repeat(40_000) + "1");
    let run = grad(long, &options).code(2);
    assert!(error(&run).starts_with("error: --check evaluates"), "{}", error(&run));
}

#[test]
fn definitions_that_nothing_uses_are_counted() {
    let definitions: String = (0..20_000).map(|i| format!("n{i}=x;")).collect();
    let run = grad(definitions + "x", &[]).success();
    let error = error(&run);
    assert_eq!(error.lines().count(), 11);
    assert!(error.ends_with("warning: 19990 more definitions are used nowhere\n"), "{error}");
}

#[test]
fn many_names_are_given_values() {
    let names: Vec<String> = (0..20_000).map(|i| format!("x{i}")).collect();
    let values: Vec<String> = names.iter().map(|name| format!("{name}=1")).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let run = grad(format!("x*sum({})", names.join(",")), &values).success();
    assert!(output(&run).starts_with("value = 40000\n"));
}

/// Whether each of them is a product of others is not asked.
#[test]
fn many_names_without_values_are_counted() {
    let letter = |i: u32| char::from_u32(0x4e00 + i).expect("a letter");
    let names = (0..100_000).map(|i| format!("+{}{}", letter(i / 500), letter(i % 500)));
    let run = grad(names.collect(), &[]).code(2);
    let message = "error: `x` is given a value, but the inputs are `一一`, `一丁`";
    let error = error(&run);
    assert!(error.starts_with(message) && error.contains(" and 99990 more"), "{error}");
}

#[test]
fn a_long_name_is_shortened_in_tables() {
    let name = "n".repeat(100_000);
    let run = grad(format!("{name}=x;[{name},x]"), &[]).success();
    assert!(output(&run).lines().all(|line| line.len() < 200), "{}", output(&run).len());
    let text = format!("{name}=x;{name}*2");
    let run = grad(text, &["--hessian", "--nodes", "--explain", "--diagnose", "--check"]).success();
    assert!(output(&run).contains(&format!("  {}…  2      2\n", "n".repeat(60))));
}

/// 4 million steps would be 360 MB of text.
#[test]
fn an_explanation_has_a_limit() {
    let run = grad(format!("x{}", "+x".repeat(250_000)), &["--explain"]).code(2);
    let message = "error: --explain tells of 250001 nodes one by one: the limit is 250000\n";
    assert!(error(&run).starts_with(message), "{}", error(&run));
}

#[test]
fn a_list_of_outputs_has_a_limit() {
    let run = grad(format!("[{}x]", "x,".repeat(100_000)), &[]).code(2);
    let message = "error: the expression is a list of 100001: the limit is 100000";
    assert!(error(&run).starts_with(message), "{}", error(&run));
}

#[test]
fn errors_quote_no_long_name_whole() {
    let long = "n".repeat(1 << 18);
    let texts = [
        long.clone(),
        format!("{long}(x)"),
        format!("{long}=x;{long}=x"),
        format!("y = {long}; {long}(x)"),
        "9".repeat(1 << 18),
        format!("x )({long}"),
        format!("sin(x, {long})"),
    ];
    for text in texts {
        let run = grad(text, &[]);
        let error = error(&run);
        assert!(error.starts_with("error: ") && error.len() < 2_000, "{} bytes", error.len());
    }
}
