//! One evaluation of a program to be looked at: its operations as they are after the optimiser,
//! with values, local partial derivatives and adjoints.
//!
//! Nothing here is fast: it is for pictures and for questions. A trace owns what it says, and
//! knows nothing of how a program is packed.

mod calls;
mod partials;

use crate::error::{Error, check_length};
use crate::function::draft::flat::{Within, flat, has_callees};
use crate::function::draft::{Draft, Source, fold};
use crate::function::element::{Element, seed};
use crate::function::evaluate::guards::Said;
use crate::function::opcode::Opcode;
use crate::function::program::Program;
use crate::function::program::decode::decode;
use crate::function::{Function, Inputs};
use crate::ops::OpKind;
use crate::scalar::Real;
use calls::{Outputs, without_calls};
use std::fmt;

impl<F: Real> Function<F> {
    /// One evaluation at a point, operation by operation.
    ///
    /// # Errors
    /// As every evaluation: if a slice has the wrong length, or a comparison comes out differently than
    /// when the function was recorded.
    ///
    /// # Complexity
    /// One evaluation, and the memory of a recording: this is for looking at, not for speed.
    ///
    /// # Example: what the optimiser made of it
    /// ```
    /// let f = wengert::Function::record(&[1.0, 2.0], |x| (x[0] * x[1] - x[0]).sin());
    /// let trace = f.trace(&[3.0, 1.0])?;
    /// let names: Vec<&str> = trace.operations().map(|operation| operation.name()).collect();
    /// assert_eq!(names, ["products", "sin"]);
    /// assert_eq!(trace.operation(1).value(), 0.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn trace<'x>(&self, inputs: impl Into<Inputs<'x, F>>) -> Result<Trace<F>, Error> {
        let mut workspace = self.workspace();
        let (program, space) = self.evaluate(&mut workspace, inputs.into())?;
        Ok(Trace::new(program, &space.slots))
    }
}

/// The operations of one evaluation of a [`Function`], made by [`Function::trace`].
///
/// Values are counted through: the variables, the data, then the result of each operation in the
/// order in which they are computed.
///
/// # Example
/// ```
/// use wengert::Function;
/// use wengert::trace::TraceSource;
/// let f = Function::record(&[1.0, 2.0], |x| x[0] * x[1] - 3.0);
/// let trace = f.trace(&[4.0, 5.0])?;
/// assert_eq!(trace.values(), [4.0, 5.0, 17.0]);
/// assert_eq!(trace.outputs().collect::<Vec<_>>(), [TraceSource::Operation(0)]);
/// assert_eq!(trace.adjoints(&[1.0])?, [5.0, 4.0, 1.0]);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Trace<F: Real = f64> {
    draft: Draft<F>,
    values: Vec<F>,
    outputs: Outputs,
    /// The calls of functions that operations lie in.
    within: Within,
}

impl<F: Real> Trace<F> {
    /// The trace of an evaluation that left its numbers in the slots of a program.
    fn new(program: &Program<F>, slots: &[F]) -> Self {
        let mut values = slots[..program.inputs()].to_vec();
        let (mut draft, mut within) = (decode(program), Within::default());
        if has_callees::<F>(&program.calls)
            && let Ok(flat) = flat(draft.clone())
        {
            (draft, within) = (flat.draft, flat.within);
            values = fold::values(&draft, &values);
        } else {
            values.extend_from_slice(&slots[program.first_result()..program.slots]);
        }
        let (draft, values, outputs) = without_calls(draft, values, &mut within);
        Self { draft, values, outputs, within }
    }

