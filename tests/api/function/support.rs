//! A tape and a function asked the same.

use wengert::view::TapeView;
use wengert::{Function, FunctionBuilder, NodeId, Optimise, Real, Tape, Var};

/// The optimiser off, on, and each of its passes alone.
pub(super) fn optimisers() -> [Optimise; 7] {
    let none = Optimise::none();
    [
        none,
        none.constants(true),
        none.identities(true),
        none.subexpressions(true),
        none.dead(true),
        none.fusion(true),
        Optimise::all(),
    ]
}

/// Whether the optimiser computes once what was recorded twice. Then what flows down is added
/// before it is multiplied: where a partial is infinite, infinities of either sign meet on the
/// tape alone.
fn shares(optimise: Optimise) -> bool {
    optimise != optimise.subexpressions(false)
}

pub(crate) fn cast<F: Real>(x: &[f64]) -> Vec<F> {
    x.iter().map(|&x| F::from(x).expect("every f64 can be cast")).collect()
}

/// Whether two numbers are the same to the last bit; NaN is NaN.
pub(crate) fn is_same<F: Real>(a: F, b: F) -> bool {
    let sign = |x: F| x.is_sign_negative();
    (a == b && sign(a) == sign(b)) || (a.is_nan() && b.is_nan())
}

#[track_caller]
pub(crate) fn all_same<F: Real>(given: &[F], expected: &[F]) {
    let same = given.len() == expected.len();
    let same = same && given.iter().zip(expected).all(|(&g, &e)| is_same(g, e));
    assert!(same, "{given:?} is not {expected:?}");
}

/// Records `f` with the optimiser as given.
pub(crate) fn record_with<F: Real, G>(optimise: Optimise, x: &[F], f: G) -> Function<F>
where
    G: for<'t> FnOnce(&[Var<'t, F>]) -> Vec<Var<'t, F>>,
{
    FunctionBuilder::default().optimise(optimise).record_many(x, f)
}

/// All values of a function.
pub(super) fn values<F: Real>(f: &Function<F>, x: &[F]) -> Vec<F> {
    let mut values = vec![F::zero(); f.num_outputs()];
    f.values(&mut f.workspace(), x, &mut values).expect("no branch flips");
    values
}

/// The rows of a function's Jacobian.
pub(super) fn jacobian<F: Real>(f: &Function<F>, x: &[F]) -> Vec<Vec<F>> {
    let mut entries = vec![F::zero(); f.num_outputs() * f.num_variables()];
    f.jacobian(&mut f.workspace(), x, &mut entries).expect("no branch flips");
    (0..f.num_outputs())
        .map(|i| entries[i * f.num_variables()..][..f.num_variables()].to_vec())
        .collect()
}

/// A derivative as the tape finds it, and what bounds the error of another order of summation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flow<F> {
    pub(super) derivative: F,
    /// Σ |contribution| over all contributions that are finite.
    size: F,
    /// What underflow may change.
    underflow: F,
}

impl<F: Real> Flow<F> {
    /// Whether `found` is this derivative, but for rounding in another order of summation.
    ///
    /// What is infinite or NaN in one order is so in every other, unless finite contributions
    /// overflow on the way.
    pub(super) fn admits(self, found: F, operations: usize) -> bool {
        let epsilon = F::epsilon() * F::from(8 * (operations + 1)).expect("a small number");
        let may_overflow = self.size > F::max_value() / F::from(1e3).expect("a number");
        is_same(self.derivative, found)
            || (self.derivative - found).abs() <= epsilon * self.size + self.underflow
            || may_overflow
    }
}

/// What the tape says of a program at a point.
pub(super) struct Reference<F> {
    pub(super) values: Vec<F>,
    /// For each output the derivatives with respect to the inputs.
    pub(super) rows: Vec<Vec<Flow<F>>>,
    pub(super) operations: usize,
}

impl<F: Real> Reference<F> {
    pub(super) fn of<G>(x: &[F], f: G) -> Self
    where
        G: for<'t> FnOnce(&[Var<'t, F>]) -> Vec<Var<'t, F>>,
    {
        let tape = Tape::default();
        let inputs = tape.vars(x);
        let outputs = f(&inputs);
        let rows = outputs.iter().map(|&output| row(&tape, &inputs, output)).collect();
        let values = outputs.iter().map(|output| output.value()).collect();
        Self { values, rows, operations: tape.len() }
    }

    /// The row vᵀJ, of which the tape finds `derivatives`.
    pub(super) fn weighted(self, v: &[F], derivatives: &[F]) -> Self {
        let flow = |(input, &derivative): (usize, &F)| {
            let weighted = self.rows.iter().zip(v).map(|(row, v)| (row[input], v.abs()));
            weighted.fold(
                Flow { derivative, size: F::zero(), underflow: F::zero() },
                |sum, term| {
                    let (Flow { size, underflow, .. }, v) = term;
                    let underflow = sum.underflow + underflow * (v + F::one());
                    Flow { size: sum.size + size * v, underflow, ..sum }
                },
            )
        };
        let row = derivatives.iter().enumerate().map(flow).collect();
        Self { rows: vec![row], ..self }
    }

    /// Asserts that a Jacobian is the tape's.
    #[track_caller]
    pub(super) fn assert_rows(&self, found: &[Vec<F>], optimise: Optimise) {
        assert_eq!(found.len(), self.rows.len());
        for (output, (row, found)) in self.rows.iter().zip(found).enumerate() {
            for (input, (flow, &found)) in row.iter().zip(found).enumerate() {
                let is_it = flow.admits(found, self.operations)
                    || (shares(optimise) && !flow.derivative.is_finite());
                assert!(is_it, "∂{output}/∂{input} is {found:?}, not {flow:?}, with {optimise:?}");
            }
        }
    }
}

/// The tape's derivatives of one output.
fn row<F: Real>(tape: &Tape<F>, inputs: &[Var<'_, F>], output: Var<'_, F>) -> Vec<Flow<F>> {
    let gradient = output.gradients().wrt(inputs);
    let sizes = sizes(&tape.view(), output.id());
    let pairs = gradient.into_iter().zip(sizes);
    pairs.map(|(derivative, (size, underflow))| Flow { derivative, size, underflow }).collect()
}

/// For each node the sum of the sizes of all finite numbers that flow into it, and how far
/// underflow on the way may change that.
fn sizes<F: Real>(view: &TapeView<'_, F>, output: Option<NodeId>) -> Vec<(F, F)> {
    let least = F::min_positive_value() * F::epsilon();
    let mut sizes = vec![(F::zero(), F::zero()); view.len()];
    output.into_iter().for_each(|id| sizes[id.index()].0 = F::one());
    for id in view.ids().rev() {
        let node = view.node(id).expect("the view names its own nodes");
        let (size, underflow) = sizes[id.index()];
        let terms = node.operands().into_iter().zip(node.partials());
        for (operand, partial) in terms.filter(|(_, partial)| partial.is_finite()) {
            if !(size.is_zero() && underflow.is_zero() || partial.is_zero()) {
                let into = &mut sizes[operand.index()];
                into.0 += size * partial.abs();
                into.1 += underflow * partial.abs() + least + least;
            }
        }
    }
    sizes
}
