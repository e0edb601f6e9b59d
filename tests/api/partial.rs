//! Sweeps down to a mark: shared parts with many endings, against one recording of everything.

use proptest::prelude::*;
use wengert::{Gradients, Mark, NodeId, Tape, Var};

/// Parameters and what all paths share.
fn shared<'t>(tape: &'t Tape, parameters: &[f64]) -> (Vec<Var<'t>>, Vec<Var<'t>>) {
    let inputs = tape.vars(parameters);
    let first = Var::sum(&inputs).sin();
    let curve = inputs.iter().scan(first, |last, &p| {
        *last = (*last * p).exp() + p;
        Some(*last)
    });
    (inputs.clone(), curve.collect())
}

/// One path: an ending of its own on the shared part.
fn path<'t>(curve: &[Var<'t>], shock: f64) -> Var<'t> {
    let walk = |state: Var<'t>, &c: &Var<'t>| (state * shock + c).tanh() * c;
    curve.iter().fold(Var::constant(shock), walk).powi(2)
}

fn ids(vars: &[Var<'_>]) -> Vec<NodeId> {
    vars.iter().map(|var| var.id().unwrap()).collect()
}

fn found<'t>(tape: &'t Tape, ids: &[NodeId]) -> Vec<Var<'t>> {
    ids.iter().map(|&id| tape.get(id).unwrap()).collect()
}

/// All paths on one tape, swept at once.
fn flat(parameters: &[f64], shocks: &[f64]) -> Vec<f64> {
    let tape = Tape::new();
    let (inputs, curve) = shared(&tape, parameters);
    let seeds: Vec<_> = shocks.iter().map(|&shock| (path(&curve, shock), 0.5)).collect();
    tape.pullback(&seeds).unwrap().wrt(&inputs)
}

/// Path by path. One recording of all is swept from its last path to its first, so that sums have
/// the same bits when the paths come in that order.
fn path_by_path(parameters: &[f64], shocks: &[f64]) -> Vec<f64> {
    let (mut tape, mut gradients) = (Tape::new(), Gradients::new());
    let empty = tape.mark();
    let (inputs, curve) = shared(&tape, parameters);
    let (inputs, curve) = (ids(&inputs), ids(&curve));
    let mark = tape.mark();
    for &shock in shocks.iter().rev() {
        let output = path(&found(&tape, &curve), shock);
        tape.pullback_to(mark, &[(output, 0.5)], &mut gradients).unwrap();
        tape.rewind(mark).unwrap();
    }
    tape.pullback_to(empty, &[], &mut gradients).unwrap();
    gradients.wrt(&found(&tape, &inputs))
}

proptest! {
    #[test]
    fn paths_one_by_one_have_the_bits_of_all_at_once(
        parameters in prop::collection::vec(-1.5..1.5_f64, 1..6),
        shocks in prop::collection::vec(-2.0..2.0_f64, 0..8),
    ) {
        let (one, other) = (flat(&parameters, &shocks), path_by_path(&parameters, &shocks));
        let bits = |list: Vec<f64>| list.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        prop_assert_eq!(bits(one), bits(other));
    }
}

/// A tape with an input, a shared node and marks before, between and behind them.
fn three_marks(tape: &Tape) -> ([Mark; 3], NodeId, NodeId) {
    let empty = tape.mark();
    let x = tape.var(2.0);
    let between = tape.mark();
    let square = x * x;
    ([empty, between, tape.mark()], x.id().unwrap(), square.id().unwrap())
}

#[test]
fn marks_can_be_nested() {
    let (mut tape, mut gradients) = (Tape::new(), Gradients::new());
    let ([empty, _, shared], x, square) = three_marks(&tape);
    for scenario in [1.0, 2.0] {
        let stressed = tape.get(square).unwrap() * scenario;
        let (stressed, inner) = (stressed.id().unwrap(), tape.mark());
        for weight in [3.0, 4.0] {
            let output = tape.get(stressed).unwrap() * weight;
            tape.pullback_to(inner, &[(output, 1.0)], &mut gradients).unwrap();
            tape.rewind(inner).unwrap();
        }
        assert_eq!(gradients[tape.get(stressed).unwrap()], 7.0, "what waits can be read");
        tape.pullback_to(shared, &[], &mut gradients).unwrap();
        tape.rewind(shared).unwrap();
    }
    tape.pullback_to(empty, &[], &mut gradients).unwrap();
    // (1 + 2)·(3 + 4)·d(x²)/dx at 2
    assert_eq!(gradients[tape.get(x).unwrap()], 84.0);
}

#[test]
fn without_a_rewind_each_output_is_swept_once() {
    let (tape, mut gradients) = (Tape::new(), Gradients::new());
    let ([empty, between, shared], x, square) = three_marks(&tape);
    let square = tape.get(square).unwrap();
    for weight in [1.0, 10.0] {
        let output = square * weight;
        tape.pullback_to(shared, &[(output, 1.0)], &mut gradients).unwrap();
        assert_eq!(gradients[output], 1.0);
    }
    assert_eq!(gradients[square], 11.0);
    let x = tape.get(x).unwrap();
    assert_eq!(gradients[x], 0.0, "below the mark nothing was handed on");
    tape.pullback_to(between, &[], &mut gradients).unwrap();
    assert_eq!(gradients[x], 44.0);
    tape.pullback_to(between, &[], &mut gradients).unwrap();
    assert_eq!(gradients[x], 44.0, "nothing waited above");
    tape.pullback_to(empty, &[], &mut gradients).unwrap();
    tape.pullback_to(empty, &[(square, 1.0)], &mut gradients).unwrap();
    assert_eq!(gradients[x], 4.0, "after a whole sweep the next begins anew");
}

