//! Functions that are told by equations: what a solver finds, with derivatives that know nothing of
//! how it was found.
//!
//! Where F(x, y) = 0 and F_y is regular, dy = −F_y⁻¹F_x·dx (the implicit function theorem; Griewank &
//! Walther, "Evaluating Derivatives", 2nd ed. 2008, section 15.1). So the adjoint of x is −F_xᵀλ with
//! F_yᵀλ = ȳ: one decomposition, whatever the solver did, and none of its steps is recorded. Second
//! derivatives are those of λᵀF along (ẋ, ẏ).

use crate::Error;
use crate::matrix::{view, write};
use crate::pivots::check_pivots;
use faer::linalg::solvers::{PartialPivLu, Solve};
use faer::{Mat, MatRef};
use std::sync::Arc;
use wengert::custom::{Failure, Forward, Operation, SecondOrder};
use wengert::{Function, Var, VectorAs};

/// The solution y(x) of F(x, y) = 0, which `solver` finds for an x.
///
/// `residual` is F: a function of x and, behind it, y, with as many outputs as y has entries. Its
/// derivatives are taken where the solver ends, as if the equations held there exactly; so the
/// solver's tolerance is the error of the derivatives, times their condition.
///
/// # Errors
/// If it needs derivatives that its operations do
/// not have.
///
/// # Panics
/// If there are more equations than variables.
///
/// # Example: the cube root, by Newton's method
/// ```
/// use wengert::{Function, Number, Tape, Var};
/// use wengert_linalg::implicit;
/// let residual = Function::record_many(&[8.0, 2.0], |v| vec![v[1].powi(3) - v[0]]);
/// let root = implicit::solution("cube root", &residual, |x| {
///     let mut y: f64 = 1.0;
///     for _ in 0..100 {
///         y -= (y * y * y - x[0]) / (3.0 * y * y);
///     }
///     Ok(vec![y])
/// })?;
/// let tape = Tape::new();
/// let x = tape.var(8.0);
/// let y = Var::call(&root, &[x])[0];
/// assert!((y.value() - 2.0).abs() < 1e-15);
/// assert!((y.gradients()[x] - 1.0 / 12.0).abs() < 1e-15);
/// let second = wengert::hessian(|x| Var::call(&root, x)[0], &[8.0]);
/// assert!((second[0][0] + 1.0 / 144.0).abs() < 1e-15);
/// # Ok::<(), wengert::Error>(())
/// ```
#[track_caller]
pub fn solution(
    name: &str,
    residual: &Function,
    solver: impl Fn(&[f64]) -> Result<Vec<f64>, Failure> + Send + Sync + 'static,
) -> Result<Arc<dyn Operation>, wengert::Error> {
    assert!(
        residual.num_outputs() <= residual.num_variables(),
        "{} equations of {} variables: the unknowns are variables too",
        residual.num_outputs(),
        residual.num_variables()
    );
    let residual = residual.clone();
    let products = residual.vjp_function(VectorAs::Data)?;
    let (name, solver) = (name.to_owned(), Box::new(solver));
    Ok(Arc::new(Solution { name, residual, products, solver }))
}

