//! A tape as text, and text as a tape.

use crate::support::{cases, same};
use proptest::prelude::*;
use wengert::view::NodeView;
use wengert::{OpKind, Tape, Var};

/// One step of a random recording: an operation, from where to take its arguments, and how many
/// where that is free.
#[derive(Clone, Debug)]
struct Step {
    kind: OpKind,
    picks: Vec<(usize, Option<f64>)>,
    label: Option<String>,
}

fn step() -> impl Strategy<Value = Step> {
    let number = prop_oneof![
        -3.0..3.0_f64,
        (-3..4_i32).prop_map(f64::from),
        // The text of a NaN has no sign, which `copysign` would see.
        prop::num::f64::ANY.prop_map(|x| if x.is_nan() { f64::NAN } else { x }),
        Just(-0.0),
        Just(f64::INFINITY),
    ];
    let pick = (any::<usize>(), prop::option::weighted(0.3, number));
    let picks = prop::collection::vec(pick, 4..6);
    let label = prop::option::weighted(0.2, any::<String>());
    let kind = prop::sample::select(OpKind::ALL);
    (kind, picks, label).prop_map(|(kind, picks, label)| Step { kind, picks, label })
}

/// The arguments of a step: variables so far or constants, as many as its kind can take.
fn arguments<'t>(step: &Step, vars: &[Var<'t>]) -> Vec<Var<'t>> {
    let node = |&(pick, _): &(usize, _)| vars[pick % vars.len()];
    let free = |pick: &(usize, Option<f64>)| pick.1.map_or(node(pick), Var::constant);
    let constant =
        |&(pick, number): &(usize, Option<f64>)| Var::constant(number.unwrap_or(pick as f64));
    let picks = &step.picks;
    match step.kind {
        OpKind::Powi => vec![node(&picks[0]), Var::constant((picks[1].0 % 9) as f64 - 4.0)],
        OpKind::MulAdd | OpKind::BetaInc => {
            vec![node(&picks[0]), free(&picks[1]), free(&picks[2])]
        }
        OpKind::Clamp => vec![node(&picks[0]), constant(&picks[1]), constant(&picks[2])],
        OpKind::SelectLess | OpKind::SelectLessOrEqual | OpKind::SelectEqual => {
            picks[..4].iter().map(free).collect()
        }
        OpKind::Polynomial => {
            std::iter::once(node(&picks[0])).chain(picks[1..].iter().map(constant)).collect()
        }
        OpKind::LinearCombination => {
            picks[..2].iter().map(constant).chain(picks[2..4].iter().map(node)).collect()
        }
        kind if Var::try_apply(kind, &[Var::constant(1.0)]).is_ok() => vec![node(&picks[0])],
        kind if Var::try_apply(kind, &[Var::constant(1.0); 3]).is_ok() => {
            picks.iter().map(free).collect()
        }
        _ => vec![node(&picks[0]), free(&picks[1])],
    }
}

/// Records the steps that can be recorded; bounds out of order cannot.
fn record(tape: &Tape, steps: &[Step]) {
    let mut vars = vec![tape.var(1.5), tape.var(-0.25)];
    for step in steps {
        let var = match step.kind {
            OpKind::Input | OpKind::Constant => Ok(tape.var(step.picks[0].1.unwrap_or(0.5))),
            kind => Var::try_apply(kind, &arguments(step, &vars)),
        };
        vars.extend(var.map(|var| step.label.clone().map_or(var, |label| var.label(label))));
    }
}

