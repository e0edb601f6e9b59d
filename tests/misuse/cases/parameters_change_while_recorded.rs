//! No parameter can be added while a recording of the set is in use.

fn main() {
    let mut parameters = wengert::Parameters::new();
    let tape = wengert::Tape::new();
    let recorded = parameters.record(&tape);
    parameters.insert("late", 1.0);
    let _ = recorded.iter().len();
}
