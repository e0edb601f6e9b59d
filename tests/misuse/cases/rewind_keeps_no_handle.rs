//! Variables below the mark are still there after a rewind, but have to be asked for again.

fn main() {
    let mut tape = wengert::Tape::new();
    let x = tape.var(1.0);
    let mark = tape.mark();
    tape.rewind(mark).unwrap();
    let _ = x * x;
}
