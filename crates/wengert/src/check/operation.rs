//! Is what an operation of one's own gives right?

use super::{InputReport, Report, best, direction};
use crate::error::Error;
use crate::operation::{Called, Operation, Role};
use std::fmt;
use std::sync::Arc;

/// Compares what an operation gives at a point with central differences and with itself: its
/// vector-Jacobian product with differences of its values, its Jacobian-vector product with that by
/// the dot-product identity ⟨w, Jv⟩ = ⟨Jᵀw, v⟩, its second derivatives with differences of the
/// vector-Jacobian product, values and products of several points at once with those one by one, and derivatives from what
/// was saved with those without.
/// Weights and directions are fixed, and none of their entries is zero.
///
/// # Errors
/// If the operation takes another number of inputs, or has no value at the point.
///
/// # Complexity
/// 2·12 values for each input and, with second derivatives, 2·12 vector-Jacobian products.
///
/// # Example: a wrong derivative is found
/// ```
/// use std::sync::Arc;
/// use wengert::check::check_operation;
/// use wengert::custom::{Failure, Operation};
///
/// struct Square { slope: f64 }
/// impl Operation for Square {
///     fn name(&self) -> &str {
///         "square"
///     }
///     fn outputs(&self, inputs: usize) -> Option<usize> {
///         (inputs == 1).then_some(1)
///     }
///     fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
///         y[0] = x[0] * x[0];
///         Ok(())
///     }
///     fn vjp(&self, x: &[f64], _: &[f64], weights: &[f64], product: &mut [f64]) {
///         product[0] = weights[0] * self.slope * x[0];
///     }
/// }
/// let square = |slope| -> Arc<dyn Operation> { Arc::new(Square { slope }) };
/// let report = check_operation(&square(2.0), &[3.0])?;
/// assert!(report.is_ok(), "{report}");
/// assert!(!check_operation(&square(1.0), &[3.0])?.is_ok());
/// # Ok::<(), wengert::Error>(())
/// ```
pub fn check_operation(
    operation: &Arc<dyn Operation>,
    x: &[f64],
) -> Result<OperationReport, Error> {
    let check = Check::of(Called::new(operation, x.len())?, x)?;
    Ok(OperationReport {
        name: check.called.name(),
        inputs: check.inputs(),
        transposed: check.transposed(),
        second: check.second(),
        side_by_side: check.side_by_side(),
        saved: check.saved(),
    })
}

/// What [`check_operation`] found. `Display` writes it as a table.
///
/// # Example
/// ```
/// use std::sync::Arc;
/// use wengert::check::check_operation;
/// use wengert::custom::{Failure, Operation};
/// struct Zero;
/// impl Operation for Zero {
///     fn name(&self) -> &str {
///         "zero"
///     }
///     fn outputs(&self, _: usize) -> Option<usize> {
///         Some(1)
///     }
///     fn value(&self, _: &[f64], _: &mut [f64]) -> Result<(), Failure> {
///         Ok(())
///     }
///     fn vjp(&self, _: &[f64], _: &[f64], _: &[f64], _: &mut [f64]) {}
/// }
/// let zero: Arc<dyn Operation> = Arc::new(Zero);
/// let report = check_operation(&zero, &[3.0])?;
/// assert!(report.is_ok());
/// assert_eq!((report.transposed, report.second), (None, None));
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a check that nobody reads checks nothing"]
#[non_exhaustive]
pub struct OperationReport {
    /// The operation.
    pub name: String,
    /// Each input, the derivative of the weighted outputs by it, and the difference.
    pub inputs: Vec<InputReport>,
    /// ⟨w, Jv⟩ and ⟨Jᵀw, v⟩, if the operation gives Jv.
    pub transposed: Option<(f64, f64)>,
    /// Each input, the derivative of the vector-Jacobian product along the direction, and the
    /// difference, if the operation gives second derivatives.
    pub second: Option<Vec<InputReport>>,
    /// Whether several points at once have the bits of one, if the operation takes several.
    pub side_by_side: Option<bool>,
    /// Whether the value that saves has the bits of the one that does not, and each derivative from
    /// what was saved those of the one without, if the operation saves something.
    pub saved: Option<bool>,
}

