"""erf, erfc, normal_pdf, normal_cdf, gelu, lgamma, digamma."""

import math

from mpmath import mp

from .arithmetic import unary_points
from .column import GAMMA_BITS, Real
from .operation import Operation
from .points import half_line, line, neighbours, scattered, seeded, uniform

# Along the tail of erfc until it underflows near 27.2, and where erf rounds
# to 1.
ERFC_EDGES = [x for size in (0.47, 0.84375, 2.5, 5.92, 6.1, 8.0, 15.0, 24.3,
                             26.0, 26.5, 26.54, 26.6, 27.2, 27.22, 27.23, 28.0)
              for x in (size, -size)]

# The same for exp(-x*x/2), which leaves the normal numbers near 37.5 and
# underflows near 38.6.
NORMAL_EDGES = [x for size in (0.66, 3.3, 5.7, 8.2, 8.3, 13.5, 25.0, 30.0, 35.0,
                               37.0, 37.5, 37.68, 38.0, 38.4, 38.46, 38.5,
                               38.57, 38.6, 39.0)
                for x in (size, -size)]

# The minimum of gelu, where its derivative cancels to nothing.
GELU_MINIMUM = -0.7517915246935645

# mpmath's erfc cannot represent the terms of its series from here on. The
# function is then below 2**-1e9, so that its leading term stands for it in
# any rounding to doubles.
ERFC_LEADING_TERM_FROM = 1e5


def erfc(x):
    if x < 0:
        return 2 - erfc(-x)
    if x < ERFC_LEADING_TERM_FROM:
        return mp.erfc(x)
    return mp.exp(-x**2) / (x * mp.sqrt(mp.pi))


def erf_slope(x):
    return 2 / mp.sqrt(mp.pi) * mp.exp(-x**2)


def normal_pdf(x):
    return mp.exp(-x**2 / 2) / mp.sqrt(2 * mp.pi)


def normal_cdf(x):
    return erfc(-x / mp.sqrt(2)) / 2


def log_gamma(x):
    """ln|gamma(x)|, by reflection on the negative side."""
    if x > 0:
        return mp.loggamma(x)
    return mp.ln(mp.pi / abs(x * mp.sinpi(x))) - mp.loggamma(-x)


def digamma(x):
    """The derivative of log_gamma: psi(1 - x) - pi*cot(pi*x) for x < 0."""
    if x > 0:
        return mp.psi(0, x)
    return mp.psi(0, 1 - x) - mp.pi * mp.cospi(x) / mp.sinpi(x)


def trigamma(x):
    """The derivative of digamma."""
    if x > 0:
        return mp.psi(1, x)
    return (mp.pi / mp.sinpi(x))**2 - mp.psi(1, 1 - x)


# The zeros of ln|gamma| at 1 and 2 and between the first negative poles, those
# of digamma, the poles themselves, and where gamma and ln(gamma) overflow.
GAMMA_EDGES = [*neighbours(1.0, 2), *neighbours(2.0, 2), 1.0 + 1e-8,
               1.0 - 1e-8, 2.0 + 1e-8, 2.0 - 1e-8, 0.999, 1.001, 1.999, 2.001,
               *neighbours(1.4616321449683623, 2), 1.4616, 1.47,
               7.0, 8.5, 12.0, 33.3, 170.5, 171.6, 171.7, 2.5e305,
               2.5563481638716906e305, 2.56e305, 1e308,
               *neighbours(-2.4570247382208006), *neighbours(-2.7476826467274127),
               *neighbours(-0.504083008264455), *neighbours(-1.5734984731623904),
               *neighbours(-1.0)[1:], *neighbours(-2.0)[1:],
               *neighbours(-10.0)[1:], *neighbours(-170.0)[1:],
               -1.0 + 1e-8, -1.0 - 1e-8, -0.001, -0.1, -0.25, -0.5, -0.75,
               -0.999, -1.25, -1.5, -2.5, -3.5, -10.1, -100.3, -170.5, -171.25,
               -184.3, -1000.7, -100000.1, -1e10 + 0.25, -(2.0**52) + 0.5,
               -1e-5, -1e-8, -1e-20, -1e-100, -1e-300, -5e-324]


def gamma_points(name):
    random = seeded(name + " negative")
    numbers = [*half_line(name, *GAMMA_EDGES), *uniform(random, 16, -6.0, 0.0),
               *(-x for x in scattered(random, 8, -30, 30))]
    return unary_points(numbers, lambda x: x > 0.0 or x != math.floor(x))


OPERATIONS = [
    Operation("erf", "x", Real(mp.erf), {"d/dx": Real(erf_slope)},
              unary_points(line("erf", *ERFC_EDGES)), zero=lambda x: x),
    Operation("erfc", "x", Real(erfc), {"d/dx": Real(lambda x: -erf_slope(x))},
              unary_points(line("erfc", *ERFC_EDGES))),
    Operation("normal_pdf", "x", Real(normal_pdf),
              {"d/dx": Real(lambda x: -x * normal_pdf(x))},
              unary_points(line("normal_pdf", *NORMAL_EDGES))),
    Operation("normal_cdf", "x", Real(normal_cdf), {"d/dx": Real(normal_pdf)},
              unary_points(line("normal_cdf", *NORMAL_EDGES))),
    Operation("gelu", "x", Real(lambda x: x * normal_cdf(x)),
              {"d/dx": Real(lambda x: normal_cdf(x) + x * normal_pdf(x))},
              unary_points(line("gelu", *NORMAL_EDGES,
                                *neighbours(GELU_MINIMUM), -0.752, -0.75)),
              zero=lambda x: x),
    Operation("lgamma", "x", Real(log_gamma, GAMMA_BITS),
              {"d/dx": Real(digamma, GAMMA_BITS)}, gamma_points("lgamma")),
    Operation("digamma", "x", Real(digamma, GAMMA_BITS),
              {"d/dx": Real(trigamma, GAMMA_BITS)}, gamma_points("digamma")),
]
