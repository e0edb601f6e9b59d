//! Guards of what is called are guards of the caller.

use super::{APART, Call, WHOLE};
use wengert::{Batch, Function, Tape, Var};

/// The line of the comparison that a function makes, and the function.
fn branching() -> (u32, Function) {
    let line = line!() + 1;
    let f = Function::record(&[1.0], |x| if x[0].sin() < 0.5 { -x[0] } else { x[0] * x[0] });
    (line, f)
}

fn caller(call: Call<'_>) -> (u32, Function) {
    let (line, inner) = branching();
    (line, Function::record(&[2.0], |x| call(&inner, &[x[0] - 1.0], &[]).unwrap()[0] * 3.0))
}

#[test]
fn a_guard_that_fails_names_the_line_of_what_is_called() {
    for call in [WHOLE, APART] {
        let (line, f) = caller(call);
        assert_eq!(f.value(&mut f.workspace(), &[2.5]), Ok(6.75));
        let error = f.value(&mut f.workspace(), &[1.1]).unwrap_err();
        assert!(error.is_guard());
        let text = error.to_string();
        assert!(text.contains(&format!("guards.rs:{line}")), "{text}");
        let batch = Batch::new(3).variables(&[2.0, 2.5, 1.1]);
        let mut values = [0.0; 3];
        let error = f.batch_values(&mut f.batch_workspace(), &batch, &mut values).unwrap_err();
        assert!(error.to_string().contains("sample 2"), "{error}");
    }
}

#[test]
fn a_point_off_the_path_cannot_be_recorded() {
    let (_, inner) = branching();
    let tape = Tape::new();
    assert!(inner.call_as_one(&[tape.var(0.1)], &[]).unwrap_err().is_guard());
    let f = Function::builder()
        .ignore_guards()
        .record(&[2.0], |x| inner.call_as_one(&[x[0] - 1.0], &[]).unwrap()[0]);
    // As asked for.
    assert_eq!(f.value(&mut f.workspace(), &[0.5]), Ok(0.25));
}

/// A caller that records its paths chooses another function on another path.
#[test]
fn a_caller_follows_paths_through_calls() {
    let make = |low: bool| {
        Function::record(&[if low { 0.1 } else { 1.0 }], |x| {
            if x[0].sin() < 0.5 { -x[0] } else { x[0] * x[0] }
        })
    };
    let sides = [make(false), make(true)];
    let paths = Function::builder().record_paths(&[2.0], 4, move |x, _| {
        let x = x[0] - 1.0;
        let called = sides.iter().find_map(|side| side.call_as_one(&[x], &[]).ok());
        vec![called.expect("there are two paths")[0] * 3.0]
    });
    let mut workspace = paths.workspace();
    for (x, expected) in [(2.5, 6.75), (1.1, -0.3), (3.0, 12.0), (1.25, -0.75)] {
        let value = paths.value(&mut workspace, &[x]).unwrap();
        assert!((value - expected).abs() < 1e-12, "{value} is not {expected}");
    }
    assert_eq!(paths.recordings(), 2);
}

/// Guards that compare an input, an output and a constant of what is called.
#[test]
fn guards_compare_whatever_there_is() {
    let inner = Function::record_many(&[1.0, 2.0], |x| {
        let y = x[0] * x[1];
        assert!(x[0] < 10.0 && y > x[1] - 5.0 && y < 50.0);
        vec![y]
    });
    let f = Function::record(&[1.0, 2.0], |x| inner.call_as_one(x, &[]).unwrap()[0]);
    let at = |x: [f64; 2]| f.value(&mut f.workspace(), &x);
    assert_eq!(at([2.0, 3.0]), Ok(6.0));
    assert!(at([11.0, 0.5]).unwrap_err().is_guard());
    assert!(at([9.0, 9.0]).unwrap_err().is_guard());
    assert!(at([-2.0, 9.0]).unwrap_err().is_guard());
    let tape = Tape::new();
    let _ = inner.call_as_one(&[tape.var(1.0), Var::constant(2.0)], &[]).unwrap();
}
