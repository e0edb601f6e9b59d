//! Parts of a recording as single nodes: their value, and their partial derivatives as numbers.
//!
//! A part with few inputs and few outputs is differentiated as soon as it is computed, while all of
//! it is in the cache. What stays on the tape is a node for each output, with its operands and the
//! partial derivatives by them (Griewank & Walther, "Evaluating Derivatives", 2nd ed. 2008, section
//! 10.2, call it preaccumulation). There are two ways to the partial derivatives: [`Var::preaccumulate`]
//! records the part on a tape of its own and sweeps that; [`Var::statement`] computes with dual
//! numbers, and records nothing.

mod statement;

use crate::error::expect;
use crate::index::NodeIndex;
use crate::record::Var;
use crate::scalar::Scalar;
use crate::store::{PartMemory, Tape};
use crate::sweep;

impl<'t, F: Scalar> Var<'t, F> {
    /// A part of a recording as one node for each of its outputs: `part` is recorded on a tape of
    /// its own and swept at once, and the partial derivatives stay in place of its operations, 12
    /// bytes an operand beside the node's 24.
    ///
    /// It pays where a part has few inputs, few outputs and many operations, in a recording that is
    /// larger than the cache: a function that was solved for, an observation of many. For
    /// expressions of a few operations, [`Var::statement`] is cheaper.
    ///
    /// Whatever `part` uses of the recording has to be among the `inputs`; another variable of it
    /// does not compile. An output that is an input, or a constant, needs no node. Derivatives are
    /// those of the operations one by one but for rounding, except that of a node with a NaN
    /// adjoint all inputs become NaN, whether the output depends on them or not. Labels, scopes and
    /// places of the part are not kept.
    ///
    /// Second derivatives are not lost. Where a [`Function`](crate::Function) is recorded, by
    /// [`hessian`](crate::hessian) and its like, where a check or a tape that keeps source locations
    /// ([`Tape::record_sources`](crate::Tape::record_sources)) looks at comparisons, and on a tape of
    /// variables, the operations of `part` are recorded as if they stood outside. On a tape of
    /// [`Dual`](crate::Dual) numbers the partial derivatives are dual numbers too.
    /// [`Var::derivatives`], which differentiates what is on the tape, refuses the node.
    ///
    /// # Panics
    /// If the inputs belong to different tapes, if an output belongs to another tape than the
    /// part's, or if the memory or a limit of the tape is exhausted. After a panic, also one of
    /// `part`, the tape is as it was before.
    ///
    /// # Complexity
    /// That of recording `part`, and a sweep over it for each output. The part's own recording is
    /// not counted by [`Tape::memory_usage`]; it is kept for the next one, and bounded by the tape's
    /// limit.
    ///
    /// # Example: ten steps of Newton's method as one node
    /// ```
    /// use wengert::{Tape, Var};
    /// let tape = Tape::new();
    /// let x = tape.var(2.0);
    /// let root = Var::preaccumulate(&[x], |x| {
    ///     vec![(0..10).fold(x[0], |y, _| y - (y * y - x[0]) / (2.0 * y))]
    /// })[0];
    /// assert_eq!(tape.len(), 2);
    /// assert!((root.value() - 2.0_f64.sqrt()).abs() < 1e-15);
    /// assert!((root.gradients()[x] - 0.5 / 2.0_f64.sqrt()).abs() < 1e-15);
    /// ```
    ///
    /// # Example: what a part uses has to be an input
    /// ```compile_fail
    /// use wengert::{Tape, Var};
    /// let tape = Tape::new();
    /// let (x, y) = (tape.var(2.0), tape.var(3.0));
    /// let product = Var::preaccumulate(&[x], |x| vec![x[0] * y]);
    /// ```
    #[must_use = "the part is recorded, but its results go unused"]
    #[track_caller]
    pub fn preaccumulate<G>(inputs: &[Self], part: G) -> Vec<Self>
    where
        G: for<'p> FnOnce(&[Var<'p, F>]) -> Vec<Var<'p, F>>,
    {
        let Some(tape) = Self::tape_of_part(inputs) else { return part(inputs) };
        let mut memory = tape.take_part_memory();
        let outputs: Vec<Output<F>> = {
            let inner: Vec<_> = inputs.iter().map(|input| input.within(&memory.tape)).collect();
            let outputs = part(&inner);
            expect(Var::check_tape(outputs.iter().copied(), &memory.tape));
            outputs.into_iter().map(Output::of).collect()
        };
        make_room(tape, inputs, &outputs);
        let mut vars = Vec::with_capacity(outputs.len());
        for output in outputs {
            vars.push(output.preaccumulate(tape, inputs, &mut memory));
        }
        tape.keep_part_memory(memory);
        vars
    }

    /// As [`Var::preaccumulate`], with arrays, which allocate nothing.
    ///
    /// # Panics
    /// As [`Var::preaccumulate`].
    ///
    /// # Example
    /// ```
    /// use wengert::{Tape, Var};
    /// let tape = Tape::new();
    /// let [x, y] = tape.var_array([3.0, 4.0]);
    /// let [length, angle] = Var::preaccumulate_array([x, y], |[x, y]| {
    ///     [x.hypot(y), y.atan2(x)]
    /// });
    /// assert_eq!(tape.len(), 4);
    /// assert_eq!(length.gradients().wrt(&[x, y]), [0.6, 0.8]);
    /// assert_eq!(angle.gradients().wrt(&[x, y]), [-0.16, 0.12]);
    /// ```
    #[must_use = "the part is recorded, but its results go unused"]
    #[track_caller]
    pub fn preaccumulate_array<G, const N: usize, const M: usize>(
        inputs: [Self; N],
        part: G,
    ) -> [Self; M]
    where
        G: for<'p> FnOnce([Var<'p, F>; N]) -> [Var<'p, F>; M],
    {
        let Some(tape) = Self::tape_of_part(&inputs) else { return part(inputs) };
        let mut memory = tape.take_part_memory();
        let outputs: [Output<F>; M] = {
            let outputs = part(inputs.map(|input| input.within(&memory.tape)));
            expect(Var::check_tape(outputs, &memory.tape));
            outputs.map(Output::of)
        };
        make_room(tape, &inputs, &outputs);
        let mut vars = [Self::constant(F::zero()); M];
        for (var, output) in vars.iter_mut().zip(outputs) {
            *var = output.preaccumulate(tape, &inputs, &mut memory);
        }
        tape.keep_part_memory(memory);
        vars
    }

    /// The input of a part, on the part's tape, that stands for this one.
    fn within<'p>(&self, part: &'p Tape<F>) -> Var<'p, F> {
        if self.is_constant() { Var::constant(self.value) } else { part.var(self.value) }
    }
}