    /// The inputs at which it was evaluated.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| x[0].exp());
    /// let trace = f.trace(&[0.0])?;
    /// assert_eq!((trace.inputs().variables, trace.inputs().data), (&[0.0][..], &[][..]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn inputs(&self) -> Inputs<'_, F> {
        let (variables, data) =
            self.values[..self.draft.inputs()].split_at(self.draft.variables.len());
        Inputs { variables, data }
    }

    /// All values: of the variables, of the data, and of the operations.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| x[0].exp());
    /// assert_eq!(f.trace(&[0.0])?.values(), [0.0, 1.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn values(&self) -> &[F] {
        &self.values
    }

    /// The operations in the order in which they are computed.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| x[0].exp().sin());
    /// let trace = f.trace(&[0.0])?;
    /// let names: Vec<&str> = trace.operations().map(|operation| operation.name()).collect();
    /// assert_eq!(names, ["exp", "sin"]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn operations(
        &self,
    ) -> impl DoubleEndedIterator<Item = TraceOperation<'_, F>> + ExactSizeIterator {
        (0..self.draft.steps.len()).map(|step| TraceOperation { trace: self, step })
    }

    /// The operation at a position.
    ///
    /// # Panics
    /// If there are not so many.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| x[0].exp());
    /// assert_eq!(f.trace(&[0.0])?.operation(0).value(), 1.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn operation(&self, position: usize) -> TraceOperation<'_, F> {
        let count = self.draft.steps.len();
        assert!(position < count, "operation {position} is not among the {count} of this trace");
        TraceOperation { trace: self, step: position }
    }

    /// Where the outputs come from.
    ///
    /// # Example: an input, a constant and an operation
    /// ```
    /// use wengert::{Function, Var};
    /// use wengert::trace::TraceSource;
    /// let f = Function::record_many(&[1.0], |x| vec![x[0], Var::constant(2.0), x[0].exp()]);
    /// let outputs: Vec<TraceSource> = f.trace(&[0.0])?.outputs().collect();
    /// let [x, two, exp] = [TraceSource::Variable(0), TraceSource::Constant(2.0), TraceSource::Operation(0)];
    /// assert_eq!(outputs, [x, two, exp]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn outputs(&self) -> impl ExactSizeIterator<Item = TraceSource<F>> + '_ {
        self.draft.outputs.iter().map(|&output| self.source(output))
    }

    /// The comparisons that the path depends on.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| if x[0] < 2.0 { x[0].exp() } else { x[0] });
    /// let trace = f.trace(&[0.0])?;
    /// let guard = trace.guards().next().unwrap();
    /// assert_eq!(guard.to_string(), "0.0 < 2.0 is true");
    /// assert!(guard.line() > 0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn guards(&self) -> impl ExactSizeIterator<Item = TraceGuard<'_, F>> {
        (0..self.draft.guards.len()).map(|position| TraceGuard { trace: self, position })
    }

    /// The adjoints of all values, in the order of [`Trace::values`]: the derivatives of the
    /// outputs' sum weighted with `weights`. Unlike a gradient they include those of data and
    /// of operations.
    ///
    /// # Errors
    /// If there is not one weight for each output.
    ///
    /// # Complexity
    /// One pass back over the operations.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| (x[0] * 2.0).exp());
    /// assert_eq!(f.trace(&[0.0])?.adjoints(&[1.0])?, [2.0, 1.0, 1.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn adjoints(&self, weights: &[F]) -> Result<Vec<F>, Error> {
        check_length("the slice of weights", weights.len(), self.draft.outputs.len())?;
        let mut adjoints = vec![<F as num_traits::Zero>::zero(); self.values.len()];
        for (&weight, &output) in weights.iter().zip(&self.draft.outputs) {
            if let Some(value) = output.as_value() {
                adjoints[value] += seed(weight, self.values[value]);
            }
        }
        for operation in self.operations().rev() {
            let adjoint = adjoints[self.draft.inputs() + operation.step];
            let sources = self.draft.operands_of(operation.step);
            for (source, partial) in sources.iter().zip(operation.partials()) {
                if let Some(value) = source.as_value() {
                    adjoints[value] += adjoint.flow::<true>(partial);
                }
            }
        }
        Ok(adjoints)
    }

    fn source(&self, source: Source) -> TraceSource<F> {
        let (variables, inputs) = (self.draft.variables.len(), self.draft.inputs());
        match source.as_value() {
            None => TraceSource::Constant(self.draft.constants[source.index()]),
            Some(value) if value < variables => TraceSource::Variable(value),
            Some(value) if value < inputs => TraceSource::Datum(value - variables),
            Some(value) => TraceSource::Operation(value - inputs),
        }
    }

    /// The number that is found at a source, whatever its sign.
    fn number(&self, source: Source) -> F {
        match source.as_value() {
            None => self.draft.constants[source.index()],
            Some(value) => self.values[value],
        }
    }
}

