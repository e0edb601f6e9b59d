//! A snapshot of one evaluation of a function: the operations that the optimiser left.

use super::guard::straight;
use super::tape::float;
use super::{Argument, Guard, Node, NodeIndex, Operation, Role, Snapshot};
use crate::text::number::{constant, number};
use std::collections::BTreeMap;
use wengert::trace::{Trace, TraceGuard, TraceOperand, TraceOperation, TraceSource};
use wengert::{Error, Function, Inputs, OpKind, Real};

impl Snapshot {
    /// What a function computes at a point, after the optimiser: its variables `x0`, `x1`, …,
    /// its data `d0`, `d1`, … and then its operations. Those of a function that it calls as one are
    /// in a scope for each call, which a picture draws as one box. With one output, `y`, there are its
    /// adjoints; of several, `y0`, `y1`, …, [`Snapshot::of_trace`] tells how to ask for them.
    ///
    /// # Errors
    /// If the inputs have the wrong length, or a comparison comes out differently than when the
    /// function was recorded.
    ///
    /// # Complexity
    /// One evaluation, and a pass over the operations there and back.
    ///
    /// # Example: a sum of products is one node
    /// ```
    /// use wengert::Function;
    /// use wengert_graph::Snapshot;
    /// let f = Function::record(&[1.0, 2.0], |x| (x[0] * x[1] - x[0]).tanh());
    /// let snapshot = Snapshot::of_function(&f, &[3.0, 1.0])?;
    /// let names: Vec<String> = snapshot.nodes().map(|node| node.name()).collect();
    /// assert_eq!(names, ["x0", "x1", "n2", "y"]);
    /// let gradient: Vec<_> = snapshot.nodes().take(2).map(|node| node.adjoint()).collect();
    /// assert_eq!(gradient, [Some(0.0), Some(3.0)]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn of_function<'x, F: Real>(
        function: &Function<F>,
        inputs: impl Into<Inputs<'x, F>>,
    ) -> Result<Self, Error> {
        let trace = function.trace(inputs)?;
        let snapshot = Self::of_trace(&trace);
        if function.num_outputs() != 1 {
            return Ok(snapshot);
        }
        let adjoints = trace.adjoints(&[F::one()])?;
        let adjoint = |node: Node<'_>| adjoints.get(node.index().position()).copied().map(float);
        Ok(Self { is_by_hand: false, ..snapshot.with_adjoints(adjoint) })
    }

    /// What a function computed, without adjoints, and the comparisons that its path depends on
    /// ([`Snapshot::guards`]). Nodes are in the order of [`Trace::values`];
    /// behind them is a node for each output that is a constant.
    ///
    /// # Example: adjoints of the second of two outputs
    /// ```
    /// use wengert::Function;
    /// use wengert_graph::Snapshot;
    /// let f = Function::record_many(&[1.0], |x| vec![x[0].exp(), x[0] * 3.0]);
    /// let trace = f.trace(&[0.0])?;
    /// let adjoints = trace.adjoints(&[0.0, 1.0])?;
    /// let snapshot = Snapshot::of_trace(&trace)
    ///     .with_adjoints(|node| adjoints.get(node.index().position()).copied());
    /// assert_eq!(snapshot.nodes().next().unwrap().adjoint(), Some(3.0));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[must_use]
    pub fn of_trace<F: Real>(trace: &Trace<F>) -> Self {
        let mut snapshot = Self::with_capacity(trace.values().len());
        snapshot.push_inputs(OpKind::Input, 'x', trace.inputs().variables);
        snapshot.push_inputs(OpKind::Constant, 'd', trace.inputs().data);
        for operation in trace.operations() {
            let (kind, arguments) = translated(trace, &operation);
            let node = snapshot.push(kind, float(operation.value()), &arguments);
            snapshot.set_calls(node, &operation.calls());
        }
        let mut snapshot = snapshot.name_outputs(trace);
        trace.guards().for_each(|guard| snapshot.note_guard(trace, &guard));
        snapshot
    }

    /// A comparison, with the names of what is compared and their values behind them.
    fn note_guard<F: Real>(&mut self, trace: &Trace<F>, guard: &TraceGuard<'_, F>) {
        let mut nodes = Vec::new();
        let names = guard.operands().map(|operand| match argument(trace, operand) {
            Place::Constant(c) => constant(c),
            Place::Node(node) => {
                nodes.push(node);
                format!("{} ({})", self.node(node).name(), number(self.node(node).value()))
            }
        });
        nodes.dedup();
        let text = guard.with_names(names.each_ref().map(String::as_str));
        let guard_of_picture =
            Guard { text, nodes, file: straight(guard.file()), line: guard.line() };
        if guard.is_equality() {
            self.equalities.push(guard_of_picture.to_string());
        }
        self.push_guard(guard_of_picture);
    }

    fn push_inputs<F: Real>(&mut self, kind: OpKind, letter: char, values: &[F]) {
        for (i, &value) in values.iter().enumerate() {
            let node = self.push(kind, float(value), &[]);
            self.set_label(node, format!("{letter}{i}"));
        }
    }

    /// Outputs have their role and their names; a node may be several.
    fn name_outputs<F: Real>(mut self, trace: &Trace<F>) -> Self {
        let count = trace.outputs().len();
        let mut names = BTreeMap::<NodeIndex, Vec<String>>::new();
        for (i, source) in trace.outputs().enumerate() {
            let node = match argument(trace, source) {
                Place::Node(node) => node,
                Place::Constant(c) => self.push(OpKind::Constant, c, &[]),
            };
            let name = if count == 1 { "y".to_owned() } else { format!("y{i}") };
            names.entry(node).or_default().push(name);
        }
        for (node, names) in names {
            let before = self.node(node).label().map(str::to_owned);
            let names: Vec<String> = before.into_iter().chain(names).collect();
            self.set_label(node, names.join(" = "));
            self = self.with_role(node, Role::Output);
        }
        self
    }
}

