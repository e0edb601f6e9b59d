"""Functions of numbers, values, and arrays of either, element by element.

NumPy's functions call the methods of values in an array of objects, so ``np.exp(x)`` and
``wengert.exp(x)`` are the same. What NumPy does not have is here alone, as is what NumPy would
decide by comparing: ``np.maximum`` freezes its decision in a traced function, and
:func:`maximum` decides anew at every evaluation.
"""

from typing import Any

import numpy as np

from ._wengert import Condition, _apply, _condition, _select

__all__ = [
    "arctan2",
    "betaln",
    "cbrt",
    "clip",
    "copysign",
    "cos",
    "digamma",
    "equal",
    "erf",
    "erfc",
    "erfcx",
    "erfinv",
    "exp",
    "expm1",
    "fabs",
    "gammaln",
    "gelu",
    "greater",
    "greater_equal",
    "hypot",
    "leaky_relu",
    "less",
    "less_equal",
    "log",
    "log1mexp",
    "log1p",
    "log_cosh",
    "log_diff_exp",
    "log_normal_cdf",
    "log_sigmoid",
    "logaddexp",
    "maximum",
    "minimum",
    "normal_cdf",
    "normal_pdf",
    "normal_quantile",
    "relu",
    "sigmoid",
    "silu",
    "sin",
    "sinc",
    "softplus",
    "sqrt",
    "tanh",
    "where",
    "xlog1py",
    "xlogy",
]


def _each(name: str, *operands: Any) -> Any:
    """The operation of that name, for each element where an operand is an array."""
    if any(isinstance(operand, (np.ndarray, list, tuple)) for operand in operands):
        result = np.frompyfunc(lambda *each: _apply(name, *each), len(operands), 1)(*operands)
        return _plain(result, operands)
    return _apply(name, *operands)


def _plain(result: Any, operands: Any) -> Any:
    """An array of floats where no operand holds a value."""
    if any(np.asarray(operand).dtype == object for operand in operands):
        return result
    return np.asarray(result, dtype=np.float64)


def exp(x: Any) -> Any:
    """e to the power of `x`.

    Examples
    --------
    >>> round(wengert.exp(1.0), 6)
    2.718282
    """
    return _each("exp", x)


def expm1(x: Any) -> Any:
    """e to the power of `x`, less 1, exactly near 0.

    Examples
    --------
    >>> round(wengert.expm1(1.0), 6)
    1.718282
    """
    return _each("expm1", x)


def log(x: Any) -> Any:
    """The natural logarithm.

    Examples
    --------
    >>> round(wengert.log(2.0), 6)
    0.693147
    """
    return _each("log", x)


def log1p(x: Any) -> Any:
    """The natural logarithm of 1 + `x`, exactly near 0.

    Examples
    --------
    >>> round(wengert.log1p(1.0), 6)
    0.693147
    """
    return _each("log1p", x)


def sqrt(x: Any) -> Any:
    """The square root.

    Examples
    --------
    >>> round(wengert.sqrt(2.0), 6)
    1.414214
    """
    return _each("sqrt", x)


def cbrt(x: Any) -> Any:
    """The cube root, of negative numbers too.

    Examples
    --------
    >>> round(wengert.cbrt(27.0), 6)
    3.0
    """
    return _each("cbrt", x)


def sin(x: Any) -> Any:
    """The sine.

    Examples
    --------
    >>> round(wengert.sin(1.0), 6)
    0.841471
    """
    return _each("sin", x)


def cos(x: Any) -> Any:
    """The cosine.

    Examples
    --------
    >>> round(wengert.cos(1.0), 6)
    0.540302
    """
    return _each("cos", x)


def tanh(x: Any) -> Any:
    """The hyperbolic tangent.

    Examples
    --------
    >>> round(wengert.tanh(1.0), 6)
    0.761594
    """
    return _each("tanh", x)


def fabs(x: Any) -> Any:
    """The magnitude, with derivative 0 at 0.

    Examples
    --------
    >>> round(wengert.fabs(-2.0), 6)
    2.0
    """
    return _each("fabs", x)


def relu(x: Any) -> Any:
    """`x` where it is positive, else 0.

    Examples
    --------
    >>> round(wengert.relu(-2.0), 6)
    0.0
    """
    return _each("relu", x)


def sigmoid(x: Any) -> Any:
    """The logistic function 1 / (1 + e^-x).

    Examples
    --------
    >>> round(wengert.sigmoid(0.0), 6)
    0.5
    """
    return _each("sigmoid", x)


def softplus(x: Any) -> Any:
    """ln(1 + e^x).

    Examples
    --------
    >>> round(wengert.softplus(0.0), 6)
    0.693147
    """
    return _each("softplus", x)


