#!/usr/bin/env python3
"""Checks the tables on disk by means that had no part in making them.

* The rounding to doubles, against Python's own division of integers.
* Values, against Python's `math` module, or in exact decimal arithmetic.
* Partial derivatives, against central differences of the values' formulas
  with a step so small that the difference rounds to the same double.

    python3 tests/reference/verify.py          # a sample of each table's rows
    python3 tests/reference/verify.py --all    # every row; some minutes

It needs Python 3.11 for math.cbrt and math.exp2.
"""

import argparse
import decimal
import math
import sys
from decimal import Decimal
from fractions import Fraction
from random import Random

sys.dont_write_bytecode = True

from mpmath import mp

from generate import FAMILIES, TABLES
from oracle.column import GAMMA_BITS, Rational
from oracle.rounding import nearest, nearest_ratio

SAMPLE = 20
FEWEST_ROWS = {1: 60, 2: 120, 3: 60, 4: 120}

# Products of twelve doubles and their sums are exact in this many digits.
decimal.setcontext(decimal.Context(prec=20000, Emax=decimal.MAX_EMAX,
                                   Emin=decimal.MIN_EMIN))


def main():
    parser = argparse.ArgumentParser(description="Check the reference tables.")
    parser.add_argument("--all", action="store_true",
                        help="check every row instead of a sample")
    every = parser.parse_args().all
    faults = [*rounding_faults()]
    for operation in (o for family in FAMILIES for o in family.OPERATIONS):
        rows = read(operation.name)
        faults += shape_faults(operation, rows)
        faults += value_faults(operation, rows)
        chosen = rows if every else sample(operation.name, rows)
        faults += partial_faults(operation, chosen)
    for name, faults_of in REDUCTIONS.items():
        rows = read(name)
        faults += [f"{name}: only {len(rows)} rows"] if len(rows) < 60 else []
        faults += [f"{name}: {row}" for row in rows if faults_of(*row)]
    print("\n".join(faults) or "no fault found")
    return 1 if faults else 0


def read(name):
    lines = (TABLES / f"{name}.tsv").read_text().splitlines()
    return [[float(field) for field in line.split("\t")] for line in lines[1:]]


def sample(name, rows):
    return Random(f"sample {name}").sample(rows, min(SAMPLE, len(rows)))


def ulps(a, b, floor=0.0):
    """The difference in units of the last place, of `floor` at the least."""
    if a == b:
        return 0
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.inf
    return abs(a - b) / math.ulp(max(abs(a), abs(b), floor))


# The rounding.

def rounding_faults():
    random = Random("rounding")
    for _ in range(20000):
        # Ratios from far below the subnormals to far above the largest double.
        numerator = random.getrandbits(random.randrange(1, 1300)) | 1
        denominator = random.getrandbits(random.randrange(1, 1300)) | 1
        yield from ratio_faults(numerator, denominator)
    for _ in range(2000):
        # Ties between neighbours, normal and subnormal, and their sides.
        odd = 2 * random.getrandbits(random.randrange(1, 53)) + 1
        shift = random.randrange(1000, 1100)
        for extra in (-1, 0, 1):
            yield from ratio_faults((odd << 200) + extra, 1 << (200 + shift))
    largest = (2**54 - 1) << 970  # Half-way from the largest double to 2**1024.
    for extra in (-1, 0, 1):
        yield from ratio_faults(largest + extra, 1)


def ratio_faults(numerator, denominator):
    try:
        expected = numerator / denominator
    except OverflowError:
        expected = math.inf
    if nearest_ratio(numerator, denominator) != expected:
        yield f"rounding: {numerator}/{denominator}"
    # The same through mpmath's numbers, whose denominators are powers of 2.
    if denominator & (denominator - 1) == 0:
        with mp.workprec(numerator.bit_length() + 10):
            if nearest(mp.mpf(numerator) / denominator) != expected:
                yield f"rounding of an mpf: {numerator}/{denominator}"


# Operations of fixed arity.

def shape_faults(operation, rows):
    arity = len(operation.arguments.split())
    width = arity + 1 + len(operation.partials)
    if len(rows) < FEWEST_ROWS[arity]:
        yield f"{operation.name}: only {len(rows)} rows"
    for row in rows:
        if len(row) != width or not all(map(math.isfinite, row[:arity])):
            yield f"{operation.name}: misshapen {row}"
        if any(p == 0 and math.copysign(1, p) < 0 for p in row[arity + 1:]):
            yield f"{operation.name}: negative zero for a partial in {row}"


