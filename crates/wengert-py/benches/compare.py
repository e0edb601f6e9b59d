"""Measures the Python package, and beside it what else of JAX, autograd, PyTorch and CasADi is there.

    python benches/compare.py

Where there is cargo, two doors are held against the engine's own, which `benches/door` calls from
Rust on the same recordings: the package has to be built as cargo builds that, by its release
profile (`pip install ./crates/wengert-py`). Both processes are kept on one processor: those of a
virtual machine can differ by a third, as it happens who shares a core with them. Times are minima
over rounds that take turns, with one thread; what is compared is their ratio.

Each problem is written for each library as its documentation would have it: in arrays for those
that live on arrays, with `lax.scan` for JAX's loops, number by number for wengert and CasADi; a sum over
samples as a batch of wengert's, of which one sample is traced. Operations are those that wengert's
recording has, after it is optimised, or all samples of a batch have together.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")

import numpy as np  # noqa: E402

import wengert  # noqa: E402

ROUNDS, STARTS = 15, 9
TARGET = pathlib.Path(__file__).parents[3] / "target/door"
N, STEPS, SAMPLE = 1000, 1000, 5
Gradient = Callable[[Any], Any]


def rosenbrock(x: Any, sum: Any = np.sum) -> Any:
    return sum(term(x[:-1], x[1:]))


def term(a: Any, b: Any) -> Any:
    return 100 * (b - a**2) ** 2 + (1 - a) ** 2


def by_loop(x: Any) -> Any:
    """Rosenbrock's function term by term."""
    total = term(x[0], x[1])
    for i in range(1, N - 1):
        total = total + term(x[i], x[i + 1])
    return total


def mixture(w: Any, points: Any, np: Any) -> Any:
    """The log-likelihood of a mixture of three normal distributions, over 100 points."""
    distances = points[:, None] - w[None, 3:6]
    terms = w[:3] - w[6:9] - 0.5 * (distances * np.exp(-w[6:9])) ** 2
    return np.sum(np.log(np.sum(np.exp(terms), axis=1)))


def mixture_by_loop(w: Any, exp: Any, log: Any) -> Any:
    """The same, point by point and component by component."""
    total = 0.0
    for point in POINTS:
        total = total + log(sum(component(w, k, point, exp) for k in range(3)))
    return total


def component(w: Any, k: int, point: Any, exp: Any) -> Any:
    return exp(w[k] - w[6 + k] - 0.5 * ((point - w[3 + k]) * exp(-w[6 + k])) ** 2)


POINTS = np.random.default_rng(3).normal(size=100)
START = np.array([0.0, 0.1, 0.2, -1.0, 0.0, 1.0, 0.0, 0.1, -0.1])


def logistic(x: Any) -> Any:
    """A growth equation by Euler's steps: the end, by its rate and its capacity."""
    y = 0.1 + 0 * x[0]
    for _ in range(STEPS):
        y = y + 0.01 * x[0] * y * (1 - y / x[1])
    return y


def network(w: Any, points: Any, tanh: Any) -> Any:
    """What a network of 2, 16, 16 and 1 units says of one point, or of each of many."""
    hidden = tanh(points @ w[:32].reshape(2, 16) + w[32:48])
    return tanh(hidden @ w[48:304].reshape(16, 16) + w[304:320]) @ w[320:336] + w[336]


PLACES = np.random.default_rng(5).uniform(-1, 1, size=(256, 2))
LABELS = np.where(np.sum(PLACES**2, axis=1) < 0.6, 1.0, -1.0)
WEIGHTS = np.random.default_rng(6).uniform(-0.5, 0.5, size=337)

# The problems, each with the point of its gradient; of each library they come in this order.
PROBLEMS: dict[str, Any] = {
    "rosenbrock, 1000 variables": np.linspace(-1, 1, N),
    "the same, term by term": np.linspace(-1, 1, N),
    "mixture, 100 points": START,
    "the same, by loops": START,
    "differential equation, 1000 steps": np.array([1.3, 2.0]),
    "perceptron, 256 points": WEIGHTS,
}
OPERATIONS: list[int] = []


