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

from oracle.exceptions import (EPSILON, OF_TERMS, is_exempt, is_exempt_when_recorded,
                               may_be_lost, size, wider)
from oracle.higher import (columns, derivatives, has_derivatives,
                           smooth_operations)
from oracle.points import scattered, seeded, signed, uniform
from oracle.rounding import nearest

ROOT = Path(__file__).resolve().parent.parent.parent
RANDOM_POINTS = 200

# Units in the last place that are allowed by order; and epsilons of the
# largest derivative of the same order, of operations of several arguments.
BARS = {0: (4, 0), 1: (4, 0), 2: (8, 4), 3: (8, 4)}


def main():
    parser = argparse.ArgumentParser(description="Check derivatives.")
    parser.add_argument("operations", nargs="*", help="all, if none is named")
    wanted = parser.parse_args().operations
    ways = Ways()
    faults = sum(check(operation, ways) for operation in smooth_operations()
                 if not wanted or operation.name in wanted)
    print(f"{faults} derivatives beyond the bar" if faults else "all within the bar")
    return 1 if faults else 0


def check(operation, ways):
    points = [p for p in [*operation.points, *random_points(operation)]
              if has_derivatives(operation, p)]
    worst, faults = defaultdict(float), []
    for point in points:
        exact = derivatives(operation, point)
        for way, key, found in ways.ask(operation, point):
            if key not in exact:
                continue
            bar = wider(operation, len(key)) or BARS[len(key)]
            error = distance(bar, found, exact, key)
            is_excused = (excused(operation, point, key, found, exact)
                          or way == "derived function"
                          and is_exempt_when_recorded(operation, point))
            if error > bar[0] and not is_excused:
                faults.append((error, way, key, point, found, nearest(exact[key])))
            elif not is_excused:
                worst[len(key)] = max(worst[len(key)], error)
    errors = "  ".join(f"{worst[order]:5.1f}" for order in range(4))
    print(f"{operation.name:12} {len(points):5} points   ulps of value and "
          f"derivatives: {errors}", flush=True)
    for fault in sorted(faults, reverse=True)[:12]:
        print("   ", *fault)
    return len(faults)


class Ways:
    """The example `ways`, built and run once."""

    def __init__(self):
        run = ["cargo", "run", "--quiet", "-p", "wengert-tests", "--example", "ways"]
        self.process = subprocess.Popen(run, cwd=ROOT, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def ask(self, operation, point):
        """The answers of all ways, as (way, positions, number)."""
        print(line(operation, point), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"no answer for {operation.name} at {point}")
        varying = sorted(columns(operation, point))
        return [read(field, varying) for field in answer.rstrip("\n").split("\t")]


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


def distance(bar, found, exact, key):
    """In units in the last place, or in what is allowed of the largest entry."""
    right = nearest(exact[key])
    error = ulps(found, right)
    allowed, epsilons = bar
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


def excused(operation, point, key, found, exact):
    if is_exempt(operation, point, len(key)):
        return True
    if math.isnan(found) and may_be_lost(operation, len(key), exact):
        return True
    terms = size(operation, point, len(key))
    if not terms or not math.isfinite(found):
        return False
    with mp.workprec(200):
        return abs(found - exact[key]) <= OF_TERMS * EPSILON * terms


def positive(*xs):
    return tuple(map(abs, xs))


def unit(x):
    return math.copysign(abs(x) % 1.0, x)


def above_minus_one(x):
    return x if x > -1.0 else -1.0 - 1.0 / x


# Where an operation is defined on a part of the numbers alone: what makes a
# point of it of any other.
DOMAINS = {
    **dict.fromkeys(("sqrt", "ln", "log2", "log10", "log", "powf", "log_beta",
                     "gamma_p", "gamma_q"), positive),
    **dict.fromkeys(("asin", "acos", "atanh", "erf_inv"), lambda x: (unit(x),)),
    "acosh": lambda x: (1.0 + abs(x),),
    "ln_1p": lambda x: (above_minus_one(x),),
    "xlogy": lambda x, y: (x, abs(y)),
    "xlog1py": lambda x, y: (x, above_minus_one(y)),
    "log1mexp": lambda x: (-abs(x),),
    "log_diff_exp": lambda x, y: (max(x, y), min(x, y)),
    "normal_quantile": lambda p: (abs(unit(p)),),
    "beta_inc": lambda x, a, b: (abs(unit(x)), abs(a), abs(b)),
    "powi": lambda x, n: (x, float(round(math.remainder(n, 12.0)))),
}

# Those of which mpmath is slow to compute extreme values.
MODERATE = {"gamma_p", "gamma_q", "beta_inc"}


def random_points(operation):
    """Half of ordinary size, half of any size, within the domain."""
    random = seeded(f"{operation.name} accuracy")
    arity = len(operation.arguments.split())
    domain = DOMAINS.get(operation.name, lambda *xs: tuple(xs))
    for _ in range(RANDOM_POINTS // 2):
        points = [uniform(random, arity, -6.0, 6.0),
                  signed(random, scattered(random, arity, -40, 40))]
        if operation.name in MODERATE:
            points[1] = uniform(random, arity, -40.0, 40.0)
        yield from (domain(*point) for point in points)


if __name__ == "__main__":
    sys.exit(main())
