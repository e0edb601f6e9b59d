"""Operations on many numbers at once: each is one node of the graph, whatever the number."""

from typing import Any

import numpy as np

from ._wengert import _reduce


def _flat(x: Any) -> list[Any]:
    """The elements of an array, or of lists, in order."""
    flat: list[Any] = np.asarray(x).ravel().tolist()
    return flat


def sum(x: Any) -> Any:
    """The sum of all elements.

    Examples
    --------
    >>> wengert.sum([wengert.Value(1.0), 2.0, 3.0])
    Value(6.0)
    """
    return _reduce("sum", _flat(x))


def prod(x: Any) -> Any:
    """The product of all elements.

    Examples
    --------
    >>> wengert.prod([wengert.Value(2.0), 3.0])
    Value(6.0)
    """
    return _reduce("product", _flat(x))


def mean(x: Any) -> Any:
    """The mean of all elements.

    Examples
    --------
    >>> wengert.mean([wengert.Value(2.0), 3.0])
    Value(2.5)
    """
    return _reduce("mean", _flat(x))


def dot(x: Any, y: Any) -> Any:
    """The sum of the products of elements in the same places.

    Examples
    --------
    >>> wengert.dot([wengert.Value(2.0), 3.0], [4.0, 5.0])
    Value(23.0)
    """
    a, b = _flat(x), _flat(y)
    if len(a) != len(b):
        raise ValueError(f"dot of {len(a)} and {len(b)} elements, and as many are wanted")
    return _reduce("dot", a + b)


def squared_norm(x: Any) -> Any:
    """The sum of the squares of all elements.

    Examples
    --------
    >>> wengert.squared_norm([wengert.Value(3.0), 4.0])
    Value(25.0)
    """
    return _reduce("squared_norm", _flat(x))


def norm(x: Any) -> Any:
    """The Euclidean norm, with derivative 0 at the origin.

    Examples
    --------
    >>> wengert.norm([wengert.Value(3.0), 4.0])
    Value(5.0)
    """
    return _reduce("norm", _flat(x))


def logsumexp(x: Any) -> Any:
    """The logarithm of the sum of exponentials, which does not overflow.

    Examples
    --------
    >>> wengert.logsumexp([wengert.Value(1000.0), -1000.0])
    Value(1000.0)
    """
    return _reduce("log_sum_exp", _flat(x))


def polyval(coefficients: Any, x: Any) -> Any:
    """The polynomial with these constant coefficients, the highest power's first, as NumPy's.

    Examples
    --------
    >>> wengert.polyval([1.0, 0.0, -2.0], wengert.Value(3.0))
    Value(7.0)
    """
    return _reduce("polynomial", [x, *_flat(coefficients)[::-1]])
