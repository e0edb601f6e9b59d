#!/usr/bin/env python3
"""Writes second and third derivatives: those of functions that cancel when the
rule of the first derivative is differentiated as it stands.

    python3 tests/reference/higher.py            # write higher.tsv
    python3 tests/reference/higher.py --check    # compare, write nothing

A row is an operation, its arguments, and each entry of the Hessian and of the
third derivatives, as `0,1=2.5` for the one by x and y. They are differences of
the oracle's first derivatives, with so small a step that what they leave out is
below any double.
"""

import sys
from itertools import combinations_with_replacement
from pathlib import Path

sys.dont_write_bytecode = True  # The checkout holds sources and tables only.

from mpmath import mp

from oracle import incomplete, logarithms, normal
from oracle.column import agreement

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

SHAPES = [(3.0, 2.0), (0.3, 0.5), (2.5, 0.5), (1e-8, 1.5),
          (80.0, 100.0), (130.0, 100.0), (1000.5, 1000.0)]

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
    "sinc": [(x,) for x in LINE],
    "log_beta": POSITIVE,
    "gamma_p": SHAPES,
    "gamma_q": SHAPES,
    "beta_inc": [(0.5, 2.0, 3.0), (0.05, 1.0, 4.0), (0.9, 3.5, 1.5), (0.3, 20.0, 40.0),
                 (0.4, 20.0, 40.0), (0.7, 150.0, 60.0), (0.02, 1.2, 80.0)],
}

BITS = 2000
STEPS = (250, 280)

# Digits of these functions are dear, and nothing in them cancels.
FEWER_BITS = 1000
LONGER_STEPS = (160, 180)


def derivative(f, point, index, bits):
    """∂f/∂xᵢ by a central difference with a step of 2**-bits."""
    step = mp.ldexp(min(abs(point[index]) or mp.mpf(1), mp.mpf(1)), -bits)
    above, below = list(point), list(point)
    above[index] += step
    below[index] -= step
    return (f(*above) - f(*below)) / (2 * step)


def differentiated(first, positions, bits):
    """A first derivative, differentiated again by the arguments at some positions."""
    if not positions:
        return first
    *others, last = positions
    inner = differentiated(first, others, bits)
    return lambda *point: derivative(inner, point, last, bits)


def entries(operation, point):
    """The derivatives of both orders by sorted positions of arguments."""
    firsts = [column.formula for name, column in operation.partials.items()
              if name.startswith("d/d")]
    for order in (2, 3):
        for key in combinations_with_replacement(range(len(point)), order):
            precision = BITS, STEPS
            if operation in incomplete.OPERATIONS:
                precision = FEWER_BITS, LONGER_STEPS
            yield key, nearest(firsts[key[0]], key[1:], point, *precision)


def nearest(first, positions, point, bits, steps):
    """The double that differences of two steps stand for. Where they disagree and are tiny, they
    are nothing but what a difference leaves out, in proportion to its step."""
    with mp.workprec(bits):
        point = list(map(mp.mpf, point))
        coarse, fine = (mp.mpf(differentiated(first, positions, step)(*point))
                        for step in steps)
    found = agreement(coarse, fine, steps[0], 0.0)
    if found is None and max(abs(coarse), abs(fine)) < mp.ldexp(1, -400):
        return 0.0
    if found is None:
        raise ArithmeticError(f"the precision does not suffice at {point}")
    return found + 0.0


def text():
    lines = []
    for operation in [*logarithms.OPERATIONS, *normal.OPERATIONS,
                      *incomplete.OPERATIONS]:
        for point in POINTS[operation.name]:
            numbers = [f"{','.join(map(str, key))}={number!r}"
                       for key, number in entries(operation, point)]
            lines.append("\t".join([operation.name, *map(repr, point), *numbers]))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PATH.read_text() != text())
    PATH.write_text(text())
