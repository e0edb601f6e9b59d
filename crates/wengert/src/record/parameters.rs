//! Parameters: values that outlive the recordings they take part in.

use super::Var;
use crate::error::{Error, Kind, expect};
use crate::index::NodeIndex;
use crate::scalar::Scalar;
use crate::store::Tape;
use slotmap::{SecondaryMap, SlotMap};
use std::ops::{Index, IndexMut};
use std::sync::atomic::{AtomicU64, Ordering};

slotmap::new_key_type! {
    /// The slot of a parameter within its set.
    struct Slot;
}

/// The key of a parameter in its [`Parameters`]. It stays valid until that parameter is removed,
/// and is recognised as stale or foreign wherever it does not belong.
///
/// # Example
/// ```
/// let mut parameters = wengert::Parameters::new();
/// let weight = parameters.insert("w", 0.5);
/// assert_eq!(parameters[weight], 0.5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParameterId {
    set: u64,
    slot: Slot,
}

/// A set of parameters, such as a model's weights: values with keys and labels, in one slice as
/// an optimiser wants them. Each recording takes them in with [`Parameters::record`].
///
/// What `record` returns borrows the set until its last use. So read the gradient first, and
/// then change the values, as below.
///
/// # Example: gradient descent over a tape that is reset
/// ```
/// use wengert::{Gradients, Parameters, Tape};
/// let mut parameters = Parameters::new();
/// let slope = parameters.insert("slope", 0.0);
/// let (mut tape, mut gradients) = (Tape::new(), Gradients::new());
/// for _ in 0..50 {
///     tape.reset();
///     let recorded = parameters.record(&tape);
///     let loss = (recorded.var(slope) * 2.0 - 6.0).powi(2);
///     loss.gradients_into(&mut gradients);
///     let step = recorded.gradient(&gradients)?;
///     for (value, slope) in parameters.values_mut().iter_mut().zip(step) {
///         *value -= 0.1 * slope;
///     }
/// }
/// assert!((parameters[slope] - 3.0).abs() < 1e-9);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Debug)]
pub struct Parameters<F: Scalar = f64> {
    set: u64,
    positions: SlotMap<Slot, usize>,
    labels: SecondaryMap<Slot, String>,
    /// The keys by position, so that removing one can move the others up.
    slots: Vec<Slot>,
    values: Vec<F>,
}

/// The next set's identity, which its keys bear.
static SETS: AtomicU64 = AtomicU64::new(1);

impl Parameters {
    /// An empty set of `f64`; for another scalar, use [`Parameters::default`].
    ///
    /// # Example
    /// ```
    /// assert!(wengert::Parameters::new().is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<F: Scalar> Default for Parameters<F> {
    /// An empty set for any scalar.
    fn default() -> Self {
        Self {
            set: SETS.fetch_add(1, Ordering::Relaxed),
            positions: SlotMap::with_key(),
            labels: SecondaryMap::new(),
            slots: Vec::new(),
            values: Vec::new(),
        }
    }
}

impl<F: Scalar> Parameters<F> {
    /// Adds a parameter at the end and returns its key.
    ///
    /// # Example
    /// ```
    /// let mut parameters = wengert::Parameters::new();
    /// let weight = parameters.insert("weight", 0.5);
    /// assert_eq!((parameters[weight], parameters.label(weight)), (0.5, Ok("weight")));
    /// ```
    pub fn insert(&mut self, label: impl Into<String>, value: F) -> ParameterId {
        let slot = self.positions.insert(self.values.len());
        self.labels.insert(slot, label.into());
        self.slots.push(slot);
        self.values.push(value);
        ParameterId { set: self.set, slot }
    }

