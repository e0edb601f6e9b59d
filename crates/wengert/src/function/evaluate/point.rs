//! A recording made linear at a point, on the path of that point.

use crate::error::Error;
use crate::function::compiled;
use crate::function::element::seed;
use crate::function::instructions::has_vectors;
use crate::function::linear::{Lanes, Linear, Manner, NARROW, Pass, WIDTH, Work};
use crate::function::program::Program;
use crate::function::replay::space::Space;
use crate::function::{DualWorkspace, Function, Inputs};
use crate::operation::{Order, check_calls};
use crate::scalar::Real;

/// The values, the local derivatives and the memory of passes.
pub(in crate::function) struct Point<'w, F> {
    pub(in crate::function) program: &'w Program<F>,
    pub(in crate::function) values: &'w Space<F>,
    linear: &'w mut Linear<F>,
    arch: pulp::Arch,
}

impl<F: Real> Function<F> {
    /// Computes all values and the partial derivatives of all operations, and for second
    /// derivatives the derivatives of those.
    ///
    /// # Errors
    /// Also if a user's operation does not give derivatives of the order.
    pub(in crate::function) fn point<'w>(
        &'w self,
        workspace: &'w mut DualWorkspace<F>,
        inputs: Inputs<'_, F>,
        order: Order,
    ) -> Result<Point<'w, F>, Error> {
        self.evaluate(&mut workspace.values, inputs)?;
        let (program, values, linear) = workspace.last_path(&self.program);
        check_calls(&program.calls, order)?;
        let curved = order == Order::Second;
        if curved {
            check_calls(&program.calls, Order::Forward)?;
        }
        let mut point = Point { program, values, linear, arch: self.arch };
        point.work(Work::Linearise { curved });
        Ok(point)
    }
}

impl<F: Real> DualWorkspace<F> {
    /// The program of the last evaluation's path, its values and its memory of passes, which is
    /// made where there is none yet.
    fn last_path<'w>(
        &'w mut self,
        first: &'w Program<F>,
    ) -> (&'w Program<F>, &'w Space<F>, &'w mut Linear<F>) {
        let Self { values, linear, paths } = self;
        let Some(index) = values.last.checked_sub(1) else {
            return (first, &values.space, linear);
        };
        let (path, space) = &values.paths[index];
        let known = paths.iter().position(|(known, _)| *known == path.id);
        let index = known.unwrap_or_else(|| {
            // Paths that are forgotten there are forgotten here.
            paths.retain(|(known, _)| values.paths.iter().any(|(path, _)| path.id == *known));
            paths.push((path.id, Linear::of(&path.program)));
            paths.len() - 1
        });
        (&path.program, space, &mut paths[index].1)
    }
}

/// The memory for passes of `D` directions, and their names.
pub(in crate::function) trait Sided<F, const D: usize> {
    fn lanes(&mut self) -> &mut Lanes<F, D>;
    /// An optimistic pass.
    fn work(pass: Pass) -> Work;
}

impl<F> Sided<F, 1> for Linear<F> {
    fn lanes(&mut self) -> &mut Lanes<F, 1> {
        &mut self.one
    }
    fn work(pass: Pass) -> Work {
        Work::One(pass, Manner::Optimistic)
    }
}

impl<F> Sided<F, NARROW> for Linear<F> {
    fn lanes(&mut self) -> &mut Lanes<F, NARROW> {
        &mut self.narrow
    }
    fn work(pass: Pass) -> Work {
        Work::Narrow(pass)
    }
}

impl<F> Sided<F, WIDTH> for Linear<F> {
    fn lanes(&mut self) -> &mut Lanes<F, WIDTH> {
        &mut self.wide
    }
    fn work(pass: Pass) -> Work {
        Work::Wide(pass)
    }
}

/// The seed of the derivative of an output's adjoint: as of first derivatives, those of NaN are NaN.
fn second_seed<F: Real>(weight: F, value: F) -> F {
    if value.is_nan() { seed(weight, value) } else { F::zero() }
}

/// Whether all numbers are finite.
#[inline]
fn are_finite<F: Real>(numbers: &[F]) -> bool {
    // PERF: without a branch for each, so that it is vector code.
    numbers.iter().fold(true, |all, &x| all & num_traits::Zero::is_zero(&(x * F::zero())))
}

