//! What does not fit is told with its numbers.

use super::loops::loops;
use crate::support::{panics, panics_here};
use wengert::{Function, Scan, Tape};

fn growth() -> Scan {
    loops()[0].scan()
}

#[test]
fn wrong_lengths_are_errors() {
    let pursuit = loops()[1].scan();
    let mut workspace = pursuit.workspace(3);
    let (x, data) = ([1.0; 9], [1.0; 6]);
    let (mut values, mut gradient) = ([0.0; 2], [0.0; 9]);
    let texts = [
        pursuit.values(&mut workspace, 3, (&x[1..], &data), &mut values),
        pursuit.values(&mut workspace, 3, (&x, &data[1..]), &mut values),
        pursuit.values(&mut workspace, 2, (&x, &data), &mut values),
        pursuit.values(&mut workspace, 3, (&x, &data), &mut values[1..]),
        pursuit.vjp(&mut workspace, 3, (&x, &data), &[1.0], &mut gradient),
        pursuit.vjp(&mut workspace, 3, (&x, &data), &[1.0; 2], &mut gradient[1..]),
        pursuit.gradient(&mut workspace, 3, (&x, &data), &mut gradient),
        pursuit.jacobian(&mut workspace, 3, (&x, &data), &mut gradient),
    ]
    .map(|result| result.unwrap_err().to_string());
    let wanted = [
        "the slice of variables has length 8, wanted is 9",
        "the slice of data has length 5, wanted is 6",
        "the slice of variables has length 9, wanted is 8",
        "the slice of values has length 1, wanted is 2",
        "the vector has length 1, wanted is 2",
        "the slice for the product has length 8, wanted is 9",
        "the function has 2 outputs, here it needs one: take `values`, `vjp` or `jacobian`",
        "the slice for the Jacobian has length 9, wanted is 18",
    ];
    assert_eq!(texts, wanted);
}

#[test]
fn another_loop_s_workspace_is_an_error() {
    let (one, other) = (growth(), growth());
    let error = one.value(&mut other.workspace(1), 1, &[0.1, 0.2]).unwrap_err();
    assert!(error.is_foreign(), "{error}");
    // The same step, cut another way.
    let step = one.step().clone();
    let turned = Scan::of(step, 0, 1, false).unwrap();
    let error = one.value(&mut turned.workspace(1), 1, &[0.1, 0.2]).unwrap_err();
    assert!(error.is_foreign(), "{error}");
    assert_eq!(one.clone().value(&mut one.workspace(0), 0, &[0.1, 0.2]), Ok(0.2));
}

#[test]
fn more_steps_than_the_workspace_was_made_for_are_an_error() {
    let scan = growth();
    let error = scan.value(&mut scan.workspace(9), 10, &[0.1, 0.2]).unwrap_err();
    assert!(error.is_limit());
    let text = "the loop is to make 10 steps, its workspace was made for 9";
    assert!(error.to_string().starts_with(text), "{error}");
}

#[test]
fn a_budget_below_a_state_is_an_error() {
    let error = loops()[1].scan().workspace_within(10, 23).unwrap_err();
    assert!(error.is_limit());
    let text =
        "the budget is 23 bytes, and the state at one checkpoint takes 24: give that or more";
    assert_eq!(error.to_string(), text);
    assert!(loops()[1].scan().workspace_within(10, 24).is_ok());
}

#[test]
fn a_budget_that_the_system_does_not_have_is_an_error() {
    let (steps, budget) = (usize::MAX / 8, usize::MAX / 2);
    let error = growth().workspace_within(steps, budget).unwrap_err();
    assert!(error.is_limit());
    let error = error.to_string();
    assert!(
        error.starts_with("the system has no ") && error.contains("workspace_within"),
        "{error}"
    );
}

#[test]
fn a_step_that_returns_a_state_of_another_length_panics() {
    for (given, text) in [(0, "a state of 0 numbers"), (2, "a state of 2 numbers")] {
        panics_here(text, || {
            Scan::builder().state(&[1.0]).record(|step| (vec![step.state[0]; given], vec![]))
        });
    }
}

