"""Functions: evaluation, derivatives, guards, saving, and what is refused."""

import copy
import json
import multiprocessing
import pickle
import threading

import numpy as np
import pytest

import wengert


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def rosenbrock_gradient(x):
    gradient = np.zeros_like(x)
    gradient[:-1] += -400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1])
    gradient[1:] += 200 * (x[1:] - x[:-1] ** 2)
    return gradient


@pytest.fixture(scope="module")
def f():
    return wengert.function(rosenbrock, np.zeros(10))


POINT = np.linspace(-1, 1, 10)


def test_values_and_gradients_are_those_of_numpy(f):
    value, gradient = f.value_and_gradient(POINT)
    assert value == pytest.approx(rosenbrock(POINT), rel=1e-14)
    np.testing.assert_allclose(gradient, rosenbrock_gradient(POINT), rtol=1e-13)
    assert f(POINT) == value
    np.testing.assert_array_equal(f.gradient(POINT), gradient)


def test_second_derivatives_are_differences_of_gradients(f):
    hessian, step = f.hessian(POINT), 1e-6
    for i in range(10):
        unit = np.eye(10)[i]
        column = (
            rosenbrock_gradient(POINT + step * unit) - rosenbrock_gradient(POINT - step * unit)
        ) / (2 * step)
        np.testing.assert_allclose(hessian[i], column, rtol=1e-6, atol=1e-5)
        np.testing.assert_allclose(f.hvp(POINT, unit), hessian[i], rtol=1e-13)


def test_shapes_of_matrices_are_kept():
    g = wengert.function(lambda x: x.T @ x, np.ones((2, 3)))
    x = np.arange(6.0).reshape(2, 3)
    assert g.shape == (2, 3) and g.output_shape == (3, 3)
    np.testing.assert_array_equal(g(x), x.T @ x)
    jacobian = g.jacobian(x)
    assert jacobian.shape == (3, 3, 2, 3)
    v = np.arange(9.0).reshape(3, 3)
    np.testing.assert_allclose(g.vjp(x, v), np.einsum("ij,ijkl->kl", v, jacobian))
    u = np.arange(6.0)[::-1].reshape(2, 3)
    np.testing.assert_allclose(g.jvp(x, u), np.einsum("ijkl,kl->ij", jacobian, u))


def test_a_single_number_needs_no_array():
    g = wengert.function(lambda x, t: x.sin() * t, 1.0, data=2.0)
    assert g(0.0) == 0.0
    assert g.gradient(0.0) == 2.0 and g.gradient(0.0, 3.0) == 3.0
    assert g.hessian(0.0) == 0.0
    assert isinstance(g.gradient(0.0), float)


def test_results_go_where_the_caller_says(f):
    out = np.empty(10)
    value, gradient = f.value_and_gradient(POINT, out=out)
    assert gradient is out
    np.testing.assert_allclose(out, rosenbrock_gradient(POINT), rtol=1e-13)
    assert f.hessian(POINT, out=np.empty((10, 10))).shape == (10, 10)


@pytest.mark.parametrize(
    "make",
    [
        lambda x: list(x),
        lambda x: np.repeat(x, 2)[::2],
        lambda x: x.astype(">f8"),
        lambda x: np.asfortranarray(x),
        lambda x: np.frombuffer(b"-" + x.tobytes(), dtype=np.uint8)[1:].view(np.float64),
    ],
)
def test_lists_and_other_layouts_are_converted(f, make):
    assert f(make(POINT)) == f(POINT)


