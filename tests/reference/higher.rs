//! Second and third derivatives against `higher.tsv`: by a tape of dual numbers, by dual numbers
//! alone, by functions with their linear passes, and by functions that are derivatives.

use crate::apply;
use crate::ulps::distance;
use wengert::{Dual, Function, OpKind, Optimise, Scalar, Var};

/// The bar, in units in the last place and in machine epsilons of the largest entry of an order.
const ULPS: f64 = 8.0;
const OF_LARGEST: f64 = 4.0;

/// The second of those for the third derivative of `norm`: docs/CONVENTIONS.md.
const OF_LARGEST_OF_NORM: f64 = 10.0;

/// A number that carries derivatives of two orders, and one of three.
type Second<F = f64> = Dual<Dual<F>>;
type Third = Dual<Second>;

/// An operation at a point, and its derivatives by positions of arguments.
struct Row {
    kind: OpKind,
    point: Vec<f64>,
    varies: Vec<bool>,
    entries: Vec<Entry>,
}

struct Entry {
    positions: Vec<usize>,
    number: f64,
    /// By how much it may be off whatever the bar says, because larger terms cancel.
    allowed: f64,
}

fn rows() -> Vec<Row> {
    include_str!("higher.tsv").lines().map(Row::read).collect()
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is no number"))
}

impl Entry {
    fn read(text: &str) -> Self {
        let (positions, value) = text.split_once('=').expect("positions and a number");
        let (value, allowed) = value.split_once('±').unwrap_or((value, "0"));
        let positions = positions.split(',').map(|i| i.parse().expect("a position")).collect();
        Self { positions, number: number(value), allowed: number(allowed) }
    }
}

impl Row {
    fn read(line: &str) -> Self {
        let mut fields = line.split('\t');
        let name = fields.next().expect("an operation");
        let kind = OpKind::from_name(name).unwrap_or_else(|| panic!("no operation `{name}`"));
        let (entries, point): (Vec<&str>, Vec<&str>) = fields.partition(|f| f.contains('='));
        Self {
            kind,
            point: point.iter().map(|text| number(text.trim_matches(['[', ']']))).collect(),
            varies: point.iter().map(|text| !text.starts_with('[')).collect(),
            entries: entries.into_iter().map(Entry::read).collect(),
        }
    }

