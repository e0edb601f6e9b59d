//! A loop that was saved and loaded is the same loop.

use super::loops::{bits, loops, product};
use wengert::{Function, Scan};

#[test]
fn every_loop_survives_with_its_bits() {
    for case in loops() {
        let (scan, point) = (case.scan(), case.point(20));
        let expected = bits(&product(&scan, &mut scan.workspace(20), &point));
        let value = serde_json::to_value(&scan).unwrap();
        let loaded: [Scan; 4] = [
            Scan::from_bytes(&scan.to_bytes()).unwrap(),
            Scan::from_json(&scan.to_json()).unwrap(),
            serde_json::from_value(value).unwrap(),
            postcard::from_bytes(&postcard::to_allocvec(&scan).unwrap()).unwrap(),
        ];
        for loaded in loaded {
            let product = product(&loaded, &mut loaded.workspace(20), &point);
            assert_eq!(bits(&product), expected, "{}", case.name);
            assert_eq!(loaded.to_bytes(), scan.to_bytes());
        }
    }
}

/// The number of steps is no matter of the file.
#[test]
fn a_file_is_as_long_as_one_step() {
    let scan = loops()[0].scan();
    assert!(scan.to_bytes().len() < scan.step().to_bytes().len() + 16);
}

#[test]
fn damaged_files_are_errors() {
    let scan = loops()[1].scan();
    let bytes = scan.to_bytes();
    for length in 0..bytes.len() {
        assert!(Scan::<f64>::from_bytes(&bytes[..length]).is_err(), "{length} bytes");
    }
    // Whatever is loaded can be evaluated: the lengths that it tells are those it wants.
    for (place, bit) in (0..bytes.len()).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 1 << bit;
        if let Ok(loaded) = Scan::<f64>::from_bytes(&damaged) {
            let (x, data) = (vec![0.5; loaded.num_variables(3)], vec![0.5; loaded.num_data(3)]);
            let mut product = vec![0.0; x.len()];
            let weights = vec![1.0; loaded.num_outputs(3)];
            let mut workspace = loaded.workspace(3);
            let _ = loaded.vjp(&mut workspace, 3, (&x, &data), &weights, &mut product);
        }
    }
}

#[test]
fn what_is_no_loop_is_told() {
    let function = Function::record(&[1.0], |x| x[0]);
    let error = Scan::<f64>::from_bytes(&function.to_bytes()).unwrap_err();
    assert!(error.is_saved() && error.to_string().contains("no saved loop"), "{error}");
    let error = Function::<f64>::from_bytes(&loops()[0].scan().to_bytes()).unwrap_err();
    assert!(error.is_saved(), "{error}");
    let error = Scan::<f32>::from_bytes(&loops()[0].scan().to_bytes()).unwrap_err();
    assert!(error.to_string().contains("computes with \"f64\", wanted is \"f32\""), "{error}");
    let json = loops()[0].scan().to_json();
    for (from, to, text) in [
        ("\"scan\":1", "\"scan\":2", "has version 2"),
        ("\"shared\":1", "\"shared\":2", "the loop wants 3 shared variables"),
        ("\"state\":1", "\"state\":18446744073709551615", "the loop wants 18446744073709551615"),
    ] {
        let error = Scan::<f64>::from_json(&json.replace(from, to)).unwrap_err();
        assert!(error.to_string().contains(text), "{error}");
    }
}
