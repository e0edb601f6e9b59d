//! Tangents: along one direction, or along several side by side.

use super::{Evaluate, Scalar};

/// How a dual number over `F` moves.
pub(super) trait Direction<F>: Copy {
    /// How many directions there are.
    const COUNT: usize;
    /// The tangent along each direction.
    fn of(tangent: impl FnMut(usize) -> F) -> Self;
    /// The tangent along one of them.
    fn along(&self, direction: usize) -> F;
    /// Not at all.
    fn still() -> Self;
    /// Whether it does not move along any direction.
    fn is_still(&self) -> bool;
    /// Whether it is finite and not zero along each direction.
    fn is_ordinary(&self) -> bool;
    /// The sum of two flows.
    fn plus(self, other: Self) -> Self;
    /// The tangent behind an operation with this partial derivative, as [`Evaluate::push`].
    fn pushed(self, partial: F) -> Self;
    /// The same of a tangent that is a number, and a partial derivative that moves.
    fn pushed_along(tangent: F, partial: Self) -> Self;
    /// The adjoint before an operation with this partial derivative, as [`Evaluate::chain`].
    fn chained(self, partial: F) -> Self;
    /// The same of an adjoint that is a number, and a partial derivative that moves.
    fn chained_along(adjoint: F, partial: Self) -> Self;
    /// The tangent of a result with this value, whose operands move so and have these partial
    /// derivatives. The derivative of NaN is NaN, whatever the partials say; a number that records
    /// does not decide by its value, and what reads the tangent of an output looks after it.
    fn flow<const K: usize>(value: F, operands: [Self; K], partials: [F; K]) -> Self;
    /// The derivative of a value that is NaN: NaN along each direction in which an operand moves.
    fn lost(self, nan: F, operands: impl Iterator<Item = Self>) -> Self;
}

impl<F: Scalar> Direction<F> for F {
    const COUNT: usize = 1;
    fn of(mut tangent: impl FnMut(usize) -> F) -> Self {
        tangent(0)
    }
    fn along(&self, _: usize) -> F {
        *self
    }
    #[inline(always)]
    fn still() -> Self {
        Self::zero()
    }
    #[inline(always)]
    fn is_still(&self) -> bool {
        self.is_all_zero()
    }
    #[inline(always)]
    fn is_ordinary(&self) -> bool {
        Evaluate::is_ordinary(*self)
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.accumulate(other)
    }
    #[inline(always)]
    fn pushed(self, partial: F) -> Self {
        self.push(partial)
    }
    #[inline(always)]
    fn pushed_along(tangent: F, partial: Self) -> Self {
        tangent.push(partial)
    }
    #[inline(always)]
    fn chained(self, partial: F) -> Self {
        self.chain(partial)
    }
    #[inline(always)]
    fn chained_along(adjoint: F, partial: Self) -> Self {
        adjoint.chain(partial)
    }
    #[inline(always)]
    fn flow<const K: usize>(value: F, operands: [Self; K], partials: [F; K]) -> Self {
        let mut sum = operands[0].pushed(partials[0]);
        for k in 1..K {
            sum = sum.plus(operands[k].pushed(partials[k]));
        }
        if !F::RECORDS && value.is_nan() { sum.lost(value, operands.into_iter()) } else { sum }
    }
    #[inline]
    fn lost(self, nan: F, mut operands: impl Iterator<Item = Self>) -> Self {
        if operands.all(|tangent| tangent.is_still()) { self } else { nan }
    }
}

/// PERF: loops, which are vector instructions, where `map` is a call for each direction.
impl<F: Scalar, const N: usize> Direction<F> for [F; N] {
    const COUNT: usize = N;
    fn of(tangent: impl FnMut(usize) -> F) -> Self {
        std::array::from_fn(tangent)
    }
    fn along(&self, direction: usize) -> F {
        self[direction]
    }
    #[inline(always)]
    fn still() -> Self {
        [F::zero(); N]
    }
    #[inline(always)]
    fn is_still(&self) -> bool {
        self.iter().all(|tangent| tangent.is_all_zero())
    }
    #[inline(always)]
    fn is_ordinary(&self) -> bool {
        self.iter().all(|&tangent| Evaluate::is_ordinary(tangent))
    }
    #[inline(always)]
    fn plus(mut self, other: Self) -> Self {
        for (sum, flow) in self.iter_mut().zip(other) {
            *sum = sum.accumulate(flow);
        }
        self
    }
    #[inline(always)]
    fn pushed(mut self, partial: F) -> Self {
        // PERF: where the partial derivative is finite and not zero, no tangent has to be looked at.
        if !F::HAS_TANGENT && Evaluate::is_ordinary(partial) {
            for tangent in &mut self {
                *tangent *= partial;
            }
        } else {
            for tangent in &mut self {
                *tangent = tangent.push(partial);
            }
        }
        self
    }
    fn pushed_along(tangent: F, mut partial: Self) -> Self {
        for partial in &mut partial {
            *partial = tangent.push(*partial);
        }
        partial
    }
    fn chained(mut self, partial: F) -> Self {
        for adjoint in &mut self {
            *adjoint = adjoint.chain(partial);
        }
        self
    }
    fn chained_along(adjoint: F, mut partial: Self) -> Self {
        for partial in &mut partial {
            *partial = adjoint.chain(*partial);
        }
        partial
    }
    #[inline(always)]
    fn flow<const K: usize>(value: F, operands: [Self; K], partials: [F; K]) -> Self {
        let is_lost = !F::RECORDS && value.is_nan();
        // PERF: where all partial derivatives are finite and not zero, no tangent has to be looked
        // at. One question, and no call where the answer is no, so that tangents stay in registers.
        let is_plain = !F::HAS_TANGENT && !is_lost && all_ordinary(&partials);
        let mut sum = [F::zero(); N];
        for d in 0..N {
            for k in 0..K {
                let (tangent, partial) = (operands[k][d], partials[k]);
                let flow = if is_plain {
                    tangent * partial
                } else if is_lost && !tangent.is_all_zero() {
                    // All of it, as `lost` has it: numbers may have tangents of their own.
                    value
                } else {
                    tangent.push(partial)
                };
                sum[d] = if k == 0 { flow } else { sum[d].accumulate(flow) };
            }
        }
        sum
    }
    fn lost(mut self, nan: F, operands: impl Iterator<Item = Self>) -> Self {
        for operand in operands {
            for (tangent, moves) in self.iter_mut().zip(operand) {
                *tangent = if moves.is_all_zero() { *tangent } else { nan };
            }
        }
        self
    }
}

/// Whether all partial derivatives are finite and not zero.
#[inline(always)]
fn all_ordinary<F: Scalar, const K: usize>(partials: &[F; K]) -> bool {
    let mut all = true;
    for &partial in partials {
        all &= Evaluate::is_ordinary(partial);
    }
    all
}
