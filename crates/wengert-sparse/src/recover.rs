//! The entries of a symmetric matrix from its products with sums of columns.
//!
//! The product of row i with the columns of one colour is an equation: the sum of the row's
//! entries in them. An entry is in two of them, its own and that of its mirror image. Where an
//! equation has one unknown, that is known, and is taken from the other equation it is in; and so
//! on. A star colouring has an equation for each entry alone; by an acyclic one, whose entries
//! between two colours form trees, leaves are known first and their branches then (Gebremedhin,
//! Tarafdar, Manne & Pothen, 2009).

use crate::color::{Coloring, NONE};
use crate::error::{Error, Kind};
use crate::structure::Structure;
use wengert::{Pattern, Real};

/// How values are read out of products, one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Recovery {
    steps: Vec<Step>,
    /// Where in `known` the list of each step ends; empty where no step has any.
    ends: Vec<u32>,
    /// The values that are subtracted, by their positions.
    known: Vec<u32>,
    colors: usize,
}

/// One value.
#[derive(Clone, Copy, Debug)]
struct Step {
    row: u32,
    color: u32,
    value: u32,
    /// The position of the mirror image, if that is a value too.
    mirror: u32,
}

impl Recovery {
    /// Reads the values.
    pub(crate) fn read<F: Real>(&self, compressed: &[F], values: &mut [F]) {
        let product =
            |step: &Step| compressed[step.row as usize * self.colors + step.color as usize];
        let put = |values: &mut [F], step: &Step, value: F| {
            values[step.value as usize] = value;
            if step.mirror != NONE {
                values[step.mirror as usize] = value;
            }
        };
        if self.ends.is_empty() {
            self.steps.iter().for_each(|step| put(values, step, product(step)));
            return;
        }
        let mut start = 0;
        for (step, &end) in self.steps.iter().zip(&self.ends) {
            let known = &self.known[start..end as usize];
            start = end as usize;
            let value = known.iter().fold(product(step), |sum, &at| sum - values[at as usize]);
            put(values, step, value);
        }
    }
}

/// The equations of all rows, by their entries: those of a colour have the first one's number.
struct Equations {
    /// The equation of each entry.
    of: Vec<u32>,
    /// How many unknowns each has, and the bits of all their numbers together: of one unknown,
    /// those are its number.
    unknowns: Vec<(u32, u32)>,
}

impl Equations {
    fn of(pattern: &Pattern, coloring: &Coloring) -> Self {
        let mut firsts = vec![(usize::MAX, 0); coloring.count()];
        let (mut of, mut unknowns) = (vec![NONE; pattern.len()], vec![(0, 0); pattern.len()]);
        for row in 0..pattern.rows() {
            let start = pattern.offsets()[row];
            for (at, &column) in (start..).zip(pattern.row(row)) {
                let color = coloring.colors()[column as usize];
                if color == NONE {
                    continue;
                }
                let first = &mut firsts[color as usize];
                if first.0 != row {
                    *first = (row, at as u32);
                }
                of[at] = first.1;
                let (count, bits) = &mut unknowns[first.1 as usize];
                *count += 1;
                *bits ^= at as u32;
            }
        }
        Self { of, unknowns }
    }

    /// Takes an entry out of the equation it stands in, and tells its number where one unknown is
    /// left.
    fn remove(&mut self, entry: u32) -> Option<u32> {
        let equation = self.of[entry as usize];
        let (count, bits) = self.unknowns.get_mut(equation as usize)?;
        *count -= 1;
        *bits ^= entry;
        (*count == 1).then_some(equation)
    }
}

/// The numbers of the mirror images of a symmetric pattern's entries.
fn mirrors(pattern: &Pattern) -> Vec<u32> {
    let mut next: Vec<usize> = pattern.offsets()[..pattern.rows()].to_vec();
    let mirror = |&column: &u32| {
        let at = &mut next[column as usize];
        *at += 1;
        (*at - 1) as u32
    };
    // Entries of a column come row by row, in the order of its own row's.
    pattern.indices().iter().map(mirror).collect()
}