    /// Removes a parameter and returns its value; those behind it move up by one position.
    ///
    /// # Errors
    /// If the key is another set's, or its parameter was removed before.
    ///
    /// # Complexity
    /// Linear in the number of parameters behind it.
    ///
    /// # Example
    /// ```
    /// let mut parameters = wengert::Parameters::new();
    /// let (a, b) = (parameters.insert("a", 1.0), parameters.insert("b", 2.0));
    /// assert_eq!(parameters.remove(a), Ok(1.0));
    /// assert!(parameters.remove(a).unwrap_err().is_stale());
    /// assert_eq!((parameters[b], parameters.values()), (2.0, &[2.0][..]));
    /// ```
    pub fn remove(&mut self, id: ParameterId) -> Result<F, Error> {
        let position = self.position(id)?;
        self.positions.remove(id.slot);
        self.labels.remove(id.slot);
        self.slots.remove(position);
        for slot in &self.slots[position..] {
            self.positions[*slot] -= 1;
        }
        Ok(self.values.remove(position))
    }

    /// The place of a parameter in [`Parameters::values`].
    ///
    /// # Errors
    /// If the key is another set's, or its parameter was removed.
    ///
    /// # Example
    /// ```
    /// let mut parameters = wengert::Parameters::new();
    /// parameters.insert("a", 1.0);
    /// let b = parameters.insert("b", 2.0);
    /// assert_eq!(parameters.position(b), Ok(1));
    /// ```
    pub fn position(&self, id: ParameterId) -> Result<usize, Error> {
        if id.set != self.set {
            return Err(Kind::ForeignParameter.into());
        }
        self.positions.get(id.slot).copied().ok_or_else(|| Kind::StaleParameter.into())
    }

    /// The value of a parameter.
    ///
    /// # Errors
    /// If the key is another set's, or its parameter was removed.
    ///
    /// # Example
    /// ```
    /// let (mut one, other) = (wengert::Parameters::new(), wengert::Parameters::new());
    /// let a = one.insert("a", 1.0);
    /// assert_eq!(one.get(a), Ok(1.0));
    /// assert!(other.get(a).unwrap_err().is_foreign());
    /// ```
    pub fn get(&self, id: ParameterId) -> Result<F, Error> {
        self.position(id).map(|position| self.values[position])
    }

    /// The label of a parameter.
    ///
    /// # Errors
    /// If the key is another set's, or its parameter was removed.
    ///
    /// # Example
    /// ```
    /// let mut parameters = wengert::Parameters::new();
    /// let a = parameters.insert("a", 1.0);
    /// assert_eq!(parameters.label(a), Ok("a"));
    /// ```
    pub fn label(&self, id: ParameterId) -> Result<&str, Error> {
        self.position(id).map(|_| self.labels.get(id.slot).map_or("", String::as_str))
    }

    /// The keys in order of position.
    ///
    /// # Example
    /// ```
    /// let mut parameters = wengert::Parameters::new();
    /// let (a, b) = (parameters.insert("a", 1.0), parameters.insert("b", 2.0));
    /// assert!(parameters.ids().eq([a, b]));
    /// ```
    pub fn ids(&self) -> impl ExactSizeIterator<Item = ParameterId> {
        self.slots.iter().map(|&slot| ParameterId { set: self.set, slot })
    }

    /// All values in order of position.
    ///
    /// # Example
    /// ```
    /// let mut parameters = wengert::Parameters::new();
    /// parameters.insert("a", 1.0);
    /// assert_eq!(parameters.values(), [1.0]);
    /// ```
    #[must_use]
    pub fn values(&self) -> &[F] {
        &self.values
    }

    /// All values in order of position, to be changed: one optimiser step is a loop over them.
    ///
    /// # Example
    /// ```
    /// let mut parameters = wengert::Parameters::new();
    /// let a = parameters.insert("a", 1.0);
    /// parameters.values_mut()[0] = 5.0;
    /// assert_eq!(parameters[a], 5.0);
    /// ```
    #[must_use]
    pub fn values_mut(&mut self) -> &mut [F] {
        &mut self.values
    }