def silu(x: Any) -> Any:
    """`x` times its sigmoid.

    Examples
    --------
    >>> round(wengert.silu(1.0), 6)
    0.731059
    """
    return _each("silu", x)


def gelu(x: Any) -> Any:
    """`x` times the normal distribution function of `x`.

    Examples
    --------
    >>> round(wengert.gelu(1.0), 6)
    0.841345
    """
    return _each("gelu", x)


def log_sigmoid(x: Any) -> Any:
    """The logarithm of the sigmoid.

    Examples
    --------
    >>> round(wengert.log_sigmoid(0.0), 6)
    -0.693147
    """
    return _each("log_sigmoid", x)


def log_cosh(x: Any) -> Any:
    """ln cosh `x`.

    Examples
    --------
    >>> round(wengert.log_cosh(1.0), 6)
    0.433781
    """
    return _each("log_cosh", x)


def log1mexp(x: Any) -> Any:
    """ln(1 - e^x) of a negative number.

    Examples
    --------
    >>> round(wengert.log1mexp(-1.0), 6)
    -0.458675
    """
    return _each("log1mexp", x)


def erf(x: Any) -> Any:
    """The error function.

    Examples
    --------
    >>> round(wengert.erf(1.0), 6)
    0.842701
    """
    return _each("erf", x)


def erfc(x: Any) -> Any:
    """1 less the error function.

    Examples
    --------
    >>> round(wengert.erfc(1.0), 6)
    0.157299
    """
    return _each("erfc", x)


def erfcx(x: Any) -> Any:
    """e^(x*x) times erfc(x).

    Examples
    --------
    >>> round(wengert.erfcx(1.0), 6)
    0.427584
    """
    return _each("erfcx", x)


def erfinv(x: Any) -> Any:
    """The inverse error function.

    Examples
    --------
    >>> round(wengert.erfinv(0.5), 6)
    0.476936
    """
    return _each("erfinv", x)


def gammaln(x: Any) -> Any:
    """The logarithm of the magnitude of the gamma function.

    Examples
    --------
    >>> round(wengert.gammaln(5.0), 6)
    3.178054
    """
    return _each("gammaln", x)


def digamma(x: Any) -> Any:
    """The derivative of :func:`gammaln`.

    Examples
    --------
    >>> round(wengert.digamma(1.0), 6)
    -0.577216
    """
    return _each("digamma", x)


def normal_pdf(x: Any) -> Any:
    """The density of the normal distribution.

    Examples
    --------
    >>> round(wengert.normal_pdf(0.0), 6)
    0.398942
    """
    return _each("normal_pdf", x)


def normal_cdf(x: Any) -> Any:
    """The distribution function of the normal distribution.

    Examples
    --------
    >>> round(wengert.normal_cdf(1.0), 6)
    0.841345
    """
    return _each("normal_cdf", x)


def log_normal_cdf(x: Any) -> Any:
    """The logarithm of :func:`normal_cdf`.

    Examples
    --------
    >>> round(wengert.log_normal_cdf(0.0), 6)
    -0.693147
    """
    return _each("log_normal_cdf", x)


def normal_quantile(x: Any) -> Any:
    """The inverse of :func:`normal_cdf`.

    Examples
    --------
    >>> round(wengert.normal_quantile(0.975), 6)
    1.959964
    """
    return _each("normal_quantile", x)


def sinc(x: Any) -> Any:
    """sin(πx) / (πx), as of NumPy.

    Examples
    --------
    >>> round(wengert.sinc(0.5), 6)
    0.63662
    """
    return _each("sinc", x)


def maximum(x: Any, y: Any) -> Any:
    """The larger of both, decided anew at every evaluation.

    Examples
    --------
    >>> round(wengert.maximum(2.0, 3.0), 6)
    3.0
    """
    return _each("maximum", x, y)


def minimum(x: Any, y: Any) -> Any:
    """The smaller of both, decided anew at every evaluation.

    Examples
    --------
    >>> round(wengert.minimum(2.0, 3.0), 6)
    2.0
    """
    return _each("minimum", x, y)


def copysign(x: Any, y: Any) -> Any:
    """The magnitude of `x` with the sign of `y`.

    Examples
    --------
    >>> round(wengert.copysign(2.0, -1.0), 6)
    -2.0
    """
    return _each("copysign", x, y)


def hypot(x: Any, y: Any) -> Any:
    """The length of the vector (x, y).

    Examples
    --------
    >>> round(wengert.hypot(3.0, 4.0), 6)
    5.0
    """
    return _each("hypot", x, y)


