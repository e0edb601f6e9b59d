"""Loops: values, derivatives, memory, what is refused; and batches of functions with branches."""

import concurrent.futures
import pickle
import threading

import numpy as np
import pytest

import wengert


def swing(y, p, push):
    """A pendulum with friction that is pushed."""
    v = y[1] - 0.01 * (p[0] * np.sin(y[0]) + p[1] * y[1] - push)
    return [y[0] + 0.01 * v, v], y[0] * y[0]


STATE, SHARED = np.array([1.0, 0.0]), np.array([4.0, 0.3])
PUSHES = np.sin(np.arange(200.0))


def plain(state, shared, pushes):
    outputs = []
    for push in pushes:
        state, output = swing(state, shared, push)
        outputs.append(output)
    return np.array(state), np.array(outputs)


@pytest.fixture(scope="module")
def loop():
    return wengert.scan(swing, STATE, SHARED, variables=0.0)


@pytest.fixture(scope="module")
def total():
    return wengert.scan(swing, STATE, SHARED, variables=0.0, total=True)


def test_values_are_those_of_the_loop(loop, total):
    state, outputs = loop(STATE, SHARED, PUSHES)
    wanted, rows = plain(STATE, SHARED, PUSHES)
    np.testing.assert_allclose(state, wanted, rtol=1e-12)
    np.testing.assert_allclose(outputs, rows, rtol=1e-12)
    assert total(STATE, SHARED, PUSHES) == pytest.approx(rows.sum(), rel=1e-12)


def test_gradients_are_those_of_the_loop_written_out(total):
    def unrolled(x):
        return np.sum(plain(x[:2], x[2:4], x[4:])[1])

    x = np.concatenate([STATE, SHARED, PUSHES])
    value, wanted = wengert.function(unrolled, x).value_and_gradient(x)
    found, gradient = total.value_and_gradient(STATE, SHARED, PUSHES)
    assert found == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(gradient.state, wanted[:2], rtol=1e-9)
    np.testing.assert_allclose(gradient.shared, wanted[2:4], rtol=1e-9)
    np.testing.assert_allclose(gradient.variables, wanted[4:], rtol=1e-9, atol=1e-12)


def test_a_budget_changes_memory_and_no_bit(total):
    free = total.value_and_gradient(STATE, SHARED, PUSHES)
    within = total.value_and_gradient(STATE, SHARED, PUSHES, budget=2000)
    assert total.memory(200) > 2000
    assert free[0] == within[0]
    for one, other in zip(free[1], within[1]):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(ValueError, match="bytes"):
        total.value_and_gradient(STATE, SHARED, PUSHES, budget=1)


def test_weights_of_state_and_outputs(loop):
    weights = np.array([1.0, -2.0]), np.linspace(0, 1, 200)

    def weighted(x):
        state, outputs = plain(x[:2], x[2:4], x[4:])
        return wengert.dot(state, weights[0]) + wengert.dot(outputs, weights[1])

    x = np.concatenate([STATE, SHARED, PUSHES])
    wanted = wengert.function(weighted, x).gradient(x)
    found = loop.vjp(STATE, weights, SHARED, PUSHES)
    np.testing.assert_allclose(np.concatenate(found[:2]), wanted[:4], rtol=1e-9)
    np.testing.assert_allclose(found.variables, wanted[4:], rtol=1e-8, atol=1e-10)


def test_a_loop_becomes_part_of_a_traced_function(loop, total):
    pushes = PUSHES[:5]

    def part(p):
        return 2 * total(STATE, p, pushes) + loop(STATE, p, pushes)[0][1]

    def written_out(p):
        state, outputs = plain(STATE, p, pushes)
        return 2 * outputs.sum() + state[1]

    value, gradient = wengert.function(part, SHARED).value_and_gradient(SHARED)
    assert value == pytest.approx(written_out(SHARED), rel=1e-12)
    differences = [
        (written_out(SHARED + 1e-5 * e) - written_out(SHARED - 1e-5 * e)) / 2e-5 for e in np.eye(2)
    ]
    np.testing.assert_allclose(gradient, differences, rtol=1e-7)
    assert wengert.function(lambda p: total(STATE, p, []) + p[0], SHARED)(SHARED) == SHARED[0]


def test_gradients_are_the_slopes_of_the_plain_loop(loop, total):
    x = np.concatenate([STATE, SHARED])

    def weighted(x):
        state, outputs = plain(x[:2], x[2:], PUSHES)
        return np.array([outputs.sum(), state @ [1.0, -2.0]])

    differences = np.array(
        [(weighted(x + 1e-5 * e) - weighted(x - 1e-5 * e)) / 2e-5 for e in np.eye(4)]
    ).T
    _, gradient = total.value_and_gradient(STATE, SHARED, PUSHES)
    np.testing.assert_allclose(np.concatenate(gradient[:2]), differences[0], rtol=1e-6)
    gradient = loop.vjp(STATE, ([1.0, -2.0], np.zeros(200)), SHARED, PUSHES)
    np.testing.assert_allclose(np.concatenate(gradient[:2]), differences[1], rtol=1e-6)


