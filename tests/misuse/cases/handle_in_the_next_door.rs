//! A handle kept from one door cannot be used in the next.

fn main() {
    let mut kept = Vec::new();
    let _ = wengert::gradient(
        |x| {
            kept.push(x[0]);
            x[0]
        },
        &[1.0],
    );
    let _ = wengert::gradient(|x| kept[0] * x[0], &[2.0]);
}
