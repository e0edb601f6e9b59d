//! The same bits by every instruction set of this processor, and by short runs decoded and as their
//! kernels do them.

use crate::function::element::Element;
use crate::function::element::lanes::Lanes;
use crate::function::program::Program;
use crate::function::program::assemble::assemble;
use crate::function::program::decode::tests::{cheap_drafts, drafts};
use crate::function::program::instruction::Instruction;
use crate::function::replay::space::Space;
use crate::function::{Batch, Function};
use crate::instructions::Arch;
use crate::ops::OpKind;
use crate::record::Var;
use crate::scalar::Real;

/// Ordinary numbers between those at which functions tend to be special.
const NUMBERS: [f64; 20] = [
    0.3,
    f64::NEG_INFINITY,
    -2.0,
    0.7,
    -5e-324,
    1.3,
    -0.0,
    -0.4,
    0.0,
    2.6,
    0.5,
    1.0,
    1e-310,
    -0.9,
    f64::INFINITY,
    17.3,
    f64::NAN,
    3e-39,
    1e30,
    -700.5,
];

fn cast<F: Real>(x: f64) -> F {
    F::from(x).expect("every f64 can be cast")
}

fn points<F: Real>() -> Vec<F> {
    let count = NUMBERS.len();
    let point = |i: usize| [NUMBERS[i % count], NUMBERS[i / count], NUMBERS[7 * i % count]];
    (0..count * count).flat_map(point).map(cast).collect()
}

/// An operation on variables and, where it wants them, constants.
fn apply<'t, F: Real>(kind: OpKind, x: &[Var<'t, F>]) -> Var<'t, F> {
    let [low, high, three] = [-0.5, 2.0, 3.0].map(|c| Var::constant(cast(c)));
    let [x, y, z] = [x[0], x[1], x[2]];
    let shapes: [&[Var<'t, F>]; 7] = [
        &[x, y, z, x],
        &[x, y, z],
        &[x, y],
        &[x],
        &[x, three],
        &[x, low, high],
        &[low, high, x, y],
    ];
    let tried = shapes.into_iter().find_map(|shape| Var::try_apply(kind, shape).ok());
    tried.unwrap_or_else(|| panic!("no shape fits {kind}"))
}

fn operations() -> impl Iterator<Item = OpKind> {
    OpKind::ALL.iter().copied().filter(|kind| !matches!(kind, OpKind::Input | OpKind::Constant))
}

/// Values and gradients of all points, in a batch and one by one.
fn answers<F: Real>(f: &Function<F>, points: &[F]) -> Vec<F> {
    let count = points.len() / 3;
    let (mut values, mut rows) = (vec![F::zero(); count], vec![F::zero(); points.len()]);
    let batch = Batch::new(count).variables(points);
    f.batch_gradients(&mut f.batch_workspace(), &batch, &mut values, &mut rows).expect("no guards");
    let (mut workspace, mut gradient) = (f.workspace(), [F::zero(); 3]);
    for x in points.chunks(3) {
        let value = f.value_and_gradient(&mut workspace, x, &mut gradient).expect("no guards");
        values.push(value);
        rows.extend(gradient);
    }
    values.extend(rows);
    values
}

fn is_same<F: Real>(a: F, b: F) -> bool {
    (a == b && a.is_sign_negative() == b.is_sign_negative()) || (a.is_nan() && b.is_nan())
}

#[track_caller]
fn check<F: Real>(what: &str, f: &Function<F>, kind: OpKind) {
    let mut points = points::<F>();
    if matches!(kind, OpKind::GammaP | OpKind::GammaQ | OpKind::BetaInc) {
        // They are integrals, and take a thousand times as long as a sum; 21 has no factor with the
        // numbers in common, so that all of them occur.
        points = points.chunks(3).step_by(21).flatten().copied().collect();
    }
    let answers = |arch| answers(&Function { arch, ..f.clone() }, &points);
    let known = answers(Arch::Scalar);
    for arch in Arch::all() {
        for (i, (&a, &b)) in answers(arch).iter().zip(&known).enumerate() {
            assert!(is_same(a, b), "{what}: number {i} is {a:?} by {arch:?}, {b:?} by the least");
        }
    }
}

fn every_operation<F: Real>() {
    let at = [0.3, 0.7, 1.3].map(cast::<F>);
    for kind in operations() {
        let f = Function::builder().ignore_guards().record(&at, |x| apply(kind, x));
        check(kind.name(), &f, kind);
        // So many side by side that one evaluation has vectors of them.
        let f = Function::builder().ignore_guards().record(&at, |x| {
            let turned = |i: usize| [x[i % 3] * cast::<F>(0.1 * i as f64), x[1], x[2]];
            Var::sum(&(1..=9).map(|i| apply(kind, &turned(i))).collect::<Vec<_>>())
        });
        check(&format!("nine {kind}"), &f, kind);
    }
}

#[test]
fn every_operation_has_the_same_bits_by_every_instruction_set() {
    every_operation::<f64>();
}

#[cfg(feature = "f32")]
#[test]
fn also_in_single_precision() {
    every_operation::<f32>();
}

/// Values and adjoints of a random program, as bits, all NaN being one.
macro_rules! evaluated {
    ($element:ty, $program:expr, $arch:expr, $of:expr, $numbers:expr) => {{
        let mut space = Space::<$element>::of($program);
        for i in 0..$program.inputs() {
            space.slots[i] = $of(0.75 - i as f64);
        }
        space.run($program, $arch);
        for &output in &$program.outputs {
            space.adjoints[output as usize] = $of(1.0);
        }
        space.sweep($program, $arch);
        let slots = &space.slots[..$program.slots];
        let all = slots.iter().chain(&space.adjoints[..$program.inputs()]);
        let bits = |x: f64| if x.is_nan() { u64::MAX } else { x.to_bits() };
        all.flat_map($numbers).map(bits).collect::<Vec<u64>>()
    }};
}

/// What a run is decoded for is speed, and nothing else.
#[test]
fn short_runs_have_the_bits_of_their_kernels() {
    for draft in cheap_drafts().chain(drafts().step_by(3)) {
        let program = assemble(&draft).expect("a program");
        let instructions = Instruction::with_runs(&program, false);
        let of_kernels = Program { instructions, ..program.clone() };
        for arch in Arch::all() {
            let both = [&program, &of_kernels];
            let (one, number) = (|x: f64| x, |&x: &f64| [x]);
            let [runs, kernels] = both.map(|it| evaluated!(f64, it, arch, one, number));
            assert!(runs == kernels, "{arch:?}");
            let (lanes, numbers) = (|x: f64| Lanes::splat(x), |x: &Lanes<f64>| x.0);
            let [runs, kernels] = both.map(|it| evaluated!(Lanes<f64>, it, arch, lanes, numbers));
            assert!(runs == kernels, "{arch:?} by lanes");
        }
    }
}
