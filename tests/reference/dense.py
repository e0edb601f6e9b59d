#!/usr/bin/env python3
"""Writes the dense tables: many points of each function the engine vectorises.

    python3 -m pip install -r tests/reference/requirements.txt
    python3 tests/reference/dense.py            # write dense/*.tsv
    python3 tests/reference/dense.py --check    # compare, write nothing

`generate.py` visits the corners of every operation, with its derivatives. Here
are values alone, at a few hundred points each: all over the range of the
exponent, close together where a formula changes or a result is near zero, and
at the angles that are hardest to reduce. The formulas are the oracle's.
"""

import math
import sys
from fractions import Fraction
from pathlib import Path

sys.dont_write_bytecode = True  # The checkout holds sources and tables only.

from mpmath import mp

import generate
from oracle.column import Real
from oracle.operation import Table, ordered
from oracle.points import neighbours, scattered, seeded, signed, uniform

generate.TABLES = Path(__file__).resolve().parent / "dense"

# Where sums cancel, `Real` asks again with more.
BITS = 400

LN_2 = 0.6931471805599453

# Where the engine's functions are furthest off, of 400,000 random arguments each.
WORST = {
    "exp": [-193.72747777005713],
    "tanh": [-0.059223868979340843, -0.06035681658728187],
    "sigmoid": [-37.432319083083144, -0.56808110370531],
    "softplus": [-0.7835100657661194],
    "erf": [1.0348601992370805],
}


class Plan:
    """Random points of a function, and the intervals and edges it has of its own."""

    def __init__(self, name, *intervals, edges=(), binades=(-1074, 1023), sign=True,
                 domain=lambda x: True):
        self.name, self.domain = name, domain
        random = seeded(f"dense {name}")
        points = [x for low, high in intervals for x in uniform(random, 60, low, high)]
        points += self.anywhere(random, sign, 60, *binades)
        points += self.anywhere(random, sign, 60, -60, 12)
        points += [x for edge in edges for x in neighbours(edge, 2)]
        self.points = [(x,) for x in points if domain(x)]

    def anywhere(self, random, sign, count, low, high):
        sizes = scattered(random, count, low, high)
        return signed(random, sizes) if sign else sizes


def near_zero_angles(count):
    """The doubles below 2**20 that come closest to multiples of π/2."""
    scale = 200
    with mp.workprec(400):
        half_pi = int(mp.floor(mp.ldexp(mp.pi / 2, scale)))
    found = []
    for k in range(1, 667544):
        exact = k * half_pi
        shift = exact.bit_length() - 53
        rounded = (exact + (1 << (shift - 1))) >> shift
        found.append((abs(exact - (rounded << shift)), k, rounded, shift - scale))
    found.sort()
    return [math.ldexp(m, e) for _, _, m, e in found[:count]]


def near_one(random, count):
    """Doubles ever closer to 1, on both sides."""
    return [1.0 + d for d in signed(random, scattered(random, count, -52, -1))]


def within_one(x):
    return abs(x) < 1