    /// The number of parameters.
    ///
    /// # Example
    /// ```
    /// assert_eq!(wengert::Parameters::new().len(), 0);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    ///
    /// # Example
    /// ```
    /// assert!(wengert::Parameters::new().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Records one input for each parameter, in order, on `tape`. Allocates nothing beyond the
    /// tape's nodes.
    ///
    /// # Panics
    /// If the tape is full, or while a view of it lives.
    ///
    /// # Example
    /// ```
    /// let mut parameters = wengert::Parameters::new();
    /// let a = parameters.insert("a", 3.0);
    /// let tape = wengert::Tape::new();
    /// let recorded = parameters.record(&tape);
    /// assert_eq!(recorded.var(a).value(), 3.0);
    /// ```
    #[track_caller]
    pub fn record<'t, 'p>(&'p self, tape: &'t Tape<F>) -> ParameterVars<'t, 'p, F> {
        let first = tape.len();
        for &value in &self.values {
            tape.var(value);
        }
        ParameterVars { tape, first, parameters: self }
    }
}

impl<F: Scalar> Index<ParameterId> for Parameters<F> {
    type Output = F;
    /// The value; a foreign or stale key panics, see [`Parameters::get`].
    #[track_caller]
    fn index(&self, id: ParameterId) -> &F {
        let position = expect(self.position(id));
        &self.values[position]
    }
}

impl<F: Scalar> IndexMut<ParameterId> for Parameters<F> {
    #[track_caller]
    fn index_mut(&mut self, id: ParameterId) -> &mut F {
        let position = expect(self.position(id));
        &mut self.values[position]
    }
}

/// The parameters of a set as variables of one recording.
///
/// It borrows the set, so that none can be added or removed while a recording is in use.
///
/// # Example
/// ```
/// let mut parameters = wengert::Parameters::new();
/// let a = parameters.insert("a", 3.0);
/// let tape = wengert::Tape::new();
/// let recorded = parameters.record(&tape);
/// let y = recorded.var(a).powi(2);
/// assert_eq!(recorded.gradient(&y.gradients())?, [6.0]);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ParameterVars<'t, 'p, F: Scalar = f64> {
    tape: &'t Tape<F>,
    /// The parameters are the nodes from here on, in order of position.
    first: usize,
    parameters: &'p Parameters<F>,
}

impl<'t, 'p, F: Scalar> ParameterVars<'t, 'p, F> {
    /// The variable of a parameter.
    ///
    /// # Panics
    /// If the key is foreign or stale; [`ParameterVars::get`] returns an error instead.
    ///
    /// # Example
    /// ```
    /// let mut parameters = wengert::Parameters::new();
    /// let a = parameters.insert("a", 3.0);
    /// let tape = wengert::Tape::new();
    /// assert_eq!(parameters.record(&tape).var(a).value(), 3.0);
    /// ```
    #[track_caller]
    #[must_use]
    pub fn var(&self, id: ParameterId) -> Var<'t, F> {
        expect(self.get(id))
    }

    /// The variable of a parameter.
    ///
    /// # Errors
    /// If the key is another set's, or its parameter was removed.
    ///
    /// # Example
    /// ```
    /// let (mut one, two) = (wengert::Parameters::new(), wengert::Parameters::new());
    /// let a = one.insert("a", 3.0);
    /// let tape = wengert::Tape::new();
    /// assert!(two.record(&tape).get(a).unwrap_err().is_foreign());
    /// ```
    pub fn get(&self, id: ParameterId) -> Result<Var<'t, F>, Error> {
        self.parameters.position(id).map(|position| self.at(position))
    }

    /// All variables in order of position.
    ///
    /// # Example
    /// ```
    /// let mut parameters = wengert::Parameters::new();
    /// parameters.insert("a", 1.0);
    /// parameters.insert("b", 2.0);
    /// let tape = wengert::Tape::new();
    /// let sum: wengert::Var = parameters.record(&tape).iter().sum();
    /// assert_eq!(sum.value(), 3.0);
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Var<'t, F>> {
        (0..self.parameters.len()).map(|position| self.at(position))
    }

    fn at(&self, position: usize) -> Var<'t, F> {
        let id = NodeIndex::at(self.first + position);
        Var::recorded(self.tape, id, self.parameters.values[position])
    }

    /// The tape, the position of the first parameter on it, and the set.
    pub(crate) fn place(&self) -> (&'t Tape<F>, usize, &'p Parameters<F>) {
        (self.tape, self.first, self.parameters)
    }
}