def test_a_pickle_keeps_it(loop):
    copy = pickle.loads(pickle.dumps(loop))
    for one, other in zip(loop(STATE, SHARED, PUSHES), copy(STATE, SHARED, PUSHES)):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(TypeError, match="loaded loop"):
        wengert.function(lambda p: copy(STATE, p, PUSHES[:5])[0][0], SHARED)


def test_threads_share_it(total):
    wanted = [total.value_and_gradient(STATE, SHARED, PUSHES * k)[0] for k in range(8)]
    found = [None] * 8

    def ask(k):
        for _ in range(20):
            found[k] = total.value_and_gradient(STATE, SHARED, PUSHES * k)[0]

    threads = [threading.Thread(target=ask, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == wanted


def test_a_branch_is_an_error_that_names_the_step():
    loop = wengert.scan(lambda x, d: (x + d if x < 2.5 else x, ()), state=0.0, data=1.0)
    with pytest.raises(wengert.BranchError, match="step 3"):
        loop(0.0, data=np.ones(5))


def test_what_does_not_fit_is_refused(loop):
    with pytest.raises(ValueError, match=r"state has shape \(3,\), and \(2,\) is wanted"):
        loop(np.ones(3), SHARED, PUSHES)
    with pytest.raises(ValueError, match="traced with shared="):
        loop(STATE, None, PUSHES)
    with pytest.raises(ValueError, match="200 by variables"):
        loop(STATE, SHARED, PUSHES, steps=5)
    with pytest.raises(ValueError, match="a loop of -1 steps"):
        wengert.scan(lambda x: (x, ()), state=1.0)(1.0, steps=-1)
    with pytest.raises(ValueError, match=r"state has shape \(3,\)"):
        wengert.function(lambda p: loop(np.ones(3), p, PUSHES)[0][0], SHARED)
    with pytest.raises(TypeError, match="weights are a pair"):
        loop.vjp(STATE, 1.0, SHARED, PUSHES)
    with pytest.raises(ValueError, match="take"):
        loop.value_and_gradient(STATE, SHARED, PUSHES)
    with pytest.raises(ValueError, match="no rows to count"):
        wengert.scan(lambda x: (x, ()), state=1.0)(1.0)
    with pytest.raises(ValueError, match=r"state of shape \(2,\)"):
        wengert.scan(lambda x: ([x, x], ()), state=1.0)
    with pytest.raises(TypeError, match="returns a pair"):
        wengert.scan(lambda x: x, state=1.0)
    with pytest.raises(TypeError, match="no array of numbers"):
        loop(["a", "b"], SHARED, PUSHES)
    with pytest.raises(ValueError, match="NaN"):
        wengert.scan(lambda x: (x, ()), state=float("nan"))


def huber(x, t):
    r = x - t
    return r * r / 2 if abs(r) < 1 else abs(r) - 0.5


def test_a_batch_follows_the_branches_of_each_sample():
    f = wengert.function(huber, 0.0, data=0.5, on_branch="record")
    data = np.linspace(-3, 3, 1001)
    r = 0.25 - data
    wanted = np.where(np.abs(r) < 1, r * r / 2, np.abs(r) - 0.5)
    np.testing.assert_allclose(f.batch(0.25, data), wanted, rtol=1e-14)
    value, slope = f.batch_value_and_gradient(0.25, data)
    assert value == pytest.approx(wanted.sum(), rel=1e-13)
    assert slope == pytest.approx(np.clip(r, -1, 1).sum(), rel=1e-12)
    _, slopes = f.batch_gradients(0.25, data)
    np.testing.assert_allclose(slopes, np.clip(r, -1, 1), rtol=1e-14)
    products = f.batch_hvp(0.25, 1.0, data)
    np.testing.assert_array_equal(products, np.where(np.abs(r) < 1, 1.0, 0.0))
    # The same bits for any number of threads.
    for threads in [1, 2, 3]:
        assert f.batch_value_and_gradient(0.25, data, threads=threads) == (value, slope)


def test_an_exception_on_another_path_of_a_batch_is_the_caller_s():
    def picky(x):
        if x > 1:
            raise KeyError("not beyond 1")
        return x * x

    f = wengert.function(picky, 0.5, on_branch="record")
    with pytest.raises(KeyError, match="not beyond 1"):
        f.batch([0.5, 2.0])
    np.testing.assert_array_equal(f.batch([0.5, 0.25]), [0.25, 0.0625])
    with pytest.raises(wengert.BranchError):
        wengert.function(lambda x: x if x > 0 else -x, 1.0).batch([1.0, -1.0])


def test_each_of_several_threads_gets_the_exceptions_of_its_own_batches():
    def picky(x):
        if x > 1:
            raise KeyError(float(x.data))
        return x * x

    f = wengert.function(picky, 0.5, on_branch="record")

    def raised(bad):
        found = set()
        for _ in range(20):
            with pytest.raises(KeyError) as error:
                f.batch(np.append(np.zeros(100), bad), threads=2)
            found.add(error.value.args[0])
        return found

    bads = [2.0, 3.0, 4.0, 5.0]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert list(pool.map(raised, bads)) == [{bad} for bad in bads]
