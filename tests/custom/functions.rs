//! In functions: replay, batches, second derivatives, derivative functions, calls, loops, traces.

use super::operations::{pair, pair_operation, root_operation};
use wengert::{Batch, Function, Number, Optimise, Scan, Var, VectorAs};

const POINT: [f64; 3] = [0.7, -1.3, 0.4];
const OTHER: [f64; 3] = [-0.2, 0.9, 1.1];

/// Both outputs, one of them through another call, one output of which nobody wants.
fn called<T: Number>(x: &[T]) -> Vec<T> {
    let y = T::call(&pair_operation(), x);
    let z = T::call(&pair_operation(), &[y[1], x[0], x[1] * 0.5]);
    vec![y[0] * z[1].sin() + x[2], y[0]]
}

fn by_operations<T: Number>(x: &[T]) -> Vec<T> {
    let y = pair(x);
    let z = pair(&[y[1], x[0], x[1] * 0.5]);
    vec![y[0] * z[1].sin() + x[2], y[0]]
}

#[track_caller]
fn assert_near(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-13 * a.abs().max(1.0), "{a} {b}");
    }
}

/// A function that calls, and one by operations, with every pass and with none.
fn functions() -> Vec<(Function, Function)> {
    let with = |optimise| {
        let builder = || Function::builder().optimise(optimise);
        let many = builder().record_many(&POINT, |x| called(x));
        (many, builder().record_many(&POINT, |x| by_operations(x)))
    };
    vec![with(Optimise::all()), with(Optimise::none())]
}

#[test]
fn values_and_first_derivatives() {
    for (f, g) in functions() {
        for x in [POINT, OTHER] {
            let both = |h: &Function| {
                let (mut values, mut jacobian) = ([0.0; 2], [0.0; 6]);
                h.values(&mut h.workspace(), &x, &mut values).unwrap();
                h.jacobian(&mut h.workspace(), &x, &mut jacobian).unwrap();
                let mut product = [0.0; 3];
                h.vjp(&mut h.workspace(), &x, &[2.0, -1.0], &mut product).unwrap();
                let mut forward = [0.0; 2];
                h.jvp(&mut h.dual_workspace(), &x, &[1.0, 2.0, 3.0], &mut forward).unwrap();
                let mut lanes = [0.0; 6];
                h.jacobian_in_lanes(&mut h.dual_workspace(), &x, &mut lanes).unwrap();
                [&values[..], &jacobian, &product, &forward, &lanes].concat()
            };
            assert_near(&both(&f), &both(&g));
        }
    }
}

#[test]
fn second_derivatives() {
    for optimise in [Optimise::all(), Optimise::none()] {
        let record = |h: for<'t> fn(&[Var<'t>]) -> Vec<Var<'t>>| {
            Function::builder().optimise(optimise).record(&POINT, |x| h(x)[0] * h(x)[1])
        };
        let hessian = |h: &Function| {
            let mut hessian = [0.0; 9];
            h.hessian(&mut h.dual_workspace(), &OTHER, &mut hessian).unwrap();
            hessian
        };
        let (f, g) = (record(|x| called(x)), record(|x| by_operations(x)));
        assert_near(&hessian(&f), &hessian(&g));
    }
}

#[test]
fn batches_have_the_bits_of_single_evaluations() {
    let f =
        Function::record(&POINT, |x| called(x)[0] + Var::call(&root_operation(), &[x[0].exp()])[0]);
    let rows: Vec<f64> = (0..60).map(|i| (f64::from(i) * 0.37).sin()).collect();
    let batch = Batch::new(20).variables(&rows);
    let (mut values, mut gradients) = ([0.0; 20], [0.0; 60]);
    f.batch_gradients(&mut f.batch_workspace(), &batch, &mut values, &mut gradients).unwrap();
    let mut workspace = f.workspace();
    for (i, row) in rows.chunks(3).enumerate() {
        let mut gradient = [0.0; 3];
        let value = f.value_and_gradient(&mut workspace, row, &mut gradient).unwrap();
        assert_eq!(value.to_bits(), values[i].to_bits());
        assert_eq!(
            gradient.map(f64::to_bits),
            std::array::from_fn(|k| gradients[3 * i + k].to_bits())
        );
    }
}

#[test]
fn threads_share_a_function() {
    let f = Function::record(&POINT, |x| called(x)[0]);
    let wanted = f.value(&mut f.workspace(), &OTHER).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| assert_eq!(f.value(&mut f.workspace(), &OTHER), Ok(wanted)));
        }
    });
}

