//! A loop of so many steps as one operation of other recordings.
//!
//! What its steps have of their own comes in rows, variables and data alike, behind what they share
//! and the initial state. It hands out what does not grow with their number: sums, what an end
//! computes, or the final state alone.

use super::drive::{Drive, Ports};
use super::memory::Memory;
use super::{Scan, ScanWorkspace};
use crate::error::{Error, Kind, expect};
use crate::function::callee::{Callee, one_by_one, own, put, vjps_one_by_one};
use crate::function::capture::builder::record;
use crate::function::draft::{Draft, Source};
use crate::function::element::lanes::{Lanes, WIDTH};
use crate::function::interrupt::Interrupt;
use crate::function::pool::Pool;
use crate::function::replay::steps::{Kept, Shape};
use crate::function::{Function, Policy};
use crate::operation::{Batched, Failure, Forward, Operation, SecondOrder};
use crate::scalar::{Concrete, Evaluate, Real};
use std::ops::Range;
use std::sync::{Arc, OnceLock, Weak};

/// The bytes in which a call keeps states and values, if a state is not half of that.
const BUDGET: usize = 64 << 20;

/// A [`Scan`] as others call it.
#[derive(Debug)]
pub(super) struct Calls<F: Real> {
    /// The step and the end, made when it is first called.
    pub(super) step: Option<Arc<Callee<F>>>,
    pub(super) end: Option<Arc<Callee<F>>>,
    /// The loops that recordings have, by their numbers of steps.
    pub(super) loops: Vec<Weak<Looped<F>>>,
}

impl<F: Real> Default for Calls<F> {
    fn default() -> Self {
        Self { step: None, end: None, loops: Vec::new() }
    }
}

/// The operation.
#[derive(Debug)]
pub(in crate::function) struct Looped<F: Real> {
    name: String,
    step: Arc<Callee<F>>,
    end: Option<Arc<Callee<F>>>,
    scan: Scan<F>,
    steps: usize,
    /// The loop of tangents, if there is one.
    along: OnceLock<Option<Scan<F>>>,
    memory: Pool<Box<ScanWorkspace<F>>>,
    memory_along: Pool<Box<ScanWorkspace<F>>>,
    lanes: Pool<Box<Memory<Lanes<F>>>>,
}

impl<F: Real> Scan<F> {
    /// Whether it can be one operation: nothing is compared, which would be the caller's guard, and
    /// what it hands out does not grow with the steps.
    pub(in crate::function) fn can_be_one(&self) -> bool {
        let compares = |f: &Function<F>| f.policy != Policy::Ignore && !f.program.guards.is_empty();
        let Shape { outputs, is_summed, .. } = self.shape;
        (is_summed || outputs == 0)
            && !compares(&self.step)
            && !self.end.as_ref().is_some_and(compares)
    }
}

impl<F: Real> Looped<F> {
    /// A loop over a step of so many shared variables and numbers of the state.
    ///
    /// # Errors
    /// If the functions are no such step and end, or an evaluation makes more operations than can
    /// be recorded.
    pub(in crate::function) fn of(
        step: Arc<Callee<F>>,
        end: Option<Arc<Callee<F>>>,
        [shared, state]: [usize; 2],
        is_summed: bool,
        steps: usize,
    ) -> Result<Self, Error> {
        let scan = Scan::of(step.function().clone(), shared, state, is_summed)?;
        let scan = match &end {
            Some(end) => scan.with_end(end.function().clone())?,
            None => scan,
        };
        let name = format!("loop of {steps} steps");
        let (along, lanes) = (OnceLock::new(), Pool::default());
        let (memory, memory_along) = (Pool::default(), Pool::default());
        let looped = Self { name, step, end, scan, steps, along, memory, memory_along, lanes };
        let (given, limit) = (looped.operations(), Source::LIMIT);
        if given > limit {
            return Err(Kind::FunctionLimit { given, limit }.into());
        }
        Ok(looped)
    }

    pub(in crate::function) fn step(&self) -> &Callee<F> {
        &self.step
    }

    pub(in crate::function) fn end(&self) -> Option<&Callee<F>> {
        self.end.as_deref()
    }

    pub(in crate::function) fn inputs(&self) -> usize {
        self.scan.num_variables(self.steps)
    }

    /// Whether it may be an operation: see [`Scan::can_be_one`].
    #[cfg(feature = "serde")]
    pub(in crate::function) fn can_be_one(&self) -> bool {
        self.scan.can_be_one()
    }

    /// How it is cut: the numbers of steps, of shared variables and of the state.
    pub(in crate::function) const fn cut(&self) -> [usize; 3] {
        [self.steps, self.scan.shape.shared, self.scan.shape.state]
    }