def test_float32_stays_float32():
    g = wengert.function(rosenbrock, np.zeros(10, dtype=np.float32))
    point = POINT.astype(np.float32)
    assert g.dtype == "float32"
    gradient = g.gradient(point)
    assert gradient.dtype == np.float32
    np.testing.assert_allclose(gradient, rosenbrock_gradient(POINT), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    "call, error, text",
    [
        (lambda f: f(np.zeros(3)), ValueError, r"\(3,\), and \(10,\)"),
        (lambda f: f.hvp(POINT, np.zeros((10, 1))), ValueError, r"\(10, 1\), and \(10,\)"),
        (lambda f: f(np.array(["a"] * 10)), TypeError, "dtype <U1"),
        (lambda f: f(np.array(["a"] * 10, dtype=object)), TypeError, "dtype object"),
        (lambda f: f([[1.0], [1.0, 2.0]]), TypeError, "no array of numbers"),
        (lambda f: f(POINT, 1.0), ValueError, "traced without"),
        (lambda f: f.gradient(POINT, out=np.zeros(3)), ValueError, r"\(3,\), and \(10,\)"),
        (lambda f: f.gradient(POINT, out=np.zeros(10, np.float32)), TypeError, "float32"),
        (lambda f: f.gradient(POINT, out=np.zeros(20)[::2]), ValueError, "contiguous"),
        (lambda f: f.gradient(np.array(1j * POINT)), TypeError, "complex"),
        (lambda f: f.vjp(POINT, [1.0]), ValueError, r"\(1,\), and \(\)"),
        (lambda f: f.batch(np.zeros((4, 3))), ValueError, r"\(4, 3\)"),
        (lambda f: f.batch(POINT), ValueError, "row for each sample"),
        (lambda f: f.batch(np.zeros((4, 10)), threads=0), ValueError, "threads"),
    ],
)
def test_what_does_not_fit_is_refused_with_both_shapes(f, call, error, text):
    with pytest.raises(error, match=text):
        call(f)


def test_out_cannot_be_an_argument(f):
    x = POINT.copy()
    with pytest.raises(ValueError, match="shares memory"):
        f.gradient(x, out=x)


@pytest.mark.parametrize(
    "x0, error, text",
    [
        ([1.0, np.nan], ValueError, "NaN"),
        (["a"], TypeError, "dtype"),
        (None, TypeError, "dtype object"),
    ],
)
def test_a_tracing_needs_numbers(x0, error, text):
    with pytest.raises(error, match=text):
        wengert.function(lambda x: x[0], x0)


def test_a_gradient_needs_one_output():
    g = wengert.function(lambda x: [x[0], x[1]], [1.0, 2.0])
    with pytest.raises(ValueError, match=r"\(2,\)"):
        g.gradient([1.0, 2.0])


def test_what_the_function_returns_has_to_be_numbers():
    with pytest.raises(TypeError, match="returned"):
        wengert.function(lambda x: "text", 1.0)
    with pytest.raises(ZeroDivisionError):
        wengert.function(lambda x: 1 / 0, 1.0)


def test_values_from_outside_and_from_other_traces_are_refused():
    outside = wengert.Value(2.0)
    with pytest.raises(wengert.TraceError, match="data="):
        wengert.function(lambda x: x * outside, 1.0)
    kept = []
    wengert.function(lambda x: kept.append(x) or x * 2, 1.0)
    with pytest.raises(wengert.TraceError, match="after the tracing"):
        kept[0] * 2
    with pytest.raises(wengert.TraceError, match="inside another"):
        wengert.function(lambda x: x * kept[0], 1.0)
    # A value that the function makes is a constant of it.
    assert wengert.function(lambda x: x * wengert.Value(3.0), 1.0)(2.0) == 6.0


def branch(x):
    if x[0] > x[1]:
        return x[0] ** 2
    return x[1] ** 3


def test_a_flipped_branch_names_the_line():
    g = wengert.function(branch, [2.0, 1.0])
    assert g([3.0, 1.0]) == 9.0
    with pytest.raises(wengert.BranchError) as error:
        g([1.0, 2.0])
    line = branch.__code__.co_firstlineno + 1
    assert f"test_function.py:{line} " in str(error.value)
    assert "1.0 < 2.0 is true" in str(error.value) and "on_branch" in str(error.value)
    with pytest.raises(wengert.BranchError, match="sample 2"):
        g.batch([[2.0, 1.0], [3.0, 1.0], [1.0, 3.0]])


