//! A function along a path: series of its outputs from series of its variables.

use super::draft::flat::flat;
use super::draft::{Draft, Source, Step};
use super::evaluate::guards::failure;
use super::opcode::Opcode;
use super::program::decode;
use super::{Function, Policy};
use crate::error::{Error, Kind, check_length};
use crate::ops::OpKind;
use crate::scalar::{Evaluate, Real};
use crate::taylor::{Series, apply, try_apply};
use smallvec::SmallVec;

impl<F: Real> Function<F> {
    /// The Taylor coefficients of the outputs along a path of the variables, up to `order`:
    /// `variables` has for each variable its coefficients, `order + 1` of them, side by side, and
    /// the result is of the same form for each output. Coefficient k is the k-th derivative over k!;
    /// along a line x + v·t the coefficients of a variable are x, v and zeros.
    ///
    /// What [`Taylor`](crate::Taylor) is to a closure this is to a recording, with an order that is
    /// chosen when it runs.
    ///
    /// # Errors
    /// If a slice has not the length that goes with the function and the order, if a comparison comes
    /// out differently than in the recording (of a function that records its paths this is the path
    /// of its recording), or where there is no recurrence: if a parameter of `gamma_p`, `gamma_q` or
    /// `beta_inc` varies along the path, if the function is a derivative that contains one of an
    /// operation of two variables, or if it calls an operation of a user's own.
    ///
    /// # Cost
    /// O(order²) for each operation, with the exceptions of [`Taylor`](crate::Taylor). Takes memory
    /// for all coefficients, and unpacks the program.
    ///
    /// # Example: all derivatives of x·y along a line
    /// ```
    /// let f = wengert::Function::record(&[1.0, 1.0], |x| x[0] * x[1]);
    /// let mut product = [0.0; 3];
    /// // (2 + t)·(3 − t)
    /// f.taylor(2, &[2.0, 1.0, 0.0, 3.0, -1.0, 0.0], &[], &mut product)?;
    /// assert_eq!(product, [6.0, 1.0, -1.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn taylor(
        &self,
        order: usize,
        variables: &[F],
        data: &[F],
        outputs: &mut [F],
    ) -> Result<(), Error> {
        let len = order + 1;
        let wanted = |count: usize| count.saturating_mul(len);
        check_length("the slice of variables", variables.len(), wanted(self.num_variables()))?;
        check_length("the slice of data", data.len(), self.num_data())?;
        check_length("the slice of outputs", outputs.len(), wanted(self.num_outputs()))?;
        let draft = flat(decode::decode(&self.program))?.draft;
        if let Some(called) = draft.calls.first() {
            return Err(called.has_no_series());
        }
        let paths = Paths::of(&draft, len, variables, data)?;
        if self.policy != Policy::Ignore {
            paths.check_guards(&draft, &self.program.guards)?;
        }
        for (output, &source) in outputs.chunks_mut(len).zip(&draft.outputs) {
            output.copy_from_slice(&paths.at(source));
        }
        Ok(())
    }
}

/// The series of all inputs, constants and steps, of `len` coefficients each.
struct Paths<F> {
    len: usize,
    values: Vec<Series<F>>,
    constants: Vec<Series<F>>,
}

impl<F: Real> Paths<F> {
    fn of(draft: &Draft<F>, len: usize, variables: &[F], data: &[F]) -> Result<Self, Error> {
        let constant = |&number: &F| {
            let mut series = Series::from_elem(F::zero(), len);
            series[0] = number;
            series
        };
        let values = variables.chunks(len).map(Series::from_slice).chain(data.iter().map(constant));
        let constants = draft.constants.iter().map(constant).collect();
        let mut paths = Self { len, values: values.collect(), constants };
        for (at, &step) in draft.steps.iter().enumerate() {
            let series = paths.step(step, draft.operands_of(at));
            paths.values.push(series?);
        }
        Ok(paths)
    }

    fn plain(&self, source: Source) -> &[F] {
        let all = if source.is_constant() { &self.constants } else { &self.values };
        &all[source.index()]
    }

    fn at(&self, source: Source) -> Series<F> {
        let negate = |&x: &F| if source.is_negated() { -x } else { x };
        self.plain(source).iter().map(negate).collect()
    }

    fn step(&self, step: Step, operands: &[Source]) -> Result<Series<F>, Error> {
        let xs: SmallVec<[&[F]; 4]> = operands.iter().map(|&source| self.plain(source)).collect();
        match step.opcode {
            Opcode::Square => try_apply(OpKind::SquaredNorm, &xs),
            Opcode::Powi => {
                let mut exponent = Series::from_elem(F::zero(), self.len);
                exponent[0] = F::lit(f64::from(step.detail));
                try_apply(OpKind::Pow, &[xs[0], &exponent])
            }
            Opcode::Sum => Ok(self.sum(operands, 1)),
            Opcode::Products | Opcode::Chains => Ok(self.sum(operands, 2)),
            opcode => {
                let kind = OpKind::from_name(opcode.name()).ok_or(Kind::NoSeries)?;
                try_apply(kind, &xs)
            }
        }
    }

    /// The sum of terms of `width` factors, whose signs are those of the first.
    fn sum(&self, operands: &[Source], width: usize) -> Series<F> {
        let mut sum = Series::from_elem(F::zero(), self.len);
        for factors in operands.chunks(width) {
            let term = match *factors {
                [a, b] => {
                    let product = apply(OpKind::Mul, &[self.at(a).as_slice(), self.plain(b)]);
                    product.unwrap_or_else(|| unreachable!("a product has a series"))
                }
                _ => self.at(factors[0]),
            };
            sum.iter_mut().zip(term).for_each(|(sum, term)| *sum += term);
        }
        sum
    }

    fn check_guards(
        &self,
        draft: &Draft<F>,
        guards: &[super::program::ProgramGuard<F>],
    ) -> Result<(), Error> {
        for (guard, known) in draft.guards.iter().zip(guards) {
            let [x, y] = guard.operands.map(|source| self.at(source)[0]);
            if !guard.comparison.agrees(guard.then, (x, y)) {
                return Err(failure(known, (x, y), None, None));
            }
        }
        Ok(())
    }
}
