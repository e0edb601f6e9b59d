//! What the adapter costs: L-BFGS on Rosenbrock's valley of a thousand variables, by an `Objective`
//! and by a problem written by hand on a `Function`, with the same solver and the same steps.
//!
//! ```text
//! cargo run --release -p wengert-argmin --example overhead
//! valgrind --tool=callgrind target/release/examples/overhead adapter
//! valgrind --tool=callgrind target/release/examples/overhead by-hand
//! ```

use argmin::core::{CostFunction, Error, Executor, Gradient, IterState};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use std::cell::RefCell;
use std::time::{Duration, Instant};
use wengert::{Function, Workspace};
use wengert_argmin::Objective;

const VARIABLES: usize = 1000;
const ITERATIONS: u64 = 200;

fn rosenbrock() -> Function {
    Function::record(&[-1.2; VARIABLES], |x| {
        x.windows(2).map(|w| 100 * (w[1] - w[0] * w[0]).powi(2) + (1 - w[0]).powi(2)).sum()
    })
}

/// The lines that users of argmin write: a value, and a gradient, each by an evaluation.
struct ByHand {
    function: Function,
    workspace: RefCell<Workspace>,
}

impl CostFunction for ByHand {
    type Param = Vec<f64>;
    type Output = f64;
    fn cost(&self, x: &Vec<f64>) -> Result<f64, Error> {
        Ok(self.function.value(&mut self.workspace.borrow_mut(), x)?)
    }
}

impl Gradient for ByHand {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;
    fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let mut gradient = vec![0.0; x.len()];
        self.function.gradient(&mut self.workspace.borrow_mut(), x, &mut gradient)?;
        Ok(gradient)
    }
}

/// The cost after so many iterations.
fn solve<P>(problem: P) -> f64
where
    P: CostFunction<Param = Vec<f64>, Output = f64>
        + Gradient<Param = Vec<f64>, Gradient = Vec<f64>>,
{
    let start: Vec<f64> = (0..VARIABLES).map(|i| if i % 2 == 0 { -1.2 } else { 1.0 }).collect();
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), 7);
    let configure = |state: IterState<Vec<f64>, Vec<f64>, (), (), (), f64>| {
        state.param(start).max_iters(ITERATIONS)
    };
    let result = Executor::new(problem, solver).configure(configure).run().expect("it is solved");
    result.state.best_cost
}

fn by_adapter() -> f64 {
    solve(Objective::<Vec<f64>>::new(rosenbrock()))
}

fn by_hand() -> f64 {
    let function = rosenbrock();
    let workspace = RefCell::new(function.workspace());
    solve(ByHand { function, workspace })
}

/// The least time of several, by turns, so that what else the machine does falls on both.
fn compare() -> [Duration; 2] {
    let mut least = [Duration::MAX; 2];
    for _ in 0..50 {
        for (least, solve) in least.iter_mut().zip([by_adapter, by_hand]) {
            let start = Instant::now();
            std::hint::black_box(solve());
            *least = (*least).min(start.elapsed());
        }
    }
    least
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("adapter") => println!("{:e}", by_adapter()),
        Some("by-hand") => println!("{:e}", by_hand()),
        _ => {
            assert_eq!(by_adapter().to_bits(), by_hand().to_bits(), "the same steps");
            let [adapter, hand] = compare();
            let ratio = adapter.as_secs_f64() / hand.as_secs_f64();
            println!("adapter {adapter:?}, by hand {hand:?}: {ratio:.3}");
        }
    }
}