impl<F: Real> Point<'_, F> {
    fn work(&mut self, work: Work) {
        compiled::work(self.linear, self.program, self.values, work, self.arch);
    }

    /// The value of an output.
    pub(in crate::function) fn value(&self, output: usize) -> F {
        self.values.slots[self.program.outputs[output] as usize]
    }

    /// Computes the adjoints of all slots, from outputs weighted as told.
    pub(in crate::function) fn pull(&mut self, weight: impl Fn(usize) -> F) {
        for manner in [Manner::Optimistic, Manner::Careful] {
            self.seed(&weight);
            self.work(Work::Adjoints(manner));
            if are_finite(self.gradient()) {
                return;
            }
        }
    }

    /// The adjoints of the outputs, weighted as told, and zeros for all else.
    fn seed(&mut self, weight: impl Fn(usize) -> F) {
        let adjoints = &mut self.linear.adjoints;
        adjoints.fill(F::zero());
        for (k, &output) in self.program.outputs.iter().enumerate() {
            let slot = output as usize;
            adjoints[slot] += seed(weight(k), self.values.slots[slot]);
        }
    }

    /// The adjoints of the variables, after [`Point::pull`].
    pub(in crate::function) fn gradient(&self) -> &[F] {
        &self.linear.adjoints[..self.program.variables.len()]
    }

    /// Whether no output is NaN, and all their derivatives are finite, after [`Point::pull`].
    pub(in crate::function) fn is_finite(&self) -> bool {
        let is_lost = |&slot: &u32| self.values.slots[slot as usize].is_nan();
        !self.program.outputs.iter().any(is_lost) && are_finite(self.gradient())
    }

    /// Computes the tangents of all results along `D` directions, the `d`-th of which has the
    /// entry `direction(d, j)` for variable `j`.
    fn push<const D: usize>(&mut self, direction: impl Fn(usize, usize) -> F, work: Work)
    where
        Linear<F>: Sided<F, D>,
    {
        let tangents = &mut self.linear.lanes().tangents;
        for (j, slot) in tangents[..self.program.variables.len()].iter_mut().enumerate() {
            for (d, tangent) in slot.iter_mut().enumerate() {
                *tangent = direction(d, j);
            }
        }
        self.work(work);
    }

    /// Whether `D` directions are taken side by side.
    const fn takes<const D: usize>(&self) -> bool {
        D == 1 || has_vectors(self.arch)
    }

    /// The tangents of the outputs along `D` directions: `emit(d, k, …)` takes that of output `k`.
    pub(in crate::function) fn jvp<const D: usize>(
        &mut self,
        direction: impl Fn(usize, usize) -> F,
        mut emit: impl FnMut(usize, usize, F),
    ) where
        Linear<F>: Sided<F, D>,
    {
        if self.takes::<D>() {
            self.push::<D>(&direction, <Linear<F> as Sided<F, D>>::work(Pass::Tangents));
            if self.tangents::<D>(&mut emit) {
                return;
            }
        }
        for d in 0..D {
            self.jvp_of_one(&|j| direction(d, j), &mut |k, tangent| emit(d, k, tangent));
        }
    }

    /// As [`Point::jvp`], along one direction, which is taken again with care where numbers are
    /// not finite.
    fn jvp_of_one(&mut self, direction: &dyn Fn(usize) -> F, emit: &mut dyn FnMut(usize, F)) {
        for manner in [Manner::Optimistic, Manner::Careful] {
            self.push::<1>(|_, j| direction(j), Work::One(Pass::Tangents, manner));
            if self.tangents::<1>(|_, k, tangent| emit(k, tangent)) {
                return;
            }
        }
    }

    /// Hands out the tangents of the outputs, and tells whether those and their values are finite.
    fn tangents<const D: usize>(&mut self, mut emit: impl FnMut(usize, usize, F)) -> bool
    where
        Linear<F>: Sided<F, D>,
    {
        let tangents = &self.linear.lanes().tangents;
        let mut rest = F::zero();
        for (k, &slot) in self.program.outputs.iter().enumerate() {
            rest += self.values.slots[slot as usize] * F::zero();
            for (d, &tangent) in tangents[slot as usize].iter().enumerate() {
                rest += tangent * F::zero();
                emit(d, k, tangent);
            }
        }
        num_traits::Zero::is_zero(&rest)
    }

    /// Sweeps back from seeds, hands out the adjoints of the variables, and tells whether all are
    /// finite.
    fn sweep<const D: usize>(
        &mut self,
        work: Work,
        seed: impl Fn(usize, usize) -> F,
        mut emit: impl FnMut(usize, usize, F),
    ) -> bool
    where
        Linear<F>: Sided<F, D>,
    {
        let lanes = self.linear.lanes();
        lanes.begin_sweep();
        let adjoints = &mut lanes.adjoints;
        for (k, &slot) in self.program.outputs.iter().enumerate() {
            for (d, adjoint) in adjoints[slot as usize].iter_mut().enumerate() {
                *adjoint += seed(d, k);
            }
        }
        self.work(work);
        let mut rest = F::zero();
        let lanes = self.linear.lanes();
        lanes.end_sweep();
        let adjoints = &mut lanes.adjoints[..self.program.variables.len()];
        for (j, adjoints) in adjoints.iter_mut().enumerate() {
            for (d, adjoint) in std::mem::replace(adjoints, [F::zero(); D]).into_iter().enumerate()
            {
                rest += adjoint * F::zero();
                emit(d, j, adjoint);
            }
        }
        num_traits::Zero::is_zero(&rest)
    }

    /// The derivatives of the outputs' sum weighted in `D` ways: `emit(d, j, …)` takes that by
    /// variable `j`.
    pub(in crate::function) fn vjp<const D: usize>(
        &mut self,
        weight: impl Fn(usize, usize) -> F,
        mut emit: impl FnMut(usize, usize, F),
    ) where
        Linear<F>: Sided<F, D>,
    {
        let (program, values) = (self.program, self.values);
        let seed = |d, k: usize| seed(weight(d, k), values.slots[program.outputs[k] as usize]);
        let work = <Linear<F> as Sided<F, D>>::work(Pass::Adjoints);
        if self.takes::<D>() && self.sweep::<D>(work, seed, &mut emit) {
            return;
        }
        for d in 0..D {
            self.vjp_of_one(&|k| seed(d, k), &mut |j, adjoint| emit(d, j, adjoint));
        }
    }

    /// As [`Point::vjp`], of one vector, which is taken again with care where numbers are not
    /// finite.
    fn vjp_of_one(&mut self, seed: &dyn Fn(usize) -> F, emit: &mut dyn FnMut(usize, F)) {
        for manner in [Manner::Optimistic, Manner::Careful] {
            let work = Work::One(Pass::Adjoints, manner);
            if self.sweep::<1>(work, |_, k| seed(k), |_, j, adjoint| emit(j, adjoint)) {
                return;
            }
        }
    }

    /// The derivatives of the gradient along `D` directions, after [`Point::pull`] with the same
    /// weights: `emit(d, j, …)` takes that of the derivative by variable `j`.
    pub(in crate::function) fn second<const D: usize>(
        &mut self,
        weight: impl Fn(usize) -> F,
        direction: impl Fn(usize, usize) -> F,
        mut emit: impl FnMut(usize, usize, F),
    ) where
        Linear<F>: Sided<F, D>,
    {
        if self.takes::<D>() {
            self.push::<D>(&direction, <Linear<F> as Sided<F, D>>::work(Pass::Tangents));
            let work = <Linear<F> as Sided<F, D>>::work(Pass::Second);
            if self.second_sweep::<D>(work, &weight, &mut emit) {
                return;
            }
        }
        for d in 0..D {
            let mut emit = |j, derivative| emit(d, j, derivative);
            self.second_of_one(&weight, &|j| direction(d, j), &mut emit);
        }
    }

    /// As [`Point::second`], along one direction, which is taken again with care where numbers
    /// are not finite.
    fn second_of_one(
        &mut self,
        weight: &dyn Fn(usize) -> F,
        direction: &dyn Fn(usize) -> F,
        emit: &mut dyn FnMut(usize, F),
    ) {
        for manner in [Manner::Optimistic, Manner::Careful] {
            self.push::<1>(|_, j| direction(j), Work::One(Pass::Tangents, manner));
            let work = Work::One(Pass::Second, manner);
            if self.second_sweep::<1>(work, weight, |_, j, derivative| emit(j, derivative)) {
                return;
            }
        }
    }

    /// The derivative of the gradient along `v`, into `product`, and the gradient itself, which
    /// [`Point::gradient`] then has.
    pub(in crate::function) fn product(
        &mut self,
        weight: impl Fn(usize) -> F,
        v: &[F],
        product: &mut [F],
    ) {
        if has_vectors(self.arch) && self.product_at_once(&weight, v, product) {
            return;
        }
        self.pull(&weight);
        self.second_of_one(&weight, &|j| v[j], &mut |j, derivative| product[j] = derivative);
    }

    /// As [`Point::product`], by one pass up and one down, and whether all numbers are finite.
    fn product_at_once(&mut self, weight: impl Fn(usize) -> F, v: &[F], product: &mut [F]) -> bool {
        self.linear.one.tangents.as_flattened_mut()[..v.len()].copy_from_slice(v);
        self.work(Work::One(Pass::Tangents, Manner::Optimistic));
        self.seed(&weight);
        self.linear.one.begin_sweep();
        for (k, &slot) in self.program.outputs.iter().enumerate() {
            let value = self.values.slots[slot as usize];
            self.linear.one.adjoints[slot as usize][0] += second_seed(weight(k), value);
        }
        self.work(Work::Both);
        let found = &mut self.linear.one.adjoints.as_flattened_mut()[..v.len()];
        product.copy_from_slice(found);
        found.fill(F::zero());
        self.linear.one.end_sweep();
        are_finite(product) && are_finite(self.gradient())
    }

    /// The way back of [`Point::second`].
    fn second_sweep<const D: usize>(
        &mut self,
        work: Work,
        weight: impl Fn(usize) -> F,
        emit: impl FnMut(usize, usize, F),
    ) -> bool
    where
        Linear<F>: Sided<F, D>,
    {
        let (program, values) = (self.program, self.values);
        let seed = |_, k: usize| second_seed(weight(k), values.slots[program.outputs[k] as usize]);
        self.sweep::<D>(work, seed, emit)
    }
}
