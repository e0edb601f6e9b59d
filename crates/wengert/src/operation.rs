//! Operations that are not made of the library's: what is asked of them.

mod called;
mod registry;

pub(crate) use called::Called;
pub(crate) use called::{Order, Role, check_calls};
pub use registry::register;
#[cfg(feature = "serde")]
pub(crate) use registry::registered;

use std::any::Any;
use std::error::Error;

/// An operation of one's own, y = f(x), with any number of inputs and outputs: a solver, a library
/// in another language, a function whose derivative is known better than its operations tell.
///
/// [`Number::call`](crate::Number::call) records it as one operation, whatever it computes inside.
/// It takes part in tapes, sweeps, functions, batches and pictures. Numbers are `f64`; tapes and
/// functions over `f32` convert.
///
/// A value and the vector-Jacobian product are all it has to give. Forward mode asks for
/// [`Forward`] too, second derivatives for both that and [`SecondOrder`]. What is not given is an
/// error where it is asked for, which names the operation, and never a zero.
///
/// The numbers of a point are given to every method, so that an operation needs no memory of its
/// own and can be used by many threads at once. [`check::check_operation`] compares what it gives
/// with differences.
///
/// [`check::check_operation`]: crate::check::check_operation
///
/// # Example: the length of a vector, and its unit vector
/// ```
/// use std::sync::Arc;
/// use wengert::custom::{Failure, Operation};
/// use wengert::{Number, Tape, Var};
///
/// struct Unit;
/// impl Operation for Unit {
///     fn name(&self) -> &str {
///         "unit"
///     }
///     fn outputs(&self, inputs: usize) -> Option<usize> {
///         Some(inputs)
///     }
///     fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
///         let length = x.iter().map(|x| x * x).sum::<f64>().sqrt();
///         if length == 0.0 {
///             return Err("a vector of length 0 has no direction".into());
///         }
///         y.iter_mut().zip(x).for_each(|(y, x)| *y = x / length);
///         Ok(())
///     }
///     /// (I − yyᵀ) / ‖x‖ is symmetric.
///     fn vjp(&self, x: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
///         let length = x.iter().map(|x| x * x).sum::<f64>().sqrt();
///         let along: f64 = y.iter().zip(weights).map(|(y, w)| y * w).sum();
///         for ((product, y), w) in product.iter_mut().zip(y).zip(weights) {
///             *product = (w - along * y) / length;
///         }
///     }
/// }
///
/// let unit: Arc<dyn Operation> = Arc::new(Unit);
/// let tape = Tape::new();
/// let x = tape.vars(&[3.0, 4.0]);
/// let y = Var::call(&unit, &x);
/// assert_eq!((y[0].value(), y[1].value()), (0.6, 0.8));
/// assert_eq!(tape.len(), 4);
/// let gradient = y[0].gradients().wrt(&x);
/// assert!((gradient[0] - 0.128).abs() < 1e-15 && (gradient[1] + 0.096).abs() < 1e-15);
///
/// let error = Var::try_call(&unit, &tape.vars(&[0.0, 0.0])).unwrap_err();
/// assert_eq!(error.to_string(), "the operation `unit` failed: a vector of length 0 has no direction");
/// ```
pub trait Operation: Any + Send + Sync {
    /// The name in listings, pictures, saved functions and errors. An operation that has
    /// parameters says them in its name, as in `solve(6)`, so that the name alone tells it from
    /// others.
    fn name(&self) -> &str;

    /// The number of outputs for so many inputs, or `None` where it takes another number of those.
    fn outputs(&self, inputs: usize) -> Option<usize>;

    /// Computes f(x) into `y`, which has the length that [`Operation::outputs`] tells.
    ///
    /// # Errors
    /// If f has no value at x: a matrix that is singular, a solver that does not converge. Outputs
    /// that are NaN are no error.
    fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure>;

