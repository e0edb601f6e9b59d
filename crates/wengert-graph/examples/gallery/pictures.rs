//! What the documentation shows.

use wengert::{Function, Tape, Var};
use wengert_graph::{Picture, Role, Selection, Snapshot, Theme};

/// The file of each picture, and what is in it; of some also the forms in text.
pub(crate) fn files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    let done = each(|name, picture| {
        files.push((format!("{name}.svg"), picture.svg(Theme::Auto)));
        if name == "neuron" {
            files.push(("neuron.dot".to_owned(), picture.dot()));
            files.push(("neuron.mmd".to_owned(), picture.mermaid()));
        }
        if name == "neuron" || name == "guards" {
            files.push((format!("{name}.txt"), picture.table()));
        }
        Ok::<(), std::convert::Infallible>(())
    });
    done.unwrap_or_else(|never| match never {});
    files
}

/// Shows every picture with its name.
pub(crate) fn each<E>(mut show: impl FnMut(&str, &Picture<'_>) -> Result<(), E>) -> Result<(), E> {
    show("neuron", &Picture::of(&neuron(|n| n.tanh())))?;
    show("neuron-rebuilt", &Picture::of(&neuron(rebuilt_tanh)))?;
    show("values", &Picture::of(&values()))?;
    show("not-finite", &Picture::of(&not_finite()))?;
    show("order", &Picture::of(&order()))?;
    show("function", &Picture::of(&function()))?;
    show("guards", &Picture::of(&huber()))?;
    show("network", &Picture::of(&network()))?;
    show("layers", &Picture::of(&layers()))?;
    show("lines", &Picture::of(&lines()))?;
    let loop_ = ode();
    show("pattern", &Picture::of(&loop_))?;
    let last = loop_.outputs()[0];
    show("slice", &Picture::slice(&loop_, &Selection::upstream(&loop_, last, 4)))
}

/// One neuron, as in the engine's example.
fn neuron(tanh: for<'t> fn(Var<'t>) -> Var<'t>) -> Snapshot {
    let tape = Tape::new();
    let (x1, w1) = (tape.var(2.0).label("x1"), tape.var(-3.0).label("w1"));
    let (x2, w2) = (tape.var(0.0).label("x2"), tape.var(1.0).label("w2"));
    let b = tape.var(6.8814).label("b");
    let x1w1 = (x1 * w1).label("x1w1");
    let x2w2 = (x2 * w2).label("x2w2");
    let n = ((x1w1 + x2w2).label("x1w1 + x2w2") + b).label("n");
    let o = tanh(n).label("o");
    let snapshot = Snapshot::of(&tape.view())
        .with_gradients(&o.gradients())
        .with_title("o = tanh(x1·w1 + x2·w2 + b)");
    [w1, w2, b].iter().fold(snapshot, |s, var| s.with_role(var.id().unwrap(), Role::Parameter))
}

