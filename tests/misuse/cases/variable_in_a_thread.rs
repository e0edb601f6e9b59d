use wengert::Tape;

fn main() {
    let tape = Tape::new();
    let x = tape.var(1.0);
    std::thread::scope(|threads| {
        threads.spawn(|| x.sin().value());
    });
}