    /// Computes the vector-Jacobian product Jᵀw at x into `product`, one number for each input, for
    /// a weight w of each output. `y` is f(x). `product` holds zeros before.
    fn vjp(&self, x: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]);

    /// Products with the Jacobian, if the operation has them: `Some(self)` from a type that is
    /// [`Forward`].
    fn forward(&self) -> Option<&dyn Forward> {
        None
    }

    /// Second derivatives, if the operation has them: `Some(self)` from a type that is
    /// [`SecondOrder`].
    fn second_order(&self) -> Option<&dyn SecondOrder> {
        None
    }

    /// Several points at once, if the operation has a faster way than one by one: `Some(self)`
    /// from a type that is [`Batched`].
    fn batched(&self) -> Option<&dyn Batched> {
        None
    }

    /// Numbers that a value finds and derivatives need again, if the operation has some: `Some(self)`
    /// from a type that is [`Saving`].
    fn saving(&self) -> Option<&dyn Saving> {
        None
    }
}

/// What an operation gives for forward mode.
///
/// # Example: a product of two factors
/// ```
/// use std::sync::Arc;
/// use wengert::custom::{Failure, Forward, Operation};
/// use wengert::{Dual, Number};
///
/// struct Product;
/// impl Operation for Product {
///     fn name(&self) -> &str {
///         "product of two"
///     }
///     fn outputs(&self, inputs: usize) -> Option<usize> {
///         (inputs == 2).then_some(1)
///     }
///     fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
///         y[0] = x[0] * x[1];
///         Ok(())
///     }
///     fn vjp(&self, x: &[f64], _: &[f64], weights: &[f64], product: &mut [f64]) {
///         product.copy_from_slice(&[weights[0] * x[1], weights[0] * x[0]]);
///     }
///     fn forward(&self) -> Option<&dyn Forward> {
///         Some(self)
///     }
/// }
/// impl Forward for Product {
///     fn jvp(&self, x: &[f64], _: &[f64], direction: &[f64], product: &mut [f64]) {
///         product[0] = direction[0] * x[1] + x[0] * direction[1];
///     }
/// }
///
/// let product: Arc<dyn Operation> = Arc::new(Product);
/// let y = Dual::call(&product, &[Dual::new(2.0, 1.0), Dual::new(3.0, 10.0)]);
/// assert_eq!((y[0].value, y[0].tangent), (6.0, 23.0));
/// ```
pub trait Forward {
    /// Computes the Jacobian-vector product Jv at x into `product`, one number for each output, for
    /// a direction v of the inputs. `y` is f(x). `product` holds zeros before.
    fn jvp(&self, x: &[f64], y: &[f64], direction: &[f64], product: &mut [f64]);
}

/// What an operation gives for second derivatives.
///
/// # Example: the Hessian of a product, through the operation
/// ```
/// use std::sync::Arc;
/// use wengert::custom::{Failure, Forward, Operation, SecondOrder};
/// use wengert::{Number, Var, hessian};
///
/// struct Product;
/// impl Operation for Product {
///     fn name(&self) -> &str {
///         "product of two"
///     }
///     fn outputs(&self, inputs: usize) -> Option<usize> {
///         (inputs == 2).then_some(1)
///     }
///     fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
///         y[0] = x[0] * x[1];
///         Ok(())
///     }
///     fn vjp(&self, x: &[f64], _: &[f64], weights: &[f64], product: &mut [f64]) {
///         product.copy_from_slice(&[weights[0] * x[1], weights[0] * x[0]]);
///     }
///     fn forward(&self) -> Option<&dyn Forward> {
///         Some(self)
///     }
///     fn second_order(&self) -> Option<&dyn SecondOrder> {
///         Some(self)
///     }
/// }
/// impl Forward for Product {
///     fn jvp(&self, x: &[f64], _: &[f64], direction: &[f64], product: &mut [f64]) {
///         product[0] = direction[0] * x[1] + x[0] * direction[1];
///     }
/// }
/// impl SecondOrder for Product {
///     fn hessian_vector_product(
///         &self, _: &[f64], _: &[f64], weights: &[f64], direction: &[f64], product: &mut [f64],
///     ) {
///         product.copy_from_slice(&[weights[0] * direction[1], weights[0] * direction[0]]);
///     }
/// }
///
/// let product: Arc<dyn Operation> = Arc::new(Product);
/// let hessian = hessian(|x| Var::call(&product, x)[0].powi(2), &[2.0, 3.0]);
/// assert_eq!(hessian, [[18.0, 24.0], [24.0, 8.0]]);
/// ```
pub trait SecondOrder {
    /// Computes Hv at x into `product`, one number for each input: H is the Hessian of Σ wᵢ·yᵢ, of
    /// the outputs weighted by `weights`, and v a direction of the inputs. It is the derivative of
    /// [`Operation::vjp`] along v, with w held. `y` is f(x). `product` holds zeros before.
    fn hessian_vector_product(
        &self,
        x: &[f64],
        y: &[f64],
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    );
}

