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
G = wengert.function(lambda w, row: [loss(w, row), w[0] * row[0]], np.zeros(2), data=np.ones(3))
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
    rows = distributed.rows(cut(data, borders))
    value, gradient = rows.value_and_gradient(F, W)
    assert rows.value(F, W) == value == expected[0]
    np.testing.assert_array_equal(gradient, expected[1])


@pytest.mark.parametrize("count", [1, 255, 256, 257, 511, 512, 513, 256 * 7, 256 * 8, 256 * 8 + 1])
def test_borders_of_leaves(count):
    data = DATA[:count]
    expected = F.batch_value_and_gradient(W, data)
    for size in (1, 100, 255, 256, 257, 300, 1024):
        parts = [data[at : at + size] for at in range(0, count, size)]
        rows = distributed.rows(parts)
        value, gradient = rows.value_and_gradient(F, W)
        assert rows.value(F, W) == value == expected[0]
        np.testing.assert_array_equal(gradient, expected[1])


def test_single_precision_has_the_bits_of_one_batch_too():
    single, w, data = (array.astype(np.float32) for array in (np.zeros(2), W, DATA))
    f = wengert.function(loss, single, data=np.ones(3))
    expected = f.batch_value_and_gradient(w, data)
    rows = distributed.rows(cut(data, [100, 3000, 12_345]))
    value, gradient = rows.value_and_gradient(f, w)
    assert f.dtype == gradient.dtype == np.float32
    assert rows.value(f, w) == value == expected[0]
    np.testing.assert_array_equal(gradient, expected[1])


def test_no_rows_are_refused_and_lists_of_what_is_no_data_too():
    with pytest.raises(ValueError, match="no rows"):
        distributed.rows([np.empty((0, 3))]).value_and_gradient(F, W)
    with pytest.raises(ValueError, match="no rows"):
        distributed.rows([]).value(F, W)
    with pytest.raises(TypeError, match="str"):
        distributed.rows("text")


def test_jacobians_and_hessian_products_have_the_same_bits_for_any_partitions():
    v = np.array([1.0, -2.0])
    whole = distributed.rows([DATA])
    parts = distributed.rows(cut(DATA, [0, 1000, 1001, 1111, 5000, 5000, 19_000]))
    for one, other in zip(whole.value_and_jacobian(G, W), parts.value_and_jacobian(G, W)):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(whole.hvp(F, W, v), parts.hvp(F, W, v))
    np.testing.assert_array_equal(whole.value(G, W), parts.value(G, W))
    np.testing.assert_array_equal(whole.value(G, W), whole.value_and_jacobian(G, W)[0])
    # Against sums of NumPy's.
    values, jacobians = G.batch_jacobians(W, DATA)
    np.testing.assert_allclose(whole.value(G, W), values.sum(axis=0), rtol=1e-10)
    np.testing.assert_allclose(whole.value_and_jacobian(G, W)[1], jacobians.sum(axis=0), rtol=1e-10)
    margin = DATA[:, 2] * (DATA[:, :2] @ W)
    weight = np.exp(-margin) / (1 + np.exp(-margin)) ** 2 * DATA[:, 2] ** 2
    hessian = (DATA[:, :2] * weight[:, None]).T @ DATA[:, :2]
    np.testing.assert_allclose(whole.hvp(F, W, v), hessian @ v, rtol=1e-10)


@pytest.fixture(scope="module")
def dask_cluster():
    dask_distributed = pytest.importorskip("dask.distributed")
    with (
        dask_distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=":0", processes=True
        ) as cluster,
        dask_distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def ray_cluster():
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False, logging_level="error", log_to_driver=False)
    yield
    ray.shutdown()


def dask_frame(frames):
    import dask.dataframe as dd

    return dd.concat([dd.from_pandas(frame, npartitions=1) for frame in frames])


def ray_dataset(frames):
    import ray

    return ray.data.from_pandas(frames)


@pytest.fixture(params=["dask", "ray"])
def collect(request):
    """Makes a collection of data frames, each a partition, on two processes."""
    request.getfixturevalue(f"{request.param}_cluster")
    return {"dask": dask_frame, "ray": ray_dataset}[request.param]


COLUMNS = list("abc")


def frames(*borders):
    import pandas as pd

    return [pd.DataFrame(part, columns=COLUMNS) for part in cut(DATA, borders)]


@pytest.mark.parametrize("borders", [(), (7000, 7100), (1, 100, 1111, 5000, 12_000, 19_900)])
def test_two_processes_have_the_bits_of_one_batch(collect, borders):
    expected = F.batch_value_and_gradient(W, DATA)
    done = []
    rows = distributed.rows(
        collect(frames(*borders)), COLUMNS, progress=lambda *of: done.append(of)
    )
    assert len(rows) == len(DATA)
    value, gradient = rows.value_and_gradient(F, W)
    assert rows.value(F, W) == value == expected[0]
    assert done[len(borders)] == done[-1] == (len(borders) + 1, len(borders) + 1)
    np.testing.assert_array_equal(gradient, expected[1])
    whole, v = distributed.rows([DATA]), [1.0, 2.0]
    np.testing.assert_array_equal(rows.hvp(F, W, v), whole.hvp(F, W, v))
    for one, other in zip(rows.value_and_jacobian(G, W), whole.value_and_jacobian(G, W)):
        np.testing.assert_array_equal(one, other)


def test_dask_arrays_without_a_cluster():
    array = pytest.importorskip("dask.array")
    data = distributed.rows(array.from_array(DATA, chunks=(777, 3)))
    value, gradient = data.value_and_gradient(F, W)
    expected = F.batch_value_and_gradient(W, DATA)
    assert value == expected[0]
    np.testing.assert_array_equal(gradient, expected[1])


def deadly(kernel, mark):
    """A sum whose worker dies at its first partition, once; it is sent without this module."""

    def work(data):
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return kernel(data)

    return work


def test_a_worker_that_dies_changes_no_bit(collect, tmp_path):
    kernel = distributed._Gradient(F, W, 1)
    mark = tmp_path / "died"
    data = distributed.rows(collect(frames(3000, 7000, 11_000, 15_000)), COLUMNS)
    task = distributed._Task(deadly(kernel, mark), COLUMNS)
    parts = data._engine.each(task, data._firsts, None)
    value, gradient = distributed._combine(parts, kernel)
    assert mark.exists()
    expected = F.batch_value_and_gradient(W, DATA)
    assert value == expected[0]
    np.testing.assert_array_equal(gradient, expected[1])


def test_the_example_finds_what_generated_its_rows(dask_cluster, tmp_path, monkeypatch):
    path = pathlib.Path(__file__).parents[1] / "examples/logistic.py"
    spec = importlib.util.spec_from_file_location("logistic", path)
    logistic = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(logistic)
    monkeypatch.setattr(logistic, "PER_FILE", 30_000)
    logistic.generate(tmp_path, 100_000)
    found, values = logistic.fit(tmp_path, 100_000, show=False)
    np.testing.assert_allclose(found, logistic.TRUTH, atol=0.05)
    assert values[-1] < values[0] == pytest.approx(np.log(2))
