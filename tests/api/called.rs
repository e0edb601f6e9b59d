//! Functions as operations of other functions: against the same recorded operation by operation,
//! against dual numbers and differences; and what misuse meets.

mod guards;
mod random;
mod saved;

use crate::support::same;
use wengert::{Batch, Dual, Error, Function, OpKind, Tape, Var, VectorAs};

pub(super) const POINT: [f64; 2] = [0.8, -0.4];

/// A step of two numbers, a datum, an output that is an input and one that is a constant.
pub(super) fn step() -> Function {
    Function::builder().name("step").data(&[0.5]).record_many_with_data(&POINT, |x, data| {
        let r = (x[0] * x[0] + x[1] * x[1] + data[0]).sqrt();
        vec![x[0] + 0.1 * (x[1] * r).sin(), x[0], x[1] - 0.1 * (x[0] / r).tanh(), 2.0.into()]
    })
}

pub(super) type Call<'f> =
    &'f dyn for<'t> Fn(&Function, &[Var<'t>], &[Var<'t>]) -> Result<Vec<Var<'t>>, Error>;

pub(super) const WHOLE: Call<'static> = &|f, x, data| f.call_as_one(x, data);
pub(super) const APART: Call<'static> = &|f, x, data| f.inline(x, data);

/// The step three times, the last time with a datum that is a variable, and what lies between.
pub(super) fn path(call: Call<'_>) -> Function {
    let step = step();
    Function::record_many(&POINT, |x| {
        let a = call(&step, x, &[Var::constant(0.25)]).unwrap();
        let b = call(&step, &[a[0] * x[1], a[2]], &[0.5.into()]).unwrap();
        let c = call(&step, &[b[2], b[0]], &[x[0]]).unwrap();
        vec![c[0] * c[1] + b[3], c[2] - a[0] + a[1].exp()]
    })
}

/// The same as plain code, over any numbers.
fn plain<F: num_traits::Float>([x, y]: [F; 2]) -> [F; 2] {
    let number = |x: f64| F::from(x).unwrap();
    let step = |x: F, y: F, datum: F| {
        let r = (x * x + y * y + datum).sqrt();
        [x + number(0.1) * (y * r).sin(), y - number(0.1) * (x / r).tanh()]
    };
    let a = step(x, y, number(0.25));
    let b = step(a[0] * y, a[1], number(0.5));
    let c = step(b[1], b[0], x);
    [c[0] * b[1] + number(2.0), c[1] - a[0] + x.exp()]
}

#[track_caller]
fn near(given: &[f64], expected: &[f64]) {
    assert_eq!(given.len(), expected.len());
    for (given, expected) in given.iter().zip(expected) {
        let near = (given - expected).abs() <= 4e-15 * (1.0 + expected.abs());
        assert!(near, "{given} is not {expected}");
    }
}

const POINTS: [[f64; 2]; 3] = [POINT, [1.5, 0.3], [0.0, 2.0]];

#[test]
fn values_have_the_bits_of_the_operations_and_derivatives_those_of_dual_numbers() {
    let (whole, apart) = (path(WHOLE), path(APART));
    for x in POINTS {
        let values = |f: &Function| {
            let mut values = [0.0; 2];
            f.values(&mut f.workspace(), &x, &mut values).unwrap();
            values
        };
        values(&whole).into_iter().zip(values(&apart)).for_each(|(a, b)| same(a, b));
        let column = |i: usize| {
            let moving = |j: usize| Dual::new(x[j], f64::from(u8::from(i == j)));
            plain([moving(0), moving(1)]).map(|y| y.tangent)
        };
        let [[a, c], [b, d]] = [column(0), column(1)];
        let expected = [a, b, c, d];
        let mut jacobian = [0.0; 4];
        whole.jacobian(&mut whole.workspace(), &x, &mut jacobian).unwrap();
        near(&jacobian, &expected);
        let mut workspace = whole.dual_workspace();
        whole.jacobian_in_lanes(&mut workspace, &x, &mut jacobian).unwrap();
        near(&jacobian, &expected);
        let unit = [1.0, 0.0, 0.0, 1.0];
        whole.vjp_many(&mut workspace, &x, 2, &unit, &mut jacobian).unwrap();
        near(&jacobian, &expected);
        whole.jvp_many(&mut workspace, &x, 2, &unit, &mut jacobian).unwrap();
        near(&jacobian, &[a, c, b, d]);
    }
}

