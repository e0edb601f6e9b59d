//! Memory is in the workspace, told beforehand, and a batch takes none.

use super::oracle::{Samples, entangled, loss, numbers};
use wengert::{BatchWorkspace, Function, Var};

fn allocations(f: &mut dyn FnMut()) -> u64 {
    allocation_counter::measure(f).count_total
}

/// All three questions about a batch.
fn ask(f: &Function, workspace: &mut BatchWorkspace, of: &Samples<f64>, numbers: &mut [f64]) {
    let batch = of.batch();
    let (values, rest) = numbers.split_at_mut(of.count);
    let (rows, rest) = rest.split_at_mut(of.count * f.num_variables());
    let (shared, rest) = rest.split_at_mut(of.shared[0].len());
    f.batch_values(workspace, &batch, values).unwrap();
    f.batch_gradients(workspace, &batch, values, rows).unwrap();
    f.batch_gradient(workspace, &batch, shared, &mut rest[..of.own[0].len()]).unwrap();
}

#[test]
fn a_batch_allocates_nothing_when_it_is_evaluated_again() {
    let f = loss::<f64>();
    for count in [1, 9, 256, 257, 2049] {
        let samples = Samples::of(count, [2, 1], [1, 2]);
        let (mut workspace, mut numbers) = (f.batch_workspace(), vec![0.0; 5 * count + 2]);
        ask(&f, &mut workspace, &samples, &mut numbers);
        let again = allocations(&mut || ask(&f, &mut workspace, &samples, &mut numbers));
        assert_eq!(again, 0, "{count} samples");
    }
}

/// A batch of one leaf needs no more than the workspace has.
#[test]
fn the_first_small_batch_allocates_nothing_either() {
    let f = loss::<f64>();
    let samples = Samples::of(256, [2, 1], [1, 2]);
    let (mut workspace, mut numbers) = (f.batch_workspace(), vec![0.0; 5 * 256 + 2]);
    assert_eq!(allocations(&mut || ask(&f, &mut workspace, &samples, &mut numbers)), 0);
}

/// Also where numbers are lost, and the sweep is made again.
#[test]
fn a_batch_with_lost_numbers_allocates_nothing() {
    let f = Function::record(&numbers(3, 1), |x| {
        entangled(x) + Var::norm(x) + x[0].horner(&[x[1], x[2]]) + x[2].ln() * 0.0
    });
    for lost in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0] {
        let mut samples = Samples::of(40, [1, 2], [0, 0]);
        samples.own[0][17] = lost;
        let (mut workspace, mut numbers) = (f.batch_workspace(), vec![0.0; 40 * 6 + 1]);
        let first = allocations(&mut || ask(&f, &mut workspace, &samples, &mut numbers));
        assert_eq!(first, 0, "{lost} in a sample");
    }
}

/// Samples that take another path want the memory of a single evaluation, once.
#[test]
fn strays_allocate_once() {
    let f = Function::builder().record_paths(&[1.0, 2.0], 4, |x, _| {
        vec![if x[1] < 0.0 { x[0] * x[1] } else { x[0] - x[1] }]
    });
    let samples = Samples::of(300, [1, 1], [0, 0]);
    let (mut workspace, mut numbers) = (f.batch_workspace(), vec![0.0; 300 * 4 + 1]);
    ask(&f, &mut workspace, &samples, &mut numbers);
    assert_eq!(f.recordings(), 2);
    assert_eq!(allocations(&mut || ask(&f, &mut workspace, &samples, &mut numbers)), 0);
}

#[test]
fn a_workspace_takes_what_it_says() {
    let measure = |f: &mut dyn FnMut()| allocation_counter::measure(f).bytes_current as usize;
    let double = Function::record(&numbers(3, 1), entangled);
    let single = loss::<f32>();
    let (mut v, mut w) = (None, None);
    assert_eq!(measure(&mut || v = Some(double.batch_workspace())), double.batch_workspace_bytes());
    assert_eq!(measure(&mut || w = Some(single.batch_workspace())), single.batch_workspace_bytes());
    assert!(v.is_some() && w.is_some());
}