/// An output of a part, when its variables are gone. The part's first nodes are its inputs.
#[derive(Clone, Copy)]
struct Output<F> {
    /// The position on the part's tape; `None` for a constant.
    position: Option<usize>,
    value: F,
}

impl<F: Scalar> Output<F> {
    fn of(var: Var<'_, F>) -> Self {
        Self { position: var.index().map(NodeIndex::index), value: var.value }
    }

    /// The output on the tape of the part's inputs.
    #[track_caller]
    fn preaccumulate<'t>(
        self,
        tape: &'t Tape<F>,
        inputs: &[Var<'t, F>],
        memory: &mut PartMemory<F>,
    ) -> Var<'t, F> {
        let Self { position, value } = self;
        let Some(position) = position else { return Var::constant(value) };
        let variables = inputs.iter().filter_map(Var::index);
        if let Some(input) = variables.clone().nth(position) {
            return Var::recorded(tape, input, value);
        }
        let partials = differentiate(memory, position, variables.clone().count());
        Var::preaccumulated(tape, value, variables.zip(partials.iter().copied()))
    }
}

/// Makes room for the nodes of all outputs, so that there are all of them or none.
#[track_caller]
fn make_room<F: Scalar>(tape: &Tape<F>, inputs: &[Var<'_, F>], outputs: &[Output<F>]) {
    let variables = inputs.iter().filter_map(Var::index).count();
    let is_node = |output: &&Output<F>| output.position.is_some_and(|at| at >= variables);
    Var::make_room_for_part(tape, inputs, outputs.iter().filter(is_node).count());
}

/// The partial derivatives of a part's node by its inputs, which are its first nodes.
///
/// The node is seeded with 1 also where its value is NaN: whether the NaN counts is decided behind
/// the part, as it is of operations one by one.
fn differentiate<F: Scalar>(memory: &mut PartMemory<F>, output: usize, inputs: usize) -> &[F] {
    let PartMemory { tape, adjoints, scratch } = memory;
    adjoints.clear();
    adjoints.resize(output + 1, F::zero());
    adjoints[output] = F::one();
    sweep::reverse(tape.hold().recording(), adjoints, inputs, scratch);
    &adjoints[..inputs]
}
