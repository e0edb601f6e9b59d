//! The samples of a batch one by one, and their sums in the tree that the documentation tells.

use wengert::{Batch, Function, Inputs, Real, Var};

/// Samples of functions with so many variables and data, of which the first are shared.
#[derive(Clone, Debug)]
pub(super) struct Samples<F> {
    pub(super) count: usize,
    pub(super) shared: [Vec<F>; 2],
    pub(super) own: [Vec<F>; 2],
}

/// A number without a pattern that rounding would notice, from its position.
pub(super) fn number<F: Real>(i: usize) -> F {
    F::from(1.5 * (12.9898 * i as f64 + 0.5).sin()).expect("a small number")
}

pub(super) fn numbers<F: Real>(count: usize, first: usize) -> Vec<F> {
    (first..first + count).map(number).collect()
}

impl<F: Real> Samples<F> {
    /// So many samples with so many shared and own variables, and shared and own data.
    pub(super) fn of(count: usize, variables: [usize; 2], data: [usize; 2]) -> Self {
        let shared = [numbers(variables[0], 3), numbers(data[0], 11)];
        let own = [numbers(count * variables[1], 101), numbers(count * data[1], 57)];
        Self { count, shared, own }
    }

    /// Samples that have all variables to themselves, and no data.
    pub(super) fn apart(points: &[Vec<F>]) -> Self {
        let own = [points.concat(), Vec::new()];
        Self { count: points.len(), shared: [Vec::new(), Vec::new()], own }
    }

    pub(super) fn batch(&self) -> Batch<'_, F> {
        Batch::new(self.count)
            .shared_variables(&self.shared[0])
            .variables(&self.own[0])
            .shared_data(&self.shared[1])
            .data(&self.own[1])
    }

    /// All variables (0) or data (1) of a sample.
    fn inputs(&self, what: usize, sample: usize) -> Vec<F> {
        let len = self.own[what].len() / self.count;
        let own = &self.own[what][sample * len..][..len];
        self.shared[what].iter().chain(own).copied().collect()
    }

    /// Each sample by itself: the values of all outputs, row by row.
    pub(super) fn values(&self, f: &Function<F>) -> Vec<F> {
        let (mut workspace, mut all) = (f.workspace(), Vec::new());
        for sample in 0..self.count {
            let (variables, data) = (self.inputs(0, sample), self.inputs(1, sample));
            let mut values = vec![F::zero(); f.num_outputs()];
            let inputs = Inputs { variables: &variables, data: &data };
            f.values(&mut workspace, inputs, &mut values).expect("no branch flips");
            all.extend(values);
        }
        all
    }

    /// Each sample by itself: value and gradient, row by row.
    pub(super) fn gradients(&self, f: &Function<F>) -> (Vec<F>, Vec<F>) {
        let (mut workspace, mut values, mut rows) = (f.workspace(), Vec::new(), Vec::new());
        for sample in 0..self.count {
            let (variables, data) = (self.inputs(0, sample), self.inputs(1, sample));
            let mut gradient = vec![F::zero(); f.num_variables()];
            let inputs = Inputs { variables: &variables, data: &data };
            let value = f.value_and_gradient(&mut workspace, inputs, &mut gradient);
            values.push(value.expect("no branch flips"));
            rows.extend(gradient);
        }
        (values, rows)
    }
}

impl<F: Real> Samples<F> {
    /// Each sample by itself: its Jacobian, matrix behind matrix.
    pub(super) fn jacobians(&self, f: &Function<F>) -> Vec<F> {
        let (mut workspace, mut all) = (f.workspace(), Vec::new());
        for sample in 0..self.count {
            let (variables, data) = (self.inputs(0, sample), self.inputs(1, sample));
            let mut jacobian = vec![F::zero(); f.num_outputs() * f.num_variables()];
            let inputs = Inputs { variables: &variables, data: &data };
            f.jacobian(&mut workspace, inputs, &mut jacobian).expect("no branch flips");
            all.extend(jacobian);
        }
        all
    }
}

/// Samples whose sum is a leaf of the tree, and how many of them are added side by side.
const LEAF: usize = 256;
const LANES: usize = 16;

/// The sum of numbers of one sample each.
pub(super) fn tree<F: Real>(terms: &[F]) -> F {
    let leaves = terms.len().div_ceil(LEAF);
    if leaves <= 1 {
        return leaf(terms);
    }
    let powers = (0..).map(|n| 1 << n).take_while(|&power: &usize| power < leaves);
    let (left, right) = terms.split_at(LEAF * powers.last().expect("1 is less than 2"));
    tree(left) + tree(right)
}

fn leaf<F: Real>(terms: &[F]) -> F {
    let mut lanes = [F::zero(); LANES];
    for (i, &term) in terms.iter().enumerate() {
        lanes[i % LANES] += term;
    }
    pairwise(&lanes)
}

fn pairwise<F: Real>(terms: &[F]) -> F {
    match terms {
        [term] => *term,
        _ => {
            let (left, right) = terms.split_at(terms.len() / 2);
            pairwise(left) + pairwise(right)
        }
    }
}

/// A loss to which each variable contributes once, so that a sum over samples has one term of
/// each: three variables, three data.
pub(super) fn loss<F: Real>() -> Function<F> {
    Function::builder().data(&numbers(3, 7)).record_with_data(&numbers(3, 1), |x, d| {
        let residual = x[0] * d[0] + x[1] * d[1] - x[2];
        residual.tanh() * d[2] + (residual * d[0]).exp()
    })
}

/// Many operations on few variables.
pub(super) fn entangled<'t, F: Real>(x: &[Var<'t, F>]) -> Var<'t, F> {
    let products: Vec<_> = (0..12).map(|i| x[i % 3] * x[(i + 1) % 3].sin()).collect();
    Var::log_sum_exp(&products) + Var::norm(x) * products[4].tanh() - x[0] / x[1].exp()
}