def by_wengert() -> Iterator[Callable[[], Gradient]]:
    functions = [
        rosenbrock,
        by_loop,
        lambda w: mixture(w, POINTS, np),
        lambda w: mixture_by_loop(w, np.exp, np.log),
        logistic,
    ]
    for f, x in zip(functions, PROBLEMS.values()):

        def trace(f: Any = f, x: Any = x) -> Gradient:
            function = wengert.function(f, x)
            OPERATIONS.append(function.operations)
            return function.gradient

        yield trace

    def batch() -> Gradient:
        samples = np.column_stack([PLACES, LABELS])
        error = lambda w, s: (network(w, s[:2], np.tanh) - s[2]) ** 2  # noqa: E731
        function = wengert.function(error, WEIGHTS, data=samples[0])
        OPERATIONS.append(len(samples) * function.operations)
        return lambda w: function.batch_value_and_gradient(w, samples, threads=1)[1] / len(samples)

    yield batch


def by_autograd() -> Iterator[Callable[[], Gradient]]:
    import autograd
    import autograd.numpy as anp

    yield lambda: autograd.grad(lambda x: rosenbrock(x, anp.sum))
    yield lambda: autograd.grad(by_loop)
    yield lambda: autograd.grad(lambda w: mixture(w, POINTS, anp))
    yield lambda: autograd.grad(lambda w: mixture_by_loop(w, anp.exp, anp.log))
    yield lambda: autograd.grad(logistic)
    yield lambda: autograd.grad(lambda w: anp.mean((network(w, PLACES, anp.tanh) - LABELS) ** 2))


def by_jax() -> Iterator[Callable[[], Gradient]]:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def terms(x: Any) -> Any:
        def step(total: Any, pair: Any) -> Any:
            return total + term(*pair), None

        return jax.lax.scan(step, 0 * x[0], (x[:-1], x[1:]))[0]

    def scanned(x: Any) -> Any:
        def step(y: Any, _: Any) -> Any:
            return y + 0.01 * x[0] * y * (1 - y / x[1]), None

        return jax.lax.scan(step, 0.1 + 0 * x[0], None, length=STEPS)[0]

    def by_point(w: Any) -> Any:
        def step(total: Any, point: Any) -> Any:
            return total + jnp.log(sum(component(w, k, point, jnp.exp) for k in range(3))), None

        return jax.lax.scan(step, 0 * w[0], jnp.asarray(POINTS))[0]

    functions = [
        lambda x: rosenbrock(x, jnp.sum),
        terms,
        lambda w: mixture(w, POINTS, jnp),
        by_point,
        scanned,
        lambda w: jnp.mean((network(w, PLACES, jnp.tanh) - LABELS) ** 2),
    ]
    for f in functions:

        def prepare(f: Any = f) -> Gradient:
            gradient = jax.jit(jax.grad(f))
            return lambda x: gradient(x).block_until_ready()

        yield prepare


def by_torch() -> Iterator[Callable[[], Gradient]]:
    import torch

    torch.set_num_threads(1)
    points, places, labels = map(torch.tensor, (POINTS, PLACES, LABELS))
    functions = [
        lambda x: rosenbrock(x, torch.sum),
        by_loop,
        lambda w: torch.sum(torch.logsumexp(
            w[:3] - w[6:9] - 0.5 * ((points[:, None] - w[None, 3:6]) * torch.exp(-w[6:9])) ** 2, 1
        )),
        lambda w: mixture_by_loop(w, torch.exp, torch.log),
        logistic,
        lambda w: torch.mean((network(w, places, torch.tanh) - labels) ** 2),
    ]  # fmt: skip
    for f in functions:

        def gradient(x: Any, f: Any = f) -> Any:
            leaf = torch.tensor(x, requires_grad=True)
            return torch.autograd.grad(f(leaf), leaf)[0].numpy()

        yield lambda gradient=gradient: gradient


