//! Recording a function, with options.

use super::lower::lower;
use super::paths::{Paths, Recorder};
use crate::error::{Error, expect};
use crate::function::compiled::{self, compiled};
use crate::function::draft::Draft;
use crate::function::draft::optimise::Optimise;
use crate::function::{Function, Policy};
use crate::record::Var;
use crate::scalar::Real;
use crate::store::Tape;
use std::sync::Arc;

/// How a [`Function`] is recorded: its data, its optimiser, and what becomes of a branch that
/// flips. Made by [`Function::builder`].
///
/// # Example: a loss of one data point, which takes the point as data
/// ```
/// use wengert::Function;
/// let loss = Function::builder().data(&[1.0, 2.0]).record_with_data(&[0.5], |w, point| {
///     let residual = w[0] * point[0] - point[1];
///     residual * residual
/// });
/// let mut workspace = loss.workspace();
/// let mut gradient = [0.0];
/// let value = loss.value_and_gradient(&mut workspace, (&[0.5], &[2.0, 3.0]), &mut gradient)?;
/// assert_eq!((value, gradient), (4.0, [-8.0]));
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FunctionBuilder<F: Real = f64> {
    pub(in crate::function) data: Vec<F>,
    pub(in crate::function) optimise: Optimise,
    pub(in crate::function) policy: Policy,
    name: Option<Arc<str>>,
}

impl<F: Real> Default for FunctionBuilder<F> {
    fn default() -> Self {
        Self { data: Vec::new(), optimise: Optimise::all(), policy: Policy::Error, name: None }
    }
}

impl<F: Real> FunctionBuilder<F> {
    /// Gives the function fixed data, at first these numbers: inputs with respect to which no
    /// derivative is wanted.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::builder().data(&[5.0]).record_with_data(&[2.0], |x, t| x[0] * t[0]);
    /// assert_eq!((f.num_variables(), f.num_data()), (1, 1));
    /// ```
    #[must_use]
    pub fn data(self, data: &[F]) -> Self {
        Self { data: data.to_vec(), ..self }
    }

    /// Names the function, for the boxes, listings and errors of functions that call it.
    ///
    /// # Example
    /// ```
    /// let square = wengert::Function::builder().name("square").record(&[2.0], |x| x[0] * x[0]);
    /// assert_eq!(square.name(), "square");
    /// ```
    #[must_use]
    pub fn name(self, name: &str) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Chooses the passes of the optimiser.
    ///
    /// # Example
    /// ```
    /// use wengert::{Function, Optimise};
    /// let plain = Function::builder().optimise(Optimise::none()).record(&[2.0], |x| x[0] * 1.0);
    /// let packed = Function::record(&[2.0], |x| x[0] * 1.0);
    /// assert!(packed.len() < plain.len());
    /// ```
    #[must_use]
    pub fn optimise(self, optimise: Optimise) -> Self {
        Self { optimise, ..self }
    }

