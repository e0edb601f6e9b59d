//! Closures over numbers without a lifetime, for whatever takes closures over variables.

use super::{Active, Session, misplaced};
use crate::error::{Kind, expect, fail};
use crate::record::Var;
use crate::scalar::Real;
use crate::store::Loan;

/// What a closure over [`Active`] numbers returns: one number, a list or an array of them. The
/// trait is sealed.
///
/// # Example: a function that takes either closure
/// ```
/// use wengert::numbers::Outputs;
/// use wengert::{Active, Var, active, jacobian};
/// fn slopes<R>(f: fn(&[Active]) -> R, x: &[f64]) -> Vec<Vec<f64>>
/// where
///     R: for<'t> Outputs<f64, Of<'t> = Vec<Var<'t>>>,
/// {
///     jacobian(active(f), x)
/// }
/// assert_eq!(slopes(|x| vec![x[0] * x[0]], &[3.0]), [[6.0]]);
/// ```
pub trait Outputs<F: Real>: Sealed<F> {
    /// The same as variables.
    type Of<'t>;
    /// Each number as a variable.
    #[doc(hidden)]
    fn map<'t>(self, var: impl FnMut(Active<F>) -> Var<'t, F>) -> Self::Of<'t>;
}

mod sealed {
    pub trait Sealed<F> {}
}
use sealed::Sealed;

impl<F: Real> Sealed<F> for Active<F> {}
impl<F: Real> Outputs<F> for Active<F> {
    type Of<'t> = Var<'t, F>;
    fn map<'t>(self, mut var: impl FnMut(Self) -> Var<'t, F>) -> Var<'t, F> {
        var(self)
    }
}

impl<F: Real> Sealed<F> for Vec<Active<F>> {}
impl<F: Real> Outputs<F> for Vec<Active<F>> {
    type Of<'t> = Vec<Var<'t, F>>;
    fn map<'t>(self, var: impl FnMut(Active<F>) -> Var<'t, F>) -> Vec<Var<'t, F>> {
        self.into_iter().map(var).collect()
    }
}

impl<F: Real, const N: usize> Sealed<F> for [Active<F>; N] {}
impl<F: Real, const N: usize> Outputs<F> for [Active<F>; N] {
    type Of<'t> = [Var<'t, F>; N];
    fn map<'t>(self, var: impl FnMut(Active<F>) -> Var<'t, F>) -> [Var<'t, F>; N] {
        <[Active<F>; N]>::map(self, var)
    }
}

/// A closure over [`Active`] numbers as one over [`Var`]: for [`gradient`](crate::gradient) and its
/// like, [`Function::record`](crate::Function::record), [`check_gradient`](crate::check_gradient),
/// and whatever else takes a closure. It returns a number or a list.
///
/// While the closure runs, the recording of its variables is active on the thread.
///
/// # Panics
/// The closure that is returned panics if its variables are of two tapes, if what is computed is
/// stale or of another tape, or if the tape is being read.
///
/// # Complexity
/// A call moves the recording over and back, some hundred nanoseconds whatever its size.
///
/// # Example: a helper with no lifetime in its type
/// ```
/// use wengert::{Active, Function, active, gradient, jacobian};
/// fn square(x: Active) -> Active {
///     x * x
/// }
/// let twice = |f: fn(Active) -> Active, x: Active| f(f(x));
/// assert_eq!(gradient(active(|x: &[Active]| twice(square, x[0])), &[3.0]), [108.0]);
/// assert_eq!(jacobian(active(|x: &[Active]| vec![x[0], 2 * x[0]]), &[3.0]), [[1.0], [2.0]]);
/// let f = Function::record(&[1.0], active(|x: &[Active]| twice(square, x[0])));
/// assert_eq!(f.value(&mut f.workspace(), &[2.0]), Ok(16.0));
/// ```
pub fn active<F: Real, R: Outputs<F>>(
    f: impl Fn(&[Active<F>]) -> R,
) -> impl for<'t> Fn(&[Var<'t, F>]) -> R::Of<'t> {
    move |x| lend(x, &[], |numbers, _| f(numbers))
}

/// As [`active`], for closures that take data too.
///
/// # Example
/// ```
/// use wengert::numbers::active_with_data;
/// use wengert::{Active, Function};
/// let f = Function::builder().data(&[5.0]).record_with_data(
///     &[2.0],
///     active_with_data(|x: &[Active], t: &[Active]| x[0] * t[0]),
/// );
/// assert_eq!(f.value(&mut f.workspace(), (&[4.0], &[6.0])), Ok(24.0));
/// ```
pub fn active_with_data<F: Real, R: Outputs<F>>(
    f: impl Fn(&[Active<F>], &[Active<F>]) -> R,
) -> impl for<'t> Fn(&[Var<'t, F>], &[Var<'t, F>]) -> R::Of<'t> {
    move |x, data| lend(x, data, &f)
}

/// As [`active`], for closures over arrays: see [`array`](mod@crate::array).
///
/// # Example
/// ```
/// use wengert::numbers::active_array;
/// use wengert::{Active, array};
/// let f = active_array(|[x, y]: [Active; 2]| x * y);
/// assert_eq!(array::gradient(f, [2.0, 3.0]), [3.0, 2.0]);
/// ```
pub fn active_array<F: Real, const N: usize, R: Outputs<F>>(
    f: impl Fn([Active<F>; N]) -> R,
) -> impl for<'t> Fn([Var<'t, F>; N]) -> R::Of<'t> {
    move |x| lend(&x, &[], |numbers, _| f(std::array::from_fn(|i| numbers[i])))
}

/// Calls `f` with variables as numbers, while their recording is active.
#[track_caller]
fn lend<'t, F: Real, R: Outputs<F>>(
    x: &[Var<'t, F>],
    data: &[Var<'t, F>],
    f: impl FnOnce(&[Active<F>], &[Active<F>]) -> R,
) -> R::Of<'t> {
    let both = [expect(Var::common_tape(x)), expect(Var::common_tape(data))];
    let tape = match both {
        [Some(tape), Some(other)] if !std::ptr::eq(tape, other) => {
            fail(Kind::ForeignVariable.into())
        }
        [first, second] => first.or(second),
    };
    let loan = tape.map(|tape| Loan::of(tape).unwrap_or_else(|| fail(Kind::ViewAlive.into())));
    let session = loan.as_ref().map(Loan::session);
    let numbers = |vars: &[Var<'t, F>]| -> Vec<Active<F>> {
        vars.iter().map(|&var| number(session, var)).collect()
    };
    let outputs = f(&numbers(x), &numbers(data));
    outputs.map(|output| match (tape, output.session) {
        (_, None) => Var::constant(output.value),
        (Some(tape), own) if own == session => Var::recorded(tape, output.index, output.value),
        _ => fail(misplaced(output)),
    })
}

/// A variable as a number of the session in which its recording is active.
fn number<F: Real>(session: Option<Session>, var: Var<'_, F>) -> Active<F> {
    let session = if var.is_constant() { None } else { session };
    Active { session, index: var.raw_index(), value: var.value }
}
