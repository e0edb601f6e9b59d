//! Making a draft smaller without changing what it computes.

mod eliminate;
mod exponentials;
mod fuse;
mod identities;
mod seen;
mod simplify;
mod uses;

use super::report::{OptimiserReport, Pass};
use crate::function::draft::Draft;
use crate::scalar::Real;
use uses::Uses;

/// Which passes the optimiser of a [`Function`](crate::Function) makes. All safe ones are on by
/// default.
///
/// # Example
/// ```
/// use wengert::{Function, Optimise};
/// let plain = Function::builder()
///     .optimise(Optimise::none())
///     .record(&[2.0], |x| x[0] * 1.0 + x[0] * 1.0);
/// let optimised = Function::record(&[2.0], |x| x[0] * 1.0 + x[0] * 1.0);
/// assert_eq!(plain.len(), 3);
/// assert_eq!(optimised.len(), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Optimise {
    pub(in crate::function) constants: bool,
    pub(in crate::function) identities: bool,
    pub(in crate::function) subexpressions: bool,
    pub(in crate::function) dead: bool,
    pub(in crate::function) fusion: bool,
    pub(in crate::function) finite: bool,
    pub(in crate::function) log_sum_exp: bool,
}

impl Default for Optimise {
    fn default() -> Self {
        Self::all()
    }
}

macro_rules! switches {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        ///
        /// # Example
        /// ```
        #[doc = concat!("let switches = wengert::Optimise::all().", stringify!($name), "(false);")]
        /// assert!(format!("{switches:?}").contains(concat!(
        #[doc = concat!("    \"", stringify!($name), "\", \": false\"")]
        /// )));
        /// ```
        #[must_use]
        pub const fn $name(self, on: bool) -> Self {
            Self { $name: on, ..self }
        }
    )*};
}

impl Optimise {
    /// Every pass that keeps NaN, infinities and signed zeros.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::Optimise::all(), wengert::Optimise::default());
    /// ```
    #[must_use]
    pub const fn all() -> Self {
        Self {
            constants: true,
            identities: true,
            subexpressions: true,
            dead: true,
            fusion: true,
            finite: false,
            log_sum_exp: false,
        }
    }

    /// No pass at all: the program has an instruction for each recorded operation.
    ///
    /// # Example
    /// ```
    /// assert_ne!(wengert::Optimise::none(), wengert::Optimise::all());
    /// ```
    #[must_use]
    pub const fn none() -> Self {
        Self {
            constants: false,
            identities: false,
            subexpressions: false,
            dead: false,
            fusion: false,
            finite: false,
            log_sum_exp: false,
        }
    }

    switches! {
        /// Operations on constants alone are computed once.
        constants
        /// x·1, x/1, x − 0, −(−x), x¹ and their like are x itself; x·x, x² are a square; x + x is
        /// 2·x; x + (−y) is x − y; a quotient by a power of two is a product. No result changes by
        /// a bit, but for `powf(x, 2)`, where the square is the more exact.
        identities
        /// The same operation of the same operands is computed once.
        subexpressions
        /// Operations on which no output and no guard depends are left out.
        dead
        /// Sums of products become one instruction, with the terms in the order of the
        /// program: values keep their bits, and gradients differ only in the order in which
        /// contributions are added.
        fusion
    }

    const fn simplifies(self) -> bool {
        self.constants || self.identities || self.subexpressions || self.finite
    }

    /// Also identities that are wrong where an operand is NaN or infinite, or the sign of a zero
    /// matters: x + 0 = x, x·0 = 0, x − x = 0, 0/x = 0. Off unless asked for.
    ///
    /// # Example
    /// ```
    /// use wengert::{Function, Optimise};
    /// let fast = Optimise::all().finite(true);
    /// let f = Function::builder().optimise(fast).record(&[2.0], |x| x[0] * 0.0 + x[0]);
    /// assert_eq!(f.len(), 0);
    /// ```
    #[must_use]
    pub const fn finite(self, on: bool) -> Self {
        Self { finite: on, ..self }
    }

