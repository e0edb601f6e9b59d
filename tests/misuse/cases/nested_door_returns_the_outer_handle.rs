//! A door's closure has to return a handle of that door.

fn main() {
    let _ = wengert::gradient(
        |x| {
            let _ = wengert::gradient(|_| x[0], &[1.0]);
            x[0]
        },
        &[1.0],
    );
}
