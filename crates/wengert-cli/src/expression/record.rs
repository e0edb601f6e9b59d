//! Recording a program: one loop over its terms.

use super::error::{Error, Problem, Span};
use super::program::{BinaryOperator, Program, Run, Term, TermId};
use wengert::{OpKind, Var};

impl Program {
    /// Records the program on the tape of `inputs`, which stand in the order of
    /// [`Program::inputs`]. Constants may be among them.
    ///
    /// # Errors
    /// If an operation refuses its arguments (an exponent of `powi` that is no constant integer,
    /// bounds of a clamp that are out of order), or if the tape is full.
    ///
    /// # Panics
    /// If the number of inputs is another one.
    ///
    /// # Complexity
    /// Linear in the number of terms.
    ///
    /// # Example
    /// ```
    /// use wengert::Tape;
    /// let program = wengert_cli::Program::parse("x^2 * y")?;
    /// let tape = Tape::new();
    /// let recorded = program.record(&tape.vars(&[3.0, 2.0]))?;
    /// assert_eq!(recorded.output().value(), 18.0);
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    #[track_caller]
    pub fn record<'p, 't>(&'p self, inputs: &[Var<'t>]) -> Result<Recorded<'p, 't>, Error> {
        let (given, wanted) = (inputs.len(), self.inputs.len());
        assert!(given == wanted, "the program has {wanted} inputs, given {given}");
        let mut recorder = Recorder {
            program: self,
            inputs,
            vars: Vec::with_capacity(self.terms.len()),
            arguments: Vec::new(),
        };
        for (term, span) in self.terms.iter().zip(&self.spans) {
            let var = recorder.var(term).map_err(|error| refused(term, *span, &error))?;
            recorder.vars.push(var);
        }
        Ok(Recorded { program: self, vars: recorder.vars })
    }
}

/// A program at one point after another, without a tape and in memory that is kept.
///
/// # Example
/// ```
/// let program = wengert_cli::Program::parse("[x^2 * y, x - y]")?;
/// let mut evaluation = wengert_cli::Evaluation::of(&program);
/// assert_eq!(evaluation.at(&[3.0, 2.0])?.collect::<Vec<_>>(), [18.0, 1.0]);
/// assert_eq!(evaluation.at(&[1.0, 5.0])?.collect::<Vec<_>>(), [5.0, -4.0]);
/// # Ok::<(), wengert_cli::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Evaluation<'p> {
    program: &'p Program,
    /// What the terms so far are.
    numbers: Vec<f64>,
    /// Memory for the arguments of a call.
    arguments: Vec<Var<'static>>,
}

impl<'p> Evaluation<'p> {
    /// Of a program, not yet at a point.
    ///
    /// # Example
    /// See [`Evaluation`].
    /// ```
    /// let program = wengert_cli::Program::parse("2^3")?;
    /// assert!(wengert_cli::Evaluation::of(&program).at(&[])?.eq([8.0]));
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    #[must_use]
    pub const fn of(program: &'p Program) -> Self {
        Self { program, numbers: Vec::new(), arguments: Vec::new() }
    }

    /// The outputs, at numbers for the inputs in the order of [`Program::inputs`]: to the last bit
    /// the values that [`Program::record`] has of constants.
    ///
    /// # Errors
    /// If an operation refuses its arguments, as there.
    ///
    /// # Panics
    /// If the number of inputs is another one.
    ///
    /// # Example
    /// ```
    /// let program = wengert_cli::Program::parse("clamp(x, a, b)")?;
    /// assert!(wengert_cli::Evaluation::of(&program).at(&[1.0, 3.0, 2.0]).is_err());
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    #[track_caller]
    pub fn at(&mut self, inputs: &[f64]) -> Result<impl ExactSizeIterator<Item = f64>, Error> {
        let (given, wanted) = (inputs.len(), self.program.inputs.len());
        assert!(given == wanted, "the program has {wanted} inputs, given {given}");
        let program = self.program;
        self.numbers.resize(program.terms.len(), 0.0);
        let mut last = f64::NAN;
        for (position, term) in program.terms.iter().enumerate() {
            let (before, rest) = self.numbers.split_at_mut(position);
            last = match simple(term, before, last, inputs, program) {
                Some(number) => number,
                None => applied(term, before, &mut self.arguments, program)
                    .map_err(|error| refused(term, program.spans[position], &error))?,
            };
            rest[0] = last;
        }
        Ok(program.outputs().iter().map(|term| self.numbers[term.index()]))
    }
}

