//! From a tape to a draft: each node becomes one or two steps.

use crate::error::{Error, Kind};
use crate::function::compiled::compiled;
use crate::function::draft::constants::Constants;
use crate::function::draft::{Draft, DraftGuard, Place, Source, Step, check_size};
use crate::function::element::arrays::array;
use crate::function::opcode::Opcode;
use crate::index::NodeIndex;
use crate::ops::{
    Binary, Call, Calling, Nary, OpKind, Operand, Ternary, Unary, Visitor, Which, dispatch,
};
use crate::record::Var;
use crate::scalar::{Concrete, Evaluate, Real};
use crate::store::{Guard, GuardPlace, Recording, Tape, equalities};
use rustc_hash::FxHashMap;
use std::sync::Arc;

compiled! {
    /// What the recording of a closure left: inputs are the first nodes of the tape. Guards of
    /// another recording, from which this one was made, are kept.
    fn lower<'a>(
        tape: &'a Tape<F>,
        variables: &'a [F],
        data: &'a [F],
        outputs: &'a [Var<'a, F>],
        kept: &'a [Kept<'a, F>],
    ) -> Result<Draft<F>, Error> = draft_of;
}

fn draft_of<F: Real>(
    tape: &Tape<F>,
    variables: &[F],
    data: &[F],
    outputs: &[Var<'_, F>],
    kept: &[Kept<'_, F>],
) -> Result<Draft<F>, Error> {
    check_size(tape.len(), Source::MOST)?;
    let mut lowering = Lowering::new(variables, data);
    lowering.nodes(tape.hold().recording());
    let (guards, departures) = tape.take_guards();
    let selections = lowering.selections.iter().copied();
    let held = equalities(&guards, tape.hold().recording(), selections, |_| None);
    lowering.draft.notes = departures.into_iter().chain(held).collect();
    for output in outputs {
        let source = lowering.output(tape, output)?;
        lowering.draft.outputs.push(source);
    }
    for guard in &guards {
        lowering.guard(guard);
    }
    for (guard, [x, y]) in kept {
        let operands = [lowering.output(tape, x)?, lowering.output(tape, y)?];
        lowering.draft.guards.push(DraftGuard { operands, ..guard.clone() });
    }
    Ok(lowering.finish())
}

/// A guard of another recording, and the variables of this one that it asks about.
pub(in crate::function) type Kept<'t, F> = (DraftGuard<F>, [Var<'t, F>; 2]);

struct Lowering<F> {
    draft: Draft<F>,
    constants: Constants<F>,
    /// Where the value of each node is found.
    sources: Vec<Source>,
    /// The nodes that select by whether two numbers are equal, of which is told where they were.
    selections: Vec<usize>,
    files: FxHashMap<&'static str, Arc<str>>,
    /// The step of the last call, whose outputs follow.
    call: Source,
}

impl<F: Real> Lowering<F> {
    fn new(variables: &[F], data: &[F]) -> Self {
        Self {
            draft: Draft::with_inputs(variables.to_vec(), data.to_vec()),
            constants: Constants::default(),
            sources: Vec::new(),
            selections: Vec::new(),
            files: FxHashMap::default(),
            call: Source::value(0),
        }
    }

    fn nodes(&mut self, recording: Recording<'_, F>) {
        let Recording { nodes, pools, .. } = recording;
        let inputs = self.draft.inputs();
        self.sources.reserve_exact(nodes.len());
        self.sources.extend((0..inputs).map(Source::value));
        // Most operations have two operands or keep theirs in the pool.
        self.draft.reserve(nodes.len(), 2 * nodes.len() + pools.operands.len());
        for node in &nodes[inputs..] {
            let (kind, value) = (node.op.kind(), node.value);
            let source = dispatch(&node.op, pools, &mut At { lowering: self, kind, value });
            self.sources.push(source);
        }
    }

    fn node(&self, id: NodeIndex) -> Source {
        self.sources[id.index()]
    }

    #[inline]
    fn source(&mut self, operand: Operand<F>) -> Source {
        match operand {
            Operand::Node(id) => self.node(id),
            Operand::Constant(c) => self.constants.source(c),
        }
    }

