"""sqrt, cbrt, powi, powf, hypot."""

from mpmath import mp

from .arithmetic import unary_points
from .column import Rational, Real
from .operation import Operation, ordered
from .points import (ABOVE_ONE, BELOW_ONE, MAX, MIN_NORMAL, MIN_SUBNORMAL,
                     half_line, line, plane, scattered, seeded, signed,
                     uniform)

INTEGER_EXPONENTS = [-7, -3, -2, -1, 0, 1, 2, 3, 4, 5, 8, 17, 64]


def cube_root(x):
    return mp.sign(x) * mp.cbrt(abs(x))


def power(x, y):
    """x**y for x > 0, and for x < 0 with an integer y."""
    size = mp.power(abs(x), y)
    return -size if x < 0 and int(y) % 2 == 1 else size


def integer_power_slope(x, n):
    # The constant x**0 is smooth at 0 too, where n*x**(n-1) would divide by it.
    return n * x ** int(n - 1) if n else 0


def integer_power_points():
    random = seeded("powi")
    bases = [MIN_SUBNORMAL, -1e-300, 1e-100, -1e-100, 1e-8, -0.3, 0.3,
             BELOW_ONE, -1.0, 1.0, ABOVE_ONE, 1.5, -3.7, 3.7, 1e5, 1e100,
             -1e100, 1e300, -MAX, 0.0, -0.0]
    points = [(x, n) for n in INTEGER_EXPONENTS for x in bases
              if x != 0.0 or n >= 0]
    for n in INTEGER_EXPONENTS:
        points += [(x, n) for x in uniform(random, 4, -3.0, 3.0)]
    return sorted(ordered(points), key=lambda point: point[1])


def sign_of_zero_power(x, n):
    return x if n % 2 == 1 else 0.0


def power_points():
    random = seeded("powf")
    bases = [MIN_SUBNORMAL, 1e-300, 1e-100, 1e-8, 0.3, BELOW_ONE, 1.0,
             ABOVE_ONE, 1.7, 1e8, 1e100, MAX]
    exponents = [-1e300, -1e10, -300.5, -2.0, -1.0, -0.5, -1e-8, 1e-300,
                 1.0 / 3.0, 0.5, 1.0, 3.7, 1e10]
    points = [(x, y) for x in bases for y in exponents]
    points += [(x, 0.0) for x in (1e-300, 0.3, 2.0, 1e300)]
    # Results next to overflow, to the normal numbers' end and to underflow.
    points += [(2.0, y) for y in (1023.9999999999999, 1024.0, -1022.0,
                                  -1022.5, -1074.0, -1074.5, -1075.5)]
    points += [(10.0, y) for y in (308.25, 308.26, -308.5, -323.5, -324.0)]
    points += zip(uniform(random, 20, 0.0, 6.0), uniform(random, 20, -6.0, 6.0))
    points += zip(scattered(random, 16, -100, 100),
                  uniform(random, 16, -10.0, 10.0))
    points += [(x, y) for x in (-1e100, -10.0, -1.7, -ABOVE_ONE, -1.0, -0.3,
                                -1e-100)
               for y in (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 5.0, 2.0**53 - 1.0)]
    return ordered(points)


def hypot_points():
    random = seeded("hypot small")
    edges = [(3.0, 4.0), (-5.0, 12.0), (1e200, 1e200), (1e-200, 1e-200),
             (-1e-200, 2e-200), (MIN_SUBNORMAL, MIN_SUBNORMAL),
             (3 * MIN_SUBNORMAL, 4 * MIN_SUBNORMAL), (MIN_NORMAL, MIN_NORMAL),
             (MAX, MAX), (1.2e308, 1.3e308), (1.0, 1e-8), (1.0, 2.0**-27)]
    edges += zip(signed(random, scattered(random, 8, -1074, -1000)),
                 signed(random, scattered(random, 8, -1074, -1000)))
    return ordered(p for p in plane("hypot", *edges) if p != (0.0, 0.0))


OPERATIONS = [
    Operation("sqrt", "x", Real(mp.sqrt),
              {"d/dx": Real(lambda x: 1 / (2 * mp.sqrt(x)))},
              unary_points(half_line("sqrt"))),
    Operation("cbrt", "x", Real(cube_root),
              {"d/dx": Real(lambda x: 1 / (3 * cube_root(x)**2))},
              unary_points(line("cbrt", 8.0, -27.0), lambda x: x != 0.0)),
    Operation("powi", "x n", Rational(lambda x, n: x ** int(n)),
              {"d/dx": Rational(integer_power_slope)},
              integer_power_points(), zero=sign_of_zero_power),
    Operation("powf", "x y", Real(power),
              {"d/dx": Real(lambda x, y: y * power(x, y) / x),
               # Off the integers a power of a negative number is not real, so
               # there is no direction in y to differentiate in.
               "d/dy": Real(lambda x, y: mp.log(x) * power(x, y),
                            defined=lambda x, y: x > 0.0)},
              power_points()),
    Operation("hypot", "x y", Real(lambda x, y: mp.sqrt(x**2 + y**2)),
              {"d/dx": Real(lambda x, y: x / mp.sqrt(x**2 + y**2)),
               "d/dy": Real(lambda x, y: y / mp.sqrt(x**2 + y**2))},
              hypot_points()),
]
