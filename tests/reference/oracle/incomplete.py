"""gamma_p, gamma_q, beta_inc."""

from mpmath import mp

from .column import Real
from .operation import Operation, ordered
from .points import scattered, seeded, uniform

# Digits of these functions are dear, and no formula cancels.
BITS = 320


def lower_gamma(x, a):
    return mp.gammainc(a, 0, x, regularized=True)


def upper_gamma(x, a):
    if x < a:
        # mpmath is slow here, and the other function has all the digits.
        with mp.workprec(mp.prec + 80):
            return 1 - lower_gamma(x, a)
    return mp.gammainc(a, x, mp.inf, regularized=True)


def gamma_density(x, a):
    return mp.exp((a - 1) * mp.ln(x) - x - mp.loggamma(a))


def lower_beta(x, a, b):
    return mp.betainc(a, b, 0, x, regularized=True)


def upper_beta(x, a, b):
    return mp.betainc(b, a, 0, 1 - x, regularized=True)


def beta(x, a, b):
    """By the smaller of the two tails, which has the digits."""
    return lower_beta(x, a, b) if x * (a + b) < a else 1 - upper_beta(x, a, b)


def beta_density(x, a, b):
    logarithm = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    return mp.exp((a - 1) * mp.ln(x) + (b - 1) * mp.log1p(-x) - logarithm)


def gamma_slope(x, a):
    """The derivative of the lower function in its parameter."""
    if x < a:
        return slope(lower_gamma, (x, a), 1)
    return -slope(upper_gamma, (x, a), 1)


def beta_slope(index):
    def formula(*point):
        x, a, b = point
        if x * (a + b) < a:
            return slope(lower_beta, point, index)
        return -slope(upper_beta, point, index)
    return formula


def slope(tail, point, index):
    """A central difference of a tail, whose error is below half the digits."""
    step_bits = mp.prec // 3 + 8
    with mp.workprec(2 * mp.prec):
        step = mp.ldexp(point[index], -step_bits)
        above, below = list(point), list(point)
        above[index] += step
        below[index] -= step
        return (tail(*above) - tail(*below)) / (2 * step)


def gamma_points():
    random = seeded("incomplete gamma")
    shapes = [1e-8, 0.01, 0.5, 0.999, 1.0, 1.5, 3.0, 10.0, 23.9, 24.0, 300.0]
    ratios = [1e-12, 0.03, 0.5, 0.9, 1.0, 1.03, 1.3, 6.0]
    points = [(a * r, a) for a in shapes if a > 1e-100 for r in ratios]
    points += [(x, a) for a in shapes for x in (1e-300, 1e-20, 0.3, 2.5, 30.0, 700.0)]
    points += zip(uniform(random, 40, 0.0, 12.0), uniform(random, 40, 0.0, 12.0))
    points += zip(scattered(random, 40, -40, 10), scattered(random, 40, -40, 10))
    for a in scattered(random, 30, 3, 17):
        points.append((a + 4.0 * a**0.5 * (random.random() - 0.5), a))
    return ordered(points)


def beta_points():
    random = seeded("incomplete beta")
    shapes = [1e-8, 0.02, 0.5, 1.0, 2.5, 23.9, 24.0, 150.0]
    xs = [1e-200, 1e-8, 0.05, 0.5, 0.7, 1 - 1e-9]
    points = [(x, a, b) for x in xs for a in shapes for b in shapes]
    points += zip(uniform(random, 40, 0.0, 1.0), uniform(random, 40, 0.0, 9.0),
                  uniform(random, 40, 0.0, 9.0))
    for a, b in zip(scattered(random, 40, 0, 11), scattered(random, 40, 0, 11)):
        spread = (a * b / (a + b + 1.0))**0.5 / (a + b)
        points.append((a / (a + b) + 3.0 * spread * (random.random() - 0.5), a, b))
    return ordered(point for point in points if 0.0 < point[0] < 1.0)


OPERATIONS = [
    Operation("gamma_p", "x a", Real(lower_gamma, BITS),
              {"d/dx": Real(gamma_density, BITS), "d/da": Real(gamma_slope, BITS)},
              gamma_points()),
    Operation("gamma_q", "x a", Real(upper_gamma, BITS),
              {"d/dx": Real(lambda x, a: -gamma_density(x, a), BITS),
               "d/da": Real(lambda x, a: -gamma_slope(x, a), BITS)},
              gamma_points()),
    Operation("beta_inc", "x a b", Real(beta, BITS),
              {"d/dx": Real(beta_density, BITS), "d/da": Real(beta_slope(1), BITS),
               "d/db": Real(beta_slope(2), BITS)},
              beta_points()),
]