    /// The derivative by some positions, in this order: by a reverse sweep over dual numbers.
    fn reverse<F: Scalar>(&self, along: &[usize]) -> F {
        let seed = |k: usize, i: usize| if along.get(k) == Some(&i) { F::one() } else { F::zero() };
        let enter = |(i, &x): (usize, &f64)| {
            let x = F::from(x).expect("a float");
            Second::new(Dual::new(x, seed(1, i)), Dual::new(seed(2, i), F::zero()))
        };
        let numbers: Vec<Second<F>> = self.point.iter().enumerate().map(enter).collect();
        let (_, gradient) = apply::reverse(self.kind, &numbers, &self.varies);
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

    /// The operation of variables, those that are none constant.
    fn apply<'t, F: Scalar>(&self, variables: &[Var<'t, F>]) -> Var<'t, F> {
        let mut variables = variables.iter();
        let enter = |(&x, &varies): (&f64, &bool)| match varies {
            true => *variables.next().expect("one for each"),
            false => Var::constant(F::from(x).expect("a float")),
        };
        let arguments: Vec<Var<'t, F>> = self.point.iter().zip(&self.varies).map(enter).collect();
        Var::try_apply(self.kind, &arguments).expect("the arguments fit")
    }

    /// The Hessian by the linear passes of functions with and without the optimiser, and the second
    /// and third derivatives by functions of functions of functions; each as one list.
    fn recorded(&self) -> [Vec<f64>; 4] {
        let varying = self.point.iter().zip(&self.varies).filter(|(_, varies)| **varies);
        let x: Vec<f64> = varying.map(|(x, _)| *x).collect();
        let hessian = |optimise| {
            let f = Function::builder().optimise(optimise).record(&x, |x| self.apply(x));
            let mut hessian = vec![0.0; x.len() * x.len()];
            f.hessian(&mut f.dual_workspace(), &x, &mut hessian).expect("there are no guards");
            hessian
        };
        let values = |f: &Function| {
            let mut values = vec![0.0; f.num_outputs()];
            f.values(&mut f.workspace(), &x, &mut values).expect("there are no guards");
            values
        };
        let f = Function::record(&x, |x| self.apply(x));
        let second = f.jacobian_function().and_then(|f| f.jacobian_function());
        let second = second.expect("two orders are known");
        let third = second.jacobian_function().expect("three orders are known");
        [hessian(Optimise::none()), hessian(Optimise::all()), values(&second), values(&third)]
    }

    /// Where in such a list the derivative by some positions stands.
    fn place(&self, along: &[usize]) -> usize {
        let n = self.variables_before(self.varies.len());
        along.iter().fold(0, |place, &position| place * n + self.variables_before(position))
    }

    fn variables_before(&self, position: usize) -> usize {
        self.varies[..position].iter().filter(|&&varies| varies).count()
    }

    /// What of the row is not as it should be, by every way and in every order of differentiation.
    fn faults(&self, worst: &mut [f64; 2]) -> Vec<String> {
        let mut faults = Vec::new();
        let (recorded, n) = (self.recorded(), self.variables_before(self.varies.len()));
        for Entry { positions, number, allowed } in &self.entries {
            let order = positions.len();
            let of_order = self.entries.iter().filter(|other| other.positions.len() == order);
            let largest = of_order.map(|entry| entry.number.abs()).fold(0.0, f64::max);
            let mut check = |way: &str, along: &[usize], found: f64| {
                let is_wider = order == 3 && self.kind == OpKind::Norm;
                let of_largest = if is_wider { OF_LARGEST_OF_NORM } else { OF_LARGEST };
                let (error, gap) = (distance(found, *number), (found - number).abs());
                // Of a single entry, the largest is itself.
                let share = gap / (largest * f64::EPSILON);
                let is_near = n > 1 && share <= of_largest;
                if error <= ULPS || is_near || gap <= *allowed {
                    worst[order - 2] = worst[order - 2].max(error.min(ULPS));
                    return;
                }
                let Self { kind, point, .. } = self;
                faults.push(format!(
                    "{kind}{point:?} by {along:?}, {way}: {found:?}, not {number:?}, off by {error}"
                ));
            };
            for turn in 0..order {
                let mut along = positions.clone();
                along.rotate_left(turn);
                check("reverse", &along, self.reverse(&along));
                check("dual", &along, self.forward(&along));
                let place = self.place(&along);
                let ways = if order == 2 { 0..3 } else { 3..4 };
                // Of such a length a quotient has no digits: docs/CONVENTIONS.md.
                let is_recorded = self.kind != OpKind::Norm || norm(&self.point).is_normal();
                for way in ways.filter(|&way| way < 2 || is_recorded) {
                    let name = ["plain", "optimised", "derived", "derived"][way];
                    check(name, &along, recorded[way][place]);
                }
            }
        }
        faults
    }
}

fn norm(xs: &[f64]) -> f64 {
    Var::norm(&xs.iter().map(|&x| Var::constant(x)).collect::<Vec<_>>()).value()
}

#[test]
fn second_and_third_derivatives_are_those_of_the_tables() {
    let mut worst = [0.0; 2];
    let faults: Vec<String> = rows().iter().flat_map(|row| row.faults(&mut worst)).collect();
    println!("{} rows, worst errors {worst:?}", rows().len());
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// At the arguments of each row as far as `f32` has them, against `f64` at the same.
#[test]
fn single_precision_has_the_second_derivatives_of_double() {
    const EPSILON: f64 = f32::EPSILON as f64;
    let mut faults = Vec::new();
    for mut row in rows() {
        row.point.iter_mut().for_each(|x| *x = f64::from(*x as f32));
        if row.point.iter().any(|x| x.is_infinite()) {
            continue;
        }
        let second: Vec<&Entry> = row.entries.iter().filter(|e| e.positions.len() == 2).collect();
        let known: Vec<f64> = second.iter().map(|e| row.reverse(&e.positions)).collect();
        let largest = known.iter().fold(0.0, |largest: f64, entry| largest.max(entry.abs()));
        let n = row.variables_before(row.varies.len());
        for (entry, &known) in second.iter().zip(&known) {
            let found: f32 = row.reverse(&entry.positions);
            let gap = (f64::from(found) - known).abs();
            let error = distance(found, known as f32);
            let is_near = n > 1 && gap <= OF_LARGEST * EPSILON * largest
                || gap <= entry.allowed * EPSILON / f64::EPSILON;
            if error > ULPS && !is_near {
                let Row { kind, point, .. } = &row;
                let along = &entry.positions;
                faults.push(format!("{kind}{point:?} by {along:?}: {found:?}, not {known:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
