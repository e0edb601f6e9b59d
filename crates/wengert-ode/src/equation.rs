//! A right-hand side, as the solvers ask for it.

use crate::jacobian::Jacobian;
use differential_equations::linalg::Matrix;
use differential_equations::ode::ODE;
use differential_equations::ode::sensitivity::ParametrizedODE;
use differential_equations::traits::State;
use wengert::Var;
use wengert::evaluation::Pool;
use wengert_sparse::Error;

/// The right-hand side of y′ = f(y, p, t), recorded once, as an `ODE` of differential-equations with
/// an exact Jacobian, and as a `ParametrizedODE` with the Jacobian by its parameters.
///
/// The state is whatever the library takes for one: a number, an array, a `Vec`, and by its features
/// vectors of nalgebra, ndarray and faer. Evaluations are by shared reference, on any thread.
///
/// # Panics
/// The traits have no errors, so an evaluation panics where the recorded path is left: a right-hand
/// side that branches decides by [`select`](wengert::select). It also panics if the state has another
/// length than in the recording.
///
/// # Complexity
/// A Jacobian is a pass of the recording for every eight colours of its pattern: see
/// [`SparseJacobian`](wengert_sparse::SparseJacobian). The library keeps and solves a whole matrix.
///
/// # Example: decay, with the sensitivity to its rate
/// ```
/// use differential_equations::ode::sensitivity::ForwardSensitivityOde;
/// use differential_equations::prelude::*;
/// use wengert_ode::Equation;
/// let decay = Equation::record(&[1.0], &[0.5], |y, p, _| vec![-p[0] * y[0]])?;
/// let both = ForwardSensitivityOde::<_, f64, [f64; 1], Vec<f64>>::new(&decay, [1.0]);
/// let solution = IVP::ode(&both, 0.0, 2.0, [1.0, 0.0])
///     .method(ExplicitRungeKutta::dop853().rtol(1e-10).atol(1e-10))
///     .solve()
///     .expect("it is solved");
/// let (_, [y, slope]) = solution.iter().next_back().expect("there is an end");
/// assert!((y - (-1.0_f64).exp()).abs() < 1e-8); // e^(−p t)
/// assert!((slope + 2.0 * (-1.0_f64).exp()).abs() < 1e-8); // −t e^(−p t)
/// # Ok::<(), wengert_sparse::Error>(())
/// ```
#[derive(Debug)]
pub struct Equation {
    by_state: Jacobian,
    by_parameters: Jacobian,
    parameters: Vec<f64>,
    /// For states and slopes, which the library reads and writes number by number.
    numbers: Pool<[Vec<f64>; 2]>,
}

