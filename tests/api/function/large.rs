//! Recordings so large that every way of packing them occurs: more operations than a window,
//! runs longer than an instruction, sums in segments, by columns and slot by slot.

use super::support::{Reference, all_same, jacobian, optimisers, record_with, values};
use proptest::prelude::RngCore;
use proptest::test_runner::{RngAlgorithm, TestRng};
use wengert::{Function, Optimise, Var, select};

/// Numbers without regularity, the same in every run.
fn numbers(count: usize) -> Vec<f64> {
    let mut random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let uniform = |bits: u64| (bits >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
    (0..count).map(|_| uniform(random.next_u64())).collect()
}

/// Values to the last bit and derivatives but for the order of summation, with every optimiser.
#[track_caller]
fn check(inputs: usize, f: for<'t> fn(&[Var<'t>]) -> Vec<Var<'t>>) {
    let x = numbers(3 * inputs);
    let (at, points) = (&x[..inputs], [&x[inputs..2 * inputs], &x[2 * inputs..]]);
    let mut program = 0;
    for optimise in optimisers() {
        let function = record_with(optimise, at, f);
        program = function.len().max(program);
        for x in points {
            let reference = Reference::of(x, f);
            all_same(&values(&function, x), &reference.values);
            reference.assert_rows(&jacobian(&function, x), optimise);
        }
    }
    assert!(program > 0);
}

/// The same operations side by side, more than fit an instruction and more than fit a window.
#[test]
fn runs_longer_than_an_instruction_and_a_window() {
    check(300, |x| {
        let squares: Vec<_> = x.iter().map(|&x| x * x).collect();
        let shifted: Vec<_> = squares.iter().zip(x).map(|(&s, &x)| (s - x).abs()).collect();
        let reversed: Vec<_> =
            shifted.iter().rev().zip(&squares).map(|(&a, &b)| a / (b + 1.0)).collect();
        let chosen = reversed.chunks(3).map(|c| select(c[0].less(c[1]), c[2], c[0] * c[1]));
        vec![chosen.sum(), reversed[299].max(reversed[1])]
    });
    check(5, |x| {
        let mut y: Vec<Var<'_>> = (0..6000).map(|i| x[i % 5] * 0.001).collect();
        for (i, y) in y.iter_mut().enumerate() {
            *y = if i % 3 == 0 { *y + x[0] } else { *y * x[1] };
        }
        vec![Var::sum(&y), y[5999], y[4095] * y[4096]]
    });
}

/// Cheap operations on operands that lie side by side, are one for all, or are both of one list.
fn cheap<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let count = x.len() / 3;
    let (a, b, c) = (&x[..count], &x[count..2 * count], &x[2 * count..]);
    let of = |f: &dyn Fn(usize) -> Var<'t>| (0..count).map(f).collect::<Vec<_>>();
    let lists = [
        of(&|i| a[i] + b[i]),
        of(&|i| a[i] - c[i]),
        of(&|i| b[i] * c[i]),
        of(&|i| a[i] * c[0]),
        of(&|i| b[count - 1] - b[i]),
        of(&|i| c[i] * c[(i + 1) % count]),
        of(&|i| a[i].mul_add(b[i], c[i])),
        of(&|i| a[i].mul_add(c[1], a[i])),
        of(&|i| a[i] * b[i] - c[i] * 2.0),
        of(&|i| -(a[i] * b[0]) + a[i] * c[i] - b[i]),
        of(&|i| (a[i] * b[i] + 0.5).abs() * c[i]),
    ];
    lists.iter().map(|list| Var::squared_norm(list)).collect()
}

/// Packs of operations, and those that are left.
#[test]
fn short_runs_of_every_length() {
    for count in (2..19).chain(62..67) {
        check(3 * count, cheap);
    }
}

