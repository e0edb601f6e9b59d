//! A function called on variables while something else is recorded.

use super::Function;
use super::compiled::compiled;
use super::derive::steps::Values;
use super::evaluate::guards::failure;
use super::evaluate::inputs::Inputs;
use super::known::{Calling, End};
use super::program::decode::decode;
use super::replay::space::Space;
use crate::error::{Error, check_length, expect};
use crate::function::Policy;
use crate::index::NodeIndex;
use crate::operation::{Called, Operation};
use crate::record::Var;
use crate::scalar::Real;
use crate::store::{GuardPlace, Node, Tape};
use smallvec::SmallVec;
use std::sync::Arc;

impl<F: Real> Function<F> {
    /// Calls the function on variables of a recording, on a tape or for another function: its
    /// outputs are variables like any other.
    ///
    /// On a tape each output is one node, whatever the length of the function. The values and their
    /// partial derivatives are found by replay, in memory that the function keeps between calls,
    /// and the sweep uses the partial derivatives as they are: see
    /// [`Var::preaccumulate`], which says what becomes of second derivatives. The operations are
    /// recorded, as by [`Function::inline`], where that says they have to be; where that takes fewer
    /// bytes, as of a function with many inputs and many outputs; and where one of `data` is a
    /// variable.
    ///
    /// In the recording of another function it is one operation, as by [`Function::call_as_one`],
    /// where it is of [`WHOLE`](Function::WHOLE) operations or more; of fewer the operations are
    /// recorded. Either way its guards become guards of that function, with their lines.
    ///
    /// # Errors
    /// If a slice has the wrong length, or a comparison comes out differently than when this
    /// function was recorded.
    ///
    /// # Panics
    /// If variables belong to different tapes, or the memory or a limit of the tape is exhausted.
    ///
    /// # Complexity
    /// On a tape an evaluation and a sweep for each output, and the bytes of
    /// [`Var::preaccumulate`]. Otherwise that of recording the operations. A part that is repeated in
    /// a row is better a [`Scan`](crate::Scan).
    ///
    /// # Example: on a tape, twice
    /// ```
    /// use wengert::{Function, Tape};
    /// let wave = Function::record(&[1.0, 1.0], |x| (x[0] * x[1]).sin() + (x[0] - x[1]).cos());
    /// let tape = Tape::new();
    /// let [x, y] = tape.var_array([0.0, 0.0]);
    /// let once = wave.call(&[x, y], &[])?[0];
    /// let twice = wave.call(&[once, x], &[])?[0];
    /// assert_eq!(tape.len(), 4);
    /// assert_eq!(once.value(), 1.0);
    /// assert!((twice.gradients()[x] - (1.0 + 1.0_f64.sin())).abs() < 1e-15);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn call<'t>(
        &self,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
    ) -> Result<Vec<Var<'t, F>>, Error> {
        match Var::tape_of_part(variables) {
            Some(tape) if self.becomes_nodes(data) => {
                let mut places = Places::new();
                self.record_nodes(tape, variables, data, &mut places)?;
                Ok(places.iter().map(|place| place.on(tape, variables)).collect())
            }
            None if self.len() >= Self::WHOLE && Var::are_for_a_function([variables, data]) => {
                self.call_as_one(variables, data)
            }
            _ => self.inline(variables, data),
        }
    }

    /// As [`Function::call`], with the outputs in an array: where they become nodes of a tape, and
    /// are four or fewer, nothing is allocated.
    ///
    /// # Errors
    /// As [`Function::call`]; also if there are not as many outputs.
    ///
    /// # Panics
    /// As [`Function::call`].
    ///
    /// # Example
    /// ```
    /// use wengert::{Function, Tape};
    /// let polar = Function::record_many(&[3.0, 4.0], |x| vec![x[0].hypot(x[1]), x[1].atan2(x[0])]);
    /// let tape = Tape::new();
    /// let [x, y] = tape.var_array([3.0, 4.0]);
    /// let [length, angle] = polar.call_array(&[x, y], &[])?;
    /// assert_eq!(length.gradients().wrt(&[x, y]), [0.6, 0.8]);
    /// assert_eq!(angle.gradients().wrt(&[x, y]), [-0.16, 0.12]);
    /// let error = polar.call_array::<1>(&[x, y], &[]).unwrap_err();
    /// assert_eq!(error.to_string(), "the array of outputs has length 1, wanted is 2");
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn call_array<'t, const M: usize>(
        &self,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
    ) -> Result<[Var<'t, F>; M], Error> {
        check_length("the array of outputs", M, self.num_outputs())?;
        let mut outputs = [Var::constant(F::zero()); M];
        match Var::tape_of_part(variables) {
            Some(tape) if self.becomes_nodes(data) => {
                let mut places = Places::new();
                self.record_nodes(tape, variables, data, &mut places)?;
                for (output, place) in outputs.iter_mut().zip(&places) {
                    *output = place.on(tape, variables);
                }
            }
            _ => outputs.copy_from_slice(&self.call(variables, data)?),
        }
        Ok(outputs)
    }

    /// The number of operations from which on [`Function::call`] records one operation in another
    /// function. Below, an evaluation takes longer to enter and leave the program than to make its
    /// operations.
    ///
    /// # Example
    /// ```
    /// use wengert::Function;
    /// let sines = |count| Function::record(&[1.0], |x| (0..count).fold(x[0], |x, _| x.sin()));
    /// let called = |f: &Function| {
    ///     Function::record(&[1.0], |x| f.call(x, &[]).expect("there is no comparison")[0]).len()
    /// };
    /// assert_eq!(called(&sines(10)), 10);
    /// assert_eq!(called(&sines(Function::<f64>::WHOLE)), 2);
    /// ```
    pub const WHOLE: usize = 256;

    /// As [`Function::call`], but it is recorded as one operation, on a tape and in a function's
    /// recording, however short it is: as a [`custom::Operation`](crate::custom::Operation) that
    /// is this program.
    ///
    /// The program is kept once, in the caller and in the caller's file, however often it is called,
    /// and so is that of a function called by it. An evaluation goes through it by replay, in
    /// batches several samples at once; a reverse sweep computes the inner values again, and so
    /// needs the memory of one call and not of all. So it pays where a function is long and called
    /// several times: memory and the time to record and to optimise are those of one, and the sweep
    /// stays in the cache. What it costs is a second evaluation in the sweep, unless inner values are
    /// kept ([`Function::call_saving`]), and that the optimiser does not look across the border.
    ///
    /// Guards become guards of the caller, with their lines. First and second derivatives go
    /// through it, one by one and in batches, and pictures open it. Series, patterns, and
    /// derivatives of a higher order that are recorded ([`Function::gradient_function`]) take it
    /// apart; what is evaluated only, as the Hessian of a recorded gradient, is an error that names
    /// it.
    ///
    /// # Errors
    /// As [`Function::call`]; also if more than 64 calls lie in each other.
    ///
    /// # Panics
    /// As [`Function::call`].
    ///
    /// # Complexity
    /// A node for each input and for each number that outputs and guards are made of.
    ///
    /// # Example: a step that is kept once
    /// ```
    /// use wengert::Function;
    /// let step = Function::builder().name("step").record_many(&[1.0, 0.5], |x| {
    ///     vec![x[0] + x[1].sin() * 0.1, x[1] - x[0].tanh() * 0.1]
    /// });
    /// let path = Function::record(&[1.0, 0.5], |x| {
    ///     let call = |x: Vec<_>, _| step.call_as_one(&x, &[]).expect("there is no comparison");
    ///     (0..8).fold(x.to_vec(), call)[0]
    /// });
    /// assert!(path.bytes() < 1500);
    /// let mut gradient = [0.0; 2];
    /// path.gradient(&mut path.workspace(), &[1.0, 0.5], &mut gradient)?;
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn call_as_one<'t>(
        &self,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
    ) -> Result<Vec<Var<'t, F>>, Error> {
        self.call_whole(variables, data, false)
    }

    /// As [`Function::call_as_one`], but the inner values are kept for the sweep, which does not
    /// compute them again: with more memory for each call, and an evaluation less.
    ///
    /// Tapes and workspaces keep them. Batches of a function, its second derivatives and a loaded
    /// file compute them again; results have the same bits either way.
    ///
    /// # Errors
    /// As [`Function::call_as_one`].
    ///
    /// # Panics
    /// As [`Function::call`].
    ///
    /// # Complexity
    /// As [`Function::call_as_one`], and 8 bytes for each operation of each call.
    ///
    /// # Example
    /// ```
    /// use wengert::{Function, Tape};
    /// let wave = Function::record(&[1.0], |x| x[0].sin().exp());
    /// let tape = Tape::new();
    /// let x = tape.var(0.0);
    /// let y = wave.call_saving(&[x], &[])?[0];
    /// assert_eq!((tape.len(), y.gradients()[x]), (2, 1.0));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn call_saving<'t>(
        &self,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
    ) -> Result<Vec<Var<'t, F>>, Error> {
        self.call_whole(variables, data, true)
    }

    /// Calls it as one operation, of which the inner values are saved for the sweep or are not.
    #[track_caller]
    fn call_whole<'t>(
        &self,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
        saves: bool,
    ) -> Result<Vec<Var<'t, F>>, Error> {
        self.check_counts(variables.len(), data.len())?;
        let Calling { callee, outputs, guards } = self.calling(saves)?;
        let inputs = [variables, data].concat();
        let operation: Arc<dyn Operation> = Arc::<super::callee::Callee<F>>::clone(callee);
        let results = Var::try_call_of(Called::new(&operation, inputs.len())?, &inputs)?;
        let at = |end: &End<F>| match *end {
            End::Input(position) => inputs[position],
            End::Constant(number) => Var::constant(number),
            End::Result(position) => results[position],
        };
        self.note_guards(guards.iter().map(|ends| ends.each_ref().map(at)))?;
        Ok(outputs.iter().map(at).collect())
    }

    fn calling(&self, saves: bool) -> Result<&Calling<F>, Error> {
        let place = &self.calling[usize::from(saves)];
        if let Some(calling) = place.get() {
            return Ok(calling);
        }
        let calling = Calling::of(self, saves)?;
        Ok(place.get_or_init(|| calling))
    }

    /// Makes the guards those of the recording that the operands are of.
    ///
    /// # Errors
    /// If one comes out differently.
    #[track_caller]
    fn note_guards<'t>(
        &self,
        operands: impl Iterator<Item = [Var<'t, F>; 2]>,
    ) -> Result<(), Error> {
        if self.policy == Policy::Ignore {
            return Ok(());
        }
        for (guard, [x, y]) in self.program.guards.iter().zip(operands) {
            let now = (x.value(), y.value());
            if !guard.comparison.agrees(guard.then, now) {
                return Err(failure(guard, now, None, None));
            }
            let place = GuardPlace::Said(Arc::clone(&guard.place.file), guard.place.line);
            x.note_at(guard.comparison, &y, &place);
        }
        Ok(())
    }

    /// As [`Function::call`], but the operations, as the optimiser left them, are recorded anew, on
    /// a tape too: so there is no door, no derivative and no picture of the caller that they could
    /// not go through. Elementary functions are those of a tape: within two units in the last place
    /// of what an evaluation of this function gives.
    ///
    /// # Errors
    /// As [`Function::call`]. Of a function that records its paths, only the first is known here.
    ///
    /// # Panics
    /// As [`Function::call`].
    ///
    /// # Complexity
    /// That of recording the operations: time and memory of the caller grow with each call.
    ///
    /// # Example: derivatives of derivatives on a tape
    /// ```
    /// use wengert::{Function, Tape};
    /// let cube = Function::record(&[1.0], |x| x[0] * x[0] * x[0]);
    /// let tape = Tape::new();
    /// let x = tape.var(2.0);
    /// let slope = cube.inline(&[x], &[])?[0].derivatives(&[x])[0];
    /// assert_eq!((slope.value(), slope.gradients()[x]), (12.0, 12.0));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn inline<'t>(
        &self,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
    ) -> Result<Vec<Var<'t, F>>, Error> {
        self.check_counts(variables.len(), data.len())?;
        let draft = decode(&self.program);
        let inputs = [variables, data].concat();
        // Before the first operation, so that none is recorded where a later one cannot be.
        expect(Var::common_tape(&inputs));
        let values = Values::of(&draft, inputs, Var::constant)?;
        self.note_guards(draft.guards.iter().map(|guard| guard.operands.map(|x| values.at(x))))?;
        Ok(draft.outputs.iter().map(|&output| values.at(output)).collect())
    }

    /// As one operation, or operation by operation.
    #[track_caller]
    pub(in crate::function) fn call_as<'t>(
        &self,
        one: bool,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
    ) -> Result<Vec<Var<'t, F>>, Error> {
        if one { self.call_as_one(variables, data) } else { self.inline(variables, data) }
    }

    /// Whether a call with these data becomes nodes on a tape: they have no derivatives, and nodes
    /// with all partial derivatives take no more bytes than the operations.
    fn becomes_nodes(&self, data: &[Var<'_, F>]) -> bool {
        let node = size_of::<Node<F>>();
        let operands = self.num_variables() * (size_of::<u32>() + size_of::<F>());
        let is_short = self.num_outputs().saturating_mul(node + operands) <= self.len() * node;
        is_short && data.iter().all(Var::is_constant)
    }

    /// A node for each output, with its partial derivatives; the places of the outputs.
    #[inline]
    #[track_caller]
    fn record_nodes<'t>(
        &self,
        tape: &'t Tape<F>,
        variables: &[Var<'t, F>],
        data: &[Var<'t, F>],
        places: &mut Places<F>,
    ) -> Result<(), Error> {
        // Before the evaluation, so that there are nodes of all outputs or of none.
        Var::make_room_for_part(tape, variables, self.num_outputs());
        nodes(self, tape, variables, data, places)
    }

    fn nodes_here(
        &self,
        tape: &Tape<F>,
        variables: &[Var<'_, F>],
        data: &[Var<'_, F>],
        places: &mut Places<F>,
    ) -> Result<(), Error> {
        self.check_counts(variables.len(), data.len())?;
        let new = || Box::new(self.workspace());
        self.spare.with(new, |workspace| {
            let (program, space) = if let Some(paths) = &self.paths {
                let inputs = variables.iter().chain(data).map(|var| var.value);
                let inputs: SmallVec<[F; 16]> = inputs.collect();
                let (variables, data) = inputs.split_at(variables.len());
                self.evaluate_on_its_path(paths, workspace, Inputs { variables, data })?
            } else {
                let take_in = |slots: &mut [F]| take_in(variables, data, slots);
                self.evaluate_on_the_only_path(workspace, take_in)?
            };
            for &output in &program.outputs {
                let (slot, value) = (output as usize, space.slots[output as usize]);
                places.push(if slot < variables.len() {
                    Place::Input(slot)
                } else if slot < program.first_result() {
                    Place::Constant(value)
                } else {
                    // As of operations one by one, whether a NaN counts is decided behind the call.
                    let seed = |space: &mut Space<F>| space.adjoints[slot] += F::one();
                    let record =
                        |partials: &[F]| Var::preaccumulated_list(tape, value, variables, partials);
                    let n = variables.len();
                    let node = space.sweep_from(program, self.arch, n, seed, record);
                    Place::Node(node.raw_index(), value)
                });
            }
            Ok(())
        })
    }
}

/// Puts the values of variables and of data behind them into their slots.
#[inline]
fn take_in<F: Real>(variables: &[Var<'_, F>], data: &[Var<'_, F>], slots: &mut [F]) {
    let (first, rest) = slots.split_at_mut(variables.len());
    for (slots, vars) in [(first, variables), (rest, data)] {
        for (slot, var) in slots.iter_mut().zip(vars) {
            *slot = var.value;
        }
    }
}

/// Where an output of a call is.
#[derive(Clone, Copy)]
pub(in crate::function) enum Place<F> {
    /// It is this input.
    Input(usize),
    /// It is a node with this value.
    Node(NodeIndex, F),
    /// It depends on no variable.
    Constant(F),
}

/// Those of all outputs: few, or else in memory of their own.
type Places<F> = SmallVec<[Place<F>; 4]>;

impl<F: Real> Place<F> {
    /// The output of a call with these variables on a tape.
    #[inline]
    fn on<'t>(self, tape: &'t Tape<F>, variables: &[Var<'t, F>]) -> Var<'t, F> {
        match self {
            Self::Input(position) => variables[position],
            Self::Node(index, value) => Var::recorded(tape, index, value),
            Self::Constant(value) => Var::constant(value),
        }
    }
}

compiled! {
    /// Evaluates and records a node for each output, for which there is room.
    fn nodes<'a>(
        function: &'a Function<F>,
        tape: &'a Tape<F>,
        variables: &'a [Var<'a, F>],
        data: &'a [Var<'a, F>],
        places: &'a mut Places<F>,
    ) -> Result<(), Error> = Function::<F>::nodes_here;
}
