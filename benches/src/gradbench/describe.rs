//! A problem as numbers, for a driver in another language.

use std::{fmt::Write, iter};

use wengert_problems::{
    Problem,
    gradbench::{BundleAdjustment, Gmm, Llsq, Lse, Lstm, RungeKutta},
};

/// All that is to be known of a case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Description {
    /// The name of the objective.
    pub problem: &'static str,
    /// Its sizes, as `adolc/driver.cpp` wants them.
    pub sizes: Vec<usize>,
    /// What does not vary.
    pub data: Vec<f64>,
    /// The variables.
    pub point: Vec<f64>,
}

impl Description {
    /// The name, and the three lists with the length of each before it.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n{}", self.problem, self.sizes.len());
        let sizes = self.sizes.iter().map(|&size| size as f64);
        let lists = [&self.data, &self.point].into_iter();
        let lists =
            lists.flat_map(|list| iter::once(list.len() as f64).chain(list.iter().copied()));
        for number in sizes.chain(lists) {
            write!(text, " {number:e}").expect("a string can always grow");
        }
        text.push('\n');
        text
    }
}

/// A problem that can be described.
pub trait Describe {
    /// The problem as numbers.
    fn describe(&self) -> Description;
}

/// A description of a problem of one number.
fn described(problem: &impl Problem, sizes: &[usize], data: Vec<f64>) -> Description {
    let point = problem.point().to_vec();
    Description { problem: problem.name(), sizes: sizes.to_vec(), data, point }
}

impl Describe for Lse {
    fn describe(&self) -> Description {
        described(self, &[], Vec::new())
    }
}

impl Describe for Llsq {
    fn describe(&self) -> Description {
        described(self, &[self.abscissae().len()], Vec::new())
    }
}

impl Describe for RungeKutta {
    fn describe(&self) -> Description {
        described(self, &[self.steps()], Vec::new())
    }
}

impl Describe for Gmm {
    fn describe(&self) -> Description {
        let mixture = self.mixture();
        let size = mixture.size();
        let data = mixture.samples().flatten().copied().chain([mixture.constant()]).collect();
        described(self, &[size.dimensions, size.components, size.samples], data)
    }
}

impl Describe for Lstm {
    fn describe(&self) -> Description {
        let (state, sequence) = self.state_and_sequence();
        let size = self.size();
        described(self, &[size.layers, size.width, size.items], [state, sequence].concat())
    }
}

impl Describe for BundleAdjustment {
    fn describe(&self) -> Description {
        let p = self.observations();
        let observation = |i| self.variables(i).into_iter().chain(self.feature(i));
        let data = (0..p).flat_map(observation).collect();
        Description { problem: "ba", sizes: vec![p], data, point: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_each_length_before_its_list() {
        let description = Llsq::at(vec![0.5, 0.1], 7).describe();
        assert_eq!(description.text(), "llsq\n1 7e0 0e0 2e0 5e-1 1e-1\n");
    }

    #[test]
    fn an_observation_is_seventeen_numbers() {
        let description = BundleAdjustment::new([2, 2, 3]).describe();
        assert_eq!((description.sizes, description.data.len()), (vec![3], 3 * 17));
    }
}
