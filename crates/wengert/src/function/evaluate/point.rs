//! A recording made linear at a point, on the path of that point.

use crate::error::Error;
use crate::function::compiled::{self, compiled};
use crate::function::element::seed;
use crate::function::linear::{Lanes, Linear, Manner, NARROW, Pass, WIDTH, Work};
use crate::function::program::Program;
use crate::function::replay::space::Space;
use crate::function::{DualWorkspace, Function, Inputs};
use crate::instructions::Arch;
use crate::operation::{Order, check_calls};
use crate::scalar::Real;

/// The values, the local derivatives and the memory of passes.
pub(in crate::function) struct Point<'w, F: Real> {
    pub(in crate::function) program: &'w Program<F>,
    pub(in crate::function) values: &'w Space<F>,
    linear: &'w mut Linear<F>,
    arch: Arch,
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
        inputs: Inputs<'w, F>,
        order: Order,
    ) -> Result<Point<'w, F>, Error> {
        point(self, workspace, inputs, order)
    }

    fn point_here<'w>(
        &'w self,
        workspace: &'w mut DualWorkspace<F>,
        inputs: Inputs<'w, F>,
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

compiled! {
    fn point<'a>(
        function: &'a Function<F>,
        workspace: &'a mut DualWorkspace<F>,
        inputs: Inputs<'a, F>,
        order: Order,
    ) -> Result<Point<'a, F>, Error> = Function::<F>::point_here;

    fn pull<'a>(point: Point<'a, F>, weight: &'a Weight<'a, F>) = Point::<F>::pull_here;

    fn product<'a>(
        point: Point<'a, F>,
        weight: &'a Weight<'a, F>,
        v: &'a [F],
        product: &'a mut [F],
    ) = Point::<F>::product_here;
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
            paths.push((path.id, compiled::linear(&path.program)));
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

/// Puts in place what several directions have of a variable, or several weightings of an output.
/// PERF: all of one at once, so that passes are compiled once for all that asks for them.
pub(in crate::function) type Seeds<'a, F> = dyn Fn(usize, &mut [F]) + 'a;

/// The weight of an output.
pub(in crate::function) type Weight<'a, F> = dyn Fn(usize) -> F + 'a;

/// Takes what several directions, of which the first is told, have of an output or a variable.
pub(in crate::function) type Emit<'a, F> = dyn FnMut(usize, usize, &[F]) + 'a;

/// One of `D` directions.
fn only_of<'a, F: Real, const D: usize>(
    directions: &'a Seeds<'_, F>,
    d: usize,
) -> impl Fn(usize, &mut [F]) + 'a {
    move |j, seed| {
        let mut seeds = [F::zero(); D];
        directions(j, &mut seeds);
        seed.fill(seeds[d]);
    }
}

