"""erfcx, log_normal_cdf, erf_inv, normal_quantile, sinc, log_beta."""

import math

from mpmath import mp

from .arithmetic import unary_points
from .column import GAMMA_BITS, Real
from .operation import Operation, ordered
from .points import (BELOW_ONE, half_line, line, neighbours, open_unit, scattered,
                     seeded, uniform)
from .special import ERFC_EDGES, NORMAL_EDGES, erf_slope, erfc, normal_cdf, normal_pdf

# From here on the smallest term of an asymptotic series, some exp(-x*x), is
# below any precision asked for.
SERIES_FROM = 200


def erfcx_series(x, factor):
    """The sum of factor(k)*(-1)**k*(2k - 1)!!/(2*x*x)**k."""
    total, term, k = mp.mpf(0), mp.mpf(1), 0
    while abs(term) > mp.ldexp(1, -mp.prec - 8):
        total += factor(k) * term
        k += 1
        term *= -(2 * k - 1) / (2 * x * x)
    return total


def erfcx(x):
    """exp(x*x)*erfc(x)."""
    if x < SERIES_FROM:
        return mp.exp(x * x) * erfc(x)
    return erfcx_series(x, lambda k: 1) / (x * mp.sqrt(mp.pi))


def erfcx_slope(x):
    if x < SERIES_FROM:
        return 2 * x * erfcx(x) - 2 / mp.sqrt(mp.pi)
    return -erfcx_series(x, lambda k: 2 * k + 1) / (x * x * mp.sqrt(mp.pi))


def log_normal_cdf(x):
    if x > 0:
        return mp.log1p(-normal_cdf(-x))
    return mp.ln(erfcx(-x / mp.sqrt(2)) / 2) - x * x / 2


def inverse_mills(x):
    """The density over the distribution function."""
    if x > 0:
        return normal_pdf(x) / normal_cdf(x)
    return mp.sqrt(2 / mp.pi) / erfcx(-x / mp.sqrt(2))


# Inverses have no cancellation, and Newton's iteration is dear.
INVERSE_BITS = 400


def erf_inv(x):
    """By Newton's iteration for ln(erfc), whose slope hardly changes."""
    if x < 0:
        return -erf_inv(-x)
    if x < 1e-100:
        return x * mp.sqrt(mp.pi) / 2
    y = mp.erfinv(x) if x < 0.9 else mp.sqrt(-mp.ln(1 - x))
    for _ in range(80):
        value = mp.erfc(y)
        step = mp.ln(value / (1 - x)) * value / erf_slope(y)
        y += step
        if abs(step) < abs(y) * mp.ldexp(1, -mp.prec * 3 // 4):
            return y + mp.ln(mp.erfc(y) / (1 - x)) * mp.erfc(y) / erf_slope(y)
    raise ArithmeticError(f"no inverse of erf at {x}")


def erf_inv_slope(x):
    return 1 / erf_slope(erf_inv(x))


def normal_quantile(p):
    if p > 0.5:
        return -normal_quantile(1 - p)
    x = -mp.sqrt(-2 * mp.ln(2 * p))
    for _ in range(80):
        step = (log_normal_cdf(x) - mp.ln(p)) / inverse_mills(x)
        x -= step
        if abs(step) <= max(abs(x), mp.mpf(10)**-40) * mp.ldexp(1, -mp.prec * 2 // 3):
            return x - (log_normal_cdf(x) - mp.ln(p)) / inverse_mills(x)
    raise ArithmeticError(f"no quantile of {p}")


def normal_quantile_slope(p):
    return 1 / normal_pdf(normal_quantile(p))


def sinc(x):
    return mp.sinpi(x) / (mp.pi * x) if x else mp.mpf(1)


def sinc_slope(x):
    return (mp.cospi(x) - sinc(x)) / x if x else mp.mpf(0)


def log_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def log_beta_points():
    random = seeded("log_beta")
    numbers = [5e-324, 1e-300, 1e-20, 1e-8, 0.1, 0.5, 1.0, 1.5, 3.3, 9.99, 10.0,
               20.5, 1e3, 1e8, 1e22, 1e155, 1e300]
    points = [(a, b) for a in numbers for b in numbers]
    points += zip(uniform(random, 20, 0.0, 3.0), uniform(random, 20, 0.0, 3.0))
    points += zip(uniform(random, 20, 0.0, 40.0), uniform(random, 20, 0.0, 40.0))
    points += zip(scattered(random, 20, -60, 60), scattered(random, 20, -60, 60))
    # Where the function is nearly 0.
    points += [(x, 1.0) for x in neighbours(1.0, 2)]
    points += [(0.5, 2.3), (1.2, 0.8445), (0.3, 6.55), (0.01, 1e40)]
    return ordered(points)


PROBABILITIES = [p for p in half_line("normal_quantile",
                                      *uniform(seeded("probabilities"), 40, 0.0, 1.0),
                                      0.25, 0.75, 0.02425, 0.49999,
                                      0.5 + 1e-12, 0.7500001, 0.999, 1 - 1e-10,
                                      BELOW_ONE) if p < 1.0 and p != 0.5]

OPERATIONS = [
    Operation("erfcx", "x", Real(erfcx), {"d/dx": Real(erfcx_slope)},
              unary_points(line("erfcx", *ERFC_EDGES, 1.1, 8.485, 8.486, 28.0, 200.5,
                                -26.6287, 1e9))),
    Operation("log_normal_cdf", "x", Real(log_normal_cdf),
              {"d/dx": Real(inverse_mills)},
              unary_points(line("log_normal_cdf", *NORMAL_EDGES, -38.0, -1e9))),
    Operation("erf_inv", "x", Real(erf_inv, INVERSE_BITS),
              {"d/dx": Real(erf_inv_slope, INVERSE_BITS)},
              unary_points(open_unit("erf_inv"), lambda x: x != 0.0)),
    Operation("normal_quantile", "p", Real(normal_quantile, INVERSE_BITS),
              {"d/dp": Real(normal_quantile_slope, INVERSE_BITS)},
              unary_points(PROBABILITIES)),
    Operation("sinc", "x", Real(sinc), {"d/dx": Real(sinc_slope)},
              unary_points(line("sinc", *neighbours(1.0), *neighbours(-3.0), 1.430297,
                                *neighbours(1.4302966531242028), 2.459024, 1e6 + 0.3,
                                2.0**52 + 1.0, 123456.75))),
    Operation("log_beta", "a b", Real(log_beta, GAMMA_BITS),
              {"d/da": Real(lambda a, b: mp.psi(0, a) - mp.psi(0, a + b), GAMMA_BITS),
               "d/db": Real(lambda a, b: mp.psi(0, b) - mp.psi(0, a + b), GAMMA_BITS)},
              log_beta_points()),
]
