//! Parameters: values that outlive a recording, under keys that know where they belong.

use crate::support::{near, panics_here};
use wengert::parameters::ParameterId;
use wengert::{Gradients, Parameters, Tape, Var};

/// A set of three, with its keys.
fn abc() -> (Parameters, [ParameterId; 3]) {
    let mut parameters = Parameters::new();
    let ids = [("a", 1.0), ("b", 2.0), ("c", 3.0)].map(|(label, x)| parameters.insert(label, x));
    (parameters, ids)
}

#[test]
fn keys_find_values_labels_and_positions() {
    let (mut parameters, [a, b, c]) = abc();
    assert_eq!((parameters.len(), parameters.is_empty()), (3, false));
    assert_eq!((parameters[a], parameters[b], parameters[c]), (1.0, 2.0, 3.0));
    assert_eq!(parameters.label(b), Ok("b"));
    assert_eq!(parameters.position(c), Ok(2));
    assert!(parameters.ids().eq([a, b, c]));
    parameters[b] = 20.0;
    assert_eq!(parameters.values(), [1.0, 20.0, 3.0]);
}

#[test]
fn removal_moves_the_rest_up_and_keeps_their_keys() {
    let (mut parameters, [a, b, c]) = abc();
    assert_eq!(parameters.remove(a), Ok(1.0));
    assert_eq!((parameters.position(b), parameters.position(c)), (Ok(0), Ok(1)));
    assert_eq!((parameters[b], parameters[c]), (2.0, 3.0));
    assert_eq!((parameters.label(b), parameters.label(c)), (Ok("b"), Ok("c")));
    assert!(parameters.ids().eq([b, c]));
    assert_eq!(parameters.values(), [2.0, 3.0]);
}

#[test]
fn a_parameter_inserted_again_has_another_key() {
    let (mut parameters, [_, b, _]) = abc();
    parameters.remove(b).unwrap();
    let again = parameters.insert("b", 5.0);
    assert_ne!(again, b);
    assert!(parameters.get(b).unwrap_err().is_stale());
    assert_eq!((parameters.get(again), parameters.position(again)), (Ok(5.0), Ok(2)));
}

#[test]
fn a_stale_key_is_an_error_everywhere() {
    let (mut parameters, [a, _, _]) = abc();
    parameters.remove(a).unwrap();
    assert_eq!(parameters.get(a).unwrap_err().to_string(), "the parameter was removed");
    assert!(parameters.position(a).unwrap_err().is_stale());
    assert!(parameters.label(a).unwrap_err().is_stale());
    assert!(parameters.remove(a).unwrap_err().is_stale());
    let tape = Tape::new();
    let recorded = parameters.record(&tape);
    assert!(recorded.get(a).unwrap_err().is_stale());
    let gradients = recorded.iter().sum::<Var<'_>>().gradients();
    assert!(recorded.gradient_of(a, &gradients).unwrap_err().is_stale());
    panics_here("the parameter was removed", || recorded.var(a));
    panics_here("the parameter was removed", || parameters[a]);
}

#[test]
fn a_foreign_key_is_an_error_everywhere() {
    let (mut parameters, [a, _, _]) = abc();
    let (mut others, [foreign, _, _]) = abc();
    assert_ne!(a, foreign);
    let text = "the parameter belongs to another set of parameters";
    assert_eq!(parameters.get(foreign).unwrap_err().to_string(), text);
    assert!(parameters.remove(foreign).unwrap_err().is_foreign());
    assert_eq!(parameters.len(), 3);
    others.remove(foreign).unwrap();
    // A key both foreign and removed belongs elsewhere before all.
    assert!(parameters.position(foreign).unwrap_err().is_foreign());
    let tape = Tape::new();
    let recorded = parameters.record(&tape);
    assert!(recorded.get(foreign).unwrap_err().is_foreign());
    panics_here(text, || recorded.var(foreign));
    panics_here(text, || parameters[foreign]);
    panics_here(text, || parameters[foreign] = 1.0);
}