/// The seeds of first derivatives: weights of the outputs, at their values.
fn first_seeds<'a, F: Real>(weights: &'a Seeds<'_, F>) -> impl Fn(usize, F, &mut [F]) + 'a {
    move |k, value, seeds| {
        weights(k, seeds);
        seeds.iter_mut().for_each(|weight| *weight = seed(*weight, value));
    }
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

    /// The same point, for a while.
    pub(super) const fn again(&mut self) -> Point<'_, F> {
        let Self { program, values, linear, arch } = self;
        Point { program, values, linear, arch: *arch }
    }

    /// Computes the adjoints of all slots, from outputs weighted as told.
    pub(in crate::function) fn pull(&mut self, weight: &Weight<'_, F>) {
        pull(self.again(), weight);
    }

    fn pull_here(mut self, weight: &Weight<'_, F>) {
        self.adjoints(weight);
    }

    fn adjoints(&mut self, weight: &Weight<'_, F>) {
        for manner in [Manner::Optimistic, Manner::Careful] {
            self.seed(weight);
            self.work(Work::Adjoints(manner));
            if are_finite(self.gradient()) {
                return;
            }
        }
    }

    /// The adjoints of the outputs, weighted as told, and zeros for all else.
    fn seed(&mut self, weight: &Weight<'_, F>) {
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

    /// Computes the tangents of all results along `D` directions.
    fn push<const D: usize>(&mut self, direction: &Seeds<'_, F>, work: Work)
    where
        Linear<F>: Sided<F, D>,
    {
        let tangents = &mut self.linear.lanes().tangents;
        for (j, slot) in tangents[..self.program.variables.len()].iter_mut().enumerate() {
            direction(j, slot);
        }
        self.work(work);
    }

    /// Whether `D` directions are taken side by side: not where there is one alone, a number times
    /// which all others are, and no memory for several.
    fn takes<const D: usize>(&self) -> bool {
        D == 1 || (self.arch.has_vectors() && Linear::has_lanes(self.program))
    }

    /// The tangents of the outputs along `D` directions.
    pub(super) fn jvp<const D: usize>(&mut self, direction: &Seeds<'_, F>, emit: &mut Emit<'_, F>)
    where
        Linear<F>: Sided<F, D>,
    {
        if self.takes::<D>() {
            self.push::<D>(direction, <Linear<F> as Sided<F, D>>::work(Pass::Tangents));
            if self.tangents::<D>(emit) {
                return;
            }
        }
        for d in 0..D {
            let direction = only_of::<F, D>(direction, d);
            for manner in [Manner::Optimistic, Manner::Careful] {
                self.push::<1>(&direction, Work::One(Pass::Tangents, manner));
                if self.tangents::<1>(&mut |_, k, tangents| emit(d, k, tangents)) {
                    break;
                }
            }
        }
    }

    /// Hands out the tangents of the outputs, and tells whether those and their values are finite.
    fn tangents<const D: usize>(&mut self, emit: &mut Emit<'_, F>) -> bool
    where
        Linear<F>: Sided<F, D>,
    {
        let tangents = &self.linear.lanes().tangents;
        let mut rest = F::zero();
        for (k, &slot) in self.program.outputs.iter().enumerate() {
            rest += self.values.slots[slot as usize] * F::zero();
            let tangents = &tangents[slot as usize];
            tangents.iter().for_each(|&tangent| rest += tangent * F::zero());
            emit(0, k, tangents);
        }
        num_traits::Zero::is_zero(&rest)
    }

    /// Sweeps back from seeds, hands out the adjoints of the variables, and tells whether all are
    /// finite. A seed is of an output and its value.
    fn sweep<const D: usize>(
        &mut self,
        work: Work,
        seeds: &dyn Fn(usize, F, &mut [F]),
        emit: &mut Emit<'_, F>,
    ) -> bool
    where
        Linear<F>: Sided<F, D>,
    {
        let lanes = self.linear.lanes();
        lanes.begin_sweep();
        for (k, &slot) in self.program.outputs.iter().enumerate() {
            let mut seed = [F::zero(); D];
            seeds(k, self.values.slots[slot as usize], &mut seed);
            for (adjoint, seed) in lanes.adjoints[slot as usize].iter_mut().zip(seed) {
                *adjoint += seed;
            }
        }
        self.work(work);
        let mut rest = F::zero();
        let lanes = self.linear.lanes();
        lanes.end_sweep();
        let adjoints = &mut lanes.adjoints[..self.program.variables.len()];
        for (j, adjoints) in adjoints.iter_mut().enumerate() {
            let adjoints = std::mem::replace(adjoints, [F::zero(); D]);
            adjoints.iter().for_each(|&adjoint| rest += adjoint * F::zero());
            emit(0, j, &adjoints);
        }
        num_traits::Zero::is_zero(&rest)
    }

    /// The derivatives of the outputs' sum weighted in `D` ways, by variable.
    pub(super) fn vjp<const D: usize>(&mut self, weights: &Seeds<'_, F>, emit: &mut Emit<'_, F>)
    where
        Linear<F>: Sided<F, D>,
    {
        let work = <Linear<F> as Sided<F, D>>::work(Pass::Adjoints);
        if self.takes::<D>() && self.sweep::<D>(work, &first_seeds(weights), emit) {
            return;
        }
        for d in 0..D {
            let weights = only_of::<F, D>(weights, d);
            for manner in [Manner::Optimistic, Manner::Careful] {
                let (work, seeds) = (Work::One(Pass::Adjoints, manner), first_seeds(&weights));
                if self.sweep::<1>(work, &seeds, &mut |_, j, adjoints| emit(d, j, adjoints)) {
                    break;
                }
            }
        }
    }

    /// The derivatives of the gradient along `D` directions.
    pub(super) fn second_of<const D: usize>(
        &mut self,
        weight: &Weight<'_, F>,
        direction: &Seeds<'_, F>,
        emit: &mut Emit<'_, F>,
    ) where
        Linear<F>: Sided<F, D>,
    {
        let seeds = |k, value, seeds: &mut [F]| seeds.fill(second_seed(weight(k), value));
        if self.takes::<D>() {
            self.push::<D>(direction, <Linear<F> as Sided<F, D>>::work(Pass::Tangents));
            let work = <Linear<F> as Sided<F, D>>::work(Pass::Second);
            if self.sweep::<D>(work, &seeds, emit) {
                return;
            }
        }
        for d in 0..D {
            let direction = only_of::<F, D>(direction, d);
            self.second_of_one(&seeds, &direction, &mut |_, j, derivatives| {
                emit(d, j, derivatives)
            });
        }
    }

    /// As [`Point::second_of`], along one direction, which is taken again with care where numbers
    /// are not finite.
    fn second_of_one(
        &mut self,
        seeds: &dyn Fn(usize, F, &mut [F]),
        direction: &Seeds<'_, F>,
        emit: &mut Emit<'_, F>,
    ) {
        for manner in [Manner::Optimistic, Manner::Careful] {
            self.push::<1>(direction, Work::One(Pass::Tangents, manner));
            if self.sweep::<1>(Work::One(Pass::Second, manner), seeds, emit) {
                return;
            }
        }
    }

    /// The derivative of the gradient along `v`, into `product`, and the gradient itself, which
    /// [`Point::gradient`] then has.
    pub(in crate::function) fn product(
        &mut self,
        weight: &Weight<'_, F>,
        v: &[F],
        product: &mut [F],
    ) {
        self::product(self.again(), weight, v, product);
    }

    fn product_here(mut self, weight: &Weight<'_, F>, v: &[F], product: &mut [F]) {
        if self.arch.has_vectors() && self.product_at_once(weight, v, product) {
            return;
        }
        self.adjoints(weight);
        let seeds = |k, value, seeds: &mut [F]| seeds.fill(second_seed(weight(k), value));
        let direction = |j, seeds: &mut [F]| seeds.fill(v[j]);
        self.second_of_one(&seeds, &direction, &mut |_, j, found| product[j] = found[0]);
    }

    /// As [`Point::product`], by one pass up and one down, and whether all numbers are finite.
    fn product_at_once(&mut self, weight: &Weight<'_, F>, v: &[F], product: &mut [F]) -> bool {
        self.linear.one.tangents.as_flattened_mut()[..v.len()].copy_from_slice(v);
        self.work(Work::One(Pass::Tangents, Manner::Optimistic));
        self.seed(weight);
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
}
