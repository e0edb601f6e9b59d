//! What the registry asks of a package, and does not check before it is published.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The packages that are published, as cargo reads their manifests.
fn published() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("there are packages").clone();
    // Those that are not published have an empty list of registries.
    packages.into_iter().filter(|package| package["publish"].is_null()).collect()
}

fn texts<'a>(package: &'a Value, key: &str) -> Vec<&'a str> {
    package[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The folder of a package.
fn folder(package: &Value) -> &Path {
    Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap()
}

#[test]
fn eight_packages_are_published() {
    let mut names: Vec<_> = published().iter().map(|p| p["name"].to_string()).collect();
    names.sort();
    assert_eq!(
        names,
        [
            "\"wengert\"",
            "\"wengert-argmin\"",
            "\"wengert-cli\"",
            "\"wengert-graph\"",
            "\"wengert-guide\"",
            "\"wengert-linalg\"",
            "\"wengert-ode\"",
            "\"wengert-sparse\""
        ]
    );
}

#[test]
fn keywords_are_within_the_registry_s_limits() {
    for package in published() {
        let keywords = texts(&package, "keywords");
        assert!((1..=5).contains(&keywords.len()), "{}: {keywords:?}", package["name"]);
        for word in keywords {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_+".contains(c);
            assert!(word.len() <= 20, "{word} has {} characters, allowed are 20", word.len());
            assert!(
                word.chars().all(is_plain) && word.starts_with(|c: char| c.is_ascii_alphabetic())
            );
        }
    }
}

#[test]
fn categories_are_those_of_the_registry() {
    // Of its list, those that fit.
    let known = ["mathematics", "science", "algorithms", "visualization", "command-line-utilities"];
    for package in published() {
        let categories = texts(&package, "categories");
        assert!((1..=5).contains(&categories.len()), "{}: {categories:?}", package["name"]);
        assert!(categories.iter().all(|category| known.contains(category)), "{categories:?}");
    }
}

#[test]
fn packages_say_what_they_are_under_which_licence_and_where_to_read_on() {
    for package in published() {
        let name = &package["name"];
        let description = package["description"].as_str().unwrap_or_default();
        assert!((20..=300).contains(&description.len()), "{name}: {description}");
        assert_eq!(package["license"], "MIT OR Apache-2.0", "{name}");
        assert!(package["documentation"].is_string(), "{name} names no documentation");
        assert!(package["rust_version"].is_string(), "{name} names no compiler");
        let readme = package["readme"].as_str().unwrap_or("none");
        assert!(folder(&package).join(readme).is_file(), "{name}: README is {readme}");
    }
}

#[test]
fn every_package_has_the_licence_texts() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for package in published() {
        for file in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let [own, common] = [folder(&package), &root].map(|at| std::fs::read(at.join(file)));
            assert_eq!(own.ok(), common.ok(), "{}: {file}", package["name"]);
        }
    }
}

#[test]
fn the_readme_counts_the_engine_s_dependencies() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "-p", "wengert", "-e", "normal", "--prefix", "depth", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let text = String::from_utf8(output.stdout).expect("cargo writes text");
    let lines: BTreeSet<&str> = text.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    let direct = lines.iter().filter(|line| line.starts_with("1")).count();
    let name = |line: &&str| line.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned();
    let packages: BTreeSet<String> = lines.iter().map(name).collect();
    let readme = include_str!("../../README.md");
    let words = ["six", "seven", "eight", "nine"];
    let sentence = format!("{} small dependencies, {}", words[direct - 6], packages.len() - 1);
    assert!(readme.to_lowercase().contains(&sentence), "README does not say {sentence}");
}

#[test]
fn libraries_are_documented_with_all_features() {
    for package in published().iter().filter(|package| package["name"] != "wengert-cli") {
        let all = &package["metadata"]["docs"]["rs"]["all-features"];
        assert_eq!(all, true, "{}", package["name"]);
    }
}