/// What an operation gives to be evaluated at several points at once.
///
/// Numbers stand input by input (output by output), and those of the points side by side: input
/// `i` of point `p` of `points` is `x[i * points + p]`. Results have to be those of the points one
/// by one, to the last bit, because a batch gives the same bits however it is split.
///
/// # Example: a sum, for several points in one loop
/// ```
/// use wengert::custom::{Batched, Failure, Operation};
/// struct Sum;
/// impl Operation for Sum {
///     fn name(&self) -> &str {
///         "sum of two"
///     }
///     fn outputs(&self, inputs: usize) -> Option<usize> {
///         (inputs == 2).then_some(1)
///     }
///     fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
///         self.values(1, x, y)
///     }
///     fn vjp(&self, x: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
///         self.vjps(1, x, y, weights, product);
///     }
///     fn batched(&self) -> Option<&dyn Batched> {
///         Some(self)
///     }
/// }
/// impl Batched for Sum {
///     fn values(&self, points: usize, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
///         let (a, b) = x.split_at(points);
///         y.iter_mut().zip(a.iter().zip(b)).for_each(|(y, (a, b))| *y = a + b);
///         Ok(())
///     }
///     fn vjps(&self, points: usize, _: &[f64], _: &[f64], weights: &[f64], product: &mut [f64]) {
///         product.chunks_exact_mut(points).for_each(|row| row.copy_from_slice(weights));
///     }
/// }
/// let mut y = [0.0; 2];
/// Sum.batched().unwrap().values(2, &[1.0, 2.0, 10.0, 20.0], &mut y).unwrap();
/// assert_eq!(y, [11.0, 22.0]);
/// ```
pub trait Batched {
    /// [`Operation::value`] of several points.
    ///
    /// # Errors
    /// If f has no value at one of them.
    fn values(&self, points: usize, x: &[f64], y: &mut [f64]) -> Result<(), Failure>;

    /// [`Operation::vjp`] of several points.
    fn vjps(&self, points: usize, x: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]);
}