/// Where an operand or an output of a [`Trace`] comes from.
///
/// # Example
/// ```
/// use wengert::Function;
/// use wengert::trace::TraceSource;
/// let f = Function::record(&[1.0], |x| x[0] / 4.0);
/// let trace = f.trace(&[2.0])?;
/// assert_eq!(trace.operation(0).operands()[0].source, TraceSource::Variable(0));
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TraceSource<F = f64> {
    /// The variable at a position.
    Variable(usize),
    /// The datum at a position.
    Datum(usize),
    /// A number of the recording.
    Constant(F),
    /// The operation at a position.
    Operation(usize),
}

/// An operand of a [`TraceOperation`].
///
/// # Example
/// ```
/// let f = wengert::Function::record(&[2.0], |x| if x[0] > 0.0 { x[0].sin() } else { x[0] });
/// let trace = f.trace(&[1.0])?;
/// let operation = trace.operations().next().unwrap();
/// assert!((operation.operands()[0].partial - 1.0_f64.cos()).abs() < 1e-15);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TraceOperand<F = f64> {
    /// Where it comes from.
    pub source: TraceSource<F>,
    /// Whether the term of a sum that begins with this operand is taken away.
    pub is_negated: bool,
    /// The derivative of the operation's value by the number at the source, which includes the
    /// sign of the term.
    pub partial: F,
}

/// One operation of a [`Trace`].
///
/// # Example
/// ```
/// let f = wengert::Function::record(&[2.0], |x| if x[0] > 0.0 { x[0].sin() } else { x[0] });
/// let trace = f.trace(&[1.0])?;
/// assert_eq!(trace.operations().next().unwrap().name(), "sin");
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TraceOperation<'t, F: Real = f64> {
    trace: &'t Trace<F>,
    step: usize,
}

impl<'t, F: Real> TraceOperation<'t, F> {
    /// The name: that of an [`OpKind`], that of a user's operation, `square` for x², or `products`
    /// for Σ ±a·b, a sum of products and of single terms, which are products with 1; `chains`, where
    /// they are those of the chain rule, in which 0 · ∞ is 0.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| x[0] * x[0]);
    /// assert_eq!(f.trace(&[1.0])?.operation(0).name(), "square");
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &'t str {
        match self.trace.outputs.name(self.step) {
            Some(name) => name,
            None => self.trace.draft.steps[self.step].opcode.name(),
        }
    }

    /// The calls that it lies in, of functions that were called as one operation
    /// ([`Function::call_as_one`]), the outermost first: the name of the function, and which of its
    /// calls it is.
    ///
    /// # Example
    /// ```
    /// use wengert::Function;
    /// let bend = Function::builder().name("bend").record(&[1.0], |x| x[0].sin().exp());
    /// let f = Function::record(&[1.0], |x| {
    ///     let call = |x| bend.call_as_one(&[x], &[]).expect("there is no comparison")[0];
    ///     call(call(x[0])).sqrt()
    /// });
    /// let trace = f.trace(&[0.5])?;
    /// let calls: Vec<_> = trace.operations().map(|operation| operation.calls().concat()).collect();
    /// assert_eq!(calls, ["bend 1", "bend 1", "bend 2", "bend 2", ""]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn calls(&self) -> Vec<&'t str> {
        self.trace.within.path(self.step)
    }

    /// What it computes as the node of a tape would, or `None` for `square`, `products` and
    /// `chains`.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| x[0].exp());
    /// assert_eq!(f.trace(&[1.0])?.operation(0).kind(), Some(wengert::OpKind::Exp));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn kind(&self) -> Option<OpKind> {
        match self.trace.outputs.name(self.step) {
            Some(_) => Some(OpKind::Custom),
            None => OpKind::from_name(self.name()),
        }
    }

    /// The value.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| x[0] / 4.0);
    /// assert_eq!(f.trace(&[2.0])?.operation(0).value(), 0.5);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn value(&self) -> F {
        self.trace.values[self.trace.draft.inputs() + self.step]
    }

    /// The exponent of `powi`.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| x[0].powi(7));
    /// assert_eq!(f.trace(&[2.0])?.operation(0).exponent(), Some(7));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn exponent(&self) -> Option<i32> {
        let step = self.trace.draft.steps[self.step];
        (step.opcode == Opcode::Powi).then_some(step.detail)
    }

    /// The operands with the partial derivatives by them; of `products` and `chains`, the two
    /// factors of each term behind each other.
    ///
    /// # Example: x₀·x₁ − x₀
    /// ```
    /// let f = wengert::Function::record(&[1.0, 2.0], |x| x[0] * x[1] - x[0]);
    /// let trace = f.trace(&[3.0, 4.0])?;
    /// let operands = trace.operation(0).operands();
    /// assert_eq!(operands.iter().map(|x| x.partial).collect::<Vec<_>>(), [4.0, 3.0, -1.0, -3.0]);
    /// assert_eq!(operands.iter().map(|x| x.is_negated).collect::<Vec<_>>(), [false, false, true, false]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn operands(&self) -> Vec<TraceOperand<F>> {
        let sources = self.trace.draft.operands_of(self.step);
        let is_products = self.trace.draft.steps[self.step].opcode.is_products();
        let operand = |(at, (&source, partial)): (usize, (&Source, F))| TraceOperand {
            source: self.trace.source(source),
            // A second factor has no sign of its own.
            is_negated: source.is_negated() && !(is_products && at % 2 == 1),
            partial,
        };
        sources.iter().zip(self.partials()).enumerate().map(operand).collect()
    }
}

