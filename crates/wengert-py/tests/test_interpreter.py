"""What functions do to the interpreter: they leave nothing behind, and let other threads run."""

import pathlib
import sys
import threading
import time

import numpy as np
import pytest

import wengert

RESIDENT = pathlib.Path("/proc/self/statm")


def pages():
    """The pages of memory of this process."""
    return int(RESIDENT.read_text().split()[1])


@pytest.mark.skipif(not RESIDENT.exists(), reason="the system does not say what is resident")
def test_recordings_leave_nothing_behind():
    x, data, out = np.ones(3), np.ones(2), np.empty(3)

    def loss(x, t):
        return np.sum(np.exp(x * t[0])) - t[1]

    def refused(x):
        raise KeyError(x[0] * x[1])

    def work(times):
        for _ in range(times):
            f = wengert.function(loss, x, data=data)
            f.value_and_gradient(x, data, out=out)
            f.gradient(x, data)
        for _ in range(times // 10):
            with pytest.raises(KeyError):
                wengert.function(refused, x)

    def counts():
        return [sys.getrefcount(each) for each in (x, data, out, loss, refused, wengert.Value)]

    work(5_000)
    before, held = counts(), pages()
    work(100_000)
    assert counts() == before
    # A kept recording has some kilobytes, a hundred thousand have hundreds of megabytes.
    assert pages() - held < 1000


def swing(x):
    return np.sum(np.exp(np.sin(x)) * np.sqrt(1 + x * x))


N = 20_000
X, LARGE = np.linspace(0, 1, N), wengert.function(swing, np.zeros(N))
MANY = wengert.function(lambda x, t: np.sum(np.exp(x * t)), np.zeros(10), data=0.0)
LOOP = wengert.scan(lambda y, k: (y + 1e-6 * k * y * (1 - y), y), 0.1, 1.0, total=True)
CALLS = {
    "value": lambda: LARGE(X),
    "value_and_gradient": lambda: LARGE.value_and_gradient(X),
    "gradient": lambda: LARGE.gradient(X),
    "hvp": lambda: LARGE.hvp(X, X),
    "vjp": lambda: LARGE.vjp(X, 1.0),
    "jvp": lambda: LARGE.jvp(X, X),
    "batch": lambda: MANY.batch(np.zeros(10), X, threads=1),
    "batch_value_and_gradient": lambda: MANY.batch_value_and_gradient(np.zeros(10), X, threads=2),
    "loop": lambda: LOOP.value_and_gradient(0.1, 1.0, steps=50_000, budget=50_000),
}


@pytest.fixture
def count():
    """A number that another thread counts up whenever it has the interpreter's lock.

    Nobody is asked for the lock meanwhile: that thread has it when this one hands it over.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    passes, is_over = [0], False

    def work():
        while not is_over:
            passes[0] += 1
            time.sleep(0)  # hands it back

    thread = threading.Thread(target=work)
    thread.start()
    yield passes
    is_over = True
    thread.join()
    sys.setswitchinterval(before)


@pytest.mark.parametrize("call", CALLS)
def test_another_thread_runs_while_a_function_is_evaluated(count, call):
    call = CALLS[call]

    def was_counted():
        before = count[0]
        call()
        return count[0] > before

    # The system may let the other thread wait for longer than one evaluation takes.
    assert any(was_counted() for _ in range(200))


def test_what_keeps_the_lock_lets_no_other_thread_run(count):
    before = count[0]
    sum(range(1_000_000))
    assert count[0] == before