/// The fixed point y = g(x, y), which `solver` finds: [`solution`] of y − g(x, y) = 0.
///
/// `map` is g, a function of x and, behind it, y.
///
/// # Errors
/// As [`solution`].
///
/// # Example: cos y = y·x, by iteration
/// ```
/// use wengert::{Function, Number, Tape, Var};
/// use wengert_linalg::implicit;
/// let map = Function::record_many(&[1.0, 0.7], |v| vec![v[1].cos() * v[0]]);
/// let operation = implicit::fixed_point("dottie", &map, |x| {
///     let mut y: f64 = 1.0;
///     for _ in 0..1000 {
///         y = y.cos() * x[0];
///     }
///     Ok(vec![y])
/// })?;
/// let tape = Tape::new();
/// let x = tape.var(1.0);
/// let y = Var::call(&operation, &[x])[0];
/// let expected = y.value().cos() / (1.0 + y.value().sin());
/// assert!((y.gradients()[x] - expected).abs() < 1e-14);
/// # Ok::<(), wengert::Error>(())
/// ```
#[track_caller]
pub fn fixed_point(
    name: &str,
    map: &Function,
    solver: impl Fn(&[f64]) -> Result<Vec<f64>, Failure> + Send + Sync + 'static,
) -> Result<Arc<dyn Operation>, wengert::Error> {
    let residual = recorded(map, |v| {
        let next = map.call(v, &[])?;
        let unknowns = &v[v.len().saturating_sub(next.len())..];
        Ok(unknowns.iter().zip(next).map(|(&y, g)| y - g).collect())
    })?;
    solution(name, &residual, solver)
}

/// The y that minimises f(x, y), which `solver` finds: [`solution`] of ∂f/∂y = 0.
///
/// `objective` is f, a function of one output, of x and, behind it, y of so many entries. Where the
/// Hessian in y is singular, which at a minimum that is one point it seldom is, there is no
/// derivative, and asking for one gives NaN.
///
/// # Errors
/// As [`solution`], and if the objective has not exactly one output.
///
/// # Panics
/// If there are more unknowns than variables.
///
/// # Example: a ridge regression in its penalty
/// ```
/// use wengert::{Function, Number, Tape, Var};
/// use wengert_linalg::implicit;
/// let objective = Function::record(&[1.0, 1.0], |v| (v[1] - 3.0).powi(2) + v[0] * v[1].powi(2));
/// let ridge = implicit::argmin("ridge", &objective, 1, |x| Ok(vec![3.0 / (1.0 + x[0])]))?;
/// let tape = Tape::new();
/// let penalty = tape.var(0.5);
/// let y = Var::call(&ridge, &[penalty])[0];
/// assert_eq!(y.value(), 2.0);
/// assert!((y.gradients()[penalty] + 3.0 / 1.5_f64.powi(2)).abs() < 1e-14);
/// # Ok::<(), wengert::Error>(())
/// ```
#[track_caller]
pub fn argmin(
    name: &str,
    objective: &Function,
    unknowns: usize,
    solver: impl Fn(&[f64]) -> Result<Vec<f64>, Failure> + Send + Sync + 'static,
) -> Result<Arc<dyn Operation>, wengert::Error> {
    let variables = objective.num_variables();
    assert!(unknowns <= variables, "{unknowns} unknowns among {variables} variables");
    let gradient = objective.gradient_function()?;
    let residual = recorded(objective, |v| {
        let mut slopes = gradient.call(v, &[])?;
        Ok(slopes.split_off(variables - unknowns))
    })?;
    solution(name, &residual, solver)
}

/// A function recorded at the point of another.
fn recorded(
    other: &Function,
    f: impl for<'t> Fn(&[Var<'t>]) -> Result<Vec<Var<'t>>, wengert::Error>,
) -> Result<Function, wengert::Error> {
    let mut failed = None;
    let function = Function::record_many(other.recorded_at().variables, |v| {
        f(v).unwrap_or_else(|error| {
            failed = Some(error);
            Vec::new()
        })
    });
    failed.map_or(Ok(function), Err)
}

struct Solution {
    name: String,
    residual: Function,
    /// λᵀ∂F by x and y, a function of x and y with λ as data.
    products: Function,
    solver: Box<Solver>,
}

/// What finds y for an x.
type Solver = dyn Fn(&[f64]) -> Result<Vec<f64>, Failure> + Send + Sync;

/// The equations made linear at a point.
struct At {
    /// x and y.
    point: Vec<f64>,
    /// F_x.
    by_x: Mat<f64>,
    /// F_y, decomposed.
    by_y: PartialPivLu<f64>,
}

