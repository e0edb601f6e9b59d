//! What the optimiser makes of a recording, and that it can be told not to.

use super::support::{all_same, optimisers, record_with, values};
use wengert::optimiser::Pass;
use wengert::{Function, Optimise, Var};

type Case = for<'t> fn(&[Var<'t>]) -> Var<'t>;

fn length(optimise: Optimise, f: Case) -> usize {
    Function::builder().optimise(optimise).record(&[2.0, 3.0], f).len()
}

#[test]
fn identities_leave_the_operand_itself() {
    let only = Optimise::none().identities(true).dead(true);
    let cases: [Case; 12] = [
        |x| x[0] * 1.0,
        |x| 1.0 * x[0],
        |x| x[0] / 1.0,
        |x| x[0] - 0.0,
        |x| x[0] + -0.0,
        |x| -0.0 + x[0],
        |x| -(-x[0]),
        |x| x[0].powi(1),
        |x| x[0].powf(1.0),
        |x| Var::sum(&[x[0]]),
        |x| (x[0] * -1.0) * -1.0,
        |x| x[0].abs().abs(),
    ];
    let lengths = cases.map(|f| length(only, f));
    assert_eq!(lengths, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
}

#[test]
fn what_would_change_a_zero_or_a_nan_stays_unless_asked_for() {
    let cases: [Case; 6] = [
        |x| x[0] + 0.0,
        |x| 0.0 + x[0],
        |x| x[0] * 0.0,
        |x| x[0] - x[0],
        |x| 0.0 / x[0],
        |x| 0.0 - x[0],
    ];
    assert_eq!(cases.map(|f| length(Optimise::all(), f)), [1; 6]);
    assert_eq!(cases.map(|f| length(Optimise::all().finite(true), f)), [0, 0, 0, 0, 0, 1]);
    assert_eq!(cases.map(|f| length(Optimise::none().finite(true), f)), [0, 0, 0, 0, 0, 1]);
}

#[test]
fn finite_numbers_keep_their_values_and_gradients() {
    let f = |x: &[f64], optimise| {
        record_with(optimise, x, |x| {
            let [x, y] = [x[0], x[1]];
            let zeros = (x - x) * y + 0.0 / y + x * 0.0;
            vec![x + 0.0 + zeros, 0.0 - x, (0.0 + y) * x - 0.0, zeros]
        })
    };
    let (plain, fast) =
        (f(&[1.0, 2.0], Optimise::none()), f(&[1.0, 2.0], Optimise::all().finite(true)));
    assert!(fast.len() < plain.len());
    for x in [[1.0, 2.0], [-3.0, 0.5], [1e10, -1e-10]] {
        assert_eq!(values(&fast, &x), values(&plain, &x));
        let (mut given, mut expected) = ([0.0; 8], [0.0; 8]);
        fast.jacobian(&mut fast.workspace(), &x, &mut given).unwrap();
        plain.jacobian(&mut plain.workspace(), &x, &mut expected).unwrap();
        assert_eq!(given, expected);
    }
}

#[test]
fn each_pass_does_its_own_work() {
    let f: Case = |x| {
        let _ = x[1].sin();
        let constant = Var::constant(2.0).exp();
        x[0] * x[1] + (x[0] * x[1]).sin() * constant + x[0] * 1.0 - x[1] * x[0]
    };
    let none = Optimise::none();
    let lengths = [
        none,
        none.identities(true),
        none.subexpressions(true),
        none.dead(true),
        none.fusion(true),
        Optimise::all(),
    ]
    .map(|optimise| length(optimise, f));
    let [plain, rest @ ..] = lengths;
    assert_eq!(plain, 10);
    assert!(rest.iter().all(|&len| len < plain), "{lengths:?}");
    assert!(rest[4] < *rest[..4].iter().min().unwrap(), "{lengths:?}");
}

/// An input that the closure makes itself keeps its value: it is a constant.
#[test]
fn constants_are_folded() {
    let f: Case = |x| {
        let c = x[0].tape().unwrap().var(3.0);
        x[0] * (c * c + 1.0).ln()
    };
    assert_eq!(length(Optimise::none(), f), 4);
    assert_eq!(length(Optimise::none().constants(true), f), 1);
    let [plain, folded] = [Optimise::none(), Optimise::all()]
        .map(|optimise| Function::builder().optimise(optimise).record(&[2.0], f));
    all_same(&values(&folded, &[5.0]), &values(&plain, &[5.0]));
    approx::assert_relative_eq!(values(&plain, &[5.0])[0], 5.0 * 10.0_f64.ln());
}

#[test]
fn the_report_goes_from_the_recording_to_the_program() {
    let f = Function::record(&[1.0, 2.0], |x| x[0] * x[1] + x[0] * x[1] + x[0] * 1.0);
    let passes: Vec<_> = f.report().passes().iter().map(|pass| pass.pass).collect();
    use Pass::*;
    let expected = [Recorded, Constants, Identities, Subexpressions, Dead, Fusion, Packed];
    assert_eq!(passes, expected);
    let passes = f.report().passes();
    assert_eq!(passes[0].operations, 5);
    let falls = passes.windows(2).all(|pair| pair[1].operations <= pair[0].operations);
    assert!(falls, "{}", f.report());
    assert_eq!(passes[6].bytes, f.bytes());
    let text = f.report().to_string();
    for pass in passes {
        assert!(text.contains(pass.pass.reason()), "{text}");
    }
    let none = Function::builder().optimise(Optimise::none()).record(&[1.0], |x| x[0].sin());
    let passes: Vec<_> = none.report().passes().iter().map(|pass| pass.pass).collect();
    assert_eq!(passes, [Recorded, Packed]);
}

/// A guard's operands are computed, also where no output depends on them.
#[test]
fn dead_code_that_a_guard_looks_at_is_alive() {
    for optimise in optimisers() {
        let f = Function::builder()
            .optimise(optimise)
            .record(&[1.0, 2.0], |x| if (x[0] * x[1]).exp() > 1.0 { x[0] } else { x[1] });
        let mut workspace = f.workspace();
        assert_eq!(f.value(&mut workspace, &[3.0, 1.0]), Ok(3.0));
        assert!(f.value(&mut workspace, &[-3.0, 1.0]).unwrap_err().is_guard(), "{optimise:?}");
    }
}
