//! The handles of a door and of a door within it belong to different tapes.

fn main() {
    let _ = wengert::gradient(
        |x| {
            let _ = wengert::gradient(|y| x[0] * y[0], &[1.0]);
            x[0]
        },
        &[1.0],
    );
}
