//! Runs one input of the `tape` target, after printing its steps.

fn main() {
    let path = std::env::args().nth(1).expect("give the file of an input");
    let bytes = std::fs::read(path).expect("the input cannot be read");
    for (number, step) in wengert_fuzz::program(&bytes).iter().enumerate() {
        println!("{number}: {step:?}");
    }
    wengert_fuzz::tape(&bytes);
    println!("the tape and the model agree");
}
