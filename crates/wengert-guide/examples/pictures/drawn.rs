//! What the guide shows.

use std::fmt::Write;
use std::path::Path;
use wengert::{Function, Tape};
use wengert_graph::{Picture, Snapshot, Theme};

/// The files: each picture as SVG, and as the definition of its name by data; of a picture that an
/// example drew into `docs`, the definition.
pub(crate) fn files() -> Vec<(String, String)> {
    let pictures = [("chain", chain()), ("optimised", optimised()), ("not-finite", not_finite())];
    let files = pictures.into_iter().flat_map(|(name, snapshot)| {
        let svg = Picture::of(&snapshot).svg(Theme::Auto);
        let data = defined(name, &svg);
        [(format!("{name}.svg"), svg), data]
    });
    files.chain([defined("bundle", &of_an_example("bundle"))]).collect()
}

/// The file that defines a name by data.
fn defined(name: &str, svg: &str) -> (String, String) {
    (format!("{name}.data.md"), format!("[{name}]: data:image/svg+xml,{}\n", encoded(svg)))
}

/// What an example drew.
fn of_an_example(name: &str) -> String {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    std::fs::read_to_string(docs.join(format!("{name}.svg"))).expect("a picture that is kept")
}

/// Text as a part of a URL (RFC 3986, section 2.1), in which Markdown sees nothing of its own.
fn encoded(text: &str) -> String {
    let mut url = String::with_capacity(2 * text.len());
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'/' | b':' | b'=' | b',' => {
                url.push(byte.into());
            }
            _ => write!(url, "%{byte:02X}").expect("a string takes all text"),
        }
    }
    url
}

/// x·y + sin x.
fn chain() -> Snapshot {
    let tape = Tape::new();
    let [x, y] = [tape.var(2.0).label("x"), tape.var(3.0).label("y")];
    let (product, sine) = ((x * y).label("product"), x.sin().label("sine"));
    let f = (product + sine).label("f");
    Snapshot::of(&tape.view()).with_gradients(&f.gradients()).with_title("f = x·y + sin x")
}

/// A function in which a product is written twice.
fn optimised() -> Snapshot {
    let f =
        Function::record(&[1.0, 2.0], |x| (x[0] * x[1]).sin() + (x[0] * x[1]).powi(2) + x[0] * 0.5);
    let snapshot = Snapshot::of_function(&f, &[1.0, 2.0]).expect("it has no branches");
    snapshot.with_title("sin(x·y) + (x·y)² + x/2, as it is evaluated")
}

/// A logarithm of 0, and what follows.
fn not_finite() -> Snapshot {
    let tape = Tape::new();
    let [x, scale] = [tape.var(4.0).label("x"), tape.var(0.5).label("scale")];
    let distance = (x - 4.0).label("distance");
    let loss = (distance.ln() * scale).label("loss");
    Snapshot::of(&tape.view()).with_gradients(&loss.gradients()).with_title("scale · ln(x − 4)")
}
