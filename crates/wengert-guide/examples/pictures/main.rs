//! The pictures of the guide, written anew: for the repository's pages as SVG, and for the hosted
//! documentation as data in a definition of Markdown's.
//!
//! ```text
//! cargo run -p wengert-guide --example pictures -- docs/guide/pictures
//! ```

mod drawn;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    std::fs::create_dir_all(&folder)?;
    for (name, text) in drawn::files() {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}