def test_a_flipped_branch_is_recorded_where_asked():
    g = wengert.function(branch, [2.0, 1.0], on_branch="record")
    assert (g([1.0, 2.0]), g([3.0, 1.0]), g.paths) == (8.0, 9.0, 2)
    np.testing.assert_array_equal(g.gradient([1.0, 2.0]), [0.0, 12.0])
    np.testing.assert_array_equal(g.gradient([3.0, 2.0]), [6.0, 0.0])
    assert g.hessian([1.0, 2.0])[1, 1] == 12.0
    again = pickle.loads(pickle.dumps(g))
    assert (again([1.0, 2.0]), again([3.0, 1.0]), again.paths) == (8.0, 9.0, 2)


def test_a_loop_records_a_path_for_each_number_of_passes():
    def newton(a):
        x = a
        while abs(x * x - a) > 1e-12 * a:
            x = (x + a / x) / 2
        return x

    g = wengert.function(newton, 2.0, on_branch="record")
    for a in (2.0, 50.0, 1e4, 3.0):
        value, slope = g.value_and_gradient(a)
        assert value == pytest.approx(a**0.5, rel=1e-12)
        assert slope == pytest.approx(0.5 / a**0.5, rel=1e-9)
    assert g.paths > 2


def test_decisions_that_follow_the_inputs_need_no_guard():
    def g(x):
        y = wengert.where(wengert.less(x, 0.0), -x, 2 * x)
        return np.sum(wengert.maximum(y, 1.0)) + np.sum(wengert.clip(x, -1, 1))

    h = wengert.function(g, [0.5, 0.5])
    assert h([-3.0, 2.0]) == 3 + 4 - 1 + 1
    np.testing.assert_array_equal(h.gradient([-3.0, 2.0]), [-1.0, 2.0])


def test_functions_are_parts_of_functions(f):
    g = wengert.function(lambda x: f(x * x) + x[0], np.ones(10))
    assert g(POINT) == pytest.approx(rosenbrock(POINT**2) + POINT[0], rel=1e-13)


def test_numbers_that_leave_are_listed():
    g = wengert.function(lambda x: x * x.data, 3.0)
    assert len(g.frozen) == 1 and "test_function.py" in g.frozen[0]


def test_copies_and_files_give_the_same_bits(f):
    value, gradient = f.value_and_gradient(POINT)
    others = [
        copy.copy(f),
        copy.deepcopy(f),
        pickle.loads(pickle.dumps(f)),
        wengert.Function.from_bytes(f.to_bytes()),
        wengert.Function.from_json(f.to_json()),
    ]
    json.loads(f.to_json())
    for other in others:
        again, other_gradient = other.value_and_gradient(POINT)
        assert again == value
        np.testing.assert_array_equal(other_gradient, gradient)
    single = wengert.function(lambda x: x.exp(), np.float32(1))
    assert pickle.loads(pickle.dumps(single)).dtype == "float32"
    with pytest.raises(ValueError, match="no saved function"):
        wengert.Function.from_bytes(b"what is this?")


def _gradient(arguments):
    f, x = arguments
    return f.gradient(x)


def test_pickles_cross_processes(f):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        (gradient,) = pool.map(_gradient, [(f, POINT)])
    np.testing.assert_array_equal(gradient, f.gradient(POINT))


