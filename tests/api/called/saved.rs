//! Functions that call functions, saved and loaded.

use super::{POINT, WHOLE, path};
use crate::support::same;
use wengert::Function;

/// A function that calls two, one of which calls the other.
fn nested() -> Function {
    let long = Function::builder()
        .name("long")
        .record(&[0.5], |x| (0..300).fold(x[0], |x, _| x.sin() * 0.9 + 0.1));
    let around = Function::builder()
        .name("around")
        .record(&[0.5], |x| long.call_as_one(x, &[]).unwrap()[0].exp());
    Function::record(&[0.5], |x| {
        let y = around.call_as_one(x, &[]).unwrap()[0];
        let z = around.call_as_one(&[y], &[]).unwrap()[0];
        long.call_as_one(&[y * z], &[]).unwrap()[0]
    })
}

#[test]
fn what_is_loaded_computes_the_same_bits() {
    for f in [path(WHOLE), nested(), nested().gradient_function().unwrap()] {
        let x = &POINT[..f.num_variables()];
        let jacobian = |f: &Function| {
            let mut jacobian = vec![0.0; f.num_outputs() * f.num_variables()];
            f.jacobian(&mut f.workspace(), x, &mut jacobian).unwrap();
            jacobian
        };
        let expected = jacobian(&f);
        for loaded in [
            Function::from_bytes(&f.to_bytes()).unwrap(),
            Function::from_json(&f.to_json()).unwrap(),
            serde_json::from_value(serde_json::to_value(&f).unwrap()).unwrap(),
        ] {
            jacobian(&loaded).into_iter().zip(&expected).for_each(|(a, &b)| same(a, b));
            assert_eq!((loaded.bytes(), loaded.to_bytes()), (f.bytes(), f.to_bytes()));
        }
    }
}

#[test]
fn a_file_has_a_program_once() {
    let f = nested();
    let json: serde_json::Value = serde_json::from_str(&f.to_json()).unwrap();
    assert_eq!(json["wengert"], 2);
    let names: Vec<_> = json["functions"].as_array().unwrap().iter().map(|f| &f["name"]).collect();
    assert_eq!(names, ["long", "around"]);
    assert!(f.to_json().contains(r#"call \"value function 1\" v0"#));
    let times = |count: usize| {
        let long = Function::record(&[0.5], |x| (0..300).fold(x[0], |x, _| x.sin() * 0.9 + 0.1));
        let f = Function::record(&[0.5], |x| {
            (0..count).fold(x[0], |x, _| long.call_as_one(&[x], &[]).unwrap()[0])
        });
        f.to_bytes().len()
    };
    assert!(times(50) < times(1) + 50 * 10, "{} and {}", times(50), times(1));
}

/// What calls nothing is of the first version, which older libraries read.
#[test]
fn a_function_without_calls_is_of_the_first_version() {
    let f = Function::record(&[0.5], |x| x[0].sin());
    let json: serde_json::Value = serde_json::from_str(&f.to_json()).unwrap();
    assert_eq!(json["wengert"], 1);
    assert!(json.get("functions").is_none());
    assert_eq!(f.to_bytes()[4], 1);
}

#[test]
fn what_a_file_says_of_functions_is_not_believed() {
    let json = nested().to_json();
    let error = |from: &str, to: &str| {
        let (before, behind) = json.rsplit_once(from).expect("the file says so");
        let error = Function::<f64>::from_json(&[before, to, behind].concat()).unwrap_err();
        assert!(error.is_saved(), "{error}");
        error.to_string()
    };
    // A function calls those before it alone.
    let itself = error("value function 0", "value function 1");
    assert!(itself.starts_with("step 0 is value function 1, which is no call"), "{itself}");
    error("value function 0", "value function -1");
    error("value function 0", "values function 0");
    error("value function 0", "hessian_vector_product function 0");
    error("\"wengert\":2", "\"wengert\":3");
    error("\"wengert\":2", "\"wengert\":1");
    error("\"functions\":", "\"function\":");
    error("\"name\":\"long\",", "");
    let bytes = nested().to_bytes();
    for end in 0..bytes.len() {
        assert!(Function::<f64>::from_bytes(&bytes[..end]).is_err());
    }
}

/// Functions that call each other in a long row, or twice each, are refused before they are run.
#[test]
fn a_file_cannot_ask_for_endless_calls() {
    let row = |count: usize, twice: bool| {
        let step = |from: usize| match (from, twice) {
            (0, _) => r#""v1 = sin v0""#.to_owned(),
            (_, false) => {
                format!(r#""v1 = call \"value function {}\" v0","v2 = output v1 0""#, from - 1)
            }
            (_, true) => {
                let call = format!(r#"call \"value function {}\""#, from - 1);
                format!(
                    r#""v1 = {call} v0","v2 = output v1 0","v3 = {call} v2","v4 = output v3 0""#
                )
            }
        };
        let output = |at: usize| {
            if at == 0 {
                1
            } else if twice {
                4
            } else {
                2
            }
        };
        let functions = (0..count).map(|at| {
            format!(
                r#"{{"name":"f","variables":["0.5"],"constants":[],"steps":[{}],"outputs":["v{}"]}}"#,
                step(at), output(at),
            )
        });
        let functions: Vec<String> = functions.collect();
        let text = format!(
            r#"{{"wengert":2,"scalar":"f64","ignores_guards":false,"variables":["0.5"],"data":[],
            "constants":[],"steps":[{}],"outputs":["v{}"],"guards":[],"files":[],"functions":[{}]}}"#,
            step(count),
            output(count),
            functions.join(","),
        );
        Function::<f64>::from_json(&text)
    };
    let f = row(64, false).unwrap();
    assert!(f.value(&mut f.workspace(), &[0.7]).is_ok());
    let error = row(65, false).unwrap_err();
    assert!(error.is_saved() && error.to_string().starts_with("functions lie 65 calls deep"));
    let f = row(10, true).unwrap();
    assert!(f.value(&mut f.workspace(), &[0.7]).is_ok());
    let error = row(60, true).unwrap_err();
    assert!(error.is_saved() && error.to_string().contains("a function can have"), "{error}");
}