/// What is refused nothing, and needs no rule of the engine, given what the terms before are.
// PERF: apart from the others, which return errors; most terms of a text are of these.
#[inline(always)]
fn simple(
    term: &Term,
    before: &[f64],
    last: f64,
    inputs: &[f64],
    program: &Program,
) -> Option<f64> {
    // PERF: the last of them is at hand, and a sum of many need not wait for memory.
    let at = |term: TermId| match term.index() + 1 == before.len() {
        true => last,
        false => before[term.index()],
    };
    Some(match *term {
        Term::Number(number) => number,
        Term::Constant(constant) => constant.value(),
        Term::Input(position) => inputs[position as usize],
        Term::Defined(position) => at(program.definitions[position as usize].term),
        Term::Negate(x) => -at(x),
        Term::Binary(BinaryOperator::Add, x, y) => at(x) + at(y),
        Term::Binary(BinaryOperator::Sub, x, y) => at(x) - at(y),
        Term::Binary(BinaryOperator::Mul, x, y) => at(x) * at(y),
        Term::Binary(BinaryOperator::Div, x, y) => at(x) / at(y),
        Term::Binary(BinaryOperator::Rem, x, y) => at(x) % at(y),
        Term::Binary(BinaryOperator::Pow, ..) | Term::Call(..) => return None,
    })
}

/// A power or a call.
fn applied(
    term: &Term,
    before: &[f64],
    arguments: &mut Vec<Var<'static>>,
    program: &Program,
) -> Result<f64, wengert::Error> {
    let at = |term: TermId| Var::constant(before[term.index()]);
    let (id, run) = match *term {
        Term::Binary(_, x, y) => return Ok(power(at(x), at(y))?.value()),
        Term::Call(id, run) => (id, run),
        _ => unreachable!("all others are simple"),
    };
    arguments.clear();
    arguments.extend(run.of(&program.arguments).iter().map(|&term| at(term)));
    Ok(call(id.function().kind(), arguments)?.value())
}

/// The engine's words, at the place.
fn refused(term: &Term, span: Span, error: &wengert::Error) -> Problem {
    let problem = Problem::new(span, error.to_string());
    let Term::Call(id, _) = term else { return problem };
    match id.function().kind() {
        OpKind::Powi => problem.help("`x^n` takes any exponent"),
        OpKind::LinearCombination => problem.help("`dot` takes variables in both lists"),
        OpKind::Polynomial => problem.help("`horner` takes variables as coefficients"),
        _ => problem,
    }
}

struct Recorder<'p, 'i, 't> {
    program: &'p Program,
    inputs: &'i [Var<'t>],
    /// What the terms so far are.
    vars: Vec<Var<'t>>,
    /// Memory for the arguments of a call.
    arguments: Vec<Var<'t>>,
}

impl<'t> Recorder<'_, '_, 't> {
    fn at(&self, term: TermId) -> Var<'t> {
        self.vars[term.index()]
    }

    fn var(&mut self, term: &Term) -> Result<Var<'t>, wengert::Error> {
        match *term {
            Term::Number(number) => Ok(Var::constant(number)),
            Term::Constant(constant) => Ok(Var::constant(constant.value())),
            Term::Input(position) => Ok(self.inputs[position as usize]),
            Term::Defined(position) => {
                Ok(self.at(self.program.definitions[position as usize].term))
            }
            Term::Negate(x) => Var::try_apply(OpKind::Neg, &[self.at(x)]),
            Term::Binary(BinaryOperator::Pow, x, y) => power(self.at(x), self.at(y)),
            Term::Binary(operator, x, y) => {
                Var::try_apply(operator.kind(), &[self.at(x), self.at(y)])
            }
            Term::Call(id, run) => self.call(id.function().kind(), run),
        }
    }

    fn call(&mut self, kind: OpKind, run: Run) -> Result<Var<'t>, wengert::Error> {
        self.arguments.clear();
        let terms = run.of(&self.program.arguments).iter();
        self.arguments.extend(terms.map(|term| self.vars[term.index()]));
        call(kind, &self.arguments)
    }
}

fn call<'t>(kind: OpKind, arguments: &[Var<'t>]) -> Result<Var<'t>, wengert::Error> {
    match (kind, arguments) {
        (OpKind::Max | OpKind::Min, [first, rest @ ..]) => {
            rest.iter().try_fold(*first, |best, &x| Var::try_apply(kind, &[best, x]))
        }
        (_, arguments) => Var::try_apply(kind, arguments),
    }
}

