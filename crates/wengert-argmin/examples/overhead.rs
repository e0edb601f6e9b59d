//! What the adapter costs: L-BFGS on Rosenbrock's valley of a thousand variables, by an `Objective`
//! and by problems written by hand on a `Function`, with the same solver and the same steps.
//!
//! ```text
//! cargo run --release -p wengert-argmin --example overhead
//! valgrind --tool=callgrind target/release/examples/overhead adapter
//! valgrind --tool=callgrind target/release/examples/overhead by-hand
//! valgrind --tool=callgrind target/release/examples/overhead knowing
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

/// The same by one who knows this solver: it asks for the gradient where it asked for the value, so
/// one evaluation is enough for both.
struct Knowing {
    function: Function,
    /// With the gradient of the last point.
    last: RefCell<(Workspace, Vec<f64>)>,
}

impl CostFunction for Knowing {
    type Param = Vec<f64>;
    type Output = f64;
    fn cost(&self, x: &Vec<f64>) -> Result<f64, Error> {
        let (workspace, gradient) = &mut *self.last.borrow_mut();
        Ok(self.function.value_and_gradient(workspace, x, gradient)?)
    }
}

impl Gradient for Knowing {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;
    fn gradient(&self, _: &Vec<f64>) -> Result<Vec<f64>, Error> {
        Ok(self.last.borrow().1.clone())
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

fn knowing() -> f64 {
    let function = rosenbrock();
    let last = RefCell::new((function.workspace(), vec![0.0; VARIABLES]));
    solve(Knowing { function, last })
}

/// The least time of several, by turns, so that what else the machine does falls on all.
fn compare() -> [Duration; 3] {
    let mut least = [Duration::MAX; 3];
    for _ in 0..50 {
        for (least, solve) in least.iter_mut().zip([by_adapter, by_hand, knowing]) {
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
        Some("knowing") => println!("{:e}", knowing()),
        _ => {
            let costs = [by_adapter(), by_hand(), knowing()].map(f64::to_bits);
            assert!(costs.iter().all(|cost| *cost == costs[0]), "the same steps");
            let [adapter, hand, knowing] = compare();
            for (way, other) in [("by hand", hand), ("by one who knows the solver", knowing)] {
                let ratio = adapter.as_secs_f64() / other.as_secs_f64();
                println!("adapter {adapter:?}, {way} {other:?}: {ratio:.3}");
            }
        }
    }
}
