//! Elementary functions in a replay: `cargo run --release -p benches --bin elementary`.
//!
//! Prints a row for each: nanoseconds an element of Σ f(xᵢ) over 1,000 inputs, in plain floats (the
//! platform's function, one by one), as a replay's value and as its value and gradient; minima of
//! rounds that take turns. The product, which computes next to nothing, is the price of all else.
//!
//! Then the same of a sample, in batches of one product: what it costs to carry samples into lanes
//! and results out of them.

use std::hint::black_box;
use std::time::Instant;
use wengert::{Batch, Function, Optimise, Var};

const INPUTS: usize = 1000;
const ROUNDS: usize = 30;
const REPEATS: usize = 20;

/// A function of floats, the same on variables, and the inputs from where to where.
struct Elementary {
    name: &'static str,
    floats: fn(f64) -> f64,
    variables: for<'t> fn(Var<'t>) -> Var<'t>,
    range: [f64; 2],
}

impl Elementary {
    fn inputs(&self) -> Vec<f64> {
        let [from, to] = self.range;
        (0..INPUTS).map(|i| from + (to - from) * (i as f64 + 0.5) / INPUTS as f64).collect()
    }

    fn row(&self) {
        let x = self.inputs();
        let floats = |x: &[f64]| x.iter().map(|&x| (self.floats)(x)).sum();
        let f = Function::record(&x, |x| x.iter().map(|&x| (self.variables)(x)).sum::<Var<'_>>());
        row(self.name, &x, floats, &f);
    }
}

/// Prints nanoseconds an element, in floats, of a value and of a value and gradient.
fn row(name: &str, x: &[f64], floats: impl Fn(&[f64]) -> f64, f: &Function) {
    const FITS: &str = "the lengths fit, and there is no branch";
    let mut workspace = f.workspace();
    let mut gradient = vec![0.0; INPUTS];
    let mut least = [f64::INFINITY; 3];
    for _ in 0..ROUNDS {
        let plain = time(|| floats(black_box(x)));
        let value = time(|| f.value(&mut workspace, black_box(x)).expect(FITS));
        let both =
            time(|| f.value_and_gradient(&mut workspace, black_box(x), &mut gradient).expect(FITS));
        for (least, time) in least.iter_mut().zip([plain, value, both]) {
            *least = least.min(time);
        }
    }
    let [floats, value, both] = least;
    println!("| {name} | {floats:.1} | {value:.1} | {both:.1} |");
}

/// m + ln Σ e^(xᵢ − m), with the largest as m.
fn by_hand<'t>(x: &[Var<'t>]) -> Var<'t> {
    let m = x[1..].iter().fold(x[0], |m, &x| m.max(x));
    m + x.iter().map(|&x| (x - m).exp()).sum::<Var<'_>>().ln()
}

/// The same as one operation, as it is recorded, and as it is recognised.
fn log_sum_exp() {
    let x: Vec<f64> = (0..INPUTS).map(|i| (i * 7919 % INPUTS) as f64 / INPUTS as f64).collect();
    let floats = |x: &[f64]| {
        let m = x.iter().fold(f64::NEG_INFINITY, |m, &x| m.max(x));
        m + x.iter().map(|&x| (x - m).exp()).sum::<f64>().ln()
    };
    row("`log_sum_exp`", &x, floats, &Function::record(&x, |x| Var::log_sum_exp(x)));
    row("the same by hand", &x, floats, &Function::record(&x, by_hand));
    let switches = Optimise::all().log_sum_exp(true);
    let recognised = Function::builder().optimise(switches).record(&x, by_hand);
    row("by hand, with `Optimise::log_sum_exp`", &x, floats, &recognised);
}

