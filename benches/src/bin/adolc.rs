//! Measures ADOL-C on GradBench's problems, beside wengert in the same minute.
//!
//! `adolc DRIVER [WORD]`: DRIVER is what `adolc/driver.cpp` was compiled to, and WORD chooses the
//! cases whose group or size contains it. The driver is a process of its own: C++ is spoken to
//! through pipes, and no `unsafe` is needed. Its derivatives are compared with the hand-written
//! ones before its times are believed.

use std::{
    env,
    error::Error,
    hint::black_box,
    io::Write,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use benches::gradbench::{Case, Entry, SUITE, Tool};
use wengert_problems::oracle;

/// How long each of the driver's and our figures is measured.
const SECONDS: f64 = 1.0;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let driver = arguments.next().ok_or("the driver's path is missing")?;
    let word = arguments.next().unwrap_or_default();
    println!("| problem | tool | least time, µs | × its own plain | × plain-f64 | ns/op |");
    println!("|---|---|--:|--:|--:|--:|");
    for entry in SUITE.iter().filter(|e| e.group().contains(&word) || e.size.contains(&word)) {
        compare(entry, &driver)?;
    }
    Ok(())
}

/// A tool's name, its least time in nanoseconds, and that of its own language's plain function.
type Row = (&'static str, f64, f64);

fn compare(entry: &Entry, driver: &str) -> Result<()> {
    let case = entry.case();
    let Answer { plain, record, replay, derivatives } = ask(driver, case.as_ref())?;
    let mut expected = vec![f64::NAN; case.derivatives()];
    case.start(Tool::HandWritten)(&mut expected);
    let difference = oracle::relative_difference(&derivatives, &expected);
    // Where all are zero, there is nothing to be relative to.
    let is_right = derivatives == expected || difference < 1e-9;
    if !is_right {
        return Err(format!("{}: the driver is off by {difference:e}", entry.problem).into());
    }
    let own = least(case.as_ref(), Tool::Plain);
    let mut rows: Vec<Row> = vec![
        ("plain double", plain, plain),
        ("adolc, traced each time", record, plain),
        ("adolc, trace used again", replay, plain),
    ];
    let wengert = Tool::all().into_iter().filter(|tool| matches!(tool, Tool::Wengert(_)));
    let ours = [Tool::Plain].into_iter().chain(wengert);
    rows.extend(ours.map(|tool| (tool.name(), least(case.as_ref(), tool), own)));
    rows.into_iter().for_each(|row| print(entry, row, own, case.operations()));
    Ok(())
}

fn print(entry: &Entry, (tool, time, plain): Row, own: f64, operations: usize) {
    let Entry { problem, size, .. } = entry;
    let [microseconds, by_plain, by_own] = [1e3, plain, own].map(|unit| time / unit);
    let each = time / operations as f64;
    println!(
        "| {problem}, {size} | {tool} | {microseconds:.1} | {by_plain:.2} | {by_own:.2} | {each:.2} |"
    );
}

/// The least nanoseconds of a call.
fn least(case: &dyn Case, tool: Tool) -> f64 {
    let mut derivatives = vec![0.0; case.derivatives()];
    let mut run = case.start(tool);
    let begin = Instant::now();
    let mut least = Duration::MAX;
    for runs in 0.. {
        if runs >= 3 && begin.elapsed().as_secs_f64() >= SECONDS {
            break;
        }
        let start = Instant::now();
        run(black_box(&mut derivatives));
        least = least.min(start.elapsed());
    }
    least.as_nanos() as f64
}

/// What the driver says: three times in nanoseconds, and the derivatives.
struct Answer {
    plain: f64,
    record: f64,
    replay: f64,
    derivatives: Vec<f64>,
}

fn ask(driver: &str, case: &dyn Case) -> Result<Answer> {
    let mut process = Command::new(driver)
        .args([SECONDS.to_string(), case.operations().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{driver}: {error}"))?;
    let mut input = process.stdin.take().ok_or("it is piped")?;
    input.write_all(case.describe().text().as_bytes())?;
    drop(input);
    let output = process.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("{driver}: {}", output.status).into());
    }
    read(&String::from_utf8(output.stdout)?).ok_or_else(|| "the driver's answer is short".into())
}

fn read(text: &str) -> Option<Answer> {
    let mut numbers = text.split_ascii_whitespace().map_while(|word| word.parse().ok());
    let (plain, record, replay) = (numbers.next()?, numbers.next()?, numbers.next()?);
    Some(Answer { plain, record, replay, derivatives: numbers.collect() })
}
