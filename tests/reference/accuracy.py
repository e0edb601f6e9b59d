#!/usr/bin/env python3
"""Holds every derivative that the engine finds against mpmath, by every way.

Values and first, second and third derivatives of each smooth operation, at the
points of its table and at 200 random points of a fixed seed. The ways are those
of the example `ways` (reverse, forward and dual numbers, tapes of duals, the
doors, recorded functions with and without the optimiser), which this script
builds and asks; it prints the worst error of each operation and order.

    python3 tests/reference/accuracy.py                # ten minutes
    python3 tests/reference/accuracy.py hypot sigmoid  # these alone
"""

import argparse
import math
import struct
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

sys.dont_write_bytecode = True

from mpmath import mp

from oracle.higher import (columns, derivatives, has_derivatives,
                           smooth_operations)
from oracle.points import scattered, seeded, signed, uniform
from oracle.rounding import nearest

ROOT = Path(__file__).resolve().parent.parent.parent
RANDOM_POINTS = 200
EPSILON = 2.0**-52

# Units in the last place that are allowed by order; and epsilons of the
# largest derivative of the same order, of operations of several arguments.
BARS = {0: (4, 0), 1: (4, 0), 2: (8, 4), 3: (16, 16)}


def main():
    parser = argparse.ArgumentParser(description="Check derivatives.")
    parser.add_argument("operations", nargs="*", help="all, if none is named")
    wanted = parser.parse_args().operations
    faults = 0
    for operation in smooth_operations():
        if not wanted or operation.name in wanted:
            faults += check(operation)
    print(f"{faults} derivatives beyond the bar" if faults else "all within the bar")
    return 1 if faults else 0


def check(operation):
    points = [p for p in [*operation.points, *random_points(operation)]
              if has_derivatives(operation, p)]
    worst, faults = defaultdict(float), []
    for point, answers in zip(points, ask(operation, points)):
        exact = derivatives(operation, point)
        for way, key, found in answers:
            if key not in exact:
                continue
            error = distance(found, exact, key)
            is_excused = excused(operation, point, key, found, exact) or (
                operation.name, way) == FORWARD_OVER_FORWARD
            if error > BARS[len(key)][0] and not is_excused:
                faults.append((error, way, key, point, found, nearest(exact[key])))
            elif not is_excused:
                worst[len(key)] = max(worst[len(key)], error)
    errors = "  ".join(f"{worst[order]:5.1f}" for order in range(4))
    print(f"{operation.name:12} {len(points):5} points   ulps of value and "
          f"derivatives: {errors}", flush=True)
    for fault in sorted(faults, key=str)[:12]:
        print("   ", *fault)
    return len(faults)


def ask(operation, points):
    """The answers of all ways at each point, as (way, positions, number)."""
    build = ["cargo", "run", "--quiet", "-p", "wengert-tests", "--example", "ways"]
    lines = "".join(line(operation, point) + "\n" for point in points)
    run = subprocess.run(build, cwd=ROOT, input=lines, text=True, check=True,
                         stdout=subprocess.PIPE)
    for point, answer in zip(points, run.stdout.splitlines(), strict=True):
        varying = sorted(columns(operation, point))
        yield [read(field, varying) for field in answer.split("\t")]


def line(operation, point):
    name = {"powf": "pow"}.get(operation.name, operation.name)
    varying = columns(operation, point)
    words = [repr(float(x)) if k in varying else f"[{float(x)!r}]"
             for k, x in enumerate(point)]
    return "\t".join([name, *words])


def read(field, varying):
    way, _, rest = field.partition(":")
    positions, _, number = rest.partition("=")
    key = tuple(sorted(varying[int(i)] for i in positions.split(",") if i))
    return way, key, float(number)


def distance(found, exact, key):
    """In units in the last place, or in what is allowed of the largest entry."""
    right = nearest(exact[key])
    error = ulps(found, right)
    allowed, epsilons = BARS[len(key)]
    largest = max(abs(exact[k]) for k in exact if len(k) == len(key))
    several = any(len(set(k)) > 1 for k in exact)
    if epsilons and several and math.isfinite(found) and 0 < largest < mp.mpf(2)**1023:
        with mp.workprec(200):
            of_largest = abs(found - exact[key]) / (largest * mp.mpf(2)**-52)
            error = min(error, float(of_largest) * allowed / epsilons)
    return error


def ulps(a, b):
    """The number of doubles between two, infinity behind the largest."""
    if math.isnan(a) or math.isnan(b):
        return 0 if math.isnan(a) and math.isnan(b) else math.inf
    return abs(ordinal(a) - ordinal(b))


def ordinal(x):
    bits = struct.unpack("<q", struct.pack("<d", abs(x)))[0]
    return -bits if x < 0 else bits


