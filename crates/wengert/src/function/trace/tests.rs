//! Traces against the doors they stand beside, on random drafts of every layout.

use crate::Function;
use crate::function::Policy;
use crate::function::draft::Draft;
use crate::function::draft::report::OptimiserReport;
use crate::function::program::decode::tests::drafts;

/// A function that goes on where a comparison comes out differently.
fn function(draft: &Draft<f64>) -> Function {
    let report = OptimiserReport::starting_with(draft);
    Function::assemble(draft, report, Policy::Ignore).unwrap()
}

const POINT: (&[f64; 4], &[f64; 2]) = (&[0.5, 1.5, -2.0, 0.25], &[3.0, -0.75]);

fn same(x: f64, y: f64, scale: f64) -> bool {
    x == y || x.is_nan() && y.is_nan() || (x - y).abs() <= 1e-9 * scale
}

#[test]
fn outputs_are_those_of_an_evaluation() {
    for draft in drafts() {
        let f = function(&draft);
        let trace = f.trace(POINT).unwrap();
        let mut values = vec![0.0; f.num_outputs()];
        f.values(&mut f.workspace(), POINT, &mut values).unwrap();
        assert_eq!(trace.values().len(), 6 + f.len());
        for (source, value) in trace.draft.outputs.iter().zip(values) {
            assert_eq!(trace.number(*source).to_bits(), value.to_bits());
        }
    }
}

#[test]
fn adjoints_are_those_of_the_sweep() {
    let mut finite = 0;
    for draft in drafts() {
        let f = function(&draft);
        let weights = vec![1.0; f.num_outputs()];
        let adjoints = f.trace(POINT).unwrap().adjoints(&weights).unwrap();
        let mut gradient = [0.0; 4];
        f.vjp(&mut f.workspace(), POINT, &weights, &mut gradient).unwrap();
        // What cancels on the way rounds at the size of the largest.
        let magnitudes = adjoints.iter().map(|x| x.abs()).filter(|x| x.is_finite());
        let scale = magnitudes.fold(1.0, f64::max);
        for (&swept, &traced) in gradient.iter().zip(&adjoints) {
            assert!(same(swept, traced, scale), "{swept} {traced}");
            finite += usize::from(traced.is_finite() && traced != 0.0);
        }
    }
    assert!(finite > 100, "{finite} finite derivatives that are not 0");
}
