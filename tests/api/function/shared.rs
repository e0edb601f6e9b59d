//! Evaluations by shared reference: memory from a pool, and inputs in blocks.

use static_assertions::assert_impl_all;
use std::sync::Barrier;
use wengert::evaluation::{Blocks, Evaluator};
use wengert::{Error, Function, Var};

assert_impl_all!(Evaluator: Send, Sync, Clone);
assert_impl_all!(Evaluator<f32>: Send, Sync, Clone);
assert_impl_all!(Blocks<3>: Send, Sync);

fn mixed() -> Evaluator {
    Function::record(&[0.5, 0.75], |x| (x[0] * x[1]).sin() + x[0].exp() / x[1]).into()
}

/// Every door, with a workspace of one's own and without.
#[test]
fn the_doors_are_those_of_the_function() {
    let f = mixed();
    let (mut w, mut d) = (f.function().workspace(), f.function().dual_workspace());
    let (x, v) = ([0.3, -1.2], [1.0, 2.0]);
    let g = f.function();
    assert_eq!(f.value(&x), g.value(&mut w, &x));

    let pairs = |n: usize| (vec![0.0; n], vec![1.0; n]);
    let (mut ours, mut theirs) = pairs(1);
    f.values(&x, &mut ours).unwrap();
    g.values(&mut w, &x, &mut theirs).unwrap();
    assert_eq!(ours, theirs);
    f.jvp(&x, &v, &mut ours).unwrap();
    g.jvp(&mut d, &x, &v, &mut theirs).unwrap();
    assert_eq!(ours, theirs);

    let (mut ours, mut theirs) = pairs(2);
    f.value_and_gradient(&x, &mut ours).unwrap();
    g.value_and_gradient(&mut w, &x, &mut theirs).unwrap();
    assert_eq!(ours, theirs);
    f.vjp(&x, &[3.0], &mut ours).unwrap();
    g.vjp(&mut w, &x, &[3.0], &mut theirs).unwrap();
    assert_eq!(ours, theirs);
    f.jacobian(&x, &mut ours).unwrap();
    g.jacobian(&mut w, &x, &mut theirs).unwrap();
    assert_eq!(ours, theirs);
    f.hessian_vector_product(&x, &v, &mut ours).unwrap();
    g.hessian_vector_product(&mut d, &x, &v, &mut theirs).unwrap();
    assert_eq!(ours, theirs);

    let (mut ours, mut theirs) = pairs(4);
    f.hessian(&x, &mut ours).unwrap();
    g.hessian(&mut d, &x, &mut theirs).unwrap();
    assert_eq!(ours, theirs);
    assert_eq!(f.value(&[1.0]).unwrap_err(), g.value(&mut w, &[1.0]).unwrap_err());
}

#[test]
fn a_warm_pool_allocates_nothing() {
    let f = mixed();
    let (mut gradient, mut hessian) = ([0.0; 2], [0.0; 4]);
    let mut ask = || {
        f.value_and_gradient(&[0.3, 1.2], &mut gradient).unwrap();
        f.hessian(&[0.3, 1.2], &mut hessian).unwrap();
    };
    assert!(allocation_counter::measure(&mut ask).count_total > 0);
    assert_eq!(allocation_counter::measure(&mut ask).count_total, 0);
    // Nor does one that was warmed by an evaluation within another.
    let nested = || f.with(|_, _| f.value(&[0.3, 1.2]).unwrap());
    nested();
    assert_eq!(allocation_counter::measure(|| _ = nested()).count_total, 0);
}

/// Threads that are inside evaluations at once get the answers of one thread alone.
#[test]
fn many_threads_ask_at_once() {
    const THREADS: usize = 16;
    let (f, all_inside) = (mixed(), Barrier::new(THREADS));
    let answer = |f: &Evaluator, x: &[f64]| {
        let (mut gradient, mut hessian) = ([0.0; 2], [0.0; 4]);
        let value = f.value_and_gradient(x, &mut gradient).unwrap();
        f.hessian(x, &mut hessian).unwrap();
        (value, gradient, hessian)
    };
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (f, all_inside) = (&f, &all_inside);
            scope.spawn(move || {
                // Each holds a workspace while the others do: there are as many as threads.
                f.with(|_, _| all_inside.wait());
                for i in 0..200 {
                    let x = [thread as f64 + 0.5, f64::from(i) + 1.0];
                    assert_eq!(answer(f, &x), answer(&f.clone(), &x));
                }
            });
        }
    });
}

#[test]
fn a_panic_leaves_an_evaluator_that_works() {
    let f = mixed();
    let wanted = f.value(&[0.3, 1.2]);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        f.with(|_, _| -> () { panic!("the caller's own") });
    }));
    assert!(panicked.is_err());
    assert_eq!(f.value(&[0.3, 1.2]), wanted);
}

/// x, p and t of an equation.
fn slope<'t>([x, p, t]: [&[Var<'t>]; 3]) -> Vec<Var<'t>> {
    vec![x[1] * p[0] + t[0].sin(), x[0] * p[1] * p[2] - x[1]]
}

#[test]
fn each_block_can_be_the_one_that_is_differentiated() {
    let at: [&[f64]; 3] = [&[0.5, 2.0], &[3.0, 5.0, 7.0], &[0.25]];
    let other: [&[f64]; 3] = [&[1.5, -2.0], &[0.5, 4.0, 2.0], &[0.75]];
    let wanted: [&[f64]; 3] =
        [&[0.0, 0.5, 8.0, -1.0], &[-2.0, 0.0, 0.0, 0.0, 3.0, 6.0], &[0.75_f64.cos(), 0.0]];
    for (block, wanted) in wanted.into_iter().enumerate() {
        let f = Blocks::record(at, block, slope);
        let mut jacobian = vec![f64::NAN; wanted.len()];
        let mut values = [0.0; 2];
        let mut ask = || {
            f.at(other, |f, inputs| {
                f.values(inputs, &mut values)?;
                f.jacobian(inputs, &mut jacobian)
            })
        };
        ask().unwrap();
        assert_eq!(allocation_counter::measure(|| ask().unwrap()).count_total, 0);
        let near = |(x, y): (&f64, &f64)| (x - y).abs() < 1e-15;
        assert!(jacobian.iter().zip(wanted).all(near), "block {block}: {jacobian:?}");
        assert!(values.iter().zip(&[-1.0 + 0.75_f64.sin(), 14.0]).all(near), "{values:?}");
    }
}

#[test]
fn blocks_of_other_lengths_are_refused() {
    let f = Blocks::record([&[1.0], &[2.0, 3.0]], 0, |[x, p]| vec![x[0] * p[0] * p[1]]);
    let refused =
        |x: &[f64], p: &[f64]| -> Error { f.at([x, p], |f, at| f.value(at)).unwrap_err() };
    assert!(refused(&[1.0, 2.0], &[3.0]).to_string().contains("has length 2, wanted is 1"));
    assert!(refused(&[1.0], &[3.0]).to_string().contains("has length 1, wanted is 2"));
    // An empty block is one.
    let f = Blocks::record([&[1.0], &[]], 0, |[x, nothing]| {
        assert!(nothing.is_empty());
        vec![x[0] * 2.0]
    });
    assert_eq!(f.at([&[4.0], &[]], |f, at| f.value(at)), Ok(8.0));
}

#[test]
#[should_panic(expected = "there is no block 2 to differentiate by: there are 2, from 0 on")]
fn a_block_that_is_not_there_is_a_panic() {
    let _ = Blocks::record([&[1.0], &[2.0]], 2, |[x, _]| vec![x[0]]);
}
