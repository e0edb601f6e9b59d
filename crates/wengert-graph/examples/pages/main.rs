//! HTML pages of all sorts, to be opened in a browser: by people, and by `.ci/browser.py`.
//!
//! ```text
//! cargo run -p wengert-graph --example pages -- target/pages
//! ```

use std::error::Error;
use std::path::PathBuf;
use wengert::{Function, Tape, Var};
use wengert_graph::{Picture, Role, Snapshot, Theme};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    std::fs::create_dir_all(&folder)?;
    let neuron = neuron();
    for (name, theme) in [("light", Theme::Light), ("dark", Theme::Dark), ("auto", Theme::Auto)] {
        let page = Picture::of(&neuron).html(theme);
        std::fs::write(folder.join(format!("neuron-{name}.html")), page)?;
    }
    let pages = [
        ("values", values()),
        ("hostile", hostile()),
        ("lost", lost()),
        ("sums", sums()),
        ("function", function()),
        ("groups", steps(400)),
        ("scopes", scopes()),
        ("by-hand", by_hand()),
    ];
    for (name, snapshot) in pages {
        std::fs::write(
            folder.join(format!("{name}.html")),
            Picture::of(&snapshot).html(Theme::Auto),
        )?;
    }
    let many = steps(40);
    std::fs::write(folder.join("many.html"), Picture::everything(&many).html(Theme::Auto))?;
    Ok(())
}

/// One neuron with its gradients.
fn neuron() -> Snapshot {
    let tape = Tape::new();
    let (x1, w1) = (tape.var(2.0).label("x1"), tape.var(-3.0).label("w1"));
    let (x2, w2) = (tape.var(0.0).label("x2"), tape.var(1.0).label("w2"));
    let b = tape.var(6.8814).label("b");
    let sum = ((x1 * w1).label("x1w1") + (x2 * w2).label("x2w2")).label("x1w1 + x2w2");
    let o = (sum + b).label("n").tanh().label("o");
    let snapshot = Snapshot::of(&tape.view())
        .with_gradients(&o.gradients())
        .with_title("o = tanh(x1·w1 + x2·w2 + b)");
    [w1, w2, b].iter().fold(snapshot, |s, var| s.with_role(var.id().unwrap(), Role::Parameter))
}

/// A recording that nobody has swept.
fn values() -> Snapshot {
    let tape = Tape::new();
    let x = tape.var(0.5).label("x");
    let _ = (x.exp() * x + 1.0).ln().label("y");
    Snapshot::of(&tape.view()).with_title("Values alone")
}

/// Labels that would like to be more than labels.
fn hostile() -> Snapshot {
    let tape = Tape::new();
    let labels = [
        "<script>window.broken = true</script>",
        "</script><script>window.broken = true</script>",
        "<img src=x onerror=\"window.broken = true\">",
        "\"|{}<!--",
        "]]> & &lt; {{data}} {{title}}",
        "two\nlines \u{2028} \u{202e}turned",
    ];
    let inputs: Vec<Var<'_>> = labels.iter().map(|label| tape.var(0.5).label(*label)).collect();
    let y = Var::sum(&inputs).label("__proto__").sin().label("</svg>");
    Snapshot::of(&tape.view())
        .with_gradients(&y.gradients())
        .with_title("</title><script>window.broken = true</script> {{script}} \" '")
}

/// A value that is used again and again, so that its adjoint is a sum.
fn sums() -> Snapshot {
    let tape = Tape::new();
    let x = tape.var(1.5).label("x");
    let y = (x * x * x - x.sin() * 40.0).label("y");
    Snapshot::of(&tape.view()).with_gradients(&y.gradients()).with_title("x³ − 40 sin x")
}

/// A function that has compared its variables.
fn function() -> Snapshot {
    let f = Function::record(&[1.0, 2.0], |x| {
        let slope = if x[0] < x[1] { 2.0 } else { 0.5 };
        (slope * x[0] * x[1]).tanh()
    });
    let snapshot = Snapshot::of_function(&f, &[0.5, 0.75]);
    snapshot.expect("the first is the smaller one, as it was").with_title("A function")
}

/// A value that is lost.
fn lost() -> Snapshot {
    let tape = Tape::new();
    let x = tape.var(-1.0).label("x");
    let y = (x.ln() * 2.0 + x).label("y");
    Snapshot::of(&tape.view()).with_gradients(&y.gradients()).with_title("ln(−1)")
}

/// Layers in scopes, each with more nodes than a picture shows one by one.
fn scopes() -> Snapshot {
    let tape = Tape::new();
    let mut row: Vec<Var<'_>> = [0.5, -0.25].map(|x| tape.var(x)).to_vec();
    for layer in 1..=3 {
        let _scope = tape.scope(format!("layer{layer}"));
        let neuron = |i: usize| {
            let weights: Vec<Var<'_>> =
                row.iter().map(|_| tape.var(0.1 * (1 + i) as f64)).collect();
            let _activation = tape.scope("activation");
            Var::dot(&weights, &row).tanh()
        };
        row = (0..12).map(neuron).collect();
    }
    let out = Var::sum(&row).label("out");
    Snapshot::of(&tape.view()).with_gradients(&out.gradients()).with_title("Layers in scopes")
}

/// A neuron whose gradients a student wrote down, one of them wrong.
fn by_hand() -> Snapshot {
    let tape = Tape::new();
    let [x, w, b] = [("x", 2.0), ("w", -3.0), ("b", 6.8814)].map(|(n, v)| tape.var(v).label(n));
    let xw = (x * w).label("xw");
    let n = (xw + b).label("n");
    let o = n.tanh().label("o");
    let written = [(o, 1.0), (n, 0.7), (xw, 0.7), (b, 0.7), (x, -2.1), (w, 1.4)];
    let of = |node: wengert_graph::Node<'_>| {
        written.iter().find(|(var, _)| node.index() == var.id().unwrap().into()).map(|(_, g)| *g)
    };
    Snapshot::of(&tape.view()).with_adjoints(of).with_title("Gradients by hand")
}

/// Steps of a solver for predators and prey.
fn steps(count: usize) -> Snapshot {
    let tape = Tape::new();
    let [mut x, mut y] = [tape.var(10.0).label("prey"), tape.var(5.0).label("hunters")];
    let rates = [1.1, 0.4, 0.1, 0.4].map(|rate| tape.var(rate));
    for _ in 0..count {
        let _step = tape.scope("step");
        let dx = rates[0] * x - rates[1] * x * y;
        let dy = rates[2] * x * y - rates[3] * y;
        (x, y) = (x + 0.01 * dx, y + 0.01 * dy);
    }
    let end = (x + y).label("alive at the end");
    Snapshot::of(&tape.view()).with_gradients(&end.gradients()).with_title("Predators and prey")
}
