//! Memory is in the workspace, told beforehand, and an evaluation takes none.

use crate::expression::operations;
use static_assertions::assert_impl_all;
use wengert::optimiser::OptimiserReport;
use wengert::{DualWorkspace, Function, FunctionBuilder, OpKind, Optimise, Var, Workspace};

assert_impl_all!(Function: Send, Sync, Clone);
assert_impl_all!(Function<f32>: Send, Sync, Clone);
assert_impl_all!(Workspace: Send, Sync, Clone);
assert_impl_all!(DualWorkspace: Send, Sync, Clone);
assert_impl_all!(FunctionBuilder: Send, Sync, Clone);
assert_impl_all!(OptimiserReport: Send, Sync);
assert_impl_all!(Optimise: Send, Sync, Copy);

/// An operation on variables and, where it wants them, constants.
fn apply<'t>(kind: OpKind, x: &[Var<'t>]) -> Var<'t> {
    let c = Var::constant(2.0);
    let shapes: [&[Var<'t>]; 5] =
        [&[x[0]], &[x[0], x[1]], &[x[0], c], &[x[0], c, c], &[c, c, x[0], x[1]]];
    let tried = shapes.into_iter().find_map(|shape| Var::try_apply(kind, shape).ok());
    tried.unwrap_or_else(|| panic!("no shape fits {kind}"))
}

/// Every operation, and sums and products of many terms.
fn everything<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let mut all: Vec<_> = operations().map(|kind| apply(kind, x)).collect();
    let many: Vec<_> = (0..20).map(|i| x[i % 2] * f64::from(i as u32)).collect();
    let lists = [
        Var::sum(&many),
        Var::product(&many),
        Var::dot(&many[..10], &many[10..]),
        Var::log_sum_exp(&many),
        Var::norm(&many),
        x[0].horner(&many),
    ];
    all.extend(lists);
    all
}

#[test]
fn no_evaluation_allocates() {
    for optimise in super::support::optimisers() {
        let f = super::support::record_with(optimise, &[0.5, 0.75], everything);
        let sum = Function::builder()
            .optimise(optimise)
            .record(&[0.5, 0.75], |x| Var::sum(&everything(x)));
        // They are sought once, when they are first asked for.
        assert_eq!(sum.hessian_directions(), [0, 1]);
        let (mut w, mut d) = (f.workspace(), f.dual_workspace());
        let (mut sum_w, mut sum_d) = (sum.workspace(), sum.dual_workspace());
        let (n, m) = (f.num_variables(), f.num_outputs());
        let (mut values, mut jacobian) = (vec![0.0; m], vec![0.0; m * n]);
        let (mut row, mut square) = (vec![0.0; n], vec![0.0; n * n]);
        let v = vec![1.0; m];
        // A negative number makes derivatives NaN, which the careful sweep looks at.
        for x in [[0.5, 0.75], [-3.0, 0.0]] {
            let count = |what: &str, f: &mut dyn FnMut()| {
                let counted = allocation_counter::measure(f).count_total;
                assert_eq!(counted, 0, "{what} at {x:?} with {optimise:?}");
            };
            count("values", &mut || f.values(&mut w, &x, &mut values).unwrap());
            count("vjp", &mut || f.vjp(&mut w, &x, &v, &mut row).unwrap());
            count("jacobian", &mut || f.jacobian(&mut w, &x, &mut jacobian).unwrap());
            count("jvp", &mut || f.jvp(&mut d, &x, &[1.0, 2.0], &mut values).unwrap());
            count("value", &mut || _ = sum.value(&mut sum_w, &x).unwrap());
            count("gradient", &mut || sum.gradient(&mut sum_w, &x, &mut row).unwrap());
            count("product with the Hessian", &mut || {
                sum.hessian_vector_product(&mut sum_d, &x, &[1.0, 2.0], &mut row).unwrap();
            });
            count("hessian", &mut || sum.hessian(&mut sum_d, &x, &mut square).unwrap());
        }
    }
}

/// A workspace has the bytes that were said beforehand.
#[test]
fn a_workspace_takes_what_it_says() {
    let measure = |f: &mut dyn FnMut()| allocation_counter::measure(f).bytes_current as usize;
    let double = super::support::record_with(Optimise::all(), &[0.5, 0.75], everything);
    let (mut w, mut d) = (None, None);
    assert_eq!(measure(&mut || w = Some(double.workspace())), double.workspace_bytes());
    assert_eq!(measure(&mut || d = Some(double.dual_workspace())), double.dual_workspace_bytes());
    let single = super::support::record_with(Optimise::none(), &[0.5_f32, 0.75], |x| {
        vec![Var::log_sum_exp(x), Var::product(x), x[0].sin()]
    });
    let (mut v, mut e) = (None, None);
    assert_eq!(measure(&mut || v = Some(single.workspace())), single.workspace_bytes());
    assert_eq!(measure(&mut || e = Some(single.dual_workspace())), single.dual_workspace_bytes());
    assert!(w.is_some() && d.is_some() && v.is_some() && e.is_some());
}

/// One function, many threads, each with its workspace.
#[test]
fn threads_share_a_function() {
    let f = super::support::record_with(Optimise::all(), &[0.5, 0.75], everything);
    let expected = super::support::values(&f, &[0.25, 0.5]);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let (f, expected) = (&f, &expected);
            scope.spawn(move || {
                super::support::all_same(&super::support::values(f, &[0.25, 0.5]), expected);
            });
        }
    });
}

/// Longer than the stack of a test thread would bear if anything were recursive.
#[test]
fn a_million_additions_record_optimise_and_drop() {
    const LENGTH: u32 = 1_000_000;
    let f = Function::record(&[1.0, 2.0], |x| (0..LENGTH).fold(x[0], |y, _| y + x[1]));
    let (mut workspace, mut gradient) = (f.workspace(), [0.0; 2]);
    let value = f.value_and_gradient(&mut workspace, &[1.0, 2.0], &mut gradient).unwrap();
    assert_eq!((value, gradient), (1.0 + 2.0 * f64::from(LENGTH), [1.0, f64::from(LENGTH)]));
}

#[test]
fn a_million_nested_operations_record_optimise_and_drop() {
    const LENGTH: u32 = 333_334;
    for optimise in [Optimise::none(), Optimise::all()] {
        let f = Function::builder()
            .optimise(optimise)
            .record(&[1.0], |x| (0..LENGTH).fold(x[0], |y, _| (-y.abs()).max(-1e300)));
        assert_eq!(f.len(), 3 * LENGTH as usize);
        let mut gradient = [0.0];
        let value = f.value_and_gradient(&mut f.workspace(), &[2.0], &mut gradient).unwrap();
        assert_eq!((value, gradient), (-2.0, [-1.0]));
    }
}
