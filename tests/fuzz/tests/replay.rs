//! The corpus again, without libFuzzer: one case a file.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

/// Calls `target` with each file of a corpus, and names those at which it panics.
fn replay(corpus: &str, target: fn(&[u8])) {
    wengert_fuzz::let_expected_panics_pass();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(corpus);
    let files = fs::read_dir(&folder).expect("the corpus is there");
    let mut files: Vec<_> = files.map(|file| file.expect("a readable file").path()).collect();
    files.sort();
    assert!(files.len() >= 10, "a corpus of {} files is none", files.len());
    let fails = |bytes: Vec<u8>| catch_unwind(|| target(&bytes)).is_err();
    files.retain(|file| fails(fs::read(file).expect("a readable file")));
    assert!(files.is_empty(), "see its steps with `just replay FILE`: {files:#?}");
}

#[test]
fn programs_agree_with_the_model() {
    replay("tape", wengert_fuzz::tape);
}

#[test]
fn functions_agree_with_the_tape() {
    replay("function", wengert_fuzz::function);
}

#[test]
fn loops_agree_with_the_tape_of_their_steps() {
    replay("loops", wengert_fuzz::loops);
}

#[test]
fn parts_agree_with_the_tape_of_their_operations() {
    replay("parts", wengert_fuzz::parts);
}

#[test]
fn listings_are_read_or_refused() {
    replay("listing", wengert_fuzz::listing);
}

#[test]
fn saved_functions_are_loaded_or_refused() {
    replay("saved", wengert_fuzz::saved);
}

#[test]
fn kept_plans_are_loaded_or_refused() {
    replay("plan", wengert_fuzz::plan);
}

#[test]
fn expressions_are_read_or_refused() {
    replay("expression", wengert_fuzz::expression);
}

#[test]
fn labels_are_shown_and_never_run() {
    replay("labels", wengert_fuzz::labels);
}

#[test]
fn the_dictionary_knows_every_operation() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("listing.dict");
    let dictionary = fs::read_to_string(path).expect("the dictionary is there");
    for kind in wengert::OpKind::ALL {
        let entry = format!("\"{}\"", kind.name());
        assert!(dictionary.lines().any(|line| line == entry), "{entry} is missing");
    }
}