#[test]
fn second_derivatives_go_through_a_call() {
    let (whole, apart) = (path(WHOLE), path(APART));
    for x in POINTS {
        let (weights, v) = ([0.7, -1.1], [0.3, 2.0]);
        let product = |f: &Function| {
            let (mut workspace, mut product) = (f.dual_workspace(), [0.0; 2]);
            f.weighted_hessian_vector_product(&mut workspace, &x, &weights, &v, &mut product)
                .unwrap();
            product
        };
        near(&product(&whole), &product(&apart));
        let hessian = |f: &Function| {
            let mut hessian = [0.0; 4];
            f.weighted_hessian(&mut f.dual_workspace(), &x, &weights, &mut hessian).unwrap();
            hessian
        };
        near(&hessian(&whole), &hessian(&apart));
    }
}

/// The third derivatives of a call are those of its operations: calls are taken apart for them.
#[test]
fn derivatives_of_every_order_can_be_recorded() {
    let derived = |f: Function| {
        let first = f.vjp_function(VectorAs::Variables).unwrap();
        let second = first.jvp_function(VectorAs::Data).unwrap();
        let third = second.jacobian_function().unwrap();
        [first, second, third]
    };
    let (whole, apart) = (derived(path(WHOLE)), derived(path(APART)));
    let x = [0.8, -0.4, 0.7, -1.1];
    let data = [0.3, 2.0, 0.1, 0.4];
    for (whole, apart) in whole.iter().zip(&apart) {
        let values = |f: &Function| {
            let mut values = vec![0.0; f.num_outputs()];
            f.values(&mut f.workspace(), (&x, &data[..f.num_data()]), &mut values).unwrap();
            values
        };
        near(&values(whole), &values(apart));
    }
    assert!(whole[0].bytes() < apart[0].bytes());
    // Evaluated and not recorded, an order that a call does not give is an error that names it.
    let error = whole[1].jacobian(&mut whole[1].workspace(), (&x, &data), &mut [0.0; 8]);
    assert!(error.unwrap_err().to_string().contains("`step`"), "names what is called");
}

#[test]
fn series_and_patterns_take_a_call_apart() {
    let (whole, apart) = (path(WHOLE), path(APART));
    let series = |f: &Function| {
        let mut series = [0.0; 8];
        f.taylor(3, &[0.8, 1.0, 0.0, 0.0, -0.4, 0.5, 0.0, 0.0], &[], &mut series).unwrap();
        series
    };
    near(&series(&whole), &series(&apart));
    // One output of two does not depend on the second variable.
    let two = Function::record_many(&POINT, |x| vec![x[0].sin(), x[1].max(x[0]) * x[1]]);
    let f = Function::record_many(&POINT, |x| two.call_as_one(x, &[]).unwrap());
    assert_eq!(f.jacobian_pattern(), two.jacobian_pattern());
    assert_eq!(f.hessian_pattern(), two.hessian_pattern());
    let at = |f: &Function| f.jacobian_pattern_at(&mut f.workspace(), &[3.0, 5.0]).unwrap();
    assert_eq!(at(&f), at(&two));
    assert_eq!(at(&f).len(), 2);
}

/// Sixteen samples side by side, and those that are left, have the bits of samples by themselves.
#[test]
fn a_batch_goes_through_calls_in_lanes() {
    let f = path(WHOLE);
    let mut single = (f.workspace(), [0.0; 4]);
    let points: Vec<f64> = (0..42).map(|i| f64::from(i).sin()).collect();
    let batch = Batch::new(21).variables(&points);
    let (mut values, mut jacobians) = ([0.0; 42], [0.0; 84]);
    f.batch_jacobians(&mut f.batch_workspace(), &batch, &mut values, &mut jacobians).unwrap();
    for (x, jacobian) in points.chunks(2).zip(jacobians.chunks(4)) {
        f.jacobian(&mut single.0, x, &mut single.1).unwrap();
        jacobian.iter().zip(single.1).for_each(|(&a, b)| same(a, b));
    }
}

/// Where a partial derivative is infinite, what has no influence passes nothing on, in lanes too.
#[test]
fn a_zero_meets_an_infinity_inside_of_a_call() {
    let root = Function::record(&[1.0, 1.0], |x| (x[0] * x[0]).sqrt() + x[1]);
    let f = Function::record(&[1.0, 1.0], |x| root.call_as_one(x, &[]).unwrap()[0] * x[1]);
    let mut gradient = [0.0; 2];
    f.gradient(&mut f.workspace(), &[0.0, 3.0], &mut gradient).unwrap();
    assert_eq!(gradient, [0.0, 6.0]);
    let points: Vec<f64> = (0..9).flat_map(|i| [f64::from(i % 2), 3.0]).collect();
    let batch = Batch::new(9).variables(&points);
    let (mut values, mut gradients) = ([0.0; 9], [0.0; 18]);
    f.batch_gradients(&mut f.batch_workspace(), &batch, &mut values, &mut gradients).unwrap();
    for (i, gradient) in gradients.chunks(2).enumerate() {
        assert_eq!(gradient, if i % 2 == 0 { [0.0, 6.0] } else { [3.0, 7.0] });
    }
}