impl Solution {
    /// The numbers of inputs and of unknowns.
    fn sizes(&self) -> (usize, usize) {
        let unknowns = self.residual.num_outputs();
        (self.residual.num_variables() - unknowns, unknowns)
    }

    /// `None` where F cannot be evaluated or F_y is singular.
    fn at(&self, x: &[f64], y: &[f64]) -> Option<At> {
        let ((n, m), point) = (self.sizes(), [x, y].concat());
        let mut rows = vec![0.0; m * (n + m)];
        self.residual.jacobian(&mut self.residual.workspace(), &point, &mut rows).ok()?;
        // Row behind row is the transpose's column behind column.
        let jacobian = view(&rows, n + m, m).transpose();
        let by_y = PartialPivLu::new(jacobian.subcols(n, m));
        check_pivots((0..m).map(|i| by_y.U()[(i, i)].abs())).ok()?;
        Some(At { by_x: jacobian.subcols(0, n).to_owned(), by_y, point })
    }

    /// The derivative of λᵀ∂F along a direction of x and y.
    fn bend(&self, at: &At, lambda: &[f64], direction: &[f64]) -> Option<Vec<f64>> {
        let mut bend = vec![0.0; at.point.len()];
        let inputs = (&at.point[..], lambda);
        let mut workspace = self.products.dual_workspace();
        self.products.jvp(&mut workspace, inputs, direction, &mut bend).ok()?;
        Some(bend)
    }

    fn second(
        &self,
        at: &At,
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) -> Option<()> {
        let (n, m) = self.sizes();
        let lambda = at.by_y.solve_transpose(view(weights, m, 1));
        let moves = view(direction, n, 1);
        let tangent = -at.by_y.solve((&at.by_x * moves).as_ref());
        let along = [direction, &list(tangent.as_ref())].concat();
        let bend = self.bend(at, &list(lambda.as_ref()), &along)?;
        let (of_x, of_y) = bend.split_at(n);
        let lambda_moves = -at.by_y.solve_transpose(view(of_y, m, 1));
        let moved = -(at.by_x.transpose() * lambda_moves) - view(of_x, n, 1);
        write(moved.as_ref(), product);
        Some(())
    }
}

/// The entries of a column.
fn list(column: MatRef<'_, f64>) -> Vec<f64> {
    (0..column.nrows()).map(|i| column[(i, 0)]).collect()
}

impl Operation for Solution {
    fn name(&self) -> &str {
        &self.name
    }
    fn outputs(&self, inputs: usize) -> Option<usize> {
        let (n, m) = self.sizes();
        (inputs == n).then_some(m)
    }
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        let found = (self.solver)(x)?;
        if found.len() != y.len() {
            return Err(Box::new(Error::Length { given: found.len(), of: y.len() }));
        }
        y.copy_from_slice(&found);
        Ok(())
    }
    fn vjp(&self, x: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
        let Some(at) = self.at(x, y) else { return product.fill(f64::NAN) };
        let lambda = at.by_y.solve_transpose(view(weights, weights.len(), 1));
        write((-(at.by_x.transpose() * lambda)).as_ref(), product);
    }
    fn forward(&self) -> Option<&dyn Forward> {
        Some(self)
    }
    fn second_order(&self) -> Option<&dyn SecondOrder> {
        Some(self)
    }
}

impl Forward for Solution {
    fn jvp(&self, x: &[f64], y: &[f64], direction: &[f64], product: &mut [f64]) {
        let Some(at) = self.at(x, y) else { return product.fill(f64::NAN) };
        let moved = &at.by_x * view(direction, direction.len(), 1);
        write((-at.by_y.solve(moved.as_ref())).as_ref(), product);
    }
}

impl SecondOrder for Solution {
    fn hessian_vector_product(
        &self,
        x: &[f64],
        y: &[f64],
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) {
        let at = self.at(x, y);
        if at.and_then(|at| self.second(&at, weights, direction, product)).is_none() {
            product.fill(f64::NAN);
        }
    }
}
