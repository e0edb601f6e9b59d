//! What misuse of parts meets.

use crate::support::{panics, panics_here};
use std::panic::{AssertUnwindSafe, catch_unwind};
use wengert::{Function, Tape, Var, nested, statement};

const DIFFERENT: &str = "the variables belong to different tapes";

#[test]
fn inputs_of_two_tapes_are_refused() {
    let (one, other) = (Tape::new(), Tape::new());
    let (x, y) = (one.var(1.0), other.var(2.0));
    panics_here(DIFFERENT, || Var::preaccumulate(&[x, y], |v| vec![v[0] * v[1]]));
    panics_here(DIFFERENT, || Var::preaccumulate_array([x, y], |[x, y]| [x * y]));
    panics_here(DIFFERENT, || Var::statement([x, y], |[x, y]| [x * y], |[x, y]| [x * y]));
    panics_here(DIFFERENT, || statement!(|x, y| x * y));
    assert_eq!((one.len(), other.len()), (1, 1));
}

/// Most outputs of another tape do not compile; one that lives for ever does.
#[test]
fn an_output_of_another_tape_is_refused() {
    let elsewhere: &'static Tape = Box::leak(Box::default());
    let stranger: Var<'static> = elsewhere.var(2.0);
    let tape = Tape::new();
    let x = tape.var(1.0);
    panics_here(DIFFERENT, || Var::preaccumulate(&[x], |_| vec![stranger]));
    panics_here(DIFFERENT, || Var::preaccumulate_array([x], |_| [stranger]));
    panics(DIFFERENT, || Var::preaccumulate_array([x], |[x]| [x * stranger]));
    assert_eq!(tape.len(), 1);
    assert_eq!((x * x).gradients()[x], 2.0);
}

/// What the closure records on the tape outside stays there, and the part is as it was.
#[test]
fn a_part_may_record_outside_and_does_not_depend_on_it() {
    let tape = Tape::new();
    let x = tape.var(3.0);
    let y = Var::preaccumulate(&[x], |v| {
        assert_eq!((x * x).value(), 9.0);
        vec![v[0] * v[0]]
    })[0];
    assert_eq!(tape.len(), 3);
    assert_eq!(y.gradients()[x], 6.0);
}

#[test]
fn a_panic_within_a_part_leaves_the_tape_as_it_was() {
    let tape = Tape::new();
    let x = tape.var(3.0);
    let before = tape.to_string();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        Var::preaccumulate(&[x], |v| {
            let y = v[0] * v[0];
            assert!(y.value() < 0.0, "in the middle");
            vec![y]
        })
    }));
    assert!(outcome.is_err());
    assert_eq!(tape.to_string(), before);
    let y = Var::preaccumulate(&[x], |v| vec![v[0] * v[0]])[0];
    assert_eq!(y.gradients()[x], 6.0);
}

#[test]
fn the_limit_of_the_tape_holds_for_parts() {
    let tape = Tape::with_limit(240);
    let x = tape.var(1.0);
    panics("its limit is 240", || {
        Var::preaccumulate(&[x], |x| vec![(0..100).fold(x[0], |y, _| y.sin())])
    });
    let full = Tape::with_limit(48);
    let [x, y] = full.var_array([1.0, 2.0]);
    panics_here("its limit is 48", || Var::preaccumulate(&[x, y], |v| vec![v[0] * v[1]]));
    panics_here("its limit is 48", || statement!(|x, y| x * y));
    assert_eq!(full.len(), 2);
}

/// Where there is room for the first of two nodes, there may be none for the second.
#[test]
fn a_part_of_two_nodes_is_recorded_whole_or_not_at_all() {
    let parts: [for<'t> fn([Var<'t>; 2]) -> [Var<'t>; 2]; 4] = [
        |x| Var::preaccumulate(&x, |v| vec![v[0] * v[1], v[0] / v[1]]).try_into().unwrap(),
        |x| Var::preaccumulate_array(x, |[x, y]| [x * y, x / y]),
        |[x, y]| statement!(|x, y| [x * y, x / y]),
        |x| {
            let function = Function::record_many(&[1.0, 2.0], |x| {
                let y = (0..9).fold(x[0] * x[1], |y, _| y.sin());
                vec![y, y.cos()]
            });
            function.call(&x, &[]).unwrap().try_into().unwrap()
        },
    ];
    for part in parts {
        let [mut recorded, mut refused] = [0; 2];
        for bytes in (48..600).step_by(8) {
            let tape = Tape::with_limit(bytes);
            let x = tape.var_array([1.0, 2.0]);
            let is_recorded = catch_unwind(AssertUnwindSafe(|| part(x))).is_ok();
            assert_eq!(tape.len(), if is_recorded { 4 } else { 2 }, "{bytes} bytes");
            *if is_recorded { &mut recorded } else { &mut refused } += 1;
        }
        assert!(recorded > 10 && refused > 10, "{recorded} and {refused}");
    }
}

/// The square of the first, as a statement.
fn square<'t>(x: &[Var<'t>]) -> Var<'t> {
    let x = x[0];
    statement!(|x| x * x)
}

/// Never a silent zero.
#[test]
fn derivatives_of_derivatives_of_a_part_are_refused() {
    let text = "n1 stands for a part of which only the first derivatives were kept, as numbers: for \
                derivatives of derivatives record the part without `preaccumulate`";
    let tape = Tape::new();
    let x = tape.var(2.0);
    let y = Var::preaccumulate(&[x], |x| vec![x[0] * x[0] * x[0]])[0];
    panics_here(text, || y.derivatives(&[x]));
    panics("stands for a part", || nested::gradient(square, &[x]));
    let long = Function::record(&[1.0], |x| (0..9).fold(x[0], |y, _| y.sin()));
    panics("`Function::inline`", || long.call(&[x], &[]).unwrap()[0].derivatives(&[x]));
    // By what lies behind the part there is no need of it.
    let z = y * y;
    assert_eq!(z.derivatives(&[y])[0].derivatives(&[y])[0].value(), 2.0);
}

#[test]
fn a_listing_says_what_a_part_needs() {
    let refused = |line: &str| {
        let listing = format!("n0 = input ; 2\nn1 = {line}\n");
        Tape::<f64>::from_listing(&listing).unwrap_err().to_string()
    };
    assert!(refused("preaccumulated 2 n0").contains("needs a value"));
    for line in ["preaccumulated ; 2", "preaccumulated n0 2 ; 2", "preaccumulated 1 2 n0 ; 2"] {
        assert!(refused(line).contains("as many numbers as variables"), "{line}");
    }
}
