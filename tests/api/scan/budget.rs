//! Whatever the memory, the derivatives have the same bits.

use super::loops::{bits, loops, product};

/// The least budget that is taken, found out.
fn least(scan: &wengert::Scan, steps: usize) -> usize {
    (0..).find(|&budget| scan.workspace_within(steps, budget).is_ok()).expect("there is one")
}

#[test]
fn products_have_the_same_bits_within_every_budget() {
    for case in loops() {
        let scan = case.scan();
        for steps in [0, 1, 2, 5, 17, 90] {
            let point = case.point(steps);
            let expected = bits(&product(&scan, &mut scan.workspace(steps), &point));
            let least = least(&scan, steps);
            let budgets = (0..10).map(|i| least + 8 * i).chain((2..16).map(|i| least << i));
            for budget in budgets {
                let mut workspace = scan.workspace_within(steps, budget).unwrap();
                let product = bits(&product(&scan, &mut workspace, &point));
                assert_eq!(product, expected, "{}, {steps} steps, {budget} bytes", case.name);
            }
        }
    }
}

/// A workspace serves every shorter loop too.
#[test]
fn one_workspace_serves_all_lengths() {
    for case in loops() {
        let scan = case.scan();
        let budget = least(&scan, 200) + 300;
        let mut workspace = scan.workspace_within(200, budget).unwrap();
        for steps in [200, 0, 50, 199, 1, 3, 200] {
            let point = case.point(steps);
            let expected = bits(&product(&scan, &mut scan.workspace(steps), &point));
            assert_eq!(bits(&product(&scan, &mut workspace, &point)), expected, "{}", case.name);
        }
    }
}
