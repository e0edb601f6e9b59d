"""A logistic regression over rows of Parquet that need not fit into memory, on a local cluster.

    python examples/logistic.py                      ten million rows, two processes
    python examples/logistic.py --rows 100000 --workers 1

The rows are generated, and the coefficients that generated them are found again. Whatever the
number of workers, the fit takes the same steps, because each gradient has the same bits.
"""

from __future__ import annotations

import argparse
import pathlib
import sys
import tempfile
import time
from typing import Any

import numpy as np
from scipy.optimize import minimize

import wengert
from wengert import distributed

TRUTH = np.array([0.8, -1.2, 0.0, 0.5, -0.3])
COLUMNS = ["a", "b", "c", "d", "label"]
PER_FILE = 250_000


def generate(folder: pathlib.Path, count: int) -> None:
    """Files of rows: four numbers, and a label of 1 or -1."""
    import pandas as pd

    random = np.random.default_rng(11)
    for number, first in enumerate(range(0, count, PER_FILE)):
        rows = min(PER_FILE, count - first)
        features = random.normal(size=(rows, 4))
        chance = 1 / (1 + np.exp(-(features @ TRUTH[:4] + TRUTH[4])))
        label = np.where(random.random(rows) < chance, 1.0, -1.0)
        frame = pd.DataFrame(np.column_stack([features, label]), columns=COLUMNS)
        frame.to_parquet(folder / f"{number:05}.parquet")


def loss(w: Any, row: Any) -> Any:
    """The loss of one row: ln(1 + e^-margin)."""
    return wengert.softplus(-row[4] * (w[:4] @ row[:4] + w[4]))


def fit(folder: pathlib.Path, count: int, show: bool = True) -> tuple[Any, list[float]]:
    """The coefficients, and the value at each step."""
    import dask.dataframe as dd

    def progress(done: int, of: int) -> None:
        print(f"\r{done} of {of} partitions", end="", file=sys.stderr, flush=True)

    f = wengert.function(loss, np.zeros(5), data=np.ones(5))
    # By their names: another order of the rows would be another sum, in its last bits.
    frame = dd.read_parquet(folder / "*.parquet", split_row_groups=True)
    rows = distributed.rows(frame, COLUMNS, progress=progress if show else None)
    assert len(rows) == count
    values = []

    def mean(w: Any) -> tuple[float, Any]:
        value, gradient = rows.value_and_gradient(f, w)
        values.append(value / count)
        return value / count, gradient / count

    result = minimize(mean, np.zeros(5), jac=True, method="L-BFGS-B", options={"maxiter": 20})
    return result.x, values


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    from dask.distributed import Client, LocalCluster

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        generate(folder, options.rows)
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"{options.rows} rows, {size / 1e6:.0f} MB of Parquet")
        with (
            LocalCluster(
                n_workers=options.workers, threads_per_worker=1, dashboard_address=":0"
            ) as cluster,
            Client(cluster),
        ):
            start = time.perf_counter()
            found, values = fit(folder, options.rows)
            seconds = (time.perf_counter() - start) / len(values)
        print(f"\n{len(values)} gradients, {seconds:.2f} s each with {options.workers} workers")
        print(f"loss {values[-1]!r}")
        for truth, w in zip(TRUTH, found):
            print(f"{truth: .3f} {w: .5f}")


if __name__ == "__main__":
    main()
