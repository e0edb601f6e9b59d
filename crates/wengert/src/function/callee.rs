//! A function as one operation of other functions: its program, kept once however often it is
//! called.
//!
//! The operation takes variables and data alike, and gives every result that a caller can want:
//! what outputs are made of, and what guards compare. So guards are the caller's, and fail, are
//! ignored and followed with all others that it has.

use super::draft::Draft;
use super::draft::report::OptimiserReport;
use super::element::Element;
use super::element::lanes::{Lanes, WIDTH};
use super::evaluate::guards::first_failed_call;
use super::pool::Pool;
use super::program::Program;
use super::replay::space::Space;
use super::{DualWorkspace, Function, Policy, compiled};
use crate::error::{Error, expect};
use crate::operation::check_calls;
use crate::operation::{Batched, Failure, Forward, Operation, Order, Saving, SecondOrder};
use crate::scalar::{Concrete, Evaluate, Real};
use smallvec::SmallVec;
use std::sync::Arc;

/// The operation: a function of variables alone, whose outputs are results, without guards.
#[derive(Debug)]
pub(in crate::function) struct Callee<F: Real> {
    name: Arc<str>,
    function: Function<F>,
    /// How many calls an evaluation is in at once, this one with them.
    depth: usize,
    /// The operations of an evaluation, those of functions that are called with them.
    operations: usize,
    /// Whether a value saves what it computes inside, so that its derivative does not again.
    saves: bool,
    duals: Pool<Box<DualWorkspace<F>>>,
    lanes: Pool<Box<Space<Lanes<F>>>>,
}

impl<F: Real> Callee<F> {
    /// A function of which an evaluation is in so many calls at once, and makes so many operations.
    ///
    /// # Errors
    /// If the draft is too large.
    pub(in crate::function) fn new(
        name: &Arc<str>,
        draft: &Draft<F>,
        depth: usize,
        operations: usize,
    ) -> Result<Self, Error> {
        let report = OptimiserReport::starting_with(draft);
        let function = Function::assemble(draft, report, Policy::Ignore)?;
        let (name, duals, lanes) = (Arc::clone(name), Pool::default(), Pool::default());
        Ok(Self { name, function, depth, operations, saves: false, duals, lanes })
    }

    /// The same with its inner values saved, or computed again.
    pub(in crate::function) fn saving(self, saves: bool) -> Self {
        Self { saves, ..self }
    }

    pub(in crate::function) fn program(&self) -> &Program<F> {
        &self.function.program
    }

    /// The same for a loop, of which it is the step or what comes behind the last.
    pub(in crate::function) const fn function(&self) -> &Function<F> {
        &self.function
    }

    pub(in crate::function) const fn depth(&self) -> usize {
        self.depth
    }

    pub(in crate::function) const fn operations(&self) -> usize {
        self.operations
    }

    pub(in crate::function) fn inputs(&self) -> usize {
        self.function.num_variables()
    }

    /// Works with memory in which the inputs are those of a point.
    fn with_inputs<R>(&self, x: &[f64], work: impl FnOnce(&mut Space<F>) -> R) -> R {
        let new = || Box::new(self.function.workspace());
        self.function.spare.with(new, |workspace| {
            let space = &mut workspace.space;
            take_in(&mut space.slots, x);
            work(space)
        })
    }

    /// Evaluates at a point, and works with what that leaves.
    fn at<R>(&self, x: &[f64], work: impl FnOnce(&mut Space<F>) -> R) -> R {
        self.with_inputs(x, |space| {
            compiled::run(space, self.program(), self.function.arch);
            work(space)
        })
    }

    /// Hands out what an evaluation gave.
    fn values(&self, space: &Space<F>, y: &mut [f64]) -> Result<(), Failure> {
        let program = self.program();
        first_failed_call(program, |slot| space.slots[slot as usize], None)?;
        let values = program.outputs.iter().map(|&slot| space.slots[slot as usize]);
        y.iter_mut().zip(values).for_each(|(y, value)| *y = value.as_f64());
        Ok(())
    }

    /// Sweeps over what an evaluation left.
    fn sweep(&self, space: &mut Space<F>, weights: &[f64], product: &mut [f64]) {
        let program = self.program();
        let mut gradient: SmallVec<[F; 16]> = SmallVec::from_elem(F::zero(), product.len());
        // As of operations one by one, whether a NaN counts is decided behind the call.
        space.pull_back(program, self.function.arch, &mut gradient, &|space| {
            for (&slot, &weight) in program.outputs.iter().zip(weights) {
                space.adjoints[slot as usize] += F::lit(weight);
            }
        });
        put(&gradient, product);
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
pub(in crate::function) fn own<F: Real>(numbers: &[f64]) -> SmallVec<[F; 16]> {
    numbers.iter().map(|&number| F::lit(number)).collect()
}

/// The same where there is room for them.
fn take_in<F: Real>(to: &mut [F], from: &[f64]) {
    to.iter_mut().zip(from).for_each(|(to, &from)| *to = F::lit(from));
}

pub(in crate::function) fn put<F: Real>(from: &[F], to: &mut [f64]) {
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
        self.at(x, |space| self.values(space, y))
    }

    fn vjp(&self, x: &[f64], _: &[f64], weights: &[f64], product: &mut [f64]) {
        self.at(x, |space| self.sweep(space, weights, product));
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

    fn saving(&self) -> Option<&dyn Saving> {
        self.saves.then_some(self as &dyn Saving)
    }
}

/// The results of all operations, and what these save.
impl<F: Real> Saving for Callee<F> {
    fn saved(&self, _: usize) -> usize {
        self.program().operations() + self.program().saved
    }

    fn value_saving(&self, x: &[f64], y: &mut [f64], saved: &mut [f64]) -> Result<(), Failure> {
        self.at(x, |space| {
            let program = self.program();
            let (results, rest) = saved.split_at_mut(program.operations());
            put(&space.slots[program.first_result()..program.slots], results);
            put(&space.saved, rest);
            self.values(space, y)
        })
    }

    fn vjp_saved(&self, x: &[f64], _: &[f64], saved: &[f64], weights: &[f64], product: &mut [f64]) {
        self.with_inputs(x, |space| {
            let program = self.program();
            let (results, rest) = saved.split_at(program.operations());
            take_in(&mut space.slots[program.first_result()..program.slots], results);
            take_in(&mut space.saved, rest);
            self.sweep(space, weights, product);
        });
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
            return vjps_one_by_one(self, points, [x, y, weights], product);
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

/// Vector-Jacobian products at one point after the other.
pub(in crate::function) fn vjps_one_by_one(
    operation: &impl Operation,
    points: usize,
    [x, y, weights]: [&[f64]; 3],
    product: &mut [f64],
) {
    let inputs = x.len() / points;
    let vjp = |given: &[f64], product: &mut [f64]| {
        let (x, weights) = given.split_at(inputs);
        operation.vjp(x, y, weights, product);
        Ok(())
    };
    one_by_one(points, &[x, weights].concat(), product, vjp)
        .unwrap_or_else(|_| unreachable!("a product does not fail"));
}

/// Works at one point after the other, of which the numbers stand side by side.
pub(in crate::function) fn one_by_one(
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