def test_threads_share_a_function():
    n = 2000
    f = wengert.function(rosenbrock, np.zeros(n))
    points = [np.full(n, k / 10) for k in range(8)]
    expected = [f.gradient(x) for x in points]
    found = [None] * len(points)

    def work(k):
        for _ in range(20):
            found[k] = f.gradient(points[k])

    threads = [threading.Thread(target=work, args=(k,)) for k in range(len(points))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one, other in zip(found, expected):
        np.testing.assert_array_equal(one, other)


def logistic(w, sample):
    margin = sample[-1] * (w @ sample[:-1])
    return wengert.softplus(-margin)


@pytest.fixture(scope="module")
def samples():
    random = np.random.default_rng(1)
    x = random.normal(size=(3000, 4))
    y = np.sign(x @ [1.0, -2.0, 0.5, 0.0] + random.normal(size=3000))
    return np.column_stack([x, y])


def test_a_batch_has_the_bits_of_its_samples_for_any_number_of_threads(samples):
    f = wengert.function(logistic, np.zeros(4), data=samples[0])
    w = np.array([0.1, -0.2, 0.3, 0.0])
    values = f.batch(w, samples)
    np.testing.assert_array_equal(values, [f(w, row) for row in samples])
    results = [f.batch_value_and_gradient(w, samples, threads=threads) for threads in (1, 2, 3, None)]
    for value, gradient in results[1:]:
        assert value == results[0][0]
        np.testing.assert_array_equal(gradient, results[0][1])
    assert results[0][0] == pytest.approx(values.sum(), rel=1e-12)
    each, gradients = f.batch_gradients(w, samples)
    np.testing.assert_array_equal(each, values)
    np.testing.assert_allclose(gradients.sum(axis=0), results[0][1], rtol=1e-10)
    # And by NumPy.
    margin = samples[:, -1] * (samples[:, :-1] @ w)
    np.testing.assert_allclose(values, np.log1p(np.exp(-margin)), rtol=1e-12)


def test_rows_of_points_have_rows_of_gradients():
    f = wengert.function(lambda x, t: x[0] * x[1] * t, [1.0, 1.0], data=1.0)
    x = np.arange(10.0).reshape(5, 2)
    t = np.arange(5.0)
    value, gradient = f.batch_value_and_gradient(x, t)
    np.testing.assert_array_equal(gradient, x[:, ::-1] * t[:, None])
    assert value == np.sum(x[:, 0] * x[:, 1] * t)
    out = np.empty(5)
    assert f.batch(x, 2.0, out=out) is out
    values, jacobians = f.batch_jacobians(x, t)
    np.testing.assert_array_equal(jacobians, gradient)
    with pytest.raises(ValueError, match="5 rows, and data have 4"):
        f.batch(x, t[:4])


def test_sparse_matrices_are_the_dense_ones():
    n = 40
    f = wengert.function(rosenbrock, np.zeros(n))
    x = np.linspace(-1, 2, n)
    hessian = f.sparse_hessian(x)
    assert hessian.format == "csr" and hessian.nnz == 3 * n - 2
    np.testing.assert_allclose(hessian.toarray(), f.hessian(x), rtol=1e-13)
    g = wengert.function(lambda x, t: (x[1:] * x[:-1]).reshape(3, 13) * t, np.ones(n), data=1.0)
    jacobian = g.sparse_jacobian(x, 2.0)
    assert jacobian.nnz == 2 * (n - 1)
    np.testing.assert_allclose(
        jacobian.toarray(), g.jacobian(x, 2.0).reshape(n - 1, n), rtol=1e-13
    )
    single = wengert.function(rosenbrock, np.zeros(n, np.float32))
    assert single.sparse_hessian(x).dtype == np.float32


def test_sparse_matrices_follow_branches():
    g = wengert.function(branch, [2.0, 1.0])
    with pytest.raises(wengert.BranchError):
        g.sparse_hessian([1.0, 2.0])
    g = wengert.function(branch, [2.0, 1.0], on_branch="record")
    np.testing.assert_array_equal(g.sparse_hessian([1.0, 2.0]).toarray(), [[0, 0], [0, 12.0]])
    np.testing.assert_array_equal(g.sparse_hessian([3.0, 2.0]).toarray(), [[2.0, 0], [0, 0]])
