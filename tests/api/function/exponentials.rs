//! Logarithms of sums of exponentials, written by hand, that the optimiser makes one operation.

use super::support::is_same;
use wengert::{Function, Optimise, Var};

type Sum = for<'t> fn(&[Var<'t>]) -> Var<'t>;

fn sum<'t>(exponents: impl Iterator<Item = Var<'t>>) -> Var<'t> {
    exponents.map(Var::exp).sum()
}

/// ln Σ e^xᵢ in all the ways in which people write it.
const BY_HAND: [(&str, Sum); 9] = [
    ("by the largest", |x| {
        let m = x[1..].iter().fold(x[0], |m, &x| m.max(x));
        m + sum(x.iter().map(|&x| x - m)).ln()
    }),
    ("by the first", |x| sum(x.iter().map(|&y| y - x[0])).ln() + x[0]),
    ("by a number", |x| 40.0 + sum(x.iter().map(|&x| x - 40.0)).ln()),
    ("without", |x| sum(x.iter().copied()).ln()),
    ("one after the other", |x| x[1..].iter().fold(x[0].exp(), |sum, x| sum + x.exp()).ln()),
    ("one after the other, by a variable", |x| {
        let rest = x[1..].iter().fold((x[0] - x[2]).exp(), |sum, &y| sum + (y - x[2]).exp());
        x[2] + rest.ln()
    }),
    ("one after the other, from zero", |x| {
        x.iter().fold(Var::constant(0.0), |sum, x| sum + x.exp()).ln()
    }),
    ("one after the other, from zero, by a variable", |x| {
        let from = Var::constant(-0.0);
        x[1] + x.iter().fold(from, |sum, &y| (y - x[1]).exp() + sum).ln()
    }),
    ("by a variable, of a loss", |x| {
        let m = x[1];
        sum(x.iter().map(|&x| x - m)).ln() - (x[0] - m) + x[0]
    }),
];

const POINTS: [[f64; 4]; 4] = [
    [0.5, -1.0, 2.0, 0.0],
    [3.0, 3.0, 3.0, 3.0],
    [-700.0, -690.0, -705.5, -1e3],
    [1.0, 0.0, 30.0, -30.0],
];

fn recorded(f: Sum, on: bool) -> Function {
    let switches = Optimise::all().log_sum_exp(on);
    Function::builder().optimise(switches).record(&[0.1, 0.2, 0.3, 0.4], f)
}

#[test]
fn every_way_to_write_it_is_the_operation() {
    let operation = recorded(|x| Var::log_sum_exp(x), false);
    for (name, f) in BY_HAND {
        let (found, asked) = (recorded(f, true), name.ends_with("loss"));
        assert!(found.report().to_string().contains("written by hand"), "{name}");
        // A loss takes the logarithm without its shift, so that the differences stay.
        assert_eq!(found.len() == 1, !asked, "{name}: {}", found.len());
        let (mut v, mut w) = (operation.workspace(), found.workspace());
        for x in POINTS {
            let (mut slopes, mut others) = ([0.0; 4], [0.0; 4]);
            let value = operation.value_and_gradient(&mut v, &x, &mut slopes).unwrap();
            let other = found.value_and_gradient(&mut w, &x, &mut others).unwrap();
            if asked {
                assert!((value - other).abs() <= 1e-12 * value.abs(), "{name} at {x:?}");
            } else {
                assert!(is_same(value, other), "{name} at {x:?}: {other} is not {value}");
                assert_eq!(slopes, others, "{name} at {x:?}");
            }
        }
    }
}

#[test]
fn what_overflows_by_hand_does_not_any_more() {
    let x = [800.0, 801.0, 0.0, -5.0];
    for (on, expected) in [(false, f64::INFINITY), (true, 801.0 + (-1.0_f64).exp().ln_1p())] {
        let f = recorded(BY_HAND[3].1, on);
        let value = f.value(&mut f.workspace(), &x).unwrap();
        assert!(value == expected || (value - expected).abs() < 1e-12, "{value}");
    }
}

/// By default no bit of a value changes.
#[test]
fn by_default_it_stays_as_it_was_written() {
    for (name, f) in BY_HAND {
        let (plain, default) = (Optimise::none(), recorded(f, false));
        assert!(default.len() > 5, "{name}");
        let plain = Function::builder().optimise(plain).record(&[0.1, 0.2, 0.3, 0.4], f);
        for x in POINTS {
            let [one, other] = [&plain, &default].map(|f| f.value(&mut f.workspace(), &x).unwrap());
            assert!(is_same(one, other), "{name} at {x:?}");
        }
    }
}

#[test]
fn what_looks_like_it_and_is_not_stays() {
    let others: [(&str, Sum); 8] = [
        ("other shifts", |x| x[0] + ((x[1] - x[0]).exp() + (x[2] - x[3]).exp()).ln() * 1.5),
        ("an exponential used twice", |x| {
            let e = x[0].exp();
            (e + x[1].exp()).ln() * e
        }),
        ("a sum used twice", |x| {
            let sum = x[0].exp() + x[1].exp();
            sum.ln() * sum
        }),
        ("a term that is none", |x| (x[0].exp() + x[1]).ln()),
        ("a difference", |x| (x[0].exp() - x[1].exp()).ln()),
        ("one exponential", |x| (x[0] * x[1]).exp().ln()),
        ("one exponential, from zero", |x| (Var::constant(0.0) + (x[0] * x[1]).exp()).ln()),
        ("from one", |x| (Var::constant(1.0) + x[0].exp() + x[1].exp()).ln()),
    ];
    for (name, f) in others {
        let (plain, found) = (recorded(f, false), recorded(f, true));
        let x = [2.0, 0.5, 0.25, 0.75];
        let (mut slopes, mut others) = ([0.0; 4], [0.0; 4]);
        let value = plain.value_and_gradient(&mut plain.workspace(), &x, &mut slopes).unwrap();
        let other = found.value_and_gradient(&mut found.workspace(), &x, &mut others).unwrap();
        if name == "other shifts" {
            // The logarithm by itself is one, of the differences.
            assert!((value - other).abs() <= 1e-14 * value.abs(), "{name}");
        } else {
            assert!(is_same(value, other) && slopes == others, "{name}");
            assert_eq!(plain.len(), found.len(), "{name}");
        }
    }
}
