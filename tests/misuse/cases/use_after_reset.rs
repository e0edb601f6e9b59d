//! A variable names a node that a reset drops.

fn main() {
    let mut tape = wengert::Tape::new();
    let x = tape.var(1.0);
    tape.reset();
    let _ = x * x;
}