/// What an operation gives so that its derivatives need not find again what its value has found: the
/// factors of a matrix, the last step of an iteration.
///
/// The numbers belong to the point. Tapes and workspaces of functions keep them beside the value,
/// each call its own, and hand them to the derivatives at that point. There are doors that keep
/// nothing: a derivative that is recorded, a batch of an operation that is [`Batched`]. Those ask for
/// the derivatives of [`Operation`], [`Forward`] and [`SecondOrder`], which have to be the same to
/// the last bit. Over `f32` what is saved is rounded as inputs and outputs are.
///
/// # Complexity
/// A tape and a workspace take 8 bytes for each number of each call, a batch 64.
///
/// # Example: a sine, whose slope the value finds beside it
/// ```
/// use std::sync::Arc;
/// use wengert::custom::{Failure, Operation, Saving};
/// use wengert::{Number, Tape, Var};
///
/// struct Sine;
/// impl Operation for Sine {
///     fn name(&self) -> &str {
///         "sine"
///     }
///     fn outputs(&self, inputs: usize) -> Option<usize> {
///         (inputs == 1).then_some(1)
///     }
///     fn value(&self, x: &[f64], y: &mut [f64]) -> Result<(), Failure> {
///         self.value_saving(x, y, &mut [0.0])
///     }
///     fn vjp(&self, x: &[f64], y: &[f64], weights: &[f64], product: &mut [f64]) {
///         self.vjp_saved(x, y, &[x[0].cos()], weights, product);
///     }
///     fn saving(&self) -> Option<&dyn Saving> {
///         Some(self)
///     }
/// }
/// impl Saving for Sine {
///     fn saved(&self, _: usize) -> usize {
///         1
///     }
///     fn value_saving(&self, x: &[f64], y: &mut [f64], saved: &mut [f64]) -> Result<(), Failure> {
///         (y[0], saved[0]) = x[0].sin_cos();
///         Ok(())
///     }
///     fn vjp_saved(&self, _: &[f64], _: &[f64], saved: &[f64], w: &[f64], product: &mut [f64]) {
///         product[0] = saved[0] * w[0];
///     }
/// }
///
/// let sine: Arc<dyn Operation> = Arc::new(Sine);
/// let tape = Tape::new();
/// let x = tape.var(0.5);
/// assert_eq!(Var::call(&sine, &[x])[0].gradients()[x], 0.5_f64.cos());
/// ```
pub trait Saving: Operation {
    /// How many numbers are saved for so many inputs.
    fn saved(&self, inputs: usize) -> usize;

    /// [`Operation::value`], which writes what is to be saved too.
    ///
    /// # Errors
    /// As [`Operation::value`].
    fn value_saving(&self, x: &[f64], y: &mut [f64], saved: &mut [f64]) -> Result<(), Failure>;

    /// [`Operation::vjp`] from what was saved at this point.
    fn vjp_saved(&self, x: &[f64], y: &[f64], saved: &[f64], weights: &[f64], product: &mut [f64]);

    /// [`Forward::jvp`] from what was saved at this point. By default it makes no use of that.
    fn jvp_saved(
        &self,
        x: &[f64],
        y: &[f64],
        _saved: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) {
        if let Some(forward) = self.forward() {
            forward.jvp(x, y, direction, product);
        }
    }

    /// [`SecondOrder::hessian_vector_product`] from what was saved at this point. By default it makes
    /// no use of that.
    fn hessian_vector_product_saved(
        &self,
        x: &[f64],
        y: &[f64],
        _saved: &[f64],
        weights: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) {
        if let Some(second) = self.second_order() {
            second.hessian_vector_product(x, y, weights, direction, product);
        }
    }
}

/// Why an operation has no value at a point: an error of any type, or a text by `into`.
///
/// # Example: the error of the operation is the source of the library's
/// ```
/// use std::error::Error;
/// use std::sync::Arc;
/// use wengert::Number;
/// use wengert::custom::{Failure, Operation};
/// struct Parsed;
/// impl Operation for Parsed {
///     fn name(&self) -> &str {
///         "parsed"
///     }
///     fn outputs(&self, _: usize) -> Option<usize> {
///         Some(1)
///     }
///     fn value(&self, _: &[f64], y: &mut [f64]) -> Result<(), Failure> {
///         y[0] = "x".parse()?;
///         Ok(())
///     }
///     fn vjp(&self, _: &[f64], _: &[f64], _: &[f64], _: &mut [f64]) {}
/// }
/// let operation: Arc<dyn Operation> = Arc::new(Parsed);
/// let error = f64::try_call(&operation, &[1.0]).unwrap_err();
/// assert!(error.source().unwrap().is::<std::num::ParseFloatError>());
/// ```
pub type Failure = Box<dyn Error + Send + Sync>;
