//! The guide shows what the library draws.

#[path = "../examples/pictures/drawn.rs"]
mod drawn;

#[test]
fn the_pictures_are_those_that_the_code_draws() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/pictures");
    let files = drawn::files();
    for (name, drawn) in &files {
        let kept = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(kept == *drawn, "docs/guide/pictures/{name} is not what is drawn: `just guide`");
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), files.len());
}

/// Every picture that a chapter shows is defined at its end, for the repository's pages.
#[test]
fn chapters_define_their_pictures() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide");
    let mut shown = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(chapter) = path.is_file().then(|| std::fs::read_to_string(&path).unwrap()) else {
            continue;
        };
        for name in chapter.split("\n![").skip(1) {
            let name = name.split("][").nth(1).and_then(|rest| rest.split(']').next()).unwrap();
            let file = chapter.split(&format!("\n[{name}]: ")).nth(1).expect(name);
            assert!(folder.join(file.lines().next().unwrap()).is_file(), "{name}: {file}");
            shown += 1;
        }
    }
    let defined = drawn::files().into_iter().filter(|(name, _)| name.ends_with(".data.md"));
    assert_eq!(shown, defined.count());
}
