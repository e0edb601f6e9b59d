//! A determinant of 49 variables by its minors: `cargo run --profile embedded -p benches --bin determinant`.
//!
//! Prints microseconds of recording and of recording and sweep, by wengert and by the rivals: least
//! times of rounds that take turns. The products of 5,040 permutations share what they can, so that
//! a recursion of seven levels makes 13,700 operations, and what is measured is recording them.

use echidna::tape::TapeGuard;
use reverse::Gradient;
use std::hint::black_box;
use std::ops::{Add, Mul, Sub};
use std::time::Instant;
use wengert::{Gradients, Tape};

const SIZE: usize = 7;
const ROUNDS: usize = 300;

trait Number: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {}
impl<T: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self>> Number for T {}

/// The determinant of the rows from `row` on without the columns that are used. A loop, since what
/// is measured are the operations.
fn minor<T: Number>(matrix: &[T], row: usize, used: u32) -> T {
    let mut sum = None;
    let mut is_added = true;
    for column in (0..SIZE).filter(|column| used >> column & 1 == 0) {
        let entry = matrix[row * SIZE + column];
        let is_last = row + 1 == SIZE;
        let term = if is_last { entry } else { entry * minor(matrix, row + 1, used | 1 << column) };
        sum = Some(match sum {
            None => term,
            Some(sum) if is_added => sum + term,
            Some(sum) => sum - term,
        });
        is_added = !is_added;
    }
    sum.expect("a row has columns left")
}

/// Seconds of recording, and of all, with a derivative that all engines have to agree on.
type Run<'r> = Box<dyn FnMut(&[f64]) -> [f64; 3] + 'r>;

fn wengert<'r>() -> Run<'r> {
    let (mut tape, mut adjoints) = (Tape::new(), Gradients::default());
    Box::new(move |matrix| {
        let start = Instant::now();
        tape.reset();
        let x = tape.vars(matrix);
        let y = minor(&x, 0, 0);
        let recorded = start.elapsed().as_secs_f64();
        y.gradients_into(&mut adjoints);
        [recorded, start.elapsed().as_secs_f64(), adjoints[x[3]]]
    })
}

fn reverse<'r>() -> Run<'r> {
    let tape = reverse::Tape::new();
    Box::new(move |matrix| {
        let start = Instant::now();
        tape.clear();
        let x: Vec<_> = matrix.iter().map(|&x| tape.add_var(x)).collect();
        let y = minor(&x, 0, 0);
        let recorded = start.elapsed().as_secs_f64();
        let adjoints = y.grad();
        [recorded, start.elapsed().as_secs_f64(), adjoints.wrt(&x[3])]
    })
}

fn aad<'r>() -> Run<'r> {
    Box::new(move |matrix| {
        let start = Instant::now();
        let tape = aad::Tape::with_capacity(15_000);
        let x: Vec<_> = matrix.iter().map(|&x| tape.create_variable(x)).collect();
        let y = minor(&x, 0, 0);
        let recorded = start.elapsed().as_secs_f64();
        let adjoints = y.compute_gradients().expect("it depends on variables");
        let slope = adjoints.get_gradient(&x[3]).expect("the variable is on the tape");
        [recorded, start.elapsed().as_secs_f64(), slope]
    })
}

fn echidna<'r>() -> Run<'r> {
    let mut tape = echidna::tape::Tape::<f64>::new();
    Box::new(move |matrix| {
        let start = Instant::now();
        tape.clear();
        let variable = |&x: &f64| {
            let (index, value) = tape.new_variable(x);
            echidna::Reverse::from_tape(value, index)
        };
        let x: Vec<_> = matrix.iter().map(variable).collect();
        let active = TapeGuard::new(&mut tape);
        let y = minor(&x, 0, 0);
        drop(active);
        let recorded = start.elapsed().as_secs_f64();
        let adjoints = tape.reverse(y.index());
        [recorded, start.elapsed().as_secs_f64(), adjoints[x[3].index() as usize]]
    })
}

fn main() {
    let matrix: [f64; SIZE * SIZE] = std::array::from_fn(|i| (i * 37 % 101) as f64 / 50.0 - 1.0);
    let names = ["wengert", "reverse", "aad", "echidna"];
    let mut runs = [wengert(), reverse(), aad(), echidna()];
    let mut least = [[f64::INFINITY; 2]; 4];
    for _ in 0..ROUNDS {
        let slopes = runs.each_mut().map(|run| run(black_box(&matrix)));
        for (least, [recorded, both, slope]) in least.iter_mut().zip(slopes) {
            assert!((slope - slopes[0][2]).abs() < 1e-9 * slope.abs(), "engines agree");
            *least = [least[0].min(recorded), least[1].min(both)];
        }
    }
    println!("| engine | record | wengert beside it | record + sweep | wengert beside it |");
    println!("|---|--:|--:|--:|--:|");
    for (name, [record, both]) in names.iter().zip(least) {
        let [of_record, of_both] = [least[0][0] / record, least[0][1] / both];
        let [record, both] = [record, both].map(|seconds| 1e6 * seconds);
        println!("| {name} | {record:.0} µs | {of_record:.2} × | {both:.0} µs | {of_both:.2} × |");
    }
}
