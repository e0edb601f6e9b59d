//! The pictures of the documentation, written anew.
//!
//! ```text
//! cargo run -p wengert-graph --features png --example gallery -- docs/graphs
//! ```
//!
//! With `--png` behind the folder, each is also written as PNG, light and dark, to be looked at.

mod pictures;

use std::error::Error;
use std::path::{Path, PathBuf};
use wengert_graph::{Picture, Theme};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let also_png = arguments.next().is_some_and(|word| word == "--png");
    std::fs::create_dir_all(&folder)?;
    for (name, text) in pictures::files() {
        std::fs::write(folder.join(name), text)?;
    }
    if also_png {
        pictures::each(|name, picture| write_png(&folder, name, picture))?;
    }
    Ok(())
}

fn write_png(folder: &Path, name: &str, picture: &Picture<'_>) -> Result<(), Box<dyn Error>> {
    for (suffix, theme) in [("light", Theme::Light), ("dark", Theme::Dark)] {
        let file = folder.join(format!("{name}-{suffix}.png"));
        std::fs::write(file, picture.png(theme, 1.5)?)?;
    }
    Ok(())
}
