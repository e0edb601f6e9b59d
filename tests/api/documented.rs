//! Every public item of the libraries has an example, which is compiled and run as documentation.
//!
//! What is `pub` in the source is public: the compiler denies `pub` where nobody can reach it.

use std::fs::{read_dir, read_to_string};
use std::path::{Path, PathBuf};

/// All source files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("the entry is there").path());
    let below = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
    paths.flat_map(below).filter(|path| path.extension().is_some_and(|e| e == "rs")).collect()
}

/// The name of the item that a line makes public, if it does.
fn item(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("pub ")?;
    let rest = ["const fn ", "fn ", "struct ", "enum ", "trait ", "type ", "const "]
        .iter()
        .find_map(|word| rest.strip_prefix(word))?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}

/// Public items, with whether the comment above each has an example.
fn items(text: &str) -> Vec<(String, bool)> {
    let (mut found, mut has_example, mut in_attribute) = (Vec::new(), false, false);
    for line in text.lines() {
        let line = line.trim_start();
        in_attribute |= line.starts_with("#[");
        if line.starts_with("///") || in_attribute {
            has_example |= line.starts_with("/// ```");
            in_attribute &= !line.ends_with(']');
            continue;
        }
        found.extend(item(line).map(|name| (name.to_owned(), has_example)));
        has_example = false;
    }
    found
}

/// What seals the traits of scalars: `pub` for the bounds of public items, in private modules.
const INTERNAL: [&str; 15] = [
    "Form",
    "Unary",
    "Binary",
    "Ternary",
    "Nary",
    "Beside",
    "Operands",
    "Which",
    "Slope",
    "Derivatives",
    "Rules",
    "RealRules",
    "Compiled",
    "Called",
    "Sealed",
];

#[test]
fn every_public_item_has_an_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let (mut count, mut without) = (0, Vec::new());
    for library in ["wengert/src", "wengert-graph/src", "wengert-sparse/src"] {
        for path in sources(&root.join(library)) {
            let text = read_to_string(&path).expect("sources are text");
            let found = items(&text);
            count += found.len();
            let bare = found.into_iter().filter(|(name, has)| !has && !INTERNAL.contains(&&**name));
            without.extend(bare.map(|(name, _)| format!("{name} in {}", path.display())));
        }
    }
    assert!(count > 300, "only {count} items were found");
    assert!(without.is_empty(), "without an example: {without:#?}");
}

/// The types that a crate names at its root, where the front page of its documentation lists them.
fn types_at_the_root(text: &str) -> Vec<&str> {
    let root = text.split("\npub mod ").next().unwrap_or_default();
    let exports = root.split("pub use ").skip(1).filter_map(|rest| rest.split(';').next());
    let names = exports.flat_map(|path| path.split(|c: char| !c.is_alphanumeric()));
    names.filter(|name| name.starts_with(char::is_uppercase)).collect()
}

#[test]
fn the_front_page_is_no_flat_list_of_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/wengert/src/lib.rs");
    let text = read_to_string(path).expect("sources are text");
    let text = text.replace("\npub mod check;", "").replace("\npub mod nested;", "");
    let (types, modules) = (types_at_the_root(&text), text.matches("\npub mod ").count());
    assert!(types.contains(&"Tape") && types.contains(&"Scalar"), "exports are read: {types:?}");
    assert!(types.len() <= 28 && modules >= 4, "{types:?} and {modules} modules");
}
