"""Ctrl-C ends what takes long, and leaves functions as good as before."""

import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import wengert

# Work that would take minutes or hours, each beside a little of the same that is done at once.
LONG = """
import pickle
import signal
import numpy as np
import wengert

# Whoever starts the tests in the background of a shell has them ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)

def chain(x, t):
    for _ in range(20_000):
        x = np.sin(x) * t
    return x

f = wengert.function(chain, 0.5, data=1.0)
t = np.linspace(0.9, 1.1, 1_000_000)
follows = wengert.function(
    lambda x, t: chain(x, t) if t < 2.0 else x, 0.5, data=1.0, on_branch="record"
)
loop = wengert.scan(lambda x, r: (x + 1e-6 * r * x * (1 - x), x), 0.1, 1.0, total=True)

WORK = {
    "values": lambda t: f.batch(0.5, t, threads=1),
    "values, two threads": lambda t: f.batch(0.5, t, threads=2),
    "gradient": lambda t: f.batch_value_and_gradient(0.5, t),
    "gradients": lambda t: f.batch_gradients(0.5, t),
    "products": lambda t: f.batch_hvp(0.5, 1.0, t),
    "products, one thread": lambda t: f.batch_hvp(0.5, 1.0, t, threads=1),
    "branches": lambda t: follows.batch(0.5, t),
    "loop": lambda t: loop(0.1, 1.0, steps=100_000 * len(t)),
    "loop, gradient": lambda t: loop.value_and_gradient(
        0.1, 1.0, steps=100_000 * len(t), budget=100_000
    ),
}

for name, work in WORK.items():
    before = pickle.dumps(work(t[:3]))
    print("begins", name, flush=True)
    try:
        work(t)
        print("was through")
    except KeyboardInterrupt:
        assert pickle.dumps(work(t[:3])) == before
        print("ended", name, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no process is sent Ctrl-C alone there")
def test_ctrl_c_ends_batches_and_loops():
    with subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-c", LONG],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        # What Ctrl-C does not end would go on for hours. Aborted, it says where every thread is.
        patience = threading.Timer(300, process.send_signal, [signal.SIGABRT])
        patience.start()
        names = []
        for line in process.stdout:
            what, name = line.rstrip("\n").split(" ", 1)
            assert what in ("begins", "ended"), line
            if what == "begins":
                time.sleep(0.1)  # so that it is in the middle of it; sooner would do too
                process.send_signal(signal.SIGINT)
            else:
                names.append(name)
        patience.cancel()
        _, complaints = process.communicate()
    assert process.returncode == 0, f"after {names}: {complaints}"
    assert len(names) == 9


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no alarm to set")
def test_a_handler_that_raises_nothing_runs_meanwhile_and_changes_no_bit():
    f = wengert.function(lambda x, t: np.sum(np.exp(np.sin(x * t))), np.ones(100), data=1.0)
    t = np.linspace(0.0, 1.0, 200_000)
    values, was_going_on = np.full(len(t), np.nan), []
    before = signal.signal(signal.SIGALRM, lambda *_: was_going_on.append(np.isnan(values[-1])))
    signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
    try:
        f.batch(np.ones(100), t, threads=1, out=values)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert any(was_going_on)
    for first in range(0, len(t), 50_000):
        part = f.batch(np.ones(100), t[first : first + 50_000], threads=1)
        np.testing.assert_array_equal(values[first : first + 50_000], part)
