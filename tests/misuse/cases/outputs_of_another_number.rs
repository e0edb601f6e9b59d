use wengert::Function;

fn main() {
    let _ = Function::record(&[1.0, 2.0], |x| vec![x[0], x[1]]);
    let _ = Function::record_many(&[1.0, 2.0], |x| x[0] * x[1]);
}