/// Both tapes list alike, and have the same gradients and the same derivatives of every node.
#[track_caller]
fn assert_read_back(tape: &Tape) {
    let listing = tape.to_string();
    let read = Tape::from_listing(&listing).unwrap_or_else(|error| panic!("{error} in {listing}"));
    assert_eq!(read.to_string(), listing);
    let (view, again) = (tape.view(), read.view());
    let positions = |node: &NodeView<'_>| node.operands().iter().map(|id| id.index()).collect();
    for (id, its) in view.ids().zip(again.ids()) {
        let (node, other) = (view.node(id).unwrap(), again.node(its).unwrap());
        let [operands, others]: [Vec<_>; 2] = [positions(&node), positions(&other)];
        assert_eq!((node.kind(), operands), (other.kind(), others));
        assert_eq!(node.partials().len(), other.partials().len());
        node.partials().iter().zip(other.partials()).for_each(|(&a, b)| same(a, b));
        same(node.value(), other.value());
        assert_eq!(view.label(id), again.label(its));
    }
    let [last, its] = [&view, &again].map(|view| view.ids().next_back().unwrap());
    let (here, there) = (tape.get(last).unwrap(), read.get(its).unwrap());
    let (here, there) = (here.gradients(), there.gradients());
    here.as_slice().iter().zip(there.as_slice()).for_each(|(&a, &b)| same(a, b));
}