/// What lies beyond a run, from an evaluation before, is no part of it.
#[test]
fn a_workspace_remembers_nothing() {
    for count in 2..19 {
        let x = numbers(3 * count);
        let f = record_with(Optimise::all(), &x, cheap);
        let mut fresh = vec![0.0; x.len()];
        let weights = vec![1.0; f.num_outputs()];
        f.vjp(&mut f.workspace(), &x, &weights, &mut fresh).unwrap();
        for lost in [f64::NAN, f64::INFINITY] {
            let (mut workspace, mut used) = (f.workspace(), vec![0.0; x.len()]);
            f.vjp(&mut workspace, &vec![lost; x.len()], &weights, &mut used).unwrap();
            f.vjp(&mut workspace, &x, &weights, &mut used).unwrap();
            all_same(&used, &fresh);
        }
    }
}

/// A chain in which each operation needs the one before: no two can stand side by side.
#[test]
fn chains_longer_than_a_window() {
    check(3, |x| {
        let mut y = x[0];
        for i in 0..10_000 {
            y = match i % 4 {
                0 => (y * x[1]).clamp(-2.0, 2.0),
                1 => y + x[2],
                2 => x[0] - y * 0.5,
                _ => y.abs().sqrt(),
            };
        }
        vec![y]
    });
}

/// Operands that stand side by side, apart, at a distance, downwards, all the same, and anyhow.
#[test]
fn operands_in_every_order() {
    check(64, |x| {
        let mut all = Vec::new();
        all.extend((0..31).map(|i| x[i] * x[i + 1]));
        all.extend((0..31).map(|i| x[2 * i] - x[2 * i + 1]));
        all.extend((0..32).map(|i| x[63 - i] / (x[i] + 3.0)));
        all.extend((0..32).map(|i| x[5] * x[i]));
        all.extend((0..32).map(|i| x[i * i % 64].max(x[i * 7 % 64])));
        all.extend((0..32).map(|i| x[i].mul_add(x[40], x[63 - i])));
        all.extend((0..32).map(|i| x[i].powi(i as i32 % 3 + 1)));
        all.extend((0..16).map(|i| x[3 * i].clamp(-0.5, 0.5)));
        vec![Var::sum(&all), all[17], Var::squared_norm(&all[20..90])]
    });
}

/// Sums of few terms side by side, with negative terms, squares and terms that are no products.
#[test]
fn short_sums_of_products() {
    check(40, |x| {
        let mut sums = Vec::new();
        for i in 0..36 {
            sums.push(x[i] * x[i + 1] + x[i + 2] * x[i + 3]);
            sums.push(x[i] * x[i] - x[i + 1] * x[i + 2]);
            sums.push(x[i] * x[4] - x[i + 1] - x[i + 2] * x[i + 2] + x[i + 3]);
            sums.push(1.0 - x[i] * x[i + 1]);
            sums.push(x[i] * 2.0 + x[i + 1] * 3.0 + x[i + 2] * x[i + 3] + x[0] * x[1]);
            sums.push(2.5 * x[i] * x[i + 1] + 1.0);
            sums.push((x[i] + x[i + 1]) - (x[i + 2] - x[i + 3]));
        }
        vec![Var::sum(&sums), sums[3], sums[100], Var::dot(&sums[..50], &sums[50..100])]
    });
}

/// Sums of many terms: consecutive slots, one slot for all, strangers, and both factors the same.
#[test]
fn long_sums_of_products() {
    check(200, |x| {
        let (a, b) = x.split_at(100);
        let mut alternating = a[0] * b[0];
        for i in 1..100 {
            let term = a[i] * b[99 - i];
            alternating = if i % 2 == 0 { alternating + term } else { alternating - term };
        }
        let mut mixed = a[0];
        for i in 1..100 {
            mixed = match i % 5 {
                0 => mixed + a[i],
                1 => mixed - a[i] * a[i],
                2 => mixed + 3.0 * b[i],
                3 => b[i] * b[i - 1] + mixed,
                _ => mixed - 0.25,
            };
        }
        let strangers: Vec<_> = (0..100).map(|i| a[i * 37 % 100]).collect();
        vec![
            Var::dot(a, b),
            Var::dot(a, &strangers),
            Var::dot(a, &[a[7]; 100]),
            Var::dot(&[b[3]; 100], b),
            Var::dot(a, a),
            Var::squared_norm(x),
            Var::sum(x),
            Var::sum(&strangers),
            Var::sum(&[a[1]; 30]),
            Var::mean(&strangers),
            Var::linear_combination(&[0.5; 100], a),
            x.iter().copied().sum::<Var<'_>>() - b.iter().map(|&b| b * b).sum::<Var<'_>>(),
            alternating,
            mixed,
        ]
    });
}

