//! The reverse sweep, recorded: derivatives as variables of the tape they are derivatives on.
//!
//! The sweep is that of [`sweep`](crate::sweep), over numbers that record: adjoints are variables,
//! and each product of the chain rule is a node behind those of the function. So the derivatives
//! can be computed with, differentiated in turn, and recorded in a function.
//!
//! Griewank & Walther, "Evaluating Derivatives" (2nd ed. 2008), section 3.2 for the sweep, and
//! chapter 10 for derivatives of derivatives by applying modes to each other.

use crate::error::{Error, Kind};
use crate::index::NodeIndex;
use crate::operation::Called;
use crate::ops::{
    Beside, Binary, Call, Calling, Nary, Op, OpKind, Operand, Ternary, Unary, Visitor, dispatch,
    rules,
};
use crate::record::Var;
use crate::scalar::{Evaluate, Scalar, call};
use crate::store::{Tape, arguments};
use smallvec::SmallVec;

/// The derivatives of Σ wⱼ·yⱼ by each of `xs`, for outputs yⱼ with their weights wⱼ, recorded on the
/// tape of `xs`.
#[track_caller]
pub(crate) fn pull_back<'t, F: Scalar>(
    seeds: &[(Var<'t, F>, Var<'t, F>)],
    xs: &[Var<'t, F>],
) -> Result<Vec<Var<'t, F>>, Error> {
    let Some(tape) = Var::common_tape(xs)? else {
        return if xs.is_empty() { Ok(Vec::new()) } else { Err(Kind::Constant.into()) };
    };
    if xs.iter().any(Var::is_constant) {
        return Err(Kind::Constant.into());
    }
    Var::check_tape(seeds.iter().flat_map(|&(output, weight)| [output, weight]), tape)?;
    let mut sweep = Sweep::new(tape, seeds, xs);
    for &(output, weight) in seeds {
        sweep.seed(output, weight);
    }
    sweep.run()?;
    Ok(xs.iter().map(|&x| sweep.derivative(x)).collect())
}

/// The nodes between the first variable and the last output, and their adjoints.
struct Sweep<'t, F: Scalar> {
    tape: &'t Tape<F>,
    /// The position of the first of the nodes.
    first: usize,
    /// Whether a node depends on the variables.
    active: Vec<bool>,
    /// Whether an output depends on a node.
    reached: Vec<bool>,
    adjoints: Vec<Var<'t, F>>,
    /// The seed of the only output, if there is one.
    only_seed: Option<Var<'t, F>>,
}

