//! Derivative checks: is the gradient of a function what it should be?

mod hessian;
mod kink;
mod operation;

pub use hessian::{HessianReport, check_hessian};
pub use kink::Kink;
pub use operation::{OperationReport, check_operation};

use crate::drive::SecondOrder;
use crate::error::expect;
use crate::operation::Order;
use crate::record::Var;
use crate::store::{Note, Tape, equalities};
use std::fmt;

/// Compares the gradient of `f` at `x`, found by the reverse sweep, with central differences
/// over a sweep of steps, with the forward sweep (by the dot-product identity ⟨∇f, v⟩ = ∂f/∂v)
/// and with dual numbers, and reports the worst input, and the kinks that were met.
///
/// What it can find: a kink or jump near `x`, a function that is not the same when called twice,
/// a derivative that rounding has spoiled, and a defect in this library.
///
/// # Panics
/// If the output belongs to another tape.
///
/// # Complexity
/// 2·12 evaluations of `f` for each input, without a tape, two recordings and three sweeps.
///
/// # Example
/// ```
/// let report = wengert::check_gradient(|x| x[0] * x[1].sin(), &[2.0, 3.0]);
/// assert!(report.is_ok(), "{report}");
///
/// let kink = wengert::check_gradient(|x| x[0] + x[1].abs(), &[2.0, 0.0]);
/// assert!(kink.is_ok(), "the central difference of |x| at 0 is its derivative by convention");
/// assert_eq!(kink.kinks[0].to_string(), "n2 = abs(0)");
///
/// let jump = wengert::check_gradient(|x| x[0] + x[1].floor(), &[2.0, 1.0]);
/// assert!(!jump.is_ok());
/// assert_eq!(jump.worst().unwrap().index, 1);
/// ```
#[track_caller]
pub fn check_gradient<G>(f: G, x: &[f64]) -> Report
where
    G: for<'t> Fn(&[Var<'t>]) -> Var<'t>,
{
    let gradient = crate::gradient(&f, x);
    let direction: Vec<f64> = (0..x.len()).map(direction).collect();
    let product = |a: f64, (g, v): (&f64, &f64)| a + g * v;
    let scale = gradient.iter().fold(0.0, |sum: f64, g| sum + g.abs());
    let reverse = gradient.iter().zip(&direction).fold(0.0, product);
    let inputs = gradient.iter().enumerate();
    let beside = Beside::record(&f, x, &direction);
    let Beside { forward, dual, equalities, kinks } = beside;
    let inputs = inputs.map(|(index, &derivative)| compare(&f, x, index, derivative)).collect();
    Report { inputs, reverse, forward, dual, scale, equalities, kinks }
}

/// A direction with no zeros and no regularity that errors could hide in.
fn direction(index: usize) -> f64 {
    0.5 + (index as f64 * 0.618_033_988_749_894_9).fract()
}

/// What is found beside the reverse sweep.
struct Beside {
    /// The derivative along a direction by the forward sweep, and by dual numbers.
    forward: f64,
    dual: f64,
    /// The equalities that held.
    equalities: Vec<Note>,
    kinks: Vec<Kink>,
}

impl Beside {
    /// All of it from one recording: not the one that was swept in reverse, in which parts may be
    /// nodes.
    #[track_caller]
    fn record<G>(f: &G, x: &[f64], direction: &[f64]) -> Self
    where
        G: for<'t> Fn(&[Var<'t>]) -> Var<'t>,
    {
        let tape = Tape::guarded();
        let inputs = tape.vars(x);
        let output = f(&inputs);
        let (guards, _) = tape.take_guards();
        let seeds: Vec<_> = inputs.into_iter().zip(direction.iter().copied()).collect();
        let forward = expect(tape.pushforward(&seeds))[output];
        let mut second = expect(SecondOrder::of(&tape, output, x.len(), &[Order::Forward]));
        let dual = second.evaluate(direction).tangent;
        let view = tape.view();
        let recording = view.recording();
        let equalities = equalities(&guards, recording, 0..recording.nodes.len(), |_| None);
        Self { forward, dual, equalities, kinks: kink::kinks(&view, output) }
    }
}

