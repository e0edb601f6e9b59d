//! What is wrong with a file is said, with the place and the numbers.

use serde_json::{Value, json};
use wengert::{Error, Function};

/// A function with two variables, a datum, a constant, several kinds of operations and a guard.
fn function() -> Function {
    Function::builder().data(&[0.25]).record_many_with_data(&[0.5, 1.5], |x, data| {
        assert!(x[0] < x[1]);
        vec![x[0] * x[1] - data[0] * 3.0, x[1].sin().powi(5)]
    })
}

fn saved() -> Value {
    serde_json::from_str(&function().to_json()).unwrap()
}

fn load(value: &Value) -> Result<Function, Error> {
    Function::from_json(&value.to_string())
}

/// Asserts that a file is refused after `change`, with a text that contains `wanted`.
#[track_caller]
fn refused(wanted: &str, change: impl FnOnce(&mut Value)) {
    let mut value = saved();
    change(&mut value);
    let error = load(&value).expect_err("the file is refused");
    assert!(error.is_saved());
    assert!(error.to_string().contains(wanted), "the error says: {error}");
}

/// As [`refused`], with these steps.
#[track_caller]
fn steps_refused(wanted: &str, steps: &[&str]) {
    refused(wanted, |value| {
        value["steps"] = json!(steps);
        value["outputs"] = json!(["v0"]);
    });
}

#[test]
fn the_file_itself_is_right() {
    assert_eq!(load(&saved()).unwrap().to_json(), function().to_json());
    assert_eq!(saved()["steps"].as_array().unwrap().len(), 3);
}

#[test]
fn another_version() {
    let newer = "has version 3, this library reads versions 1 to 2";
    refused(newer, |value| value["wengert"] = json!(3));
    // A newer file may look otherwise; its version is read first all the same.
    refused(newer, |value| {
        value["wengert"] = json!(3);
        value["tangents"] = json!([1, 2]);
        value["steps"] = json!({});
    });
    refused("has version 0", |value| value["wengert"] = json!(0));
    let mut bytes = function().to_bytes();
    assert_eq!(&bytes[..5], b"wgrt\x01");
    bytes[4] = 9;
    bytes.truncate(20);
    let error = Function::<f64>::from_bytes(&bytes).unwrap_err();
    assert!(error.to_string().contains("has version 9"), "{error}");
}

#[test]
fn another_version_within_another_type() {
    let mut value = saved();
    value["wengert"] = json!(3);
    let error = serde_json::from_value::<Function>(value).unwrap_err();
    assert!(error.to_string().contains("has version 3"), "{error}");
    let error = serde_json::from_value::<Function<f32>>(saved()).unwrap_err();
    assert!(error.to_string().contains("wanted is \"f32\""), "{error}");
}

#[test]
fn another_scalar() {
    for error in [
        Function::<f32>::from_bytes(&function().to_bytes()).unwrap_err(),
        Function::<f32>::from_json(&function().to_json()).unwrap_err(),
    ] {
        assert!(error.is_saved());
        assert!(error.to_string().contains("computes with \"f64\", wanted is \"f32\""), "{error}");
    }
}

#[test]
fn something_else() {
    for bytes in [&b"PNG or something like it"[..], b"wgrx\x01\x03f64"] {
        let error = Function::<f64>::from_bytes(bytes).unwrap_err();
        assert!(error.to_string().contains("no saved function"), "{error}");
    }
    for text in ["", "{}", "[]", "null", "{\"wengert\":1}"] {
        assert!(Function::<f64>::from_json(text).unwrap_err().is_saved(), "{text}");
    }
}

#[test]
fn too_much() {
    let mut bytes = function().to_bytes();
    bytes.extend([0; 3]);
    let error = Function::<f64>::from_bytes(&bytes).unwrap_err();
    assert!(error.to_string().starts_with("3 bytes follow the saved function"), "{error}");
    let twice = function().to_json() + "{}";
    assert!(Function::<f64>::from_json(&twice).unwrap_err().is_saved());
    refused("unknown field `extra`", |value| value["extra"] = json!(1));
}

#[test]
fn operands_that_are_not_there() {
    let uses =
        |what: &str| format!("step 0 uses `{what}`, where there are 3 values and 2 constants");
    steps_refused(&uses("v3"), &["v3 = sin v3"]);
    steps_refused(&uses("v4"), &["v3 = add v0 v4", "v4 = sin v0"]);
    steps_refused(&uses("c2"), &["v3 = sin c2"]);
    steps_refused(&uses("v4294967295"), &["v3 = sin v4294967295"]);
    steps_refused("step 1 uses `v9`, where there are 4 values", &["v3 = sin v0", "v4 = sum v0 v9"]);
    refused("output 1 uses `v99`", |value| value["outputs"] = json!(["v0", "v99"]));
    refused("guard 0 uses `c7`", |value| value["guards"][0]["operands"] = json!(["v0", "c7"]));
}