# Results that cancel, by operation and order: the size of the terms, of which
# four epsilons are allowed. Their reasons stand in docs/CONVENTIONS.md.
TERMS = {
    ("silu", 1): lambda x: 0.22, ("gelu", 1): lambda x: 0.23,
    ("digamma", 0): lambda x: 2.0 if x < 0 else 0.0,
    ("lgamma", 1): lambda x: 2.0 if x < 0 else 0.0,
    ("lgamma", 0): lambda x: 0.5 if -3.0 < x < -2.0 else 0.0,
    ("silu", 2): lambda x: 2.0 * sigmoid_slope(x),
    ("silu", 3): lambda x: 4.0 * sigmoid_slope(x),
    ("sigmoid", 3): lambda x: 2.0 * sigmoid_slope(x),
    ("softplus", 3): lambda x: sigmoid_slope(x),
    ("tanh", 3): lambda x: 8.0 * sigmoid_slope(2 * x),
    ("gelu", 3): lambda x: (4.0 + x * x) * abs(x) * normal_pdf(x),
    ("normal_pdf", 3): lambda x: (3.0 + x * x) * abs(x) * normal_pdf(x),
    ("erf", 3): lambda x: (2.0 + 4.0 * x * x) * math.exp(-min(x * x, 700.0)),
    ("erfc", 3): lambda x: (2.0 + 4.0 * x * x) * math.exp(-min(x * x, 700.0)),
    ("asinh", 3): lambda x: 3.0 * (1.0 + x * x) ** -1.5 if abs(x) < 2 else 0.0,
    ("atan", 3): lambda x: 8.0 / (1.0 + x * x) ** 2 if abs(x) < 2 else 0.0,
}


def sigmoid_slope(x):
    e = math.exp(-min(abs(x), 700.0))
    return e / (1.0 + e) ** 2


def normal_pdf(x):
    return 0.4 * math.exp(-min(x * x / 2.0, 700.0))


# What is not held, by operation and order: where, and why.
ANYWHERE = lambda *x: True
BEYOND = lambda *x: not all(v == 0.0 or 1e-100 < abs(v) < 1e100 for v in x)
LISTS_VALUE = "the table of exceptions in docs/CONVENTIONS.md"
EXEMPT = {
    ("powi", 0): (lambda x, n: abs(n) > 8, "std multiplies repeatedly"),
    ("acosh", 0): (ANYWHERE, "std's formula"),
    ("asinh", 0): (lambda x: abs(x) > 8e307, "std's formula overflows"),
    ("atanh", 0): (lambda x: x < -0.9, "std's formula loses 1 + x"),
    ("product", 0): (BEYOND, LISTS_VALUE), ("product", 1): (BEYOND, LISTS_VALUE),
    ("product", 2): (BEYOND, LISTS_VALUE), ("product", 3): (BEYOND, LISTS_VALUE),
    ("log_sum_exp", 0): (ANYWHERE, LISTS_VALUE),
    ("log_sum_exp", 1): (ANYWHERE, LISTS_VALUE),
    ("digamma", 2): (lambda x: x < 0, "its zeros between negative integers"),
    ("lgamma", 3): (lambda x: x < 0, "the same"),
    ("digamma", 3): (lambda x: x < 0, "the same"),
    ("log", 3): (BEYOND, "products of 1/x and 1/b leave the range"),
    ("atan2", 3): (BEYOND, "infinities of both signs"),
    ("norm", 2): (BEYOND, "forward over forward, and lengths whose reciprocal"
                  " overflows"),
    ("norm", 3): (BEYOND, "the same"),
    ("hypot", 3): (BEYOND, "infinities of both signs"),
    ("log_sum_exp", 3): (ANYWHERE, "differences of weights"),
}


# As of first derivatives, forward mode lacks the reverse rule's correction for
# the rounding of x - m.
FORWARD_OVER_FORWARD = "log_sum_exp", "dual of dual"


def excused(operation, point, key, found, exact):
    rule = operation.name, len(key)
    if rule in EXEMPT and EXEMPT[rule][0](*point):
        return True
    if rule in TERMS and math.isfinite(found):
        with mp.workprec(200):
            return abs(found - exact[key]) <= 4 * EPSILON * TERMS[rule](*point)
    return False


POSITIVE = {"sqrt", "ln", "log2", "log10", "log", "powf"}
UNIT = {"asin", "acos", "atanh"}


def random_points(operation):
    """Half of ordinary size, half of any size, within the domain."""
    random = seeded(f"{operation.name} accuracy")
    arity = len(operation.arguments.split())
    domain = lambda x: x
    if operation.name in POSITIVE:
        domain = abs
    elif operation.name in UNIT:
        domain = lambda x: math.copysign(abs(x) % 1.0, x)
    elif operation.name == "acosh":
        domain = lambda x: 1.0 + abs(x)
    elif operation.name == "ln_1p":
        domain = lambda x: x if x > -1.0 else -1.0 - 1.0 / x
    for _ in range(RANDOM_POINTS // 2):
        for point in (uniform(random, arity, -6.0, 6.0),
                      signed(random, scattered(random, arity, -40, 40))):
            if operation.name == "powi":
                point[1] = float(round(math.remainder(point[1], 12.0)))
            yield tuple(map(domain, point))


if __name__ == "__main__":
    sys.exit(main())