impl OperationReport {
    /// Whether all that the operation gives agrees.
    ///
    /// # Example
    /// See [`check_operation`].
    /// ```
    /// # use std::sync::Arc;
    /// # use wengert::custom::{Failure, Operation};
    /// # struct Lie;
    /// # impl Operation for Lie {
    /// #     fn name(&self) -> &str { "lie" }
    /// #     fn outputs(&self, _: usize) -> Option<usize> { Some(1) }
    /// #     fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> { y[0] = x[0]; Ok(()) }
    /// #     fn vjp(&self, _: &[f64], _: &[f64], _: &[f64], _: &mut [f64]) {}
    /// # }
    /// let lie: Arc<dyn Operation> = Arc::new(Lie);
    /// assert!(!wengert::check::check_operation(&lie, &[1.0])?.is_ok());
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn is_ok(&self) -> bool {
        let mut inputs = self.inputs.iter().chain(self.second.iter().flatten());
        inputs.all(InputReport::is_ok)
            && self.gap() <= Report::SWEEP_TOLERANCE
            && self.side_by_side != Some(false)
            && self.saved != Some(false)
    }

    /// How far ⟨w, Jv⟩ and ⟨Jᵀw, v⟩ are apart, beside the size of their terms.
    fn gap(&self) -> f64 {
        let Some((forward, reverse)) = self.transposed else { return 0.0 };
        let terms = self.inputs.iter();
        let scale = terms
            .fold(0.0, |sum: f64, input| sum + (input.derivative * direction(input.index)).abs());
        let gap = (forward - reverse).abs();
        if gap == 0.0 { 0.0 } else { gap / scale.max(f64::MIN_POSITIVE) }
    }
}

impl fmt::Display for OperationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}, vector-Jacobian product:", self.name)?;
        super::write_inputs(f, &self.inputs)?;
        if let Some((forward, reverse)) = self.transposed {
            writeln!(f, "along a direction: forward {forward:e}, reverse {reverse:e}")?;
        }
        if let Some(second) = &self.second {
            writeln!(f, "second derivatives:")?;
            super::write_inputs(f, second)?;
        }
        if self.side_by_side == Some(false) {
            writeln!(f, "several points at once have other bits than one by one")?;
        }
        if self.saved == Some(false) {
            writeln!(f, "from what was saved there are other bits than without")?;
        }
        Ok(())
    }
}

/// An operation at a point, with weights of its outputs and a direction of its inputs.
struct Check<'x> {
    called: Called,
    x: &'x [f64],
    y: Vec<f64>,
    weights: Vec<f64>,
    direction: Vec<f64>,
    gradient: Vec<f64>,
}

/// A derivative, which does not fail.
fn evaluate(derivative: &Called, lists: &[&[f64]], product: &mut [f64]) {
    if derivative.value(&lists.concat(), product).is_err() {
        product.fill(f64::NAN);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b)
}

impl<'x> Check<'x> {
    fn of(called: Called, x: &'x [f64]) -> Result<Self, Error> {
        let mut y = vec![0.0; called.outputs()];
        called.value(x, &mut y).map_err(|failure| called.failed(failure))?;
        let weights: Vec<f64> = (0..y.len()).map(|i| direction(3 * i + 1)).collect();
        let direction = (0..x.len()).map(direction).collect();
        let mut gradient = vec![0.0; x.len()];
        evaluate(&called.in_role(Role::Reverse)?, &[x, &y, &weights], &mut gradient);
        Ok(Self { called, x, y, weights, direction, gradient })
    }

    /// The weighted outputs elsewhere; NaN where there are none.
    fn weighted(&self, x: &[f64]) -> f64 {
        let mut y = vec![0.0; self.y.len()];
        self.called.value(x, &mut y).map_or(f64::NAN, |()| dot(&self.weights, &y))
    }

    fn inputs(&self) -> Vec<InputReport> {
        let input = |(index, &derivative): (usize, &f64)| {
            let size = self.x[index].abs().max(1.0);
            let at = |step: f64| {
                let mut x = self.x.to_vec();
                x[index] = self.x[index] + step;
                (x[index], self.weighted(&x))
            };
            let (difference, uncertainty) =
                best((1..=12).map(|k| central(|sign| at(sign * size * 10f64.powi(-k)))));
            InputReport { index, derivative, difference, uncertainty }
        };
        self.gradient.iter().enumerate().map(input).collect()
    }

