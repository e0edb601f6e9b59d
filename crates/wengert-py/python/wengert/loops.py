"""Loops: a step is traced once, and evaluated as often as there are steps."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._wengert import Value, _Scan, _scan

__all__ = ["Scan", "ScanGradient", "scan"]

_Array = NDArray[np.float64]


class ScanGradient(NamedTuple):
    """The derivatives of a loop, each of the shape of what it is by; ``None`` for what it has not.

    Examples
    --------
    >>> loop = wengert.scan(lambda x, r: (r * x, ()), state=1.0, shared=2.0)
    >>> value, gradient = loop.value_and_gradient(3.0, shared=2.0, steps=2)
    >>> value, float(gradient.state), float(gradient.shared), gradient.variables
    (12.0, 4.0, 12.0, None)
    """

    state: Any
    shared: Any
    variables: Any


for _name, _what, _shown in [
    ("state", "the initial state", "float(gradient.state)\n    3.0"),
    ("shared", "what all steps share", "gradient.shared is None\n    True"),
    ("variables", "the rows of the steps' own variables", "gradient.variables is None\n    True"),
]:
    getattr(ScanGradient, _name).__doc__ = f"""The derivatives by {_what}.

    Examples
    --------
    >>> tripling = wengert.scan(lambda x: (3 * x, ()), state=1.0)
    >>> value, gradient = tripling.value_and_gradient(1.0, steps=1)
    >>> {_shown}
    """


class Scan:
    """A loop whose step was traced once: :func:`wengert.scan` makes it.

    An evaluation takes the initial state and the shared numbers; of what each step has of its own
    it takes a row for each step, and where there are no rows the number of steps. Threads may
    share a loop; evaluations run without the interpreter's lock.

    Examples
    --------
    >>> growth = wengert.scan(lambda x, r: (x + 0.01 * r * x * (1 - x), ()), state=0.1, shared=1.0)
    >>> state, outputs = growth(0.1, shared=1.0, steps=1000)
    >>> round(float(state), 4)
    0.9996
    """

    def __init__(
        self,
        loop: _Scan,
        shapes: dict[str, tuple[int, ...] | None],
        outputs: tuple[int, ...],
        total: bool,
        step: Callable[..., Any] | None,
    ) -> None:
        self._loop, self._shapes, self._outputs = loop, shapes, outputs
        self._total, self._step = total, step

    def __repr__(self) -> str:
        shapes = {name: shape for name, shape in self._shapes.items() if shape is not None}
        given = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        result = f"{'sum of' if self._total else 'a step:'} {self._outputs}"
        return f"<wengert.Scan: {given} -> {result}, {self.operations} operations a step>"

    @property
    def operations(self) -> int:
        """int: The operations of one step.

        Examples
        --------
        >>> wengert.scan(lambda x: (x.sin(), ()), state=1.0).operations
        1
        """
        return self._loop.operations()

    def memory(self, steps: int) -> int:
        """The bytes that an evaluation of so many steps takes where no budget is given.

        Parameters
        ----------
        steps : int
            The number of steps.

        Examples
        --------
        >>> wengert.scan(lambda x: (x.sin(), ()), state=1.0).memory(1000) > 8000
        True
        """
        return self._loop.memory(steps)

    def __call__(
        self,
        state: ArrayLike,
        shared: ArrayLike | None = None,
        variables: ArrayLike | None = None,
        data: ArrayLike | None = None,
        *,
        steps: int | None = None,
    ) -> Any:
        """The final state and a row of outputs for each step; of a total, the sums of the outputs.

        Inside a function that is being traced, on values, the steps become a part of that.

        Parameters
        ----------
        state, shared : array_like
            The initial state, and what all steps share, of the shapes of the tracing.
        variables, data : array_like
            What each step has of its own, a row for each.
        steps : int, optional
            The number of steps, where there are no rows.

        Examples
        --------
        >>> import numpy as np
        >>> sums = wengert.scan(lambda s, x: (s + x, s * x), state=0.0, data=0.0)
        >>> state, outputs = sums(0.0, data=np.array([1.0, 2.0, 3.0]))
        >>> float(state), outputs
        (6.0, array([0., 2., 9.]))
        """
        blocks = {"state": state, "shared": shared, "variables": variables, "data": data}
        if any(_holds_values(block) for block in blocks.values()):
            return self._unrolled(blocks, steps)
        size, x, given = self._inputs(blocks, steps, None)
        values = self._loop.values(size, x, given)
        if self._total:
            return _shaped(values, self._outputs)
        length = math.prod(self._shapes["state"] or ())
        outputs = values[length:].reshape(size[0], *self._outputs)
        return _shaped(values[:length], self._shapes["state"] or ()), outputs

    def value_and_gradient(
        self,
        state: ArrayLike,
        shared: ArrayLike | None = None,
        variables: ArrayLike | None = None,
        data: ArrayLike | None = None,
        *,
        steps: int | None = None,
        budget: int | None = None,
    ) -> tuple[float, ScanGradient]:
        """The value and the gradient of a loop with a single result: a total of one number, or a
        state of one number and no outputs.

        Parameters
        ----------
        state, shared, variables, data, steps
            As in a call.
        budget : int, optional
            The bytes that states may take which are kept for the sweep. In less memory some steps
            are computed again; the result has the same bits.

        Returns
        -------
        value : float
        gradient : ScanGradient
            By the state, by what is shared, and by the rows of the variables.

        Examples
        --------
        >>> import numpy as np
        >>> loss = wengert.scan(
        ...     lambda mean, rate, x: (mean + rate * (x - mean), (x - mean) ** 2),
        ...     state=0.0, shared=0.5, data=1.0, total=True)
        >>> rows = np.array([1.0, 2.0, 3.0])
        >>> value, gradient = loss.value_and_gradient(0.0, shared=0.5, data=rows)
        >>> value, float(gradient.shared), float(gradient.state)
        (6.3125, -10.0, -4.375)
        """
        blocks = {"state": state, "shared": shared, "variables": variables, "data": data}
        size, x, given = self._inputs(blocks, steps, budget)
        value, gradient = self._loop.value_and_gradient(size, x, given)
        return value, self._apart(gradient, size[0])

    def vjp(
        self,
        state: ArrayLike,
        weights: Any,
        shared: ArrayLike | None = None,
        variables: ArrayLike | None = None,
        data: ArrayLike | None = None,
        *,
        steps: int | None = None,
        budget: int | None = None,
    ) -> ScanGradient:
        """The gradient of a weighted sum of all results.

        Parameters
        ----------
        state, shared, variables, data, steps, budget
            As in :meth:`value_and_gradient`.
        weights : array_like or tuple of array_like
            Of the shapes of what a call returns: of a total an array, else those of the final state
            and those of the outputs.

        Examples
        --------
        >>> import numpy as np
        >>> sums = wengert.scan(lambda s, x: (s + x, s * x), state=0.0, variables=0.0)
        >>> sums.vjp(0.0, (1.0, np.zeros(3)), variables=np.array([1.0, 2.0, 3.0])).variables
        array([1., 1., 1.])
        """
        blocks = {"state": state, "shared": shared, "variables": variables, "data": data}
        size, x, given = self._inputs(blocks, steps, budget)
        if self._total:
            flat = _checked("weights", weights, self._outputs).ravel()
        else:
            if not isinstance(weights, (tuple, list)) or len(weights) != 2:
                raise TypeError("weights are a pair: of the final state, and of the outputs")
            rows = (size[0], *self._outputs)
            of_state = _checked("the weights of the state", weights[0], self._shapes["state"] or ())
            of_outputs = _checked("the weights of the outputs", weights[1], rows)
            flat = np.concatenate([of_state.ravel(), of_outputs.ravel()])
        return self._apart(self._loop.vjp(size, x, given, flat), size[0])

    def _unrolled(self, blocks: dict[str, Any], steps: int | None) -> Any:
        """The same by the Python function, on values that are being traced."""
        if self._step is None:
            raise TypeError("a loaded loop cannot become part of a function that is being traced")
        count = self._steps(blocks, steps)
        given = {
            name: _checked(name, blocks[name], shape, object)
            for name, shape in self._wanted(blocks, count).items()
        }
        state = given.pop("state")
        shared = [given.pop("shared")[()]] if "shared" in given else []
        rows = np.empty((count, *self._outputs), dtype=object)
        for i in range(count):
            own = [block[i] for block in given.values()]
            following, outputs = self._step(state[()], *shared, *own)
            state = np.asarray(following, dtype=object)
            rows[i] = np.asarray(outputs, dtype=object)
        return rows.sum(axis=0) if self._total else (state[()], rows)

    def _steps(self, blocks: dict[str, Any], steps: int | None) -> int:
        """The number of steps, by the rows that are given."""
        counts = {} if steps is None else {"steps": steps}
        for name in ("variables", "data"):
            if self._shapes[name] is not None and blocks[name] is not None:
                counts[name] = len(np.asarray(blocks[name]))
        if steps is not None and steps < 0:
            raise ValueError(f"a loop of {steps} steps")
        if not counts:
            raise ValueError("there are no rows to count: say how many steps=")
        if len(set(counts.values())) > 1:
            given = ", ".join(f"{count} by {name}" for name, count in counts.items())
            raise ValueError(f"how many steps? {given}")
        return next(iter(counts.values()))

    def _inputs(
        self, blocks: dict[str, Any], steps: int | None, budget: int | None
    ) -> tuple[tuple[int, int | None], _Array, _Array]:
        """The variables, flat, in the engine's order, and the data."""
        count = self._steps(blocks, steps)
        flat = dict.fromkeys(self._shapes, np.empty(0))
        for name, shape in self._wanted(blocks, count).items():
            flat[name] = _checked(name, blocks[name], shape).ravel()
        x = np.concatenate([flat["shared"], flat["state"], flat["variables"]])
        return (count, budget), x, flat["data"]

    def _wanted(self, blocks: dict[str, Any], steps: int) -> dict[str, tuple[int, ...]]:
        """The shapes that the blocks have in a loop of so many steps, of those that there are."""
        wanted = {}
        for name, shape in self._shapes.items():
            if (shape is None) != (blocks[name] is None):
                with_it = "without" if shape is None else "with"
                raise ValueError(f"the step was traced {with_it} {name}=")
            if shape is not None:
                wanted[name] = (steps, *shape) if name in ("variables", "data") else shape
        return wanted

    def _apart(self, gradient: _Array, steps: int) -> ScanGradient:
        """A gradient in the engine's order, by what it is with respect to."""
        parts: dict[str, Any] = {}
        start = 0
        for name in ("shared", "state", "variables"):
            shape = self._shapes[name]
            if shape is None:
                parts[name] = None
                continue
            shape = (steps, *shape) if name == "variables" else shape
            end = start + math.prod(shape)
            parts[name] = _shaped(gradient[start:end], shape)
            start = end
        return ScanGradient(**parts)

    def to_bytes(self) -> bytes:
        """The loop as bytes that programs in Rust load too; shapes are kept by ``pickle``.

        Examples
        --------
        >>> isinstance(wengert.scan(lambda x: (x.sin(), ()), state=1.0).to_bytes(), bytes)
        True
        """
        return self._loop.to_bytes()

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.to_bytes(), self._shapes, self._outputs, self._total)


