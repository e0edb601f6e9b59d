//! What a report tells of a recording beside its passes: numbers that left it, and equalities.

use wengert::view::{Note, NoteKind};
use wengert::{Function, Tape, Var, check_gradient};

/// The notes of a function of two variables at (1, 2).
fn notes(f: impl for<'t> FnOnce(&[Var<'t>]) -> Var<'t>) -> Vec<Note> {
    let recorded = Function::record(&[1.0, 2.0], f);
    let report = recorded.report();
    for note in report.notes() {
        assert!(report.to_string().contains(&format!("note: {note}")), "{report}");
    }
    report.notes().to_vec()
}

/// Asserts that a note names the line of the caller, or one of the next few.
#[track_caller]
fn assert_here(note: &Note) {
    let here = std::panic::Location::caller();
    let place = note.place.as_ref().expect("the place is known");
    let mut parts = place.rsplitn(3, ':');
    let (_, line) = (parts.next(), parts.next().and_then(|line| line.parse::<u32>().ok()));
    assert_eq!(parts.next(), Some(here.file()));
    let line = line.expect("a line");
    assert!((here.line().saturating_sub(12)..=here.line()).contains(&line), "{place}");
}

#[test]
fn nothing_is_noted_of_what_stays() {
    let of = notes(|x| {
        let larger = if x[0] > x[1] { x[0] } else { x[1] };
        let _ = x[0] == x[1] || x[0] != x[0] || x[0] <= 1.0;
        larger.max(1.0) * Var::constant(3.0).value() + x[0].powi(2).clamp(x[1], 9.0)
    });
    assert_eq!(of, []);
}

#[test]
fn a_value_that_leaves_is_noted_with_its_line_and_how_often() {
    let of = notes(|x| {
        let mut sum = x[0];
        for _ in 0..1000 {
            sum += x[1].value();
        }
        sum
    });
    let [note] = of.as_slice() else { panic!("{of:?}") };
    assert_eq!((note.kind, note.times), (NoteKind::Frozen, 1000));
    assert_eq!(note.text, "2.0 left the recording as a plain number, by `value()`");
    assert_here(note);
    assert!(note.to_string().ends_with("(1000 times): what depends on it stays as it was"));
}

#[test]
fn a_text_that_leaves_is_noted() {
    for write in [
        |x: Var<'_>| format!("{x}"),
        |x: Var<'_>| format!("{x:?}"),
        |x: Var<'_>| format!("{:?}", x.less(3.0)),
        |x: Var<'_>| x.tape().map_or_else(String::new, Tape::to_string),
    ] {
        let of = notes(|x| x[0] * write(x[1]).len() as f64);
        assert!(of.iter().all(|note| note.kind == NoteKind::Frozen), "{of:?}");
        assert!(of[0].text.ends_with("left the recording as text"), "{of:?}");
        assert_eq!(of[0].place, None, "the line is that of the standard library");
    }
}

#[test]
fn a_view_and_a_sweep_are_noted_with_their_lines() {
    let of = notes(|x| {
        let last = x[0].tape().unwrap().view().ids().count();
        x[0] * last as f64
    });
    assert_eq!(of[0].text, "the recording was read by a view or a listing");
    assert_here(&of[0]);
    let of = notes(|x| x[0] * (x[0] * x[1]).gradients()[x[0]]);
    assert_eq!(of[0].text, "derivatives left the recording, by a sweep");
    assert_here(&of[0]);
    let of = notes(|x| {
        let tape = x[0].tape().unwrap();
        let back = tape.pullback(&[(x[0], 1.0)]).unwrap()[x[0]];
        back * tape.pushforward(&[(x[0], 1.0)]).unwrap()[x[1]] * x[0]
    });
    assert_eq!(of.len(), 2);
    for note in &of {
        assert_here(note);
    }
}

#[test]
fn equalities_that_held_are_noted_and_no_others() {
    let of = notes(|x| {
        let same = x[1] == x[0] * 2.0;
        let ordered = x[0].partial_cmp(&1.0).is_some();
        let zero = num_traits::Zero::is_zero(&(x[0] - 1.0));
        let not = x[0] == 7.0 || x[0] == x[0] || x[1] < 2.0;
        if same && ordered && zero && not { x[0] } else { x[1] }
    });
    let texts: Vec<&str> = of.iter().map(|note| note.text.as_str()).collect();
    let expected = ["2.0 == 2.0 is true", "1.0 against 1.0 is Some(Equal)", "0.0 == 0 is true"];
    assert_eq!(texts, expected);
    for note in &of {
        assert_here(note);
    }
    assert!(of.iter().all(|note| note.kind == NoteKind::Equality));
}

#[test]
fn a_selection_that_decides_by_an_equality_is_noted() {
    let of = notes(|x| wengert::select(x[1].equal(x[0] + 1.0), x[0], x[1]));
    assert_eq!(of[0].text, "2.0 == 2.0 is true");
    let of = notes(|x| wengert::select(x[1].equal(x[0]), x[0], x[1]).clamp(x[0], x[1]));
    assert_eq!(of, [], "a clamp asks whether a number is itself");
}

#[test]
fn a_loaded_function_tells_the_equalities_among_its_guards() {
    let f = Function::record(&[0.0, 3.0], |x| {
        let y = if x[0] == 0.0 { x[1].exp() } else { x[0] };
        y * x[1].value()
    });
    assert_eq!(f.report().notes().len(), 2);
    let loaded = Function::<f64>::from_bytes(&f.to_bytes()).unwrap();
    let [note] = loaded.report().notes() else { panic!("{}", loaded.report()) };
    assert_eq!((note.kind, note.text.as_str()), (NoteKind::Equality, "0.0 == 0.0 is true"));
    assert_here(note);
}

#[test]
fn a_gradient_check_lists_equalities_that_held() {
    fn skipped<'t>(x: &[Var<'t>]) -> Var<'t> {
        if x[0] == 0.0 { 0.0.into() } else { x[0] * x[1] }
    }
    let report = check_gradient(skipped, &[0.0, 5.0]);
    assert_eq!(report.equalities[0].text, "0.0 == 0.0 is true");
    assert!(report.to_string().contains("note: 0.0 == 0.0 is true, at "), "{report}");
    assert_eq!(check_gradient(skipped, &[1.0, 5.0]).equalities, []);
}

#[test]
fn a_tape_lists_equalities_of_what_is_still_recorded() {
    let mut tape = Tape::new();
    let x = tape.var(0.0);
    assert!(x == 0.0);
    assert_eq!(tape.view().equalities(), [], "sources were not kept");
    tape.record_sources(true);
    let x = tape.var(0.0);
    assert!(x == 0.0 && x <= 0.0);
    let before = tape.mark();
    let y = tape.var(1.0);
    assert!(y == 1.0);
    let texts = |tape: &Tape| -> Vec<String> {
        tape.view().equalities().into_iter().map(|note| note.text).collect()
    };
    assert_eq!(texts(&tape), ["0.0 == 0.0 is true", "1.0 == 1.0 is true"]);
    tape.rewind(before).unwrap();
    assert_eq!(texts(&tape), ["0.0 == 0.0 is true"]);
    tape.reset();
    assert!(texts(&tape).is_empty());
}