#[test]
fn adjoints_set_by_hand_are_swept_on() {
    let tape = Tape::new();
    let ([empty, ..], x, square) = three_marks(&tape);
    let mut by_hand = Gradients::zeros(&tape);
    by_hand[tape.get(square).unwrap()] = 10.0;
    tape.pullback_to(empty, &[], &mut by_hand).unwrap();
    assert_eq!(by_hand[tape.get(x).unwrap()], 40.0);
}

#[test]
fn an_output_below_the_mark_waits_and_constants_count_nothing() {
    let (tape, mut gradients) = (Tape::new(), Gradients::new());
    let ([empty, _, shared], x, square) = three_marks(&tape);
    let (x, square) = (tape.get(x).unwrap(), tape.get(square).unwrap());
    let seeds = [(square, 1.0), (square, 2.0), (Var::constant(5.0), 9.0)];
    tape.pullback_to(shared, &seeds, &mut gradients).unwrap();
    assert_eq!((gradients[square], gradients[x]), (3.0, 0.0));
    tape.pullback_to(empty, &[], &mut gradients).unwrap();
    assert_eq!(gradients[x], 12.0);
}

#[test]
fn misuse_is_told_and_changes_nothing() {
    let (mut tape, mut gradients) = (Tape::new(), Gradients::new());
    let ([empty, between, shared], x, square) = three_marks(&tape);
    let other = Tape::new();
    let foreign = other.var(1.0);
    let y = tape.get(square).unwrap();
    tape.pullback_to(shared, &[(y, 1.0)], &mut gradients).unwrap();

    let error = tape.pullback_to(other.mark(), &[], &mut gradients).unwrap_err();
    assert!(error.is_foreign());
    let error = tape.pullback_to(shared, &[(foreign, 1.0)], &mut gradients).unwrap_err();
    assert!(error.is_foreign());
    let error = other.pullback_to(other.mark(), &[(foreign, 1.0)], &mut gradients).unwrap_err();
    assert!(error.is_foreign(), "adjoints of another tape wait");

    tape.rewind(between).unwrap();
    assert!(tape.pullback_to(shared, &[], &mut gradients).unwrap_err().is_stale());
    let error = tape.pullback_to(empty, &[], &mut gradients).unwrap_err();
    assert!(error.is_stale());
    assert_eq!(
        error.to_string(),
        "the adjoints of 2 nodes wait to be swept further down, but the tape was cut to 1 since: \
         rewind no further than the mark of the last sweep before `pullback_to` has gone below, \
         or begin anew with `Gradients::new`"
    );
    assert_eq!(gradients[tape.get(x).unwrap()], 0.0, "nothing was swept");
    let x = tape.get(x).unwrap();
    let mut anew = Gradients::new();
    tape.pullback_to(empty, &[(x.sin(), 1.0)], &mut anew).unwrap();
    assert_eq!(anew[x], 2.0_f64.cos());
}

#[test]
fn a_nan_reaches_the_shared_part_and_an_untaken_branch_does_not() {
    let (mut tape, mut gradients) = (Tape::new(), Gradients::new());
    let ([empty, _, shared], x, square) = three_marks(&tape);
    let y = tape.get(square).unwrap();
    let safe = wengert::select(y.less(0.0), (-y).sqrt(), y);
    tape.pullback_to(shared, &[(safe, 1.0)], &mut gradients).unwrap();
    tape.rewind(shared).unwrap();
    assert_eq!(gradients[tape.get(square).unwrap()], 1.0);
    let bad = (-tape.get(square).unwrap()).sqrt();
    tape.pullback_to(shared, &[(bad, 1.0)], &mut gradients).unwrap();
    tape.rewind(shared).unwrap();
    tape.pullback_to(empty, &[], &mut gradients).unwrap();
    assert!(gradients[tape.get(x).unwrap()].is_nan());
}

#[test]
fn a_simulation_allocates_for_its_longest_path_alone() {
    let (mut tape, mut gradients) = (Tape::new(), Gradients::new());
    let ([empty, _, shared], _, square) = three_marks(&tape);
    let mut run = |steps: usize| {
        let y = tape.get(square).unwrap();
        let output = (0..steps).fold(y, |state, _| state.sin() * y);
        tape.pullback_to(shared, &[(output, 1.0)], &mut gradients).unwrap();
        tape.rewind(shared).unwrap();
    };
    run(1000);
    let later = allocation_counter::measure(|| [1000, 10, 999].into_iter().for_each(&mut run));
    assert_eq!(later.count_total, 0);
    tape.pullback_to(empty, &[], &mut gradients).unwrap();
}