#[test]
fn a_recorded_set_is_inputs_in_order_of_position() {
    let (parameters, [a, b, c]) = abc();
    let tape = Tape::new();
    let before = tape.var(10.0);
    let recorded = parameters.record(&tape);
    assert_eq!(tape.len(), 4);
    let y = recorded.var(c) * recorded.var(a) * before + recorded.var(b).powi(2);
    let gradients = y.gradients();
    assert_eq!(recorded.gradient(&gradients).unwrap(), [30.0, 4.0, 10.0]);
    assert_eq!(recorded.gradient_of(c, &gradients), Ok(10.0));
    assert_eq!(recorded.gradient_of(a, &gradients), Ok(gradients[recorded.var(a)]));
    assert!(recorded.iter().map(|var| var.value()).eq([1.0, 2.0, 3.0]));
}

#[test]
fn one_set_on_two_tapes_keeps_them_apart() {
    let (parameters, [a, ..]) = abc();
    let (one, other) = (Tape::new(), Tape::new());
    let (here, there) = (parameters.record(&one), parameters.record(&other));
    let gradients = here.var(a).gradients();
    assert!(here.gradient(&gradients).is_ok());
    assert!(there.gradient(&gradients).unwrap_err().is_foreign());
    assert!(there.gradient_of(a, &gradients).unwrap_err().is_foreign());
}

#[test]
fn two_recordings_on_one_tape_have_their_own_gradients() {
    let (parameters, [a, ..]) = abc();
    let tape = Tape::new();
    let (first, second) = (parameters.record(&tape), parameters.record(&tape));
    let gradients = (first.var(a) + 10.0 * second.var(a)).gradients();
    assert_eq!(first.gradient(&gradients).unwrap(), [1.0, 0.0, 0.0]);
    assert_eq!(second.gradient(&gradients).unwrap(), [10.0, 0.0, 0.0]);
}

#[test]
fn gradients_of_before_a_reset_are_stale() {
    let (parameters, [a, ..]) = abc();
    let mut tape = Tape::new();
    let gradients = parameters.record(&tape).var(a).gradients();
    tape.reset();
    let recorded = parameters.record(&tape);
    assert!(recorded.gradient(&gradients).unwrap_err().is_stale());
    assert!(recorded.gradient_of(a, &gradients).unwrap_err().is_stale());
}

#[test]
fn gradients_of_a_sweep_before_the_parameters_are_an_error() {
    let (parameters, [a, ..]) = abc();
    let tape = Tape::new();
    let gradients = tape.var(1.0).gradients();
    let recorded = parameters.record(&tape);
    assert!(recorded.gradient(&gradients).unwrap_err().is_stale());
    assert!(recorded.gradient_of(a, &gradients).unwrap_err().is_stale());
}

#[test]
fn the_gradient_of_a_constant_is_zero_by_key_and_says_so_as_a_slice() {
    let (parameters, [a, ..]) = abc();
    let tape = Tape::new();
    let recorded = parameters.record(&tape);
    let gradients = Var::constant(1.0).gradients();
    assert_eq!(recorded.gradient_of(a, &gradients), Ok(0.0));
    let error = recorded.gradient(&gradients).unwrap_err();
    assert!(!error.is_foreign(), "no other tape is at fault");
    assert!(error.to_string().contains("the output was a constant"), "{error}");
}

#[test]
fn an_empty_set_records_nothing_and_has_an_empty_gradient() {
    let parameters = Parameters::new();
    let tape = Tape::new();
    let recorded = parameters.record(&tape);
    assert!(tape.is_empty());
    assert!(recorded.gradient(&Gradients::new()).unwrap().is_empty());
}

#[test]
fn an_optimiser_finds_the_line_through_points() {
    let mut parameters = Parameters::new();
    let (slope, offset) = (parameters.insert("slope", 0.0), parameters.insert("offset", 0.0));
    let points = [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0), (3.0, 7.0)];
    let (mut tape, mut gradients) = (Tape::new(), Gradients::new());
    for _ in 0..400 {
        tape.reset();
        let recorded = parameters.record(&tape);
        let miss = |(x, y): &(f64, f64)| recorded.var(slope) * *x + recorded.var(offset) - *y;
        let loss: Var<'_> = points.iter().map(|point| miss(point).powi(2)).sum();
        loss.gradients_into(&mut gradients);
        let step = recorded.gradient(&gradients).unwrap();
        for (value, slope) in parameters.values_mut().iter_mut().zip(step) {
            *value -= 0.04 * slope;
        }
    }
    near(parameters[slope], 2.0, 1e-9);
    near(parameters[offset], 1.0, 1e-9);
}
