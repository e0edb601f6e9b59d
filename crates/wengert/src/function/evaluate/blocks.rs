//! Functions of several blocks of numbers, of which one is differentiated.

use crate::error::{Error, check_length};
use crate::function::pool::Pool;
use crate::function::{Evaluator, Function, FunctionBuilder, Inputs};
use crate::record::Var;
use crate::scalar::Real;

/// A function of several blocks of numbers, recorded with respect to one of them: the state of an
/// equation, its parameters and the time, as solvers hand them over, each as a slice of its own.
///
/// The block that is differentiated is the function's variables, and is read where it lies; the
/// others are its data, and are put side by side in memory that is kept. For derivatives with
/// respect to another block, record another one.
///
/// # Example: x′ = −k x + sin t, differentiated by the state and by the parameter
/// ```
/// use wengert::evaluation::Blocks;
/// use wengert::Var;
/// fn slope<'t>([x, k, t]: [&[Var<'t>]; 3]) -> Vec<Var<'t>> {
///     vec![t[0].sin() - k[0] * x[0]]
/// }
/// let start: [&[f64]; 3] = [&[1.0], &[2.0], &[0.0]];
/// let [by_state, by_parameter] = [0, 1].map(|block| Blocks::record(start, block, slope));
///
/// let at: [&[f64]; 3] = [&[3.0], &[2.0], &[0.0]];
/// let mut slope = [0.0];
/// by_state.at(at, |f, inputs| f.values(inputs, &mut slope))?;
/// assert_eq!(slope, [-6.0]);
/// by_state.at(at, |f, inputs| f.jacobian(inputs, &mut slope))?;
/// assert_eq!(slope, [-2.0]);
/// by_parameter.at(at, |f, inputs| f.jacobian(inputs, &mut slope))?;
/// assert_eq!(slope, [-3.0]);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Debug)]
pub struct Blocks<const B: usize, F: Real = f64> {
    evaluator: Evaluator<F>,
    lengths: [usize; B],
    differentiated: usize,
    /// For the blocks that are not differentiated, side by side.
    data: Pool<Vec<F>>,
}

impl<const B: usize> Blocks<B> {
    /// Records a closure of blocks at a point, to be differentiated by the block of that number.
    ///
    /// # Panics
    /// If there is no such block, an output belongs to another tape, or there is no memory.
    ///
    /// # Example
    /// ```
    /// use wengert::evaluation::Blocks;
    /// let f = Blocks::record([&[1.0, 2.0], &[3.0]], 0, |[x, p]| vec![x[0] * x[1] * p[0]]);
    /// assert_eq!((f.evaluator().function().num_variables(), f.evaluator().function().num_data()), (2, 1));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn record<G>(at: [&[f64]; B], differentiated: usize, f: G) -> Self
    where
        G: for<'t> FnOnce([&[Var<'t>]; B]) -> Vec<Var<'t>>,
    {
        Self::record_with(Function::builder(), at, differentiated, f)
    }
}

impl<const B: usize, F: Real> Blocks<B, F> {
    /// Records with options, in which data are not given; and functions over other floats.
    ///
    /// # Panics
    /// As [`Blocks::record`].
    ///
    /// # Example
    /// ```
    /// use wengert::evaluation::Blocks;
    /// use wengert::{Function, Optimise};
    /// let plain = Function::builder().optimise(Optimise::none());
    /// let f = Blocks::record_with(plain, [&[1.0], &[3.0]], 0, |[x, p]| vec![x[0] * p[0] * 1.0]);
    /// assert_eq!(f.evaluator().function().len(), 2);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn record_with<G>(
        builder: FunctionBuilder<F>,
        at: [&[F]; B],
        differentiated: usize,
        f: G,
    ) -> Self
    where
        G: for<'t> FnOnce([&[Var<'t, F>]; B]) -> Vec<Var<'t, F>>,
    {
        assert!(
            differentiated < B,
            "there is no block {differentiated} to differentiate by: there are {B}, from 0 on"
        );
        let lengths = at.map(<[F]>::len);
        let others = others(at, differentiated).collect::<Vec<_>>().concat();
        let function = builder.data(&others).record_many_with_data(
            at[differentiated],
            |variables, mut data| {
                let blocks = std::array::from_fn(|block| {
                    if block == differentiated {
                        return variables;
                    }
                    let (block, rest) = data.split_at(lengths[block]);
                    data = rest;
                    block
                });
                f(blocks)
            },
        );
        Self { evaluator: function.into(), lengths, differentiated, data: Pool::default() }
    }

    /// Evaluates at a point that is given in blocks: the closure is handed the function and its
    /// inputs, and asks for what it wants.
    ///
    /// # Errors
    /// If a block has another length than in the recording, and what the closure returns.
    ///
    /// # Example
    /// ```
    /// use wengert::evaluation::Blocks;
    /// let f = Blocks::record([&[1.0, 2.0], &[3.0]], 0, |[x, p]| vec![x[0] * x[1] * p[0]]);
    /// let mut gradient = [0.0; 2];
    /// let value =
    ///     f.at([&[4.0, 5.0], &[6.0]], |f, inputs| f.value_and_gradient(inputs, &mut gradient))?;
    /// assert_eq!((value, gradient), (120.0, [30.0, 24.0]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn at<R, E: From<Error>>(
        &self,
        blocks: [&[F]; B],
        work: impl FnOnce(&Evaluator<F>, Inputs<'_, F>) -> Result<R, E>,
    ) -> Result<R, E> {
        for (block, &wanted) in blocks.iter().zip(&self.lengths) {
            check_length("a block", block.len(), wanted)?;
        }
        self.data.with(Vec::new, |data| {
            data.clear();
            others(blocks, self.differentiated).for_each(|block| data.extend_from_slice(block));
            work(&self.evaluator, Inputs { variables: blocks[self.differentiated], data })
        })
    }

    /// The function of variables, the block that is differentiated, and data, the others in order.
    ///
    /// # Example
    /// ```
    /// use wengert::evaluation::Blocks;
    /// let f = Blocks::record([&[1.0], &[3.0]], 1, |[x, p]| vec![x[0] * p[0]]);
    /// assert_eq!(f.evaluator().value((&[2.0], &[5.0])), Ok(10.0));
    /// ```
    #[must_use]
    pub const fn evaluator(&self) -> &Evaluator<F> {
        &self.evaluator
    }
}

/// The blocks but one, in order.
fn others<const B: usize, F>(blocks: [&[F]; B], but: usize) -> impl Iterator<Item = &[F]> {
    blocks.into_iter().enumerate().filter(move |&(i, _)| i != but).map(|(_, block)| block)
}
