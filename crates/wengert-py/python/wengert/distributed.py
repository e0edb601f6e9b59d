"""Sums over the rows of a Dask collection or a Ray dataset, with the same bits on any cluster.

The engine adds the samples of a batch in a tree whose shape depends on their number alone: 256 to
a leaf, and leaves pairwise. A partition computes what of that tree lies within it, as sums of
aligned blocks of leaves, and hands on the rows of leaves that it shares with its neighbours, at
most 255 at either end. The caller puts blocks and rows together in the tree's order. So the result
is that of ``f.batch_value_and_gradient`` over all rows at once, to the last bit, for any number of
workers and any sizes of partitions; and a worker that dies changes nothing, since whoever does its
work again finds the same numbers.

Examples
--------
>>> import numpy as np
>>> loss = wengert.function(lambda w, p: (w * p[0] - p[1]) ** 2, 1.0, data=[0.0, 0.0])
>>> points = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 5.0]])
>>> from wengert import distributed
>>> data = distributed.rows([points[:1], points[1:]])
>>> data.value_and_gradient(loss, 1.0)
(9.0, -22.0)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._wengert import Function

__all__ = ["Rows", "rows"]

# Samples at a leaf of the engine's tree, of which every sixteenth goes to one sum; tests hold the
# results against the engine's own.
LEAF, LANES = 256, 16

_Sums = tuple[Any, ...]
_Progress = Callable[[int, int], object]


# What is summed over rows. Each is a value of its own, so that it can be sent to a worker.


@dataclass(frozen=True)
class _Gradient:
    """The values and their gradients."""

    f: Function
    x: NDArray[Any]
    threads: int

    def __call__(self, data: NDArray[Any]) -> _Sums:
        value, gradient = self.f.batch_value_and_gradient(self.x, data, threads=self.threads)
        # A number of the function's own precision, in which the engine adds.
        return np.dtype(self.f.dtype).type(value), gradient


@dataclass(frozen=True)
class _LeafByLeaf:
    """Rows of results that are added at the leaves, and pairwise above them."""

    f: Function
    x: NDArray[Any]
    threads: int

    def rows(self, data: NDArray[Any]) -> _Sums:
        raise NotImplementedError

    def __call__(self, data: NDArray[Any]) -> _Sums:
        tree = _Tree()
        for leaf, sums in enumerate(zip(*map(_leaves, self.rows(data)), strict=True)):
            tree.add(leaf, 0, sums)
        return tree.total()


@dataclass(frozen=True)
class _Values(_LeafByLeaf):
    """The values of all outputs."""

    def rows(self, data: NDArray[Any]) -> _Sums:
        return (self.f.batch(self.x, data, threads=self.threads),)


@dataclass(frozen=True)
class _Jacobian(_LeafByLeaf):
    """The values of all outputs and their Jacobians."""

    def rows(self, data: NDArray[Any]) -> _Sums:
        return self.f.batch_jacobians(self.x, data, threads=self.threads)


@dataclass(frozen=True)
class _Product(_LeafByLeaf):
    """The products of the Hessians with a vector."""

    v: NDArray[Any]

    def rows(self, data: NDArray[Any]) -> _Sums:
        return (self.f.batch_hvp(self.x, self.v, data, threads=self.threads),)


_Kernel = Callable[[NDArray[Any]], _Sums]


# The tree of sums.


def _leaves(rows: NDArray[Any]) -> NDArray[Any]:
    """The sum of each leaf, in the engine's order: lane by lane, and the lanes pairwise."""
    count = -(-len(rows) // LEAF)
    padded = np.zeros((count * LEAF, *rows.shape[1:]), rows.dtype)
    padded[: len(rows)] = rows
    packs = padded.reshape(count, -1, LANES, *rows.shape[1:])
    lanes: NDArray[Any] = np.zeros_like(packs[:, 0])
    for pack in range(packs.shape[1]):
        lanes += packs[:, pack]
    while lanes.shape[1] > 1:
        lanes = lanes[:, ::2] + lanes[:, 1::2]
    return lanes[:, 0]


class _Tree:
    """Sums of aligned blocks of leaves, the earlier first, of which no two can be joined."""

    def __init__(self) -> None:
        self.blocks: list[tuple[int, int, _Sums]] = []

    def add(self, leaf: int, level: int, sums: _Sums) -> None:
        """Adds the next block, of 2^level leaves from `leaf` on, and joins what belongs together."""
        while self.blocks and self.blocks[-1][1] == level and (leaf >> level) % 2 == 1:
            leaf, level, left = self.blocks.pop()
            sums = _plus(left, sums)
            level += 1
        self.blocks.append((leaf, level, sums))

    def total(self) -> _Sums:
        """The sum of all: each block is larger than all behind it together, and their left."""
        *earlier, (_, _, total) = self.blocks
        for _, _, sums in reversed(earlier):
            total = _plus(sums, total)
        return total


def _plus(left: _Sums, right: _Sums) -> _Sums:
    return tuple(a + b for a, b in zip(left, right, strict=True))


@dataclass(frozen=True)
class _Part:
    """What a partition knows: rows of a leaf that began before, blocks, rows of one that goes on."""

    head: NDArray[Any]
    blocks: list[tuple[int, int, _Sums]]
    tail: NDArray[Any]


def _part(data: NDArray[Any], first: int, kernel: _Kernel) -> _Part:
    """The part of the tree that lies in a partition whose first row is the `first` of all."""
    leaf = -(-first // LEAF)
    begin, count = leaf * LEAF - first, (first + len(data)) // LEAF - leaf
    if count <= 0:
        cut = min(begin, len(data))
        return _Part(data[:cut].copy(), [], data[cut:].copy())
    blocks, at, end = [], leaf, leaf + count
    while at < end:
        level = min(_trailing_zeros(at), (end - at).bit_length() - 1)
        start = begin + (at - leaf) * LEAF
        blocks.append((at, level, kernel(data[start : start + (LEAF << level)])))
        at += 1 << level
    return _Part(data[:begin].copy(), blocks, data[begin + count * LEAF :].copy())


def _trailing_zeros(number: int) -> int:
    """How often 2 divides it; without end for 0, which every block is aligned to."""
    return (number & -number).bit_length() - 1 if number else 64


def _combine(parts: Iterator[_Part], kernel: _Kernel) -> _Sums:
    """The sum over all parts, which come in the order of their rows."""
    tree, leaf = _Tree(), 0
    open_rows: list[NDArray[Any]] = []
    for part in parts:
        open_rows.append(part.head)
        held = sum(map(len, open_rows))
        if held == LEAF:
            tree.add(leaf, 0, kernel(np.concatenate(open_rows)))
            open_rows, leaf = [], leaf + 1
        for at, level, sums in part.blocks:
            tree.add(at, level, sums)
            leaf = at + (1 << level)
        open_rows.append(part.tail)
    last = np.concatenate(open_rows) if open_rows else np.empty(0)
    if len(last):
        tree.add(leaf, 0, kernel(last))
    if not tree.blocks:
        raise ValueError("there are no rows to sum over")
    return tree.total()


# Partitions, and who works on them.


class _Engine(Protocol):
    """Partitions in order: how many rows each has, and a task done for each."""

    def lengths(self) -> list[int]: ...
    def each(
        self, task: Callable[[Any, int], _Part], firsts: Sequence[int], progress: _Progress | None
    ) -> Iterator[_Part]: ...


def _numbers(partition: Any, columns: Sequence[str] | None) -> NDArray[Any]:
    """The rows of a partition, which is an array or a data frame, in C's order."""
    if columns is not None:
        partition = partition[list(columns)]
    to_numpy = getattr(partition, "to_numpy", None)
    return np.ascontiguousarray(to_numpy() if to_numpy else partition)


@dataclass(frozen=True)
class _Task:
    """The work on one partition."""

    kernel: _Kernel
    columns: Sequence[str] | None

    def __call__(self, partition: Any, first: int) -> _Part:
        return _part(_numbers(partition, self.columns), first, self.kernel)


@dataclass(frozen=True)
class _Local:
    """Arrays or data frames of this process."""

    partitions: Sequence[Any]

    def lengths(self) -> list[int]:
        return [len(partition) for partition in self.partitions]

    def each(
        self, task: Callable[[Any, int], _Part], firsts: Sequence[int], progress: _Progress | None
    ) -> Iterator[_Part]:
        for done, (partition, first) in enumerate(zip(self.partitions, firsts, strict=True), 1):
            yield task(partition, first)
            if progress:
                progress(done, len(firsts))


class _Dask:
    """The partitions of a Dask data frame or array: on a cluster where there is a client."""

    def __init__(self, collection: Any) -> None:
        self.partitions = list(np.ravel(collection.to_delayed()))

    def _futures(self, tasks: list[Any]) -> Any:
        import distributed

        return distributed.default_client().compute(tasks)

    def lengths(self) -> list[int]:
        import dask

        return list(dask.compute(*[dask.delayed(len)(partition) for partition in self.partitions]))

    def each(
        self, task: Callable[[Any, int], _Part], firsts: Sequence[int], progress: _Progress | None
    ) -> Iterator[_Part]:
        import dask

        work = dask.delayed(task)
        tasks = [work(part, first) for part, first in zip(self.partitions, firsts, strict=True)]
        try:
            futures = self._futures(tasks)
        except (ImportError, ValueError):  # no client: the scheduler of this process
            yield from dask.compute(*tasks)
            if progress:
                progress(len(tasks), len(tasks))
            return
        for done, future in enumerate(futures, 1):
            yield future.result()
            future.release()
            if progress:
                progress(done, len(firsts))


class _Ray:
    """The blocks of a Ray dataset, in the order of its rows."""

    def __init__(self, dataset: Any) -> None:
        dataset.context.execution_options.preserve_order = True
        self.blocks = dataset.to_pandas_refs()

    def lengths(self) -> list[int]:
        import ray

        measure = ray.remote(_length)
        return list(ray.get([measure.remote(block) for block in self.blocks]))

    def each(
        self, task: Callable[[Any, int], _Part], firsts: Sequence[int], progress: _Progress | None
    ) -> Iterator[_Part]:
        import ray

        shared = ray.put(task)
        work = ray.remote(_call)
        parts = [work.remote(shared, *each) for each in zip(self.blocks, firsts, strict=True)]
        for done, part in enumerate(parts, 1):
            yield ray.get(part)
            if progress:
                progress(done, len(firsts))


def _length(partition: Any) -> int:
    return len(partition)


def _call(task: Callable[[Any, int], _Part], partition: Any, first: int) -> _Part:
    return task(partition, first)


def _engine(collection: Any) -> _Engine:
    """The engine that a collection belongs to, found without importing it."""
    module = type(collection).__module__.split(".")[0]
    if module in ("dask", "dask_expr"):
        return _Dask(collection)
    if module == "ray":
        return _Ray(collection)
    if isinstance(collection, Sequence) and not isinstance(collection, str):
        return _Local(collection)
    raise TypeError(
        f"rows of {type(collection).__name__}: a Dask data frame or array, a Ray dataset, or a "
        "list of arrays is wanted"
    )


class Rows:
    """The rows of data that functions are summed over, wherever they lie. :func:`rows` makes it.

    Examples
    --------
    >>> import numpy as np
    >>> from wengert import distributed
    >>> len(distributed.rows([np.zeros((3, 2)), np.zeros((4, 2))]))
    7
    """

    def __init__(
        self, engine: _Engine, columns: Sequence[str] | None, threads: int, progress: _Progress | None
    ) -> None:
        self._engine, self._columns = engine, columns
        self._threads, self._progress = threads, progress
        *self._firsts, self._count = accumulate(engine.lengths(), initial=0)

    def __len__(self) -> int:
        return self._count

    def _sum(self, kernel: _Kernel) -> _Sums:
        task = _Task(kernel, self._columns)
        return _combine(self._engine.each(task, self._firsts, self._progress), kernel)

    def value(self, f: Function, x: ArrayLike) -> Any:
        """The sum of the values over all rows, without derivatives.

        Of a function that returns one number it has the bits of :meth:`value_and_gradient`.

        Parameters
        ----------
        f : Function
            Takes the variables, and a row as data.
        x : array_like
            The variables, which all rows share.

        Returns
        -------
        float or ndarray
            Of the shape that the function returns.

        Examples
        --------
        >>> import numpy as np
        >>> from wengert import distributed
        >>> data = distributed.rows([np.ones((3, 1)), np.ones((4, 1))])
        >>> data.value(wengert.function(lambda w, p: w * p[0], 1.0, data=[0.0]), 2.0)
        14.0
        >>> data.value(wengert.function(lambda w, p: [w * p[0], w * w], 1.0, data=[0.0]), 2.0)
        array([14., 28.])
        """
        (value,) = self._sum(_Values(f, np.asarray(x), self._threads))
        return value if f.output_shape else float(value)

    def value_and_gradient(self, f: Function, x: ArrayLike) -> tuple[float, Any]:
        """The sum of the values over all rows, with its gradient.

        Parameters
        ----------
        f : Function
            Takes the variables, and a row as data.
        x : array_like
            The variables, which all rows share.

        Examples
        --------
        >>> import numpy as np
        >>> from wengert import distributed
        >>> f = wengert.function(lambda w, p: w * p[0], 1.0, data=[0.0])
        >>> distributed.rows([np.ones((3, 1)), np.ones((4, 1))]).value_and_gradient(f, 2.0)
        (14.0, 7.0)
        """
        value, gradient = self._sum(_Gradient(f, np.asarray(x), self._threads))
        return float(value), gradient

    def value_and_jacobian(self, f: Function, x: ArrayLike) -> tuple[Any, Any]:
        """The sums of all outputs over all rows, with their Jacobian.

        Examples
        --------
        >>> import numpy as np
        >>> from wengert import distributed
        >>> f = wengert.function(lambda w, p: [w * p[0], w * w], 1.0, data=[0.0])
        >>> distributed.rows([np.ones((3, 1)), np.ones((4, 1))]).value_and_jacobian(f, 2.0)
        (array([14., 28.]), array([ 7., 28.]))
        """
        values, jacobian = self._sum(_Jacobian(f, np.asarray(x), self._threads))
        return values, jacobian

    def hvp(self, f: Function, x: ArrayLike, v: ArrayLike) -> Any:
        """The Hessian of the sum over all rows, times a vector.

        Examples
        --------
        >>> import numpy as np
        >>> from wengert import distributed
        >>> f = wengert.function(lambda w, p: w ** 3 * p[0], 1.0, data=[0.0])
        >>> float(distributed.rows([np.ones((3, 1)), np.ones((4, 1))]).hvp(f, 2.0, 1.0))
        84.0
        """
        (product,) = self._sum(_Product(f, np.asarray(x), self._threads, np.asarray(v)))
        return product


def rows(
    collection: Any,
    columns: Sequence[str] | None = None,
    *,
    threads: int = 1,
    progress: _Progress | None = None,
) -> Rows:
    """The rows of a collection, to sum functions over them.

    Parameters
    ----------
    collection : dask collection, ray dataset, or list
        A Dask data frame or array, a Ray dataset, or a list of arrays or data frames. Partitions
        of any sizes, empty ones too.
    columns : list of str, optional
        The columns of a row, in the order in which the function takes them.
    threads : int
        How many threads work on a partition: 1 where there is a worker for each processor.
    progress : callable, optional
        Called with the number of partitions that are done, and of all.

    Returns
    -------
    Rows

    Examples
    --------
    >>> import numpy as np
    >>> from wengert import distributed
    >>> done = []
    >>> data = distributed.rows([np.ones((3, 1))] * 2, progress=lambda *of: done.append(of))
    >>> f = wengert.function(lambda w, p: w * p[0], 1.0, data=[0.0])
    >>> data.value_and_gradient(f, 2.0), done
    ((12.0, 6.0), [(1, 2), (2, 2)])
    """
    return Rows(_engine(collection), columns, threads, progress)
