"""abs, signum, the roundings, relu, leaky_relu, max, min, copysign, clamp, select.

Kinks and jumps are left out: what a derivative is there is a convention, and
conventions are tested elsewhere.
"""

import math
import operator
from fractions import Fraction

from .arithmetic import ONE, unary_points
from .column import Rational
from .operation import Operation, ordered
from .points import (BELOW_ONE, ABOVE_ONE, CORNERS, MAX, line, neighbours,
                     plane, scattered, seeded, signed, uniform)

FLAT = Rational(lambda *_: 0)
HALF = Fraction(1, 2)


def sign(x):
    return 1 if x > 0 else -1


def half_away_from_zero(x):
    return sign(x) * math.floor(abs(x) + HALF)


def nonzero(x):
    return x != 0.0


def between_integers(x):
    return x != math.floor(x)


def between_integers_or_zero(x):
    return x == 0.0 or between_integers(x)


def away_from_halves(x):
    return (Fraction(x) - HALF).denominator != 1


def fractional(name):
    """Points for the roundings: most magnitudes above 2**52 are integers."""
    random = seeded(name + " fractional")
    edges = [*neighbours(1.0), *neighbours(2.0), *neighbours(3.0),
             *neighbours(0.5), *neighbours(1.5), *neighbours(2.5),
             # The last doubles with halves and quarters, and odd integers that
             # adding 0.5 would round to their even neighbour.
             2.0**52 - 0.5, 2.0**51 - 0.25, 2.0**52 + 1.0, 2.0**52 + 3.0,
             0.49999999999999994, 0.3, 0.7, 1e10 + 0.25, 1e15 + 0.375]
    return [*line(name), *edges, *(-x for x in edges),
            *uniform(random, 12, -1000.0, 1000.0),
            *signed(random, scattered(random, 8, 8, 51))]


def rounding(name, formula, keep, slope=FLAT, zero=lambda x: x):
    return Operation(name, "x", Rational(formula), {"d/dx": slope},
                     unary_points(fractional(name), keep), zero=zero)


def distinct(name):
    return ordered(p for p in plane(name) if p[0] != p[1])


def both_nonzero(name):
    return ordered(p for p in plane(name) if p[0] and p[1])


def leaky_relu_points():
    random = seeded("leaky_relu")
    slopes = [0.0, 0.01, 0.1, 0.5, 1.0, 2.0, -0.5, 1e-300, 1e300]
    points = [(x, slope) for x in CORNERS for slope in slopes]
    points += zip(uniform(random, 32, -6.0, 6.0), uniform(random, 32, 0.0, 1.0))
    return ordered(p for p in points if p[0] != 0.0)


def clamp_points():
    random = seeded("clamp")
    bounds = [(0.0, 1.0), (-1.0, 1.0), (-2.5, -0.5), (1e-300, 1e300),
              (-MAX, MAX), (3.0, 3.5)]
    numbers = [-MAX, -7.5, -0.75, -1e-300, 0.25, BELOW_ONE, ABOVE_ONE, 2.0,
               1e10, 1e305]
    points = [(x, low, high) for low, high in bounds for x in numbers]
    for _ in range(40):
        low, high = sorted(uniform(random, 2, -6.0, 6.0))
        points.append((uniform(random, 1, -8.0, 8.0)[0], low, high))
    return ordered(p for p in points if p[0] != p[1] and p[0] != p[2])


def selection_points(name):
    """Ties included: between a and b the decision alone jumps."""
    random = seeded(name)
    answers = [(2.5, -7.0), (-0.0, 1.0), (1.0, -0.0), (1e300, 5e-324)]
    points = [(*p, *random.choice(answers)) for p in plane(name)]
    for x in CORNERS:
        points += [(x, x, *answer) for answer in answers]
    points += [(0.0, -0.0, 3.0, 4.0), (-0.0, 0.0, 3.0, 4.0)]
    return ordered(points)


def selection(name, holds):
    """a where the comparison of x with y holds, else b; a jump in x and y."""
    return Operation(name, "x y a b",
                     Rational(lambda x, y, a, b: a if holds(x, y) else b),
                     {"d/da": indicator(lambda x, y, a, b: holds(x, y)),
                      "d/db": indicator(lambda x, y, a, b: not holds(x, y))},
                     selection_points(name),
                     zero=lambda x, y, a, b: a if holds(x, y) else b)


def indicator(predicate):
    """1 where the predicate holds and 0 elsewhere."""
    return Rational(lambda *arguments: int(predicate(*arguments)))


OPERATIONS = [
    Operation("abs", "x", Rational(abs), {"d/dx": Rational(sign)},
              unary_points(line("abs"), nonzero)),
    Operation("signum", "x", Rational(sign), {"d/dx": FLAT},
              unary_points(line("signum"), nonzero)),
    rounding("floor", math.floor, between_integers),
    rounding("ceil", math.ceil, between_integers),
    rounding("round", half_away_from_zero, away_from_halves),
    rounding("trunc", math.trunc, between_integers_or_zero),
    # -0.0 minus its truncation is 0.0.
    rounding("fract", lambda x: x - math.trunc(x), between_integers_or_zero,
             slope=ONE, zero=lambda x: 0.0),
    Operation("relu", "x", Rational(lambda x: max(x, Fraction(0))),
              {"d/dx": indicator(lambda x: x > 0)},
              unary_points(line("relu"), nonzero)),
    Operation("leaky_relu", "x slope",
              Rational(lambda x, slope: x if x > 0 else slope * x),
              {"d/dx": Rational(lambda x, slope: 1 if x > 0 else slope),
               "d/dslope": Rational(lambda x, slope: min(x, Fraction(0)))},
              leaky_relu_points(), zero=lambda x, slope: slope * x),
    Operation("max", "x y", Rational(max),
              {"d/dx": indicator(lambda x, y: x > y),
               "d/dy": indicator(lambda x, y: y > x)}, distinct("max")),
    Operation("min", "x y", Rational(min),
              {"d/dx": indicator(lambda x, y: x < y),
               "d/dy": indicator(lambda x, y: y < x)}, distinct("min")),
    Operation("copysign", "x y", Rational(lambda x, y: abs(x) * sign(y)),
              {"d/dx": Rational(lambda x, y: sign(x) * sign(y)), "d/dy": FLAT},
              both_nonzero("copysign")),
    Operation("clamp", "x lo hi",
              Rational(lambda x, low, high: min(max(x, low), high)),
              {"d/dx": indicator(lambda x, low, high: low < x < high),
               "d/dlo": indicator(lambda x, low, high: x < low),
               "d/dhi": indicator(lambda x, low, high: x > high)},
              clamp_points()),
    selection("select_less", operator.lt),
    selection("select_less_or_equal", operator.le),
    selection("select_equal", operator.eq),
]