    /// Puts nodes behind the operands of the last step.
    fn put(&mut self, nodes: &[NodeIndex]) {
        let sources = &self.sources;
        self.draft.operands.extend(nodes.iter().map(|id| sources[id.index()]));
    }

    /// Puts constants behind the operands of the last step.
    fn put_constants(&mut self, constants: &[F]) {
        for &constant in constants {
            let source = self.constants.source(constant);
            self.draft.operands.push(source);
        }
    }

    fn finish_step(&mut self, opcode: Opcode) -> Source {
        self.draft.finish(Step { opcode, detail: 0 })
    }

    /// A mean is a sum and a quotient, as its rule computes it.
    fn mean(&mut self, nodes: &[NodeIndex]) -> Source {
        let count = self.constants.source(F::lit(nodes.len() as f64));
        let sum = self.sum(nodes);
        self.draft.push(Step { opcode: Opcode::Div, detail: 0 }, &[sum, count])
    }

    fn sum(&mut self, nodes: &[NodeIndex]) -> Source {
        if nodes.is_empty() {
            return self.constants.source(F::zero());
        }
        self.put(nodes);
        self.finish_step(Opcode::Sum)
    }

    /// A product is a chain of products of two, from left to right as its rule computes it: the
    /// partials of it as a whole would take memory for the products before each factor.
    fn product(&mut self, nodes: &[NodeIndex]) -> Source {
        let sources = &self.sources;
        let factors = nodes.iter().map(|id| sources[id.index()]);
        let multiply = |a, b| self.draft.push(Step { opcode: Opcode::Mul, detail: 0 }, &[a, b]);
        let product = factors.reduce(multiply);
        product.unwrap_or_else(|| self.constants.source(F::one()))
    }

    /// The sum of the products of nodes, pair by pair.
    fn products(&mut self, a: &[NodeIndex], b: &[NodeIndex]) -> Source {
        if a.is_empty() {
            return self.constants.source(F::zero());
        }
        let sources = &self.sources;
        let source = |id: NodeIndex| sources[id.index()];
        for (&a, &b) in a.iter().zip(b) {
            self.draft.operands.extend_from_slice(&[source(a), source(b)]);
        }
        self.finish_step(Opcode::Products)
    }

    fn linear_combination(&mut self, coefficients: &[F], nodes: &[NodeIndex]) -> Source {
        if nodes.is_empty() {
            return self.constants.source(F::zero());
        }
        for (&coefficient, &id) in coefficients.iter().zip(nodes) {
            let pair = [self.constants.source(coefficient), self.node(id)];
            self.draft.operands.extend_from_slice(&pair);
        }
        self.finish_step(Opcode::Products)
    }

    /// Whether a node is the code of a sweep's seed.
    fn is_seed(&self, code: NodeIndex) -> bool {
        let source = self.node(code);
        source.is_constant() && self.constants.list[source.index()].as_f64() == Which::SEED.code()
    }

    /// 1, and NaN for a NaN: the square of the sign. PERF: two cheap operations, of which runs are
    /// vector code; each derivative has a seed for each output.
    fn seed(&mut self, output: NodeIndex) -> Source {
        let output = self.node(output);
        let sign = self.draft.push(Step { opcode: Opcode::Signum, detail: 0 }, &[output]);
        self.draft.push(Step { opcode: Opcode::Square, detail: 0 }, &[sign])
    }

    /// A call, before its first output.
    fn call(&mut self, call: &Call, operands: &[NodeIndex]) {
        let detail = self.draft.number_of(&call.called);
        self.put(operands);
        self.call = self.draft.finish(Step { opcode: Opcode::Call, detail });
    }

    fn output(&mut self, tape: &Tape<F>, output: &Var<'_, F>) -> Result<Source, Error> {
        match output.index() {
            None => Ok(self.constants.source(output.value)),
            Some(id) if output.is_on(tape) => Ok(self.node(id)),
            Some(_) => Err(Kind::ForeignVariable.into()),
        }
    }

