"""The package beside what people have: each is an example, run by the tests and checked by mypy."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

import wengert

Array = NDArray[np.float64]


def minimize() -> Array:
    """SciPy's optimisers, with gradients, Hessians and Hessian products."""
    from scipy.optimize import minimize

    def rosenbrock(x: Any) -> Any:
        return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    start = np.full(20, -0.5)
    f = wengert.function(rosenbrock, start)
    by_gradients = minimize(f.value_and_gradient, start, jac=True, method="BFGS")
    by_hessians = minimize(
        f.value_and_gradient, start, jac=True, hess=f.hessian, method="trust-exact"
    )
    by_products = minimize(
        f.value_and_gradient, start, jac=True, hessp=f.hvp, method="trust-krylov"
    )
    assert by_hessians.nit < by_gradients.nit
    return np.array([by_gradients.x, by_hessians.x, by_products.x])


def least_squares() -> Array:
    """A curve fitted to columns of a data frame."""
    import pandas as pd
    from scipy.optimize import least_squares

    t = np.linspace(0, 4, 50)
    frame = pd.DataFrame({"t": t, "y": 2.5 * np.exp(-1.3 * t) + 0.5})

    def residuals(p: Any, table: Any) -> Any:
        return p[0] * np.exp(-p[1] * table[:, 0]) + p[2] - table[:, 1]

    f = wengert.function(residuals, np.ones(3), data=frame[["t", "y"]].to_numpy())
    fit = least_squares(f, np.ones(3), jac=f.jacobian)
    return np.asarray(fit.x)


def stiff() -> Array:
    """A stiff differential equation, its Jacobian from the same lines of code."""
    from scipy.integrate import solve_ivp

    def robertson(y: Any, t: Any) -> list[Any]:
        slow, fast = 0.04 * y[0], 1e4 * y[1] * y[2]
        made = 3e7 * y[1] ** 2
        return [-slow + fast, slow - fast - made, made]

    y0 = np.array([1.0, 0.0, 0.0])
    f = wengert.function(robertson, y0, data=0.0)
    solution = solve_ivp(
        lambda t, y: f(y, t),
        (0.0, 40.0),
        y0,
        method="BDF",
        jac=lambda t, y: f.jacobian(y, t),
        rtol=1e-8,
        atol=1e-10,
    )
    return np.asarray(solution.y[:, -1])


def sample() -> Array:
    """A posterior sampled by emcee, all of its walkers in one batch."""
    import emcee

    mean, precision = np.array([1.0, -1.0]), np.array([[2.0, 0.6], [0.6, 1.0]])

    def log_density(x: Any) -> Any:
        return -0.5 * (x - mean) @ precision @ (x - mean)

    f = wengert.function(log_density, np.zeros(2))
    start = np.random.default_rng(7).normal(size=(32, 2))
    sampler = emcee.EnsembleSampler(32, 2, f.batch, vectorize=True)
    np.random.seed(7)
    sampler.run_mcmc(start, 2000)
    return np.asarray(sampler.get_chain(discard=200, flat=True).mean(axis=0))


def plot(path: str) -> None:
    """A function with its slope and curvature, all points in one batch."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    f = wengert.function(lambda x: wengert.gelu(x), 0.0)
    x = np.linspace(-4, 4, 400)
    y, slope = f.batch_gradients(x)
    figure, axes = plt.subplots()
    axes.plot(x, y, label="gelu")
    axes.plot(x, slope, label="its slope")
    axes.plot(x, [f.hessian(at) for at in x], label="its curvature")
    axes.legend()
    figure.savefig(path)
    plt.close(figure)
