//! The variables that each value depends on.

use super::sets::{EMPTY, SetId, Sets};
use crate::function::draft::{Draft, Source, Step};
use crate::function::opcode::{Kernels, Opcode, dispatch};
use crate::ops::{Beside, Binary, Nary, Ternary, Unary};
use crate::scalar::{Evaluate, Real};

/// The sets of variables that the values of a draft depend on.
pub(super) struct Domains {
    pub(super) sets: Sets,
    of_values: Vec<SetId>,
    /// Of a point, the operands that have no influence there, by their positions among all.
    idle: Vec<bool>,
}

impl Domains {
    /// With the numbers of all values, on the sides of decisions that are taken there.
    pub(super) fn of<F: Real>(draft: &Draft<F>, values: Option<&[F]>) -> Self {
        let variables = draft.variables.len();
        let mut of_values = Vec::with_capacity(draft.values());
        of_values.extend((0..variables).map(Sets::one));
        of_values.resize(draft.inputs(), EMPTY);
        let idle = values.map_or_else(Vec::new, |values| idle_operands(draft, values));
        let mut domains = Self { sets: Sets::of(variables), of_values, idle };
        let mut united = Vec::new();
        for (step, &Step { opcode, .. }) in draft.steps.iter().enumerate() {
            let operands = draft.range_of(step);
            for (k, operand) in operands.enumerate() {
                let set = domains.of_operand(draft, operand);
                if set != EMPTY && united.last() != Some(&set) && has_derivative(opcode, k) {
                    united.push(set);
                }
            }
            let set = domains.sets.unite(&mut united);
            domains.of_values.push(set);
        }
        domains
    }

    /// What an output depends on.
    pub(super) fn of_source(&self, source: Source) -> SetId {
        source.as_value().map_or(EMPTY, |value| self.of_values[value])
    }

    /// What a value depends on, told by its position.
    pub(super) fn of_value(&self, value: usize) -> SetId {
        self.of_values[value]
    }

    /// What an operand depends on, told by its position among those of all steps; nothing, where
    /// it has no influence.
    pub(super) fn of_operand<F: Real>(&self, draft: &Draft<F>, operand: usize) -> SetId {
        if self.is_idle(operand) { EMPTY } else { self.of_source(draft.operands[operand]) }
    }

    /// Whether an operand has no influence, at the point that was given.
    pub(super) fn is_idle(&self, operand: usize) -> bool {
        self.idle.get(operand) == Some(&true)
    }
}

/// Whether an operation has a derivative by its k-th operand that is not zero at every point.
pub(super) const fn has_derivative(opcode: Opcode, k: usize) -> bool {
    use Opcode as O;
    match opcode {
        O::Signum | O::Floor | O::Ceil | O::Round | O::Trunc => false,
        O::Copysign => k == 0,
        // The operands of the comparison decide, and do not contribute.
        O::SelectLess | O::SelectLessOrEqual | O::SelectEqual => k >= 2,
        _ => true,
    }
}

/// Whether an operation decides between its operands, or whether to hand on its only one.
const fn decides(opcode: Opcode) -> bool {
    use Opcode as O;
    matches!(opcode, O::Max | O::Min | O::Relu | O::Clamp)
        || matches!(opcode, O::SelectLess | O::SelectLessOrEqual | O::SelectEqual)
}

/// For each operand of a draft whether a decision leaves it without influence at a point.
fn idle_operands<F: Real>(draft: &Draft<F>, values: &[F]) -> Vec<bool> {
    let number = |source: Source| match source.as_value() {
        None => draft.constants[source.index()],
        Some(value) => values[value],
    };
    let mut idle = vec![false; draft.operands.len()];
    for (step, &Step { opcode, .. }) in draft.steps.iter().enumerate() {
        if !decides(opcode) {
            continue;
        }
        let operands = draft.range_of(step);
        let xs: Vec<F> = draft.operands[operands.clone()].iter().map(|&x| number(x)).collect();
        let y = values[draft.inputs() + step];
        let mut partials = Partials { xs: &xs, y, of: [F::zero(); 4] };
        dispatch(opcode, &mut partials);
        for (idle, partial) in idle[operands].iter_mut().zip(partials.of) {
            *idle = partial.is_all_zero();
        }
    }
    idle
}

/// The partial derivatives of an operation of up to four operands.
struct Partials<'a, F> {
    xs: &'a [F],
    y: F,
    of: [F; 4],
}

impl<F: Real> Kernels for Partials<'_, F> {
    fn unary<R: Unary>(&mut self) {
        self.of[0] = R::partial(self.xs[0], self.y);
    }
    fn binary<R: Binary>(&mut self) {
        self.of[0] = R::left(self.xs[0], self.xs[1], self.y);
        self.of[1] = R::right(self.xs[0], self.xs[1], self.y);
    }
    fn ternary<R: Ternary>(&mut self) {
        let [x, y, z] = R::partials([true; 3], self.xs[0], self.xs[1], self.xs[2]);
        self.of = [x, y, z, F::zero()];
    }
    fn nary<R: Nary>(&mut self) {
        let Self { xs, y, of } = self;
        R::partials(*xs, Beside::of(*y, &mut Vec::new()), |i, partial| of[i] = partial);
    }
    fn powi(&mut self) {}
    fn sum(&mut self) {}
    fn products(&mut self) {}
    fn log_sum_exp(&mut self) {}
}