/// A comparison of a [`Trace`]. Displays as what it says: `0 < 2 is true`.
///
/// # Example
/// ```
/// let f = wengert::Function::record(&[2.0], |x| if x[0] > 0.0 { x[0].sin() } else { x[0] });
/// let trace = f.trace(&[1.0])?;
/// assert_eq!(trace.guards().count(), 1);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TraceGuard<'t, F: Real = f64> {
    trace: &'t Trace<F>,
    position: usize,
}

impl<'t, F: Real> TraceGuard<'t, F> {
    /// What is compared; questions about one number ignore the second.
    ///
    /// # Example
    /// ```
    /// use wengert::Function;
    /// use wengert::trace::TraceSource;
    /// let f = Function::record(&[1.0], |x| if x[0] < 2.0 { x[0].exp() } else { x[0] });
    /// let trace = f.trace(&[0.0])?;
    /// let operands = trace.guards().next().unwrap().operands();
    /// assert_eq!(operands, [TraceSource::Variable(0), TraceSource::Constant(2.0)]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn operands(&self) -> [TraceSource<F>; 2] {
        let guard = &self.trace.draft.guards[self.position];
        guard.operands.map(|source| self.trace.source(source))
    }

    /// What it says, with names in place of the numbers.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| if x[0] < 2.0 { x[0].exp() } else { x[0] });
    /// let trace = f.trace(&[0.0])?;
    /// let guard = trace.guards().next().unwrap();
    /// assert_eq!(guard.with_names(["x", "the limit"]), "x < the limit is true");
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn with_names(&self, [x, y]: [&str; 2]) -> String {
        let mut text = String::new();
        let comparison = self.trace.draft.guards[self.position].comparison;
        comparison
            .write_as(&mut text, self.numbers(), [&x, &y])
            .expect("a string takes all that is written");
        text
    }

    /// Whether it says that two numbers are equal: then the path is one of measure zero, and its
    /// derivative may have nothing to do with the function's beside it.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| if x[0] == 1.0 { x[0].exp() } else { x[0] });
    /// assert!(f.trace(&[1.0])?.guards().next().unwrap().is_equality());
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn is_equality(&self) -> bool {
        self.trace.draft.guards[self.position].comparison.is_equality(self.numbers())
    }

    fn numbers(&self) -> (F, F) {
        let guard = &self.trace.draft.guards[self.position];
        let [x, y] = guard.operands.map(|source| self.trace.number(source));
        (x, y)
    }

    /// The file in which it was recorded.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0], |x| if x[0] < 2.0 { x[0].exp() } else { x[0] });
    /// assert!(f.trace(&[0.0])?.guards().next().unwrap().file().ends_with(".rs"));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn file(&self) -> &'t str {
        &self.trace.draft.guards[self.position].place.file
    }

    /// The line in which it was recorded, from 1.
    ///
    /// # Example
    /// ```
    /// let here = line!() + 1;
    /// let f = wengert::Function::record(&[1.0], |x| if x[0] < 2.0 { x[0].exp() } else { x[0] });
    /// assert_eq!(f.trace(&[0.0])?.guards().next().unwrap().line(), here);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn line(&self) -> u32 {
        self.trace.draft.guards[self.position].place.line
    }
}

impl<F: Real> fmt::Display for TraceGuard<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comparison = self.trace.draft.guards[self.position].comparison;
        Said { comparison, numbers: self.numbers() }.fmt(f)
    }
}

#[cfg(test)]
mod tests;