def value_faults(operation, rows):
    arity = len(operation.arguments.split())
    if operation.name not in VALUES:
        return
    function, tolerance, *floor = VALUES[operation.name]
    for *arguments, value in (row[:arity + 1] for row in rows):
        try:
            expected = function(*arguments)
        except OverflowError:
            expected = math.copysign(math.inf, value)
        # Zeros compare equal, so that their signs are compared here.
        same_sign = expected != 0.0 or value != 0.0 or (
            math.copysign(1, expected) == math.copysign(1, value))
        if ulps(value, expected, *floor) > tolerance or not same_sign:
            yield f"{operation.name}{arguments}: {value}, expected {expected}"


def partial_faults(operation, rows):
    names = operation.arguments.split()
    for row in rows:
        point = row[:len(names)]
        for k, name in enumerate(operation.partials):
            partial = row[len(names) + 1 + k]
            if math.isnan(partial):
                continue
            index = names.index(name.removeprefix("d/d"))
            slope = central_difference(operation.value, point, index)
            if ulps(partial, nearest(slope)) > 0:
                yield f"{operation.name}{point} {name}: {partial}, by " \
                      f"difference {nearest(slope)!r}"


def central_difference(column, point, index):
    """The slope along one argument, to hundreds of bits.

    The step is relative to a small argument, so that no pole, edge or kink is
    crossed, and absolute at a large one, because exp and sin do not become
    smoother far out.
    """
    if isinstance(column, Rational):
        at, step_bits, precision = list(map(Fraction, point)), 1600, 53
    elif column.bits == GAMMA_BITS:
        at, step_bits, precision = point, 400, 2 * GAMMA_BITS
    else:
        at, step_bits, precision = point, 1600, 8000
    with mp.workprec(precision):
        exact = Fraction if isinstance(column, Rational) else mp.mpf
        at = [exact(x) for x in at]
        step = min(abs(at[index]) or exact(5e-324), exact(1))
        step /= 2**step_bits
        above, below = list(at), list(at)
        above[index] += step
        below[index] -= step
        return (column.formula(*above) - column.formula(*below)) / (2 * step)


def from_decimal(formula):
    return lambda *doubles: float(formula(*map(Decimal, doubles)))


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))


def normal_cdf(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def half_away_from_zero(x):
    whole = math.floor(abs(Fraction(x)) + Fraction(1, 2))
    return math.copysign(whole, x)


def keeping_sign(function):
    """IEEE 754 rounds -0.3 to -0.0, and Python to the integer 0."""
    return lambda x: math.copysign(function(x), x)


# What to compare with, and how many ulps the platform's libm and a composition
# of its functions may be off together; a third entry says that ulps of smaller
# values count as ulps of this one.
VALUES = {
    "neg": (lambda x: -x, 0),
    "recip": (lambda x: 1 / x, 0),
    "add": (lambda x, y: x + y, 0),
    "sub": (lambda x, y: x - y, 0),
    "mul": (lambda x, y: x * y, 0),
    "div": (lambda x, y: x / y, 0),
    "rem": (math.fmod, 0),
    "mul_add": (from_decimal(lambda x, y, z: x * y + z), 0),
    "sqrt": (math.sqrt, 0),
    "cbrt": (math.cbrt, 3),
    "powi": (lambda x, n: math.pow(x, n), 1),
    "powf": (math.pow, 1),
    "hypot": (math.hypot, 1),
    "exp": (math.exp, 1),
    "exp2": (math.exp2, 1),
    "exp_m1": (math.expm1, 2),
    "ln": (math.log, 1),
    "ln_1p": (math.log1p, 1),
    "log2": (math.log2, 1),
    "log10": (math.log10, 2),
    "log": (lambda x, b: math.log(x) / math.log(b), 3),
    "sigmoid": (sigmoid, 3),
    "softplus": (lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x))), 3),
    # In front of the exponential's underflow x*sigmoid(x) is coarse.
    "silu": (lambda x: x * sigmoid(x), 1000),
    "sin": (math.sin, 1),
    "cos": (math.cos, 1),
    "tan": (math.tan, 1),
    "asin": (math.asin, 1),
    "acos": (math.acos, 1),
    "atan": (math.atan, 1),
    "atan2": (math.atan2, 1),
    "sinh": (math.sinh, 2),
    "cosh": (math.cosh, 2),
    "tanh": (math.tanh, 2),
    "asinh": (math.asinh, 2),
    "acosh": (math.acosh, 2),
    "atanh": (math.atanh, 2),
    "abs": (abs, 0),
    "signum": (lambda x: math.copysign(1.0, x), 0),
    "floor": (math.floor, 0),
    "ceil": (keeping_sign(lambda x: abs(math.ceil(x))), 0),
    "round": (half_away_from_zero, 0),
    "trunc": (keeping_sign(lambda x: abs(math.trunc(x))), 0),
    "fract": (lambda x: x - math.trunc(x) if x else 0.0, 0),
    "relu": (lambda x: max(x, 0.0), 0),
    "leaky_relu": (lambda x, slope: x if x > 0 else slope * x, 0),
    "max": (max, 0),
    "min": (min, 0),
    "copysign": (math.copysign, 0),
    "clamp": (lambda x, low, high: min(max(x, low), high), 0),
    "select_less": (lambda x, y, a, b: (b, a)[x < y], 0),
    "select_less_or_equal": (lambda x, y, a, b: (b, a)[x <= y], 0),
    "select_equal": (lambda x, y, a, b: (b, a)[x == y], 0),
    "erf": (math.erf, 1),
    "erfc": (math.erfc, 5),
    # Python's lgamma is not accurate relative to its value near its zeros.
    "lgamma": (math.lgamma, 8, 1.0),
    # Squares and quotients by the square root of 2 lose bits in the tails.
    "normal_pdf": (lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi), 2000),
    "normal_cdf": (normal_cdf, 2000),
    "gelu": (lambda x: x * normal_cdf(x), 2000),
}


