//! A rewind might drop the node that a variable names.

fn main() {
    let mut tape = wengert::Tape::new();
    let mark = tape.mark();
    let x = tape.var(1.0);
    tape.rewind(mark).unwrap();
    let _ = x * x;
}
