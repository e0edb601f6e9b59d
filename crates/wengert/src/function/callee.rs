//! A function as one operation of other functions: its program, kept once however often it is
//! called.
//!
//! The operation takes variables and data alike, and gives every result that a caller can want:
//! what outputs are made of, and what guards compare. So guards are the caller's, and fail, are
//! ignored and followed with all others that it has.

use super::draft::report::OptimiserReport;
use super::draft::{Draft, Source};
use super::element::Element;
use super::element::lanes::{Lanes, WIDTH};
use super::evaluate::guards::first_failed_call;
use super::opcode::Opcode;
use super::pool::Pool;
use super::program::Program;
use super::program::decode::decode;
use super::replay::space::Space;
use super::{DualWorkspace, Function, Policy, compiled};
use crate::error::{Error, Kind, expect};
use crate::operation::check_calls;
use crate::operation::{Batched, Called, Failure, Forward, Operation, Order, SecondOrder};
use crate::scalar::{Concrete, Evaluate, Real};
use smallvec::SmallVec;
use std::sync::Arc;

/// How deep calls may lie within each other: an evaluation goes into each by a call of its own.
pub(in crate::function) const DEEPEST: usize = 64;

/// A function as others call it.
#[derive(Debug)]
pub(in crate::function) struct Calling<F: Real> {
    pub(in crate::function) callee: Arc<Callee<F>>,
    /// What the outputs of the function are.
    pub(in crate::function) outputs: Vec<End<F>>,
    /// What its guards compare, in their order.
    pub(in crate::function) guards: Vec<[End<F>; 2]>,
}

/// Where a number is found, for who calls.
#[derive(Clone, Copy, Debug)]
pub(in crate::function) enum End<F> {
    /// Among the variables and, behind them, the data.
    Input(usize),
    Constant(F),
    /// Among what the operation gives.
    Result(usize),
}

impl<F: Real> Calling<F> {
    /// # Errors
    /// If calls lie too deep in each other.
    pub(in crate::function) fn of(function: &Function<F>) -> Result<Self, Error> {
        let mut draft = decode(&function.program);
        let mut results: Vec<Source> =
            draft.roots().filter(|&root| is_result(&draft, root)).collect();
        results.sort_unstable();
        results.dedup();
        let end = |source: Source| match source.as_value() {
            None => End::Constant(draft.constants[source.index()]),
            Some(value) => match results.binary_search(&source) {
                Ok(position) => End::Result(position),
                Err(_) => End::Input(value),
            },
        };
        let outputs = draft.outputs.iter().map(|&output| end(output)).collect();
        let guards = draft.guards.iter().map(|guard| guard.operands.map(end)).collect();
        // Values are counted through, so that data become variables where they are.
        let data = std::mem::take(&mut draft.data);
        draft.variables.extend(data);
        (draft.outputs, draft.guards) = (results, Vec::new());
        let callee = Arc::new(Callee::new(&function.name, &draft)?);
        Ok(Self { callee, outputs, guards })
    }
}

fn is_result<F: Real>(draft: &Draft<F>, source: Source) -> bool {
    source.as_value().is_some_and(|value| value >= draft.inputs())
}

/// The operation: a function of variables alone, whose outputs are results, without guards.
#[derive(Debug)]
pub(in crate::function) struct Callee<F: Real> {
    name: Arc<str>,
    function: Function<F>,
    /// How many calls an evaluation is in at once, this one with them.
    depth: usize,
    /// The operations of an evaluation, those of functions that are called with them.
    operations: usize,
    duals: Pool<Box<DualWorkspace<F>>>,
    lanes: Pool<Box<Space<Lanes<F>>>>,
}

impl<F: Real> Callee<F> {
    /// # Errors
    /// If calls lie too deep in each other, or the draft is too large.
    pub(in crate::function) fn new(name: &Arc<str>, draft: &Draft<F>) -> Result<Self, Error> {
        let depth = depth::<F>(&draft.calls) + 1;
        if depth > DEEPEST {
            return Err(Kind::CallDepth { given: depth, limit: DEEPEST }.into());
        }
        let operations = operations(draft);
        let report = OptimiserReport::starting_with(draft);
        let function = Function::assemble(draft, report, Policy::Ignore)?;
        let (name, duals, lanes) = (Arc::clone(name), Pool::default(), Pool::default());
        Ok(Self { name, function, depth, operations, duals, lanes })
    }

    pub(in crate::function) fn program(&self) -> &Program<F> {
        &self.function.program
    }

