#!/usr/bin/env python3
"""Fits the polynomials of `crates/wengert/src/vector`.

    python3 tests/reference/fit.py          # every polynomial, as Rust constants
    python3 tests/reference/fit.py SIN TAN  # those named

Each polynomial is the minimax approximation of its target by Remez' exchange
algorithm (Muller, "Elementary Functions", chapter 3), with mpmath at 60
digits, under a weight that makes the error the relative error of the function
in the end. Its coefficients are then rounded to doubles. Behind each stands
the error that remains, as a power of two, after that rounding.
"""

import sys

from mpmath import mp

sys.dont_write_bytecode = True
mp.dps = 60


def chebyshev_points(low, high, count):
    centre, radius = (low + high) / 2, (high - low) / 2
    return [centre - radius * mp.cos(mp.pi * k / (count - 1)) for k in range(count)]


def solve(target, weight, points, degree):
    """Coefficients whose weighted error alternates in sign over the points."""
    rows = [[x**k for k in range(degree + 1)] + [(-1)**i / weight(x)]
            for i, x in enumerate(points)]
    solution = mp.lu_solve(mp.matrix(rows), mp.matrix([target(x) for x in points]))
    return [solution[k] for k in range(degree + 1)], abs(solution[degree + 1])


def extrema(error, low, high, count):
    """The largest error of each sign between neighbouring changes of sign."""
    grid = chebyshev_points(low, high, 40 * count)
    runs = []
    for x in grid:
        value = error(x)
        if runs and (runs[-1][1] > 0) == (value > 0):
            if abs(value) > abs(runs[-1][1]):
                runs[-1] = (x, value)
        else:
            runs.append((x, value))
    while len(runs) > count:
        runs.pop(0 if abs(runs[0][1]) < abs(runs[-1][1]) else -1)
    return runs


def remez(target, weight, low, high, degree):
    points = chebyshev_points(low, high, degree + 2)
    for _ in range(12):
        coefficients, levelled = solve(target, weight, points, degree)

        def error(x):
            return weight(x) * (mp.polyval(coefficients[::-1], x) - target(x))

        runs = extrema(error, low, high, degree + 2)
        if len(runs) < degree + 2:
            break
        points = [x for x, _ in runs]
        if max(abs(e) for _, e in runs) < levelled * mp.mpf("1.01"):
            break
    return coefficients


class Fit:
    """A polynomial P of some degree with weight(z) * (P(z) - target(z)) small.

    `target` must be computable also at `low`, or `low` is a little above it.
    """

    def __init__(self, name, text, target, weight, low, high, degree):
        self.name, self.text = name, text
        self.target, self.weight = target, weight
        self.low, self.high, self.degree = mp.mpf(low), mp.mpf(high), degree

    def rust(self):
        exact = remez(self.target, self.weight, self.low, self.high, self.degree)
        doubles = [float(c) for c in exact]
        lines = [f"/// {self.text}"]
        lines += [f"/// (`tests/reference/fit.py {self.name}`, error 2^{self.error(doubles)})."]
        lines += [f"const {self.name}: [f64; {len(doubles)}] = ["]
        lines += [f"    {literal(c)}," for c in doubles]
        return "\n".join([*lines, "];"])

    def error(self, doubles):
        worst = mp.mpf(0)
        for x in chebyshev_points(self.low, self.high, 400):
            off = mp.polyval([mp.mpf(c) for c in doubles[::-1]], x) - self.target(x)
            worst = max(worst, abs(self.weight(x) * off))
        return mp.nstr(mp.log(worst, 2), 4)


def literal(number):
    """The shortest decimal that reads back as the double, digits in threes."""
    text = repr(number)
    mantissa, _, exponent = text.partition("e")
    whole, _, digits = mantissa.partition(".")
    groups = "_".join(digits[i:i + 3] for i in range(0, len(digits), 3))
    return f"{whole}.{groups}" + (f"e{int(exponent)}" if exponent else "")



HALF_LN2 = mp.ln(2) / 2 * mp.mpf("1.0001")
QUARTER_PI = mp.pi / 4 * mp.mpf("1.0001")
TINY = mp.mpf("1e-20")  # where a quotient of small numbers needs a point beside 0


def away_from_zero(formula):
    """Evaluates at 1e-20 what is 0/0 at 0 and smooth around it."""
    return lambda x: formula(x if abs(x) > TINY else TINY)


def of_square(function):
    """A function of z = x²."""
    return away_from_zero(lambda z: function(mp.sqrt(z)))


def extended(formula):
    """Evaluates a formula that cancels with digits to spare."""
    def evaluate(x):
        with mp.workdps(240):
            return formula(mp.mpf(x))
    return evaluate



def scaled_erfc(t):
    a = 3 * (1 + t) / (1 - t)
    return (1 + 9 * a / 8) * mp.exp(a**2) * mp.erfc(a)