/// A dense layer as people write it: rows of weights times activations.
#[test]
fn layers_of_dot_products() {
    check(16 * 16 + 16, |w| {
        let mut layer: Vec<Var<'_>> = w[256..].to_vec();
        for _ in 0..3 {
            layer = w[..256].chunks(16).map(|row| Var::dot(row, &layer).max(0.0)).collect();
        }
        vec![Var::sum(&layer), layer[0] * layer[15]]
    });
}

/// The first factor of a product is data, the second a variable, or the other way round.
#[test]
fn data_and_variables_share_sums() {
    let (x, d) = (numbers(50), numbers(60));
    for optimise in optimisers() {
        let f = Function::builder().data(&d[..50]).optimise(optimise).record_many_with_data(
            &x,
            |x, d| {
                let mut sum = x[0] * d[0];
                for i in 1..50 {
                    sum = if i % 2 == 0 { sum + d[i] * x[i] } else { sum - x[i] * d[i] };
                }
                let scaled: Vec<_> = d.iter().map(|&d| d * d).collect();
                vec![Var::dot(x, d), Var::dot(d, x), sum, Var::dot(&scaled, x), Var::sum(d)]
            },
        );
        let data = &d[10..];
        let mut jacobian = vec![7.0; 5 * 50];
        f.jacobian(&mut f.workspace(), (&x, data), &mut jacobian).unwrap();
        let rows: Vec<&[f64]> = jacobian.chunks(50).collect();
        assert_eq!((rows[0], rows[1]), (data, data));
        let signed = (0..50).map(|i| if i % 2 == 0 { data[i] } else { -data[i] });
        assert!(rows[2].iter().copied().eq(signed));
        assert!(rows[3].iter().zip(data).all(|(&row, d)| row == d * d));
        assert_eq!(rows[4], [0.0; 50]);
    }
}

/// Few variables used by everything: their adjoints are summed over runs of the same slot.
#[test]
fn a_variable_in_every_operation() {
    check(2, |x| {
        let terms: Vec<_> = (0..1000).map(|i| x[0] * f64::from(i as u32 % 7)).collect();
        let powers: Vec<_> = terms.iter().map(|&t| t * x[1] - x[0]).collect();
        vec![Var::sum(&powers), Var::dot(&terms, &powers)]
    });
}

/// Elementary functions side by side give what they give alone, however many there are.
#[test]
fn a_function_alone_and_among_others_gives_the_same_bits() {
    type Unary = for<'t> fn(Var<'t>) -> Var<'t>;
    let functions: [Unary; 14] = [
        |x| x.exp(),
        |x| x.ln_1p(),
        |x| x.sin(),
        |x| x.cos(),
        |x| x.tanh(),
        |x| x.sqrt(),
        |x| x.exp_m1(),
        |x| x.sigmoid(),
        |x| x.softplus(),
        |x| x.tan(),
        |x| x.atan(),
        |x| x.erf(),
        |x| x.cbrt(),
        |x| (x + 3.0).powf(1.7),
    ];
    let x = numbers(37);
    for f in functions {
        let alone = Function::builder().optimise(Optimise::none()).record(&[0.5], |x| f(x[0]));
        let (mut workspace, mut slope) = (alone.workspace(), [0.0]);
        let many = record_with(Optimise::none(), &x, |x| x.iter().map(|&x| f(x)).collect());
        let (together, rows) = (values(&many, &x), jacobian(&many, &x));
        for (i, &x) in x.iter().enumerate() {
            let value = alone.value_and_gradient(&mut workspace, &[x], &mut slope).unwrap();
            all_same(&[value, slope[0]], &[together[i], rows[i][i]]);
        }
    }
}
