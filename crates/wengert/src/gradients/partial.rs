//! Sweeps that end at a mark, so that what was recorded before it is swept once for many endings.

use super::doors::{above_the_seeds, run};
use super::{Error, Gradients, Kind, Mark, PerNode, Scalar, Tape, Var};
use crate::store::Way;
use std::panic::Location;

impl<F: Scalar> Tape<F> {
    /// A reverse sweep from some outputs down to a mark, which adds to adjoints that live on.
    ///
    /// It is for recordings with a shared part and many endings, such as the paths of a
    /// simulation: the shared part (parameters, curves) is recorded once and marked; then each
    /// path is recorded, swept down to the mark, and rewound; at the end one sweep goes through
    /// the shared part. The tape has the length of the shared part and one path, so that it
    /// stays in the cache, and the shared part is swept once and not once a path.
    ///
    /// `gradients` holds the adjoints of the nodes below the mark, which wait: each further call
    /// with the same `gradients` adds to them, or, where its mark lies below, sweeps them on. A
    /// call whose mark is that of an empty tape leaves nothing waiting, so that the next begins
    /// anew; so does any other sweep into the same `gradients`, and [`Gradients::new`]. The
    /// adjoints above the mark can be read until the next call; one that is set by hand there is
    /// forgotten by it, one below the mark is swept on like the others.
    ///
    /// The sums are those of one recording of all paths, added in the order of the calls.
    ///
    /// # Errors
    /// If the mark or an output is another tape's, if the tape was reset or rewound to before
    /// the mark since it was made, or to before the adjoints that wait, or if there is no memory
    /// for the adjoints; then nothing changes.
    ///
    /// # Complexity
    /// One pass over the nodes above the mark, and one over their adjoints to clear them.
    ///
    /// # Example: two payoffs of one curve
    /// ```
    /// use wengert::{Gradients, Tape};
    /// let mut tape = Tape::new();
    /// let empty = tape.mark();
    /// let rate = tape.var(0.05);
    /// let growth = rate.exp();
    /// let (rate, growth) = (rate.id().unwrap(), growth.id().unwrap());
    /// let shared = tape.mark();
    ///
    /// let mut gradients = Gradients::new();
    /// for shock in [1.0, 3.0] {
    ///     let payoff = (tape.get(growth).unwrap() * shock).powi(2);
    ///     tape.pullback_to(shared, &[(payoff, 0.5)], &mut gradients)?;
    ///     tape.rewind(shared)?;
    /// }
    /// tape.pullback_to(empty, &[], &mut gradients)?;
    /// // d/dr of the mean of (s·eʳ)² for the two shocks is 2·5·e²ʳ
    /// let derivative = gradients[tape.get(rate).unwrap()];
    /// assert!((derivative - 10.0 * 0.1_f64.exp()).abs() < 1e-14);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[track_caller]
    pub fn pullback_to(
        &self,
        mark: Mark,
        seeds: &[(Var<'_, F>, F)],
        gradients: &mut Gradients<F>,
    ) -> Result<(), Error> {
        self.guards.departs(Way::Sweep, None, Some(Location::caller()));
        self.check_mark(mark)?;
        Var::check_tape(seeds.iter().map(|&(output, _)| output), self)?;
        let waiting = gradients.0.waiting_on(self)?;
        gradients.0.keep(Some(self), waiting)?;
        gradients.0.add_seeds(seeds);
        let end = waiting.max(above_the_seeds(seeds));
        if end > mark.nodes {
            run(self, gradients, mark.nodes..end)?;
        }
        gradients.0.waiting = mark.nodes;
        Ok(())
    }
}

impl<F: Scalar> PerNode<F> {
    /// How many adjoints wait for a sweep of `tape`.
    ///
    /// # Errors
    /// If they wait for another tape's, or their nodes are no longer there.
    fn waiting_on(&self, tape: &Tape<F>) -> Result<usize, Error> {
        if self.waiting == 0 {
            return Ok(0);
        }
        if self.tape != tape.identity() {
            return Err(Kind::ForeignGradients.into());
        }
        let (waiting, kept) = (self.waiting, tape.history().kept_since(self.moment));
        if kept < waiting { Err(Kind::LostAdjoints { waiting, kept }.into()) } else { Ok(waiting) }
    }
}
