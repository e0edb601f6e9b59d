//! Where the Jacobian and the Hessian of a recording have entries, from the program alone.
//!
//! Forward, each value has the set of variables that it depends on. The Jacobian's row is the set
//! of its output. The Hessian has an entry wherever two variables meet in an operation that is
//! not linear in both (Walther, "Computing sparse Hessians with automatic differentiation", 2008).

mod cover;
mod domains;
pub(in crate::function) mod find;
mod interactions;
mod sets;
pub(in crate::function) mod table;
#[cfg(test)]
mod tests;

pub use table::Pattern;

use crate::error::Error;
use crate::function::draft::Draft;
use crate::function::draft::flat::{flat, has_callees};
use crate::function::draft::fold::values;
use crate::function::known::operations;
use crate::function::program::Program;
use crate::function::{Function, Inputs, Workspace, compiled};
use crate::scalar::Real;

/// Patterns, which hold at every point of the recorded path: of a decision such as `max` or
/// [`select`](crate::select) they have both sides. They take time and memory in proportion to
/// the program and to what is in them.
///
/// Functions and loops that are called as one operation are taken apart for them: what is called
/// counts as often as it is called, a loop's step as often as it runs. Where that would be more
/// than 16,777,216 operations (2²⁴), some gigabytes, each result of a call depends on all that the
/// call is given, and of a call's inputs every two meet: a pattern that holds, with more entries
/// than need be.
impl<F: Real> Function<F> {
    /// Where the Jacobian has entries: a row for each output, a column for each variable.
    ///
    /// Where a derivative is zero at every point, as that of `floor` is, there is no entry. Of a
    /// function that records its paths, it is the pattern of the path first recorded.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record_many(&[1.0; 3], |x| vec![x[0] * x[2], x[1].floor()]);
    /// let pattern = f.jacobian_pattern();
    /// assert!(pattern.entries().eq([(0, 0), (0, 2)]));
    /// ```
    #[must_use]
    pub fn jacobian_pattern(&self) -> Pattern {
        jacobian(&self.program, None, MOST_APART)
    }

    /// Where the Hessian of the outputs' sum, weighted however, has entries: symmetric, with both
    /// triangles. As [`Function::jacobian_pattern`].
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0; 3], |x| x[0] * x[2] + x[1].sin() + x[0]);
    /// assert!(f.hessian_pattern().entries().eq([(0, 2), (1, 1), (2, 0)]));
    /// ```
    #[must_use]
    pub fn hessian_pattern(&self) -> Pattern {
        hessian(&self.program, None, MOST_APART)
    }

    /// As [`Function::jacobian_pattern`], on the sides of decisions that a point takes: it holds
    /// at that point, and around it as far as no decision comes out differently.
    ///
    /// # Errors
    /// If a slice has the wrong length, the workspace is another function's, or a comparison
    /// comes out differently.
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0, 2.0], |x| x[0].max(x[1]));
    /// assert_eq!(f.jacobian_pattern().len(), 2);
    /// let pattern = f.jacobian_pattern_at(&mut f.workspace(), &[5.0, 3.0])?;
    /// assert!(pattern.entries().eq([(0, 0)]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn jacobian_pattern_at<'x>(
        &self,
        workspace: &mut Workspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
    ) -> Result<Pattern, Error> {
        let (program, space) = self.evaluate(workspace, inputs.into())?;
        Ok(jacobian(program, Some(&space.slots), MOST_APART))
    }

    /// As [`Function::hessian_pattern`], on the sides of decisions that a point takes.
    ///
    /// # Errors
    /// As [`Function::jacobian_pattern_at`].
    ///
    /// # Example
    /// ```
    /// let f = wengert::Function::record(&[1.0, 2.0], |x| (x[0] * x[0]).max(x[1].exp()));
    /// let pattern = f.hessian_pattern_at(&mut f.workspace(), &[5.0, 0.0])?;
    /// assert!(pattern.entries().eq([(0, 0)]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn hessian_pattern_at<'x>(
        &self,
        workspace: &mut Workspace<F>,
        inputs: impl Into<Inputs<'x, F>>,
    ) -> Result<Pattern, Error> {
        let (program, space) = self.evaluate(workspace, inputs.into())?;
        Ok(hessian(program, Some(&space.slots), MOST_APART))
    }
}

/// The most operations that calls are taken apart into.
const MOST_APART: usize = 1 << 24;

impl<F: Real> Program<F> {
    /// The variables along whose directions the whole Hessian is found; sought when they are first
    /// asked for.
    pub(in crate::function) fn directions(&self) -> &[u32] {
        self.directions.get_or_init(|| compiled::directions(self))
    }
}

fn jacobian<F: Real>(program: &Program<F>, slots: Option<&[F]>, most: usize) -> Pattern {
    let (draft, values) = apart(program, slots, most);
    compiled::jacobian_pattern(&draft, values.as_ref())
}

fn hessian<F: Real>(program: &Program<F>, slots: Option<&[F]>, most: usize) -> Pattern {
    let (draft, values) = apart(program, slots, most);
    compiled::hessian_pattern(&draft, values.as_ref())
}

/// The steps, those of functions that are called among them, and the values of inputs and steps.
/// Where they would be more than `most`, each result of a call depends on all that it is given.
fn apart<F: Real>(
    program: &Program<F>,
    slots: Option<&[F]>,
    most: usize,
) -> (Draft<F>, Option<Vec<F>>) {
    let draft = compiled::decode(program);
    if has_callees::<F>(&program.calls)
        && operations(&draft) <= most
        && let Ok(flat) = flat(draft.clone())
    {
        let inputs = slots.map(|slots| &slots[..program.inputs()]);
        let values = inputs.map(|inputs| values(&flat.draft, inputs));
        return (flat.draft, values);
    }
    let values = slots.map(|slots| {
        let (inputs, results) = (program.inputs(), program.first_result());
        [&slots[..inputs], &slots[results..program.slots]].concat()
    });
    (draft, values)
}
