//! Sparse matrices as GradBench writes them.

/// A matrix in compressed rows: the entries that can differ from zero, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compressed {
    /// Where each row begins in the other two lists, and at last where they end.
    pub rows: Vec<usize>,
    /// The column of each entry.
    pub cols: Vec<usize>,
    /// Each entry.
    pub vals: Vec<f64>,
}

impl Compressed {
    /// A matrix without rows, with room for `rows` of them with `entries` entries.
    pub fn with_capacity(rows: usize, entries: usize) -> Self {
        let mut starts = Vec::with_capacity(rows + 1);
        starts.push(0);
        Self { rows: starts, cols: Vec::with_capacity(entries), vals: Vec::with_capacity(entries) }
    }

    /// Adds a row with zeros at these columns.
    pub fn push_row(&mut self, columns: impl IntoIterator<Item = usize>) {
        self.cols.extend(columns);
        self.vals.resize(self.cols.len(), 0.0);
        self.rows.push(self.cols.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_begin_where_the_last_one_ended() {
        let mut matrix = Compressed::with_capacity(3, 3);
        matrix.push_row([1, 4]);
        matrix.push_row([]);
        matrix.push_row([2]);
        assert_eq!(matrix.rows, [0, 2, 2, 3]);
        assert_eq!(matrix.cols, [1, 4, 2]);
        assert_eq!(matrix.vals, [0.0; 3]);
    }
}
