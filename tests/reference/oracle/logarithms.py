"""xlogy, xlog1py, log1mexp, log_sigmoid, log_cosh, log_add_exp, log_diff_exp."""

import math

from mpmath import mp

from .arithmetic import unary_points
from .column import Real
from .exponential import ABOVE_MINUS_ONE, EXP_EDGES, NEAR_ONE, sigmoid, softplus
from .operation import Operation, ordered
from .points import (BELOW_ONE, MAX, MIN_SUBNORMAL, half_line, line, neighbours,
                     scattered, seeded, signed, uniform)


def xlogy_points():
    random = seeded("xlogy")
    factors = [-1e300, -3.5, -MIN_SUBNORMAL, 0.0, MIN_SUBNORMAL, 1e-160, 0.75,
               2.0, 1e100]
    numbers = [MIN_SUBNORMAL, 1e-300, 0.3, BELOW_ONE, *NEAR_ONE[:3], 2.0, 1e100,
               MAX]
    points = [(x, y) for x in factors for y in numbers]
    points += zip(uniform(random, 20, -6.0, 6.0), uniform(random, 20, 0.0, 6.0))
    points += zip(signed(random, scattered(random, 16, -300, 300)),
                  scattered(random, 16, -1000, 1000))
    return ordered(points)


def xlog1py_points():
    random = seeded("xlog1py")
    factors = [-1e300, -3.5, 0.0, MIN_SUBNORMAL, 0.75, 2.0, 1e100]
    numbers = [*ABOVE_MINUS_ONE, -0.25, -1e-10, -1e-300, MIN_SUBNORMAL, 1e-20,
               1e-8, 0.3, 2.0, 1e100, MAX]
    points = [(x, y) for x in factors for y in numbers]
    points += zip(uniform(random, 20, -6.0, 6.0), uniform(random, 20, -1.0, 6.0))
    points += zip(signed(random, scattered(random, 16, -300, 300)),
                  scattered(random, 16, -200, 200))
    return ordered(points)


def log1mexp(x):
    # Less than the precision's share of 1 is left to log1p.
    return mp.ln(-mp.expm1(x)) if x > -1 else mp.log1p(-mp.exp(x))


def log1mexp_slope(x):
    return -1 / mp.expm1(-x)


def log_cosh(x):
    return mp.log1p(mp.sinh(x)**2) / 2 if abs(x) < 1 else mp.ln(mp.cosh(x))


def terms_of_sum(x, y):
    """ln(exp(x) + exp(y)) as the larger exponent and what the other adds."""
    return max(x, y), softplus(-abs(x - y))


def terms_of_difference(x, y):
    return x, log1mexp(y - x)


def size(terms):
    """A column of the magnitudes that a value is the sum of."""
    return Real(lambda x, y: sum(map(abs, terms(x, y))))


# A sum of exponentials near 1, whose logarithm is nearly nothing.
NEAR_UNIT_SUM = [(-0.7, -0.68), (-1.0, -0.4586751453870819), (-1e-10, -20.3),
                 (-1e-3, -7.0), (-0.5, -0.9), (-36.7, -1e-17), (-700.3, -1e-300)]

NEAR_UNIT_DIFFERENCE = [(1.0, 0.5413248546129181), (1e-10, -20.3), (2.0, 1.85),
                        (0.5, -0.43), (1e-300, -700.3), (20.5, 20.499999998)]


def pairs(name):
    random = seeded(name)
    numbers = [-1e300, -800.5, -710.3, -36.9, -3.5, -0.3, -1e-8, 0.0,
               MIN_SUBNORMAL, 1e-160, 0.75, 2.0, 20.1, 700.7, 1e5, 1e100]
    points = [(x, y) for x in numbers for y in numbers]
    points += zip(uniform(random, 40, -6.0, 6.0), uniform(random, 40, -6.0, 6.0))
    points += zip(uniform(random, 20, -800.0, 800.0),
                  uniform(random, 20, -800.0, 800.0))
    points += zip(signed(random, scattered(random, 16, -100, 100)),
                  signed(random, scattered(random, 16, -100, 100)))
    points += [(x, math.nextafter(x, -math.inf)) for x in numbers]
    points += [(x, x - 1e-9) for x in numbers]
    return points


def with_condition(operation, terms):
    """The operation with a column of what errors of its value count against."""
    operation.partials["condition"] = size(terms)
    return operation


OPERATIONS = [
    Operation("xlogy", "x y",
              Real(lambda x, y: x * mp.ln(y)),
              {"d/dx": Real(lambda x, y: mp.ln(y)),
               "d/dy": Real(lambda x, y: x / y)}, xlogy_points(),
              # 0 at x = 0, and else a product with ln(1) = +0.
              zero=lambda x, y: x if x else 0.0),
    Operation("xlog1py", "x y",
              Real(lambda x, y: x * mp.log1p(y)),
              {"d/dx": Real(lambda x, y: mp.log1p(y)),
               "d/dy": Real(lambda x, y: x / (1 + y))}, xlog1py_points()),
    Operation("log1mexp", "x", Real(log1mexp), {"d/dx": Real(log1mexp_slope)},
              unary_points([-x for x in half_line("log1mexp", *neighbours(math.log(2)))]
                           + [x for x in EXP_EDGES if x < 0], lambda x: x < 0)),
    Operation("log_sigmoid", "x", Real(lambda x: -softplus(-x)),
              {"d/dx": Real(lambda x: sigmoid(-x))},
              unary_points(line("log_sigmoid", *EXP_EDGES)), zero=lambda x: -1.0),
    Operation("log_cosh", "x", Real(log_cosh), {"d/dx": Real(mp.tanh)},
              unary_points(line("log_cosh", *neighbours(2.0), *neighbours(-2.0),
                                1.9, 2.1, 18.7, 355.0, 709.5, 711.0))),
    with_condition(
        Operation("log_add_exp", "x y", Real(lambda x, y: sum(terms_of_sum(x, y))),
                  {"d/dx": Real(lambda x, y: sigmoid(x - y)),
                   "d/dy": Real(lambda x, y: sigmoid(y - x))},
                  ordered([*pairs("log_add_exp"), *NEAR_UNIT_SUM])),
        terms_of_sum),
    with_condition(
        Operation("log_diff_exp", "x y",
                  Real(lambda x, y: sum(terms_of_difference(x, y))),
                  {"d/dx": Real(lambda x, y: -1 / mp.expm1(y - x)),
                   "d/dy": Real(lambda x, y: log1mexp_slope(y - x))},
                  ordered(p for p in [*pairs("log_diff_exp"), *NEAR_UNIT_DIFFERENCE]
                          if p[0] > p[1])),
        terms_of_difference),
]
