//! `Value`: a number that knows what it was computed from.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use pyo3::basic::CompareOp;
use pyo3::exceptions::PyZeroDivisionError;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt, PyString, PyTuple};
use smallvec::smallvec;
use wengert::{OpKind, Tape};

use crate::errors::{misplaced, raise, wrong_type};
use crate::graph::{Node, Operand, Operands};
use crate::record::Recorded;
use crate::trace::{self, Relation};

/// A number that remembers what it was computed from, so that it can be differentiated.
///
/// Arithmetic with values, numbers and NumPy arrays gives values. Functions are methods, which
/// NumPy's functions of the same names call: ``x.exp()``, ``np.exp(x)``.
///
/// Parameters
/// ----------
/// data : float
///     The number.
/// label : str, optional
///     A name for pictures and explanations.
///
/// Examples
/// --------
/// >>> x, w = wengert.Value(2.0, label="x"), wengert.Value(-3.0, label="w")
/// >>> o = (x * w + 6.5).tanh()
/// >>> o.backward()
/// >>> round(x.grad, 4), round(w.grad, 4)
/// (-2.3593, 1.5729)
///
/// A notebook shows a value as the graph of what it was computed from.
///
/// >>> o._repr_svg_()[:4]
/// '<svg'
#[pyclass(frozen, weakref, module = "wengert")]
pub(crate) struct Value(pub(crate) Arc<Node>);

/// What may stand beside a value: a value, or a number.
pub(crate) fn operand(object: &Bound<'_, PyAny>) -> PyResult<Option<Operand>> {
    if let Ok(value) = object.cast_exact::<Value>() {
        return Ok(Some(Operand::Node(Arc::clone(&value.get().0))));
    }
    if object.is_instance_of::<PyFloat>() || object.is_instance_of::<PyInt>() {
        return Ok(Some(Operand::Constant(object.extract()?)));
    }
    let is_scalar =
        object.getattr("ndim").is_ok_and(|n| n.extract::<usize>().is_ok_and(|n| n == 0))
            && object.getattr("dtype").is_ok_and(|dtype| {
                dtype.getattr("kind").is_ok_and(|kind| {
                    kind.cast::<PyString>().is_ok_and(|kind| {
                        kind.to_str().is_ok_and(|kind| ["b", "i", "u", "f"].contains(&kind))
                    })
                })
            });
    if is_scalar { Ok(Some(Operand::Constant(object.extract()?))) } else { Ok(None) }
}

/// The same where nothing else is allowed.
pub(crate) fn expect_operand(object: &Bound<'_, PyAny>) -> PyResult<Operand> {
    operand(object)?.ok_or_else(|| {
        let name = object.get_type().name().map_or_else(|_| "?".into(), |name| name.to_string());
        wrong_type(format!("a Value or a number is wanted here, not {name}"))
    })
}

/// Applies an operation, to numbers alone too.
pub(crate) fn apply(py: Python<'_>, kind: OpKind, operands: Operands) -> PyResult<Value> {
    trace::apply(py, kind, operands).map(Value)
}

impl Value {
    fn operand(&self) -> Operand {
        Operand::Node(Arc::clone(&self.0))
    }

    fn binary<'py>(
        &self,
        kind: OpKind,
        other: &Bound<'py, PyAny>,
        is_reversed: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = other.py();
        let Some(other) = operand(other)? else {
            return Ok(py.NotImplemented().into_bound(py));
        };
        let operands = if is_reversed {
            smallvec![other, self.operand()]
        } else {
            smallvec![self.operand(), other]
        };
        Ok(Bound::new(py, apply(py, kind, operands)?)?.into_any())
    }

    fn unary(&self, py: Python<'_>, kind: OpKind) -> PyResult<Self> {
        apply(py, kind, smallvec![self.operand()])
    }
}

/// The largest exponent whose powers are products: beyond it they lose digits.
const PRODUCTS: f64 = 8.0;