impl<'t, F: Scalar> Sweep<'t, F> {
    fn new(tape: &'t Tape<F>, seeds: &[(Var<'t, F>, Var<'t, F>)], xs: &[Var<'t, F>]) -> Self {
        let position = |var: &Var<'t, F>| var.index().map(NodeIndex::index);
        let first = xs.iter().filter_map(position).min().unwrap_or(0);
        let end =
            seeds.iter().filter_map(|(output, _)| position(output)).max().map_or(0, |p| p + 1);
        let len = end.saturating_sub(first);
        let mut active = vec![false; len];
        for x in xs.iter().filter_map(position).filter(|&x| x < end) {
            active[x - first] = true;
        }
        mark_active(tape, first, &mut active);
        let adjoints = vec![Var::constant(F::zero()); len];
        Self { tape, first, active, reached: vec![false; len], adjoints, only_seed: None }
    }

    /// The place of a node among the adjoints, if it depends on the variables.
    fn place(&self, node: NodeIndex) -> Option<usize> {
        let place = node.index().checked_sub(self.first)?;
        self.active.get(place).is_some_and(|&active| active).then_some(place)
    }

    #[track_caller]
    fn seed(&mut self, output: Var<'t, F>, weight: Var<'t, F>) {
        let Some(place) = output.index().and_then(|node| self.place(node)) else { return };
        let seed = output.seeded(weight);
        self.only_seed = if self.reached.contains(&true) { None } else { Some(seed) };
        self.add(place, seed);
    }

    #[track_caller]
    fn add(&mut self, place: usize, flow: Var<'t, F>) {
        self.reached[place] = true;
        self.adjoints[place] = self.adjoints[place].accumulate(flow);
    }

    #[track_caller]
    fn run(&mut self) -> Result<(), Error> {
        for place in (0..self.adjoints.len()).rev() {
            let is_absent = self.adjoints[place].is_all_zero();
            if self.active[place] && self.reached[place] {
                self.pull(place, is_absent)?;
            }
        }
        Ok(())
    }

    /// Hands the adjoint of one node to its operands.
    ///
    /// # Errors
    /// If its partial derivatives are numbers, of which nobody knows how they were computed.
    #[track_caller]
    fn pull(&mut self, place: usize, is_absent: bool) -> Result<(), Error> {
        if let Some((call, position)) = Outputs::read(self.tape, self.first + place) {
            return self.pull_call(&call, place - position, position);
        }
        let Some(node) = Node::read(self.tape, self.first + place) else { return Ok(()) };
        let places: SmallVec<[Option<usize>; 4]> =
            node.operands.iter().map(|operand| self.place(operand.index()?)).collect();
        if node.kind == OpKind::Preaccumulated && places.iter().any(Option::is_some) {
            return Err(Kind::Preaccumulated { node: self.first + place }.into());
        }
        if is_absent {
            places.iter().flatten().for_each(|&place| self.reached[place] = true);
            return Ok(());
        }
        let adjoint = self.adjoints[place];
        let needed: SmallVec<[bool; 4]> = places.iter().map(Option::is_some).collect();
        let mut partials = Vec::with_capacity(places.len());
        (node.partials)(&node, &needed, &mut |i, partial| partials.push((i, partial)));
        for (i, partial) in partials {
            if let Some(place) = places[i] {
                self.add(place, adjoint.chain(partial));
            }
        }
        Ok(())
    }

    /// Hands the adjoints of a call's outputs to its inputs, once the first of those that are
    /// reached is met, which is met last.
    ///
    /// # Errors
    /// If the operation does not give what this needs.
    #[track_caller]
    fn pull_call(
        &mut self,
        of: &Outputs<'t, F>,
        first: usize,
        position: usize,
    ) -> Result<(), Error> {
        if self.reached[first..first + position].contains(&true) {
            return Ok(());
        }
        let places: Vec<_> = of.xs.iter().map(|x| self.place(x.index()?)).collect();
        places.iter().flatten().for_each(|&place| self.reached[place] = true);
        let covered = self.adjoints[first..].iter().copied().take(of.ys.len());
        let absent = std::iter::repeat(Var::constant(F::zero()));
        let weights: Vec<_> = covered.chain(absent).take(of.ys.len()).collect();
        if weights.iter().all(|weight| weight.is_all_zero()) {
            return Ok(());
        }
        let flows = call::vjp(&of.called, &of.xs, &of.ys, &weights)?;
        for (place, flow) in places.into_iter().zip(flows) {
            if let Some(place) = place {
                self.add(place, flow);
            }
        }
        Ok(())
    }

    /// The derivative by one of the variables. Where an output depends on it by zero partial
    /// derivatives alone, it is zero unless the output is lost.
    #[track_caller]
    fn derivative(&self, x: Var<'t, F>) -> Var<'t, F> {
        let place = x.index().and_then(|node| self.place(node));
        let Some(place) = place else { return Var::constant(F::zero()) };
        let adjoint = self.adjoints[place];
        match self.only_seed {
            Some(seed) if adjoint.is_all_zero() && self.reached[place] && !seed.is_constant() => {
                seed.binary::<rules::Chain>(Var::constant(F::zero()))
            }
            _ => adjoint,
        }
    }
}

/// Marks the nodes from `first` on that depend on one that is marked.
fn mark_active<F: Scalar>(tape: &Tape<F>, first: usize, active: &mut [bool]) {
    let view = tape.hold();
    let recording = view.recording();
    for place in 0..active.len() {
        let is_active = |operand: &Operand<F>| match operand {
            Operand::Node(node) => {
                node.index().checked_sub(first).is_some_and(|place| active[place])
            }
            Operand::Constant(_) => false,
        };
        let op = &recording.nodes[first + place].op;
        active[place] |= arguments(op, recording.pools).iter().any(is_active);
    }
}

/// A call of a user's operation, copied as [`Node`] is.
struct Outputs<'t, F: Scalar> {
    called: Called,
    xs: Vec<Var<'t, F>>,
    ys: Vec<Var<'t, F>>,
}

impl<'t, F: Scalar> Outputs<'t, F> {
    /// The call of which the node at a position is an output, and which of them it is.
    fn read(tape: &'t Tape<F>, index: usize) -> Option<(Self, usize)> {
        let view = tape.hold();
        let recording = view.recording();
        let Op::Call { call, position } = recording.nodes[index].op else { return None };
        let Call { called, operands, first, .. } = &recording.pools.calls[call as usize];
        let operands = operands.of(recording.pools.operands);
        let var = |node: NodeIndex| Var::recorded(tape, node, recording.nodes[node.index()].value);
        let xs = operands.iter().map(|&node| var(node)).collect();
        let outputs = first.index()..first.index() + called.outputs();
        let ys = outputs.map(|output| var(NodeIndex::at(output))).collect();
        Some((Self { called: called.clone(), xs, ys }, position as usize))
    }
}

/// What takes the partial derivative by the operand at a position.
type Emit<'e, 't, F> = &'e mut dyn FnMut(usize, Var<'t, F>);

