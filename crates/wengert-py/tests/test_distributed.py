"""Sums over Dask collections and Ray datasets have the bits of one batch."""

import importlib.util
import os
import pathlib
import signal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wengert
from wengert import distributed

pytestmark = pytest.mark.filterwarnings("ignore")


def loss(w, row):
    return wengert.softplus(-row[2] * (w[0] * row[0] + w[1] * row[1]))


F = wengert.function(loss, np.zeros(2), data=np.ones(3))
W = np.array([0.3, -0.7])
DATA = np.random.default_rng(5).normal(size=(20_000, 3))


def cut(data, borders):
    return np.split(data, sorted(borders))


@settings(max_examples=80, deadline=None)
@given(
    st.integers(1, 9000),
    st.lists(st.integers(0, 9000), max_size=12),
)
def test_partitions_of_any_sizes_give_the_bits_of_one_batch(count, borders):
    data = DATA[:count]
    expected = F.batch_value_and_gradient(W, data)
    value, gradient = distributed.rows(cut(data, borders)).value_and_gradient(F, W)
    assert value == expected[0]
    np.testing.assert_array_equal(gradient, expected[1])


@pytest.mark.parametrize("count", [1, 255, 256, 257, 511, 512, 513, 256 * 7, 256 * 8, 256 * 8 + 1])
def test_borders_of_leaves(count):
    data = DATA[:count]
    expected = F.batch_value_and_gradient(W, data)
    for size in (1, 100, 255, 256, 257, 300, 1024):
        parts = [data[at : at + size] for at in range(0, count, size)]
        value, gradient = distributed.rows(parts).value_and_gradient(F, W)
        assert value == expected[0]
        np.testing.assert_array_equal(gradient, expected[1])


def test_no_rows_are_refused_and_lists_of_what_is_no_data_too():
    with pytest.raises(ValueError, match="no rows"):
        distributed.rows([np.empty((0, 3))]).value_and_gradient(F, W)
    with pytest.raises(TypeError, match="str"):
        distributed.rows("text")


def test_jacobians_and_hessian_products_have_the_same_bits_for_any_partitions():
    g = wengert.function(lambda w, row: [loss(w, row), w[0] * row[0]], np.zeros(2), data=np.ones(3))
    v = np.array([1.0, -2.0])
    whole = distributed.rows([DATA])
    parts = distributed.rows(cut(DATA, [0, 1000, 1001, 1111, 5000, 5000, 19_000]))
    for one, other in zip(whole.value_and_jacobian(g, W), parts.value_and_jacobian(g, W)):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(whole.hvp(F, W, v), parts.hvp(F, W, v))
    # Against sums of NumPy's.
    values, jacobians = g.batch_jacobians(W, DATA)
    np.testing.assert_allclose(whole.value_and_jacobian(g, W)[1], jacobians.sum(axis=0), rtol=1e-10)
    margin = DATA[:, 2] * (DATA[:, :2] @ W)
    weight = np.exp(-margin) / (1 + np.exp(-margin)) ** 2 * DATA[:, 2] ** 2
    hessian = (DATA[:, :2] * weight[:, None]).T @ DATA[:, :2]
    np.testing.assert_allclose(whole.hvp(F, W, v), hessian @ v, rtol=1e-10)


@pytest.fixture(scope="module")
def cluster():
    dask_distributed = pytest.importorskip("dask.distributed")
    with (
        dask_distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=":0", processes=True
        ) as cluster,
        dask_distributed.Client(cluster) as client,
    ):
        yield client


def frame(partitions):
    import dask.dataframe as dd
    import pandas as pd

    return dd.from_pandas(pd.DataFrame(DATA, columns=list("abc")), npartitions=partitions)


@pytest.mark.parametrize("partitions", [1, 3, 7])
def test_dask_on_two_processes(cluster, partitions):
    expected = F.batch_value_and_gradient(W, DATA)
    done = []
    data = distributed.rows(frame(partitions), list("abc"), progress=lambda *of: done.append(of))
    value, gradient = data.value_and_gradient(F, W)
    assert value == expected[0] and done[-1] == (partitions, partitions)
    np.testing.assert_array_equal(gradient, expected[1])
    np.testing.assert_array_equal(
        data.hvp(F, W, [1.0, 2.0]), distributed.rows([DATA]).hvp(F, W, [1.0, 2.0])
    )


def test_dask_arrays_without_a_cluster():
    array = pytest.importorskip("dask.array")
    data = distributed.rows(array.from_array(DATA, chunks=(777, 3)))
    value, gradient = data.value_and_gradient(F, W)
    expected = F.batch_value_and_gradient(W, DATA)
    assert value == expected[0]
    np.testing.assert_array_equal(gradient, expected[1])


class Deadly:
    """A sum whose worker dies at its first partition, once."""

    def __init__(self, kernel, mark):
        self.kernel, self.mark = kernel, mark

    def __call__(self, data):
        if not pathlib.Path(self.mark).exists():
            pathlib.Path(self.mark).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.kernel(data)


def test_a_worker_that_dies_changes_no_bit(cluster, tmp_path):
    kernel = distributed._Gradient(F, W, 1)
    mark = tmp_path / "died"
    data = distributed.rows(frame(5), list("abc"))
    task = distributed._Task(Deadly(kernel, str(mark)), list("abc"))
    parts = data._engine.each(task, data._firsts, None)
    value, gradient = distributed._combine(parts, kernel)
    assert mark.exists()
    expected = F.batch_value_and_gradient(W, DATA)
    assert value == expected[0]
    np.testing.assert_array_equal(gradient, expected[1])


def test_ray_on_two_processes():
    ray = pytest.importorskip("ray")
    import pandas as pd

    ray.init(num_cpus=2, include_dashboard=False, logging_level="error", log_to_driver=False)
    try:
        table = pd.DataFrame(DATA, columns=list("abc"))
        dataset = ray.data.from_pandas([table[:7000], table[7000:7100], table[7100:]])
        data = distributed.rows(dataset, list("abc"))
        value, gradient = data.value_and_gradient(F, W)
        expected = F.batch_value_and_gradient(W, DATA)
        assert len(data) == len(DATA) and value == expected[0]
        np.testing.assert_array_equal(gradient, expected[1])
    finally:
        ray.shutdown()


def test_the_example_finds_what_generated_its_rows(cluster, tmp_path, monkeypatch):
    path = pathlib.Path(__file__).parents[1] / "examples/logistic.py"
    spec = importlib.util.spec_from_file_location("logistic", path)
    logistic = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(logistic)
    monkeypatch.setattr(logistic, "PER_FILE", 30_000)
    logistic.generate(tmp_path, 100_000)
    found, values = logistic.fit(tmp_path, 100_000, show=False)
    np.testing.assert_allclose(found, logistic.TRUTH, atol=0.05)
    assert values[-1] < values[0] == pytest.approx(np.log(2))