    #[cfg(feature = "serde")]
    pub(in crate::function) const fn operations(&self) -> usize {
        self.operations
    }

    pub(in crate::function) fn inputs(&self) -> usize {
        self.function.num_variables()
    }

    /// Evaluates at a point, and works with what that leaves.
    fn at<R>(&self, x: &[f64], work: impl FnOnce(&mut Space<F>) -> R) -> R {
        let Function { program, arch, spare, .. } = &self.function;
        let new = || Box::new(self.function.workspace());
        spare.with(new, |workspace| {
            let space = &mut workspace.space;
            space.slots.iter_mut().zip(x).for_each(|(slot, &x)| *slot = F::lit(x));
            compiled::run(space, program, *arch);
            work(space)
        })
    }

    /// The same at [`WIDTH`] points side by side.
    fn in_lanes<R>(&self, x: &[f64], work: impl FnOnce(&mut Space<Lanes<F>>) -> R) -> R {
        let Function { program, arch, .. } = &self.function;
        self.lanes.with(
            || Box::new(Space::of(program)),
            |space| {
                let rows = x.as_chunks::<WIDTH>().0;
                space.slots.iter_mut().zip(rows).for_each(|(slot, x)| *slot = Lanes(x.map(F::lit)));
                compiled::run_lanes(space, program, *arch);
                work(space)
            },
        )
    }

    fn with_duals<R>(&self, work: impl FnOnce(&Function<F>, &mut DualWorkspace<F>) -> R) -> R {
        let new = || Box::new(self.function.dual_workspace());
        self.duals.with(new, |workspace| work(&self.function, workspace))
    }
}

/// Numbers of the trait's kind as the function's.
fn own<F: Real>(numbers: &[f64]) -> SmallVec<[F; 16]> {
    numbers.iter().map(|&number| F::lit(number)).collect()
}

fn put<F: Real>(from: &[F], to: &mut [f64]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = from.as_f64());
}

impl<F: Real> Operation for Callee<F> {
    fn name(&self) -> &str {
        &self.name
    }

    fn outputs(&self, inputs: usize) -> Option<usize> {
        (inputs == self.inputs()).then(|| self.function.num_outputs())
    }

    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        self.at(x, |space| {
            let program = self.program();
            first_failed_call(program, |slot| space.slots[slot as usize], None)?;
            let values = program.outputs.iter().map(|&slot| space.slots[slot as usize]);
            y.iter_mut().zip(values).for_each(|(y, value)| *y = value.as_f64());
            Ok(())
        })
    }

    fn vjp(&self, x: &[f64], _: &[f64], weights: &[f64], product: &mut [f64]) {
        let program = self.program();
        let mut gradient: SmallVec<[F; 16]> = SmallVec::from_elem(F::zero(), x.len());
        self.at(x, |space| {
            // As of operations one by one, whether a NaN counts is decided behind the call.
            space.pull_back(program, self.function.arch, &mut gradient, |space| {
                for (&slot, &weight) in program.outputs.iter().zip(weights) {
                    space.adjoints[slot as usize] += F::lit(weight);
                }
            });
        });
        put(&gradient, product);
    }

    fn forward(&self) -> Option<&dyn Forward> {
        check_calls(&self.program().calls, Order::Forward).is_ok().then_some(self)
    }

    fn second_order(&self) -> Option<&dyn SecondOrder> {
        let calls = &self.program().calls;
        let is_given = |order| check_calls(calls, order).is_ok();
        (is_given(Order::Forward) && is_given(Order::Second)).then_some(self)
    }

    fn batched(&self) -> Option<&dyn Batched> {
        Some(self)
    }
}

impl<F: Real> Forward for Callee<F> {
    fn jvp(&self, x: &[f64], _: &[f64], direction: &[f64], product: &mut [f64]) {
        let mut tangents: SmallVec<[F; 16]> = SmallVec::from_elem(F::zero(), product.len());
        let (x, direction) = (own::<F>(x), own::<F>(direction));
        expect(self.with_duals(|function, workspace| {
            function.jvp(workspace, &*x, &direction, &mut tangents)
        }));
        put(&tangents, product);
    }
}

impl<F: Real> SecondOrder for Callee<F> {
    fn hessian_vector_product(
        &self,
        x: &[f64],
        _: &[f64],
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) {
        let mut derivatives: SmallVec<[F; 16]> = SmallVec::from_elem(F::zero(), product.len());
        let [x, weights, direction] = [x, weights, direction].map(own::<F>);
        expect(self.with_duals(|function, workspace| {
            function.weighted_hessian_vector_product(
                workspace,
                &*x,
                &weights,
                &direction,
                &mut derivatives,
            )
        }));
        put(&derivatives, product);
    }
}

