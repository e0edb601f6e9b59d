//! A closure door's tape is gone when the door closes.

fn main() {
    let mut kept = None;
    let _ = wengert::gradient(
        |x| {
            kept = Some(x[0]);
            x[0]
        },
        &[1.0],
    );
}