impl Equation {
    /// Records a right-hand side of state, parameters and time at a point (and at time 0), twice:
    /// to be differentiated by the state and by the parameters.
    ///
    /// # Errors
    /// If a Jacobian has no plan: it is too large.
    ///
    /// # Panics
    /// If the right-hand side returns another number of slopes than the state has numbers, or
    /// variables of another tape.
    ///
    /// # Example
    /// ```
    /// use differential_equations::ode::ODE;
    /// use wengert_ode::Equation;
    /// let swing = Equation::record(&[1.0, 0.0], &[4.0], |y, p, _| vec![y[1], -p[0] * y[0].sin()])?;
    /// let mut slopes = [0.0; 2];
    /// swing.diff(0.0, &[0.0, 3.0], &mut slopes);
    /// assert_eq!(slopes, [3.0, 0.0]);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[track_caller]
    pub fn record<G>(state: &[f64], parameters: &[f64], f: G) -> Result<Self, Error>
    where
        G: for<'t> Fn(&[Var<'t>], &[Var<'t>], Var<'t>) -> Vec<Var<'t>>,
    {
        let at = [state, parameters, &[0.0]];
        let by_state = Jacobian::record(at, 0, |[y, p, t]| f(y, p, t[0]))?;
        let by_parameters = Jacobian::record(at, 1, |[y, p, t]| f(y, p, t[0]))?;
        let (given, wanted) = (by_state.function().num_outputs(), state.len());
        assert!(given == wanted, "there are {given} slopes, wanted is one for each of {wanted}");
        Ok(Self {
            by_state,
            by_parameters,
            parameters: parameters.to_vec(),
            numbers: Pool::default(),
        })
    }

    /// The parameters.
    ///
    /// # Example
    /// ```
    /// let decay = wengert_ode::Equation::record(&[1.0], &[0.5], |y, p, _| vec![-p[0] * y[0]])?;
    /// assert_eq!(decay.parameters(), [0.5]);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub fn parameters(&self) -> &[f64] {
        &self.parameters
    }

    /// Other parameters, as many as before.
    ///
    /// # Panics
    /// If there are more or fewer.
    ///
    /// # Example
    /// ```
    /// use differential_equations::ode::ODE;
    /// use wengert_ode::Equation;
    /// let mut decay = Equation::record(&[1.0], &[0.5], |y, p, _| vec![-p[0] * y[0]])?;
    /// decay.set_parameters(&[3.0]);
    /// let mut slope = 0.0;
    /// decay.diff(0.0, &2.0, &mut slope);
    /// assert_eq!(slope, -6.0);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[track_caller]
    pub fn set_parameters(&mut self, parameters: &[f64]) {
        let (given, wanted) = (parameters.len(), self.parameters.len());
        assert!(given == wanted, "there are {given} parameters, wanted are {wanted}");
        self.parameters.copy_from_slice(parameters);
    }

    /// The colours of the Jacobian by the state: directions that an evaluation goes along.
    ///
    /// # Example
    /// ```
    /// use wengert_ode::Equation;
    /// let heat = Equation::record(&[0.0; 100], &[], |u, _, _| {
    ///     let at = |i: usize| if i < 100 { u[i] } else { wengert::Var::constant(0.0) };
    ///     (0..100).map(|i| at(i + 1) - 2.0 * at(i) + at(i.wrapping_sub(1))).collect()
    /// })?;
    /// assert_eq!(heat.colors(), 3);
    /// # Ok::<(), wengert_sparse::Error>(())
    /// ```
    #[must_use]
    pub const fn colors(&self) -> usize {
        self.by_state.colors()
    }

    /// Works with a state as a slice, and with memory for its slopes.
    fn with<Y: State<f64>, R>(
        &self,
        y: &Y,
        t: f64,
        work: impl FnOnce([&[f64]; 3], &mut Vec<f64>) -> Result<R, Error>,
    ) -> R {
        let result = self.numbers.with(Default::default, |[state, slopes]| {
            state.clear();
            state.extend((0..y.len()).map(|i| y.get_component(i)));
            work([state, &self.parameters, &[t]], slopes)
        });
        result.unwrap_or_else(|error| panic!("the right-hand side at t = {t}: {error}"))
    }
}

impl<Y: State<f64>> ODE<f64, Y> for Equation {
    fn diff(&self, t: f64, y: &Y, slope: &mut Y) {
        self.with(y, t, |at, slopes| {
            slopes.resize(y.len(), 0.0);
            self.by_state.values(at, slopes)?;
            slopes.iter().enumerate().for_each(|(i, &x)| slope.set_component(i, x));
            Ok(())
        });
    }

    fn jacobian(&self, t: f64, y: &Y, matrix: &mut Matrix<f64>) {
        self.with(y, t, |at, _| self.by_state.write(at, matrix));
    }
}

impl<Y: State<f64>> ParametrizedODE<f64, Y, Vec<f64>> for Equation {
    fn parameters(&self) -> Vec<f64> {
        self.parameters.clone()
    }

    fn jacobian_p(&self, t: f64, y: &Y, matrix: &mut Matrix<f64>) {
        self.with(y, t, |at, _| self.by_parameters.write(at, matrix));
    }
}