/// Prints nanoseconds a sample, of the values and of the gradient of a batch.
fn batch_row(name: &str, f: &Function, batch: &Batch<'_>) {
    const FITS: &str = "the lengths fit, and there is no branch";
    let shared = f.num_variables().min(1);
    let mut workspace = f.batch_workspace();
    let mut values = vec![0.0; INPUTS];
    let mut sums = vec![0.0; shared];
    let mut rows = vec![0.0; (f.num_variables() - shared) * INPUTS];
    let mut least = [f64::INFINITY; 2];
    for _ in 0..ROUNDS {
        let of_values = time(|| {
            f.batch_values(&mut workspace, black_box(batch), &mut values).expect(FITS);
            values[0]
        });
        let of_gradient = time(|| {
            f.batch_gradient(&mut workspace, black_box(batch), &mut sums, &mut rows).expect(FITS)
        });
        for (least, time) in least.iter_mut().zip([of_values, of_gradient]) {
            *least = least.min(time);
        }
    }
    let [values, gradient] = least;
    println!("| {name} | {values:.1} | {gradient:.1} |");
}

/// Batches of w·x, with a w that all samples share and an x of each.
fn batches() {
    let (w, x): ([f64; 1], Vec<f64>) = ([1.5], (0..INPUTS).map(|i| i as f64 * 1e-3).collect());
    println!();
    println!("| product of a shared variable and | values | gradient |");
    println!("|---|--:|--:|");
    let variable = Function::record(&[1.5, 1.0], |x| x[0] * x[1]);
    batch_row(
        "a variable of each sample",
        &variable,
        &Batch::new(INPUTS).shared_variables(&w).variables(&x),
    );
    let datum = Function::builder().data(&[1.0]).record_with_data(&w, |w, x| w[0] * x[0]);
    let batch = Batch::new(INPUTS).shared_variables(&w).data(&x);
    batch_row("a datum of each sample", &datum, &batch);
}

fn time(mut work: impl FnMut() -> f64) -> f64 {
    let start = Instant::now();
    for _ in 0..REPEATS {
        black_box(work());
    }
    1e9 * start.elapsed().as_secs_f64() / (REPEATS * INPUTS) as f64
}

/// Functions that floats have too.
macro_rules! of_floats {
    ($($name:ident $range:expr;)*) => {
        [$(Elementary {
            name: concat!("`", stringify!($name), "`"),
            floats: |x| x.$name(),
            variables: |x| x.$name(),
            range: $range,
        }),*]
    };
}

fn all() -> Vec<Elementary> {
    let mut all = vec![Elementary {
        name: "`product`",
        floats: |x| x * 1.5 * x,
        variables: |x| x * 1.5 * x,
        range: [-3.0, 3.0],
    }];
    all.extend(of_floats! {
        exp [-3.0, 3.0];
        ln [0.2, 6.2];
        sin [-3.0, 3.0];
        atan [-3.0, 3.0];
        tanh [-3.0, 3.0];
    });
    all.push(Elementary {
        name: "`sigmoid`",
        floats: |x| 1.0 / (1.0 + (-x).exp()),
        variables: |x| x.sigmoid(),
        range: [-3.0, 3.0],
    });
    all.push(Elementary {
        name: "`softplus`",
        floats: |x| x.max(0.0) + (-x.abs()).exp().ln_1p(),
        variables: |x| x.softplus(),
        range: [-3.0, 3.0],
    });
    all.push(Elementary {
        name: "`x^1.37`",
        floats: |x| x.powf(1.37),
        variables: |x| x.powf(1.37),
        range: [0.2, 6.2],
    });
    all.push(Elementary {
        name: "`erf`",
        floats: libm::erf,
        variables: |x| x.erf(),
        range: [-3.0, 3.0],
    });
    all.push(Elementary {
        name: "`normal_cdf`",
        floats: |x| 0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2),
        variables: |x| x.normal_cdf(),
        range: [-3.0, 3.0],
    });
    all
}

fn main() {
    println!("| function | floats | value | value and gradient |");
    println!("|---|--:|--:|--:|");
    all().iter().for_each(Elementary::row);
    log_sum_exp();
    batches();
}
