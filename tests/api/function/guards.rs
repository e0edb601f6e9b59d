//! Every question that a closure can ask of a variable is asked again at each evaluation.

use num_traits::{Float, Signed, ToPrimitive, Zero};
use std::cmp::Ordering;
use wengert::{Function, Optimise, Var};

type Question = for<'t> fn(Var<'t>) -> bool;

/// Records a function whose branch `ask` decides, at one number.
fn function(x: f64, ask: Question) -> Function {
    Function::record(&[x], |x| if ask(x[0]) { x[0] * 2.0 } else { x[0] * 3.0 })
}

/// A function recorded at `at` follows at each of `agree`, and refuses each of `differ`.
#[track_caller]
fn check(ask: Question, at: f64, agree: &[f64], differ: &[f64]) {
    let f = function(at, ask);
    let mut workspace = f.workspace();
    for &x in agree {
        let expected =
            wengert::value_and_gradient(|x| if ask(x[0]) { x[0] * 2.0 } else { x[0] * 3.0 }, &[x]);
        let value = f.value(&mut workspace, &[x]).unwrap_or_else(|error| panic!("{x}: {error}"));
        assert!(value == expected.0 || (value.is_nan() && x.is_nan()), "{x}: {value}");
    }
    for &x in differ {
        let error = f.value(&mut workspace, &[x]).expect_err("the branch flips");
        assert!(error.is_guard(), "{x}: {error}");
    }
}

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

#[test]
fn every_operator_of_order_is_a_guard() {
    check(|x| x < 1.0, 0.0, &[0.5, -INF], &[1.0, 2.0, INF, NAN]);
    check(|x| x < 1.0, 2.0, &[1.0, 3.0, NAN], &[0.5, -INF]);
    check(|x| x <= 1.0, 0.0, &[1.0, -INF], &[1.5, NAN]);
    check(|x| x <= 1.0, NAN, &[NAN, 2.0], &[1.0, 0.0]);
    check(|x| x > 1.0, 2.0, &[1.5, INF], &[1.0, 0.0, NAN]);
    check(|x| x > 1.0, 0.0, &[1.0, NAN], &[1.5]);
    check(|x| x >= 1.0, 2.0, &[1.0], &[0.5, NAN]);
    check(|x| x >= 1.0, NAN, &[NAN, 0.5], &[1.0, 2.0]);
}

#[test]
fn numbers_on_the_left_are_guards_too() {
    check(|x| 1.0 < x, 2.0, &[1.5], &[1.0, NAN]);
    check(|x| 1.0 <= x, 2.0, &[1.0], &[0.5, NAN]);
    check(|x| 1.0 > x, 0.0, &[0.5], &[1.0, NAN]);
    check(|x| 1.0 >= x, 0.0, &[1.0], &[1.5, NAN]);
    check(|x| 1.0 == x, 1.0, &[1.0], &[1.5, NAN]);
    check(|x| 1.0 != x, 0.0, &[0.5, NAN], &[1.0]);
    check(|x| 1.0.partial_cmp(&x) == Some(Ordering::Less), 2.0, &[3.0], &[1.0, 0.0, NAN]);
    check(|x| Var::constant(1.0) < x, 2.0, &[1.5], &[1.0, NAN]);
}

#[test]
fn equality_is_a_guard() {
    check(|x| x == 1.0, 1.0, &[1.0], &[1.5, NAN]);
    check(|x| x == 1.0, 0.0, &[NAN, 2.0], &[1.0]);
    check(|x| x != 1.0, 1.0, &[1.0], &[0.0, NAN]);
    check(|x| x == 0.0, 0.0, &[-0.0], &[5e-324, NAN]);
    check(|x| x == x, 1.0, &[0.0, INF], &[NAN]);
    check(|x| x != x, NAN, &[NAN], &[0.0]);
}

#[test]
fn variables_are_compared_with_each_other() {
    let f = Function::record(&[1.0, 2.0], |x| if x[0] * 2.0 <= x[1] { x[0] } else { x[1] });
    let mut workspace = f.workspace();
    assert_eq!(f.value(&mut workspace, &[2.0, 4.0]), Ok(2.0), "a tie is as it was");
    let error = f.value(&mut workspace, &[2.5, 4.0]).unwrap_err();
    assert!(error.to_string().contains("2.0 <= 2.0 is true, now 5.0 <= 4.0 is false"), "{error}");
}