#[pymethods]
impl Value {
    #[new]
    #[pyo3(signature = (data, label=None))]
    fn new(data: &Bound<'_, PyAny>, label: Option<String>) -> PyResult<Self> {
        let py = data.py();
        let number = match operand(data)? {
            Some(Operand::Constant(number)) => number,
            Some(Operand::Node(_)) => {
                return Err(wrong_type("a Value is made of a number: give `.data` of the other"));
            }
            None => {
                data.extract::<f64>().map_err(|_| wrong_type("a Value is made of one number"))?
            }
        };
        let node = trace::input(py, number);
        node.set_label(label);
        Ok(Self(node))
    }

    /// float: The number. It can be set where it was given and not computed.
    ///
    /// Examples
    /// --------
    /// >>> x = wengert.Value(2.0)
    /// >>> x.data += 0.5
    /// >>> x.data
    /// 2.5
    #[getter]
    fn data(&self, py: Python<'_>) -> f64 {
        trace::freeze(py);
        self.0.data()
    }

    #[setter]
    fn set_data(&self, data: f64) -> PyResult<()> {
        if !self.0.is_input() {
            return Err(misplaced(
                "the data of a computed value follow from its operands: set theirs, and compute it \
                 again",
            ));
        }
        if trace::is_tracing() {
            return Err(misplaced("a variable keeps its number while a function is traced"));
        }
        self.0.set_data(data);
        Ok(())
    }

    /// float: The derivative of the value that was last asked for :meth:`backward`, with respect
    /// to this one; 0 before. It can be set by hand.
    ///
    /// Examples
    /// --------
    /// >>> x = wengert.Value(2.0)
    /// >>> x.grad
    /// 0.0
    /// >>> (x * x).backward()
    /// >>> x.grad
    /// 4.0
    #[getter]
    fn grad(&self) -> f64 {
        self.0.grad().unwrap_or(0.0)
    }

    #[setter]
    fn set_grad(&self, grad: f64) {
        self.0.set_grad(grad, true);
    }

    /// str or None: The name in pictures and explanations, which can be set later.
    ///
    /// Examples
    /// --------
    /// >>> x = wengert.Value(2.0)
    /// >>> x.label = "x"
    /// >>> x
    /// Value(2.0, label='x')
    #[getter]
    fn label(&self) -> Option<String> {
        self.0.label()
    }

    #[setter]
    fn set_label(&self, label: Option<String>) {
        self.0.set_label(label);
    }

