//! Files of earlier versions, which every later one reads.
//!
//! They were written by the version that they are named after, and are never written again.

use super::everything::{DATA, POINT, everything_in_files};
use crate::support::near;
use wengert::{Function, Inputs, Real};

const BYTES_F64: &[u8] = include_bytes!("files/version-1-f64.bin");
const BYTES_F32: &[u8] = include_bytes!("files/version-1-f32.bin");
const JSON_F64: &str = include_str!("files/version-1-f64.json");
const JSON_F32: &str = include_str!("files/version-1-f32.json");

/// Values and the Jacobian at two points, one behind the other.
fn numbers<F: Real>(f: &Function<F>) -> Vec<f64> {
    let mut workspace = f.workspace();
    let mut all = Vec::new();
    for shift in [0.0, 0.05] {
        let list = |numbers: &[f64], shift: f64| -> Vec<F> {
            numbers.iter().map(|&x| F::from_f64(x + shift).unwrap()).collect()
        };
        let (x, data) = (list(&POINT, shift), list(&DATA, 0.0));
        let inputs = Inputs { variables: &x, data: &data };
        let mut values = vec![F::zero(); f.num_outputs()];
        let mut rows = vec![F::zero(); f.num_outputs() * x.len()];
        f.values(&mut workspace, inputs, &mut values).unwrap();
        f.jacobian(&mut workspace, inputs, &mut rows).unwrap();
        all.extend(values.iter().chain(&rows).map(|number| number.to_f64().unwrap()));
    }
    all
}

/// Asserts that a file's function is what is recorded now; elementary functions may have become
/// more exact since.
fn is_everything<F: Real>(file: &Function<F>, tolerance: f64) {
    let (then, now) = (numbers(file), numbers(&everything_in_files::<F>()));
    assert_eq!(then.len(), now.len());
    then.iter().zip(now).for_each(|(&then, now)| near(then, now, tolerance));
    // Inputs beyond the guards: the first is less than the second no more.
    let x = [0.9, 0.7, 1.3].map(|x| F::from_f64(x).unwrap());
    let data = DATA.map(|x| F::from_f64(x).unwrap());
    let mut values = vec![F::zero(); file.num_outputs()];
    let error = file.values(&mut file.workspace(), (&x, &data), &mut values).unwrap_err();
    assert!(error.to_string().contains("everything.rs:"), "{error}");
}

#[test]
fn version_1_is_read() {
    is_everything(&Function::<f64>::from_bytes(BYTES_F64).unwrap(), 1e-13);
    is_everything(&Function::<f64>::from_json(JSON_F64).unwrap(), 1e-13);
    is_everything(&Function::<f32>::from_bytes(BYTES_F32).unwrap(), 1e-5);
    is_everything(&Function::<f32>::from_json(JSON_F32).unwrap(), 1e-5);
}

#[test]
fn both_formats_hold_the_same() {
    fn check<F: Real>(bytes: &[u8], json: &str) {
        let bytes = Function::<F>::from_bytes(bytes).unwrap();
        let json = Function::<F>::from_json(json).unwrap();
        assert_eq!(bytes.to_bytes(), json.to_bytes());
        assert_eq!(bytes.to_json(), json.to_json());
    }
    check::<f64>(BYTES_F64, JSON_F64);
    check::<f32>(BYTES_F32, JSON_F32);
}
