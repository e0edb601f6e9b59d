//! A comparison that comes out differently is told with its step.

use wengert::Scan;

fn bouncing() -> Scan {
    Scan::builder().state(&[10.0, -1.0]).record(|step| {
        let (x, v) = (step.state[0], step.state[1]);
        (if x > 0.0 { vec![x + v, v] } else { vec![x - v, -v] }, vec![])
    })
}

#[test]
fn a_guard_names_the_step_at_which_it_fails() {
    let scan = bouncing();
    let mut workspace = scan.workspace(400);
    let mut values = [0.0; 2];
    for (height, steps) in [(5.0, 5), (5.5, 6), (300.0, 300)] {
        let at = [height, -1.0];
        scan.values(&mut workspace, steps, &at, &mut values).expect("it has not fallen yet");
        let error = scan.values(&mut workspace, steps + 1, &at, &mut values).unwrap_err();
        assert!(error.is_guard());
        let text = error.to_string();
        assert!(
            text.contains(&format!("came out differently in step {steps}: recorded")),
            "{text}"
        );
        assert!(text.ends_with("a loop has one path, decide by `select`"), "{text}");
    }
}

/// In a sweep too, and afterwards the workspace is as good as before.
#[test]
fn an_error_leaves_a_workspace_as_good_as_before() {
    let scan = bouncing();
    let v = [1.0, 0.5];
    for budget in [30, 100, 10_000] {
        let mut workspace = scan.workspace_within(400, budget).unwrap();
        let mut product = |steps, height| {
            let mut product = [0.0; 2];
            let result = scan.vjp(&mut workspace, steps, &[height, -1.0], &v, &mut product);
            result.map(|()| product)
        };
        let expected = product(50, 100.0).expect("it does not fall so far");
        let error = product(120, 100.0).unwrap_err();
        assert!(error.to_string().contains("in step 100"), "{error}");
        assert_eq!(product(50, 100.0), Ok(expected));
    }
}

#[test]
fn decisions_that_are_part_of_the_recording_are_made_in_each_step() {
    use wengert::{Var, select};
    let scan = Scan::builder().state(&[10.0, -1.0]).record(|step| {
        let (x, v) = (step.state[0], step.state[1]);
        let falls = x.less(Var::constant(0.0));
        (vec![select(falls, x - v, x + v), select(falls, -v, v)], vec![])
    });
    let mut values = [0.0; 2];
    scan.values(&mut scan.workspace(8), 8, &[3.5, -1.0], &mut values).unwrap();
    // 3.5, 2.5, 1.5, 0.5, −0.5, 0.5 upwards, 1.5, 2.5, 3.5
    assert_eq!(values, [3.5, 1.0]);
}