#[test]
fn signs_where_none_can_stand() {
    steps_refused("step 0 uses `-v0`, where no such sign can stand", &["v3 = sin -v0"]);
    steps_refused("step 0 uses `-v1`, where no such sign", &["v3 = products -v0 -v1"]);
    steps_refused("step 0 uses `~v0`, where no such sign", &["v3 = products ~v0 v1"]);
    steps_refused("step 0 uses `~v0`, where no such sign", &["v3 = sum ~v0 v1"]);
    // The first product begins the sum, and is rounded with nothing.
    steps_refused("step 0 uses `~v1`, where no such sign", &["v3 = products v0 ~v1 v0 v1"]);
    steps_refused("step 0 uses `-c0`, where no such sign", &["v3 = log_sum_exp v0 -c0"]);
    refused("output 0 uses `-v0`", |value| value["outputs"] = json!(["-v0"]));
    refused("guard 0 uses `-v0`", |value| value["guards"][0]["operands"] = json!(["-v0", "v1"]));
    let mut value = saved();
    value["steps"] = json!(["v3 = sum v0 -v1 -c0", "v4 = products -v0 v1 -c0 ~v0"]);
    value["outputs"] = json!(["v3", "v4"]);
    let f = load(&value).unwrap();
    let mut values = [0.0; 2];
    f.values(&mut f.workspace(), (&[0.5, 1.5], &[0.0]), &mut values).unwrap();
    assert_eq!(values, [0.5 - 1.5 - 3.0, -0.75 - 1.5]);
}

/// In bytes a sign is a bit of its operand.
#[test]
fn a_first_product_that_is_rounded_with_nothing() {
    let mut value = saved();
    value["steps"] = json!(["v3 = products v0 v1 v0 ~v1"]);
    value["outputs"] = json!(["v3", "v3"]);
    let mut bytes = load(&value).unwrap().to_bytes();
    let step = bytes.windows(2).position(|pair| pair == [69, 4]).expect("a sum of two products");
    assert_eq!([bytes[step + 3], bytes[step + 5]].map(|operand| operand & 2), [0, 2]);
    bytes[step + 3] |= 2;
    let error = Function::<f64>::from_bytes(&bytes).unwrap_err();
    assert!(error.to_string().contains("step 0 uses `-v1`, where no such sign"), "{error}");
}

#[test]
fn wrong_numbers_of_operands() {
    let arity = |text: &str| format!("step 0, {text}");
    steps_refused(&arity("`sin`, has 2 operands, wanted is 1"), &["v3 = sin v0 v1"]);
    steps_refused(&arity("`add`, has 1 operands, wanted is 2"), &["v3 = add v0"]);
    steps_refused(&arity("`mul_add`, has 0 operands, wanted is 3"), &["v3 = mul_add"]);
    steps_refused(
        &arity("`select_less`, has 3 operands, wanted is 4"),
        &["v3 = select_less v0 v0 v0"],
    );
    steps_refused(
        &arity("`products`, has 3 operands, wanted is an even"),
        &["v3 = products v0 v0 v0"],
    );
    for name in ["sum", "products", "horner", "log_sum_exp", "norm", "product"] {
        steps_refused("has 0 operands, wanted is at least 1", &[&format!("v3 = {name}")]);
    }
    steps_refused(&arity("`powi`, has 0 operands"), &["v3 = powi 2"]);
}

#[test]
fn lines_that_are_no_steps() {
    steps_refused("step 0 is `frob`, which is no operation", &["v3 = frob v0"]);
    steps_refused("step 0 is ``, which is no operation", &["v3 = "]);
    steps_refused("step 0 begins with `v4 =`, wanted is `v3 = `", &["v4 = sin v0"]);
    steps_refused("step 0 begins with ` `", &[""]);
    steps_refused("step 0 has `x0`, which is no operand", &["v3 = sin x0"]);
    steps_refused("step 0 has `v+1`, which is no operand", &["v3 = sin v+1"]);
    steps_refused("step 0 has `v4294967296`", &["v3 = sin v4294967296"]);
    steps_refused("the exponent of step 0 is v0", &["v3 = powi v0"]);
    steps_refused("the exponent of step 0 is 2147483648", &["v3 = powi v0 2147483648"]);
}

#[test]
fn guards_that_ask_nothing() {
    refused("a comparison, as", |value| value["guards"][0]["comparison"] = json!("near"));
    refused("guard 0 names file 1, there are 1", |value| value["guards"][0]["file"] = json!(1));
    refused("there are 2 files for 1 guards", |value| value["files"] = json!(["a.rs", "b.rs"]));
    refused("missing field `line`", |value| {
        value["guards"][0].as_object_mut().unwrap().remove("line");
    });
}
