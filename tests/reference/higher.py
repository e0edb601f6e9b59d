#!/usr/bin/env python3
"""Writes second and third derivatives of every smooth operation.

    python3 tests/reference/higher.py            # write higher.tsv
    python3 tests/reference/higher.py --check    # compare, write nothing

A row is an operation, its arguments, those in brackets constant, and each entry
of the Hessian and of the third derivatives, as `0,1=2.5` for the one by x and y.
`0,0=0.5±1e-17` may be off by so much, and not by ulps: it is a small difference
of larger terms. Entries that docs/CONVENTIONS.md exempts are left out.

What is right at every point there is, and at random ones, is asked by
`accuracy.py`; this table is what the tests read without mpmath.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True  # The checkout holds sources and tables only.

from oracle.exceptions import EPSILON, OF_TERMS, is_exempt, may_be_lost, size
from oracle.higher import columns, derivatives, has_derivatives, smooth_operations
from oracle.points import MAX, MIN_SUBNORMAL
from oracle.rounding import nearest

PATH = Path(__file__).resolve().parent / "higher.tsv"

LINE = [-1e5, -38.0, -12.5, -11.5, -5.0, -2.0, -1.0, -0.3, -1e-8, -1e-30, 0.0, 1e-12,
        0.3, 0.7, 1.0, 1.9, 2.5, 3.0, 8.4, 8.6, 12.5, 20.0, 1e5]
NEGATIVE = [x for x in LINE if x < 0] + [-0.7, -1e-100]
UNIT = [-0.999999, -0.9, -0.3, -1e-8, 0.0, 1e-30, 0.3, 0.51, 0.9, 1 - 1e-12]
PROBABILITIES = [1e-300, 1e-20, 1e-5, 0.02, 0.24, 0.26, 0.4999, 0.5, 0.5 + 1e-9, 0.7,
                 0.76, 0.98, 1 - 1e-13]
PAIRS = [(1.0, 0.5), (0.3, -700.25), (-3.0, -30.0), (700.0, -100.0),
         (1e5, 1e5 - 0.1), (-1e-8, -0.7), (3.3, -33.3)]
MIRRORED = [*PAIRS, (0.25, 0.25), (-700.25, 0.3), (0.5, 0.5 + 1e-12)]
FACTORS = [(0.0, 0.3), (2.5, 0.3), (-1e-100, 1e10), (3.0, 1.0), (0.7, 1e-12)]
POSITIVE = [(0.3, 0.7), (1.0, 1.0), (1e-10, 5.0), (5.0, 1e-10), (1e8, 0.25), (20.0, 30.0),
            (1e5, 1e5), (0.5, 1e15)]

SHAPES = [(3.0, 2.0), (0.3, 0.5), (2.5, 0.5), (1e-8, 1.5), (0.1, 1e-3), (1e-3, 0.1),
          (1e-8, 2.0),
          (80.0, 100.0), (130.0, 100.0), (1000.5, 1000.0)]

# Parameters that are factors of the density: either, both, and one below the other.
SMALL_SHAPES = [(0.5, 0.3, 0.7), (0.5, 0.02, 2.5), (0.3, 24.0, 0.02), (0.05, 1e-8, 0.5),
                (0.7, 2.5, 1e-8), (1e-8, 1e-8, 1e-8), (0.4, 1e-8, 1e-3), (0.9, 0.02, 1e-8),
                (1 - 1e-9, 0.5, 0.02), (1e-200, 0.02, 150.0), (0.01, 0.999, 80.0)]

# At these operations are asked by name; at the others where `chosen` says.
POINTS = {
    "xlogy": FACTORS,
    "xlog1py": [*FACTORS, (2.0, -0.999)],
    "log1mexp": [(x,) for x in NEGATIVE],
    "log_sigmoid": [(x,) for x in LINE],
    "log_cosh": [(x,) for x in LINE],
    "log_add_exp": MIRRORED,
    "log_diff_exp": [*PAIRS, (5.0, 4.9999999)],
    "erfcx": [(x,) for x in LINE if x > -20],
    "log_normal_cdf": [(x,) for x in LINE],
    "erf_inv": [(x,) for x in UNIT],
    "normal_quantile": [(p,) for p in PROBABILITIES],
    "sinc": [(x,) for x in [*LINE, MIN_SUBNORMAL, 1.2e-310]],
    "log_beta": [*POSITIVE, (MIN_SUBNORMAL, 1e300)],
    "gamma_p": SHAPES,
    "gamma_q": SHAPES,
    "beta_inc": [(0.5, 2.0, 3.0), (0.05, 1.0, 4.0), (0.9, 3.5, 1.5), (0.3, 20.0, 40.0),
                 (0.4, 20.0, 40.0), (0.7, 150.0, 60.0), (0.02, 1.2, 80.0), (1e-8, 2.0, 3.0),
                 *SMALL_SHAPES],
}

# What leaves the range on the way to a result that does not, and zeros next to which
# terms cancel.
ALSO = {
    "log": [(MAX, 1e-300), (MIN_SUBNORMAL, 1e300)],
    "digamma": [(1e155,), (3e102,), (-0.4907,), (-3.4969,)],
    "lgamma": [(1e155,), (3e102,), (-0.4907,), (-3.4969,)],
}

# How many points of its table an operation is asked at, and which in any case.
FROM_TABLES = 14
SPECIAL = {0.0, 0.5, 1.0, 2.0, 3.0, 10.0}


def chosen(points):
    """Some points of a table, and all of zeros, units, integers and ties."""
    stride = max(1, len(points) // FROM_TABLES)

    def is_special(point):
        simple = {abs(x) for x in point} <= SPECIAL
        return simple or (len(point) > 1 and len(set(point)) == 1)

    return [p for i, p in enumerate(points) if i % stride == 0 or is_special(p)]


def entries(operation, point):
    """The derivatives of both orders by sorted positions of arguments."""
    exact = derivatives(operation, point)
    for key in sorted(exact, key=lambda key: (len(key), key)):
        order = len(key)
        if order < 2 or is_exempt(operation, point, order):
            continue
        if may_be_lost(operation, order, exact):
            continue
        allowed = OF_TERMS * EPSILON * size(operation, point, len(key))
        tolerance = f"±{allowed:.3g}" if allowed else ""
        yield f"{','.join(map(str, key))}={nearest(exact[key]) + 0.0!r}{tolerance}"


def row(operation, point):
    varying = columns(operation, point)
    arguments = [repr(float(x)) if k in varying else f"[{float(x)!r}]"
                 for k, x in enumerate(point)]
    name = {"powf": "pow"}.get(operation.name, operation.name)
    return "\t".join([name, *arguments, *entries(operation, point)])


def text():
    lines = []
    for operation in smooth_operations():
        points = POINTS.get(operation.name) or chosen(operation.points)
        points = [*points, *ALSO.get(operation.name, [])]
        lines += [row(operation, point) for point in points
                  if has_derivatives(operation, point)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PATH.read_text() != text())
    PATH.write_text(text())
