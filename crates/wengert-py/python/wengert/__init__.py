"""Reverse-mode automatic differentiation.

:class:`Value` is for learning: a number that remembers what it was computed from, shows it as a
graph, and finds its derivatives. :func:`function` is for work: a function of NumPy arrays is
traced once, and evaluated and differentiated many times without Python.

Examples
--------
>>> import numpy as np
>>> import wengert
>>> x = wengert.Value(3.0, label="x")
>>> y = x * x + 2
>>> y.backward()
>>> x.grad
6.0

>>> f = wengert.function(lambda x: np.sum(x * x), np.zeros(3))
>>> f.value_and_gradient(np.array([1.0, 2.0, 3.0]))
(14.0, array([2., 4., 6.]))
"""

from ._wengert import (
    BranchError,
    Condition,
    Explanation,
    Function,
    Page,
    TraceError,
    Value,
    function,
    record_sources,
)
from .elementwise import *  # noqa: F403
from .loops import Scan, ScanGradient, scan
from .reductions import (
    dot,
    logsumexp,
    mean,
    norm,
    polyval,
    prod,
    squared_norm,
    sum,
)

__all__ = [
    "BranchError",
    "Condition",
    "Explanation",
    "Function",
    "Page",
    "Scan",
    "ScanGradient",
    "TraceError",
    "Value",
    "arctan2",
    "betaln",
    "cbrt",
    "clip",
    "copysign",
    "cos",
    "digamma",
    "dot",
    "equal",
    "erf",
    "erfc",
    "erfcx",
    "erfinv",
    "exp",
    "expm1",
    "fabs",
    "function",
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
    "logsumexp",
    "maximum",
    "mean",
    "minimum",
    "norm",
    "normal_cdf",
    "normal_pdf",
    "normal_quantile",
    "polyval",
    "prod",
    "record_sources",
    "relu",
    "scan",
    "sigmoid",
    "silu",
    "sin",
    "sinc",
    "softplus",
    "sqrt",
    "squared_norm",
    "sum",
    "tanh",
    "where",
    "xlog1py",
    "xlogy",
]