/// The central difference of the step at which neighbouring steps agree best, and by how much
/// they disagree there, which estimates its error: truncation falls with the step, rounding
/// grows.
fn compare<G>(f: &G, x: &[f64], index: usize, derivative: f64) -> InputReport
where
    G: for<'t> Fn(&[Var<'t>]) -> Var<'t>,
{
    let size = x[index].abs().max(1.0);
    let at = |step: f64| difference(f, x, index, step * size);
    let (difference, uncertainty) = best((1..=12).map(|k| at(10f64.powi(-k))));
    InputReport { index, derivative, difference, uncertainty }
}

/// The difference that is nearest to that of the step before, and how near, of differences with
/// their rounding.
fn best(differences: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    let differences: Vec<_> = differences.collect();
    let pairs = differences.windows(2).map(|pair| {
        let [(before, _), (difference, rounding)] = [pair[0], pair[1]];
        (difference, (difference - before).abs() + rounding)
    });
    pairs.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((f64::NAN, f64::INFINITY))
}

/// A central difference, and how much of it the rounding of the function's values can be: steps
/// so small that the values are equal agree perfectly, on zero.
fn difference<G>(f: &G, x: &[f64], index: usize, step: f64) -> (f64, f64)
where
    G: for<'t> Fn(&[Var<'t>]) -> Var<'t>,
{
    let at = |value: f64| {
        let mut inputs: Vec<Var<'_>> = x.iter().map(|&x| Var::constant(x)).collect();
        inputs[index] = Var::constant(value);
        f(&inputs).value()
    };
    let (high, low) = (x[index] + step, x[index] - step);
    let (above, below, width) = (at(high), at(low), high - low);
    ((above - below) / width, f64::EPSILON * above.abs().max(below.abs()) / width)
}

/// What [`check_gradient`] found. `Display` writes it as a table.
///
/// # Example
/// ```
/// let report = wengert::check_gradient(|x| x[0] * x[1], &[2.0, 3.0]);
/// assert!(report.is_ok());
/// assert_eq!((report.inputs.len(), report.scale), (2, 5.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a check that nobody reads checks nothing"]
#[non_exhaustive]
pub struct Report {
    /// Each input, its derivative and the difference.
    pub inputs: Vec<InputReport>,
    /// The derivative along a fixed direction v by the reverse sweep, ⟨∇f, v⟩.
    pub reverse: f64,
    /// The same by the forward sweep.
    pub forward: f64,
    /// The same by dual numbers.
    pub dual: f64,
    /// Σ |∂f/∂xᵢ|, against which the three are compared.
    pub scale: f64,
    /// The equalities of variables that held at the point, by which the function took a branch of
    /// measure zero. They do not count for [`Report::is_ok`].
    pub equalities: Vec<Note>,
    /// The kinks that were met. Derivatives there are conventions, which may agree with the
    /// differences all the same; of second derivatives [`check_hessian`] tells.
    pub kinks: Vec<Kink>,
}

/// One input of a [`Report`].
///
/// # Example
/// ```
/// let report = wengert::check_gradient(|x| x[0] * x[1], &[2.0, 3.0]);
/// assert_eq!((report.inputs[1].index, report.inputs[1].derivative), (1, 2.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct InputReport {
    /// The position of the input.
    pub index: usize,
    /// The derivative by the reverse sweep.
    pub derivative: f64,
    /// The central difference of the best step.
    pub difference: f64,
    /// By how much differences of neighbouring steps disagree there, and what rounding adds.
    pub uncertainty: f64,
}

impl InputReport {
    /// How far derivative and difference are apart, relative to the larger of the derivative
    /// and 1, beyond what the difference's own uncertainty explains (of which at most a
    /// thousandth counts: steps that disagree wildly confirm nothing). NaN where either is NaN.
    ///
    /// # Example
    /// ```
    /// let report = wengert::check_gradient(|x| x[0] * x[0], &[3.0]);
    /// assert!(report.inputs[0].excess() < 1e-6);
    /// ```
    #[must_use]
    pub fn excess(&self) -> f64 {
        let Self { derivative, difference, uncertainty, .. } = self;
        let size = derivative.abs().max(1.0);
        let apart = (derivative - difference).abs() / size;
        let explained = (10.0 * uncertainty / size).min(1e-3);
        if apart <= explained { 0.0 } else { apart - explained }
    }

