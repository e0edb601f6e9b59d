//! A tape cannot be reset under a view.

fn main() {
    let mut tape = wengert::Tape::new();
    let view = tape.view();
    tape.reset();
    let _ = view.len();
}
