//! The operands of a run side by side.

use super::in_parts;
use crate::function::linear::terms::{Bend, Columns, Partial, Term};
use crate::function::program::columns::Column;
use crate::scalar::Real;

/// What is read of the operands of a run, side by side whatever their slots.
pub(super) struct Rows<'m, F> {
    operands: &'m mut [F],
    partials: &'m mut [F],
    bends: &'m mut [F],
}

impl<'m, F: Real> Rows<'m, F> {
    /// In memory of three numbers for each operation of the longest run.
    #[inline(always)]
    pub(super) fn of(memory: &'m mut [F]) -> Self {
        let len = memory.len() / 3;
        let (operands, rest) = memory.split_at_mut(len);
        let (partials, bends) = rest.split_at_mut(len);
        Self { operands, partials, bends }
    }

    /// Adds a term to the tangents of a run, or begins them with it.
    #[inline(always)]
    pub(super) fn push(
        &mut self,
        term: &Term<'_, F>,
        values: &[F],
        tangents: &[F],
        results: &mut [F],
        is_first: bool,
    ) {
        let len = term.count;
        load(&term.column, tangents, F::one(), &mut self.operands[..len]);
        load_partials(&term.partial, values, &mut self.partials[..len]);
        let products = self.operands[..len].iter().zip(&self.partials[..len]);
        let results = results[..len].iter_mut().zip(products);
        if is_first {
            results.for_each(|(result, (&x, &p))| *result = F::zero() + x * p);
        } else {
            results.for_each(|(result, (&x, &p))| *result += x * p);
        }
    }

    /// Reads how the partial derivatives of a term change, if they do.
    #[inline(always)]
    fn bend(&mut self, term: &Term<'_, F>, columns: &Columns<'_>, tangents: &[F]) -> bool {
        let len = term.count;
        let bends = &mut self.bends[..len];
        match term.bend {
            Bend::Flat => return false,
            Bend::Moving(column, times) => load(&column, tangents, times, bends),
            Bend::Curved(by) => {
                bends.fill(F::zero());
                // A column that is not active has no tangents.
                for (j, column) in columns.iter().enumerate().filter(|(_, c)| c.is_active) {
                    let operands = &mut self.operands[..len];
                    load(column, tangents, F::one(), operands);
                    let products = operands.iter().zip(&by[j * len..][..len]);
                    for (bend, (&x, &by)) in bends.iter_mut().zip(products) {
                        *bend += x * by;
                    }
                }
            }
        }
        true
    }

    /// What flows from the results of a run into the operands of a term: the derivatives of what
    /// flows, from those of the adjoints, and the adjoints' own.
    #[inline(always)]
    pub(super) fn flows(
        &mut self,
        term: &Term<'_, F>,
        columns: &Columns<'_>,
        [values, tangents]: [&[F]; 2],
        [adjoints, seconds]: [&[F]; 2],
    ) -> [&[F]; 2] {
        let (zero, len) = (F::zero(), term.count);
        let is_bent = self.bend(term, columns, tangents);
        load_partials(&term.partial, values, &mut self.partials[..len]);
        let (adjoints, seconds) = (&adjoints[..len], &seconds[..len]);
        let (partials, flow) = (&mut self.partials[..len], &mut self.operands[..len]);
        let second = flow.iter_mut().zip(seconds.iter().zip(&*partials));
        if is_bent {
            let bent = adjoints.iter().zip(&self.bends[..len]);
            for ((flow, (&d, &p)), (&w, &bend)) in second.zip(bent) {
                *flow = (zero + w * bend) + d * p;
            }
        } else {
            second.for_each(|(flow, (&d, &p))| *flow = zero + d * p);
        }
        for (partial, &w) in partials.iter_mut().zip(adjoints) {
            *partial = zero + w * *partial;
        }
        [flow, partials]
    }
}

/// Reads the operands of a column, times a number.
#[inline(always)]
fn load<F: Real>(column: &Column<'_>, from: &[F], times: F, into: &mut [F]) {
    match column.regular() {
        Some((first, 1)) => {
            let from = &from[first..first + into.len()];
            into.iter_mut().zip(from).for_each(|(into, &x)| *into = x * times);
        }
        Some((first, 0)) => into.fill(from[first] * times),
        _ => {
            for (i, into) in into.iter_mut().enumerate() {
                *into = from[column.slot(i)] * times;
            }
        }
    }
}

#[inline(always)]
fn load_partials<F: Real>(partial: &Partial<'_, F>, values: &[F], into: &mut [F]) {
    match *partial {
        Partial::Same(number) => into.fill(number),
        Partial::Values(column, times) => load(&column, values, times, into),
        Partial::Stored(partials) => into.copy_from_slice(partials),
    }
}

/// Adds to the operands of a column.
#[inline(always)]
pub(super) fn add<F: Real>(column: &Column<'_>, adjoints: &mut [F], flow: &[F]) {
    match column.regular() {
        Some((first, 1)) => {
            let adjoints = &mut adjoints[first..first + flow.len()];
            adjoints.iter_mut().zip(flow).for_each(|(adjoint, &flow)| *adjoint += flow);
        }
        Some((slot, 0)) => adjoints[slot] += in_parts(flow, |flow| flow),
        _ => {
            for (i, &flow) in flow.iter().enumerate() {
                adjoints[column.slot(i)] += flow;
            }
        }
    }
}