    /// Takes the recorded path at every point, whatever its comparisons would answer there.
    ///
    /// **The result is wrong wherever the closure would have taken another path**, and nothing
    /// says so. For code whose comparisons cannot matter, such as assertions on a range.
    ///
    /// # Example: wrong, as asked for
    /// ```
    /// use wengert::Function;
    /// let abs = Function::builder()
    ///     .ignore_guards()
    ///     .record(&[1.0], |x| if x[0] < 0.0 { -x[0] } else { x[0] });
    /// assert_eq!(abs.value(&mut abs.workspace(), &[-2.0])?, -2.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn ignore_guards(self) -> Self {
        Self { policy: Policy::Ignore, ..self }
    }

    /// Records a function of variables with one output; one whose closure returns a `Vec` is
    /// recorded by [`record_many`](Self::record_many).
    ///
    /// # Panics
    /// If the output belongs to another tape, or there is no memory.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::builder().record(&[2.0, 3.0], |x| x[0] * x[1]);
    /// assert_eq!(f.value(&mut f.workspace(), &[4.0, 5.0]), Ok(20.0));
    /// ```
    #[track_caller]
    pub fn record<G>(self, variables: &[F], f: G) -> Function<F>
    where
        G: for<'t> FnOnce(&[Var<'t, F>]) -> Var<'t, F>,
    {
        self.record_with_data(variables, |x, _| f(x))
    }

    /// Records a function of variables and data with one output.
    ///
    /// # Panics
    /// If the output belongs to another tape, or there is no memory.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::builder().data(&[5.0]).record_with_data(&[2.0], |x, t| x[0] * t[0]);
    /// assert_eq!(f.value(&mut f.workspace(), (&[4.0], &[6.0])), Ok(24.0));
    /// ```
    #[track_caller]
    pub fn record_with_data<G>(self, variables: &[F], f: G) -> Function<F>
    where
        G: for<'t> FnOnce(&[Var<'t, F>], &[Var<'t, F>]) -> Var<'t, F>,
    {
        self.record_many_with_data(variables, |x, data| vec![f(x, data)])
    }

    /// Records a function of variables with several outputs.
    ///
    /// # Panics
    /// If an output belongs to another tape, or there is no memory.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::builder().record_many(&[2.0, 3.0], |x| vec![x[0] * x[1], x[0]]);
    /// assert_eq!(f.num_outputs(), 2);
    /// ```
    #[track_caller]
    pub fn record_many<G>(self, variables: &[F], f: G) -> Function<F>
    where
        G: for<'t> FnOnce(&[Var<'t, F>]) -> Vec<Var<'t, F>>,
    {
        self.record_many_with_data(variables, |x, _| f(x))
    }

    /// Records a function of variables and data with several outputs.
    ///
    /// # Panics
    /// If an output belongs to another tape, or there is no memory.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::builder()
    ///     .data(&[5.0])
    ///     .record_many_with_data(&[2.0], |x, t| vec![x[0] * t[0], x[0]]);
    /// assert_eq!((f.num_data(), f.num_outputs()), (1, 2));
    /// ```
    #[track_caller]
    pub fn record_many_with_data<G>(self, variables: &[F], f: G) -> Function<F>
    where
        G: for<'t> FnOnce(&[Var<'t, F>], &[Var<'t, F>]) -> Vec<Var<'t, F>>,
    {
        let draft = expect(record(variables, &self.data, f));
        expect(finish(self, draft))
    }

    /// Records a function of variables and data whose branches may flip: at a point at which a
    /// comparison comes out differently, the closure is recorded again there, and at most
    /// `limit` recordings are kept, one for each path through the closure. The closure owns what
    /// it captures, can be called from any thread, and returns equally many outputs on every
    /// path: where it returns another number, the evaluation returns an error.
    ///
    /// # Panics
    /// If `limit` is 0, an output belongs to another tape, or there is no memory.
    ///
    /// # Example
    /// ```
    /// use wengert::Function;
    /// let abs = Function::builder()
    ///     .record_paths(&[1.0], 8, |x, _| vec![if x[0] < 0.0 { -x[0] } else { x[0] }]);
    /// let mut workspace = abs.workspace();
    /// assert_eq!(abs.value(&mut workspace, &[-2.0])?, 2.0);
    /// assert_eq!(abs.value(&mut workspace, &[3.0])?, 3.0);
    /// assert_eq!(abs.value(&mut workspace, &[-4.0])?, 4.0);
    /// assert_eq!(abs.recordings(), 2);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn record_paths<G>(self, variables: &[F], limit: usize, f: G) -> Function<F>
    where
        G: for<'t> Fn(&[Var<'t, F>], &[Var<'t, F>]) -> Vec<Var<'t, F>> + Send + Sync + 'static,
    {
        assert!(limit > 0, "a function keeps at least the one path that it records now");
        let record: Recorder<F> = Arc::new(move |x, data| record(x, data, &f));
        let draft = expect(record(variables, &self.data));
        let optimise = self.optimise;
        let function = expect(finish(Self { policy: Policy::Rerecord, ..self }, draft));
        let paths = Paths::new(record, optimise, limit, function.num_outputs());
        Function { paths: Some(Arc::new(paths)), ..function }
    }

    fn function_of(self, draft: Draft<F>) -> Result<Function<F>, Error> {
        let (draft, report) = compiled::optimise(draft, self.optimise);
        let function = Function::assemble(&draft, report, self.policy)?;
        let name = self.name.unwrap_or_else(|| function.name.clone());
        Ok(Function { name, ..function })
    }
}

compiled! {
    /// The function of a draft.
    fn finish<'a>(builder: FunctionBuilder<F>, draft: Draft<F>) -> Result<Function<F>, Error>
        = FunctionBuilder::<F>::function_of;
}

/// The draft of a closure at a point. The memory of its tape is free for what comes after it.
#[track_caller]
pub(in crate::function) fn record<F: Real, G>(
    variables: &[F],
    data: &[F],
    f: G,
) -> Result<Draft<F>, Error>
where
    G: for<'t> FnOnce(&[Var<'t, F>], &[Var<'t, F>]) -> Vec<Var<'t, F>>,
{
    let tape = Tape::guarded();
    // The handles of a million variables are not kept while the draft is made.
    let outputs = f(&tape.vars(variables), &tape.vars(data));
    lower(&tape, variables, data, &outputs, &[])
}
