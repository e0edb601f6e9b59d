//! Files of one crate that use each other's names in a circle.

use super::{code, name, root};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Modules by path, `function::draft`, each with the modules that its file uses.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// The code of each file by the path of its module, without tests.
fn files(source: &Path) -> BTreeMap<String, String> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![source.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            let stem = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
            if ["tests", "lib", "main"].contains(&&*stem) {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else {
                let inside = path.strip_prefix(source).expect("it is of the source");
                let module = inside.with_extension("").to_string_lossy().replace('/', "::");
                let code = code(&path);
                files.insert(
                    module,
                    code.split("#[cfg(test)]").next().unwrap_or_default().to_owned(),
                );
            }
        }
    }
    files
}

/// The paths that a text begins with, one for each name of a group.
fn paths(text: &str) -> Vec<String> {
    let Some(group) = text.strip_prefix('{') else {
        let first = name(text);
        return match text[first.len()..].strip_prefix("::") {
            Some(rest) => paths(rest).iter().map(|path| format!("{first}::{path}")).collect(),
            None => vec![first.to_owned()],
        };
    };
    let (mut depth, mut start, mut found) = (1, 0, Vec::new());
    for (at, character) in group.char_indices() {
        depth += i32::from(character == '{') - i32::from(character == '}');
        if (depth == 1 && character == ',') || depth == 0 {
            let item = group[start..at].trim();
            found.extend(if item.is_empty() { Vec::new() } else { paths(item) });
            start = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    found
}

/// The modules that a file uses: the longest beginnings of its paths that are files.
fn uses(module: &str, code: &str, files: &BTreeMap<String, String>) -> BTreeSet<String> {
    let here: Vec<_> = module.split("::").collect();
    let mut found = BTreeSet::new();
    for statement in
        code.split(';').filter(|text| !text.contains("pub use") && !text.contains(") use"))
    {
        let begins = ["crate::", "super::", "self::"].map(|word| statement.match_indices(word));
        for (at, _) in begins.into_iter().flatten() {
            if statement[..at].ends_with("super::") {
                continue;
            }
            let (mut rest, mut base) = (&statement[at..], Vec::new());
            if let Some(path) = rest.strip_prefix("crate::") {
                rest = path;
            } else {
                base.clone_from(&here);
                rest = rest.strip_prefix("self::").unwrap_or(rest);
                while let Some(path) = rest.strip_prefix("super::") {
                    (rest, _) = (path, base.pop());
                }
            }
            for path in paths(rest) {
                let whole: Vec<_> = base.iter().copied().chain(path.split("::")).collect();
                let file = (1..=whole.len()).rev().map(|n| whole[..n].join("::"));
                found.extend(file.into_iter().find(|path| files.contains_key(path)));
            }
        }
    }
    found.remove(module);
    found
}

/// The modules from which each path comes back to where it began.
fn in_circles(graph: &Graph) -> Vec<&String> {
    let reaches = |from: &String| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(module) = open.pop() {
            open.extend(graph[module].iter().filter(|&next| seen.insert(next)));
        }
        seen.contains(from)
    };
    graph.keys().filter(|module| reaches(module)).collect()
}

/// The uses among the files of a crate.
fn graph(source: &Path) -> Graph {
    let files = files(source);
    files.iter().map(|(module, code)| (module.clone(), uses(module, code, &files))).collect()
}

/// The sources of every crate of the workspace that has some.
fn crates() -> Vec<PathBuf> {
    let folders = ["crates", "crates/examples"].map(|folder| root().join(folder));
    let inside = folders.iter().flat_map(|folder| folder.read_dir().expect("it can be read"));
    let folders = inside.map(|entry| entry.expect("the entry can be read").path());
    let others = ["benches", "tests/fuzz"].map(|folder| root().join(folder));
    let sources = folders.chain(others).map(|folder| folder.join("src"));
    sources.filter(|source| source.is_dir()).collect()
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let crates = crates();
    assert!(crates.len() >= 10, "crates are found: {crates:?}");
    for source in crates {
        let graph = graph(&source);
        assert_eq!(in_circles(&graph), Vec::<&String>::new(), "in {}", source.display());
    }
}

#[test]
fn what_files_use_is_found() {
    let engine = graph(&root().join("crates/wengert/src"));
    assert!(engine["sweep::reverse"].contains("store"), "{:?}", engine["sweep::reverse"]);
    assert!(engine.values().map(BTreeSet::len).sum::<usize>() > engine.len());
    let files = ["a", "a::b", "c"].map(|module| (module.to_owned(), String::new())).into();
    let used = |module, code| uses(module, code, &files).into_iter().collect::<Vec<_>>();
    assert_eq!(used("a", "pub use self::b::B; use self::{b::C, D};"), ["a::b"]);
    assert_eq!(used("a::b", "use super::E; use super::super::c::F;"), ["a", "c"]);
    assert_eq!(used("c", "fn f() { crate::a::b::g() }"), ["a::b"]);
    let circle = [("a", "c"), ("c", "a"), ("a::b", "a")];
    let circle = circle.map(|(from, to)| (from.to_owned(), BTreeSet::from([to.to_owned()]))).into();
    assert_eq!(in_circles(&circle), ["a", "c"]);
}
