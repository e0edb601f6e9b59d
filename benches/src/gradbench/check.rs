//! No tool is timed before its derivatives are known to be right.

use wengert_problems::oracle;

use super::{
    case::{Case, Run},
    tool::Tool,
};

/// How far from the hand-written derivatives a tool may be, relative to them.
///
/// The largest variable of `lse` has what is left of one when a million shares are taken away:
/// seven digits of it are right.
const TOLERANCE: f64 = 1e-7;

/// A started tool, and room for its derivatives.
///
/// # Panics
///
/// If its derivatives are wrong, of the first call or of the second, which uses memory again.
pub(super) fn start(case: &dyn Case, tool: Tool) -> (Run<'_>, Vec<f64>) {
    let mut run = case.start(tool);
    let mut derivatives = vec![0.0; case.derivatives()];
    if tool != Tool::Plain {
        let mut expected = vec![f64::NAN; derivatives.len()];
        case.start(Tool::HandWritten)(&mut expected);
        for call in ["first", "second"] {
            derivatives.fill(f64::NAN);
            run(&mut derivatives);
            assert_right(tool, call, &derivatives, &expected);
        }
    }
    (run, derivatives)
}

fn assert_right(tool: Tool, call: &str, given: &[f64], expected: &[f64]) {
    // Where all are zero, there is nothing to be relative to.
    if given == expected {
        return;
    }
    let difference = oracle::relative_difference(given, expected);
    let name = tool.name();
    assert!(
        difference <= TOLERANCE,
        "{name}: derivatives of the {call} call off by {difference:e}"
    );
}

#[cfg(test)]
mod tests {
    use wengert_problems::{
        MixtureSize,
        gradbench::{BundleAdjustment, Gmm, Llsq, Lse, Lstm, LstmSize, RungeKutta},
    };

    use super::*;
    use crate::gradbench::Scalar;

    #[test]
    fn every_tool_is_right_at_small_sizes() {
        let gmm = Gmm::new(MixtureSize { dimensions: 3, components: 2, samples: 4 });
        let lstm = Lstm::new(LstmSize { layers: 2, width: 3, items: 5 });
        let cases: [&dyn Case; 7] = [
            &Scalar(Lse::new(6)),
            &Scalar(Llsq::new(4, 7)),
            &Scalar(RungeKutta::new(4, 3)),
            &Scalar(RungeKutta::below_one(9, 2)),
            &Scalar(gmm),
            &Scalar(lstm),
            &BundleAdjustment::new([2, 3, 5]),
        ];
        for case in cases {
            for tool in Tool::all() {
                let (_run, derivatives) = start(case, tool);
                assert_eq!(derivatives.len(), case.derivatives());
            }
        }
    }
}
