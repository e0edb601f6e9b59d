//! Loops of closures, swept from checkpoints: against one recording of the whole loop.

use crate::support::panics;
use proptest::prelude::*;
use wengert::checkpointing::{Checkpointing, LoopGradient, Step};
use wengert::{Tape, Var};

/// A step that branches on the state, shares variables, and depends on its index.
fn next<'t>(index: usize, shared: &[Var<'t>], state: &[Var<'t>]) -> Vec<Var<'t>> {
    let (a, b, x, y) = (shared[0], shared[1], state[0], state[1]);
    let pushed = if x > y { (x * a).sin() } else { x.mul_add(b, a) };
    let mean = Var::mean(&[pushed, y, a]) + 0.01 * index as f64;
    vec![pushed - b * mean.tanh(), mean.hypot(x) * 0.5]
}

fn step<'t>(step: Step<'_, 't>) -> Vec<Var<'t>> {
    next(step.index, step.shared, step.state)
}

fn loss<'t>(end: Step<'_, 't>) -> Var<'t> {
    end.state[0] * end.state[1] + end.shared[0].exp()
}

const SHARED: [f64; 2] = [0.7, -0.4];
const STATE: [f64; 2] = [0.3, 0.9];

/// The value, and the derivatives by all inputs, by one recording.
fn flat(steps: usize) -> (f64, Vec<f64>) {
    let inputs = [SHARED, STATE].concat();
    wengert::value_and_gradient(
        |x| {
            let (shared, state) = x.split_at(2);
            let end = (0..steps).fold(state.to_vec(), |state, index| next(index, shared, &state));
            end[0] * end[1] + shared[0].exp()
        },
        &inputs,
    )
}

fn by_count(mut checkpointing: Checkpointing, steps: usize) -> LoopGradient {
    checkpointing.gradient(steps, &SHARED, &STATE, step, loss).unwrap()
}

fn by_question(mut checkpointing: Checkpointing, steps: usize) -> LoopGradient {
    let more = |taken, _: &[f64]| taken < steps;
    checkpointing.gradient_while(more, &SHARED, &STATE, step, loss).unwrap()
}

fn bits(list: &[f64]) -> Vec<u64> {
    list.iter().map(|x| x.to_bits()).collect()
}

proptest! {
    #[test]
    fn every_budget_has_the_bits_of_one_recording(steps in 0..120_usize, bytes in 64..4000_usize) {
        let (value, gradient) = flat(steps);
        let given = [
            by_count(Checkpointing::new(), steps),
            by_count(Checkpointing::within(bytes), steps),
            by_question(Checkpointing::new(), steps),
            by_question(Checkpointing::within(bytes), steps),
        ];
        for LoopGradient { value: given, shared, state, steps: taken, .. } in given {
            prop_assert_eq!(given.to_bits(), value.to_bits());
            prop_assert_eq!(bits(&[shared, state].concat()), bits(&gradient));
            prop_assert_eq!(taken, steps);
        }
    }
}

#[test]
fn without_a_budget_no_step_is_taken_more_than_twice() {
    for steps in [1, 2, 1000] {
        // All but the last go on to the next; the last does for the loss.
        assert_eq!(by_count(Checkpointing::new(), steps).evaluations, 2 * steps);
        assert_eq!(by_question(Checkpointing::new(), steps).evaluations, 2 * steps);
    }
}

#[test]
fn fewer_checkpoints_are_more_evaluations() {
    // Room for ten states of two numbers, each with its position.
    let ten = by_count(Checkpointing::within(240), 1000);
    // r·l − β(c + 1, r − 1) with c = 10 and r = 4, the steps that are swept, and that to the loss:
    // β(10, 3) = 286 < 1000 ≤ β(10, 4) = 1001, and β(11, 3) = 364.
    assert_eq!(ten.evaluations, 4 * 1000 - 364 + 1000 + 1);
    // Each of the 1000 is taken at most once more where the end is not known; a checkpoint is
    // larger there.
    let unknown = by_question(Checkpointing::within(10 * 56), 1000);
    assert!(unknown.evaluations <= ten.evaluations + 1000, "{}", unknown.evaluations);
}

#[test]
fn the_budget_is_held() {
    for bytes in [100, 1000, 20_000, 100_000] {
        let mut checkpointing = Checkpointing::within(bytes);
        // The tape of a step and its adjoints are made by the first call.
        checkpointing.gradient(3, &SHARED, &STATE, step, loss).unwrap();
        let counted = allocation_counter::measure(|| {
            let _ = checkpointing.gradient(3000, &SHARED, &STATE, step, loss);
        });
        assert!(counted.bytes_max <= bytes as u64 + 10_000, "{bytes}: {}", counted.bytes_max);
        let counted = allocation_counter::measure(|| {
            let more = |taken, _: &[f64]| taken < 3000;
            let _ = checkpointing.gradient_while(more, &SHARED, &STATE, step, loss);
        });
        assert!(counted.bytes_max <= bytes as u64 + 10_000, "{bytes}: {}", counted.bytes_max);
    }
}

/// Memory is taken as states are kept, not as the budget allows.
#[test]
fn a_budget_of_terabytes_takes_no_more_than_is_kept() {
    let (steps, budget) = (1 << 60, 1 << 45);
    let mut kept = 0;
    let counted = allocation_counter::measure(|| {
        let ended = Checkpointing::within(budget).gradient(
            steps,
            &[],
            &[1.0],
            |step| {
                kept = step.index;
                if step.index < 1000 { vec![step.state[0]] } else { vec![] }
            },
            |end| end.state[0],
        );
        assert_eq!(ended.unwrap_err().to_string(), "the next state has length 0, wanted is 1");
    });
    assert_eq!(kept, 1000);
    assert!(counted.bytes_max < 100_000, "{} bytes", counted.bytes_max);
}

#[test]
fn a_loop_without_steps_is_its_loss() {
    let given = [by_count(Checkpointing::new(), 0), by_question(Checkpointing::within(64), 0)];
    for gradient in given {
        assert_eq!(gradient.value, 0.3 * 0.9 + 0.7_f64.exp());
        assert_eq!((gradient.shared, gradient.state), (vec![0.7_f64.exp(), 0.0], vec![0.9, 0.3]));
        assert_eq!(gradient.evaluations, 0);
    }
}

#[test]
fn a_state_of_no_number_is_carried_through() {
    let mut checkpointing = Checkpointing::within(8);
    let gradient =
        checkpointing.gradient(100, &[2.0], &[], |_| vec![], |end| end.shared[0].powi(3));
    assert_eq!(gradient.unwrap().shared, [12.0]);
}

#[test]
fn constants_and_what_is_shared_can_be_the_next_state() {
    let gradient = Checkpointing::new().gradient(
        2,
        &[3.0],
        &[5.0, 6.0, 7.0],
        |step| vec![step.shared[0], Var::constant(4.0), step.state[0]],
        |end| end.state[0] * end.state[1] * end.state[2],
    );
    let gradient = gradient.unwrap();
    // After two steps the state is (a, 4, a).
    assert_eq!((gradient.value, gradient.shared), (36.0, vec![24.0]));
    assert_eq!(gradient.state, [0.0; 3]);
}

#[test]
fn nan_of_a_step_reaches_what_it_came_from() {
    let gradient = Checkpointing::new().gradient(
        3,
        &[1.0],
        &[1.5],
        |step| vec![(step.state[0] - step.shared[0]).sqrt()],
        |end| end.state[0],
    );
    let gradient = gradient.unwrap();
    assert!(gradient.value.is_nan() && gradient.shared[0].is_nan() && gradient.state[0].is_nan());
}

#[test]
fn misuse_is_told() {
    let error = Checkpointing::within(23).gradient(5, &SHARED, &STATE, step, loss).unwrap_err();
    assert!(error.is_limit());
    let text =
        "the budget is 23 bytes, and the state at one checkpoint takes 24: give that or more";
    assert_eq!(error.to_string(), text);

    let mut checkpointing = Checkpointing::new();
    let short = checkpointing.gradient(5, &SHARED, &STATE, |_| vec![1.0.into()], loss);
    assert_eq!(short.unwrap_err().to_string(), "the next state has length 1, wanted is 2");

    let other: &'static Tape = Box::leak(Box::default());
    let foreign = checkpointing.gradient(2, &[], &[1.0], |_| vec![other.var(1.0)], |_| 1.0.into());
    assert!(foreign.unwrap_err().is_foreign());
    let foreign =
        checkpointing.gradient(2, &[], &[1.0], |s| vec![s.state[0] + 0.0], |_| other.var(1.0));
    assert!(foreign.unwrap_err().is_foreign());
}

/// A step that mixes its variables with those of another tape, active or not, is an error.
#[test]
fn a_step_that_uses_another_tape_is_refused() {
    let other: &'static Tape = Box::leak(Box::default());
    let active = &*Box::leak(Box::new(Tape::new().activate()));
    let borrowed = active.borrowed(active.var(3.0)).unwrap();
    for stranger in [other.var(2.0), borrowed] {
        let mut checkpointing = Checkpointing::within(100);
        let mixed = checkpointing.gradient(
            8,
            &[],
            &[1.0],
            |step| vec![step.state[0] * stranger],
            |end| end.state[0],
        );
        assert!(mixed.unwrap_err().is_foreign());
        let doubling =
            checkpointing.gradient(8, &[], &[1.0], |s| vec![s.state[0] * 2.0], |end| end.state[0]);
        assert_eq!(doubling.unwrap().state, [256.0]);
    }
}

/// What a step records outside stays there.
#[test]
fn a_step_may_record_outside_and_does_not_depend_on_it() {
    let (tape, active) = (Tape::new(), Tape::new().activate());
    let (x, y) = (tape.var(3.0), active.var(2.0));
    let gradient = Checkpointing::within(100).gradient(
        4,
        &[],
        &[1.0],
        |step| vec![step.state[0] * ((x * x).value() - (y * y).value())],
        |end| end.state[0],
    );
    assert_eq!(gradient.unwrap().state, [625.0]);
    assert_eq!(((x * x).gradients()[x], (y * y).gradients()[y]), (6.0, 4.0));
}

#[test]
fn a_step_that_panics_leaves_everything_usable() {
    let mut checkpointing = Checkpointing::within(100);
    for bad in [0, 3, 7] {
        panics("a bad step", || {
            checkpointing.gradient(
                8,
                &[],
                &[1.0],
                |step| {
                    assert_ne!(step.index, bad, "a bad step");
                    vec![step.state[0] * 2.0]
                },
                |end| end.state[0],
            )
        });
    }
    let gradient =
        checkpointing.gradient(8, &[], &[1.0], |s| vec![s.state[0] * 2.0], |end| end.state[0]);
    assert_eq!(gradient.unwrap().state, [256.0]);
}

#[test]
fn a_step_may_differentiate_by_itself() {
    // Gradient descent on (x − a)⁴ with the slope worked out at plain numbers, which is constant.
    let gradient = Checkpointing::new().gradient(
        2,
        &[0.0],
        &[1.0],
        |step| {
            let slope = wengert::gradient(|x| x[0].powi(4), &[1.0])[0];
            vec![step.state[0] - 0.1 * slope * (step.state[0] - step.shared[0])]
        },
        |end| end.state[0],
    );
    let gradient = gradient.unwrap();
    assert!((gradient.state[0] - 0.36).abs() < 1e-15);
    assert!((gradient.shared[0] - 0.64).abs() < 1e-15);
}
