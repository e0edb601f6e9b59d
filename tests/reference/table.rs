//! Reading the tables. Their columns are described in the README beside them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The points, values and derivatives of one operation.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) rows: Vec<Row>,
}

/// One point of a table.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// Arguments by name, in the table's order.
    pub(crate) arguments: Vec<(String, f64)>,
    pub(crate) value: f64,
    /// Derivatives by the name of the argument.
    pub(crate) partials: BTreeMap<String, f64>,
    /// What errors are measured against where terms cancel, by column.
    pub(crate) conditions: BTreeMap<String, f64>,
}

/// All tables there are.
pub(crate) fn all() -> Vec<Table> {
    let mut paths: Vec<PathBuf> = fs::read_dir(directory())
        .expect("the directory of tables is there")
        .map(|entry| entry.expect("it can be listed").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("reference/tables")
}

fn read(path: &Path) -> Table {
    let name = path.file_stem().expect("a table has a name").to_string_lossy().into_owned();
    let text = fs::read_to_string(path).expect("a table is text");
    let mut lines = text.lines();
    let header = lines.next().and_then(|line| line.strip_prefix("# ")).expect("a header");
    let header: Vec<&str> = header.split('\t').collect();
    let rows = lines.map(|line| parse(&name, &header, line)).collect();
    Table { name, rows }
}

fn parse(name: &str, header: &[&str], line: &str) -> Row {
    let fields: Vec<f64> = line.split('\t').map(number).collect();
    // A table of lists begins with their length.
    let (columns, fields) = if header[0] == "n" {
        let n = fields[0] as usize;
        (header[1..].iter().flat_map(|column| expand(column, n)).collect(), &fields[1..])
    } else {
        (header.iter().map(|&column| column.to_owned()).collect::<Vec<_>>(), &fields[..])
    };
    assert_eq!(columns.len(), fields.len(), "a row of {name} does not fit its header: {line}");
    let mut row = Row::default();
    columns.into_iter().zip(fields).for_each(|(column, &field)| row.insert(column, field));
    row
}

fn number(field: &str) -> f64 {
    field.parse().unwrap_or_else(|_| panic!("`{field}` is no number"))
}

/// `x1..xn` as x1, x2 … xn, and any other column as itself.
fn expand(column: &str, n: usize) -> Vec<String> {
    let Some((first, _)) = column.split_once("..") else {
        return vec![column.to_owned()];
    };
    let stem = without_index(first);
    let start: usize = first[stem.len()..].parse().expect("the first of a list has an index");
    (start..start + n).map(|index| format!("{stem}{index}")).collect()
}

/// A column's name without the position in a list.
pub(crate) fn without_index(column: &str) -> &str {
    column.trim_end_matches(|c: char| c.is_ascii_digit())
}

impl Row {
    fn insert(&mut self, column: String, field: f64) {
        if column == "value" {
            self.value = field;
        } else if let Some(argument) = column.strip_prefix("d/d") {
            self.partials.insert(argument.to_owned(), field);
        } else if let Some(of) = column.strip_prefix("condition") {
            let of = if of.is_empty() { "value" } else { &of[1..] };
            self.conditions.insert(of.to_owned(), field);
        } else {
            self.arguments.push((column, field));
        }
    }
}
