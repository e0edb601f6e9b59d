"""One column of a table: a formula, and the double it rounds to at a point.

A formula over the rationals (`Rational`) is evaluated exactly. Any other
formula (`Real`) is evaluated at two precisions that must agree, and more
precisely again while they do not.
"""

import math
from fractions import Fraction

from mpmath import mp

from .rounding import nearest

# With 2600 bits, 1 + x keeps the whole of every subnormal x, and so does
# 1 + x*x: a formula may cancel at any double without losing its answer.
WORKING_BITS = 2600

# Digits of gamma-related functions are dear. With 1400 bits, 1 + x still keeps
# every subnormal x, which is all that their formulas need.
GAMMA_BITS = 1400


class Rational:
    """A column whose formula maps Fractions to a Fraction."""

    def __init__(self, formula):
        self.formula = formula

    def nearest(self, doubles, zero=0.0):
        return nearest(self.formula(*map(Fraction, doubles)), zero)


class Real:
    """A column whose formula maps mpmath's numbers to one of them.

    Where `defined` says no, the column holds NaN.
    """

    def __init__(self, formula, bits=WORKING_BITS, defined=None):
        self.formula = formula
        self.bits = bits
        self.defined = defined or (lambda *doubles: True)

    def nearest(self, doubles, zero=0.0):
        if not self.defined(*doubles):
            return math.nan
        for bits in (self.bits, 2 * self.bits, 4 * self.bits):
            coarse = self.at(bits, doubles)
            fine = self.at(bits * 3 // 2, doubles)
            rounded = agreement(coarse, fine, bits, zero)
            if rounded is not None:
                return rounded
        raise ArithmeticError(f"the precision does not suffice at {doubles}")

    def at(self, bits, doubles):
        """The formula at the exact values of the doubles, to `bits` bits."""
        with mp.workprec(bits):
            return mp.mpf(self.formula(*map(mp.mpf, doubles)))


def agreement(coarse, fine, bits, zero):
    """The double both evaluations stand for, or None if that is in doubt."""
    with mp.workprec(2 * bits):
        # A significand that ends early is an exact result. Only an exact
        # result can lie half-way between two doubles, so it alone may.
        if coarse == fine and fine.man.bit_length() <= bits // 2:
            return nearest(fine, zero)
        doubt = mp.ldexp(abs(fine), -(bits // 2))
        if abs(coarse - fine) > doubt:
            return None
        low, high = nearest(fine - doubt), nearest(fine + doubt)
        return low if low == high else None