    fn is_ok(&self) -> bool {
        self.excess() <= Report::DIFFERENCE_TOLERANCE
    }
}

impl Report {
    /// The relative excess up to which a difference confirms a derivative.
    ///
    /// # Example
    /// ```
    /// let report = wengert::check_gradient(|x| x[0].exp(), &[1.0]);
    /// assert!(report.inputs[0].excess() <= wengert::check::Report::DIFFERENCE_TOLERANCE);
    /// ```
    pub const DIFFERENCE_TOLERANCE: f64 = 1e-6;
    /// The relative gap up to which two sweeps are the same but for rounding.
    ///
    /// # Example
    /// ```
    /// let report = wengert::check_gradient(|x| x[0].exp(), &[1.0]);
    /// assert!(report.sweep_gap() <= wengert::check::Report::SWEEP_TOLERANCE);
    /// ```
    pub const SWEEP_TOLERANCE: f64 = 1e-10;

    /// Whether all comparisons agree.
    ///
    /// # Example
    /// ```
    /// assert!(wengert::check_gradient(|x| x[0].exp(), &[1.0]).is_ok());
    /// ```
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.inputs.iter().all(InputReport::is_ok) && self.sweep_gap() <= Self::SWEEP_TOLERANCE
    }

    /// The largest gap between the reverse sweep, the forward sweep and dual numbers along the
    /// direction, relative to the size of the gradient.
    ///
    /// # Example
    /// ```
    /// assert!(wengert::check_gradient(|x| x[0].exp(), &[1.0]).sweep_gap() < 1e-14);
    /// ```
    #[must_use]
    pub fn sweep_gap(&self) -> f64 {
        let gap = |other: f64| (self.reverse - other).abs();
        let (forward, dual) = (gap(self.forward), gap(self.dual));
        // Unlike `f64::max`, this keeps a NaN.
        let largest = if forward >= dual { forward } else { dual + 0.0 * forward };
        if largest == 0.0 { 0.0 } else { largest / self.scale.max(f64::MIN_POSITIVE) }
    }

    /// The input whose derivative is furthest from its difference, a NaN before all.
    ///
    /// # Example
    /// ```
    /// let report = wengert::check_gradient(|x| x[0] + x[1].floor(), &[2.5, 3.0]);
    /// assert_eq!(report.worst().unwrap().index, 1);
    /// ```
    #[must_use]
    pub fn worst(&self) -> Option<&InputReport> {
        let size = |input: &InputReport| {
            let excess = input.excess();
            if excess.is_nan() { f64::INFINITY } else { excess }
        };
        self.inputs.iter().max_by(|a, b| size(a).total_cmp(&size(b)))
    }
}

/// A table of inputs.
fn write_inputs(f: &mut fmt::Formatter<'_>, inputs: &[InputReport]) -> fmt::Result {
    writeln!(f, "{:>5} {:>24} {:>24} {:>10}", "input", "derivative", "difference", "±")?;
    for input in inputs {
        let InputReport { index, derivative, difference, uncertainty } = input;
        let mark = if input.is_ok() { "" } else { "  differs" };
        writeln!(f, "{index:>5} {derivative:>24e} {difference:>24e} {uncertainty:>10.1e}{mark}")?;
    }
    Ok(())
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_inputs(f, &self.inputs)?;
        let Self { reverse, forward, dual, .. } = self;
        writeln!(f, "along a direction: reverse {reverse:e}, forward {forward:e}, dual {dual:e}")?;
        for note in &self.equalities {
            writeln!(f, "note: {note}")?;
        }
        if let Some(worst) = self.worst().filter(|_| !self.is_ok()) {
            writeln!(f, "worst: input {}", worst.index)?;
        }
        kink::write(f, &self.kinks)
    }
}