#[test]
fn single_precision_is_the_functions_own() {
    let sine = Function::<f32>::builder().record(&[0.5], |x| x[0].sin() * 3.0);
    let whole = Function::<f32>::builder().record(&[0.5], |x| sine.call_as_one(x, &[]).unwrap()[0]);
    let (mut a, mut b) = ([0.0_f32], [0.0_f32]);
    for x in [0.1, 0.7, 1e-3] {
        let value = sine.value_and_gradient(&mut sine.workspace(), &[x], &mut a).unwrap();
        let called = whole.value_and_gradient(&mut whole.workspace(), &[x], &mut b).unwrap();
        assert_eq!((value.to_bits(), a[0].to_bits()), (called.to_bits(), b[0].to_bits()));
    }
}

/// On a tape a call is a node for each result, whatever the length, and the sweep replays it.
#[test]
fn on_a_tape_a_call_is_an_operation_of_ones_own() {
    let (step, tape) = (step(), Tape::new());
    let x = tape.vars(&POINT);
    let [a, b, c, two] = step.call_as_one(&x, &[0.5.into()]).unwrap()[..] else { panic!() };
    // The datum is recorded as a constant.
    assert_eq!(tape.len(), 5);
    assert!(b == x[0] && two.is_constant());
    assert_eq!(tape.view().node(a.id().unwrap()).unwrap().kind(), OpKind::Custom);
    let flat = Tape::new();
    let z = flat.vars(&POINT);
    let inlined = step.inline(&z, &[0.5.into()]).unwrap();
    let derivatives = |y: Var<'_>, x: &[Var<'_>]| y.gradients().wrt(x);
    near(&derivatives(a * c, &x), &derivatives(inlined[0] * inlined[2], &z));
    let slope = (a * c).derivatives(&x)[0];
    let slope_inlined = (inlined[0] * inlined[2]).derivatives(&z)[0];
    near(&derivatives(slope, &x), &derivatives(slope_inlined, &z));
    let hessian = |call: Call<'_>| {
        wengert::hessian(|x| call(&step, x, &[0.5.into()]).unwrap()[0], &POINT).concat()
    };
    near(&hessian(WHOLE), &hessian(APART));
}

/// Inner values are computed again or kept, as the caller chooses, with the same bits.
#[test]
fn what_is_inside_of_a_call_can_be_kept() {
    let soft = Function::record_many(&POINT, |x| {
        // An operation that itself saves something, and one that calls another function.
        let inner = step().call_saving(x, &[0.5.into()]).unwrap();
        vec![Var::log_sum_exp(&[x[0], x[1], inner[0]]), inner[2] * x[0]]
    });
    let record = |call: Call<'_>| {
        Function::record(&POINT, |x| {
            let once = call(&soft, x, &[]).unwrap();
            let twice = call(&soft, &once, &[]).unwrap();
            twice[0] * twice[1] + once[0]
        })
    };
    let saving: Call<'_> = &|f, x, data| f.call_saving(x, data);
    let [kept, again] = [saving, WHOLE].map(record);
    for x in POINTS {
        let numbers = |f: &Function| {
            let (mut gradient, mut hessian) = ([0.0; 2], [0.0; 4]);
            let value = f.value_and_gradient(&mut f.workspace(), &x, &mut gradient).unwrap();
            f.hessian(&mut f.dual_workspace(), &x, &mut hessian).unwrap();
            let batch = Batch::new(9).shared_variables(&x);
            let mut summed = [0.0; 2];
            f.batch_gradient(&mut f.batch_workspace(), &batch, &mut summed, &mut []).unwrap();
            [&[value], &gradient[..], &hessian, &summed].concat()
        };
        let loaded = Function::from_bytes(&kept.to_bytes()).unwrap();
        for f in [&kept, &loaded] {
            numbers(f).into_iter().zip(numbers(&again)).for_each(|(a, b)| same(a, b));
        }
        let on_a_tape = |call: Call<'_>| {
            let tape = Tape::new();
            let x = tape.vars(&x);
            let y = call(&soft, &x, &[]).unwrap();
            ((y[0] * y[1]).gradients().wrt(&x), tape.len())
        };
        let ((kept, nodes), (again, as_many)) = (on_a_tape(saving), on_a_tape(WHOLE));
        kept.into_iter().zip(again).for_each(|(a, b)| same(a, b));
        assert_eq!(nodes, as_many);
    }
}