    /// tuple of Value: What this was computed from, without constants; empty for what was given.
    ///
    /// Examples
    /// --------
    /// >>> x = wengert.Value(2.0, label="x")
    /// >>> (3 * x).prev
    /// (Value(2.0, label='x'),)
    #[getter]
    fn prev<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let nodes = self.0.operands().iter().filter_map(Operand::node);
        let values: Vec<Self> = nodes.map(|node| Self(Arc::clone(node))).collect();
        PyTuple::new(py, values)
    }

    /// str: The name of the operation that computed it, ``"input"`` for what was given.
    ///
    /// Examples
    /// --------
    /// >>> x = wengert.Value(2.0)
    /// >>> x.op, x.tanh().op, (x * 3).op
    /// ('input', 'tanh', 'mul')
    #[getter]
    fn op(&self) -> &'static str {
        self.0.kind().name()
    }

    /// Sets `grad` of everything that this was computed from to this one's derivative with
    /// respect to it.
    ///
    /// Nothing is added to earlier gradients, so nothing has to be set to zero before.
    ///
    /// Raises
    /// ------
    /// TraceError
    ///     If the data of something below it was set after this was computed.
    ///
    /// Examples
    /// --------
    /// >>> a = wengert.Value(3.0)
    /// >>> b = a + a
    /// >>> b.backward()
    /// >>> a.grad, b.grad
    /// (2.0, 1.0)
    fn backward(&self) -> PyResult<()> {
        let tape = Tape::new();
        let recorded = Recorded::on(&tape, &self.0)?;
        let gradients = recorded.root().gradients();
        for (node, var) in recorded.nodes.iter().zip(&recorded.vars) {
            let gradient = gradients.get(*var).map_err(|error| raise(&error))?;
            node.set_grad(gradient, false);
        }
        Ok(())
    }

    fn __repr__(&self) -> String {
        let data = self.0.data();
        match self.0.label() {
            None => format!("Value({data:?})"),
            Some(label) => format!("Value({data:?}, label='{}')", label.escape_default()),
        }
    }

    fn __format__<'py>(
        &self,
        py: Python<'py>,
        format: &Bound<'py, PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if format.is_empty()? {
            return Ok(PyString::new(py, &self.__repr__()).into_any());
        }
        PyFloat::new(py, self.0.data()).call_method1("__format__", (format,))
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        Arc::as_ptr(&self.0).hash(&mut hasher);
        hasher.finish()
    }

    fn __richcmp__<'py>(
        &self,
        other: &Bound<'py, PyAny>,
        comparison: CompareOp,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = other.py();
        let Some(other) = operand(other)? else {
            return Ok(py.NotImplemented().into_bound(py));
        };
        let this = self.operand();
        let (relation, operands, is_negated) = match comparison {
            CompareOp::Lt => (Relation::Less, [this, other], false),
            CompareOp::Le => (Relation::LessOrEqual, [this, other], false),
            CompareOp::Gt => (Relation::Less, [other, this], false),
            CompareOp::Ge => (Relation::LessOrEqual, [other, this], false),
            CompareOp::Eq => (Relation::Equal, [this, other], false),
            CompareOp::Ne => (Relation::Equal, [this, other], true),
        };
        let answer = trace::compare(py, relation, operands)? != is_negated;
        Ok(answer.into_pyobject(py)?.to_owned().into_any())
    }

    fn __bool__(&self, py: Python<'_>) -> PyResult<bool> {
        let operands = [self.operand(), Operand::Constant(0.0)];
        trace::compare(py, Relation::Equal, operands).map(|is_zero| !is_zero)
    }

    fn __float__(&self) -> PyResult<f64> {
        Err(wrong_type(
            "a Value does not become a float by itself, because its derivative would be lost: take \
             `.data` for the number, and np.exp(x) or x.exp() where math.exp(x) stood",
        ))
    }

    fn __add__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.binary(OpKind::Add, other, false)
    }

    fn __radd__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.binary(OpKind::Add, other, true)
    }

    fn __sub__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.binary(OpKind::Sub, other, false)
    }

    fn __rsub__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.binary(OpKind::Sub, other, true)
    }

    fn __mul__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.binary(OpKind::Mul, other, false)
    }

    fn __rmul__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.binary(OpKind::Mul, other, true)
    }

    fn __truediv__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.binary(OpKind::Div, other, false)
    }

    fn __rtruediv__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.binary(OpKind::Div, other, true)
    }

    fn __pow__<'py>(
        &self,
        other: &Bound<'py, PyAny>,
        modulo: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if !modulo.is_none() {
            return Err(wrong_type("a Value has no power modulo a number"));
        }
        let kind = match operand(other)? {
            Some(Operand::Constant(n)) if n.trunc() == n && n.abs() <= PRODUCTS => OpKind::Powi,
            _ => OpKind::Pow,
        };
        self.binary(kind, other, false)
    }

    fn __rpow__<'py>(
        &self,
        other: &Bound<'py, PyAny>,
        modulo: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if !modulo.is_none() {
            return Err(wrong_type("a Value has no power modulo a number"));
        }
        self.binary(OpKind::Pow, other, true)
    }

    fn __neg__(&self, py: Python<'_>) -> PyResult<Self> {
        self.unary(py, OpKind::Neg)
    }

    fn __pos__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __abs__(&self, py: Python<'_>) -> PyResult<Self> {
        self.unary(py, OpKind::Abs)
    }

    fn __floor__(&self, py: Python<'_>) -> PyResult<Self> {
        self.unary(py, OpKind::Floor)
    }

    fn __ceil__(&self, py: Python<'_>) -> PyResult<Self> {
        self.unary(py, OpKind::Ceil)
    }

    fn __trunc__(&self, py: Python<'_>) -> PyResult<Self> {
        self.unary(py, OpKind::Trunc)
    }

    /// The value itself, as of a real number.
    ///
    /// Examples
    /// --------
    /// >>> wengert.Value(2.0).conjugate()
    /// Value(2.0)
    fn conjugate(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __floordiv__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = other.py();
        let other = expect_operand(other)?;
        if other.value() == 0.0 && other.node().is_none() {
            return Err(PyZeroDivisionError::new_err("floor division by zero"));
        }
        floor_of_quotient(py, self.operand(), other)
    }

    fn __rfloordiv__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
        floor_of_quotient(other.py(), expect_operand(other)?, self.operand())
    }
}