/// A node as the sweep needs it, copied: while the sweep records, the tape cannot be read.
struct Node<'t, F: Scalar> {
    kind: OpKind,
    operands: SmallVec<[Var<'t, F>; 4]>,
    constants: SmallVec<[Var<'t, F>; 2]>,
    exponent: i32,
    value: Var<'t, F>,
    /// Records the partial derivatives by the operands that need one.
    partials: fn(&Self, &[bool], Emit<'_, 't, F>),
}

impl<'t, F: Scalar> Node<'t, F> {
    /// The node at a position, unless it is an input or a constant.
    fn read(tape: &'t Tape<F>, index: usize) -> Option<Self> {
        let view = tape.hold();
        let recording = view.recording();
        let node = recording.nodes[index];
        let value = Var::recorded(tape, NodeIndex::at(index), node.value);
        let var = |node: NodeIndex| Var::recorded(tape, node, recording.nodes[node.index()].value);
        dispatch(&node.op, recording.pools, &mut Reader { var, value, kind: node.op.kind() })
    }
}

/// Makes a [`Node`] of an operation.
struct Reader<'t, F: Scalar, V> {
    var: V,
    value: Var<'t, F>,
    kind: OpKind,
}

impl<'t, F: Scalar, V: Fn(NodeIndex) -> Var<'t, F>> Reader<'t, F, V> {
    fn node(
        &self,
        operands: &[Operand<F>],
        partials: fn(&Node<'t, F>, &[bool], Emit<'_, 't, F>),
    ) -> Option<Node<'t, F>> {
        let var = |operand: &Operand<F>| match *operand {
            Operand::Node(node) => (self.var)(node),
            Operand::Constant(c) => Var::constant(c),
        };
        let operands = operands.iter().map(var).collect();
        let (constants, exponent, value) = (SmallVec::new(), 0, self.value);
        Some(Node { kind: self.kind, operands, constants, exponent, value, partials })
    }

    fn node_of_many(
        &self,
        operands: &[NodeIndex],
        constants: &[F],
        partials: fn(&Node<'t, F>, &[bool], Emit<'_, 't, F>),
    ) -> Option<Node<'t, F>> {
        let operands: SmallVec<[Operand<F>; 4]> =
            operands.iter().map(|&node| Operand::Node(node)).collect();
        let node = self.node(&operands, partials);
        let constants = constants.iter().map(|&c| Var::constant(c)).collect();
        node.map(|node| Node { constants, ..node })
    }
}

impl<'t, F: Scalar, V: Fn(NodeIndex) -> Var<'t, F>> Visitor<F> for Reader<'t, F, V> {
    type Output = Option<Node<'t, F>>;

    fn leaf(&mut self) -> Self::Output {
        None
    }
    fn unary<R: Unary>(&mut self, x: NodeIndex) -> Self::Output {
        self.node(&[Operand::Node(x)], |node, _, emit| {
            emit(0, Var::slope::<R>(node.operands[0], node.value));
        })
    }
    fn powi(&mut self, x: NodeIndex, n: i32) -> Self::Output {
        let node = self.node(&[Operand::Node(x)], |node, _, emit| {
            emit(0, rules::Powi::partial(node.operands[0], node.exponent, node.value));
        });
        node.map(|node| Node { exponent: n, ..node })
    }
    fn binary<R: Binary>(&mut self, x: Operand<F>, y: Operand<F>) -> Self::Output {
        self.node(&[x, y], |node, needed, emit| {
            let (x, y) = (node.operands[0], node.operands[1]);
            if needed[0] {
                emit(0, Var::left::<R>(x, y, node.value));
            }
            if needed[1] {
                emit(1, Var::right::<R>(x, y, node.value));
            }
        })
    }
    fn ternary<R: Ternary>(&mut self, x: Operand<F>, y: Operand<F>, z: Operand<F>) -> Self::Output {
        self.node(&[x, y, z], |node, needed, emit| {
            let [x, y, z] = [0, 1, 2].map(|i| node.operands[i]);
            let partials = Var::partials::<R>([0, 1, 2].map(|i| needed[i]), x, y, z);
            partials.into_iter().enumerate().for_each(|(i, partial)| emit(i, partial));
        })
    }
    fn nary<R: Nary>(&mut self, operands: &[NodeIndex], constants: &[F]) -> Self::Output {
        self.node_of_many(operands, constants, |node, _, emit| {
            let (xs, constants) = (node.operands.as_slice(), &node.constants);
            let (y, scratch) = (node.value, &mut Vec::new());
            R::partials(xs, Beside { constants, y, scratch }, emit);
        })
    }
    /// Calls are read apart, as all of their outputs.
    fn call(&mut self, _: Calling<'_, F>, _: usize) -> Self::Output {
        None
    }
}
