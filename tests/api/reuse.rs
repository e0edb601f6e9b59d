//! One tape, many recordings: memory that is kept, marks, limits, and recordings that are long.

use crate::support::{panics, panics_here};
use wengert::{Gradients, OpKind, Parameters, Tangents, Tape, Var};

#[test]
fn a_reset_keeps_the_memory_and_forgets_the_rest() {
    let mut tape = Tape::new();
    let x = tape.vars(&[1.0; 1000]);
    let _ = Var::linear_combination(&[2.0; 1000], &x).label("y");
    drop(x);
    let held = tape.memory_usage();
    tape.reset();
    assert!(tape.is_empty());
    assert_eq!(tape.memory_usage(), held);
    assert_eq!((tape.stats().bytes_used, tape.stats().bytes_reserved), (0, held));
    tape.var(1.0);
    assert_eq!(tape.to_string(), "n0 = input ; 1\n", "no label of before");
}

/// A sweep passes over inputs that stand first: not over what is recorded where some stood before.
#[test]
fn a_sweep_meets_what_is_recorded_in_the_place_of_inputs() {
    let mut tape = Tape::new();
    let first = tape.vars(&[2.0])[0].id().unwrap();
    let mark = tape.mark();
    tape.vars(&[3.0, 4.0]);
    tape.rewind(mark).unwrap();
    let x = tape.get(first).unwrap();
    let square = x * x;
    let y = tape.vars(&[5.0])[0];
    let gradients = (square * y).gradients();
    assert_eq!((gradients[x], gradients[y]), (20.0, 4.0));
}