    #[cfg(feature = "serde")]
    pub(in crate::function) const fn is_summed(&self) -> bool {
        self.scan.shape.is_summed
    }

    /// The operations that an evaluation makes, of which the handing on of a number is one.
    pub(in crate::function) fn operations(&self) -> usize {
        let of_step = self.step.operations().saturating_add(self.scan.shape.state).max(1);
        let end = self.end().map_or(0, Callee::operations);
        of_step.saturating_mul(self.steps).saturating_add(end)
    }

    /// The steps one behind the other.
    ///
    /// # Errors
    /// If there are too many, or an operation of a user's own fails where the step was recorded.
    #[track_caller]
    pub(in crate::function) fn draft(&self) -> Result<Draft<F>, Error> {
        let (first, row) = self.scan.step.recorded_at().variables.split_at(self.rows());
        let point = [first, &row.repeat(self.steps)].concat();
        let mut failed = Ok(());
        let draft = record(&point, &[], |x, _| {
            self.scan.inline(self.steps, x, &[]).unwrap_or_else(|error| {
                failed = Err(error);
                Vec::new()
            })
        });
        failed.and(draft)
    }

    /// Where the rows of the steps begin among the inputs.
    const fn rows(&self) -> usize {
        self.scan.shape.shared + self.scan.shape.state
    }

    fn budget(&self) -> usize {
        BUDGET.max(2 * self.scan.shape.state * size_of::<Lanes<F>>())
    }

    fn run<R>(&self, work: impl FnOnce(&Scan<F>, &mut ScanWorkspace<F>) -> R) -> R {
        let new = || Box::new(expect(self.scan.workspace_within(self.steps, self.budget())));
        self.memory.with(new, |workspace| work(&self.scan, workspace))
    }

    fn run_along<R>(&self, work: impl FnOnce(&Scan<F>, &mut ScanWorkspace<F>) -> R) -> R {
        let along = self.along().expect("who asks for a derivative was told that there is one");
        let new = || Box::new(expect(along.workspace_within(self.steps, 2 * self.budget())));
        self.memory_along.with(new, |workspace| work(along, workspace))
    }

    fn along(&self) -> Option<&Scan<F>> {
        self.along.get_or_init(|| self.scan.tangent_scan().ok()).as_ref()
    }

    /// The inputs part by part: what steps share, the state, and the rows. The loop of tangents has
    /// the tangents of each part behind it.
    fn parts(&self) -> impl Iterator<Item = Range<usize>> {
        let Shape { shared, variables, .. } = self.scan.shape;
        let rows = (0..self.steps).map(move |i| self.rows() + i * variables);
        let rows = rows.map(move |start| start..start + variables);
        [0..shared, shared..self.rows()].into_iter().chain(rows)
    }

    fn moving(&self, x: &[f64], direction: &[f64]) -> Vec<F> {
        let mut moving = Vec::with_capacity(2 * x.len());
        for part in self.parts() {
            moving.extend(own::<F>(&x[part.clone()]));
            moving.extend(own::<F>(&direction[part]));
        }
        moving
    }

    /// Sixteen points side by side.
    fn in_lanes<R>(
        &self,
        side: Side<'_>,
        work: impl FnOnce(&mut Drive<'_, F, Lanes<F>, Side<'_>>) -> R,
    ) -> R {
        let wanted = || self.scan.wanted(self.steps, Kept::Values, Some(self.budget()));
        let new = || Box::new(expect(wanted().memory()));
        self.lanes.with(new, |memory| {
            let (programs, end) = (self.scan.programs(), self.scan.end_program());
            let (arch, steps) = (self.scan.step.arch, self.steps);
            let (interrupt, jacobians, ports) = (&Interrupt::default(), None, side);
            work(&mut Drive { programs, end, arch, memory, jacobians, interrupt, steps, ports })
        })
    }
}

impl<F: Real> Operation for Looped<F> {
    fn name(&self) -> &str {
        &self.name
    }

    fn outputs(&self, inputs: usize) -> Option<usize> {
        (inputs == self.inputs()).then(|| self.scan.num_outputs(self.steps))
    }

    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        let (x, mut values) = (own::<F>(x), vec![F::zero(); y.len()]);
        self.run(|scan, workspace| scan.values(workspace, self.steps, &*x, &mut values))?;
        put(&values, y);
        Ok(())
    }

    fn vjp(&self, x: &[f64], _: &[f64], weights: &[f64], product: &mut [f64]) {
        let (x, weights) = (own::<F>(x), own::<F>(weights));
        let mut gradient = vec![F::zero(); product.len()];
        let result = self
            .run(|scan, workspace| scan.vjp(workspace, self.steps, &*x, &weights, &mut gradient));
        put_if(result, &gradient, product);
    }

    fn forward(&self) -> Option<&dyn Forward> {
        self.along().is_some().then_some(self)
    }

    fn second_order(&self) -> Option<&dyn SecondOrder> {
        let along = self.along()?;
        let mut programs = along.programs().into_iter().chain(along.end_program());
        programs.all(|program| program.check_sweep().is_ok()).then_some(self)
    }

    fn batched(&self) -> Option<&dyn Batched> {
        Some(self)
    }
}