/// What `partial_cmp` answers has four cases, and each is told from the others.
#[test]
fn an_order_has_four_outcomes() {
    fn ask(x: Var<'_>) -> bool {
        x.partial_cmp(&1.0).is_some()
    }
    let groups: [&[f64]; 4] = [&[0.0, -INF], &[1.0], &[2.0, INF], &[NAN]];
    for (i, group) in groups.iter().enumerate() {
        let others: Vec<f64> =
            (0..4).filter(|&j| j != i).flat_map(|j| groups[j].to_vec()).collect();
        check(ask, group[0], group, &others);
    }
}

#[test]
fn sorting_and_searching_are_guarded_at_the_line_of_the_closure() {
    let f = Function::record(&[3.0, 1.0, 2.0], |x| {
        let mut sorted = x.to_vec();
        sorted.sort_by(|a, b| a.partial_cmp(b).expect("no NaN"));
        sorted[0] + 2.0 * sorted[1] + 3.0 * sorted[2]
    });
    let mut workspace = f.workspace();
    assert_eq!(f.value(&mut workspace, &[30.0, 10.0, 20.0]), Ok(10.0 + 40.0 + 90.0));
    let error = f.value(&mut workspace, &[1.0, 2.0, 3.0]).unwrap_err().to_string();
    assert!(error.contains(&format!("{}:", file!())), "{error}");
    assert!(f.value(&mut workspace, &[3.0, NAN, 2.0]).is_err());
}

#[test]
fn questions_about_one_number_are_guards() {
    check(|x| x.is_zero(), 0.0, &[-0.0], &[5e-324, NAN]);
    check(|x| x.is_zero(), 1.0, &[NAN, -1.0], &[0.0, -0.0]);
    check(|x| Float::is_sign_negative(x), -1.0, &[-0.0, -INF], &[0.0, 1.0]);
    check(|x| Float::is_sign_positive(x), 1.0, &[0.0, INF], &[-0.0, -1.0]);
    check(|x| Signed::is_negative(&x), -1.0, &[-2.0], &[1.0, 0.0]);
    check(|x| Signed::is_positive(&x), 1.0, &[2.0], &[-1.0, -0.0]);
    check(|x| Float::is_nan(x), 1.0, &[2.0, -3.0, 0.0, INF], &[NAN]);
    check(|x| Float::is_nan(x), NAN, &[NAN], &[0.0, INF]);
    check(|x| Float::is_finite(x), 1.0, &[2.0, 0.0, 5e-324], &[NAN, INF, -INF]);
    check(|x| Float::is_infinite(x), INF, &[INF, -INF], &[NAN, 1.0]);
    check(|x| Float::is_infinite(x), 1.0, &[0.0, NAN], &[INF]);
    check(|x| Float::is_subnormal(x), 5e-324, &[-5e-324], &[0.0, 1.0]);
    check(|x| num_traits::One::is_one(&x), 1.0, &[1.0], &[2.0, NAN]);
    check(|x| Float::is_normal(x), 1.0, &[-2.0], &[0.0, 5e-324, INF, NAN]);
    check(|x| Float::classify(x).eq(&std::num::FpCategory::Zero), 0.0, &[-0.0], &[1.0, 5e-324]);
}

#[test]
fn casts_are_guards() {
    check(|x| x.to_i64() == Some(2), 2.5, &[2.0, 2.9], &[3.0, 1.9, -2.5, NAN]);
    check(|x| x.to_i32() == Some(2), 2.5, &[2.0, 2.9], &[3.0, NAN, 1e300]);
    check(|x| x.to_usize() == Some(0), 0.5, &[0.0, 0.9], &[1.0, -1.0, NAN]);
    check(|x| x.to_f64() == Some(2.0), 2.0, &[2.0], &[2.0000000000000004, NAN]);
    check(|x| x.to_u64().is_none(), 1e30, &[1e30], &[1e31, INF, NAN, 0.0]);
    // An integer that is the bits of another number.
    let (bits, beyond) = (0x43E0_0000_0000_0000_u64 as f64, 2_f64.powi(63));
    assert_eq!(beyond.to_bits(), bits as u64);
    check(|x| x.to_i64().is_some(), bits, &[bits], &[beyond]);
    check(|x| x.to_i64() == Some(0), 0.5, &[-0.5, -0.0], &[-1.0]);
    check(|x| Float::integer_decode(x).0 > 0, 2.0, &[2.0], &[3.0]);
}

#[test]
fn the_message_of_a_cast_tells_what_was_cast() {
    let f = Function::record(&[2.5], |x| x[0] * x[0].to_i64().map_or(0.5, |n| n as f64));
    for (x, text) in [(3.5, "the integer part of 3.5 is 3"), (NAN, "the number is NaN")] {
        let error = f.value(&mut f.workspace(), &[x]).unwrap_err().to_string();
        assert!(error.contains("recorded the integer part of 2.5 is 2, now"), "{error}");
        assert!(error.contains(text), "{error}");
    }
}

