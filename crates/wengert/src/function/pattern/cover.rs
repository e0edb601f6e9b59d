//! The variables along whose directions a whole Hessian is found.

use super::domains::Domains;
use super::interactions::meetings;
use super::sets::Walk;
use crate::function::draft::Draft;
use crate::scalar::Real;

/// Variables, ascending, one of which each entry of the Hessian has for its row or its column: the
/// others' entries are zero or, by symmetry, those of these. A variable that meets itself is one of
/// them; where two sets meet that share none, so is either, and the smaller is taken.
pub(super) fn cover<F: Real>(draft: &Draft<F>, domains: &Domains) -> Vec<u32> {
    let meetings = meetings(draft, domains);
    let mut cover = Cover { is_taken: vec![false; draft.variables.len()], open: 0 };
    cover.open = cover.is_taken.len();
    let mut walk = Walk::of(&domains.sets);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for takes_pairs in [false, true] {
        // The last sets have most of the others in them, so that all are soon taken.
        for &(a, b) in meetings.iter().rev() {
            if cover.open == 0 {
                break;
            }
            left.clear();
            right.clear();
            walk.elements(&domains.sets, a, &mut left);
            walk.elements(&domains.sets, b, &mut right);
            if takes_pairs {
                cover.pairs(&mut left, &mut right);
            } else {
                cover.both(&mut left, &right);
            }
        }
    }
    (0..).zip(cover.is_taken).filter_map(|(variable, taken)| taken.then_some(variable)).collect()
}

struct Cover {
    is_taken: Vec<bool>,
    /// How many are not.
    open: usize,
}

impl Cover {
    fn take(&mut self, variable: u32) {
        if !std::mem::replace(&mut self.is_taken[variable as usize], true) {
            self.open -= 1;
        }
    }

    /// Takes what is in both of two lists.
    fn both(&mut self, left: &mut [u32], right: &[u32]) {
        left.sort_unstable();
        for &variable in right {
            if left.binary_search(&variable).is_ok() {
                self.take(variable);
            }
        }
    }

    /// Takes one of every pair that has none yet.
    fn pairs(&mut self, left: &mut Vec<u32>, right: &mut Vec<u32>) {
        for list in [&mut *left, &mut *right] {
            list.retain(|&variable| !self.is_taken[variable as usize]);
        }
        if !(left.is_empty() || right.is_empty()) {
            let smaller = if left.len() <= right.len() { left } else { right };
            smaller.iter().for_each(|&variable| self.take(variable));
        }
    }
}
