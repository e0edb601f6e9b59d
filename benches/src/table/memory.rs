//! How many heap bytes tools need, kept beside what criterion left on disk.

use std::{collections::BTreeMap, fs, io, path::Path};

/// The peaks of tools on cases, by group, tool and size.
#[derive(Clone, Debug, Default)]
pub struct Peaks(BTreeMap<String, usize>);

/// The file in criterion's directory.
const FILE: &str = "gradbench-memory.json";

impl Peaks {
    /// The peaks last written into `directory`, or none.
    pub fn read(directory: &Path) -> Self {
        let text = fs::read_to_string(directory.join(FILE)).unwrap_or_default();
        Self(serde_json::from_str(&text).unwrap_or_default())
    }

    /// Writes the peaks into `directory`, which is made if need be.
    ///
    /// # Errors
    ///
    /// If it cannot be written to.
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        fs::create_dir_all(directory)?;
        fs::write(directory.join(FILE), serde_json::to_string_pretty(&self.0)?)
    }

    /// The bytes of a tool on a case, or `None` if they were not counted.
    pub fn get(&self, group: &str, tool: &str, size: &str) -> Option<usize> {
        self.0.get(&key(group, tool, size)).copied()
    }

    /// Notes the bytes of a tool on a case.
    pub fn set(&mut self, group: &str, tool: &str, size: &str, bytes: usize) {
        self.0.insert(key(group, tool, size), bytes);
    }
}

fn key(group: &str, tool: &str, size: &str) -> String {
    format!("{group}/{tool}/{size}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let directory = std::env::temp_dir().join(format!("peaks-{}", std::process::id()));
        assert_eq!(Peaks::read(&directory).get("g", "t", "s"), None);
        let mut peaks = Peaks::default();
        peaks.set("g", "t", "s", 7);
        peaks.write(&directory).expect("a temporary directory can be written to");
        assert_eq!(Peaks::read(&directory).get("g", "t", "s"), Some(7));
        fs::remove_dir_all(&directory).expect("it was made here");
    }
}