#[test]
fn functions_that_are_no_steps_are_errors() {
    let step = Function::record(&[1.0, 2.0], |x| x[0] * x[1]);
    let text = |shared, state| Scan::of(step.clone(), shared, state, true).unwrap_err().to_string();
    let wanted =
        "the loop wants 3 shared variables and numbers of the state, its step function has 2";
    assert_eq!(text(2, 1), wanted);
    let wanted = "the loop wants 2 numbers of the state among the outputs, its step function has 1";
    assert_eq!(text(0, 2), wanted);
    assert!(Scan::of(step.clone(), usize::MAX, 1, true).is_err());
}

#[test]
fn numbers_of_steps_that_no_slice_has_are_errors() {
    let scan = loops()[1].scan();
    let mut workspace = scan.workspace_within(usize::MAX, 1000).unwrap();
    let error = scan.values(&mut workspace, usize::MAX, (&[1.0; 6], &[]), &mut [0.0; 2]);
    let text = format!("the slice of variables has length 6, wanted is {}", usize::MAX);
    assert_eq!(error.unwrap_err().to_string(), text);
}

/// Most variables of another tape do not compile in a step; one that lives for ever does.
#[test]
fn a_step_that_uses_a_variable_of_another_tape_panics() {
    let elsewhere: &'static Tape = Box::leak(Box::default());
    let stranger = elsewhere.var(2.0);
    let active = &*Box::leak(Box::new(Tape::new().activate()));
    let borrowed = active.borrowed(active.var(3.0)).unwrap();
    for stranger in [stranger, borrowed] {
        let different = "the variables belong to different tapes";
        let builder = || Scan::builder().state(&[1.0]);
        panics_here(different, || builder().record(|s| (vec![s.state[0] * stranger], vec![])));
        panics(different, || builder().record(|_| (vec![stranger], vec![])));
        panics(different, || builder().record(|s| (s.state.to_vec(), vec![stranger])));
        panics(different, || builder().record_sum(|s| (s.state.to_vec(), vec![stranger])));
        panics(different, || builder().record_end(|_| vec![stranger], |e| vec![e.state[0]]));
        panics(different, || builder().record_end(|s| s.state.to_vec(), |_| vec![stranger]));
    }
    assert_eq!(elsewhere.len(), 1);
}

/// What a step records on an active tape outside stays there. Only its numbers come into the step,
/// by their name, and are constants of it.
#[test]
fn a_step_may_record_outside_and_does_not_depend_on_it() {
    let tape = Tape::new().activate();
    let rate = tape.var(3.0);
    let scan = Scan::builder().state(&[1.0]).record(|step| {
        let outside = rate * rate;
        (vec![step.state[0] * outside.value()], vec![])
    });
    let mut gradient = [0.0];
    let value = scan.value_and_gradient(&mut scan.workspace(2), 2, &[1.0], &mut gradient);
    assert_eq!((value, gradient), (Ok(81.0), [81.0]));
    assert_eq!((rate * rate).gradients()[rate], 6.0);
    assert_eq!(tape.deactivate().len(), 3);
}

/// The tape outside, active or not, is as it was, and the next loop as if there had been none.
#[test]
fn a_step_that_panics_in_the_middle_leaves_tapes_as_they_were() {
    let (tape, active) = (Tape::new(), Tape::new().activate());
    let (x, y) = (tape.var(2.0), active.var(3.0));
    panics("in the middle", || {
        Scan::builder().state(&[1.0]).record(|step| {
            let next = step.state[0] * step.state[0];
            assert!(next.value() > 1.0, "in the middle");
            (vec![next], vec![])
        })
    });
    assert_eq!(((x * x).gradients()[x], (y * y).gradients()[y]), (4.0, 6.0));
    assert_eq!((tape.len(), active.deactivate().len()), (2, 2));
}
