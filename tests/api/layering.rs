//! Who may know whom: the paths in the engine's source against the table in the documentation.

mod circles;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::read_to_string;
use std::path::{Path, PathBuf};

/// For each module the modules that it uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn source() -> PathBuf {
    root().join("crates/wengert/src")
}

fn read(path: &Path) -> String {
    read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The code of a file, without comments: a link in the documentation is no use.
fn code(path: &Path) -> String {
    let text = read(path);
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.filter(|line| !line.trim_start().starts_with("#[doc")).collect::<Vec<_>>().join("\n")
}

/// The table under the heading `## Who may know whom`.
fn allowed() -> Uses {
    let text = read(&root().join("docs/ARCHITECTURE.md"));
    let (_, section) = text.split_once("## Who may know whom").expect("the heading is there");
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(row).filter(|(module, _)| module != "module");
    rows.filter(|(module, _)| !module.starts_with('-')).collect()
}

/// `| module | may use |` with names parted by commas.
fn row(line: &str) -> Option<(String, BTreeSet<String>)> {
    let (module, names) = line.strip_prefix('|')?.strip_suffix('|')?.split_once('|')?;
    let names = names.split(',').map(|name| name.trim().trim_matches('`').to_owned());
    Some((module.trim().trim_matches('`').to_owned(), names.filter(|n| !n.is_empty()).collect()))
}

/// The files of each module at the root of the crate.
fn modules() -> BTreeMap<String, Vec<PathBuf>> {
    let mut modules: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut folders = vec![source()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                modules.entry(module_of(&path)).or_default().push(path);
            }
        }
    }
    modules.remove("lib").expect("there is a root");
    modules
}

fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix(source()).expect("the path is of the source");
    let first = inside.components().next().expect("the path is not empty");
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The name at the start of a text.
fn name(text: &str) -> &str {
    &text[..text.find(|c| !is_name(c)).unwrap_or(text.len())]
}

/// The first names behind each `crate::`, those of a group one by one.
fn names_behind_crate(code: &str) -> Vec<String> {
    let behind = code.match_indices("crate::").map(|(at, path)| &code[at + path.len()..]);
    behind
        .flat_map(|rest| if rest.starts_with('{') { group(rest) } else { vec![rest] })
        .map(|path| name(path).to_owned())
        .collect()
}

/// The paths of a group `{a::b, c}`, without those of groups within it.
fn group(text: &str) -> Vec<&str> {
    let (mut depth, mut paths) = (0, Vec::new());
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        let begins = matches!(character, '{' | ',') && depth == 1;
        paths.extend(begins.then(|| text[at + 1..].trim_start()));
        if depth == 0 {
            break;
        }
    }
    paths.into_iter().filter(|path| !path.starts_with('}')).collect()
}

/// What the root re-exports, by name: `crate::Error` means `crate::error`.
fn exports() -> BTreeMap<String, String> {
    let code = code(&source().join("lib.rs"));
    let statements = code.split(';').filter_map(|text| text.trim().strip_prefix("pub use "));
    statements.flat_map(names_of).collect()
}

/// The names of `module::{a, b}` or `module::a`, each with its module.
fn names_of(path: &str) -> Vec<(String, String)> {
    let (module, names) = path.split_once("::").expect("an export names its module");
    let names = if names.starts_with('{') { group(names) } else { vec![names] };
    names.into_iter().map(|path| (name(path).to_owned(), module.to_owned())).collect()
}

/// The modules of macros, which stand at the root wherever they are written.
fn macros(modules: &BTreeMap<String, Vec<PathBuf>>) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (module, files) in modules {
        for code in files.iter().map(|file| code(file)) {
            let names = code.split("macro_rules! ").skip(1).map(name);
            all.extend(names.map(|name| (name.to_owned(), module.clone())));
        }
    }
    all
}

fn used() -> Uses {
    let (modules, mut exports) = (modules(), exports());
    let exported = macros(&modules).into_iter().filter(|(name, _)| !modules.contains_key(name));
    exports.extend(exported);
    let module = |name: String| exports.get(&name).cloned().unwrap_or(name);
    let uses = |files: &Vec<PathBuf>| {
        files.iter().flat_map(|file| names_behind_crate(&code(file))).map(module).collect()
    };
    modules.iter().map(|(name, files)| (name.clone(), uses(files))).collect()
}

#[test]
fn no_module_uses_what_the_table_does_not_allow() {
    let (allowed, used) = (allowed(), used());
    let none = BTreeSet::new();
    for (module, names) in &used {
        let may_use = allowed.get(module).unwrap_or(&none);
        let more: Vec<_> = names.iter().filter(|&n| n != module && !may_use.contains(n)).collect();
        assert!(more.is_empty(), "`{module}` uses {more:?}, which ARCHITECTURE.md does not allow");
    }
}

#[test]
fn the_table_allows_nothing_that_is_not_used() {
    let (allowed, used) = (allowed(), used());
    for (module, names) in &allowed {
        let uses = used.get(module).unwrap_or_else(|| panic!("there is no module `{module}`"));
        let idle: Vec<_> = names.iter().filter(|&n| n != module && !uses.contains(n)).collect();
        assert!(idle.is_empty(), "`{module}` does not use {idle:?}");
    }
}

#[test]
fn every_module_stands_in_the_table() {
    let allowed = allowed();
    assert!(modules().keys().eq(allowed.keys()), "{:?}", modules().keys());
}

/// `super::` at the top of a module would reach the root without saying `crate::`.
#[test]
fn no_path_climbs_out_of_its_module() {
    for file in modules().into_values().flatten() {
        let inside = file.strip_prefix(source()).expect("the path is of the source");
        let depth = inside.components().count();
        for line in code(&file).lines() {
            // What is indented may stand in a module within the file, one deeper.
            let climbs = "super::".repeat(depth + usize::from(line.starts_with(' ')));
            assert!(!line.contains(&climbs), "{} climbs to the root: {line}", file.display());
        }
    }
}

/// `unsafe` in one file, and a count of its blocks that is looked at when it changes.
#[test]
fn unsafe_stands_in_the_arena_alone() {
    let files = modules().into_values().flatten();
    let blocks = files.map(|file| (file.clone(), code(&file).matches("unsafe {").count()));
    let some: Vec<_> = blocks.filter(|(_, count)| *count > 0).collect();
    assert_eq!(some, [(source().join("store/arena.rs"), 7)]);
}
