"""Where to evaluate: the corners of the doubles, and seeded random points.

Random points are built from `random()` and exact scaling alone. A power or a
logarithm of the platform's libm could differ in its last bit from machine to
machine, and the tables would differ with it.
"""

import math
from random import Random

MAX = 1.7976931348623157e308
MIN_NORMAL = 2.2250738585072014e-308
MIN_SUBNORMAL = 5e-324

# The last doubles before 1 and after it, where domains end and logarithms
# vanish.
BELOW_ONE = math.nextafter(1.0, 0.0)
ABOVE_ONE = math.nextafter(1.0, 2.0)

# 1e-160 squares to a subnormal and 1e-100 does not; 2**-53 is half an ulp of 1.
TINY = [MIN_SUBNORMAL, 1.2e-310, MIN_NORMAL, 1e-300, 1e-160, 1e-100,
        1e-20, 2.0**-53, 1e-8, 1e-5]

MODERATE = [0.001, 0.1, 0.25, 0.5, 0.75, BELOW_ONE, 1.0, ABOVE_ONE,
            1.5, 2.0, math.e, math.pi, 5.0, 10.0, 20.0, 50.0]

# 1e154 squares to a finite number and 1e155 does not.
HUGE = [100.0, 1e3, 1e5, 1e10, 2.0**53, 1e22, 1e50, 1e100, 1e154, 1e155,
        1e200, 1e300, MAX]

MAGNITUDES = TINY + MODERATE + HUGE
ZEROS = [0.0, -0.0]


def seeded(name):
    """A stream of its own for each table: adding one leaves the others."""
    return Random(f"wengert {name}")


def uniform(random, count, low, high):
    return [low + (high - low) * random.random() for _ in range(count)]


def scattered(random, count, low, high):
    """Random magnitudes between 2**low and 2**high, every binade as likely."""
    binades = high - low
    return [math.ldexp(1.0 + random.random(),
                       low + int(binades * random.random()))
            for _ in range(count)]


def signed(random, magnitudes):
    """Each magnitude with a random sign."""
    return [m if random.random() < 0.5 else -m for m in magnitudes]


def both_signs(magnitudes):
    return [*magnitudes, *(-m for m in magnitudes)]


def neighbours(number, steps=1):
    """The number and the doubles up to `steps` away on either side."""
    found = [number]
    above = below = number
    for _ in range(steps):
        above = math.nextafter(above, math.inf)
        below = math.nextafter(below, -math.inf)
        found += [above, below]
    return found


def line(name, *edges):
    """The whole real line, and the edges an operation has of its own."""
    random = seeded(name)
    return [*ZEROS, *both_signs(MAGNITUDES), *edges,
            *uniform(random, 16, -6.0, 6.0),
            *signed(random, scattered(random, 10, -60, 60))]


def half_line(name, *edges):
    """The positive numbers."""
    random = seeded(name)
    return [*MAGNITUDES, *edges, *uniform(random, 16, 0.0, 6.0),
            *scattered(random, 14, -1000, 1000)]


def open_unit(name, *edges):
    """The numbers between -1 and 1, both excluded."""
    random = seeded(name)
    inside = [m for m in MAGNITUDES if m < 1.0]
    close = [1.0 - 1e-12, 1.0 - 1e-8, 0.999, 0.99, 0.9, math.sqrt(0.5)]
    return [*ZEROS, *both_signs(inside), *both_signs(close), *edges,
            *uniform(random, 20, -1.0, 1.0),
            *signed(random, scattered(random, 10, -40, 0))]


# Crossed with itself, this covers products, quotients and squares that
# overflow or vanish, both signs, and the units.
CORNERS = [-1e300, -3.5, -1.0, -1e-8, 0.0, MIN_SUBNORMAL, 1e-160, 0.75, 1.0,
           2.0, 1e100, MAX]


def plane(name, *edges):
    """Pairs of corners, pairs of ordinary size and pairs of any size."""
    random = seeded(name)
    corners = [(x, y) for x in CORNERS for y in CORNERS]
    ordinary = zip(uniform(random, 24, -6.0, 6.0),
                   uniform(random, 24, -6.0, 6.0))
    any_size = zip(signed(random, scattered(random, 12, -200, 200)),
                   signed(random, scattered(random, 12, -200, 200)))
    return [*corners, *ordinary, *any_size, *edges]