def far(t):
    return mp.mpf(5) / 2 * (1 + t) / (1 - t)


def erfc_beside_one(t):
    a = far(t)
    return (a + mp.mpf(5) / 2) * mp.exp(a**2)


SECOND_ORDER_EXP = extended(away_from_zero(lambda r: (mp.exp(r) - 1 - r) / r**2))
LN_WIDTH = (mp.mpf(3) - 2 * mp.sqrt(2)) * mp.mpf("1.0001")

FITS = [
    Fit("EXP", "(eʳ − 1 − r)/r² on |r| ≤ ln(2)/2",
        SECOND_ORDER_EXP, lambda r: r**2 * mp.exp(-r) + TINY, -HALF_LN2, HALF_LN2, 10),
    Fit("EXP_SHORT", "(eʳ − 1 − r)/r² on |r| ≤ ln(2)/2",
        SECOND_ORDER_EXP, lambda r: r**2 * mp.exp(-r) + TINY, -HALF_LN2, HALF_LN2, 9),
    Fit("EXP_M1", "(eʳ − 1 − r)/r² on 0 ≤ r ≤ ln 2",
        SECOND_ORDER_EXP, lambda r: r**2 / mp.expm1(r) if r > TINY else TINY,
        -HALF_LN2 / 5000, 2 * HALF_LN2, 11),
    Fit("LN", "(2 artanh(s) − 2s)/s³ of s² on |s| ≤ 3 − 2√2",
        extended(of_square(lambda s: (2 * mp.atanh(s) - 2 * s) / s**3)),
        lambda z: z / 2 + TINY, 0, LN_WIDTH**2, 6),
    Fit("ARTANH", "(2 artanh(s) − 2s − 2s³/3)/s⁵ of s² on |s| ≤ 3 − 2√2",
        extended(of_square(lambda s: (2 * mp.atanh(s) - 2 * s - 2 * s**3 / 3) / s**5)),
        lambda z: z**2 / 2 + TINY, 0, LN_WIDTH**2, 6),
    Fit("SIN", "(sin r − r)/r³ of r² on |r| ≤ π/4",
        extended(of_square(lambda r: (mp.sin(r) - r) / r**3)),
        lambda z: z + TINY, 0, QUARTER_PI**2, 5),
    Fit("COS", "(cos r − 1 + r²/2)/r⁴ of r² on |r| ≤ π/4",
        extended(of_square(lambda r: (mp.cos(r) - 1 + r**2 / 2) / r**4)),
        lambda z: z**2 + TINY, 0, QUARTER_PI**2, 5),
    Fit("SINH", "(sinh x − x)/x³ of x² on |x| ≤ 1",
        extended(of_square(lambda x: (mp.sinh(x) - x) / x**3)),
        lambda z: z + TINY, 0, 1, 7),
    Fit("EXP2", "(2ʳ − 1 − r·ln 2)/r² on |r| ≤ 1/2",
        extended(away_from_zero(lambda r: (mp.power(2, r) - 1 - r * mp.ln(2)) / r**2)),
        lambda r: r**2 + TINY, -0.5, 0.5, 10),
    Fit("ATAN", "(arctan t − t)/t³ of t² on |t| ≤ 7/16",
        extended(of_square(lambda t: (mp.atan(t) - t) / t**3)),
        lambda z: z + TINY, 0, mp.mpf("0.4376")**2, 10),
    Fit("ASIN", "(arcsin t − t)/t³ of t² on |t| ≤ 1/2",
        extended(of_square(lambda t: (mp.asin(t) - t) / t**3)),
        lambda z: z + TINY, 0, mp.mpf("0.25001"), 12),
    Fit("ERF", "erf(x)/x − 1 of x² on |x| ≤ 1",
        of_square(lambda x: mp.erf(x) / x - 1), lambda z: 1, 0, 1, 12),
    Fit("ERFC_BESIDE_ONE", "(a + 5/2)·e^(a²)·erfc(a) of (a − 5/2)/(a + 5/2) on 1 ≤ a ≤ 6",
        lambda t: erfc_beside_one(t) * mp.erfc(far(t)), lambda t: 1 / erfc_beside_one(t),
        mp.mpf(-3) / 7, mp.mpf(7) / 17, 11),
    Fit("ERFC", "(1 + 9a/8)·e^(a²)·erfc(a) of (a − 3)/(a + 3) on 0 ≤ a ≤ 28",
        extended(scaled_erfc), lambda t: 1, -1, mp.mpf("25.1") / mp.mpf("31.1"), 23),
    Fit("CBRT", "∛(1 + f) for 1 + f between √½ and √2",
        lambda f: mp.cbrt(1 + f), lambda f: 1, mp.sqrt(0.5) - 1, mp.sqrt(2) - 1, 7),
]


def main():
    names = sys.argv[1:]
    for fit in FITS:
        if not names or fit.name in names:
            print(fit.rust(), end="\n\n")


if __name__ == "__main__":
    main()