/// The derivative of a derivative: the second derivatives that the operation gives.
#[test]
fn derivatives_are_functions() {
    let f = Function::record(&POINT, |x| called(x)[0]);
    let g = Function::record(&POINT, |x| by_operations(x)[0]);
    let all = |h: &Function| {
        let gradient = h.gradient_function().unwrap();
        let product = gradient.vjp_function(VectorAs::Data).unwrap();
        let moving = h.jvp_function(VectorAs::Variables).unwrap();
        let (mut first, mut second, mut tangent) = ([0.0; 3], [0.0; 3], [0.0; 6]);
        gradient.values(&mut gradient.workspace(), &OTHER, &mut first).unwrap();
        let inputs = (&OTHER[..], &[1.0, 2.0, 3.0][..]);
        product.values(&mut product.workspace(), inputs, &mut second).unwrap();
        let inputs = [OTHER, [1.0, 2.0, 3.0]].concat();
        moving.gradient(&mut moving.workspace(), &inputs, &mut tangent).unwrap();
        let mut forward = [0.0; 3];
        gradient
            .jvp(&mut gradient.dual_workspace(), &OTHER, &[1.0, 2.0, 3.0], &mut forward)
            .unwrap();
        assert_near(&forward, &second);
        let again = gradient.jvp_function(VectorAs::Data).unwrap();
        again
            .values(&mut again.workspace(), (&OTHER[..], &[1.0, 2.0, 3.0][..]), &mut forward)
            .unwrap();
        assert_near(&forward, &second);
        [&first[..], &second, &tangent].concat()
    };
    assert_near(&all(&f), &all(&g));
}

#[test]
fn functions_and_loops_call_functions_that_call() {
    let inner = Function::record_many(&POINT, |x| called(x));
    let outer = Function::record(&POINT, |x| {
        let y = inner.call(x, &[]).unwrap();
        y[0] * y[1]
    });
    let wanted = by_operations(&OTHER);
    let value = outer.value(&mut outer.workspace(), &OTHER).unwrap();
    assert_near(&[value], &[wanted[0] * wanted[1]]);

    let step = |next: for<'t> fn(&[Var<'t>]) -> Vec<Var<'t>>| {
        Scan::builder().shared(&[0.5]).state(&[0.7, 0.4]).record(move |step| {
            let y = next(&[step.state[0], step.shared[0], step.state[1]]);
            (vec![y[0].tanh(), y[1].tanh()], vec![])
        })
    };
    let gradient = |scan: &Scan| {
        let mut product = [0.0; 3];
        let inputs = [0.6, 0.3, 0.2];
        scan.vjp(&mut scan.workspace(5), 5, &inputs, &[1.0, 2.0], &mut product).unwrap();
        product
    };
    let found = gradient(&step(|x| Var::call(&pair_operation(), x)));
    assert_near(&found, &gradient(&step(|x| pair(x).to_vec())));
}

#[test]
fn patterns_take_every_output_to_depend_on_every_input() {
    let f = Function::record_many(&POINT, |x| {
        let y = Var::call(&pair_operation(), x);
        vec![y[0] + x[0], y[1] * 2.0]
    });
    assert_eq!(f.jacobian_pattern().len(), 6);
    assert_eq!(f.hessian_pattern().len(), 9);
}

#[test]
fn traces_show_outputs_as_operations_of_the_inputs() {
    let f = Function::record_many(&POINT, |x| called(x));
    let trace = f.trace(&OTHER).unwrap();
    let names: Vec<&str> = trace.operations().map(|operation| operation.name()).collect();
    assert_eq!(names.iter().filter(|name| name.starts_with("pair[")).count(), 3, "{names:?}");
    assert!(!names.contains(&"call"));
    let adjoints = trace.adjoints(&[1.0, -2.0]).unwrap();
    let mut gradient = [0.0; 3];
    f.vjp(&mut f.workspace(), &OTHER, &[1.0, -2.0], &mut gradient).unwrap();
    assert_near(&adjoints[..3], &gradient);
}

/// What is asked of paths and of the same call made twice.
#[test]
fn paths_and_common_calls() {
    let operation = pair_operation();
    let f = Function::record(&POINT, |x| {
        let y = Var::call(&operation, x);
        let again = Var::call(&operation, x);
        y[0] + again[0]
    });
    let calls = f.trace(&POINT).unwrap();
    assert_eq!(calls.operations().filter(|op| op.name() == "pair[0]").count(), 1);
    let f = Function::builder().record_paths(&POINT, 4, |x, _| {
        let y = Var::call(&pair_operation(), x);
        vec![if y[0] < 0.0 { y[1] } else { y[0] * y[1] }]
    });
    for x in [POINT, OTHER] {
        let y = pair(&x);
        let wanted = if y[0] < 0.0 { y[1] } else { y[0] * y[1] };
        assert_near(&[f.value(&mut f.workspace(), &x).unwrap()], &[wanted]);
    }
}