def arctan2(y: Any, x: Any) -> Any:
    """The angle of the point (y, x), the arguments being in that order.

    Examples
    --------
    >>> round(wengert.arctan2(1.0, 1.0), 6)
    0.785398
    """
    return _each("arctan2", y, x)


def logaddexp(x: Any, y: Any) -> Any:
    """ln(e^x + e^y).

    Examples
    --------
    >>> round(wengert.logaddexp(0.0, 0.0), 6)
    0.693147
    """
    return _each("logaddexp", x, y)


def log_diff_exp(x: Any, y: Any) -> Any:
    """ln(e^x - e^y).

    Examples
    --------
    >>> round(wengert.log_diff_exp(1.0, 0.0), 6)
    0.541325
    """
    return _each("log_diff_exp", x, y)


def xlogy(x: Any, y: Any) -> Any:
    """x · ln(y), 0 where `x` is 0.

    Examples
    --------
    >>> round(wengert.xlogy(2.0, 3.0), 6)
    2.197225
    """
    return _each("xlogy", x, y)


def xlog1py(x: Any, y: Any) -> Any:
    """x · ln(1 + y), 0 where `x` is 0.

    Examples
    --------
    >>> round(wengert.xlog1py(2.0, 3.0), 6)
    2.772589
    """
    return _each("xlog1py", x, y)


def betaln(x: Any, y: Any) -> Any:
    """The logarithm of the beta function.

    Examples
    --------
    >>> round(wengert.betaln(2.0, 3.0), 6)
    -2.484907
    """
    return _each("betaln", x, y)


def leaky_relu(x: Any, y: Any) -> Any:
    """`x` where it is positive, else `x` times the slope `y`.

    Examples
    --------
    >>> round(wengert.leaky_relu(-2.0, 0.1), 6)
    -0.2
    """
    return _each("leaky_relu", x, y)


def less(x: Any, y: Any) -> Any:
    """The condition whether `x` is less than `y`, for :func:`where`.

    Examples
    --------
    >>> bool(wengert.less(1, 2))
    True
    """
    return _relation("<", x, y)


def less_equal(x: Any, y: Any) -> Any:
    """The condition whether `x` is at most `y`, for :func:`where`.

    Examples
    --------
    >>> bool(wengert.less_equal(2, 2))
    True
    """
    return _relation("<=", x, y)


def greater(x: Any, y: Any) -> Any:
    """The condition whether `x` is more than `y`, for :func:`where`.

    Examples
    --------
    >>> bool(wengert.greater(2, 1))
    True
    """
    return _relation("<", y, x)


def greater_equal(x: Any, y: Any) -> Any:
    """The condition whether `x` is at least `y`, for :func:`where`.

    Examples
    --------
    >>> bool(wengert.greater_equal(2, 2))
    True
    """
    return _relation("<=", y, x)


def equal(x: Any, y: Any) -> Any:
    """The condition whether both are equal, for :func:`where`.

    Examples
    --------
    >>> bool(wengert.equal(2, 2))
    True
    """
    return _relation("==", x, y)


def _relation(name: str, x: Any, y: Any) -> Any:
    if isinstance(x, (np.ndarray, list, tuple)) or isinstance(y, (np.ndarray, list, tuple)):
        return np.frompyfunc(lambda a, b: _condition(name, a, b), 2, 1)(x, y)
    return _condition(name, x, y)


def where(condition: Any, a: Any, b: Any) -> Any:
    """`a` where the condition holds, else `b`, decided anew at every evaluation.

    Parameters
    ----------
    condition : Condition or array_like
        What :func:`less` and its like give; of plain booleans, NumPy's ``where``.
    a, b : Value or array_like
        The alternatives. Nothing flows back to the one that is not taken.

    Examples
    --------
    >>> f = wengert.function(lambda x: wengert.where(wengert.less(x, 0), -x, x), 1.0)
    >>> f(-2.0), f.gradient(-2.0)
    (2.0, -1.0)
    """
    conditions = np.asarray(condition)
    if conditions.dtype != object:
        return np.where(conditions, a, b)
    result = np.frompyfunc(_choose, 3, 1)(condition, a, b)
    return result


def _choose(condition: Any, a: Any, b: Any) -> Any:
    if isinstance(condition, Condition):
        return _select(condition, a, b)
    return a if condition else b


def clip(x: Any, low: Any, high: Any) -> Any:
    """`x` between two bounds, decided anew at every evaluation.

    Examples
    --------
    >>> wengert.clip(wengert.Value(3.0), 0, 1)
    Value(1.0)
    """
    return minimum(maximum(x, low), high)
