"""Measures what a second process is worth: gradients over rows of Parquet, out of core.

    python benches/cluster.py                              ten million rows
    python benches/cluster.py --rows 1000000 --rounds 5

The function and the rows are those of `examples/logistic.py`. One process that reads file by file
without Dask, a cluster of one process and a cluster of two find the same gradient by turns; all have
to have the same bits. What is compared are the least times of the rounds, and beside other work on
the machine these tell little: the load is printed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

# Before Arrow is loaded, whose threads this counts: those of the clusters' processes have 1 too.
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402

import wengert  # noqa: E402
from wengert import distributed  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "examples"))
import logistic  # noqa: E402

W = np.array([0.1, -0.2, 0.3, -0.4, 0.5])
Gradient = Callable[[], tuple[float, Any]]


class Files(Sequence[Any]):
    """Files as data frames, each read when it is asked for."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.paths = sorted(folder.glob("*.parquet"))

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, at: Any) -> Any:
        import pandas as pd

        return pd.read_parquet(self.paths[at])


def alone(f: wengert.Function, folder: pathlib.Path) -> Gradient:
    rows = distributed.rows(Files(folder), logistic.COLUMNS)
    return lambda: rows.value_and_gradient(f, W)


@contextlib.contextmanager
def cluster(f: wengert.Function, folder: pathlib.Path, workers: int) -> Iterator[Gradient]:
    import dask.dataframe as dd
    from dask.distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as processes,
        Client(processes, set_as_default=False) as client,
    ):
        with client.as_current():
            frame = dd.read_parquet(folder / "*.parquet", split_row_groups=True)
            rows = distributed.rows(frame, logistic.COLUMNS)

        def gradient() -> tuple[float, Any]:
            with client.as_current():
                return rows.value_and_gradient(f, W)

        yield gradient


def compare(ways: dict[str, Gradient], rounds: int) -> dict[str, float]:
    """The least time of each way, by rounds in which they take turns."""
    expected, times = None, dict.fromkeys(ways, float("inf"))
    for number in range(rounds + 1):
        for name, gradient in ways.items():
            start = time.perf_counter()
            value, found = gradient()
            seconds = time.perf_counter() - start
            bits = (value.hex(), found.tobytes())
            expected = expected or bits
            assert bits == expected, f"{name} finds other bits"
            if number > 0:  # the first round is for caches and connections
                times[name] = min(times[name], seconds)
                print(f"{name:22}{seconds:8.2f} s", flush=True)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    f = wengert.function(logistic.loss, np.zeros(5), data=np.ones(5))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        logistic.generate(folder, options.rows)
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"{options.rows} rows, {size / 1e6:.0f} MB of Parquet")
        with cluster(f, folder, 1) as one, cluster(f, folder, 2) as two:
            ways = {"without Dask": alone(f, folder), "one process": one, "two processes": two}
            times = compare(ways, options.rounds)
    print(f"load over the last five minutes {os.getloadavg()[1]:.1f}; the same bits throughout")
    for name in ("one process", "without Dask"):
        print(f"two processes are {times[name] / times['two processes']:.2f} times as fast as {name}")


if __name__ == "__main__":
    main()