/// A condition that is asked for its answer, instead of given to `select`.
#[test]
fn conditions_that_are_asked_are_guards() {
    check(|x| x.less(1.0).holds(), 0.0, &[0.5, -INF], &[1.0, NAN]);
    check(|x| x.less_or_equal(1.0).holds(), NAN, &[NAN, 2.0], &[1.0, 0.0]);
    check(|x| x.equal(1.0).holds(), 1.0, &[1.0], &[1.5, NAN]);
    check(|x| x.greater(1.0).holds(), 0.0, &[1.0, NAN], &[1.5]);
    check(|x| x.greater_or_equal(1.0).holds(), 2.0, &[1.0], &[0.5, NAN]);
    check(|x| (!x.less(1.0)).holds(), NAN, &[NAN, 1.0], &[0.5]);
}

/// The message names the line that compared, also through a trait and from a function.
#[test]
fn the_message_names_the_line_and_the_numbers() {
    fn relu<T: Float>(x: T) -> (T, u32) {
        (if x > T::zero() { x } else { T::zero() }, line!())
    }
    let mut line = 0;
    let f = Function::record(&[1.5], |x| {
        let (y, at) = relu(x[0]);
        line = at;
        y
    });
    let error = f.value(&mut f.workspace(), &[-2.5]).unwrap_err().to_string();
    let place = format!("{}:{line}:", file!());
    assert!(error.contains(&place), "{error} does not name {place}");
    let numbers = "recorded 0.0 < 1.5 is true, now 0.0 < -2.5 is false";
    assert!(error.contains(numbers), "{error}");
    assert!(error.contains("record_paths") && error.contains("select"), "{error}");
}

/// A recorder of another language names its own lines, also in a saved function, and stops.
#[test]
fn a_place_of_another_language_stands_for_the_line_of_rust() {
    let f = Function::record(&[1.0, 2.0], |x| {
        let tape = x[0].tape().expect("an input is on a tape");
        tape.comparisons_at(Some(("model.py", 12)));
        let first = if x[0] < 0.0 { -x[0] } else { x[0] };
        tape.comparisons_at(None);
        first * if x[1] < 0.0 { -x[1] } else { x[1] }
    });
    let loaded = Function::from_bytes(&f.to_bytes()).expect("what was saved is loaded");
    for f in [f, loaded] {
        let message = |x| f.value(&mut f.workspace(), x).unwrap_err().to_string();
        assert!(message(&[-1.0, 2.0]).contains("comparison at model.py:12 came out differently"));
        assert!(message(&[1.0, -2.0]).contains(file!()), "{}", message(&[1.0, -2.0]));
        let places: Vec<_> = f.trace(&[1.0, 2.0]).unwrap().guards().map(|g| g.line()).collect();
        assert_eq!(places[0], 12);
    }
}

/// Each way to ask names this file and the line on which it is written.
#[test]
fn every_question_names_its_line() {
    let questions: [(u32, Question); 19] = [
        (line!(), |x| x < 1.0),
        (line!(), |x| 1.0 >= x),
        (line!(), |x| x == 1.0),
        (line!(), |x| 1.0 != x),
        (line!(), |x| x.partial_cmp(&1.0).is_none()),
        (line!(), |x| x.lt(&Var::constant(1.0))),
        (line!(), |x| x.is_zero()),
        (line!(), |x| Float::is_nan(x)),
        (line!(), |x| Float::is_sign_negative(x)),
        (line!(), |x| x.to_i64().is_none()),
        (line!(), |x| x.to_i32().is_none()),
        (line!(), |x| x.to_f64().is_none()),
        (line!(), |x| Signed::is_positive(&x)),
        (line!(), |x| Float::is_finite(x)),
        (line!(), |x| Float::is_subnormal(x)),
        (line!(), |x| x.to_u8().is_none()),
        (line!(), |x| x.to_f32().is_none()),
        (line!(), |x| num_traits::One::is_one(&x)),
        (line!(), |x| x.less(1.0).holds()),
    ];
    for (line, ask) in questions {
        let f = function(1.0, ask);
        let errors = [-1.5, 0.0, NAN, 5e-324].map(|x| f.value(&mut f.workspace(), &[x]).err());
        let error = errors.into_iter().flatten().next().expect("one of them differs").to_string();
        let place = format!("{}:{line}:", file!());
        assert!(error.contains(&place), "{error} does not name {place}");
    }
}

