//! Prints after how many gradients a recording pays for itself, and its bytes, for each problem.

use std::time::Duration;

use benches::break_even::BreakEven;
use wengert_problems::{Problem, Visitor, visit_all};

fn main() {
    println!("{}", BreakEven::HEADING);
    visit_all(&mut Rows);
}

struct Rows;

impl Visitor for Rows {
    fn visit<P: Problem + 'static>(&mut self, problem: P) {
        println!("{}", BreakEven::measure(&problem, Duration::from_secs(3)));
    }
}
