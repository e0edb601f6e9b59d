//! Every number keeps its bits.

use proptest::prelude::*;
use wengert::{Function, Inputs, Real, Var};

/// What a file has to bring back: signed zeros, infinities, ends of the range, and NaN of both
/// kinds and signs with something to say.
const F64: [u64; 14] = [
    0x0000_0000_0000_0000,
    0x8000_0000_0000_0000,
    0x7FF0_0000_0000_0000,
    0xFFF0_0000_0000_0000,
    0x7FF8_0000_0000_0000,
    0xFFF8_0000_0000_0000,
    0x7FF8_0000_DEAD_BEEF,
    0x7FF0_0000_0000_0001,
    0xFFF4_0000_0000_0000,
    0x0000_0000_0000_0001,
    0x000F_FFFF_FFFF_FFFF,
    0x7FEF_FFFF_FFFF_FFFF,
    0x3FB9_9999_9999_999A,
    0x4340_0000_0000_0001,
];

const F32: [u32; 9] = [
    0x8000_0000,
    0x7F80_0000,
    0xFF80_0000,
    0x7FC0_0000,
    0x7FC0_BEEF,
    0xFF80_0001,
    0x0000_0001,
    0x7F7F_FFFF,
    0x3DCC_CCCD,
];

/// The numbers, recorded as variables, data and constant outputs, after loading.
fn reloaded<F: Real>(numbers: &[F]) -> Vec<Vec<F>> {
    // One NaN stands for all in what is computed, so that constants are saved one by one.
    let f = Function::builder().data(numbers).record_many_with_data(numbers, |_, _| {
        numbers.iter().copied().map(Var::constant).collect()
    });
    let constants = numbers.iter().map(|&number| {
        let f = Function::<F>::builder().record(&[], |_| Var::constant(number));
        value(&Function::from_json(&f.to_json()).unwrap())
    });
    let mut lists = vec![constants.collect()];
    for f in [Function::from_bytes(&f.to_bytes()), Function::from_json(&f.to_json())] {
        let f: Function<F> = f.unwrap();
        let Inputs { variables, data } = f.recorded_at();
        lists.extend([variables.to_vec(), data.to_vec()]);
    }
    lists
}

fn value<F: Real>(f: &Function<F>) -> F {
    f.value(&mut f.workspace(), &[]).unwrap()
}

#[test]
fn doubles_keep_their_bits() {
    for list in reloaded(&F64.map(f64::from_bits)) {
        assert_eq!(list.into_iter().map(f64::to_bits).collect::<Vec<_>>(), F64);
    }
}

#[test]
fn singles_keep_their_bits() {
    for list in reloaded(&F32.map(f32::from_bits)) {
        assert_eq!(list.into_iter().map(f32::to_bits).collect::<Vec<_>>(), F32);
    }
}

proptest! {
    #![proptest_config(crate::support::cases())]
    #[test]
    fn any_number_keeps_its_bits(doubles: [u64; 4], singles: [u32; 4]) {
        for list in reloaded(&doubles.map(f64::from_bits)) {
            prop_assert_eq!(list.into_iter().map(f64::to_bits).collect::<Vec<_>>(), doubles);
        }
        for list in reloaded(&singles.map(f32::from_bits)) {
            prop_assert_eq!(list.into_iter().map(f32::to_bits).collect::<Vec<_>>(), singles);
        }
    }
}

#[test]
fn texts_that_are_no_such_number_are_refused() {
    let json = Function::record(&[0.5], |x| x[0].sin()).to_json();
    assert!(Function::<f64>::from_json(&json).is_ok());
    for text in [
        "nan",
        "NaN",
        "NaN(0x0)",
        "NaN(0x17ff8000000000000)",
        "infinity",
        "1e999",
        "",
        "0x1",
        "1_0",
    ] {
        let changed = json.replace("\"0.5\"", &format!("{text:?}"));
        let error = Function::<f64>::from_json(&changed).unwrap_err();
        assert!(error.is_saved() && error.to_string().contains("the text of a number"), "{error}");
    }
    let json = Function::<f32>::builder().record(&[0.5], |x| x[0].sin()).to_json();
    for text in ["1e39", "NaN(0x7ff8000000000000)"] {
        let changed = json.replace("\"0.5\"", &format!("{text:?}"));
        assert!(Function::<f32>::from_json(&changed).unwrap_err().is_saved());
    }
}
