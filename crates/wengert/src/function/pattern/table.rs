//! Where a matrix has entries.

use crate::error::{Error, Kind};

/// Where a matrix may have entries that are not zero, row by row.
///
/// # Example
/// ```
/// use wengert::Pattern;
/// let pattern = Pattern::from_entries(2, 3, [(1, 2), (0, 0), (1, 0)])?;
/// assert_eq!(pattern.row(1), [0, 2]);
/// assert_eq!(pattern.len(), 3);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    columns: usize,
    /// Where the entries of each row end, behind a zero.
    ends: Vec<usize>,
    indices: Vec<u32>,
}

impl Pattern {
    /// The pattern with entries at these positions, told as row and column in any order, each any
    /// number of times.
    ///
    /// # Errors
    /// If a position lies outside the matrix.
    ///
    /// # Example
    /// ```
    /// use wengert::Pattern;
    /// assert!(Pattern::from_entries(1, 1, [(0, 1)]).is_err());
    /// ```
    pub fn from_entries(
        rows: usize,
        columns: usize,
        entries: impl IntoIterator<Item = (usize, usize)>,
    ) -> Result<Self, Error> {
        let mut keys = Vec::new();
        for (row, column) in entries {
            for (given, limit) in [(row, rows), (column, columns)] {
                if given >= limit || given > u32::MAX as usize {
                    return Err(Kind::Position { given, limit }.into());
                }
            }
            keys.push(key(row as u32, column as u32));
        }
        Ok(Self::from_keys(rows, columns, keys))
    }

    /// The pattern of keys, in any order.
    pub(super) fn from_keys(rows: usize, columns: usize, mut keys: Vec<u64>) -> Self {
        keys.sort_unstable();
        keys.dedup();
        let mut ends = vec![0; rows + 1];
        for &key in &keys {
            ends[(key >> 32) as usize + 1] += 1;
        }
        for row in 0..rows {
            ends[row + 1] += ends[row];
        }
        Self { columns, ends, indices: keys.into_iter().map(|key| key as u32).collect() }
    }

    /// The pattern of rows, one behind the other.
    pub(super) const fn from_rows(columns: usize, ends: Vec<usize>, indices: Vec<u32>) -> Self {
        Self { columns, ends, indices }
    }

    /// The number of rows.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::Pattern::from_entries(2, 3, [])?.rows(), 2);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.ends.len() - 1
    }

    /// The number of columns.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::Pattern::from_entries(2, 3, [])?.columns(), 3);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// The number of entries.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::Pattern::from_entries(2, 3, [(0, 1), (0, 1)])?.len(), 1);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub const fn len(&self) -> usize {
        self.indices.len()
    }

    /// Whether there is no entry.
    ///
    /// # Example
    /// ```
    /// assert!(wengert::Pattern::from_entries(2, 3, [])?.is_empty());
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// The columns of a row's entries, ascending.
    ///
    /// # Panics
    /// If there is no such row.
    ///
    /// # Example
    /// ```
    /// let pattern = wengert::Pattern::from_entries(1, 3, [(0, 2), (0, 1)])?;
    /// assert_eq!(pattern.row(0), [1, 2]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn row(&self, row: usize) -> &[u32] {
        &self.indices[self.ends[row]..self.ends[row + 1]]
    }

    /// Where the entries of each row begin among all, and behind them their number: the row
    /// pointers of compressed rows.
    ///
    /// # Example
    /// ```
    /// let pattern = wengert::Pattern::from_entries(2, 2, [(0, 0), (0, 1), (1, 1)])?;
    /// assert_eq!(pattern.offsets(), [0, 2, 3]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn offsets(&self) -> &[usize] {
        &self.ends
    }

    /// The columns of all entries, row behind row: the column indices of compressed rows.
    ///
    /// # Example
    /// ```
    /// let pattern = wengert::Pattern::from_entries(2, 2, [(0, 0), (0, 1), (1, 1)])?;
    /// assert_eq!(pattern.indices(), [0, 1, 1]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn indices(&self) -> &[u32] {
        &self.indices
    }

    /// All entries by row and column, in order.
    ///
    /// # Example
    /// ```
    /// let pattern = wengert::Pattern::from_entries(2, 2, [(1, 0), (0, 1)])?;
    /// assert!(pattern.entries().eq([(0, 1), (1, 0)]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn entries(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.rows()).flat_map(|row| self.row(row).iter().map(move |&c| (row, c as usize)))
    }

    /// Whether there may be an entry at a position. By bisection of the row.
    ///
    /// # Example
    /// ```
    /// let pattern = wengert::Pattern::from_entries(2, 2, [(1, 0)])?;
    /// assert!(pattern.contains(1, 0) && !pattern.contains(0, 1) && !pattern.contains(7, 7));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn contains(&self, row: usize, column: usize) -> bool {
        let is_column = |c: &u32| (*c as usize).cmp(&column);
        row < self.rows() && self.row(row).binary_search_by(is_column).is_ok()
    }

    /// The pattern with rows and columns exchanged.
    ///
    /// # Example
    /// ```
    /// let pattern = wengert::Pattern::from_entries(1, 2, [(0, 1)])?;
    /// assert!(pattern.transposed().entries().eq([(1, 0)]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn transposed(&self) -> Self {
        let mut ends = vec![0; self.columns + 1];
        for &column in &self.indices {
            ends[column as usize + 1] += 1;
        }
        for column in 0..self.columns {
            ends[column + 1] += ends[column];
        }
        let (mut next, mut indices) = (ends.clone(), vec![0; self.len()]);
        for (row, column) in self.entries() {
            indices[next[column]] = row as u32;
            next[column] += 1;
        }
        Self { columns: self.rows(), ends, indices }
    }
}

/// A position as a number: rows first.
pub(super) const fn key(row: u32, column: u32) -> u64 {
    (row as u64) << 32 | column as u64
}