/// The hyperbolic tangent from its definition.
fn rebuilt_tanh(n: Var<'_>) -> Var<'_> {
    let (up, down) = (n.exp(), (-n).exp());
    (up - down) / (up + down)
}

/// Values alone, before any sweep, and a gradient that is set by hand at the output only.
fn values() -> Snapshot {
    let tape = Tape::new();
    let [a, b, c] = [2.0, -3.0, 10.0].map(|x| tape.var(x));
    let (a, b, c) = (a.label("a"), b.label("b"), c.label("c"));
    let d = (a * b + c).label("d");
    let loss = (d * -2.0).label("L");
    let output = loss.id().unwrap().into();
    Snapshot::of(&tape.view())
        .with_adjoints(|node| (node.index() == output).then_some(1.0))
        .with_title("Before the sweep: ∂L/∂L = 1, the rest is open")
}

/// A value that is lost, and what it does to the gradient.
fn not_finite() -> Snapshot {
    let tape = Tape::new();
    let (x, y) = (tape.var(0.5).label("x"), tape.var(-1.0).label("y"));
    let u = (y + 1.0).label("u");
    let v = u.ln().label("v");
    let out = ((x * v).label("x·v") + x.exp()).label("out");
    Snapshot::of(&tape.view())
        .with_gradients(&out.gradients())
        .with_title("Where the infinity comes from: ln 0")
}

/// A function after the optimiser: what is written three times is computed once.
fn function() -> Snapshot {
    let f = Function::record(&[1.0; 4], |x| {
        let determinant = || x[0] * x[3] - x[1] * x[2];
        determinant() * determinant() + determinant().sin()
    });
    Snapshot::of_function(&f, &[2.0, -1.0, 1.0, 0.5])
        .expect("there are four variables and no comparison")
        .with_title("y = d² + sin d with d = x0·x3 − x1·x2, after the optimiser")
}

/// A network trained on samples, in scopes.
fn network() -> Snapshot {
    let tape = Tape::new();
    let mut weights = (0..).map(|i| tape.var(f64::from((i * 37) % 19) / 19.0 - 0.5));
    let sizes = [2, 6, 6, 1];
    let layers: Vec<Vec<Vec<Var<'_>>>> = sizes
        .windows(2)
        .enumerate()
        .map(|(i, pair)| {
            let _scope = tape.scope(format!("layer{}", i + 1));
            let _weights = tape.scope("weights");
            (0..pair[1]).map(|_| weights.by_ref().take(pair[0] + 1).collect()).collect()
        })
        .collect();
    let losses: Vec<Var<'_>> = (0..12).map(|sample| loss(&tape, &layers, sample)).collect();
    let loss = Var::sum(&losses).label("loss");
    Snapshot::of(&tape.view())
        .with_gradients(&loss.gradients())
        .with_title("A network in scopes: every sample passes the same layers")
}

fn loss<'t>(tape: &'t Tape, layers: &[Vec<Vec<Var<'t>>>], sample: u32) -> Var<'t> {
    let mut row: Vec<Var<'t>> = {
        let _scope = tape.scope("samples");
        [sample, sample * sample].map(|x| tape.var((f64::from(x) * 0.7).sin())).to_vec()
    };
    for (i, layer) in layers.iter().enumerate() {
        let _scope = tape.scope(format!("layer{}", i + 1));
        row = layer.iter().map(|w| neuron_of(w, &row)).collect();
    }
    let _scope = tape.scope("error");
    (row[0] - f64::from(sample % 2)).powi(2)
}

fn neuron_of<'t>(weights: &[Var<'t>], row: &[Var<'t>]) -> Var<'t> {
    let products = weights.iter().zip(row).map(|(w, x)| *w * *x);
    (products.fold(weights[row.len()], |sum, product| sum + product)).tanh()
}

/// A network of 2, 16, 16 and 1 neurons with no scopes, of which only the inputs have names.
fn layers() -> Snapshot {
    let tape = Tape::new();
    let mut row = [("x1", 0.5), ("x2", -0.25)].map(|(name, x)| tape.var(x).label(name)).to_vec();
    let mut next = (0..).map(|i| tape.var(f64::from((i * 37) % 19) / 19.0 - 0.5));
    for width in [16, 16, 1] {
        let neuron = |_| {
            let weights: Vec<Var<'_>> = next.by_ref().take(row.len() + 1).collect();
            (Var::dot(&weights[1..], &row) + weights[0]).tanh()
        };
        row = (0..width).map(neuron).collect();
    }
    let out = row[0].label("out");
    Snapshot::of(&tape.view())
        .with_gradients(&out.gradients())
        .with_title("A network of 2, 16, 16 and 1 neurons, without scopes")
}

/// A curve fitted to a thousand points, with the line of each operation.
fn lines() -> Snapshot {
    let mut tape = Tape::new();
    tape.record_sources(true);
    let [height, slope, shift] =
        [("height", 0.9), ("slope", 1.5), ("shift", 0.2)].map(|(name, w)| tape.var(w).label(name));
    let errors = (0..1000).map(|i| {
        let x = f64::from(i) / 250.0 - 2.0;
        let curve = height * (slope * x - shift).tanh();
        (curve - x.clamp(-1.0, 1.0)).powi(2)
    });
    let errors: Vec<Var<'_>> = errors.collect();
    let loss = Var::sum(&errors).label("loss");
    Snapshot::of(&tape.view())
        .with_gradients(&loss.gradients())
        .with_title("A curve through a thousand points, with the lines that recorded it")
}

/// Operations of which the operands cannot change places, and a factor that comes twice.
fn order() -> Snapshot {
    let tape = Tape::new();
    let (p, q, b) = (tape.var(2.0).label("p"), tape.var(5.0).label("q"), tape.var(3.0).label("b"));
    let difference = (q - p).label("q − p");
    let ratio = (p / q).label("p ÷ q");
    let power = q.pow(p).label("q to the p");
    let angle = p.atan2(q).label("angle");
    let square = (b * b).label("b · b");
    let all = Var::sum(&[difference, ratio, power, angle, square]).label("all");
    Snapshot::of(&tape.view())
        .with_gradients(&all.gradients())
        .with_title("Which operand is which, and which comes twice")
}

/// Many steps of a solver, with no scopes: what repeats is found.
fn ode() -> Snapshot {
    let tape = Tape::new();
    let [prey, hunters] = [10.0, 5.0].map(|x| tape.var(x));
    let rates = [("birth", 1.1), ("prey caught", 0.4), ("hunters fed", 0.1), ("death", 0.4)]
        .map(|(name, rate)| tape.var(rate).label(name));
    let (mut x, mut y) = (prey.label("prey"), hunters.label("hunters"));
    for _ in 0..250 {
        let dx = rates[0] * x - rates[1] * x * y;
        let dy = rates[2] * x * y - rates[3] * y;
        (x, y) = (x + 0.01 * dx, y + 0.01 * dy);
    }
    let end = (x + y).label("alive at the end");
    let snapshot = Snapshot::of(&tape.view())
        .with_gradients(&end.gradients())
        .with_title("Predators and prey: 250 steps of Euler's method");
    rates.iter().fold(snapshot, |s, rate| s.with_role(rate.id().unwrap(), Role::Parameter))
}

/// A loss that decides between two formulas, as a function: its path is one of them.
fn huber() -> Snapshot {
    let start = [1.0, 0.0];
    let f = Function::builder().data(&[1.0, 2.0]).record_with_data(&start, |w, point| {
        let residual = (w[0] * point[0] + w[1] - point[1]).abs();
        if residual <= 1.0 { residual * residual * 0.5 } else { residual - 0.5 }
    });
    Snapshot::of_function(&f, (&[1.5, -0.25], &[2.0, 2.5]))
        .expect("the residual stays small, so the path is that of the recording")
        .with_title("Huber's loss of one point: the square, where the residual is small")
}
