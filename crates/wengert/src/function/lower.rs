//! From a tape to a draft: each node becomes one or two steps.

use super::constants::Constants;
use super::draft::{Draft, DraftGuard, Place, Source, Step};
use super::opcode::Opcode;
use crate::error::{Error, Kind};
use crate::ops::{OpKind, Operand};
use crate::record::Var;
use crate::scalar::Real;
use crate::store::{Argument, Guard, NodeView, Tape};
use smallvec::SmallVec;
use std::collections::HashMap;
use std::sync::Arc;

/// What the recording of a closure left: inputs are the first nodes of the tape.
pub(super) fn lower<F: Real>(
    tape: &Tape<F>,
    variables: &[F],
    data: &[F],
    outputs: &[Var<'_, F>],
) -> Result<Draft<F>, Error> {
    if tape.len() >= Source::LIMIT {
        return Err(Kind::FunctionLimit { given: tape.len(), limit: Source::LIMIT }.into());
    }
    let mut lowering = Lowering::new(variables, data);
    let view = tape.view();
    let inputs = variables.len() + data.len();
    for (index, id) in view.ids().enumerate() {
        let source = if index < inputs {
            Source::value(index)
        } else {
            lowering.node(view.node(id).expect("the view names its own nodes"))
        };
        lowering.sources.push(source);
    }
    for output in outputs {
        let source = lowering.output(tape, output)?;
        lowering.draft.outputs.push(source);
    }
    drop(view);
    for guard in tape.take_guards() {
        lowering.guard(&guard);
    }
    Ok(lowering.finish())
}

struct Lowering<F> {
    draft: Draft<F>,
    constants: Constants<F>,
    /// Where the value of each node is found.
    sources: Vec<Source>,
    files: HashMap<&'static str, Arc<str>>,
}

impl<F: Real> Lowering<F> {
    fn new(variables: &[F], data: &[F]) -> Self {
        Self {
            draft: Draft::with_inputs(variables.to_vec(), data.to_vec()),
            constants: Constants::new(),
            sources: Vec::new(),
            files: HashMap::new(),
        }
    }

    fn source(&mut self, argument: Argument<F>) -> Source {
        match argument {
            Argument::Node(id) => self.sources[id.index()],
            Argument::Constant(c) => self.constants.source(c),
        }
    }

    /// The step of a node, with the arguments as operands.
    fn step(&mut self, opcode: Opcode, arguments: &[Argument<F>]) -> Source {
        for &argument in arguments {
            let source = self.source(argument);
            self.draft.operands.push(source);
        }
        self.draft.finish(Step { opcode, detail: 0 })
    }

    fn node(&mut self, node: NodeView<'_, F>) -> Source {
        let arguments = node.arguments();
        match node.kind() {
            // An input that the closure made itself cannot be set: it keeps its value.
            OpKind::Input | OpKind::Constant => self.constants.source(node.value()),
            OpKind::Powi => self.power(&arguments),
            OpKind::Mean => self.mean(&arguments),
            OpKind::Product => self.product(&arguments),
            OpKind::Dot | OpKind::LinearCombination => {
                let (a, b) = arguments.split_at(arguments.len() / 2);
                self.products(a, b)
            }
            OpKind::SquaredNorm => self.products(&arguments, &arguments),
            OpKind::Sum if arguments.is_empty() => self.constants.source(F::zero()),
            OpKind::Polynomial => self.step(Opcode::Horner, &arguments),
            kind => match Opcode::of(kind) {
                Some(opcode) => self.step(opcode, &arguments),
                None => unreachable!("every other kind has an opcode of its own"),
            },
        }
    }

    fn power(&mut self, arguments: &[Argument<F>]) -> Source {
        let exponent = match arguments[1] {
            Argument::Constant(n) => n.to_i32(),
            Argument::Node(_) => None,
        };
        let detail = exponent.expect("a tape's integer powers have an integer exponent");
        let x = self.source(arguments[0]);
        self.draft.push(Step { opcode: Opcode::Powi, detail }, &[x])
    }

    /// A mean is a sum and a quotient, as its rule computes it.
    fn mean(&mut self, arguments: &[Argument<F>]) -> Source {
        let count = self.constants.source(F::lit(arguments.len() as f64));
        let sum = if arguments.is_empty() {
            self.constants.source(F::zero())
        } else {
            self.step(Opcode::Sum, arguments)
        };
        self.draft.push(Step { opcode: Opcode::Div, detail: 0 }, &[sum, count])
    }

    /// A product is a chain of products of two, from left to right as its rule computes it: the
    /// partials of it as a whole would take memory for the products before each factor.
    fn product(&mut self, arguments: &[Argument<F>]) -> Source {
        let factors = arguments.iter().map(|&argument| self.source(argument));
        let factors: SmallVec<[Source; 4]> = factors.collect();
        let multiply = |a, b| self.draft.push(Step { opcode: Opcode::Mul, detail: 0 }, &[a, b]);
        let product = factors.into_iter().reduce(multiply);
        product.unwrap_or_else(|| self.constants.source(F::one()))
    }

    fn products(&mut self, a: &[Argument<F>], b: &[Argument<F>]) -> Source {
        if a.is_empty() {
            return self.constants.source(F::zero());
        }
        for (&a, &b) in a.iter().zip(b) {
            let pair = [self.source(a), self.source(b)];
            self.draft.operands.extend(pair);
        }
        self.draft.finish(Step { opcode: Opcode::Products, detail: 0 })
    }

    fn output(&mut self, tape: &Tape<F>, output: &Var<'_, F>) -> Result<Source, Error> {
        match output.id() {
            None => Ok(self.constants.source(output.value())),
            Some(id) if output.is_on(tape) => Ok(self.sources[id.index()]),
            Some(_) => Err(Kind::ForeignVariable.into()),
        }
    }

    fn guard(&mut self, guard: &Guard<F>) {
        let operands = guard.operands.map(|operand| match operand {
            Operand::Node(id) => self.sources[id.index()],
            Operand::Constant(c) => self.constants.source(c),
        });
        // The path cannot depend on what never changes.
        if operands.iter().all(|source| source.is_constant()) {
            return;
        }
        let file = guard.place.file();
        let file = Arc::clone(self.files.entry(file).or_insert_with(|| file.into()));
        let place = Place { file, line: guard.place.line(), column: guard.place.column() };
        let (comparison, then) = (guard.comparison, guard.then);
        self.draft.guards.push(DraftGuard { comparison, operands, then, place });
    }

    fn finish(self) -> Draft<F> {
        Draft { constants: self.constants.list, ..self.draft }
    }
}
