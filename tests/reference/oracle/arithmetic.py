"""neg, recip, add, sub, mul, div, rem, mul_add: all exact over the rationals."""

import math
from fractions import Fraction

from .column import Rational
from .operation import Operation, ordered
from .points import (BELOW_ONE, ABOVE_ONE, MAX, MIN_SUBNORMAL, line, plane,
                     scattered, seeded, signed, uniform)

ONE = Rational(lambda *_: 1)
MINUS_ONE = Rational(lambda *_: -1)


def unary_points(numbers, keep=lambda x: True):
    return ordered((x,) for x in numbers if keep(x))


def nearly_cancelling(name):
    """Pairs whose sum or difference is far smaller than either."""
    random = seeded(name + " cancelling")
    pairs = []
    for x in signed(random, scattered(random, 8, -30, 30)):
        pairs += [(x, -math.nextafter(x, math.inf)),
                  (x, math.nextafter(x, -math.inf))]
    return pairs


def away_from_jumps(x, y):
    """Whether x % y is smooth here: it jumps where x is a multiple of y."""
    if y == 0.0:
        return False
    return x == 0.0 or (Fraction(x) / Fraction(y)).denominator != 1


# The exact quotients lie just below 10 and 100 but round to them as doubles:
# the partials are -9 and -99. The truncated quotient of the last pair needs 54
# bits.
QUOTIENTS_THAT_ROUND_UP = [(1.0, 0.1), (-1.0, 0.1), (2.0, 0.2), (10.0, 0.1),
                           (1e16 + 2.0, 1.1)]

ALL_SIGNS = [(5.5, 2.0), (-5.5, 2.0), (5.5, -2.0), (-5.5, -2.0)]


def mul_add_points():
    random = seeded("mul_add")
    points = [
        # The product needs more than 53 bits, and z removes the leading ones.
        (1.0 + 2.0**-30, 1.0 - 2.0**-30, -1.0), (0.1, 10.0, -1.0),
        (BELOW_ONE, ABOVE_ONE, -1.0), (1.0 / 3.0, 3.0, -1.0),
        # The product alone overflows, or vanishes.
        (MAX, 2.0, -MAX), (1e200, 1e200, -1e308), (-1e200, 1e200, 1e308),
        (1e-200, 1e-200, MIN_SUBNORMAL), (1e-200, -1e-200, MIN_SUBNORMAL),
        (1e-170, 1e-153, 0.0), (-1e-170, 1e-170, 0.0),
        # z is half-way between two results and the tiny product decides.
        (2.0**-53, 1.0, 1.0), (2.0**-53, ABOVE_ONE, 1.0),
        (2.0**-53, BELOW_ONE, 1.0), (1e-300, 1e-300, 1.0),
        # Exact zeros of either kind.
        (0.0, 3.0, 0.0), (-2.0, 0.0, 0.0), (2.0, 3.0, -6.0), (0.0, 0.0, 5.0),
        (1.0, 2.0, 3.0), (-1.5, 2.5, 0.25), (1e300, 1e-300, 1e-10)]
    for _ in range(24):
        points.append(tuple(uniform(random, 3, -6.0, 6.0)))
        points.append(tuple(signed(random, scattered(random, 3, -80, 80))))
    for _ in range(12):
        x, y = uniform(random, 2, -3.0, 3.0)
        points.append((x, y, -(x * y)))
    return ordered(points)


OPERATIONS = [
    Operation("neg", "x", Rational(lambda x: -x), {"d/dx": MINUS_ONE},
              unary_points(line("neg")), zero=lambda x: -x),
    Operation("recip", "x", Rational(lambda x: 1 / x),
              {"d/dx": Rational(lambda x: -1 / x**2)},
              # 1/x overflows below 5.56e-309, which is 1/MAX.
              unary_points(line("recip", 5.562684646268003e-309,
                                5.56268464626801e-309, 2.0**1023),
                           lambda x: x != 0.0)),
    Operation("add", "x y", Rational(lambda x, y: x + y),
              {"d/dx": ONE, "d/dy": ONE},
              ordered(plane("add", *nearly_cancelling("add"))),
              zero=lambda x, y: x + y),
    Operation("sub", "x y", Rational(lambda x, y: x - y),
              {"d/dx": ONE, "d/dy": MINUS_ONE},
              ordered(plane("sub", *nearly_cancelling("sub"))),
              zero=lambda x, y: x - y),
    Operation("mul", "x y", Rational(lambda x, y: x * y),
              {"d/dx": Rational(lambda x, y: y),
               "d/dy": Rational(lambda x, y: x)},
              ordered(plane("mul")), zero=lambda x, y: x * y),
    Operation("div", "x y", Rational(lambda x, y: x / y),
              {"d/dx": Rational(lambda x, y: 1 / y),
               "d/dy": Rational(lambda x, y: -x / y**2)},
              ordered(p for p in plane("div") if p[1] != 0.0),
              zero=lambda x, y: x / y),
    Operation("rem", "x y", Rational(lambda x, y: x - y * math.trunc(x / y)),
              {"d/dx": ONE,
               "d/dy": Rational(lambda x, y: -math.trunc(x / y))},
              ordered(p for p in plane("rem", *QUOTIENTS_THAT_ROUND_UP,
                                       *ALL_SIGNS) if away_from_jumps(*p)),
              zero=lambda x, y: x),
    Operation("mul_add", "x y z", Rational(lambda x, y, z: x * y + z),
              {"d/dx": Rational(lambda x, y, z: y),
               "d/dy": Rational(lambda x, y, z: x), "d/dz": ONE},
              mul_add_points(),
              # Only a product that is itself zero has a sign to hand on.
              zero=lambda x, y, z: 0.0 if x and y else x * y + z),
]
