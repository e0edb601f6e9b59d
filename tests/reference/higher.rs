//! Second and third derivatives against `higher.tsv`: by a tape of dual numbers, and by dual
//! numbers alone.

use crate::apply;
use crate::ulps::distance;
use wengert::{Dual, OpKind, Var};

/// The bar, in units in the last place, and in machine epsilons of the largest entry of its order.
const ULPS: f64 = 8.0;
const OF_LARGEST: f64 = 4.0;

/// A number that carries derivatives of two orders, and one of three.
type Second = Dual<Dual>;
type Third = Dual<Second>;

/// An operation at a point, and its derivatives by positions of arguments.
struct Row {
    kind: OpKind,
    point: Vec<f64>,
    entries: Vec<(Vec<usize>, f64)>,
}

fn rows() -> Vec<Row> {
    include_str!("higher.tsv").lines().map(Row::read).collect()
}

impl Row {
    fn read(line: &str) -> Self {
        let mut fields = line.split('\t');
        let name = fields.next().expect("an operation");
        let kind = OpKind::from_name(name).unwrap_or_else(|| panic!("no operation `{name}`"));
        let (entries, point): (Vec<&str>, Vec<&str>) = fields.partition(|f| f.contains('='));
        let number = |text: &str| text.parse::<f64>().expect("a number");
        let entry = |text: &str| {
            let (positions, value) = text.split_once('=').expect("positions and a number");
            let positions = positions.split(',').map(|i| i.parse().expect("a position"));
            (positions.collect(), number(value))
        };
        let point = point.into_iter().map(number).collect();
        Self { kind, point, entries: entries.into_iter().map(entry).collect() }
    }

    /// The derivative by some positions, in this order: by a reverse sweep over dual numbers.
    fn reverse(&self, along: &[usize]) -> f64 {
        let seed = |k: usize, i: usize| if along.get(k) == Some(&i) { 1.0 } else { 0.0 };
        let enter = |(i, &x): (usize, &f64)| {
            Second::new(Dual::new(x, seed(1, i)), Dual::new(seed(2, i), 0.0))
        };
        let numbers: Vec<Second> = self.point.iter().enumerate().map(enter).collect();
        let (_, gradient) = apply::reverse(self.kind, &numbers, &vec![true; numbers.len()]);
        let found = gradient[along[0]];
        if along.len() == 2 { found.value.tangent } else { found.tangent.tangent }
    }

    /// The same by dual numbers alone.
    fn forward(&self, along: &[usize]) -> f64 {
        let seed = |k: usize, i: usize| if along.get(k) == Some(&i) { 1.0 } else { 0.0 };
        let constant = |x: f64| Dual::new(x, 0.0);
        let enter = |(i, &x): (usize, &f64)| {
            let inner = Second::new(Dual::new(x, seed(1, i)), constant(seed(2, i)));
            Var::constant(Third::new(inner, Second::new(constant(seed(0, i)), constant(0.0))))
        };
        let numbers: Vec<Var<'_, Third>> = self.point.iter().enumerate().map(enter).collect();
        let found = Var::try_apply(self.kind, &numbers).expect("the arguments fit").value();
        if along.len() == 2 { found.tangent.value.tangent } else { found.tangent.tangent.tangent }
    }

    /// What of the row is not as it should be, in every order of differentiation.
    fn faults(&self, worst: &mut f64) -> Vec<String> {
        let mut faults = Vec::new();
        for (positions, reference) in &self.entries {
            let of_order = self.entries.iter().filter(|(other, _)| other.len() == positions.len());
            let largest = of_order.map(|(_, entry)| entry.abs()).fold(0.0, f64::max);
            for turn in 0..positions.len() {
                let mut along = positions.clone();
                along.rotate_left(turn);
                for found in [self.reverse(&along), self.forward(&along)] {
                    let error = distance(found, *reference);
                    let share = (found - reference).abs() / (largest * f64::EPSILON);
                    // Of a single entry, the largest is itself.
                    if error <= ULPS || (self.point.len() > 1 && share <= OF_LARGEST) {
                        *worst = worst.max(error.min(ULPS));
                        continue;
                    }
                    let Self { kind, point, .. } = self;
                    faults.push(format!(
                        "{kind}{point:?} by {along:?}: {found:?}, not {reference:?}, off by {error}"
                    ));
                }
            }
        }
        faults
    }
}

#[test]
fn second_and_third_derivatives_are_those_of_the_tables() {
    let mut worst = 0.0;
    let faults: Vec<String> = rows().iter().flat_map(|row| row.faults(&mut worst)).collect();
    println!("{} rows, worst error {worst}", rows().len());
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