# Operations over lists. Each function says whether a row is at fault.

def split(row, *lengths):
    """The row after n, in pieces of the given lengths and a list of the rest."""
    pieces = []
    for length in lengths:
        pieces.append(row[:length])
        row = row[length:]
    return [*pieces, row]


def differs(found, expected):
    """Whether exact numbers fail to round to the doubles found."""
    return list(found) != [float(number) for number in expected]


def bad_sum(n, *row):
    xs, rest = split(row, int(n))
    exact = list(map(Decimal, xs))
    return differs(rest, [sum(exact), *[1] * len(xs), sum(map(abs, exact))])


def bad_mean(n, *row):
    xs, rest = split(row, int(n))
    exact = list(map(Decimal, xs))
    share = Decimal(1) / int(n)
    return differs(rest, [sum(exact) / int(n), *[share] * len(xs),
                          sum(map(abs, exact)) / int(n)])


def bad_product(n, *row):
    xs, rest = split(row, int(n))
    exact = list(map(Decimal, xs))
    others = [math.prod(exact[:i] + exact[i + 1:], start=Decimal(1))
              for i in range(len(xs))]
    return differs(rest, [math.prod(exact, start=Decimal(1)), *others])


def bad_squared_norm(n, *row):
    xs, rest = split(row, int(n))
    value = sum(Decimal(x) * Decimal(x) for x in xs)
    return differs(rest, [value, *(2 * Decimal(x) for x in xs), value])


def bad_norm(n, *row):
    xs, rest = split(row, int(n))
    exact = list(map(Decimal, xs))
    with decimal.localcontext(prec=2000):
        value = sum(x * x for x in exact).sqrt()
        return differs(rest, [value, *(x / value for x in exact)])


def bad_log_sum_exp(n, *row):
    xs, (value, *partials) = split(row, int(n))
    with decimal.localcontext(prec=1500):
        # Shifting by the largest argument keeps Decimal.exp in its range.
        top = Decimal(max(xs))
        weights = [exp_of(Decimal(x) - top) for x in xs]
        total = sum(weights)
        return differs([value, *partials],
                       [top + total.ln(), *(w / total for w in weights)])


def exp_of(x):
    # Decimal.exp takes very long on 1e300, and the result rounds to 0 alike.
    return x.exp() if x > -5000 else Decimal(0)


def bad_dot(n, *row):
    m = int(n)
    xs, ys, value, dxs, dys, condition = split(row, m, m, 1, m, m)
    terms = [Decimal(x) * Decimal(y) for x, y in zip(xs, ys)]
    return differs([*value, *condition], [sum(terms), sum(map(abs, terms))]) \
        or dxs != ys or dys != xs


def bad_linear_combination(n, *row):
    cs, xs, rest = split(row, int(n), int(n))
    terms = [Decimal(c) * Decimal(x) for c, x in zip(cs, xs)]
    return differs(rest, [sum(terms), sum(map(abs, terms))])


def bad_polynomial(n, *row):
    cs, (x,), rest = split(row, int(n), 1)
    # Horner's scheme, where the table has the sum of powers.
    return differs(rest, [*horner(cs, x), *horner(map(abs, cs), abs(x))])


def horner(cs, x):
    value, slope = Decimal(0), Decimal(0)
    for c in reversed(list(cs)):
        slope = slope * Decimal(x) + value
        value = value * Decimal(x) + Decimal(c)
    return value, slope


REDUCTIONS = {
    "sum": bad_sum,
    "product": bad_product,
    "mean": bad_mean,
    "squared_norm": bad_squared_norm,
    "norm": bad_norm,
    "log_sum_exp": bad_log_sum_exp,
    "dot": bad_dot,
    "linear_combination": bad_linear_combination,
    "polynomial": bad_polynomial,
}


if __name__ == "__main__":
    sys.exit(main())