/// A function that uses every kind of memory a tape has: nodes, operands, constants and the
/// stack of sums within sums.
fn evaluation(tape: &mut Tape, gradients: &mut Gradients, parameters: &Parameters) -> f64 {
    tape.reset();
    let recorded = parameters.record(tape);
    let x = tape.var_array([0.5, -1.5, 2.5]);
    let rows = recorded.iter().map(|w| x.iter().map(|&x| (w * x).tanh()).sum::<Var<'_>>());
    let sum: Var<'_> = rows.sum();
    let product: Var<'_> = x.iter().map(|x| x + 3.0).product();
    let fused = sum.mul_add(2.0, 3.0) + Var::constant(2.0).mul_add(sum, product);
    let held = fused.clamp(-100.0, 100.0) + x[0].polynomial(&[1.0, 2.0, 3.0]);
    let many = Var::log_sum_exp(&x) + Var::norm(&x) + Var::mean(&[x[0], 1.0.into()]);
    let loss = held + many + Var::dot(&x, &x) + Var::linear_combination(&[1.0, 2.0, 3.0], &x);
    loss.gradients_into(gradients);
    recorded.gradient(gradients).unwrap().iter().sum()
}

#[test]
fn the_second_evaluation_allocates_nothing() {
    let mut parameters = Parameters::new();
    for i in 0..200 {
        parameters.insert(format!("w{i}"), 0.01 * f64::from(i));
    }
    let (mut tape, mut gradients) = (Tape::new(), Gradients::new());
    let count = |f: &mut dyn FnMut()| allocation_counter::measure(f).count_total;
    let (mut first, mut second) = (f64::NAN, f64::NAN);
    let before = count(&mut || first = evaluation(&mut tape, &mut gradients, &parameters));
    let after = count(&mut || second = evaluation(&mut tape, &mut gradients, &parameters));
    assert!(before > 0, "the counter counts");
    assert_eq!(after, 0);
    assert!(first.is_finite());
    assert_eq!(first, second);
}

#[test]
fn the_second_forward_sweep_and_pullback_allocate_nothing() {
    let (mut tape, mut gradients, mut tangents) = (Tape::new(), Gradients::new(), Tangents::new());
    let mut evaluate = || {
        tape.reset();
        let x = tape.var_array([0.5, -1.5, 2.5]);
        let y = [Var::log_sum_exp(&x), Var::product(&x), x[0].sin()];
        tape.pushforward_into(&[(x[0], 1.0), (x[2], 2.0)], &mut tangents).unwrap();
        tape.pullback_into(&[(y[0], 1.0), (y[1], 2.0)], &mut gradients).unwrap();
    };
    assert!(allocation_counter::measure(&mut evaluate).count_total > 0, "the counter counts");
    assert_eq!(allocation_counter::measure(&mut evaluate).count_total, 0);
}

#[test]
fn rewinding_to_one_mark_again_and_again_allocates_nothing() {
    let mut tape = Tape::new();
    let weight = tape.var(2.0).id().unwrap();
    let mark = tape.mark();
    let mut evaluate = || {
        tape.rewind(mark).unwrap();
        let weight = tape.get(weight).unwrap();
        assert_eq!((0..100).fold(weight, |y, _| y * 1.01).id().unwrap().index(), 100);
    };
    evaluate();
    let info = allocation_counter::measure(|| (0..100).for_each(|_| evaluate()));
    assert_eq!(info.count_total, 0);
}

#[test]
fn reserved_nodes_are_recorded_without_allocating() {
    let tape = Tape::with_capacity(100);
    let info = allocation_counter::measure(|| {
        let x = tape.var(1.0);
        let _ = (0..99).fold(x, |y, _| y + x);
    });
    assert_eq!((info.count_total, tape.len()), (0, 100));
    tape.try_reserve(100).unwrap();
    let info = allocation_counter::measure(|| {
        (0..100).for_each(|_| _ = tape.var(1.0));
    });
    assert_eq!((info.count_total, tape.len()), (0, 200));
    assert_eq!(tape.memory_usage(), 200 * 24);
}

#[test]
fn marks_nest() {
    let mut tape = Tape::new();
    let a = tape.var(2.0).label("a").id().unwrap();
    let outer = tape.mark();
    let b = (tape.get(a).unwrap() * 10.0).label("b").id().unwrap();
    let inner = tape.mark();
    let _ = tape.get(b).unwrap().sin().label("c");
    tape.rewind(inner).unwrap();
    assert_eq!(tape.to_string(), "n0 = input ; 2 \"a\"\nn1 = mul n0 10 ; 20 \"b\"\n");
    let _ = tape.get(b).unwrap().cos();
    tape.rewind(inner).unwrap();
    let y = tape.get(b).unwrap() + 1.0;
    assert_eq!((y.value(), y.gradients()[tape.get(a).unwrap()]), (21.0, 10.0));
    tape.rewind(outer).unwrap();
    assert_eq!(tape.to_string(), "n0 = input ; 2 \"a\"\n");
    assert!(tape.rewind(inner).unwrap_err().is_stale());
    assert!(tape.get(b).is_none());
}

#[test]
fn what_is_made_after_a_cut_outlives_later_cuts_above_it() {
    let mut tape = Tape::new();
    tape.vars(&[9.0, 9.0]);
    tape.reset();
    let x = tape.var(3.0).id().unwrap();
    let y = (tape.get(x).unwrap() * 2.0).id().unwrap();
    let mark = tape.mark();
    let gradients = tape.get(y).unwrap().gradients();
    let _ = tape.get(y).unwrap().sin();
    tape.rewind(mark).unwrap();
    tape.rewind(mark).unwrap();
    assert_eq!((tape.len(), gradients[tape.get(x).unwrap()]), (2, 2.0));
}

#[test]
fn a_node_in_the_place_of_a_dropped_one_has_no_label_of_it() {
    let mut tape = Tape::new();
    let mark = tape.mark();
    tape.var(1.0).label("old");
    tape.rewind(mark).unwrap();
    let id = tape.var(2.0).id().unwrap();
    assert_eq!(tape.view().label(id), None);
}

#[test]
fn a_rewind_drops_operands_and_constants_too() {
    let mut tape = Tape::new();
    let ids = [1.0, 2.0, 3.0].map(|x| tape.var(x).id().unwrap());
    let mark = tape.mark();
    for round in 1..=3 {
        tape.rewind(mark).unwrap();
        let x = ids.map(|id| tape.get(id).unwrap());
        let coefficients = [1.0, 2.0, 3.0].map(|c| c * f64::from(round));
        let y = Var::linear_combination(&coefficients, &x) + Var::sum(&x).clamp(0.0, 9.0);
        assert_eq!(y.gradients().wrt(&x), coefficients.map(|c| c + 1.0));
        let stats = tape.stats();
        assert_eq!((stats.nodes, stats.operands, stats.constants), (7, 6, 5));
    }
}

#[test]
fn a_mark_at_the_present_end_changes_nothing_but_the_moment() {
    let mut tape = Tape::new();
    let x = tape.var(3.0).id().unwrap();
    let gradients = tape.get(x).unwrap().gradients();
    let mark = tape.mark();
    tape.rewind(mark).unwrap();
    tape.rewind(mark).unwrap();
    assert_eq!((tape.len(), gradients[tape.get(x).unwrap()]), (1, 1.0));
}

#[test]
fn a_limit_is_met_to_the_byte() {
    for nodes in [1, 2, 63, 64, 65, 100, 1000, 100_000] {
        let tape = Tape::with_limit(nodes * 24 + 23);
        for i in 0..nodes {
            assert!(tape.try_var(i as f64).is_ok(), "node {i} of {nodes}");
        }
        assert!(tape.try_var(0.0).unwrap_err().is_limit());
        assert_eq!((tape.len(), tape.memory_usage()), (nodes, nodes * 24));
    }
}

#[test]
fn a_limit_counts_operands_and_constants() {
    let tape = Tape::with_limit(1000);
    let x = tape.vars(&[1.0, 2.0, 3.0]);
    let operands = Var::try_apply(OpKind::Sum, &vec![x[0]; 250]).unwrap_err();
    assert!(operands.is_limit(), "{operands}");
    let mut coefficients = vec![Var::constant(1.0); 126];
    coefficients[0] = x[0];
    let constants = Var::try_apply(OpKind::Polynomial, &coefficients).unwrap_err();
    assert!(constants.is_limit(), "{constants}");
    let y = Var::linear_combination(&[1.0, 2.0, 3.0], &x);
    assert_eq!(y.gradients().wrt(&x), [1.0, 2.0, 3.0]);
}

#[test]
fn nodes_operands_and_constants_share_a_limit() {
    for limit in [1_000, 10_000, 1_000_000] {
        let tape = Tape::with_limit(limit);
        let x = tape.var(0.5);
        let record = |&i: &usize| {
            let coefficient = Var::constant(i as f64);
            Var::try_apply(OpKind::LinearCombination, &[coefficient, coefficient, x, x]).is_ok()
        };
        let recorded = (0..).take_while(record).count();
        assert_eq!(tape.len(), recorded + 1);
        let used = tape.stats().bytes_used;
        assert!(tape.memory_usage() <= limit);
        assert!(used * 10 >= limit * 7, "{used} bytes of {limit} are put to use");
    }
}

#[test]
fn a_refused_operation_leaves_a_consistent_tape() {
    let tape = Tape::with_limit(10 * 24);
    let x = tape.vars(&[2.0, 3.0]);
    let y = x[0] * x[1];
    for kind in [OpKind::Sum, OpKind::LogSumExp] {
        assert!(Var::try_apply(kind, &vec![y; 1000]).unwrap_err().is_limit());
    }
    panics_here("its limit is 240", || Var::sum(&vec![y; 1000]));
    panics("its limit is 240", || (0..1000).map(|_| y).sum::<Var<'_>>());
    assert_eq!(tape.len(), 3);
    let z = (0..7).fold(y, |z, _| z + x[0]);
    assert_eq!(z.gradients().wrt(&x), [10.0, 2.0]);
    assert_eq!(tape.to_string().lines().count(), 10);
    assert!(tape.try_var(1.0).unwrap_err().is_limit());
}

#[test]
fn a_full_tape_is_good_again_after_a_reset() {
    let mut tape = Tape::with_limit(24 * 3);
    for round in 0..3 {
        tape.reset();
        let x = tape.var(3.0);
        let y = x * x * x;
        assert_eq!(y.gradients()[x], 27.0, "round {round}");
        assert!(tape.try_var(0.0).is_err());
    }
}

#[test]
fn a_limit_can_be_raised_and_lowered() {
    let mut tape = Tape::with_limit(24);
    tape.var(1.0);
    tape.set_limit(72);
    tape.var(2.0);
    tape.var(3.0);
    assert!(tape.try_var(4.0).is_err());
    // Memory that is held stays, and can be used again under a lower limit.
    tape.set_limit(24);
    tape.reset();
    tape.vars(&[1.0, 2.0, 3.0]);
    let error = tape.try_var(4.0).unwrap_err();
    let text = "the tape would hold 96 bytes, its limit is 24: reset it, or give \
                `Tape::with_limit` more";
    assert_eq!(error.to_string(), text);
}

#[test]
fn more_nodes_than_there_are_indices_are_refused() {
    let tape = Tape::new();
    let error = tape.try_reserve(u32::MAX as usize + 1).unwrap_err();
    assert!(error.is_limit());
    assert!(error.to_string().contains("a tape can have 4294967295"), "{error}");
    assert!(tape.try_reserve(usize::MAX).unwrap_err().is_limit());
    assert_eq!(tape.memory_usage(), 0);
}

#[test]
fn every_door_that_tries_meets_the_limit_with_an_error() {
    let tape = Tape::with_limit(24);
    let x = tape.var(0.5);
    let is_limit = |kind: OpKind, arguments: &[Var<'_>]| {
        let error = Var::try_apply(kind, arguments).expect_err(kind.name());
        assert!(error.is_limit(), "{kind}: {error}");
    };
    for kind in [OpKind::Neg, OpKind::Exp, OpKind::Gelu, OpKind::Sum, OpKind::Mean] {
        is_limit(kind, &[x]);
    }
    for kind in [OpKind::Add, OpKind::Div, OpKind::Atan2, OpKind::Powi, OpKind::Polynomial] {
        is_limit(kind, &[x, 2.0.into()]);
        is_limit(OpKind::Add, &[2.0.into(), x]);
    }
    is_limit(OpKind::MulAdd, &[x, 2.0.into(), 3.0.into()]);
    is_limit(OpKind::Clamp, &[x, 2.0.into(), 3.0.into()]);
    is_limit(OpKind::Clamp, &[x, x, 3.0.into()]);
    is_limit(OpKind::LinearCombination, &[2.0.into(), x]);
    assert!(tape.try_var(1.0).unwrap_err().is_limit());
    assert!(tape.try_reserve(1).unwrap_err().is_limit());
}

/// The chain is long enough that anything recursive overflows the stack of a test thread.
#[test]
fn ten_million_operations_record_sweep_and_drop() {
    const LENGTH: i32 = 10_000_000;
    let tape = Tape::new();
    let x = tape.var(1.0);
    let y = (0..LENGTH / 2).fold(x, |y, _| (y + x) - 1.0);
    assert_eq!(tape.len(), LENGTH as usize + 1);
    assert_eq!(y.value(), 1.0);
    let gradients = y.gradients();
    assert_eq!(gradients[x], f64::from(LENGTH / 2 + 1));
    let tangents = tape.pushforward(&[(x, 1.0)]).unwrap();
    assert_eq!(tangents[y], f64::from(LENGTH / 2 + 1));
}

/// The bytes that a call takes from the heap at most at once.
fn peak(call: impl FnOnce()) -> u64 {
    allocation_counter::measure(call).bytes_max
}

fn long_gradient() {
    let gradient = wengert::gradient(|x| (0..100_000).fold(x[0], |sum, _| sum + x[0]), &[1.0]);
    assert_eq!(gradient, [100_001.0]);
}

#[test]
fn a_call_keeps_its_memory_for_the_next_until_it_is_released() {
    wengert::release_memory();
    assert!(peak(long_gradient) > 3_200_000, "a node takes 24 bytes, an adjoint 8");
    assert!(peak(long_gradient) < 1_000);
    wengert::release_memory();
    assert!(peak(long_gradient) > 3_200_000);
}

/// 256 MiB are kept at most: a recording that takes more is given back whole.
#[test]
fn a_call_that_takes_more_than_is_kept_keeps_nothing() {
    const LENGTH: u32 = 12_000_000;
    wengert::release_memory();
    let gradient = wengert::gradient(|x| (0..LENGTH).fold(x[0], |sum, _| sum + x[0]), &[1.0]);
    assert_eq!(gradient, [f64::from(LENGTH + 1)]);
    assert!(peak(long_gradient) > 3_200_000, "it has to take its memory anew");
    assert!(peak(long_gradient) < 1_000);
}

#[test]
fn a_call_within_a_call_has_memory_of_its_own() {
    let inner = || wengert::gradient(|y| y[0] * y[0] * y[0], &[2.0])[0];
    for _ in 0..3 {
        assert_eq!(wengert::gradient(|x| x[0] * inner(), &[5.0]), [12.0]);
    }
}

#[test]
fn a_panic_within_a_call_leaves_the_next_call_as_it_was() {
    long_gradient();
    let panics = || wengert::gradient(|_| panic!("on purpose"), &[1.0]);
    assert!(std::panic::catch_unwind(panics).is_err());
    long_gradient();
    assert_eq!(wengert::jacobian(|x| vec![x[0] * x[1], x[1]], &[2.0, 3.0])[0], [3.0, 2.0]);
}

#[test]
fn nothing_of_one_call_is_seen_in_the_next() {
    let mut kept = None;
    let _ = wengert::gradient(
        |x| {
            kept = x[0].id();
            x[0].label("first");
            x[0] + 1.0
        },
        &[1.0],
    );
    let _ = wengert::gradient(
        |x| {
            assert_ne!(x[0].id(), kept, "an identifier names the node of its own recording");
            assert!(!format!("{:?}", x[0]).contains("first"));
            x[0] + 1.0
        },
        &[1.0],
    );
}

/// Loops have the same coefficients again and again, and a tape keeps them once.
#[test]
fn coefficients_that_were_the_last_ones_take_no_memory() {
    const NODE: usize = 24 + 2 * 4;
    let mut tape = Tape::new();
    let gradients: Vec<[f64; 2]> = {
        let x = tape.var_array([3.0, 5.0]);
        let mut used = tape.stats().bytes_used;
        let mut ys = Vec::new();
        for (coefficients, bytes) in [
            ([1.0, 2.0], 16),
            ([1.0, 2.0], 0),
            ([1.0, 3.0], 16),
            ([0.0, 3.0], 16),
            ([-0.0, 3.0], 16),
            ([-0.0, 3.0], 0),
            ([1.0, 2.0], 16),
        ] {
            ys.push(Var::linear_combination(&coefficients, &x));
            let now = tape.stats().bytes_used;
            assert_eq!(now - used, NODE + bytes, "{coefficients:?}");
            used = now;
        }
        let listed = Var::linear_combination(&[3.0], &x[..1]);
        assert_eq!((tape.stats().bytes_used - used, listed.value()), (24 + 4 + 8, 9.0));
        let slopes = ys.iter().map(Var::gradients).map(|g| [g[x[0]], g[x[1]]]);
        slopes.collect()
    };
    let expected = [[1.0, 2.0], [1.0, 2.0], [1.0, 3.0], [0.0, 3.0], [-0.0, 3.0], [-0.0, 3.0]];
    assert_eq!(gradients[..6], expected);
    // What is dropped is not found.
    let mark = tape.mark();
    let _ = Var::linear_combination(&[7.0, 8.0], &tape.var_array([1.0, 1.0]));
    tape.rewind(mark).unwrap();
    let x = tape.var_array([1.0, 1.0]);
    let used = tape.stats().bytes_used;
    let y = Var::linear_combination(&[7.0, 8.0], &x);
    assert_eq!((tape.stats().bytes_used - used, y.value()), (NODE + 16, 15.0));
}

/// So of the factor of a fused operation, which is found however it was appended.
#[test]
fn a_constant_factor_that_was_the_last_one_takes_no_memory() {
    let mut tape = Tape::new();
    let (mark, slopes) = {
        let [x, z] = tape.var_array([3.0, 5.0]);
        let mut used = tape.stats().bytes_used;
        let mut fused = |x: Var<'_>, factor: f64, z: Var<'_>, bytes: usize| {
            let y = x.mul_add(factor, z);
            let now = x.tape().unwrap().stats().bytes_used;
            assert_eq!(now - used, 24 + bytes, "{factor}");
            used = now;
            (y.value(), y.gradients().wrt(&[x, z]))
        };
        let slopes = [(2.0, 8), (2.0, 0), (0.0, 8), (-0.0, 8), (-0.0, 0), (2.0, 8)]
            .map(|(factor, bytes)| fused(x, factor, z, bytes));
        let _ = x.mul_add(7.0, z);
        (tape.mark(), slopes)
    };
    for ((value, slopes), factor) in slopes.into_iter().zip([2.0, 2.0, 0.0, -0.0, -0.0, 2.0_f64]) {
        assert_eq!((value, slopes), (3.0 * factor + 5.0, vec![factor, 1.0]));
    }
    // One from before a mark stays, and one from behind it is not found after a rewind.
    let _ = {
        let [x, z] = tape.var_array([1.0, 1.0]);
        (x.mul_add(7.0, z), x.mul_add(8.0, z))
    };
    tape.rewind(mark).unwrap();
    let [x, z] = tape.var_array([2.0, 1.0]);
    let [first, second] = [7.0, 8.0].map(|factor| x.mul_add(factor, z));
    assert_eq!((first.value(), first.gradients()[x]), (15.0, 7.0));
    assert_eq!((second.value(), second.gradients()[x]), (17.0, 8.0));
}