/// x^y. A small whole exponent is that of repeated products, the form that pictures and
/// derivations show best; beyond it, `powi` loses digits that `pow` keeps.
fn power<'t>(x: Var<'t>, y: Var<'t>) -> Result<Var<'t>, wengert::Error> {
    const SMALL: f64 = 8.0;
    let exponent = y.value();
    let is_small = y.is_constant() && exponent.fract() == 0.0 && exponent.abs() <= SMALL;
    Var::try_apply(if is_small { OpKind::Powi } else { OpKind::Pow }, &[x, y])
}

/// What a program became on a tape.
#[derive(Clone, Debug)]
pub struct Recorded<'p, 't> {
    program: &'p Program,
    vars: Vec<Var<'t>>,
}

impl<'t> Recorded<'_, 't> {
    /// The result.
    ///
    /// # Panics
    /// If there are several: [`Recorded::outputs`].
    ///
    /// # Example
    /// ```
    /// let program = wengert_cli::Program::parse("2^3^2")?;
    /// assert_eq!(program.record(&[])?.output().value(), 512.0);
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn output(&self) -> Var<'t> {
        let mut outputs = self.outputs();
        let count = outputs.len();
        match (outputs.next(), count) {
            (Some(output), 1) => output,
            _ => panic!("the program has {count} outputs: ask for all, by `outputs`"),
        }
    }

    /// All results, of which there is at least one.
    ///
    /// # Example
    /// ```
    /// let program = wengert_cli::Program::parse("[2^3, 2 + 3]")?;
    /// let values: Vec<f64> = program.record(&[])?.outputs().map(|var| var.value()).collect();
    /// assert_eq!(values, [8.0, 5.0]);
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    pub fn outputs(&self) -> impl DoubleEndedIterator<Item = Var<'t>> + ExactSizeIterator {
        self.program.outputs().iter().map(|term| self.vars[term.index()])
    }

    /// The named steps, in the order of [`Program::definitions`].
    ///
    /// # Example
    /// ```
    /// let program = wengert_cli::Program::parse("a = 2; b = a^2; a + b")?;
    /// let recorded = program.record(&[])?;
    /// let values: Vec<f64> = recorded.definitions().map(|var| var.value()).collect();
    /// assert_eq!(values, [2.0, 4.0]);
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    pub fn definitions(&self) -> impl DoubleEndedIterator<Item = Var<'t>> + ExactSizeIterator {
        let definitions = self.program.definitions.iter();
        definitions.map(|definition| self.vars[definition.term.index()])
    }

    /// Gives the nodes of inputs and definitions their names as labels. A node with several
    /// names is labelled with the first.
    ///
    /// # Example
    /// ```
    /// let program = wengert_cli::Program::parse("y = 2*x; same = y; sin(same)")?;
    /// let tape = wengert::Tape::new();
    /// program.record(&tape.vars(&[1.0]))?.label();
    /// assert!(tape.to_string().contains("n1 = mul 2 n0 ; 2 \"y\""));
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    pub fn label(&self) {
        let Program { definitions, inputs, .. } = self.program;
        // The first name comes last, and stays.
        for (definition, var) in definitions.iter().zip(self.definitions()).rev() {
            var.label(definition.name());
        }
        for (term, var) in self.program.terms.iter().zip(&self.vars) {
            if let Term::Input(position) = term {
                var.label(inputs[*position as usize].clone());
            }
        }
    }

    /// Where a value first is not finite though nothing that it is computed from is: the place
    /// in the text, and the value.
    ///
    /// # Example
    /// ```
    /// let program = wengert_cli::Program::parse("1 + 2*ln(x)")?;
    /// let tape = wengert::Tape::new();
    /// let recorded = program.record(&tape.vars(&[0.0]))?;
    /// let (span, value) = recorded.first_non_finite().unwrap();
    /// assert_eq!((span.range(), value), (6..11, f64::NEG_INFINITY));
    /// # Ok::<(), wengert_cli::Error>(())
    /// ```
    #[must_use]
    pub fn first_non_finite(&self) -> Option<(Span, f64)> {
        let mut values = self.vars.iter().zip(&self.program.spans);
        let (var, span) = values.find(|(var, _)| !var.value().is_finite())?;
        Some((*span, var.value()))
    }
}