def by_casadi() -> Iterator[Callable[[], Gradient]]:
    import casadi as ca

    def derived(f: Any, n: int, kind: Any = ca.SX) -> Gradient:
        x = kind.sym("x", n)
        function = ca.Function("g", [x], [ca.gradient(f(x), x)])
        return lambda at: np.asarray(function(at)).ravel()

    def likelihood(w: Any) -> Any:
        distances = ca.repmat(ca.DM(POINTS), 1, 3) - rows(w[3:6], len(POINTS))
        scaled = distances * rows(ca.exp(-w[6:9]), len(POINTS))
        terms = rows(w[:3] - w[6:9], len(POINTS)) - 0.5 * scaled**2
        return ca.sum1(ca.log(ca.sum2(ca.exp(terms))))

    def rows(x: Any, count: int) -> Any:
        return ca.repmat(x.T, count, 1)

    def loss(w: Any) -> Any:
        # Its matrices are filled column by column.
        first, second = ca.reshape(w[:32], 16, 2).T, ca.reshape(w[48:304], 16, 16).T
        hidden = ca.tanh(ca.DM(PLACES) @ first + rows(w[32:48], len(PLACES)))
        hidden = ca.tanh(hidden @ second + rows(w[304:320], len(PLACES)))
        return ca.sumsqr(hidden @ w[320:336] + w[336] - ca.DM(LABELS)) / len(LABELS)

    yield lambda: derived(lambda x: rosenbrock(x, ca.sum1), N)
    yield lambda: derived(by_loop, N)
    yield lambda: derived(likelihood, 9)
    yield lambda: derived(lambda w: mixture_by_loop(w, ca.exp, ca.log), 9)
    yield lambda: derived(logistic, 2)
    # By operations of matrices, which its MX are for.
    yield lambda: derived(loss, len(WEIGHTS), ca.MX)


LIBRARIES: dict[str, tuple[str, Callable[[], Iterator[Callable[[], Gradient]]]]] = {
    "wengert": ("wengert", by_wengert),
    "JAX": ("jax", by_jax),
    "autograd": ("autograd", by_autograd),
    "PyTorch": ("torch", by_torch),
    "CasADi": ("casadi", by_casadi),
}