    /// Also m + ln Σ e^(xᵢ − m) and ln Σ e^xᵢ, written by hand, become the operation
    /// [`Var::log_sum_exp`](crate::Var::log_sum_exp) of the xᵢ: what does not overflow in it does not
    /// any more, and last bits differ, mostly for the better. The sum may begin with a zero. Sums and
    /// exponentials that something else uses stay as they are. Off unless asked for.
    ///
    /// # Example
    /// ```
    /// use wengert::{Function, Optimise, Var};
    /// fn by_hand<'t>(x: &[Var<'t>]) -> Var<'t> {
    ///     let m = x[1..].iter().fold(x[0], |m, &x| m.max(x));
    ///     m + x.iter().map(|&x| (x - m).exp()).sum::<Var<'_>>().ln()
    /// }
    /// let switches = Optimise::all().log_sum_exp(true);
    /// let f = Function::builder().optimise(switches).record(&[1.0, 2.0, 3.0], by_hand);
    /// assert_eq!((f.len(), Function::record(&[1.0, 2.0, 3.0], by_hand).len()), (1, 11));
    /// ```
    #[must_use]
    pub const fn log_sum_exp(self, on: bool) -> Self {
        Self { log_sum_exp: on, ..self }
    }
}

/// Makes the passes that are switched on, and says what each of them did.
pub(in crate::function) fn optimise<F: Real>(
    mut draft: Draft<F>,
    switches: Optimise,
) -> (Draft<F>, OptimiserReport) {
    let mut report = OptimiserReport::starting_with(&draft);
    if switches.simplifies() {
        let savings = simplify::simplify(&mut draft, switches);
        report.save(Pass::Constants, savings.constants);
        report.save(Pass::Identities, savings.identities);
        report.save(Pass::Subexpressions, savings.subexpressions);
    }
    if switches.log_sum_exp {
        draft = exponentials::recognise(draft);
        report.note(Pass::LogSumExp, &draft);
    }
    if switches.dead || switches.fusion {
        let mut uses = if switches.dead { Uses::by_live(&draft) } else { Uses::by_all(&draft) };
        if switches.dead {
            eliminate::dead(&mut draft, &mut uses);
            report.note(Pass::Dead, &draft);
        }
        if switches.fusion {
            draft = fuse::fuse(draft, &uses);
            report.note(Pass::Fusion, &draft);
        }
    }
    (draft, report)
}

#[cfg(test)]
mod tests {
    use super::{Optimise, optimise};
    use crate::function::capture::builder::record;
    use crate::function::draft::Draft;
    use crate::record::Var;

    /// Something for every pass to do, again and again.
    fn recording<'t>(x: &[Var<'t>], _: &[Var<'t>]) -> Vec<Var<'t>> {
        let mut all = vec![x[0] * 1.0, -(-x[1]), x[0] / 4.0, x[0].powf(2.0), x[1].powi(2)];
        for i in 0..40 {
            let (a, b) = (all[i], all[i * 7 % all.len()]);
            let next = match i % 8 {
                0 => a * b + x[0] * x[1],
                1 => (a - b * b) - x[2] * a - a,
                2 => a + (b + (a * b + x[2])),
                3 => Var::constant(2.0).sin() * a * 1.0,
                4 => Var::sum(&[a, b, a * b, b * 3.0]),
                5 => Var::dot(&[a, b], &[b, x[1]]) - x[0] * x[0],
                6 if i > 30 => ((a - b).exp() + (x[0] - b).exp() + x[1].exp()).ln() + b,
                6 => b.mul_add(x[2], (a + b).exp().abs().abs() / -1.0 - a * x[1]),
                _ => (a * b + x[0] * x[1]) + Var::product(&[a, b, x[2]]),
            };
            all.push(next);
        }
        all.split_off(35)
    }

    fn text(draft: &Draft<f64>) -> String {
        format!("{draft:?}")
    }

    #[test]
    fn a_second_round_finds_nothing_to_do() {
        let all = Optimise::all();
        for switches in [
            Optimise::none(),
            all,
            all.finite(true),
            all.log_sum_exp(true),
            all.fusion(false),
            all.identities(false),
            all.dead(false),
        ] {
            let draft = record(&[0.5, 1.5, -0.25], &[], recording).expect("one tape");
            let once = optimise(draft, switches).0;
            let twice = optimise(once.clone(), switches).0;
            assert_eq!(text(&twice), text(&once), "{switches:?}");
        }
    }
}
