//! Is the Hessian of a function what it should be?

use super::kink::{self, Kink, kinks};
use super::{InputReport, Report, best};
use crate::drive::SecondOrder;
use crate::error::expect;
use crate::record::Var;
use crate::store::Tape;
use std::fmt;

/// Compares each entry of the Hessian of `f` at `x`, found by sweeps over dual numbers, with
/// central differences of the gradient, which knows nothing of second derivatives, and with the
/// entry on the other side of the diagonal.
///
/// Unlike [`hessian`](crate::hessian) it computes both triangles: an asymmetry is a defect of a
/// rule, or the trace of a kink. Kinks that were met are listed: under a smooth whole, as of
/// `norm(x).powi(2)` at the origin, they make a Hessian that is wrong, and the difference shows
/// it.
///
/// # Complexity
/// For each input a sweep over dual numbers, and 2·12 gradients.
///
/// # Example
/// ```
/// use wengert::{Var, check_hessian};
/// let report = check_hessian(|x| x[0] * x[1].sin(), &[2.0, 3.0]);
/// assert!(report.is_ok(), "{report}");
///
/// let kink = check_hessian(|x| Var::norm(x).powi(2), &[0.0, 0.0]);
/// assert!(!kink.is_ok());
/// assert_eq!(kink.kinks[0].to_string(), "n2 = norm(0, 0)");
/// ```
#[track_caller]
pub fn check_hessian<G>(f: G, x: &[f64]) -> HessianReport
where
    G: for<'t> Fn(&[Var<'t>]) -> Var<'t>,
{
    let tape = Tape::default();
    tape.guards.keep_parts(true);
    let output = f(&tape.vars(x));
    let mut second = expect(SecondOrder::of(&tape, output, x.len(), &SecondOrder::BOTH));
    let mut columns = Vec::with_capacity(x.len());
    for j in 0..x.len() {
        let mut direction = vec![0.0; x.len()];
        direction[j] = 1.0;
        columns.push(compare(&f, x, j, &second.along(&direction)));
    }
    HessianReport { columns, kinks: kinks(&tape.view(), output) }
}

/// The second derivatives along one input, each with the difference of the step at which that
/// entry agrees best with the step before.
fn compare<G>(f: &G, x: &[f64], along: usize, column: &[f64]) -> Vec<InputReport>
where
    G: for<'t> Fn(&[Var<'t>]) -> Var<'t>,
{
    let size = x[along].abs().max(1.0);
    let gradient = |at: f64| {
        let mut x = x.to_vec();
        x[along] = at;
        crate::gradient(f, &x)
    };
    let step = |k: i32| {
        let (high, low) = (x[along] + size * 10f64.powi(-k), x[along] - size * 10f64.powi(-k));
        (gradient(high), gradient(low), high - low)
    };
    let steps: Vec<_> = (1..=12).map(step).collect();
    let report = |(index, &derivative): (usize, &f64)| {
        let difference = |(above, below, width): &(Vec<f64>, Vec<f64>, f64)| {
            let (above, below) = (above[index], below[index]);
            let rounding = f64::EPSILON * above.abs().max(below.abs()) / width;
            ((above - below) / width, rounding)
        };
        let (difference, uncertainty) = best(steps.iter().map(difference));
        InputReport { index, derivative, difference, uncertainty }
    };
    column.iter().enumerate().map(report).collect()
}

/// What [`check_hessian`] found. `Display` writes what is wrong, or that nothing is.
///
/// # Example
/// ```
/// let report = wengert::check_hessian(|x| x[0].powi(3) * x[1], &[2.0, 1.0]);
/// assert_eq!(report.columns[1][0].derivative, 12.0);
/// assert!(report.kinks.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a check that nobody reads checks nothing"]
#[non_exhaustive]
pub struct HessianReport {
    /// For each input the column of the Hessian along it: each entry with the difference of the
    /// gradient's.
    pub columns: Vec<Vec<InputReport>>,
    /// The kinks that were met.
    pub kinks: Vec<Kink>,
}

impl HessianReport {
    /// Whether every entry agrees with the difference, and both triangles with each other.
    ///
    /// # Example
    /// ```
    /// assert!(wengert::check_hessian(|x| x[0].exp(), &[1.0]).is_ok());
    /// ```
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.columns.iter().flatten().all(InputReport::is_ok)
            && self.asymmetry() <= Report::SWEEP_TOLERANCE
    }

    /// The largest difference between an entry and that on the other side of the diagonal,
    /// relative to the largest entry.
    ///
    /// # Example
    /// ```
    /// let report = wengert::check_hessian(|x| (x[0] * x[1]).exp(), &[0.3, 0.7]);
    /// assert!(report.asymmetry() < 1e-15);
    /// ```
    #[must_use]
    pub fn asymmetry(&self) -> f64 {
        let entry = |i: usize, j: usize| self.columns[j][i].derivative;
        let below = || (0..self.columns.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
        let gap = |(i, j)| match (entry(i, j), entry(j, i)) {
            // Infinities of one sign, and NaN on both sides, are symmetric.
            (a, b) if a == b || (a.is_nan() && b.is_nan()) => 0.0,
            (a, b) => (a - b).abs(),
        };
        // Unlike `f64::max`, this keeps a NaN.
        let larger = |a: f64, b: f64| if b <= a { a } else { b };
        let largest = below().map(gap).fold(0.0, larger);
        let entries = self.columns.iter().flatten().map(|entry| entry.derivative.abs());
        let scale = entries.fold(f64::MIN_POSITIVE, f64::max);
        if largest == 0.0 { 0.0 } else { largest / scale }
    }
}

impl fmt::Display for HessianReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (j, column) in self.columns.iter().enumerate() {
            for entry in column.iter().filter(|entry| !entry.is_ok()) {
                let InputReport { index, derivative, difference, uncertainty } = entry;
                writeln!(
                    f,
                    "({index}, {j}): {derivative:e}, the gradient's difference {difference:e} ± \
                     {uncertainty:.1e}"
                )?;
            }
        }
        writeln!(f, "asymmetry {:.1e}", self.asymmetry())?;
        kink::write(f, &self.kinks)
    }
}
