//! Statements: expressions of a few variables whose operations never reach a tape.

use crate::record::Var;
use crate::scalar::{DualVec, Scalar};

impl<F: Scalar> Var<'_, F> {
    /// An expression of N variables, as one node for each of its M results: `compute` runs on
    /// [`DualVec`] numbers, which carry the partial derivatives by all N along, in registers where
    /// they are few. Nothing else is recorded.
    ///
    /// The expression is given twice, `compute` for dual numbers and `record` for variables,
    /// because no closure is generic; a function that is generic over
    /// [`Number`](crate::Number) is named twice, and [`statement!`](crate::statement) writes an
    /// expression for both. It is `record` that counts where operations are recorded one by one:
    /// in a [`Function`](crate::Function), for second derivatives, and wherever else
    /// [`Var::preaccumulate`] says so.
    ///
    /// It saves memory where an expression has several operations of few variables, and time where
    /// those are up to six or so: with more of them most of the tangents are zero, and operations
    /// one by one are as fast while a recording fits in the cache (the benchmark
    /// `preaccumulation`).
    /// Everything else is as of [`Var::preaccumulate`].
    ///
    /// # Panics
    /// If the inputs belong to different tapes, or the memory or a limit of the tape is exhausted.
    ///
    /// # Complexity
    /// That of computing M numbers with N tangents; a node of 24 bytes for each result, and 12 bytes
    /// for each of its operands where there are two or more.
    ///
    /// # Example: a function of numbers as one node
    /// ```
    /// use wengert::{Number, Tape, Var};
    /// fn gravity<T: Number>([x, y, z]: [T; 3]) -> [T; 1] {
    ///     [(x * x + y * y + z * z).sqrt().recip()]
    /// }
    /// let tape = Tape::new();
    /// let position = tape.var_array([2.0, 3.0, 6.0]);
    /// let [potential] = Var::statement(position, gravity, gravity);
    /// assert_eq!(tape.len(), 4);
    /// assert_eq!(potential.value(), 1.0 / 7.0);
    /// assert!((potential.gradients()[position[2]] + 6.0 / 343.0).abs() < 1e-16);
    /// ```
    #[must_use = "the expression is recorded, but its results go unused"]
    #[inline]
    #[track_caller]
    pub fn statement<const N: usize, const M: usize>(
        inputs: [Self; N],
        compute: impl FnOnce([DualVec<F, N>; N]) -> [DualVec<F, N>; M],
        record: impl FnOnce([Self; N]) -> [Self; M],
    ) -> [Self; M] {
        let Some(tape) = Self::tape_of_part(&inputs) else { return record(inputs) };
        let mut values = [F::zero(); N];
        for (value, input) in values.iter_mut().zip(&inputs) {
            *value = input.value;
        }
        let results = compute(DualVec::variables(values));
        if M > 1 {
            Self::make_room_for_part(tape, &inputs, M);
        }
        let mut vars = [Self::constant(F::zero()); M];
        for (var, result) in vars.iter_mut().zip(&results) {
            *var = Self::preaccumulated_array(tape, result.value, &inputs, &result.tangents);
        }
        vars
    }
}