fn floor_of_quotient(py: Python<'_>, dividend: Operand, divisor: Operand) -> PyResult<Value> {
    let quotient = trace::apply(py, OpKind::Div, smallvec![dividend, divisor])?;
    apply(py, OpKind::Floor, smallvec![Operand::Node(quotient)])
}

/// The methods of one operand, and of two.
macro_rules! methods {
    (
        unary { $($u:ident $u_kind:ident $u_at:literal $u_gives:literal $u_doc:literal;)* }
        binary { $($b:ident $b_kind:ident $b_at:literal $b_with:literal $b_gives:literal $b_doc:literal;)* }
    ) => {
        #[pymethods]
        impl Value {
            $(
                #[doc = concat!($u_doc, "\n\nExamples\n--------\n>>> round(wengert.Value(", $u_at,
                    ").", stringify!($u), "().data, 6)\n", $u_gives)]
                fn $u(&self, py: Python<'_>) -> PyResult<Self> {
                    self.unary(py, OpKind::$u_kind)
                }
            )*
            $(
                #[doc = concat!($b_doc, "\n\nExamples\n--------\n>>> round(wengert.Value(", $b_at,
                    ").", stringify!($b), "(", $b_with, ").data, 6)\n", $b_gives)]
                fn $b(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
                    let operands = smallvec![self.operand(), expect_operand(other)?];
                    apply(other.py(), OpKind::$b_kind, operands)
                }
            )*
        }

        /// The operation of a name of Python, with the number of its operands.
        pub(crate) fn named(name: &str) -> Option<(OpKind, usize)> {
            match name {
                $(stringify!($u) => Some((OpKind::$u_kind, 1)),)*
                $(stringify!($b) => Some((OpKind::$b_kind, 2)),)*
                _ => None,
            }
        }
    };
}
methods! {
    unary {
        exp Exp "1" "2.718282" "e to the power of the value.";
        exp2 Exp2 "3" "8.0" "2 to the power of the value.";
        expm1 ExpM1 "1" "1.718282" "e to the power of the value, less 1, exactly near 0.";
        log Ln "2" "0.693147" "The natural logarithm.";
        log1p Ln1p "1" "0.693147" "The natural logarithm of 1 + the value, exactly near 0.";
        log2 Log2 "8" "3.0" "The logarithm to base 2.";
        log10 Log10 "1000" "3.0" "The logarithm to base 10.";
        sqrt Sqrt "2" "1.414214" "The square root.";
        cbrt Cbrt "27" "3.0" "The cube root, of negative numbers too.";
        reciprocal Recip "4" "0.25" "1 over the value.";
        sin Sin "1" "0.841471" "The sine.";
        cos Cos "1" "0.540302" "The cosine.";
        tan Tan "1" "1.557408" "The tangent.";
        arcsin Asin "1" "1.570796" "The inverse sine.";
        arccos Acos "0" "1.570796" "The inverse cosine.";
        arctan Atan "1" "0.785398" "The inverse tangent.";
        sinh Sinh "1" "1.175201" "The hyperbolic sine.";
        cosh Cosh "1" "1.543081" "The hyperbolic cosine.";
        tanh Tanh "1" "0.761594" "The hyperbolic tangent.";
        arcsinh Asinh "1" "0.881374" "The inverse hyperbolic sine.";
        arccosh Acosh "2" "1.316958" "The inverse hyperbolic cosine.";
        arctanh Atanh "0.5" "0.549306" "The inverse hyperbolic tangent.";
        fabs Abs "-2" "2.0" "The magnitude, with derivative 0 at 0.";
        sign Signum "-2" "-1.0" "1 or -1: the sign, also of a zero.";
        floor Floor "1.7" "1.0" "The next integer below; its derivative is 0.";
        ceil Ceil "1.2" "2.0" "The next integer above; its derivative is 0.";
        round Round "2.5" "3.0" "The nearest integer, halves away from 0; its derivative is 0.";
        trunc Trunc "-1.7" "-1.0" "The next integer towards 0; its derivative is 0.";
        relu Relu "-2" "0.0" "The value where it is positive, else 0.";
        sigmoid Sigmoid "0" "0.5" "The logistic function 1 / (1 + e^-x).";
        softplus Softplus "0" "0.693147" "ln(1 + e^x).";
        silu Silu "1" "0.731059" "x times its sigmoid.";
        gelu Gelu "1" "0.841345" "x times the normal distribution function of x.";
        log_sigmoid LogSigmoid "0" "-0.693147" "The logarithm of the sigmoid.";
        log_cosh LogCosh "1" "0.433781" "ln cosh x.";
        log1mexp Log1mExp "-1" "-0.458675" "ln(1 - e^x) of a negative number.";
        erf Erf "1" "0.842701" "The error function.";
        erfc Erfc "1" "0.157299" "1 less the error function.";
        erfcx Erfcx "1" "0.427584" "e^(x*x) times erfc.";
        erfinv ErfInv "0.5" "0.476936" "The inverse error function.";
        gammaln Lgamma "5" "3.178054" "The logarithm of the magnitude of the gamma function.";
        digamma Digamma "1" "-0.577216" "The derivative of gammaln.";
        normal_pdf NormalPdf "0" "0.398942" "The density of the normal distribution.";
        normal_cdf NormalCdf "1" "0.841345" "The distribution function of the normal distribution.";
        log_normal_cdf LogNormalCdf "0" "-0.693147" "The logarithm of normal_cdf.";
        normal_quantile NormalQuantile "0.975" "1.959964" "The inverse of normal_cdf.";
        sinc Sinc "0.5" "0.63662" "sin(πx) / (πx), as of NumPy.";
    }
    binary {
        arctan2 Atan2 "1" "1" "0.785398" "The angle of the point (other, self).";
        hypot Hypot "3" "4" "5.0" "The length of the vector (self, other).";
        maximum Max "2" "3" "3.0" "The larger of both, decided at every evaluation; half of the derivative each at a tie.";
        minimum Min "2" "3" "2.0" "The smaller of both, decided at every evaluation; half of the derivative each at a tie.";
        copysign Copysign "2" "-1" "-2.0" "The magnitude of the value with the sign of the other.";
        fmod Rem "5.5" "2" "1.5" "The remainder, with the sign of the value.";
        logaddexp LogAddExp "0" "0" "0.693147" "ln(e^self + e^other).";
        log_diff_exp LogDiffExp "1" "0" "0.541325" "ln(e^self - e^other).";
        xlogy Xlogy "2" "3" "2.197225" "self · ln(other), 0 where self is 0.";
        xlog1py Xlog1py "2" "3" "2.772589" "self · ln(1 + other), 0 where self is 0.";
        betaln LogBeta "2" "3" "-2.484907" "The logarithm of the beta function.";
        leaky_relu LeakyRelu "-2" "0.1" "-0.2" "The value where it is positive, else the value times a slope.";
    }
}
