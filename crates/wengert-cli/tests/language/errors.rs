//! What is refused: the message, and the caret under the place.

use wengert::Tape;
use wengert_cli::{Program, Renderer};

/// The error, drawn, without the line that names the origin.
#[track_caller]
fn drawn(text: &str) -> String {
    let error = match Program::parse(text) {
        Err(error) => error,
        Ok(program) => {
            let tape = Tape::new();
            let inputs = tape.vars(&vec![2.0; program.inputs().len()]);
            program.record(&inputs).expect_err("the expression is wrong")
        }
    };
    let drawn = error.render(text, "text", &Renderer::plain());
    drawn.lines().filter(|line| !line.ends_with('|')).collect::<Vec<_>>().join("\n")
}

#[test]
fn print() {
    for t in [
        "",
        "# nothing",
        "1 +",
        "(1 + 2",
        "sin(x",
        "f = [1, 2",
        "dot([x, y], [z",
        "1 + * 2",
        "x)",
        "2x",
        "2(x)",
        "x y",
        "x**2",
        "x == 2",
        "(x = 2)",
        "x $ 2",
        "x · y",
        "x²",
        "|x|",
        "1e999",
        "tahn(x)",
        "frobnicate(x)",
        "x; y",
        "x = 1; x = 2",
        "y = x; x = 2",
        "pi*2; pi = 3",
        "sin(x, y)",
        "hypot(x)",
        "clamp(x, 1)",
        "sum()",
        "sin([x])",
        "dot(x, y)",
        "dot([x], [y, z])",
        "polynomial(x, 1, 2)",
        "powi(x, y)",
        "powi(x, 2.5)",
        "clamp(x, 3, 1)",
        "linear_combination([x, y], [1, 2])",
        "x = x",
        "a = 2; a(3)",
        ";",
        "x;;y",
        "x,y",
        "n = x\no = tanh(n)",
        "x = ",
        "σσσ + )",
    ] {
        println!("=== {t:?}\n{}", drawn(t));
    }
}