/// Where each entry of the whole matrix lies among the values, `NONE` where it is none.
fn positions(pattern: &Pattern, structure: &Structure) -> Vec<u32> {
    if structure.len() == pattern.len() {
        // Both triangles: columns are rows.
        return (0..pattern.len() as u32).collect();
    }
    let mut positions = vec![NONE; pattern.len()];
    let mut at = 0;
    for row in 0..pattern.rows() {
        let wanted = structure.offsets()[row]..structure.offsets()[row + 1];
        // Both are sorted, and the first has all of the second.
        let mut entry = pattern.offsets()[row];
        for &column in &structure.indices()[wanted] {
            while pattern.indices()[entry] != column {
                entry += 1;
            }
            positions[entry] = at;
            at += 1;
        }
    }
    positions
}

/// Finds how every entry is recovered.
pub(crate) fn recover(
    pattern: &Pattern,
    coloring: &Coloring,
    structure: &Structure,
) -> Result<Recovery, Error> {
    let (mirrors, positions) = (mirrors(pattern), positions(pattern, structure));
    let mut equations = Equations::of(pattern, coloring);
    let mut solver = Solver {
        rows: rows(pattern),
        is_known: vec![false; pattern.len()],
        recovery: Recovery {
            steps: Vec::with_capacity(structure.len()),
            ends: Vec::new(),
            known: Vec::new(),
            colors: coloring.count(),
        },
        pattern,
        coloring,
        mirrors,
        positions,
    };
    let mut open: Vec<u32> = Vec::new();
    let alone = |equations: &Equations, at: usize| equations.unknowns[at].0 == 1;
    for equation in 0..pattern.len() {
        if alone(&equations, equation) {
            open.push(equation as u32);
        }
        while let Some(equation) = open.pop() {
            if !alone(&equations, equation as usize) {
                continue;
            }
            let entry = equations.unknowns[equation as usize].1;
            solver.solve(&equations, entry);
            let mirror = solver.mirrors[entry as usize];
            equations.remove(entry);
            if mirror != entry {
                open.extend(equations.remove(mirror));
            }
        }
    }
    solver.finish()
}

/// The row of each entry.
fn rows(pattern: &Pattern) -> Vec<u32> {
    let mut rows = Vec::with_capacity(pattern.len());
    for row in 0..pattern.rows() {
        rows.resize(pattern.offsets()[row + 1], row as u32);
    }
    rows
}

struct Solver<'p> {
    pattern: &'p Pattern,
    coloring: &'p Coloring,
    mirrors: Vec<u32>,
    positions: Vec<u32>,
    rows: Vec<u32>,
    is_known: Vec<bool>,
    recovery: Recovery,
}

impl Solver<'_> {
    /// Notes that an entry is what its equation leaves, all others of which are known.
    fn solve(&mut self, equations: &Equations, entry: u32) {
        let (at, mirror) = (entry as usize, self.mirrors[entry as usize]);
        let (row, position) = (self.rows[at], self.positions[at]);
        let of_mirror = self.positions[mirror as usize];
        let (value, other) =
            if position == NONE { (of_mirror, NONE) } else { (position, of_mirror) };
        let color = self.coloring.colors()[self.pattern.indices()[at] as usize];
        let mirror_of_value = if other == value { NONE } else { other };
        self.recovery.steps.push(Step { row, color, value, mirror: mirror_of_value });
        let equation = equations.of[at];
        let offsets = self.pattern.offsets();
        for known in equation as usize..offsets[row as usize + 1] {
            if equations.of[known] == equation && known != at {
                let (here, there) = (self.positions[known], self.mirrors[known]);
                let position = if here == NONE { self.positions[there as usize] } else { here };
                self.recovery.known.push(position);
            }
        }
        self.recovery.ends.push(self.recovery.known.len() as u32);
        self.is_known[at] = true;
        self.is_known[mirror as usize] = true;
    }

    fn finish(mut self) -> Result<Recovery, Error> {
        if let Some(at) = self.is_known.iter().position(|known| !known) {
            let (row, column) = (self.rows[at] as usize, self.pattern.indices()[at] as usize);
            return Err(Kind::Unrecoverable { row, column }.into());
        }
        if self.recovery.known.is_empty() {
            self.recovery.ends = Vec::new();
        }
        Ok(self.recovery)
    }
}