/// Points are taken as many at once as a batch takes.
impl<F: Real> Batched for Callee<F> {
    fn values(&self, points: usize, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        if points != WIDTH {
            return one_by_one(points, x, y, |x, y| self.value(x, y));
        }
        self.in_lanes(x, |space| {
            let program = self.program();
            for lane in 0..WIDTH {
                first_failed_call(program, |slot| space.slots[slot as usize].0[lane], None)?;
            }
            for (row, &slot) in y.as_chunks_mut::<WIDTH>().0.iter_mut().zip(&program.outputs) {
                *row = space.slots[slot as usize].0.map(Concrete::as_f64);
            }
            Ok(())
        })
    }

    fn vjps(&self, points: usize, x: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
        if points != WIDTH {
            let given = [x, weights].concat();
            let vjp = |given: &[f64], product: &mut [f64]| {
                let (x, weights) = given.split_at(self.function.num_variables());
                self.vjp(x, y, weights, product);
                Ok(())
            };
            return one_by_one(points, &given, product, vjp)
                .unwrap_or_else(|_| unreachable!("a product does not fail"));
        }
        let (program, arch) = (self.program(), self.function.arch);
        self.in_lanes(x, |space| {
            let seed = |space: &mut Space<Lanes<F>>| {
                for (&slot, row) in program.outputs.iter().zip(weights.as_chunks::<WIDTH>().0) {
                    space.adjoints[slot as usize] += Lanes(row.map(F::lit));
                }
            };
            seed(space);
            compiled::sweep_lanes(space, program, arch);
            if !take(space, product) {
                // Somewhere 0 met ∞, or a derivative is none: once more, looking.
                seed(space);
                compiled::sweep_lanes_carefully(space, program, arch);
                take(space, product);
            }
        });
    }
}

/// Hands out the adjoints of the variables, leaves zeros, and tells whether all were finite.
fn take<F: Real>(space: &mut Space<Lanes<F>>, product: &mut [f64]) -> bool {
    let mut are_finite = true;
    for (row, adjoint) in product.as_chunks_mut::<WIDTH>().0.iter_mut().zip(&mut space.adjoints) {
        *row = std::mem::replace(adjoint, Lanes::zero()).0.map(Concrete::as_f64);
        are_finite &= row.iter().all(|x| x.is_finite());
    }
    are_finite
}

/// Works at one point after the other, of which the numbers stand side by side.
fn one_by_one(
    points: usize,
    given: &[f64],
    results: &mut [f64],
    mut work: impl FnMut(&[f64], &mut [f64]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut result = vec![0.0; results.len() / points];
    for point in 0..points {
        let numbers: Vec<f64> = given.iter().skip(point).step_by(points).copied().collect();
        result.fill(0.0);
        work(&numbers, &mut result)?;
        for (to, &number) in results.iter_mut().skip(point).step_by(points).zip(&result) {
            *to = number;
        }
    }
    Ok(())
}

/// The operations that an evaluation makes, those of functions that are called with them.
fn operations<F: Real>(draft: &Draft<F>) -> usize {
    let called = draft.steps.iter().filter(|step| step.opcode == Opcode::Call);
    let callees = called.filter_map(|step| callee::<F>(&draft.calls[step.detail as usize]));
    callees.fold(draft.steps.len(), |sum, callee| sum.saturating_add(callee.operations))
}

/// How deep calls of functions lie in each other.
pub(in crate::function) fn depth<F: Real>(calls: &[Called]) -> usize {
    calls.iter().filter_map(callee::<F>).map(|callee| callee.depth).max().unwrap_or(0)
}

/// The function that is called, if what is called is one.
pub(in crate::function) fn callee<F: Real>(called: &Called) -> Option<&Callee<F>> {
    called.downcast()
}

/// The functions that some calls lead to, each once and behind those that it calls.
pub(in crate::function) fn callees<F: Real>(calls: &[Called]) -> Vec<&Callee<F>> {
    let mut found = Vec::new();
    find(calls, &mut found);
    found
}

fn find<'c, F: Real>(calls: &'c [Called], found: &mut Vec<&'c Callee<F>>) {
    for callee in calls.iter().filter_map(callee::<F>) {
        if !found.iter().any(|known| std::ptr::eq(*known, callee)) {
            find(&callee.program().calls, found);
            found.push(callee);
        }
    }
}
