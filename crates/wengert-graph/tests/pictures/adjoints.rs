//! A snapshot takes the adjoints of its own recording, and no others.

use std::panic::{AssertUnwindSafe, catch_unwind};
use wengert::{Function, Gradients, Tape};
use wengert_graph::Snapshot;

/// Asserts that a snapshot refuses derivatives with a text that contains `wanted`.
#[track_caller]
fn refuses(snapshot: &Snapshot, gradients: &Gradients, wanted: &str) {
    let taken = catch_unwind(AssertUnwindSafe(|| snapshot.clone().with_gradients(gradients)));
    let payload = taken.expect_err("they are refused");
    let message = payload.downcast_ref::<String>().cloned();
    let message = message.or_else(|| payload.downcast_ref::<&str>().map(|&text| text.to_owned()));
    let message = message.expect("the panic has a text");
    assert!(message.contains(wanted), "{message}");
}

#[test]
fn adjoints_of_another_recording_are_refused() {
    let (mut tape, other) = (Tape::new(), Tape::new());
    let x = tape.var(3.0);
    let own = (x * x).gradients();
    let y = other.var(5.0);
    let foreign = (y * y).gradients();
    let snapshot = Snapshot::of(&tape.view());
    refuses(&snapshot, &foreign, "these derivatives belong to another tape");
    let later = (x * x * x).gradients();
    refuses(&snapshot, &later, "those of 4 nodes, but the recording was looked at when it had 2");
    let snapshot = snapshot.with_gradients(&own);
    assert_eq!(
        snapshot.nodes().map(|node| node.adjoint()).collect::<Vec<_>>(),
        [Some(6.0), Some(1.0)]
    );

    tape.reset();
    let x = tape.var(4.0);
    let new = (x * x).gradients();
    refuses(&snapshot, &new, "the tape was reset or rewound");
    refuses(&Snapshot::of(&tape.view()), &own, "the tape was reset or rewound");
}

#[test]
fn a_snapshot_of_no_tape_takes_no_adjoints_of_one() {
    let tape = Tape::new();
    let gradients = tape.var(3.0).gradients();
    let f = Function::record(&[1.0], |x| x[0] * 2.0);
    let text = "for a snapshot that was not taken of one";
    refuses(&Snapshot::of_function(&f, &[1.0]).unwrap(), &gradients, text);
    let mut by_hand = Snapshot::new();
    by_hand.push(wengert::OpKind::Input, 3.0, &[]);
    refuses(&by_hand, &gradients, text);
}