    fn transposed(&self) -> Option<(f64, f64)> {
        let forward = self.called.in_role(Role::Forward).ok()?;
        let mut product = vec![0.0; self.y.len()];
        evaluate(&forward, &[self.x, &self.y, &self.direction], &mut product);
        Some((dot(&self.weights, &product), dot(&self.gradient, &self.direction)))
    }

    fn second(&self) -> Option<Vec<InputReport>> {
        let Self { called, x, y, weights, direction, .. } = self;
        let (second, reverse) =
            (called.in_role(Role::SecondOrder).ok()?, called.in_role(Role::Reverse).ok()?);
        let mut product = vec![0.0; x.len()];
        evaluate(&second, &[x, y, weights, direction], &mut product);
        let shifted = |step: f64| -> Vec<f64> {
            x.iter().zip(direction).map(|(x, v)| x + step * v).collect()
        };
        let gradient = |step: f64| {
            let x = shifted(step);
            let (mut y, mut gradient) = (vec![0.0; y.len()], vec![0.0; x.len()]);
            match called.value(&x, &mut y) {
                Ok(()) => evaluate(&reverse, &[&x, &y, weights], &mut gradient),
                Err(_) => gradient.fill(f64::NAN),
            }
            gradient
        };
        let steps: Vec<f64> = (1..=12).map(|k| 10f64.powi(-k)).collect();
        let sides: Vec<_> = steps.iter().map(|&h| (gradient(h), gradient(-h))).collect();
        let input = |(index, &derivative): (usize, &f64)| {
            let differences = steps.iter().zip(&sides).map(|(&step, (above, below))| {
                central(|sign| (sign * step, if sign > 0.0 { above[index] } else { below[index] }))
            });
            let (difference, uncertainty) = best(differences);
            InputReport { index, derivative, difference, uncertainty }
        };
        Some(product.iter().enumerate().map(input).collect())
    }

    /// Whether what is saved changes no bit.
    fn saved(&self) -> Option<bool> {
        let Self { called, x, y, weights, direction, .. } = self;
        let mut with = vec![0.0; y.len() + called.saves()];
        if called.saves() == 0 || called.value(x, &mut with).is_err() {
            return None;
        }
        let agrees = |role, behind: &[&[f64]]| {
            let Ok(derivative) = called.in_role(role) else { return true };
            let [without, saved] = [y, &with].map(|y| {
                let mut product = vec![0.0; derivative.outputs()];
                evaluate(&derivative, &[&[*x, y], behind].concat(), &mut product);
                product.into_iter().map(f64::to_bits).collect::<Vec<_>>()
            });
            without == saved
        };
        let values = y.iter().zip(&with).all(|(a, b)| a.to_bits() == b.to_bits());
        let first = agrees(Role::Reverse, &[weights]) && agrees(Role::Forward, &[direction]);
        Some(values && first && agrees(Role::SecondOrder, &[weights, direction]))
    }

    /// Whether three points side by side, of which two are the same, have the bits of one.
    fn side_by_side(&self) -> Option<bool> {
        const POINTS: usize = 3;
        let spread = |all: &[f64]| -> Vec<f64> {
            all.iter().flat_map(|&number| std::iter::repeat_n(number, POINTS)).collect()
        };
        let same = |found: &[f64], wanted: &[f64]| {
            found.iter().zip(spread(wanted)).all(|(a, b)| a.to_bits() == b.to_bits())
        };
        let (mut values, mut products) = (false, false);
        let is_batched = self.called.values(
            POINTS,
            || spread(self.x),
            |y| {
                values = same(y, &self.y);
            },
        );
        let numbers = || [spread(self.x), spread(&self.y), spread(&self.weights)];
        self.called.vjps(POINTS, numbers, |all| products = same(all, &self.gradient));
        is_batched.then_some(values && products)
    }
}

/// The difference of two numbers on either side, over how far those are apart, and its rounding.
fn central(at: impl Fn(f64) -> (f64, f64)) -> (f64, f64) {
    let ((high, above), (low, below)) = (at(1.0), at(-1.0));
    let width = high - low;
    ((above - below) / width, f64::EPSILON * above.abs().max(below.abs()) / width)
}