/// A tape on which every kind of operation stands, with constants wherever they can stand.
fn tape_of_everything() -> Tape {
    let tape = Tape::new();
    let [x, y] = tape.var_array([0.5, 0.75]);
    let c = Var::constant(2.0);
    for &kind in OpKind::ALL {
        let shapes: &[&[Var<'_>]] = &[
            &[x],
            &[x, y],
            &[x, c],
            &[c, y],
            &[c, c, x, y],
            &[x, y, c],
            &[x, c, y],
            &[x, c, c],
            &[x, y, x],
            &[x, Var::constant(0.25), c],
            &[x, c, c, c],
            &[],
        ];
        for arguments in shapes {
            let _ = Var::try_apply(kind, arguments);
        }
    }
    tape
}

#[test]
fn every_operation_is_written_and_read_back() {
    let tape = tape_of_everything();
    let stats = tape.stats();
    for &kind in OpKind::ALL {
        assert!(stats.count(kind) > 0, "{kind} is missing");
    }
    assert_read_back(&tape);
}

#[test]
fn a_listing_looks_as_documented() {
    let tape = Tape::new();
    let [x, y] = tape.var_array([0.5, 3.0]);
    let _ = (x * y).label("product");
    let _ = 2.0 / x;
    let _ = x.clamp(-1.0, 1e300) + 1e-300;
    let _ = x.powi(-2);
    let _ = Var::linear_combination(&[10.0, 20.0], &[x, y]);
    let _ = x.polynomial(&[1.0, 2.0]);
    let _ = Var::sum(&[x, 1.5.into()]);
    let _ = x.mul_add(2.0, y);
    let _ = (x - 1.0).sqrt();
    let expected = "\
        n0 = input ; 0.5\n\
        n1 = input ; 3\n\
        n2 = mul n0 n1 ; 1.5 \"product\"\n\
        n3 = div 2 n0 ; 4\n\
        n4 = clamp n0 -1 1e300 ; 0.5\n\
        n5 = add n4 1e-300 ; 0.5\n\
        n6 = powi n0 -2 ; 4\n\
        n7 = linear_combination 10 20 n0 n1 ; 65\n\
        n8 = polynomial n0 1 2 ; 2\n\
        n9 = constant ; 1.5\n\
        n10 = sum n0 n9 ; 2\n\
        n11 = mul_add n0 2 n1 ; 4\n\
        n12 = sub n0 1 ; -0.5\n\
        n13 = sqrt n12 ; NaN\n";
    assert_eq!(tape.to_string(), expected);
    assert_read_back(&tape);
}

#[test]
fn labels_keep_every_character() {
    for label in [
        "",
        " ",
        "x",
        "with \"quotes\"",
        "two\nlines",
        "tab\tand\r\n",
        "back\\slash",
        "; 2 \"y\"",
        "naïve ∂ℓ/∂x",
        "\u{0}\u{1b}\u{7f}",
        "e\u{301}",
        "\u{feff}\u{2028}",
        "'",
        "🦀",
        "# n0 = x",
    ] {
        let tape = Tape::new();
        tape.var(1.0).label(label);
        assert_eq!(tape.to_string().lines().count(), 1, "{label:?} stands on one line");
        assert_read_back(&tape);
    }
}

#[test]
fn numbers_read_back_to_the_last_bit() {
    for number in [
        0.1 + 0.2,
        -0.0,
        0.0,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
        1e16,
        123_456_789.0,
        -1.0,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        std::f64::consts::PI,
    ] {
        let tape = Tape::new();
        let _ = tape.var(number) + number;
        assert_read_back(&tape);
    }
}

#[test]
fn a_single_precision_tape_is_read_back() {
    let tape = Tape::<f32>::default();
    let x = tape.var(0.1);
    let _ = (x * 0.3).exp().label("y");
    let listing = tape.to_string();
    assert_eq!(Tape::<f32>::from_listing(&listing).unwrap().to_string(), listing);
}

#[test]
fn comments_empty_lines_spaces_and_missing_values_are_fine() {
    let text = "# a square\n\n  n0 = input ; 3  \n\tn1 =  mul   n0\tn0\r\n   # the end";
    let tape = Tape::<f64>::from_listing(text).unwrap();
    assert_eq!(tape.to_string(), "n0 = input ; 3\nn1 = mul n0 n0 ; 9\n");
    assert!(Tape::<f64>::from_listing("").unwrap().is_empty());
}

#[test]
fn a_wrong_line_is_named_with_what_is_wrong() {
    for (text, expected) in [
        ("n0", "there is no `=`"),
        ("n0 =", "there is no operation behind `=`"),
        ("n0 = ; 2", "there is no operation behind `=`"),
        ("n0 = frob ; 2", "`frob` is no operation"),
        ("n0 = input", "`input` needs a value: `; 2`"),
        ("n0 = constant", "`constant` needs a value"),
        ("n0 = input 3 ; 3", "`input` takes no arguments, given `3`"),
        ("n0 = input ; three", "`three` is no number"),
        ("n1 = input ; 3", "the next node is n0, not `n1`"),
        ("x = input ; 3", "the next node is n0, not `x`"),
        ("n0 = sin 2", "this line does not make one node"),
        ("n0 = input ; 3 \"x", "the label does not end"),
        ("n0 = input ; 3 \"", "the label does not end"),
        ("n0 = input ; 3 \"x\" y", "the label does not end"),
        ("n0 = input ; 3 \"x\" \"y\"", "there is text behind the label"),
        (r#"n0 = input ; 3 "\q""#, "the label has a wrong escape"),
        (r#"n0 = input ; 3 "\u{d800}""#, "the label has a wrong escape"),
        (r#"n0 = input ; 3 "\u{41""#, "the label has a wrong escape"),
        (r#"n0 = input ; 3 "\""#, "the label has a wrong escape"),
    ] {
        assert_wrong(&format!("# first\n{text}"), 2, expected);
    }
}

#[test]
fn a_wrong_operation_is_named_with_what_is_wrong() {
    for (text, expected) in [
        ("n1 = sin n1", "n1 is not above this line"),
        ("n1 = sin n999999999999999999999", "`n999999999999999999999` is no number"),
        ("n1 = sin y", "`y` is no number"),
        ("n1 = sin", "`sin` takes 1 argument, given 0"),
        ("n1 = add n0", "`add` takes 2 arguments, given 1"),
        ("n1 = sum n0 2", "this line does not make one node"),
        ("n1 = mul_add 2 3 n0", "this line does not make one node"),
        ("n1 = clamp n0 n0 3", "write a clamp between variables as `max` and `min`"),
        ("n1 = clamp n0 3 2", "a clamp needs bounds that are no NaN, the lower first"),
        ("n1 = powi n0 0.5", "`powi` takes a constant integer"),
        ("n1 = polynomial n0 n0", "`polynomial` takes constants as coefficients"),
        ("n1 = mul n0 2 ; 7", "the value is 6, not 7"),
        ("n1 = mul n0 2 ; NaN", "the value is 6, not NaN"),
        ("n0 = input ; 4", "the next node is n1, not `n0`"),
    ] {
        assert_wrong(&format!("n0 = input ; 3\n{text}"), 2, expected);
    }
}

#[track_caller]
fn assert_wrong(listing: &str, line: usize, expected: &str) {
    let error = Tape::<f64>::from_listing(listing).unwrap_err();
    assert!(error.is_listing());
    let text = error.to_string();
    assert!(text.starts_with(&format!("line {line} of the listing: ")), "{text}");
    assert!(text.contains(expected), "{text}");
}

/// Reading returns, and an error names a line that is there.
fn read(text: &str) -> Result<(), TestCaseError> {
    let Err(error) = Tape::<f64>::from_listing(text) else { return Ok(()) };
    prop_assert!(error.is_listing());
    let error = error.to_string();
    let line = error.strip_prefix("line ").and_then(|rest| rest.split(' ').next());
    let line: usize = line.and_then(|line| line.parse().ok()).expect("the error names a line");
    prop_assert!((1..=text.lines().count()).contains(&line), "{}", error);
    Ok(())
}

/// Replaces, inserts or removes one character.
fn mutate(text: &str, (place, action, character): (usize, u8, char)) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let place = place % characters.len().max(1);
    match action % 3 {
        0 if !characters.is_empty() => characters[place] = character,
        1 if !characters.is_empty() => _ = characters.remove(place),
        _ => characters.insert(place, character),
    }
    characters.into_iter().collect()
}

/// A character that a listing is made of, or any other.
fn character() -> impl Strategy<Value = char> {
    let usual: Vec<char> = "n0123456789=;\" .-+e\\u{}\n#NaNinfsumulad".chars().collect();
    prop_oneof![4 => prop::sample::select(usual), 1 => any::<char>()]
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn random_tapes_are_read_back(steps in prop::collection::vec(step(), 0..40)) {
        let tape = Tape::new();
        record(&tape, &steps);
        assert_read_back(&tape);
    }

    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        read(&text)?;
    }

    #[test]
    fn text_made_of_a_listings_characters_never_panics(
        characters in prop::collection::vec(character(), 0..80),
    ) {
        read(&characters.into_iter().collect::<String>())?;
    }

    #[test]
    fn damaged_listings_never_panic(
        steps in prop::collection::vec(step(), 0..10),
        damages in prop::collection::vec((any::<usize>(), any::<u8>(), character()), 1..4),
    ) {
        let tape = Tape::new();
        record(&tape, &steps);
        read(&damages.into_iter().fold(tape.to_string(), |text, damage| mutate(&text, damage)))?;
    }
}

#[test]
fn a_number_beyond_the_largest_is_refused_and_an_infinity_is_not() {
    for text in ["1e400", "-1e400", "2e308", "1".repeat(400).as_str()] {
        for listing in
            [format!("n0 = input ; {text}"), format!("n0 = input ; 1\nn1 = add n0 {text}")]
        {
            let error = Tape::<f64>::from_listing(&listing).unwrap_err();
            assert!(error.is_listing());
            assert!(error.to_string().contains("is beyond the largest number, 1.797"), "{error}");
        }
    }
    assert!(Tape::<f32>::from_listing("n0 = input ; 1e39").is_err());
    assert!(Tape::<f64>::from_listing("n0 = input ; 1e39").is_ok());
    for text in ["inf", "-inf", "infinity", "NaN", "1.7976931348623157e308", "1e-400"] {
        let tape = Tape::<f64>::from_listing(&format!("n0 = input ; {text}")).unwrap();
        let value = tape.view().node(tape.view().ids().next().unwrap()).unwrap().value();
        assert!(value.to_bits() == text.parse::<f64>().unwrap().to_bits(), "{text} is {value}");
    }
}