/// Where an operand is found in a snapshot.
enum Place {
    Node(NodeIndex),
    Constant(f64),
}

fn argument<F: Real>(trace: &Trace<F>, source: TraceSource<F>) -> Place {
    let variables = trace.inputs().variables.len();
    let inputs = variables + trace.inputs().data.len();
    Place::Node(NodeIndex::at(match source {
        TraceSource::Variable(i) => i,
        TraceSource::Datum(i) => variables + i,
        TraceSource::Operation(i) => inputs + i,
        TraceSource::Constant(c) => return Place::Constant(float(c)),
    }))
}

/// The operation as pictures and explanations know it. Operations that only programs have are
/// those of a tape where one says the same.
fn translated<F: Real>(
    trace: &Trace<F>,
    operation: &TraceOperation<'_, F>,
) -> (Operation, Vec<Argument>) {
    let operands = operation.operands();
    let plain = |operand: &TraceOperand<F>| match argument(trace, operand.source) {
        Place::Node(node) => Argument::Node { node, partial: float(operand.partial) },
        Place::Constant(c) => Argument::Constant(c),
    };
    let mut arguments: Vec<Argument> = operands.iter().map(plain).collect();
    let is_negated = |at: usize| operands[at].is_negated;
    match operation.name() {
        // Those of the chain rule are drawn as any.
        "products" | "chains" => {
            let terms = arguments.chunks_exact(2).enumerate();
            sum_of(terms.map(|(i, pair)| Term::product(is_negated(2 * i), pair)).collect())
        }
        "sum" if operands.iter().any(|operand| operand.is_negated) => {
            let terms = arguments.iter().enumerate();
            sum_of(terms.map(|(i, &x)| Term::single(is_negated(i), x)).collect())
        }
        "square" => {
            arguments.push(Argument::Constant(2.0));
            (OpKind::Powi.into(), arguments)
        }
        name if operation.kind() == Some(OpKind::Custom) => (Operation::custom(name), arguments),
        name => {
            let exponent = operation.exponent().map(|n| Argument::Constant(n.into()));
            arguments.extend(exponent);
            (name.into(), arguments)
        }
    }
}

/// A term of a sum: a coefficient times one factor or two.
struct Term {
    coefficient: f64,
    factors: [Argument; 2],
}

impl Term {
    const ONE: Argument = Argument::Constant(1.0);

    fn single(is_negated: bool, x: Argument) -> Self {
        Self { coefficient: if is_negated { -1.0 } else { 1.0 }, factors: [x, Self::ONE] }
    }

    /// A factor that is a number goes into the coefficient.
    fn product(is_negated: bool, pair: &[Argument]) -> Self {
        let mut term = Self::single(is_negated, pair[0]);
        match (pair[0], pair[1]) {
            (x, Argument::Constant(c)) | (Argument::Constant(c), x) => {
                term.coefficient *= c;
                term.factors[0] = x;
            }
            (_, y) => term.factors[1] = y,
        }
        term
    }

    fn is_linear(&self) -> bool {
        matches!(self.factors[1], Argument::Constant(_))
    }

    /// The second factor, which takes over the coefficient if it is a number itself.
    fn last_factor(&self) -> Argument {
        if self.is_linear() { Argument::Constant(self.coefficient) } else { self.factors[1] }
    }
}

/// Σ c·x and Σ x·y are operations of a tape; where a product of two nodes is taken away, it is
/// `products`, with a coefficient before the two factors of each term.
fn sum_of(terms: Vec<Term>) -> (Operation, Vec<Argument>) {
    let coefficients = terms.iter().map(|term| Argument::Constant(term.coefficient));
    let first = terms.iter().map(|term| term.factors[0]);
    if terms.iter().all(Term::is_linear) {
        let kind = if terms.len() == 1 { OpKind::Mul } else { OpKind::LinearCombination };
        return (kind.into(), coefficients.chain(first).collect());
    }
    if terms.iter().all(|term| term.is_linear() || term.coefficient == 1.0) {
        let kind = if terms.len() == 1 { OpKind::Mul } else { OpKind::Dot };
        return (kind.into(), first.chain(terms.iter().map(Term::last_factor)).collect());
    }
    let triples = coefficients.zip(&terms);
    let arguments = triples.flat_map(|(c, term)| [c, term.factors[0], term.factors[1]]);
    ("products".into(), arguments.collect())
}