/// Hands out results, or that there are none.
fn put_if<F: Real>(result: Result<(), Error>, from: &[F], to: &mut [f64]) {
    match result {
        Ok(()) => put(from, to),
        Err(_) => to.fill(f64::NAN),
    }
}

impl<F: Real> Forward for Looped<F> {
    fn jvp(&self, x: &[f64], _: &[f64], direction: &[f64], product: &mut [f64]) {
        let moving = self.moving(x, direction);
        self.run_along(|along, workspace| {
            let mut values = vec![F::zero(); along.num_outputs(self.steps)];
            let result = along.values(workspace, self.steps, &*moving, &mut values);
            // A final state that is handed out comes before its tangents.
            put_if(result, &values[values.len() - product.len()..], product);
        });
    }
}

impl<F: Real> SecondOrder for Looped<F> {
    fn hessian_vector_product(
        &self,
        x: &[f64],
        _: &[f64],
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) {
        let moving = self.moving(x, direction);
        self.run_along(|along, workspace| {
            let mut of_tangents = vec![F::zero(); along.num_outputs(self.steps) - weights.len()];
            of_tangents.extend(own::<F>(weights));
            let mut gradient = vec![F::zero(); moving.len()];
            let result = along.vjp(workspace, self.steps, &*moving, &of_tangents, &mut gradient);
            for part in self.parts() {
                let of_values = &gradient[2 * part.start..][..part.len()];
                put_if(result.clone(), of_values, &mut product[part]);
            }
        });
    }
}

impl<F: Real> Batched for Looped<F> {
    fn values(&self, points: usize, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
        if points != WIDTH {
            return one_by_one(points, x, y, |x, y| self.value(x, y));
        }
        let side = Side::of(x, &[], y, &mut []);
        Ok(self.in_lanes(side, |drive| drive.run())?)
    }

    fn vjps(&self, points: usize, x: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
        if points != WIDTH {
            return vjps_one_by_one(self, points, [x, y, weights], product);
        }
        let side = Side::of(x, weights, &mut [], product);
        let result = self.in_lanes(side, |drive| {
            // Where something is not finite once more, looking for 0 · ∞.
            Ok::<_, Error>(drive.run_and_sweep(false)? || drive.run_and_sweep(true)?)
        });
        if result.is_err() {
            product.fill(f64::NAN);
        }
    }
}

/// The numbers of points side by side. What is not wanted has no room.
struct Side<'a> {
    x: &'a [[f64; WIDTH]],
    weights: &'a [[f64; WIDTH]],
    y: &'a mut [[f64; WIDTH]],
    product: &'a mut [[f64; WIDTH]],
}

impl<'a> Side<'a> {
    fn of(x: &'a [f64], weights: &'a [f64], y: &'a mut [f64], product: &'a mut [f64]) -> Self {
        let [x, weights] = [x, weights].map(|all| all.as_chunks().0);
        let [y, product] = [y, product].map(|all| all.as_chunks_mut().0);
        Self { x, weights, y, product }
    }
}

fn load<F: Real>(from: &[[f64; WIDTH]], to: &mut [Lanes<F>]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = Lanes(from.map(F::lit)));
}

fn store<F: Real>(from: &[Lanes<F>], to: &mut [[f64; WIDTH]]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = from.0.map(Concrete::as_f64));
}

impl<F: Real> Ports<Lanes<F>> for Side<'_> {
    fn variables(&self, first: usize, to: &mut [Lanes<F>]) {
        load(&self.x[first..], to);
    }
    fn data(&self, _: usize, _: &mut [Lanes<F>]) {}
    fn weights(&self, first: usize, to: &mut [Lanes<F>]) {
        load(&self.weights[first..], to);
    }
    fn weight(&self, i: usize) -> Lanes<F> {
        Lanes(self.weights[i].map(F::lit))
    }
    fn take_outputs(&mut self, first: usize, from: &[Lanes<F>]) {
        if !self.y.is_empty() {
            store(from, &mut self.y[first..]);
        }
    }
    fn take_adjoints(&mut self, first: usize, from: &[Lanes<F>]) -> bool {
        store(from, &mut self.product[first..]);
        from.iter().all(|lanes| lanes.0.iter().all(|&x| num_traits::Float::is_finite(x)))
    }
    fn guarded(&self) -> usize {
        0
    }
}