    fn guard(&mut self, guard: &Guard<F>) {
        let operands = guard.operands.map(|operand| self.source(operand));
        // The path cannot depend on what never changes.
        if operands.iter().all(|source| source.is_constant()) {
            return;
        }
        let place = self.place(&guard.place);
        let (comparison, then) = (guard.comparison, guard.then);
        self.draft.guards.push(DraftGuard { comparison, operands, then, place });
    }

    fn place(&mut self, place: &GuardPlace) -> Place {
        match place {
            GuardPlace::Said(file, line) => {
                Place { file: Arc::clone(file), line: *line, column: Place::WHOLE_LINE }
            }
            GuardPlace::Here(here) => {
                let file = self.files.entry(here.file()).or_insert_with(|| here.file().into());
                Place { file: Arc::clone(file), line: here.line(), column: here.column() }
            }
        }
    }

    fn finish(self) -> Draft<F> {
        Draft { constants: self.constants.list, ..self.draft }
    }
}

/// The lowering of one node. The rules do not matter here: the compiler makes one piece of code
/// of all operations of a shape.
struct At<'l, F> {
    lowering: &'l mut Lowering<F>,
    kind: OpKind,
    value: F,
}

impl<F: Real> At<'_, F> {
    #[inline]
    fn step<const N: usize>(&mut self, operands: [Operand<F>; N]) -> Source {
        let sources: [Source; N] = array(|k| self.lowering.source(operands[k]));
        self.lowering.draft.push(Step { opcode: self.opcode(), detail: 0 }, &sources)
    }

    #[inline]
    fn opcode(&self) -> Opcode {
        match Opcode::of(self.kind) {
            Some(opcode) => opcode,
            None => unreachable!("every other kind has an opcode of its own"),
        }
    }
}

impl<F: Real> Visitor<F> for At<'_, F> {
    type Output = Source;

    /// An input that the closure made itself cannot be set: it keeps its value.
    fn leaf(&mut self) -> Source {
        self.lowering.constants.source(self.value)
    }
    fn unary<R: Unary>(&mut self, x: NodeIndex) -> Source {
        self.step([Operand::Node(x)])
    }
    fn powi(&mut self, x: NodeIndex, n: i32) -> Source {
        let x = self.lowering.node(x);
        self.lowering.draft.push(Step { opcode: Opcode::Powi, detail: n }, &[x])
    }
    fn binary<R: Binary>(&mut self, x: Operand<F>, y: Operand<F>) -> Source {
        self.step([x, y])
    }
    fn ternary<R: Ternary>(&mut self, x: Operand<F>, y: Operand<F>, z: Operand<F>) -> Source {
        self.step([x, y, z])
    }
    fn nary<R: Nary>(&mut self, nodes: &[NodeIndex], constants: &[F]) -> Source {
        match self.kind {
            OpKind::Sum => self.lowering.sum(nodes),
            OpKind::Mean => self.lowering.mean(nodes),
            OpKind::Product => self.lowering.product(nodes),
            OpKind::Dot => {
                let (a, b) = nodes.split_at(nodes.len() / 2);
                self.lowering.products(a, b)
            }
            OpKind::SquaredNorm => self.lowering.products(nodes, nodes),
            OpKind::LinearCombination => self.lowering.linear_combination(constants, nodes),
            OpKind::Polynomial => {
                self.lowering.put(nodes);
                self.lowering.put_constants(constants);
                self.lowering.finish_step(Opcode::Horner)
            }
            OpKind::Derivative if self.lowering.is_seed(nodes[0]) => self.lowering.seed(nodes[1]),
            // What a log-sum-exp saved with it is no operand.
            kind => {
                if kind == OpKind::SelectEqual {
                    self.lowering.selections.push(self.lowering.sources.len());
                }
                self.lowering.put(nodes);
                self.lowering.finish_step(self.opcode())
            }
        }
    }
    fn call(&mut self, of: Calling<'_, F>, position: usize) -> Source {
        if position == 0 {
            self.lowering.call(of.call, of.operands);
        }
        let step = Step { opcode: Opcode::Output, detail: position as i32 };
        self.lowering.draft.push(step, &[self.lowering.call])
    }
}
