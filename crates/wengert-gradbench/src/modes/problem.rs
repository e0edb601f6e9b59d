//! What recording asks of a problem of one number.

use wengert::Var;
use wengert_problems::gradbench::{Gmm, Llsq, Lse, Lstm, RungeKutta, Split, about};

/// A problem that can be recorded once, for all values that are asked for later.
pub trait Recordable: Split + Send + Sized + 'static {
    /// What the problem is given and not asked for derivatives of, where a recording has a place
    /// for it: none of its values becomes a part of the recording.
    fn data(&self) -> Vec<f64> {
        Vec::new()
    }

    /// Records the function, so that it follows its variables and data wherever they go.
    fn record<'t>(&self, x: &[Var<'t>], data: &[Var<'t>]) -> Var<'t> {
        debug_assert!(data.is_empty(), "a problem without data");
        self.objective(x)
    }
}

impl Recordable for Lse {
    /// The maximum is an operation here: which variable is the largest may be another later.
    fn record<'t>(&self, x: &[Var<'t>], _data: &[Var<'t>]) -> Var<'t> {
        about(x, largest(x.to_vec()))
    }
}

/// The largest of variables, by rounds of a knockout: what is compared in a round does not wait
/// for each other.
fn largest(mut x: Vec<Var<'_>>) -> Var<'_> {
    while x.len() > 1 {
        let half = x.len().div_ceil(2);
        for i in half..x.len() {
            x[i - half] = x[i - half].max(x[i]);
        }
        x.truncate(half);
    }
    x[0]
}

impl Recordable for Llsq {}

impl Recordable for RungeKutta {}

impl Recordable for Gmm {
    fn data(&self) -> Vec<f64> {
        self.mixture().samples().flatten().copied().collect()
    }

    fn record<'t>(&self, x: &[Var<'t>], data: &[Var<'t>]) -> Var<'t> {
        self.mixture().likelihood(x, data)
    }
}

impl Recordable for Lstm {
    fn data(&self) -> Vec<f64> {
        let (state, sequence) = self.state_and_sequence();
        [state, sequence].concat()
    }

    fn record<'t>(&self, x: &[Var<'t>], data: &[Var<'t>]) -> Var<'t> {
        let (state, sequence) = data.split_at(self.size().state());
        self.loss(x, state, sequence)
    }
}
