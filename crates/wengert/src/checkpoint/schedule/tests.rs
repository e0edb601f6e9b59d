//! The schedule against its closed formula, against a dynamic program, and step by step.

use super::{Action, Schedule, advances};

/// The least number of advances, tried out: keep the next checkpoint after k steps, sweep the rest
/// with one fewer, then the first k with all.
fn least(most_steps: usize, most_checkpoints: usize) -> Vec<Vec<usize>> {
    let alone = |l: usize| l * l.saturating_sub(1) / 2;
    let mut table = vec![Vec::new(), (0..=most_steps).map(alone).collect::<Vec<_>>()];
    for c in 2..=most_checkpoints {
        let mut row = vec![0, 0];
        for l in 2..=most_steps {
            let splits = (1..l).map(|k| k + table[c - 1][l - k] + row[k]);
            row.push(splits.min().expect("there is a step"));
        }
        table.push(row);
    }
    table
}

/// Plays a schedule with real positions, and counts the advances.
fn play(steps: usize, checkpoints: usize) -> usize {
    let (mut kept, mut at, mut advanced, mut swept) = (Vec::new(), 0, 0, steps);
    for action in Schedule::new(steps, checkpoints, Vec::new()) {
        match action {
            Action::Keep(checkpoint) => {
                assert!(checkpoint < checkpoints && checkpoint <= kept.len());
                kept.truncate(checkpoint);
                kept.push(at);
            }
            Action::Restore(checkpoint) => at = kept[checkpoint],
            Action::Advance { from, to } => {
                assert!(from == at && from < to && to < swept, "{from} to {to}");
                (at, advanced) = (to, advanced + to - from);
            }
            Action::Sweep(step) => {
                assert_eq!((step, step + 1), (at, swept));
                swept = step;
            }
        }
    }
    assert_eq!(swept, 0, "{steps} steps, {checkpoints} checkpoints");
    advanced
}

#[test]
fn no_schedule_advances_fewer_steps() {
    let (steps, checkpoints) = (120, 20);
    let least = least(steps, checkpoints);
    for (c, row) in least.iter().enumerate().skip(1) {
        for (l, &least) in row.iter().enumerate() {
            assert_eq!(advances(l, c), least as u128, "the formula of {l} steps, {c}");
            assert_eq!(play(l, c), least, "the schedule of {l} steps, {c}");
        }
    }
}

#[test]
fn no_steps_are_no_actions() {
    assert_eq!(Schedule::new(0, 3, Vec::new()).next(), None);
    assert_eq!(advances(0, 3), 0);
}

#[test]
fn many_steps_are_few_more_than_once() {
    // β(50, 3) = 23426: 20,000 steps with 50 checkpoints are advanced at most three times.
    assert_eq!(play(20_000, 50) as u128, advances(20_000, 50));
    assert_eq!(advances(20_000, 50), 3 * 20_000 - 1378);
}

#[test]
fn numbers_beyond_all_memory_are_counted() {
    let most = usize::MAX as u128;
    assert_eq!(advances(usize::MAX, 1), most * (most - 1) / 2);
    assert_eq!(advances(usize::MAX, usize::MAX), most - 1);
    assert_eq!(advances(100_000_000, 65_536), 2 * 100_000_000 - 65_538);
}