def seconds(work: Callable[[], Any], times: int = 1) -> float:
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def by_turns(works: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """The least time of a call of each, in rounds that are each long enough to be measured."""
    times = {name: max(1, int(0.02 / max(seconds(work), 1e-7))) for name, work in works.items()}
    least = dict.fromkeys(works, float("inf"))
    for _ in range(ROUNDS):
        for name, work in works.items():
            work()  # what the others have displaced from the caches comes back
            least[name] = min(least[name], seconds(work, times[name]))
    return least


def least(work: Callable[[], Any]) -> float:
    """The least time of a call."""
    return by_turns({"": work})[""]


@contextlib.contextmanager
def one_processor() -> Iterator[None]:
    """Keeps this process, and those that it starts, on one processor, where that can be said."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def serve(what: str, folder: pathlib.Path) -> None:
    """Does what `benches/door` does: for each line, a count, the work so often, and its seconds."""
    f = wengert.Function.from_bytes((folder / "function").read_bytes())
    x = np.fromfile(folder / "x")
    out = np.empty_like(x)
    work: Callable[[], Any] = lambda: f.value_and_gradient(x, out=out)  # noqa: E731
    if what == "batch":
        data = np.fromfile(folder / "data").reshape(-1, SAMPLE)
        work = lambda: f.batch_value_and_gradient(x, data, threads=1)  # noqa: E731
    for line in sys.stdin:
        work()
        print(seconds(work, int(line)), flush=True)


class Door:
    """A process that times its door."""

    def __init__(self, command: list[str | pathlib.Path]) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        self.least = float("inf")

    def time(self, times: int) -> float:
        """The seconds of one of so many calls."""
        assert self.process.stdin and self.process.stdout
        print(times, file=self.process.stdin, flush=True)
        now = float(self.process.stdout.readline())
        self.least = min(self.least, now)
        return now


def beside(what: str, f: Any, **arrays: Any) -> tuple[float, float]:
    """The times of a door from Python and from Rust, of a process in the middle of each kind."""
    here = pathlib.Path(__file__)
    build = ["cargo", "build", "--quiet", "--release", "--target-dir", TARGET, "--manifest-path"]
    subprocess.run([*build, here.parent / "door/Cargo.toml"], check=True)
    kinds: list[list[str | pathlib.Path]] = [[sys.executable, here], [TARGET / "release/door"]]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "function").write_bytes(f.to_bytes())
        for array, numbers in arrays.items():
            (folder / array).write_bytes(np.ascontiguousarray(numbers).tobytes())
        doors = [[Door([*kind, what, folder]) for kind in kinds] for _ in range(STARTS)]
        times = max(1, int(0.005 / doors[0][0].time(1)))
        for _ in range(2 * ROUNDS):
            for pair in doors:
                for door in pair:
                    door.time(times)
        for pair in doors:
            for door in pair:
                door.process.communicate()
    own, rust = zip(*((own.least, rust.least) for own, rust in doors), strict=True)
    return statistics.median(own), statistics.median(rust)


def doors(w: Any, f: Any, data: Any) -> None:
    """A large function and a batch, from Python and from Rust."""
    x = np.linspace(-1, 1, 10_000)
    own, rust = beside("gradient", wengert.function(rosenbrock, x), x=x)
    print(f"large value_and_gradient       {own * 1e6:.1f} µs, from Rust {rust * 1e6:.1f} µs: {own / rust:.3f}")
    own, rust = beside("batch", f, x=w, data=data)
    print(f"batch of 10^5, from Rust       {rust * 1e3:.2f} ms, as fast as that from Python: {rust / own:.3f}")


def small() -> None:
    """What a call costs, and what an operation costs while it is traced."""
    f = wengert.function(lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2, [0.0, 0.0])
    x, out = np.array([0.3, 0.4]), np.empty(2)
    print(f"value_and_gradient(x)          {least(lambda: f.value_and_gradient(x)) * 1e6:.2f} µs")
    print(f"value_and_gradient(x, out=out) {least(lambda: f.value_and_gradient(x, out=out)) * 1e6:.2f} µs")

    count = 100_000

    def chain(x: Any) -> Any:
        y = x
        for _ in range(count // 2):
            y = y * x + 0.5
        return y

    alone = least(lambda: chain(0.5))
    traced = least(lambda: wengert.function(chain, 0.5)) - alone
    print(f"tracing                        {traced / count * 1e6:.2f} µs an operation")


def batch() -> None:
    """A batch of 10^5 samples, and how much of it threads take."""
    f = wengert.function(
        lambda w, p: wengert.softplus(-p[4] * (w[:4] @ p[:4])), np.zeros(4), data=np.ones(SAMPLE)
    )
    data = np.random.default_rng(1).normal(size=(100_000, SAMPLE))
    w = np.array([0.1, -0.2, 0.3, -0.4])
    one = least(lambda: f.batch_value_and_gradient(w, data, threads=1))
    two = least(lambda: f.batch_value_and_gradient(w, data, threads=2))
    print(f"batch of 10^5                  {one * 1e3:.2f} ms, two threads {one / two:.2f} times as fast")
    if shutil.which("cargo"):
        with one_processor():
            doors(w, f, data)


def compare() -> None:
    """Times of each library, and its gradients held against wengert's."""
    print(f"\n{'problem':36}{'library':10}{'first, ms':>12}{'each, µs':>12}{'ratio':>10}{'operations':>12}")
    there = {name: make for name, (module, make) in LIBRARIES.items() if importlib.util.find_spec(module)}
    makers = {name: list(make()) for name, make in there.items()}
    for number, (problem, x) in enumerate(PROBLEMS.items()):
        gradients, firsts, found = {}, {}, {}
        for name, prepared in makers.items():
            start = time.perf_counter()
            gradients[name] = prepared[number]()
            found[name] = np.asarray(gradients[name](x))
            firsts[name] = time.perf_counter() - start
            np.testing.assert_allclose(found[name], found["wengert"], rtol=1e-9, atol=1e-9)
        each = by_turns({name: lambda g=g, x=x: g(x) for name, g in gradients.items()})
        for name, own in each.items():
            ratio = own / each["wengert"]
            count = OPERATIONS[number] if name == "wengert" else ""
            print(f"{problem:36}{name:10}{firsts[name] * 1e3:12.1f}{own * 1e6:12.1f}{ratio:10.2f}{count:12}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        serve(sys.argv[1], pathlib.Path(sys.argv[2]))
    else:
        small()
        batch()
        with one_processor():
            compare()