/// Short functions are recorded operation by operation, long ones as one; both can be had.
#[test]
fn the_length_decides_how_a_function_is_called() {
    let chain = |length: usize| {
        Function::record(&[0.5], move |x| (0..length).fold(x[0], |x, _| x.sin() * 0.9 + 0.1))
    };
    let called = |f: &Function| Function::record(&[0.5], |x| f.call(x, &[]).unwrap()[0]).len();
    let short = chain(10);
    assert_eq!(called(&short), short.len());
    let long = chain(Function::<f64>::WHOLE);
    assert_eq!(called(&long), 2);
    let inlined = Function::record(&[0.5], |x| long.inline(x, &[]).unwrap()[0]);
    assert_eq!(inlined.len(), long.len());
}

/// The program of what is called is counted once, and an equal call is made once.
#[test]
fn a_program_is_kept_once_however_often_it_is_called() {
    let long = Function::record(&[0.5], |x| (0..500).fold(x[0], |x, _| x.sin() * 0.9 + 0.1));
    let times = |count: usize| {
        Function::record(&[0.5], |x| {
            (0..count).fold(x[0], |x, _| long.call_as_one(&[x], &[]).unwrap()[0])
        })
    };
    let (one, many) = (times(1), times(100));
    assert!(one.bytes() > long.bytes() && many.bytes() < one.bytes() + 100 * 108);
    let twice = Function::record(&[0.5], |x| {
        let [a, b] = [0, 1].map(|_| long.call_as_one(x, &[]).unwrap()[0]);
        a * b
    });
    assert_eq!(twice.len(), 3);
}

/// Functions that call functions that call functions, up to a depth.
#[test]
fn calls_lie_in_each_other() {
    let mut f = Function::record(&[0.5], |x| x[0].sin());
    for _ in 0..64 {
        let inner = f;
        f = Function::record(&[0.5], |x| inner.call_as_one(x, &[]).unwrap()[0] + 0.1);
    }
    let mut gradient = [0.0];
    let value = f.value_and_gradient(&mut f.workspace(), &[0.7], &mut gradient).unwrap();
    near(&[value, gradient[0]], &[0.7_f64.sin() + 6.4, 0.7_f64.cos()]);
    let tape = Tape::new();
    let error = f.call_as_one(&[tape.var(0.5)], &[]).unwrap_err();
    assert!(error.is_limit());
    let text = "the function lies 65 calls deep in others, they can lie 64 deep: record some of \
                them by `Function::inline`";
    assert_eq!(error.to_string(), text);
    assert!(f.inline(&[tape.var(0.5)], &[]).is_ok());
}

#[test]
fn a_trace_tells_the_calls_that_operations_lie_in() {
    let inner = Function::builder().name("inner").record(&[0.5], |x| x[0].sin());
    let outer = Function::builder()
        .name("outer")
        .record(&[0.5], |x| inner.call_as_one(x, &[]).unwrap()[0].exp());
    let f = Function::record(&[0.5], |x| {
        let y = outer.call_as_one(x, &[]).unwrap()[0];
        inner.call_as_one(&[y], &[]).unwrap()[0].sqrt()
    });
    let trace = f.trace(&[0.5]).unwrap();
    let told: Vec<_> = trace.operations().map(|o| (o.name(), o.calls().join("/"))).collect();
    let expected =
        [("sin", "outer 1/inner 1"), ("exp", "outer 1"), ("sin", "inner 2"), ("sqrt", "")];
    assert_eq!(told, expected.map(|(name, calls)| (name, calls.to_owned())));
    let mut gradient = [0.0];
    f.gradient(&mut f.workspace(), &[0.5], &mut gradient).unwrap();
    near(&trace.adjoints(&[1.0]).unwrap()[..1], &gradient);
}

#[test]
fn misuse_is_an_error() {
    let (f, one, other) = (step(), Tape::new(), Tape::new());
    let text = |result: Result<Vec<Var<'_>>, Error>| result.unwrap_err().to_string();
    let [x, y] = [one.var(1.0), other.var(1.0)];
    let length = "the slice of variables has length 1, wanted is 2";
    assert_eq!(text(f.call_as_one(&[x], &[x])), length);
    assert_eq!(text(f.call_as_one(&[x, x], &[])), "the slice of data has length 0, wanted is 1");
    assert!(f.call_as_one(&[x, y], &[0.5.into()]).unwrap_err().is_foreign());
}
