//! Every way to a derivative of an operation, for points that come line by line: what
//! `accuracy.py` compares with mpmath.
//!
//! A line names an operation and its arguments, those in brackets constant. The answer is a line
//! of `way:indices=number`: `hvp:0,1=2.5` is ∂²/∂x₀∂x₁ by a Hessian-vector product.

use std::io::{BufRead, Write};
use wengert::{Dual, Function, OpKind, Optimise, Scalar, Tape, Var};

/// An operation at a point.
struct Point {
    kind: OpKind,
    /// Each argument, and whether it is a variable.
    arguments: Vec<(f64, bool)>,
}

fn main() {
    let (input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    for line in input.lines() {
        let point = Point::read(&line.expect("the input is text"));
        let answers: Vec<String> = point.answers().iter().map(Answer::to_string).collect();
        writeln!(output, "{}", answers.join("\t")).expect("somebody reads");
    }
}

/// One derivative as one way finds it.
struct Answer {
    way: &'static str,
    indices: Vec<usize>,
    number: f64,
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let indices: Vec<String> = self.indices.iter().map(usize::to_string).collect();
        write!(f, "{}:{}={:?}", self.way, indices.join(","), self.number)
    }
}

impl Point {
    fn read(line: &str) -> Self {
        let mut words = line.split('\t');
        let name = words.next().expect("an operation");
        let kind = OpKind::from_name(name).unwrap_or_else(|| panic!("no operation `{name}`"));
        let argument = |word: &str| {
            let number = word.trim_start_matches('[').trim_end_matches(']');
            (number.parse().expect("a number"), !word.starts_with('['))
        };
        Self { kind, arguments: words.map(argument).collect() }
    }

    fn variables(&self) -> Vec<f64> {
        self.arguments.iter().filter(|(_, varies)| *varies).map(|(x, _)| *x).collect()
    }