def _restored(
    data: bytes, shapes: dict[str, tuple[int, ...] | None], outputs: tuple[int, ...], total: bool
) -> Scan:
    """A loop as pickle kept it."""
    return Scan(_Scan.from_bytes(data), shapes, outputs, total, None)


def _checked(name: str, block: Any, shape: tuple[int, ...], dtype: Any = np.float64) -> Any:
    """A block as an array, which has that shape."""
    try:
        array = np.asarray(block, dtype=dtype)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} is no array of numbers: {error}") from None
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}, and {shape} is wanted")
    return array


def _shaped(numbers: _Array, shape: tuple[int, ...]) -> Any:
    return numbers.reshape(shape) if shape else numbers[0]


def _holds_values(block: Any) -> bool:
    if block is None or isinstance(block, (int, float)):
        return False
    array = np.asarray(block)
    return array.dtype == object and any(isinstance(element, Value) for element in array.flat)


def scan(
    step: Callable[..., Any],
    state: ArrayLike,
    shared: ArrayLike | None = None,
    variables: ArrayLike | None = None,
    data: ArrayLike | None = None,
    *,
    total: bool = False,
) -> Scan:
    """Traces the step of a loop once, so that a loop of any length can be differentiated.

    The recording is as long as one step. The sweep goes through the loop backward, in as little
    memory as is asked for.

    Parameters
    ----------
    step : callable
        Takes the state, then what is given below in that order, as values or arrays of them.
        Returns the next state, of the same shape, and the step's outputs, ``()`` for none.
    state : array_like
        The initial state of the tracing.
    shared : array_like, optional
        What all steps share.
    variables : array_like, optional
        One step's own variables, with respect to which derivatives are taken.
    data : array_like, optional
        One step's own data.
    total : bool
        Whether only the sums of the outputs over all steps are wanted, and not the final state.

    Returns
    -------
    Scan

    Notes
    -----
    A comparison in the step is a guard of every step: :class:`BranchError` names the step where it
    comes out differently. Decide by :func:`where` instead.

    Examples
    --------
    A pendulum of ten thousand steps, differentiated by its stiffness within twenty kilobytes:

    >>> def step(y, k):
    ...     v = y[1] - 0.001 * k * np.sin(y[0])
    ...     return [y[0] + 0.001 * v, v], ()
    >>> import numpy as np
    >>> swing = wengert.scan(step, state=[1.0, 0.0], shared=4.0)
    >>> gradient = swing.vjp([1.0, 0.0], ([1.0, 0.0], np.zeros((10000, 0))), 4.0,
    ...                      steps=10000, budget=20000)
    >>> round(float(gradient.shared), 3)
    0.208
    """
    blocks = {"state": state, "shared": shared, "variables": variables, "data": data}
    shapes: dict[str, tuple[int, ...] | None] = dict.fromkeys(blocks)
    arrays: dict[str, _Array] = {}
    for name, block in blocks.items():
        if block is not None or name == "state":
            arrays[name] = array = np.asarray(block, dtype=np.float64)
            shapes[name] = array.shape
            if np.isnan(array).any():
                raise ValueError(f"{name} has a NaN, by which every comparison is decided")
    loop, outputs = _scan(
        step,
        arrays["state"],
        arrays.get("shared"),
        arrays.get("variables"),
        arrays.get("data"),
        total,
    )
    return Scan(loop, shapes, tuple(outputs), total, step)