def unary_plans():
    angles = near_zero_angles(60)
    quadrants = [k * math.pi / 4 for k in (1, 2, 3, 4, 5, 6, 7, 8, 100)]
    turns = [1048576.0, 1e6, 1e9, 1e22, 1e300]
    ones = near_one(seeded("dense near one"), 80)
    inside_ones = [x for x in ones if abs(x) < 1] + [-x for x in ones if abs(x) < 1]
    exp_edges = [709.782712893384, 708.0, -708.0, -708.3964185322641, -745.1332191019411, -744.44,
                 *(k * LN_2 / 2 for k in (1, -1, 3, -3, 5, 51, 105, 2047))]
    trigonometric = dict(edges=[*quadrants, *turns, *angles], binades=(-1074, 20))
    bell = dict(binades=(-1074, 40))  # e^(−x²) of more is 0, which needs digits to know.
    return [
        Plan("exp", (-1, 1), (-745, -700), (700, 710), (-50, 50),
             edges=[*exp_edges, *WORST["exp"]]),
        Plan("exp2", (-1, 1), (-1075, -1015), (1000, 1024), edges=[1024.0, -1074.0, 0.5, 1.5]),
        Plan("exp_m1", (-1, 1), (-40, 0), (-0.35, 0.35), (0, 60), (700, 710), edges=exp_edges),
        Plan("ln", (0.5, 2), (0, 10), edges=[*ones, math.sqrt(0.5), math.sqrt(2), 2.0**-1022],
             sign=False, domain=lambda x: x > 0),
        Plan("log2", (0.5, 2), (0, 10), edges=[*ones, math.sqrt(0.5), 8.0], sign=False,
             domain=lambda x: x > 0),
        Plan("log10", (0.5, 2), (0, 10), edges=[*ones, math.sqrt(0.5), 1e3, 1e22], sign=False,
             domain=lambda x: x > 0),
        Plan("ln_1p", (-1, 1), (-0.3, 0.45), (0, 100), edges=[math.sqrt(2) - 1, math.sqrt(0.5) - 1],
             domain=lambda x: x > -1),
        Plan("sin", (-4, 4), (-100, 100), (0, 1e6), **trigonometric),
        Plan("cos", (-4, 4), (-100, 100), (0, 1e6), **trigonometric),
        Plan("tan", (-4, 4), (-100, 100), (0, 1e6), **trigonometric),
        Plan("tanh", (-0.01, 0.01), (-0.4, 0.4), (-1, 1), (-4, 4), (15, 20),
             edges=[LN_2 / 2, LN_2, 6.907755778982137, 18.0, 18.72, 19.06, 20.0, *WORST["tanh"]]),
        Plan("sinh", (-1.2, 1.2), (-5, 5), (700, 711), edges=[1.0, 710.4758600739439, 20.0]),
        Plan("cosh", (-1.2, 1.2), (-5, 5), (700, 711), edges=[710.4758600739439, 20.0]),
        Plan("sigmoid", (-1, 1), (-40, 40), (-745, -700), edges=[*exp_edges, *WORST["sigmoid"]]),
        Plan("softplus", (-1, 1), (-40, 40), (-745, -700),
             edges=[*exp_edges, -0.881373587019543, *WORST["softplus"]]),
        Plan("asin", (-1, 1), (0.49, 0.51), edges=[0.5, *inside_ones], domain=within_one),
        Plan("acos", (-1, 1), (0.49, 0.51), edges=[0.5, -0.5, *inside_ones], domain=within_one),
        Plan("atan", (-1, 1), (-4, 4), (0.4, 0.5), edges=[math.sqrt(2) - 1, 1.0, -1.0, 2.0**64]),
        Plan("cbrt", (-10, 10), (0.5, 4), edges=[8.0, -27.0, 2.0, 0.5], domain=bool),
        Plan("erf", (-1, 1), (0.9, 1.1), (-3, 3), (3, 6), edges=[1.0, 5.92, 6.0, *WORST["erf"]]),
        Plan("erfc", (-1, 1), (-6, 3), (3, 28), (26, 27.3), edges=[26.543, 27.226, 3.0], **bell),
        Plan("erfcx", (-1, 1), (-6, 6), (-27, 0), (5, 30), edges=[28.0, 3.0, -26.628, 200.5],
             binades=(-1074, 60)),
        Plan("erf_slope", (-1, 1), (-4, 4), (20, 27.3), edges=[26.6, 27.28], **bell),
        Plan("normal_cdf", (-1, 1), (-6, 6), (-39, -5), (-38.6, -37), edges=[-37.52, -38.485],
             **bell),
        Plan("normal_pdf", (-1, 1), (-6, 6), (-39, -5), (37, 38.6), edges=[37.6, 38.57], **bell),
    ]


def power_points():
    """Powers that just fit into the range, bases near 1, and ordinary ones."""
    random = seeded("dense powf")
    ordinary = zip(uniform(random, 80, 0.0, 10.0), uniform(random, 80, -10.0, 10.0))
    anywhere = scattered(random, 80, -1022, 1023)
    close = near_one(random, 120)
    # A logarithm by the platform's libm could differ in its last bit: one digit is enough.
    reach = [x for x in [*anywhere, *close] if x > 0 and x != 1]
    large = [(x, float(f"{700 * (2 * random.random() - 1) / math.log(x):.1e}")) for x in reach]
    edges = [(x, y) for x in (2.0, 10.0, 0.5, math.pi, 1e-300) for y in
             (1023.0, 1023.99, -1074.0, -1074.9, 308.25, -323.5, 0.5, 1.0, 2.0, -1.0, 3.0)]
    negative = [(-x, float(n)) for n, x in enumerate(uniform(random, 40, 0.0, 9.0), -20)]
    return [*ordinary, *large, *edges, *negative]


def plane_points(name):
    """Points of the plane at ordinary distances, and at any."""
    random = seeded(f"dense {name}")
    points = zip(uniform(random, 120, -4.0, 4.0), uniform(random, 120, -4.0, 4.0))
    sizes = scattered(random, 120, -380, 380)
    factors = signed(random, scattered(random, 120, -4, 4))
    along = [(size, size * factor) for size, factor in zip(signed(random, sizes), factors)]
    anywhere = zip(signed(random, scattered(random, 60, -1070, 1020)),
                   signed(random, scattered(random, 60, -1070, 1020)))
    return [*points, *along, *anywhere]


def erf_slope(x):
    return 2 / mp.sqrt(mp.pi) * mp.exp(-x * x)


def formulas():
    """Formulas and the signs of their zeros, by name."""
    operations = [o for family in generate.FAMILIES for o in family.OPERATIONS]
    known = {o.name: (o.value.formula, o.zero) for o in operations}
    return {**known, "erf_slope": (erf_slope, lambda x: 0.0)}


def tables():
    known = formulas()
    for plan in unary_plans():
        yield table(plan.name, ["x"], plan.points, *known[plan.name])
    yield table("powf", ["x", "y"], power_points(), *known["powf"])
    yield table("hypot", ["x", "y"], plane_points("hypot"), *known["hypot"])
    yield table("atan2", ["y", "x"], plane_points("atan2"), *known["atan2"])


def table(name, arguments, points, formula, zero):
    column = Real(formula, BITS)
    rows = [[*p, column.nearest(p, zero(*p))] for p in ordered(points)]
    return Table(name, [*arguments, "value"], rows)


generate.tables = tables

if __name__ == "__main__":
    sys.exit(generate.main())