    /// The operation of variables that stand in for the arguments that vary.
    fn apply<'t, F: Scalar>(&self, variables: &[Var<'t, F>]) -> Var<'t, F> {
        let mut variables = variables.iter();
        let enter = |&(x, varies): &(f64, bool)| match varies {
            true => *variables.next().expect("one for each"),
            false => Var::constant(F::from(x).expect("a float")),
        };
        let arguments: Vec<Var<'t, F>> = self.arguments.iter().map(enter).collect();
        Var::try_apply(self.kind, &arguments).unwrap_or_else(|e| panic!("{}: {e}", self.kind))
    }

    fn answers(&self) -> Vec<Answer> {
        let mut answers = Vec::new();
        self.first(&mut answers);
        self.second(&mut answers);
        self.third(&mut answers);
        for (names, optimise) in [
            (["plain", "plain jvp", "plain hvp"], Optimise::none()),
            (["optimised", "optimised jvp", "optimised hvp"], Optimise::all()),
        ] {
            self.replays(names, optimise, &mut answers);
        }
        self.derived(&mut answers);
        answers
    }

    /// By functions that are derivatives of functions.
    fn derived(&self, answers: &mut Vec<Answer>) {
        let x = self.variables();
        let (n, mut f) = (x.len(), Function::record(&x, |v| self.apply(v)));
        for order in 1..=3 {
            f = f.jacobian_function().expect("orders up to 4 are known");
            let mut values = vec![0.0; f.num_outputs()];
            f.values(&mut f.workspace(), &x, &mut values).expect("no guard");
            for (at, number) in values.into_iter().enumerate() {
                let digit = |k: u32| at / n.pow(order - 1 - k) % n;
                let indices = (0..order).map(digit).collect();
                answers.push(Answer { way: "derived function", indices, number });
            }
        }
    }

    fn first(&self, answers: &mut Vec<Answer>) {
        let x = self.variables();
        let tape = Tape::new();
        let vars = tape.vars(&x);
        let y = self.apply(&vars);
        let mut take = |way, indices, number| answers.push(Answer { way, indices, number });
        take("reverse", vec![], y.value());
        let gradients = y.gradients();
        for (i, &var) in vars.iter().enumerate() {
            take("reverse", vec![i], gradients[var]);
            let tangents = tape.pushforward(&[(var, 1.0)]).expect("of this tape");
            take("forward", vec![i], tangents[y]);
            let seeded = |k| if k == i { 1.0 } else { 0.0 };
            let duals: Vec<_> = (0..x.len()).map(|k| Dual::new(x[k], seeded(k)).into()).collect();
            take("dual", vec![i], self.apply(&duals).value().tangent);
        }
    }

    fn second(&self, answers: &mut Vec<Answer>) {
        let x = self.variables();
        let mut take =
            |way, i, j, number| answers.push(Answer { way, indices: vec![i, j], number });
        let hessian = wengert::hessian(|v| self.apply(v), &x);
        for (j, unit) in (0..x.len()).map(|j| (j, unit(x.len(), j))) {
            let tape = Tape::<Dual>::default();
            let seeded: Vec<Dual> = x.iter().zip(&unit).map(|(&x, &v)| Dual::new(x, v)).collect();
            let vars = tape.vars(&seeded);
            let gradient = self.apply(&vars).gradients().wrt(&vars);
            let (_, product) =
                wengert::hessian_vector_product(|v| self.apply(v), &x, &unit).expect("it fits");
            for i in 0..x.len() {
                take("tape of duals", i, j, gradient[i].tangent);
                take("hvp", i, j, product[i]);
                take("hessian", i, j, hessian[i][j]);
                take("dual of dual", i, j, self.apply(&twice(&x, i, j)).value().tangent.tangent);
            }
        }
    }

    fn third(&self, answers: &mut Vec<Answer>) {
        let x = self.variables();
        let n = x.len();
        for (j, k) in (0..n).flat_map(|j| (j..n).map(move |k| (j, k))) {
            let tape = Tape::<Dual<Dual>>::default();
            let seeded: Vec<Dual<Dual>> = twice(&x, j, k).iter().map(Var::value).collect();
            let vars = tape.vars(&seeded);
            let gradient = self.apply(&vars).gradients().wrt(&vars);
            for (i, derivative) in gradient.iter().enumerate() {
                let (indices, number) = (vec![i, j, k], derivative.tangent.tangent);
                answers.push(Answer { way: "tape of duals of duals", indices, number });
            }
        }
    }

    fn replays(
        &self,
        [reverse, forward, second]: [&'static str; 3],
        optimise: Optimise,
        answers: &mut Vec<Answer>,
    ) {
        let x = self.variables();
        let n = x.len();
        let f = Function::builder().optimise(optimise).record(&x, |v| self.apply(v));
        let (mut gradient, mut slope, mut product) = (vec![0.0; n], [0.0], vec![0.0; n]);
        let value = f.value_and_gradient(&mut f.workspace(), &x, &mut gradient).expect("no guard");
        let mut take = |way, indices, number| answers.push(Answer { way, indices, number });
        take(reverse, vec![], value);
        let mut workspace = f.dual_workspace();
        for (j, &derivative) in gradient.iter().enumerate() {
            let unit = unit(n, j);
            take(reverse, vec![j], derivative);
            f.jvp(&mut workspace, &x, &unit, &mut slope).expect("no guard");
            take(forward, vec![j], slope[0]);
            f.hessian_vector_product(&mut workspace, &x, &unit, &mut product).expect("no guard");
            (0..n).for_each(|i| take(second, vec![i, j], product[i]));
        }
    }
}

fn unit(len: usize, at: usize) -> Vec<f64> {
    (0..len).map(|i| if i == at { 1.0 } else { 0.0 }).collect()
}

/// The point with one argument seeded in the inner tangent and one in the outer.
fn twice<'t>(x: &[f64], inner: usize, outer: usize) -> Vec<Var<'t, Dual<Dual>>> {
    let one_at = |i, at| if i == at { 1.0 } else { 0.0 };
    let number = |(i, &x): (usize, &f64)| {
        let tangent = Dual::constant(one_at(i, outer));
        Var::constant(Dual::new(Dual::new(x, one_at(i, inner)), tangent))
    };
    x.iter().enumerate().map(number).collect()
}
