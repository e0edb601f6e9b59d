//! A variable borrows its tape.

use wengert::{Tape, Var};

fn make() -> Var<'static> {
    let tape = Tape::new();
    tape.var(1.0)
}

fn main() {
    let _ = make();
}