#[test]
fn comparisons_of_constants_are_none() {
    let f = Function::record(&[1.0], |x| {
        let c = Var::constant(2.0);
        let made = x[0].tape().unwrap().var(3.0);
        assert!(c < 3.0 && made > c && !c.is_zero());
        x[0]
    });
    assert_eq!(f.value(&mut f.workspace(), &[-5.0]), Ok(-5.0));
}

#[test]
fn data_is_guarded_as_variables_are() {
    let f = Function::builder()
        .data(&[1.0])
        .record_with_data(&[2.0], |x, d| if d[0] > 0.0 { x[0] * d[0] } else { -x[0] });
    let mut workspace = f.workspace();
    assert_eq!(f.value(&mut workspace, (&[2.0], &[3.0])), Ok(6.0));
    assert!(f.value(&mut workspace, (&[2.0], &[-3.0])).unwrap_err().is_guard());
}

/// All doors look, also those of second order.
#[test]
fn every_door_refuses_a_flipped_branch() {
    let f = function(1.0, |x| x > 0.0);
    let (mut w, mut d) = (f.workspace(), f.dual_workspace());
    let (x, mut one) = ([-1.0], [0.0]);
    assert!(f.value(&mut w, &x).unwrap_err().is_guard());
    assert!(f.values(&mut w, &x, &mut one).unwrap_err().is_guard());
    assert!(f.gradient(&mut w, &x, &mut one).unwrap_err().is_guard());
    assert!(f.value_and_gradient(&mut w, &x, &mut one).unwrap_err().is_guard());
    assert!(f.vjp(&mut w, &x, &[1.0], &mut one).unwrap_err().is_guard());
    assert!(f.jacobian(&mut w, &x, &mut one).unwrap_err().is_guard());
    assert!(f.jvp(&mut d, &x, &[1.0], &mut one).unwrap_err().is_guard());
    assert!(f.hessian(&mut d, &x, &mut one).unwrap_err().is_guard());
    assert!(f.hessian_vector_product(&mut d, &x, &[1.0], &mut one).unwrap_err().is_guard());
    assert_eq!(f.value_and_gradient(&mut w, &[4.0], &mut one), Ok(8.0), "and is good again");
    assert_eq!(one, [2.0]);
    f.jvp(&mut d, &[4.0], &[3.0], &mut one).unwrap();
    assert_eq!(one, [6.0]);
}

#[test]
fn ignored_guards_take_the_recorded_path() {
    let ask: for<'t> fn(&[Var<'t>]) -> Var<'t> =
        |x| if x[0] > 0.0 { x[0] * 2.0 } else { x[0] * 3.0 };
    let f = Function::builder().ignore_guards().record(&[1.0], ask);
    let (mut gradient, mut tangent) = ([0.0], [0.0]);
    let value = f.value_and_gradient(&mut f.workspace(), &[-1.0], &mut gradient);
    assert_eq!((value, gradient), (Ok(-2.0), [2.0]));
    f.jvp(&mut f.dual_workspace(), &[-1.0], &[1.0], &mut tangent).unwrap();
    assert_eq!(tangent, [2.0]);
}

/// A comparison between a variable of the recording and one of a tape around it is noted,
/// whichever stands on the left.
#[test]
fn a_variable_of_another_tape_is_a_constant_to_compare_with() {
    let outer = wengert::Tape::new();
    let bound = outer.var(1.0);
    let left = Function::record(&[2.0], |x| if x[0] > bound { x[0] } else { -x[0] });
    let right = Function::record(&[2.0], |x| if bound < x[0] { x[0] } else { -x[0] });
    for f in [left, right] {
        assert_eq!(f.value(&mut f.workspace(), &[3.0]), Ok(3.0));
        assert!(f.value(&mut f.workspace(), &[0.0]).unwrap_err().is_guard());
    }
}

#[test]
fn guards_do_not_depend_on_the_optimiser() {
    for optimise in super::support::optimisers().into_iter().chain([Optimise::all().finite(true)]) {
        let f = Function::builder().optimise(optimise).record(&[1.0, 2.0], |x| {
            let (y, z) = (x[0] * 1.0 + x[1], x[1] + x[0]);
            if y <= z && x[0] - 0.0 < x[1] * 2.0 { y * z } else { y }
        });
        assert_eq!(f.value(&mut f.workspace(), &[2.0, 3.0]), Ok(25.0), "{optimise:?}");
        assert!(f.value(&mut f.workspace(), &[2.0, 1.0]).unwrap_err().is_guard(), "{optimise:?}");
    }
}
