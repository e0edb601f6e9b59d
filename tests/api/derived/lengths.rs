//! How long a derived function is, as its documentation says.

use wengert::{Function, VectorAs};
use wengert_problems::gradbench::Gmm;
use wengert_problems::{MixtureSize, Perceptron, Problem, Rosenbrock};

/// Operations of each derived function, for one of the function: the gradient, value and gradient,
/// both products with the Jacobian, and a product with the Hessian.
fn lengths<P: Problem>(problem: &P) -> [f64; 5] {
    let f = Function::record(problem.point(), |x| problem.objective(x));
    let g = f.gradient_function().unwrap();
    let all = [
        f.value_and_gradient_function().unwrap(),
        f.vjp_function(VectorAs::Data).unwrap(),
        f.jvp_function(VectorAs::Data).unwrap(),
        g.vjp_function(VectorAs::Data).unwrap(),
    ];
    let [both, vjp, jvp, product] = all.map(|derived| derived.len() as f64 / f.len() as f64);
    [g.len() as f64 / f.len() as f64, both, vjp, jvp, product]
}

#[test]
fn derived_functions_have_the_lengths_that_their_documentation_tells() {
    let size = MixtureSize { dimensions: 2, components: 5, samples: 20 };
    let all = [
        ("rosenbrock", lengths(&Rosenbrock::new(100))),
        ("gmm", lengths(&Gmm::new(size))),
        ("perceptron", lengths(&Perceptron::new(6, 10))),
    ];
    for (name, lengths) in all {
        println!("{name}: {lengths:.2?}");
        let [first @ .., second] = lengths;
        assert!(first.iter().all(|times| (2.5..4.0).contains(times)), "{name}: {first:?}");
        assert!((6.0..8.0).contains(&second), "{name}: {second}");
    }
}
