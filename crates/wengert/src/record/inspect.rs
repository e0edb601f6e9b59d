//! What a variable is: its operation, its operands, its name, and how it prints.

use super::Var;
use crate::ops::OpKind;
use crate::scalar::Scalar;
use crate::store::{Argument, Way};
use std::fmt;

impl<F: Scalar> Var<'_, F> {
    /// The operation that computed this variable, or `None` for a constant.
    ///
    /// # Example
    /// ```
    /// use wengert::{OpKind, Var};
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(2.0);
    /// assert_eq!(x.operation(), Some(OpKind::Input));
    /// assert_eq!((x * x).operation(), Some(OpKind::Mul));
    /// assert_eq!(Var::<f64>::constant(2.0).operation(), None);
    /// ```
    #[must_use]
    pub fn operation(&self) -> Option<OpKind> {
        let (tape, index) = self.place()?;
        tape.hold().node(tape.id_of(index)).map(|node| node.kind())
    }

    /// What the operation was given, in its order: variables, and numbers as constants. Inputs
    /// and constants were given nothing.
    ///
    /// # Complexity
    /// Allocates the list: this is for looking at a recording.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let [x, y] = tape.var_array([2.0, 3.0]);
    /// assert_eq!((x * y).operands(), [x, y]);
    /// assert!((1 - x).operands()[0].is_constant());
    /// assert!(x.operands().is_empty());
    /// ```
    #[must_use]
    pub fn operands(&self) -> Vec<Self> {
        let Some((tape, index)) = self.place() else { return Vec::new() };
        let view = tape.hold();
        let variable = |argument: &Argument<F>| match *argument {
            Argument::Node(id) => tape.get(id),
            Argument::Constant(number) => Some(Self::constant(number)),
        };
        let node = view.node(tape.id_of(index));
        node.map_or(Vec::new(), |node| node.arguments().iter().filter_map(variable).collect())
    }

    /// The label that [`Var::label`] gave, if it gave one.
    ///
    /// # Example
    /// ```
    /// let tape = wengert::Tape::new();
    /// let x = tape.var(2.0).label("x");
    /// assert_eq!((x.name().as_deref(), (x * x).name()), (Some("x"), None));
    /// ```
    #[must_use]
    pub fn name(&self) -> Option<String> {
        let (tape, index) = self.place()?;
        tape.label_of(index)
    }
}

impl<F: Scalar> fmt::Display for Var<'_, F> {
    /// Writes the value, with the formatter's precision and width.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.departs(Way::Printed, None);
        fmt::Display::fmt(&self.value, f)
    }
}

impl<F: Scalar> fmt::Debug for Var<'_, F> {
    /// Writes the node, the label if there is one, and the value: `n3 "o" = 2.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.departs(Way::Printed, None);
        match self.index() {
            Some(id) => write!(f, "{id}")?,
            None => write!(f, "constant")?,
        }
        match self.name() {
            Some(name) => write!(f, " {name:?} = {:?}", self.value),
            None if self.is_constant() => write!(f, " {:?}", self.value),
            None => write!(f, " = {:?}", self.value),
        }
    }
}
